import { useEffect, useState } from 'react';
import { Outbox } from '@/sync/outbox';
import { sessionRestored } from '@/sync/sessionRestored';

/** The person's outbox, sending while the component is there; null until it has been opened. */
export function useOutbox(user: string): Outbox | null {
  const [outbox, setOutbox] = useState<Outbox | null>(null);
  useEffect(() => {
    const made = new Outbox({ user });
    const stopRestored = sessionRestored.subscribe(() => void made.resume());
    made.start();
    setOutbox(made);
    return () => {
      setOutbox(null);
      stopRestored();
      void made.stop();
    };
  }, [user]);
  return outbox;
}
