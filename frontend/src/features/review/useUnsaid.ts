import { useCallback, useEffect, useRef, useState } from 'react';
import { useUser } from '@/shared/hooks/useSession';
import { deleteDraft, loadDraft, saveDraft } from '@/sync/drafts';
import { counted } from './answers';
import type { ReturnDraft } from './components/ReturnPanel';
import type { Case } from './queries';

/** What a reviewer has begun to write about a case, kept in the browser until it is sent. */
export interface Unsaid {
  note?: string;
  /** With the key of idempotency of what is sent. */
  returning?: (ReturnDraft & { key: string }) | null;
}

const REST_MS = 400;
const keyOf = (id: string): string => `review:${id}:said`;
const isUnsaid = (value: unknown): value is Unsaid =>
  typeof value === 'object' && value !== null && ('note' in value || 'returning' in value);

/** Of an earlier visit, as far as it still fits the case. */
function fitting(kept: Unsaid, one: Case): Unsaid {
  const { note, returning } = kept;
  const ids = counted(one).map(({ id }) => id);
  const open = returning && one.state === 'open';
  return {
    ...(note === undefined ? {} : { note }),
    ...(open
      ? { returning: { ...returning, answers: returning.answers.filter((id) => ids.includes(id)) } }
      : {}),
  };
}

export function useUnsaid(one: Case) {
  const user = String(useUser().id);
  const [all, setAll] = useState<Readonly<Record<string, Unsaid>>>({});
  const latest = useRef(all);
  const unkept = useRef(new Set<string>());
  const rest = useRef<ReturnType<typeof setTimeout>>(undefined);
  const put = useCallback((next: Readonly<Record<string, Unsaid>>) => {
    latest.current = next;
    setAll(next);
  }, []);
  const keep = useCallback(() => {
    clearTimeout(rest.current);
    for (const id of unkept.current) {
      const said = latest.current[id];
      const done =
        said?.note || said?.returning ? saveDraft(user, keyOf(id), said) : deleteDraft(user, keyOf(id));
      done.catch(() => undefined);
    }
    unkept.current.clear();
  }, [user]);
  useEffect(() => {
    window.addEventListener('pagehide', keep);
    document.addEventListener('visibilitychange', keep);
    return () => {
      keep();
      window.removeEventListener('pagehide', keep);
      document.removeEventListener('visibilitychange', keep);
    };
  }, [keep]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each case, as it is then
  useEffect(() => {
    let gone = false;
    loadDraft(user, keyOf(one.id))
      .then((kept) => {
        // What is being written now is newer.
        if (!gone && isUnsaid(kept) && !latest.current[one.id])
          put({ ...latest.current, [one.id]: fitting(kept, one) });
      })
      .catch(() => undefined);
    return () => {
      gone = true;
    };
  }, [user, one.id, put]);
  const change = (id: string, part: Unsaid) => {
    put({ ...latest.current, [id]: { ...latest.current[id], ...part } });
    unkept.current.add(id);
    clearTimeout(rest.current);
    rest.current = setTimeout(keep, REST_MS);
  };
  /** It was sent. */
  const forget = (id: string) => {
    const { [id]: _sent, ...others } = latest.current;
    put(others);
    unkept.current.delete(id);
    deleteDraft(user, keyOf(id)).catch(() => undefined);
  };
  return { said: all[one.id] ?? {}, change, forget };
}
