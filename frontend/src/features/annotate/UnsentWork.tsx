import { useDisclosure } from '@mantine/hooks';
import { lazy, Suspense, useSyncExternalStore } from 'react';
import { useUser } from '@/shared/hooks/useSession';
import type { Outbox } from '@/sync/outbox';
import { SaveState } from './components/SaveState';
import { useOutbox } from './useOutbox';

const OutboxDrawer = lazy(() =>
  import('./components/OutboxDrawer').then((m) => ({ default: m.OutboxDrawer })),
);

function Unsent({ outbox }: { outbox: Outbox }) {
  const { unsent, parked } = useSyncExternalStore(outbox.subscribe, outbox.status);
  const [opened, drawer] = useDisclosure(false);
  if (unsent + parked === 0 && !opened) return null;
  return (
    <>
      <SaveState outbox={outbox} onOpen={drawer.open} />
      <Suspense>{opened && <OutboxDrawer outbox={outbox} opened onClose={drawer.close} />}</Suspense>
    </>
  );
}

/**
 * On every page but the workbench, which has an outbox of its own: goes on sending what was answered there, and says so
 * while anything is left.
 */
export function UnsentWork() {
  const outbox = useOutbox(String(useUser().id));
  return outbox && <Unsent outbox={outbox} />;
}
