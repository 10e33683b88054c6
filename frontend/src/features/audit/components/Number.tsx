import { Group, Progress, SimpleGrid, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { formatCount, formatDateTime, formatPercent } from '@/shared/format';
import { EstimateBar } from '@/shared/ui/EstimateBar';
import { Section } from '@/shared/ui/Section';
import { Stat } from '@/shared/ui/Stat';
import { useSaid } from '@/shared/ui/said';
import { Verdict } from '@/shared/ui/Verdict';
import type { Audit } from '../queries';

/** The sentence, the number, the interval; or, for hard samples, why there is none. */
export function AuditNumber({ audit }: { audit: Audit }) {
  const { t } = useTranslation('audit');
  const tell = useSaid();
  const result = audit.result;
  const share = audit.asked ? (100 * audit.judged) / audit.asked : 0;
  return (
    <Section title={t('number')}>
      {audit.kind === 'targeted' && <Verdict tone="unknown">{t('notARate')}</Verdict>}
      {result && (
        <Text size="lg" mb="sm" maw={860}>
          {tell(result.said, result.sentence)}
        </Text>
      )}
      {result?.accuracy && (
        <Group mb="md">
          <EstimateBar {...result.accuracy} width={320} label={t('accuracy')} />
        </Group>
      )}
      <SimpleGrid cols={{ base: 2, md: 4 }} spacing="sm">
        <Stat
          label={t('judged')}
          value={`${formatCount(audit.judged)} / ${formatCount(audit.asked)}`}
          note={<Progress value={share} size="sm" mt={4} aria-label={t('judged')} />}
        />
        <Stat label={t('wrong')} value={result ? formatCount(result.wrong) : '…'} note={t('wrongNote')} />
        <Stat
          label={t('undecidable')}
          value={result ? formatCount(result.undecidable) : '…'}
          note={t('undecidableNote')}
        />
        <Stat
          label={t('population')}
          value={formatCount(audit.population_size)}
          note={t('window', {
            from: formatDateTime(audit.window_from),
            to: formatDateTime(audit.window_to),
          })}
        />
      </SimpleGrid>
      {result?.assumption && (
        <Text size="sm" c="dimmed" mt="sm">
          {tell(result.assumption_said, result.assumption)}{' '}
          {result.worst_case &&
            result.missing !== undefined &&
            result.missing > 0 &&
            t('worstCase', {
              low: formatPercent(result.worst_case[0] ?? 0),
              high: formatPercent(result.worst_case[1] ?? 1),
            })}
        </Text>
      )}
    </Section>
  );
}
