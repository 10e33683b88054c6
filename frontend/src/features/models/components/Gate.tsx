import { Button, Group, Select, Stack, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isRunning } from '@/api/jobs';
import { formatAgo, formatNumber } from '@/shared/format';
import { useProject } from '@/shared/hooks/useProject';
import { useRequestKey } from '@/shared/hooks/useRequestKey';
import { FormProblem } from '@/shared/ui/FormProblem';
import { JobProgress } from '@/shared/ui/JobProgress';
import { Section } from '@/shared/ui/Section';
import { useSaid } from '@/shared/ui/said';
import type { Tone } from '@/shared/ui/tone';
import { Light, Verdict } from '@/shared/ui/Verdict';
import styles from '../models.module.css';
import { endpointsQuery, type GateRun, type ModelDetail, startGate } from '../queries';

const TONES: Record<string, Tone> = { passed: 'good', failed: 'bad', not_applicable: 'unknown' };

function Answers({ gate }: { gate: GateRun }) {
  const { t } = useTranslation('models');
  const tell = useSaid();
  return (
    <ul className={styles.checks} aria-label={t('gate.title')}>
      {gate.results.map((result) => (
        <li key={result.check} className={styles.check}>
          <strong style={{ fontWeight: 500 }}>
            {t(`gate.check.${result.check}`, { defaultValue: result.check.replaceAll('_', ' ') })}
          </strong>
          <Light tone={TONES[result.verdict] ?? 'unknown'}>{t(`gate.verdict.${result.verdict}`)}</Light>
          <span>{tell(result.said, result.sentence)}</span>
        </li>
      ))}
    </ul>
  );
}

/** What a model must show before it may answer: run it, read it. */
export function Gate({ project, model }: { project: string; model: ModelDetail }) {
  const { t } = useTranslation('models');
  const here = useProject();
  const client = useQueryClient();
  const endpoints = useQuery(endpointsQuery(project));
  const [endpoint, setEndpoint] = useState('');
  const [key, renew] = useRequestKey();
  const { gate } = model;
  const busy = gate?.job != null && isRunning(gate.job);
  const start = useMutation({
    mutationFn: () => startGate(project, model.id, { endpoint }, key),
    onSettled: (_answer, error) => {
      renew(error);
      void client.invalidateQueries({ queryKey: ['model', project, model.id] });
      void client.invalidateQueries({ queryKey: ['jobs', project] });
    },
  });
  const wasBusy = useRef(false);
  useEffect(() => {
    if (wasBusy.current && !busy) void client.invalidateQueries({ queryKey: ['models', project] });
    wasBusy.current = busy;
  }, [busy, client, project]);
  // The gate judges decisions, and the threshold makes them.
  const stale = gate?.passed === true && gate.threshold !== model.threshold;
  const tone: Tone = gate?.passed == null ? 'unknown' : stale ? 'warning' : gate.passed ? 'good' : 'bad';
  return (
    <Section
      title={t('gate.title')}
      actions={
        here.is('lead') && (
          <Group gap="xs">
            <Select
              size="xs"
              aria-label={t('gate.against')}
              placeholder={t('gate.against')}
              data={(endpoints.data?.results ?? []).map((one) => one.name)}
              value={endpoint || null}
              onChange={(value) => setEndpoint(value ?? '')}
              clearable
            />
            <Button size="xs" loading={start.isPending} disabled={busy} onClick={() => start.mutate()}>
              {t(gate ? 'gate.again' : 'gate.run')}
            </Button>
          </Group>
        )
      }
    >
      <Stack gap="sm">
        <FormProblem error={start.error} />
        {busy && gate?.job && <JobProgress job={gate.job} />}
        {!busy && (
          <div style={{ marginBottom: -12 }}>
            <Verdict tone={gate?.job?.state === 'failed' ? 'bad' : tone}>
              {gate?.passed == null
                ? t(gate ? 'gate.broke' : 'gate.neverText')
                : [
                    t(stale ? 'gate.stale' : gate.passed ? 'gate.passedText' : 'gate.failedText'),
                    gate.threshold != null && t('gate.threshold', { value: formatNumber(gate.threshold) }),
                    gate.champion && t('gate.compared', { champion: gate.champion }),
                    gate.finished_at && formatAgo(gate.finished_at),
                  ]
                    .filter(Boolean)
                    .join(' · ')}
            </Verdict>
          </div>
        )}
        {gate && gate.results.length > 0 && <Answers gate={gate} />}
        {!gate && (
          <Text size="sm" c="dimmed">
            {t('gate.what')}
          </Text>
        )}
      </Stack>
    </Section>
  );
}
