import { Code, Group, Select, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useUrlState } from '@/shared/hooks/useUrlState';
import { Section } from '@/shared/ui/Section';
import type { Loading } from '../queries';
import { program } from '../recipe';
import { CopyText } from './CopyText';

/** The lines that load the version: the first is for tf.data, the others for the other formats. */
export function LoadingCode({ loading }: { loading: readonly Loading[] }) {
  const { t } = useTranslation('versions');
  const first = loading[0];
  const [format, setFormat] = useUrlState('load', first?.format ?? '');
  const chosen = loading.find((one) => one.format === format) ?? first;
  if (!chosen) return null;
  const lines = program(chosen.code);
  return (
    <Section
      title={t('load.title')}
      actions={
        <Group gap="xs">
          <Select
            size="xs"
            aria-label={t('load.format')}
            data={loading.map((one, at) => ({
              value: one.format,
              label: at === 0 ? t('load.tfData', { format: one.title }) : one.title,
            }))}
            value={chosen.format}
            allowDeselect={false}
            onChange={(picked) => setFormat(picked ?? chosen.format)}
          />
          <CopyText text={lines} label={t('copy.code')} />
        </Group>
      }
    >
      <Code block tabIndex={0}>
        {lines}
      </Code>
      <Text size="xs" c="dimmed" mt="xs">
        {t('load.help', { format: chosen.title })}
      </Text>
    </Section>
  );
}
