import { useParams } from '@tanstack/react-router';
import { type ComponentProps, lazy, Suspense, useState } from 'react';
import { useGuideline } from '@/shared/guideline/useGuideline';
import type { Drawers as DrawersType } from './Drawers';

const Drawers = lazy(() => import('./Drawers').then((m) => ({ default: m.Drawers })));

/** What opens at the side, by a key or because there are new instructions; its code is fetched when one does. */
export function SideSheets(props: ComponentProps<typeof DrawersType>) {
  const { project = '', queue = '' } = useParams({ strict: false });
  const isNew = useGuideline(project, queue)?.is_new ?? false;
  const wanted = props.instructionsOpen || props.outboxOpen || isNew;
  const [fetched, setFetched] = useState(wanted);
  if (wanted && !fetched) setFetched(true);
  return (
    fetched && (
      <Suspense>
        <Drawers {...props} />
      </Suspense>
    )
  );
}
