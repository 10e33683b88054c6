import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useEffect, useState } from 'react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { renderPage } from '@/test/render';
import type { Asked } from '../types';
import { Trial } from './Trial';

// jsdom measures nothing, and a list of no height shows no rows.
beforeEach(() => {
  vi.spyOn(Element.prototype, 'clientHeight', 'get').mockReturnValue(560);
});
afterEach(() => vi.restoreAllMocks());

const one = (key: string, more: object = {}): Asked['question'] =>
  ({
    key,
    kind: 'single_choice',
    title: key,
    titles: { en: `The ${key}?` },
    help: {},
    max_choices: null,
    allow_none: false,
    allow_cannot_tell: false,
    ...more,
  }) as Asked['question'];
const classesOf = (...keys: string[]): Asked['classes'] =>
  keys.map((key) => ({ key, name: key, names: { en: key }, parent: null, selectable: true }));

const thing = { question: one('thing', { allow_cannot_tell: true }), classes: classesOf('cat', 'car') };
const speed = {
  question: one('speed', {
    kind: 'number',
    max: 40,
    unit: 'km/h',
    when: { question: 'thing', has: ['car'] },
  }),
  classes: [],
};
const parts = {
  question: one('parts', {
    kind: 'shapes',
    tools: ['box', 'keypoints'],
    skeletons: [{ key: 'hand', names: ['wrist', 'tip'], edges: [[0, 1]] }],
    max_shapes: null,
    attributes: [
      { key: 'worn', kind: 'text', title: { en: 'How worn?' }, required: false, for_classes: ['wheel'] },
    ],
  }),
  classes: classesOf('wheel', 'door'),
};
const size = {
  question: one('size', { kind: 'text', max_length: 3, when: { question: 'parts', has: ['door'] } }),
  classes: [],
};

const show = (asked: readonly Asked[], shown: string) =>
  renderPage(<Trial asked={asked} shown={shown} notAsked="It is asked after a car." />);
/** As the editor does it: other questions in the same place. */
function Edited({ hand }: { hand: (set: (asked: readonly Asked[]) => void) => void }) {
  const [asked, setAsked] = useState<readonly Asked[]>([thing, speed]);
  useEffect(() => hand(setAsked), [hand]);
  return <Trial asked={asked} shown="thing" notAsked="" />;
}

const block = (name: string) => within(screen.getByRole('group', { name }));

test('a condition is met by answering, as in the workbench', async () => {
  const user = userEvent.setup();
  show([thing, speed], 'speed');
  expect(await screen.findByRole('group', { name: 'The thing?' })).toBeVisible();
  expect(screen.queryByRole('group', { name: 'The speed?' })).toBeNull();
  expect(screen.getByRole('status')).toHaveTextContent('It is asked after a car.');
  await user.click(block('The thing?').getByRole('button', { name: /car/ }));
  const field = block('The speed?').getByRole('textbox');
  expect(screen.queryByRole('status')).toBeNull();
  await user.type(field, '50');
  expect(field).toBeInvalid();
  await user.clear(field);
  await user.type(field, '30');
  expect(field).toBeValid();
  await user.click(block('The thing?').getByRole('button', { name: /cannot tell/i }));
  await waitFor(() => expect(screen.queryByRole('group', { name: 'The speed?' })).toBeNull());
});

test('shapes are met with their tools, their classes and what is asked of each', async () => {
  const user = userEvent.setup();
  show([parts, size], 'parts');
  const drawing = within(await screen.findByRole('group', { name: 'The parts?' }));
  const tools = drawing.getByRole('toolbar');
  expect(
    within(tools)
      .getAllByRole('button')
      .map((tool) => tool.getAttribute('aria-label')),
  ).toEqual(['Select and edit', 'Box', 'Key points']);
  await user.click(within(tools).getByRole('button', { name: 'Box' }));
  expect(within(tools).getByRole('button', { name: 'Box' })).toHaveAttribute('aria-pressed', 'true');
  expect(drawing.queryByLabelText('How worn?')).toBeNull();
  await user.click(drawing.getByRole('button', { name: /wheel/ }));
  await user.type(drawing.getByLabelText('How worn?'), 'bald');
  expect(drawing.getByLabelText('How worn?')).toHaveValue('bald');
  expect(screen.queryByRole('group', { name: 'The size?' })).toBeNull();
  await user.click(drawing.getByRole('button', { name: /door/ }));
  expect(drawing.queryByLabelText('How worn?')).toBeNull();
  const text = (await screen.findByRole('group', { name: 'The size?' })).querySelector('textarea');
  await user.type(text as HTMLTextAreaElement, 'long');
  expect(text).toBeInvalid();
});

test('answers stay from one edit to the next, and nothing is written into the browser', async () => {
  const user = userEvent.setup();
  const before = await indexedDB.databases();
  const edits: ((asked: readonly Asked[]) => void)[] = [];
  const hand = (set: (asked: readonly Asked[]) => void) => void edits.push(set);
  const edit = (asked: readonly Asked[]) => act(() => edits.at(-1)?.(asked));
  renderPage(<Edited hand={hand} />);
  await user.click((await screen.findAllByRole('button', { name: /car/ }))[0] as HTMLElement);
  await user.type(block('The speed?').getByRole('textbox'), '12');
  edit([{ ...thing, classes: classesOf('cat', 'car', 'bus') }, speed]);
  expect(await screen.findByRole('button', { name: /bus/ })).toBeVisible();
  expect(block('The speed?').getByRole('textbox')).toHaveValue('12');
  // The class that was chosen goes: then nothing is chosen, and what hung on it is not asked.
  edit([{ ...thing, classes: classesOf('cat', 'bus') }, speed]);
  await waitFor(() => expect(screen.queryByRole('group', { name: 'The speed?' })).toBeNull());
  // Longer than the workbench waits before it keeps what was said.
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(await indexedDB.databases()).toEqual(before);
});
