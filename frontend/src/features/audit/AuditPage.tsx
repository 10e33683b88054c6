import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useProject } from '@/shared/hooks/useProject';
import { ConfirmButton } from '@/shared/ui/ConfirmButton';
import { ErrorState } from '@/shared/ui/ErrorState';
import { PageHeader } from '@/shared/ui/PageHeader';
import { PageSkeleton } from '@/shared/ui/Skeletons';
import { Errors } from './components/Errors';
import { AuditNumber } from './components/Number';
import { Tables } from './components/Tables';
import { type Audit, auditQuery, endAudit, refreshAudit } from './queries';

function Actions({ project, audit }: { project: string; audit: Audit }) {
  const { t } = useTranslation('audit');
  const client = useQueryClient();
  const keep = (fresh: Audit) => client.setQueryData(['audit', project, audit.id], fresh);
  const refresh = useMutation({ mutationFn: () => refreshAudit(project, audit.id), onSuccess: keep });
  const end = useMutation({
    mutationFn: (state: 'complete' | 'cancelled') => endAudit(project, audit.id, state),
    onSuccess: keep,
  });
  const waiting = audit.asked - audit.judged - (audit.result?.undecidable ?? 0);
  return (
    <>
      {audit.queue && (
        <Button
          variant="default"
          component={Link}
          to={`/p/${project}/label/${audit.queue.id}`}
          disabled={waiting === 0}
        >
          {t('judge', { count: waiting })}
        </Button>
      )}
      <Button variant="default" onClick={() => refresh.mutate()} loading={refresh.isPending}>
        {t('refresh')}
      </Button>
      <ConfirmButton
        question={{
          title: t('cancel.title'),
          text: t('cancel.text'),
          verb: t('cancel.button'),
          danger: true,
        }}
        onConfirm={() => end.mutate('cancelled')}
      >
        {t('cancel.button')}
      </ConfirmButton>
      <Button onClick={() => end.mutate('complete')} loading={end.isPending}>
        {t('complete')}
      </Button>
    </>
  );
}

/** How many are wrong? */
export function AuditPage() {
  const { t } = useTranslation('audit');
  const project = useProject();
  const { id = '' } = useParams({ strict: false });
  const { data: audit, error, refetch } = useQuery(auditQuery(project.slug, id));
  if (error) return <ErrorState error={error} onRetry={refetch} />;
  if (!audit) return <PageSkeleton />;
  const nameOf = (key: string) => (key === '' ? t('noneOfThese') : (audit.class_names[key] ?? key));
  const part = (text: string) => {
    const score = /^score ([\d.]+) to ([\d.]+)$/.exec(text);
    if (score) return t('stratumOf.score', { low: score[1], high: score[2] });
    if (text === 'all others') return t('stratumOf.rest');
    if (text === 'all') return t('stratumOf.all');
    return audit.class_names[text] ?? text;
  };
  const inWords = (text: string) => text.split(' · ').map(part).join(' · ');
  return (
    <>
      <PageHeader
        title={audit.name}
        question={t('question', {
          kind: t(`kind.${audit.kind}`),
          model: audit.model.name,
          endpoint: audit.endpoint,
          state: t(`state.${audit.state}`),
        })}
        actions={
          audit.state === 'running' && project.is('lead') ? (
            <Actions project={project.slug} audit={audit} />
          ) : undefined
        }
      />
      <AuditNumber audit={audit} />
      {audit.judged > 0 && (
        <Errors project={project.slug} audit={audit.id} judged={audit.judged} nameOf={nameOf} />
      )}
      {audit.result?.kind === 'random' && audit.judged > 0 && (
        <Tables result={audit.result} nameOf={(key) => (key === '' ? nameOf(key) : inWords(key))} />
      )}
    </>
  );
}
