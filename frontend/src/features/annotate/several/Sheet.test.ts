import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, expect, test, vi } from 'vitest';
import { Errands } from '@/engine/errands';
import { eventually } from '@/test/eventually';
import type { Desk } from '../shapes/Desk';
import { START } from '../state/snapshot';
import type { Work } from '../state/work';
import type { Answer, Question } from '../types';
import { partOf, Sheet } from './Sheet';

const asks = { title: '', allow_none: true, allow_cannot_tell: true };
const parts: Question = { ...asks, key: 'parts', kind: 'shapes' };
const dent: Question = { ...asks, key: 'dent', kind: 'text', when: { question: 'parts', has: ['metal'] } };
const above = (key: string) => (key === 'door' ? ['metal'] : []);
const drawn: Answer = { kind: 'shapes', shapes: [] };
const work = (given: Answer | null = null) => ({ task: 1, revision: given ? 1 : 0, given }) as Work;

let current: Work | null;
let desk: { collect: ReturnType<typeof vi.fn>; setAside: ReturnType<typeof vi.fn>; editor: object };
let errands: Errands;

function make(readOnly = false): Sheet {
  const session = { onCurrent: () => () => undefined, snapshot: () => ({ ...START, current, readOnly }) };
  const sheet = new Sheet({
    user: 'a',
    questions: [parts, dent].map((question) => ({ question, above })),
    session,
  });
  sheet.start();
  errands = new Errands(
    () => undefined,
    () => undefined,
  );
  desk = {
    collect: vi.fn(() => drawn),
    setAside: vi.fn(() => ({ kind: 'none_of_these' })),
    editor: { errands },
  };
  sheet.desk = desk as unknown as Desk;
  return sheet;
}

beforeEach(() => {
  vi.stubGlobal('indexedDB', new IDBFactory());
  current = work();
});

test('a question is asked once a class below the one that it waits for is drawn', () => {
  const sheet = make();
  expect(sheet.snapshot().asked).toEqual(['parts']);
  sheet.drew('parts', ['glass'], true);
  expect(sheet.snapshot().asked).toEqual(['parts']);
  sheet.drew('parts', ['glass', 'door'], true);
  expect(sheet.snapshot().asked).toEqual(['parts', 'dent']);
  sheet.type('dent', 'deep');
  expect(sheet.collect()).toEqual({
    kind: 'answers',
    answers: { parts: drawn, dent: { kind: 'text', text: 'deep' } },
  });
});

test('nothing to draw is said twice where something is drawn, and taken back by drawing', () => {
  const sheet = make();
  sheet.drew('parts', ['door'], true);
  desk.setAside.mockReturnValueOnce(null);
  sheet.decline('parts', 'none_of_these', false);
  expect(sheet.snapshot().parts).toEqual({});
  sheet.decline('parts', 'none_of_these', false);
  expect(sheet.snapshot().asked).toEqual(['parts']);
  expect(sheet.collect()).toEqual({ kind: 'answers', answers: { parts: { kind: 'none_of_these' } } });
  sheet.drew('parts', ['door', 'glass'], true);
  expect(sheet.snapshot().asked).toEqual(['parts', 'dent']);
});

test('what the desk does not give yet is a gap', () => {
  const sheet = make();
  desk.collect.mockReturnValueOnce(null);
  expect(sheet.collect()).toBeNull();
  expect(sheet.snapshot().gaps).toEqual({ parts: 'drawing' });
});

test('an answer that can no longer be changed is not', () => {
  current = work({ kind: 'answers', answers: { parts: { kind: 'cannot_tell' } } });
  const sheet = make(true);
  sheet.decline('parts', 'none_of_these', false);
  expect(sheet.snapshot().parts).toEqual({ parts: { kind: 'cannot_tell' } });
});

test('the answer to one question is found in the answer to all', () => {
  const all: Answer = { kind: 'answers', answers: { parts: drawn } };
  expect(partOf('parts')(all)).toBe(drawn);
  expect(partOf('dent')(all)).toBeNull();
  expect(partOf('parts')({ kind: 'cannot_tell' })).toBeNull();
});

test('what was clicked is waited for before anything is sent, and not where there is no desk', async () => {
  const sheet = make();
  const act = vi.fn();
  let come: (() => void) | undefined;
  errands.run(
    () =>
      new Promise<void>((resolve) => {
        come = resolve;
      }),
    () => undefined,
  );
  sheet.whenStill(act);
  sheet.decline('parts', 'none_of_these', false);
  expect(act).not.toHaveBeenCalled();
  expect(sheet.snapshot().parts).toEqual({});
  come?.();
  await eventually(() => expect(act).toHaveBeenCalledTimes(1));
  expect(sheet.snapshot().parts).toEqual({ parts: { kind: 'none_of_these' } });
  sheet.desk = null;
  sheet.whenStill(act);
  expect(act).toHaveBeenCalledTimes(2);
});
