import { fireEvent, screen, within } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ShapeJson } from '@/engine/model/json';
import { FakePath2D } from '@/engine/testPath2D';
import { renderPage, serve } from '@/test/render';
import { lease, workbenchOf } from '../testBench';
import type { Answer, Workbench } from '../types';
import { DrawnAnswers } from './DrawnAnswers';

/** Two drawings side by side: only network and canvas are stand-ins. */

beforeEach(() => {
  const context: unknown = new Proxy(() => undefined, {
    get: (_target, name) => (name === Symbol.toPrimitive ? () => 0 : context),
    apply: () => context,
    set: () => true,
  });
  vi.spyOn(HTMLCanvasElement.prototype, 'getContext').mockReturnValue(context as never);
  vi.stubGlobal('Path2D', FakePath2D);
  vi.stubGlobal('createImageBitmap', async () => ({ width: 320, height: 240, close: () => undefined }));
  const none = serve({});
  vi.stubGlobal('fetch', async (asked: Request | string) =>
    typeof asked === 'string' ? new Response('png') : none(asked),
  );
});
afterEach(() => vi.unstubAllGlobals());

const box = (id: string, x: number, key = 'wheel'): ShapeJson => ({
  id,
  type: 'box',
  class: key,
  box: [x, 10, 30, 30],
});
const classes = ['wheel', 'door'].map((key) => ({
  key,
  name: key,
  names: { en: key === 'wheel' ? 'Wheel' : 'Door', ko: key === 'wheel' ? '바퀴' : '문' },
  parent: null,
  selectable: true,
}));
const question = { key: 'parts', kind: 'shapes', title: 'Parts', allow_none: true, allow_cannot_tell: true };
const data = workbenchOf(classes, 'shapes', {
  question: { ...question, tools: ['box'], max_shapes: null, skeletons: [], attributes: [] },
}) as unknown as Workbench;
const drawn = (...shapes: ShapeJson[]): Answer => ({ kind: 'shapes', shapes });

function show(here: Answer, there: Answer) {
  const { item } = lease(1);
  renderPage(<DrawnAnswers {...{ item, here, there, data }} />, { at: '/', route: '/' });
}

test('both are shown over the picture, and what differs is said and leads to its place', async () => {
  const there = drawn(box('a', 0), box('b', 50), box('c', 100), box('s', 200));
  const here = drawn(box('s', 200), box('a', 5), box('c', 100, 'door'), box('e', 150), box('f', 250));
  show(here, there);
  expect(await screen.findByRole('img', { name: 'On the server: 4 shapes' })).toBeInTheDocument();
  expect(screen.getByRole('img', { name: 'Here: 5 shapes' })).toBeInTheDocument();
  await vi.waitFor(() => expect(document.querySelectorAll('[data-picture="shown"]')).toHaveLength(2), 10_000);
  const lines = screen.getAllByRole('listitem').map((line) => line.textContent);
  expect(lines).toEqual([
    'Only here (2): Box Wheel, Box Wheel',
    'Only on the server (1): Box Wheel',
    'Moved or reshaped (1): Box Wheel',
    'Another class (1): Wheel → Door',
    'They lie over each other in another order.',
    '1 shape is the same.',
  ]);
  expect(screen.queryByRole('button', { name: 'Whole picture' })).toBeNull();
  const moved = screen.getAllByRole('listitem')[2];
  fireEvent.click(within(moved as HTMLElement).getByRole('button', { name: 'Box Wheel' }));
  fireEvent.click(await screen.findByRole('button', { name: 'Whole picture' }));
  expect(screen.queryByRole('button', { name: 'Whole picture' })).toBeNull();
});

test('a drawing against “nothing here” names some of it', async () => {
  show({ kind: 'none_of_these' }, drawn(...Array.from({ length: 6 }, (_, at) => box(`${at}`, 40 * at))));
  expect(await screen.findByRole('img', { name: 'Here: 0 shapes' })).toBeInTheDocument();
  expect(screen.getByRole('listitem')).toHaveTextContent(/^Only on the server \(6\): (Box Wheel, ){3}Box Wheel and 2 more$/); // biome-ignore format: one line
});

test('of two that are the same it is said', async () => {
  show(drawn(box('a', 0), box('b', 50)), drawn(box('a', 0), box('b', 50)));
  expect(await screen.findByText('All 2 shapes are the same in both.')).toBeInTheDocument();
});
