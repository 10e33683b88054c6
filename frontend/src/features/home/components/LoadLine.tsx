import { ActionIcon, Anchor, Code, CopyButton, Group, Stack, Text, Tooltip } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useProject } from '@/shared/hooks/useProject';
import { ErrorState } from '@/shared/ui/ErrorState';
import { FigureSkeleton } from '@/shared/ui/Skeletons';
import { type VersionGlance, versionQuery } from '../queries';

/** A piece of code with a button that copies it. */
export function CodeLine({ code, label }: { code: string; label: string }) {
  const { t } = useTranslation('home');
  return (
    <Group gap="xs" wrap="nowrap" align="flex-start">
      <Code block style={{ flex: 1, minWidth: 0, whiteSpace: 'pre-wrap' }} aria-label={label}>
        {code}
      </Code>
      <CopyButton value={code}>
        {({ copied, copy }) => (
          <Tooltip label={t(copied ? 'copied' : 'copy')}>
            <ActionIcon
              variant="default"
              size="lg"
              onClick={copy}
              aria-label={`${t(copied ? 'copied' : 'copy')}: ${label}`}
            >
              {copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
            </ActionIcon>
          </Tooltip>
        )}
      </CopyButton>
    </Group>
  );
}

/** The lines of Python that load the newest version, with what they import, and where their file comes from. */
export function LoadLine({ version }: { version: VersionGlance | undefined }) {
  const { t } = useTranslation('home');
  const { slug } = useProject();
  const found = useQuery(versionQuery(slug, version?.ref ?? ''));
  if (!version) return <Text>{t('load.none')}</Text>;
  if (found.error) return <ErrorState error={found.error} small onRetry={found.refetch} />;
  const line = found.data?.loading[0];
  return (
    <Stack gap="sm">
      <Text>
        {t('load.first')}{' '}
        <Anchor
          component={Link}
          to="/p/$project/versions/$id"
          params={{ project: slug, id: version.ref } as never}
        >
          {t('load.get', { ref: version.ref })}
        </Anchor>
      </Text>
      <Text>{t('load.then')}</Text>
      {line ? (
        <CodeLine
          code={[...line.imports, `dataset = ${line.code}`].join('\n')}
          label={`${line.into} · ${line.title}`}
        />
      ) : (
        <FigureSkeleton height={72} />
      )}
    </Stack>
  );
}
