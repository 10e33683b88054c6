import { Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { formatDate, formatNumber } from '@/shared/format';
import { DataTable } from '@/shared/ui/DataTable';
import { ErrorState } from '@/shared/ui/ErrorState';
import { Section } from '@/shared/ui/Section';
import { FigureSkeleton } from '@/shared/ui/Skeletons';
import type { Tone } from '@/shared/ui/tone';
import { Verdict } from '@/shared/ui/Verdict';
import { type Hypothesis, hypothesesQuery } from '../queries';

const TONES: Record<string, Tone> = { supported: 'good', in_doubt: 'warning', refuted: 'bad' };

function One({ hypothesis }: { hypothesis: Hypothesis }) {
  const { t } = useTranslation('brief');
  return (
    <div>
      <Text fw={600} size="sm" mb={4}>
        {t(`hypothesis.${hypothesis.kind}`)}
      </Text>
      <Verdict tone={TONES[hypothesis.state] ?? 'unknown'}>
        {t(`hypothesisState.${hypothesis.state}`, { defaultValue: hypothesis.state })}
        {hypothesis.reason && ` ${hypothesis.reason}`}
        {hypothesis.signed_name && ` (${hypothesis.signed_name})`}
      </Verdict>
      {hypothesis.attempts.length > 0 && (
        <DataTable
          label={t('attempts')}
          rows={hypothesis.attempts}
          rowKey={(one) => one.reference}
          maxHeight={280}
          columns={[
            { key: 'label', header: t('attempt.label'), render: (one) => one.label },
            {
              key: 'beat',
              header: t('attempt.beat'),
              render: (one) =>
                t(
                  one.beat_baseline === null
                    ? 'attempt.unknown'
                    : one.beat_baseline
                      ? 'attempt.yes'
                      : 'attempt.no',
                ),
            },
            {
              key: 'value',
              header: t('attempt.value'),
              align: 'right',
              render: (one) =>
                one.value === null
                  ? t('attempt.unknown')
                  : `${formatNumber(one.value)} / ${one.baseline === null ? '?' : formatNumber(one.baseline)}`,
            },
            { key: 'when', header: t('attempt.when'), render: (one) => formatDate(one.created_at) },
          ]}
        />
      )}
    </div>
  );
}

/** The two things every project takes for granted, with the attempts that speak for or against them. */
export function Hypotheses({ project }: { project: string }) {
  const { t } = useTranslation('brief');
  const { data, error, refetch } = useQuery(hypothesesQuery(project));
  return (
    <Section title={t('hypotheses')}>
      {error ? (
        <ErrorState error={error} onRetry={refetch} small />
      ) : data ? (
        <Stack gap="md">
          {data.map((one) => (
            <One key={one.kind} hypothesis={one} />
          ))}
        </Stack>
      ) : (
        <FigureSkeleton />
      )}
    </Section>
  );
}
