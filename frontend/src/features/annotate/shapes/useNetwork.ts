import { useEffect } from 'react';
import type { Desk } from './Desk';
import { useNetworks } from './networks';

/** Gives the desk the operator's network that is used at this queue, when there is one. */
export function useNetwork(desk: Desk): void {
  const id = useNetworks().current?.id;
  useEffect(() => {
    if (id === undefined) return;
    let gone = false;
    // Most installations have none, and do without its code.
    import('./NetworkAssistant').then(
      ({ NetworkAssistant }) => !gone && desk.editor.setNetwork(new NetworkAssistant(id, desk.picture)),
      () => undefined,
    );
    return () => {
      gone = true;
    };
  }, [desk, id]);
  useEffect(() => () => desk.editor.setNetwork(null), [desk]);
}
