import { Group, Paper, Progress, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { formatAgo, formatCount, formatPercent } from '@/shared/format';
import { useServerWords } from '@/shared/hooks/useServerWords';
import { EstimateBar } from '@/shared/ui/EstimateBar';
import { InfoTip } from '@/shared/ui/InfoTip';
import { Verdict } from '@/shared/ui/Verdict';
import type { AuditDetail } from '../queries';
import { estimateWords } from '../words';

/** The sentence, the number with its interval, and how far the judging has come. */
export function AuditNumber({ audit }: { audit: AuditDetail }) {
  const { t } = useTranslation('production');
  const say = useServerWords('production');
  const { result } = audit;
  const answered = (result?.judged ?? audit.judged) + (result?.undecidable ?? 0);
  const share = audit.asked > 0 ? (100 * answered) / audit.asked : 0;
  const accuracy = result?.accuracy;
  const words = {
    ...estimateWords(accuracy),
    population: formatCount(audit.population_size),
    judged: formatCount(result?.judged ?? 0),
    wrong: formatCount(result?.wrong ?? 0),
  };
  const estimable = accuracy?.value != null;
  const sentence = result
    ? say(
        `audit.sentence.${audit.kind === 'targeted' ? 'targeted' : estimable ? 'random' : 'none'}`,
        words,
        result.sentence,
      )
    : t('audit.waiting');
  const worst = result?.worst_case;
  return (
    <>
      {audit.kind === 'targeted' && <Verdict tone="unknown">{t('audit.notARate')}</Verdict>}
      <Paper withBorder p="lg" mb="md" bg="var(--ts-surface)">
        <Stack gap="md">
          <Text size="xl" lh={1.5} maw={820}>
            {sentence}
          </Text>
          {accuracy && (
            <Group gap="lg" align="center">
              {estimable && (
                <Text fz={40} lh={1.1} fw={600} className="tabular">
                  {formatPercent(accuracy.value ?? 0)}
                </Text>
              )}
              <EstimateBar {...accuracy} width={280} label={t('audits.accuracy')} />
              {result?.error_rate?.value != null && (
                <Text size="sm" c="dimmed">
                  <InfoTip text={t('audit.errorDefinition')}>{t('audit.errorRate')}</InfoTip>{' '}
                  {formatPercent(result.error_rate.value)}
                </Text>
              )}
            </Group>
          )}
          {audit.kind === 'targeted' && result && (
            <Text fz={40} lh={1.1} fw={600} className="tabular">
              {t('audit.counted', { wrong: words.wrong, judged: words.judged })}
            </Text>
          )}
          <div>
            <Progress value={share} size="sm" aria-label={t('audits.judged')} />
            <Text size="xs" c="dimmed" mt={4} className="tabular">
              {[
                t('audits.judgedOf', { judged: formatCount(answered), asked: formatCount(audit.asked) }),
                result &&
                  result.undecidable > 0 &&
                  t('audit.undecidable', { n: formatCount(result.undecidable), count: result.undecidable }),
                audit.result_at && t('audit.computed', { when: formatAgo(audit.result_at) }),
              ]
                .filter(Boolean)
                .join(' · ')}
            </Text>
          </div>
          {result?.missing !== undefined && result.missing > 0 && (
            <Text size="sm" c="dimmed">
              {result.assumption && say('audit.assumption', {}, result.assumption)}{' '}
              {worst?.[0] !== undefined &&
                worst[1] !== undefined &&
                t('audit.worst', { low: formatPercent(worst[0]), high: formatPercent(worst[1]) })}
            </Text>
          )}
        </Stack>
      </Paper>
    </>
  );
}
