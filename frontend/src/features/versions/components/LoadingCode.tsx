import { Code, Group, Select, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useUrlState } from '@/shared/hooks/useUrlState';
import { Section } from '@/shared/ui/Section';
import type { Loading } from '../queries';
import { program } from '../recipe';
import { CopyText } from './CopyText';

const choiceOf = (one: Loading) => `${one.format} ${one.into}`;

/** The lines that load the version: into tf.data from every format that can hold it, or into the tool of the format. */
export function LoadingCode({ loading }: { loading: readonly Loading[] }) {
  const { t } = useTranslation('versions');
  const first = loading[0];
  const [picked, setPicked] = useUrlState('load', first ? choiceOf(first) : '');
  const chosen = loading.find((one) => choiceOf(one) === picked) ?? first;
  if (!chosen) return null;
  const lines = program(chosen);
  const zip = chosen.file.endsWith('.zip');
  const unpack = `python -m zipfile -e ${chosen.file} ${chosen.file.replace(/\.zip$/, '')}`;
  return (
    <Section
      title={t('load.title')}
      actions={
        <Group gap="xs">
          <Select
            size="xs"
            aria-label={t('load.format')}
            w={250}
            data={loading.map((one) => ({
              value: choiceOf(one),
              label: t('load.into', { into: one.into, format: one.title }),
            }))}
            value={choiceOf(chosen)}
            allowDeselect={false}
            onChange={(value) => value && setPicked(value)}
          />
          <CopyText text={lines} label={t('copy.code')} />
        </Group>
      }
    >
      <Code block tabIndex={0}>
        {lines}
      </Code>
      <Text size="xs" c="dimmed" mt="xs">
        {t('load.help', { format: chosen.title })}{' '}
        {zip && (
          <>
            {t('load.unpack')} <Code>{unpack}</Code>
          </>
        )}
      </Text>
    </Section>
  );
}
