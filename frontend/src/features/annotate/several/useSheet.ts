import { useEffect, useState } from 'react';
import { useUser } from '@/shared/hooks/useSession';
import type { Table } from '../shapes/Desk';
import { pathsOf } from '../shapes/question';
import type { Asked } from '../types';
import { type KeptAs, Sheet } from './Sheet';

interface Options {
  asked: readonly Asked[];
  session: Table;
  /** The same function on every render. */
  keptAs?: KeptAs | undefined;
}

/** The sheet of one sitting. */
export function useSheet({ asked, session, keptAs }: Options): Sheet | null {
  const user = String(useUser().id);
  const [sheet, setSheet] = useState<Sheet | null>(null);
  useEffect(() => {
    const questions = asked.map(({ question, classes }) => ({ question, above: pathsOf(classes) }));
    const next = new Sheet({ user, questions, session, keptAs });
    next.start();
    setSheet(next);
    return () => next.stop();
  }, [user, asked, session, keptAs]);
  return sheet;
}
