import { Button, Group, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { isRunning } from '@/api/jobs';
import { formatCount } from '@/shared/format';
import { useJob } from '@/shared/hooks/useJob';
import { useProject } from '@/shared/hooks/useProject';
import { FormProblem } from '@/shared/ui/FormProblem';
import { JobProgress } from '@/shared/ui/JobProgress';
import { acceptSuggestion, type Suggestion } from '../queries';
import { useDecided } from '../useDecided';

/** What retraining would learn that the model has not learned, in words. */
function Plan({ plan }: { plan: Suggestion['plan'] }) {
  const { t } = useTranslation('production');
  if (!plan) return t('suggestion.plan.replaced');
  const { version, new_labels: count } = plan;
  const told = t(`suggestion.plan.${plan.step}`, { version, count, n: formatCount(count) });
  return plan.added.length > 0
    ? `${told} ${t('suggestion.plan.added', { sources: plan.added.join(', ') })}`
    : told;
}

interface Props {
  suggestion: Suggestion;
  endpoint: string;
  /** The other way out, before the button. */
  children: ReactNode;
}

/** One button, for what can be done now: freeze and train, train, or get something new to learn from. */
export function Retrain({ suggestion, endpoint, children }: Props) {
  const { t } = useTranslation('production');
  const project = useProject();
  const { slug } = project;
  const navigate = useNavigate();
  const decided = useDecided(slug);
  const job = useJob(slug, suggestion.job, [
    ['production', slug],
    ['home', slug],
    ['versions', slug],
    ['runs', slug],
  ]);
  const accept = useMutation({
    mutationFn: () => acceptSuggestion(slug, suggestion.id),
    onSuccess: (done) => {
      decided();
      if (done.run) {
        void navigate({ to: '/p/$project/models/runs/$id', params: { project: slug, id: done.run } });
      }
    },
  });
  const step = suggestion.plan?.step;
  const runs = job !== null && isRunning(job);
  return (
    <Stack gap="xs">
      {job && job.state !== 'succeeded' && <JobProgress job={job} />}
      {!runs && (
        <Text size="sm">
          <Plan plan={suggestion.plan} />
        </Text>
      )}
      <FormProblem error={accept.error} />
      {project.is('lead') && (
        <Group gap="xs">
          {children}
          {step === 'nothing' && (
            <Button component={Link} to="." search={{ tab: 'hard-samples', endpoint } as never}>
              {t('suggestion.find')}
            </Button>
          )}
          {(step === 'freeze' || step === 'train') && (
            <Button loading={accept.isPending || runs} onClick={() => accept.mutate()}>
              {t(step === 'freeze' ? 'suggestion.freezeYes' : 'suggestion.yes')}
            </Button>
          )}
        </Group>
      )}
    </Stack>
  );
}
