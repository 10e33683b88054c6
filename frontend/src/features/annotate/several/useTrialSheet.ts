import { useEffect, useRef, useState } from 'react';
import type { Above } from '../shapes/Desk';
import { pathsOf } from '../shapes/question';
import type { Work } from '../state/work';
import type { Answer, Asked } from '../types';
import { type Part, Sheet } from './Sheet';

/** No task has this number: what is tried out is about no item. */
const NO_TASK = -1;

const work = (given: Answer | null): Work => ({
  lease: '',
  task: NO_TASK,
  item: {
    id: NO_TASK,
    sha256: '',
    width: null,
    height: null,
    image_url: null,
    thumbnail_url: null,
    content_url: null,
    name: '',
    kind: 'text',
  },
  revision: 0,
  given,
  editableUntil: null,
});

const answerOf = (part: Part): Answer => {
  if (part.kind === 'typed') return { kind: 'text', text: part.text };
  return part.kind === 'class' ? { kind: 'class', classes: [...part.classes] } : part;
};

/** What was tried out, without classes that are gone by now. */
function carried(parts: Readonly<Record<string, Part>>, asked: readonly Asked[]): Answer {
  const answers: Record<string, Answer> = {};
  for (const { question, classes } of asked) {
    const part = parts[question.key];
    if (!part) continue;
    const known = new Set(classes.map(({ key }) => key));
    const kept = part.kind === 'class' ? part.classes.filter((key) => known.has(key)) : null;
    if (kept?.length !== 0) answers[question.key] = answerOf(kept ? { kind: 'class', classes: kept } : part);
  }
  return { kind: 'answers', answers };
}

/** A sheet for questions that are being written: answers stay from one edit to the next, and are kept nowhere. */
export function useTrialSheet(asked: readonly Asked[]): Sheet | null {
  const [sheet, setSheet] = useState<Sheet | null>(null);
  const before = useRef<Readonly<Record<string, Part>>>({});
  useEffect(() => {
    const questions = asked.map(({ question, classes }): { question: Asked['question']; above: Above } => ({
      question,
      above: pathsOf(classes),
    }));
    const current = work(carried(before.current, asked));
    const session = { snapshot: () => ({ current }), onCurrent: () => () => undefined };
    const next = new Sheet({ user: '', questions, session, isTrial: true });
    next.start();
    setSheet(next);
    return () => {
      before.current = next.snapshot().parts;
      next.stop();
    };
  }, [asked]);
  return sheet;
}
