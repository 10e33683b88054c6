import { Anchor, Button, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { formatDate, formatNumber } from '@/shared/format';
import { DataTable } from '@/shared/ui/DataTable';
import { ErrorState } from '@/shared/ui/ErrorState';
import { Section } from '@/shared/ui/Section';
import { FigureSkeleton } from '@/shared/ui/Skeletons';
import type { Tone } from '@/shared/ui/tone';
import { Verdict } from '@/shared/ui/Verdict';
import { decideHypothesis, type Hypothesis, hypothesesQuery } from '../queries';
import { Signature } from './Signature';

const TONES: Record<string, Tone> = { supported: 'good', in_doubt: 'warning', refuted: 'bad' };

interface OneProps {
  project: string;
  hypothesis: Hypothesis;
  canDecide: boolean;
}

function One({ project, hypothesis, canDecide }: OneProps) {
  const { t } = useTranslation('brief');
  const client = useQueryClient();
  const [deciding, dialog] = useDisclosure(false);
  const refuted = hypothesis.state === 'refuted';
  const verb = refuted ? 'reopen' : 'refute';
  const decide = useMutation({
    mutationFn: (signature: { name: string; reason: string }) =>
      decideHypothesis(project, hypothesis.kind, {
        state: refuted ? 'reopened' : 'refuted',
        ...signature,
      }),
    onSuccess: (both) => {
      client.setQueryData(hypothesesQuery(project).queryKey, both);
      void client.invalidateQueries({ queryKey: ['home', project] });
      dialog.close();
    },
  });
  const action = canDecide && (
    <Button
      size="xs"
      variant="default"
      onClick={() => {
        decide.reset();
        dialog.open();
      }}
    >
      {t(`${verb}.button`)}
    </Button>
  );
  return (
    <div>
      <Text fw={600} size="sm" mb={4}>
        {t(`hypothesis.${hypothesis.kind}`)}
      </Text>
      {deciding && (
        <Signature
          title={t(`${verb}.title`)}
          withReason
          button={t(`${verb}.button`)}
          danger={!refuted}
          error={decide.error}
          isSending={decide.isPending}
          onSign={(name, reason) => decide.mutate({ name, reason })}
          onClose={dialog.close}
        >
          <Text size="sm">{t(`${verb}.text`)}</Text>
          <Text size="sm" fw={600}>
            {t(`hypothesis.${hypothesis.kind}`)}
          </Text>
        </Signature>
      )}
      <Verdict tone={TONES[hypothesis.state] ?? 'unknown'} action={action}>
        {t(`hypothesisState.${hypothesis.state}`, { defaultValue: hypothesis.state })}
        {hypothesis.reason && ` ${hypothesis.reason}`}
        {hypothesis.signed_name && ` (${hypothesis.signed_name})`}
        {refuted && (
          <>
            {' '}
            <Anchor href="#brief-task" size="sm">
              {t('refute.back')}
            </Anchor>
          </>
        )}
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
export function Hypotheses({ project, canDecide }: { project: string; canDecide: boolean }) {
  const { t } = useTranslation('brief');
  const { data, error, refetch } = useQuery(hypothesesQuery(project));
  return (
    <Section title={t('hypotheses')}>
      {error ? (
        <ErrorState error={error} onRetry={refetch} small />
      ) : data ? (
        <Stack gap="md">
          {data.map((one) => (
            <One key={one.kind} project={project} hypothesis={one} canDecide={canDecide} />
          ))}
        </Stack>
      ) : (
        <FigureSkeleton />
      )}
    </Section>
  );
}
