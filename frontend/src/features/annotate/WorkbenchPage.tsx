import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSurface } from '@/app/colorScheme';
import { ClassIndex } from '@/shared/classes/ClassIndex';
import { useUser } from '@/shared/hooks/useSession';
import { useUrlState } from '@/shared/hooks/useUrlState';
import { ErrorState } from '@/shared/ui/ErrorState';
import { PageSkeleton } from '@/shared/ui/Skeletons';
import { Outbox } from '@/sync/outbox';
import { sessionRestored } from '@/sync/sessionRestored';
import { tabId } from '@/sync/tab';
import { queueServer, SUBMISSIONS, workbenchQuery } from './endpoints';
import { remedyOf } from './state/refused';
import { WorkSession } from './state/session';
import { Stage } from './state/stage';
import type { Workbench as WorkbenchData } from './types';
import { Workbench } from './Workbench';

const GridBench = lazy(() => import('./GridBench').then((m) => ({ default: m.GridBench })));

interface Sitting {
  outbox: Outbox;
  session: WorkSession;
  stage: Stage;
}

/** The long-lived objects of one sitting, made when the page opens and ended when it is left. */
function useSitting(project: string, queue: string, schemaVersion: number | undefined): Sitting | null {
  const user = String(useUser().id);
  const [sitting, setSitting] = useState<Sitting | null>(null);
  useEffect(() => {
    if (schemaVersion === undefined) return;
    const outbox = new Outbox({ user });
    const server = queueServer(project, queue);
    const session = new WorkSession({
      user,
      tab: tabId(),
      server,
      outbox,
      submitTo: SUBMISSIONS,
      origin: { project, queue },
      schemaVersion,
    });
    const stage = new Stage(session);
    const stopRestored = sessionRestored.subscribe(() => {
      void outbox.resume();
      session.lookAgain();
    });
    outbox.start();
    session.start();
    setSitting({ outbox, session, stage });
    return () => {
      setSitting(null);
      stopRestored();
      session.leave();
      void outbox.stop();
    };
  }, [user, project, queue, schemaVersion]);
  return sitting;
}

/** An answer that was refused and is to be mended is named in the address. */
function useMending(sitting: Sitting | null): void {
  const [mend, setMend] = useUrlState('mend', '');
  useEffect(() => {
    if (!mend || !sitting) return;
    void sitting.outbox.pending().then((entries) => {
      const entry = entries.find(({ id }) => id === mend);
      if (entry) sitting.session.reopen(entry);
      setMend('');
    });
  }, [mend, sitting, setMend]);
}

/** When an answer does not fit the question any more, the question has changed while this page was open. */
function useFreshQuestion(sitting: Sitting | null, project: string, queue: string): void {
  const client = useQueryClient();
  useEffect(
    () =>
      sitting?.outbox.onRefused((entry) => {
        if (remedyOf(entry) === 'question')
          void client.invalidateQueries({ queryKey: workbenchQuery(project, queue).queryKey });
      }),
    [sitting, client, project, queue],
  );
}

function Sit({ project, queue, data }: { project: string; queue: string; data: WorkbenchData }) {
  const { i18n } = useTranslation('annotate');
  const index = useMemo(() => new ClassIndex(data.classes, i18n.language), [data.classes, i18n.language]);
  const sitting = useSitting(project, queue, data.schema_version);
  useMending(sitting);
  useFreshQuestion(sitting, project, queue);
  const [view, setView] = useUrlState('view', 'one');
  if (!sitting) return <PageSkeleton />;
  const props = {
    project,
    data,
    index,
    ...sitting,
    onSwitch: () => setView(view === 'grid' ? 'one' : 'grid'),
  };
  const together = data.queue.question.kind.endsWith('choice') && !data.asked?.length;
  if (view !== 'grid' || !together) return <Workbench {...props} />;
  return (
    <Suspense fallback={<PageSkeleton />}>
      <GridBench {...props} />
    </Suspense>
  );
}

/** The workbench: full screen, keyboard first, one key an image when the queue says so. */
export function WorkbenchPage() {
  const { project = '', queue = '' } = useParams({ strict: false });
  const { t } = useTranslation('annotate');
  useSurface('workbench');
  const { data, error, refetch } = useQuery(workbenchQuery(project, queue));
  useEffect(() => {
    document.title = `${data?.queue.name ?? t('title')} · Touchstone`;
  }, [data, t]);
  if (data) return <Sit key={`${project}/${queue}`} project={project} queue={queue} data={data} />;
  if (error) return <ErrorState error={error} onRetry={refetch} />;
  return <PageSkeleton />;
}
