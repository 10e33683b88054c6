import { Button, Group, Text } from '@mantine/core';
import { IconTag } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { GuidelineSection } from '@/shared/guideline/GuidelineSection';
import { useProject } from '@/shared/hooks/useProject';
import { ConfirmButton } from '@/shared/ui/ConfirmButton';
import { ErrorState } from '@/shared/ui/ErrorState';
import { FormProblem } from '@/shared/ui/FormProblem';
import { PageHeader } from '@/shared/ui/PageHeader';
import { Section } from '@/shared/ui/Section';
import { PageSkeleton } from '@/shared/ui/Skeletons';
import { Agreement } from './components/Agreement';
import { AtWork } from './components/AtWork';
import { ChangeItems } from './components/ChangeItems';
import { Consensus } from './components/Consensus';
import { Gold } from './components/Gold';
import { StateBadge } from './components/QueueCard';
import { QueueProgress } from './components/QueueProgress';
import { AddItems, QueueSettings } from './components/QueueSettings';
import { changeQueue, type Queue, queueQuery } from './queries';

function Actions({ project, queue }: { project: string; queue: Queue }) {
  const { t } = useTranslation('queues');
  const here = useProject();
  const client = useQueryClient();
  const change = useMutation({
    mutationFn: (state: Queue['state']) => changeQueue(project, queue.id, { state }),
    onSuccess: (saved) => {
      client.setQueryData(['queue', project, queue.id], saved);
      void client.invalidateQueries({ queryKey: ['queues', project] });
      void client.invalidateQueries({ queryKey: ['my-work', project] });
    },
  });
  return (
    <>
      <FormProblem error={change.error} />
      {here.is('lead') && queue.state === 'open' && (
        <Button variant="default" loading={change.isPending} onClick={() => change.mutate('paused')}>
          {t('queue.pause')}
        </Button>
      )}
      {here.is('lead') && queue.state !== 'open' && (
        <Button variant="default" loading={change.isPending} onClick={() => change.mutate('open')}>
          {t('queue.open')}
        </Button>
      )}
      {here.is('lead') && queue.state !== 'closed' && (
        <ConfirmButton
          loading={change.isPending}
          question={{ title: t('queue.closeTitle'), text: t('queue.closeText'), verb: t('queue.close') }}
          onConfirm={() => change.mutate('closed')}
        >
          {t('queue.close')}
        </ConfirmButton>
      )}
      {here.role !== 'researcher' && queue.state === 'open' && (
        <Button
          component={Link}
          to="/p/$project/label/$queue"
          params={{ project, queue: queue.id } as never}
          leftSection={<IconTag size={16} />}
        >
          {t('card.label')}
        </Button>
      )}
    </>
  );
}

/** Are we getting there, and at what quality? */
export function QueuePage() {
  const { t } = useTranslation('queues');
  const project = useProject();
  const { queue: id = '' } = useParams({ strict: false });
  const { data: queue, error, refetch } = useQuery(queueQuery(project.slug, id));
  if (error) return <ErrorState error={error} onRetry={refetch} />;
  if (!queue) return <PageSkeleton />;
  return (
    <>
      <PageHeader
        title={queue.name}
        question={
          <Group gap="xs" component="span">
            <StateBadge state={queue.state} />
            <Text span size="sm" c="dimmed">
              {t('queue.about', {
                purpose: t(`purpose.${queue.purpose}`),
                schema: queue.schema_name,
                version: queue.schema_version,
                question: queue.questions.join(', '),
              })}
            </Text>
          </Group>
        }
        actions={<Actions project={project.slug} queue={queue} />}
      />
      <QueueProgress project={project.slug} id={id} />
      <AtWork project={project.slug} id={id} />
      {queue.purpose === 'labeling' && queue.not_counted !== null && (
        <Section title={t('uncounted.title')}>
          <Text>{t('uncounted.text')}</Text>
        </Section>
      )}
      {queue.purpose === 'labeling' && queue.not_counted === null && queue.questions.length > 1 && (
        <Section title={t('uncounted.title')}>
          <Text>{t('several.text')}</Text>
        </Section>
      )}
      {queue.purpose === 'labeling' && queue.not_counted === null && (
        <Consensus project={project.slug} queue={queue} />
      )}
      {/* An audit is read on its own page; several people need not label the same item there. */}
      {queue.purpose === 'labeling' && queue.not_counted === null && (
        <Agreement project={project.slug} id={id} />
      )}
      {/* Blind: whoever may be asked about it does not see it. */}
      {project.is('lead') && queue.purpose === 'labeling' && queue.not_counted === null && (
        <Gold project={project.slug} queue={queue} />
      )}
      <GuidelineSection queue={id} />
      {project.is('lead') && <QueueSettings project={project.slug} queue={queue} />}
      {project.is('lead') && queue.purpose === 'labeling' && (
        <AddItems project={project.slug} queue={queue} />
      )}
      {project.is('lead') && <ChangeItems project={project.slug} queue={queue} />}
    </>
  );
}
