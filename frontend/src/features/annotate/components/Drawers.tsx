import { Suspense } from 'react';
import type { Outbox } from '@/sync/outbox';
import { Instructions } from './Instructions';
import { OutboxDrawer } from './OutboxDrawer';

interface Props {
  outbox: Outbox;
  instructions: string;
  instructionsOpen: boolean;
  outboxOpen: boolean;
  onCloseInstructions: () => void;
  onCloseOutbox: () => void;
}

/** What opens at the side. */
export function Drawers(props: Props) {
  return (
    <>
      {/* Its words may still be on their way; the work goes on meanwhile. */}
      <Suspense>
        <Instructions
          text={props.instructions}
          opened={props.instructionsOpen}
          onClose={props.onCloseInstructions}
        />
      </Suspense>
      <OutboxDrawer outbox={props.outbox} opened={props.outboxOpen} onClose={props.onCloseOutbox} />
    </>
  );
}
