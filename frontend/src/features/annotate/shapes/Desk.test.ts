import { expect, test, vi } from 'vitest';
import { makeShape } from '@/engine/model/shapes';
import type { Work } from '../state/work';
import { Timeline } from '../undo/Timeline';
import { Desk, type Easel } from './Desk';
import type { ShapesQuestion } from './question';

const question = { key: 'parts', kind: 'shapes', tools: ['box'], skeletons: [] } as unknown as ShapesQuestion;
const work = { task: 1, revision: 0, given: null, item: {} } as Work;
const timeline = new Timeline();

function open(): Desk {
  const desk = new Desk({
    user: 'a',
    question,
    classes: ['wheel'],
    above: () => [],
    session: { timeline, onCurrent: () => () => undefined, snapshot: () => ({ current: work }) },
    stage: {
      picture: () => 'shown',
      subscribe: () => () => undefined,
      view: { picture: { width: 100, height: 100 } },
    } as unknown as Easel,
  });
  desk.start();
  return desk;
}

test('what is on its way is given up for what is done again, and no step is lost by it', () => {
  const { editor } = open();
  for (const x of [10, 40]) {
    const box = makeShape({ kind: 'box', x, y: 10, width: 20, height: 20 }, 'wheel');
    editor.commit({ ...editor.document, shapes: [...editor.document.shapes, box] }, 'draw');
  }
  timeline.undo();
  timeline.undo();
  const lost = vi.fn();
  for (let n = 0; n < 2; n += 1)
    editor.whenThere(
      () => new Promise(() => undefined),
      () => undefined,
      lost,
    );
  const counts = Array.from({ length: 3 }, () => [timeline.redo(), editor.document.shapes.length]);
  expect(counts).toEqual([
    [true, 1],
    [true, 2],
    [false, 2],
  ]);
  expect(lost).toHaveBeenCalledTimes(2);
});
