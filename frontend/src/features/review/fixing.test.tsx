import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { IDBFactory } from 'fake-indexeddb';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { registry } from '@/actions/registry';
import { FakePath2D } from '@/engine/testPath2D';
import { leadSession, renderPage, serve } from '@/test/render';
import { madeOfAnswers } from './correcting';
import { madeOf, startOf } from './fixing';
import type { Answer, Case } from './queries';
import { ReviewPage } from './ReviewPage';
import { disputed, given } from './testCase';

/** A reviewer corrects what annotators drew, wrote or counted: only network and canvas are stand-ins. */

const P = '/api/v1/projects/emoji';
const box = (id: string, key: string, ...place: number[]) => ({ id, type: 'box', class: key, box: place });
const one = given(1, 'A-1', 'crowd', { kind: 'shapes', shapes: [box('a1', 'wheel', 1, 2, 10, 10)] });
const two = given(2, 'A-2', 'crowd', {
  kind: 'shapes',
  shapes: [box('b1', 'wheel', 2, 2, 10, 10), box('b2', 'door', 20, 20, 8, 8)],
});
const drawn: Case = { ...disputed, reason: 'disagreement', estimate: null, answers: [one, two] };
const asked = { key: 'parts', title: 'Outline every part', allow_none: true, allow_cannot_tell: false };
const shapes = { kind: 'shapes', tools: ['box', 'polygon'], max_shapes: null, skeletons: [], attributes: [] };
const classes = [
  { key: 'wheel', name: 'Wheel', parent: null, selectable: true, hotkey: '1' },
  { key: 'door', name: 'Door', parent: null, selectable: true, hotkey: '2' },
];
const settled = vi.fn();
/** What the server says to a correction; kept when it is null. */
let refusal: { code: string; detail: string } | null = null;
/** Those that an operator has installed. */
let networks: { id: string; problem: string }[] = [];
/** What the server says of large pictures. */
let tiles: object = {};
let people = 0;

beforeEach(() => {
  refusal = null;
  networks = [];
  window.addEventListener('keydown', registry.handleKey);
  vi.stubGlobal('indexedDB', new IDBFactory());
  vi.stubGlobal('createImageBitmap', async () => ({ width: 64, height: 64, close: () => undefined }));
  // A context that takes whatever is drawn.
  const context: unknown = new Proxy(() => undefined, {
    get: (_target, name) => (name === Symbol.toPrimitive ? () => 0 : context),
    apply: () => context,
    set: () => true,
  });
  vi.spyOn(HTMLCanvasElement.prototype, 'getContext').mockReturnValue(context as never);
  vi.spyOn(Element.prototype, 'clientHeight', 'get').mockReturnValue(480);
  vi.spyOn(Element.prototype, 'clientWidth', 'get').mockReturnValue(320);
  vi.stubGlobal('Path2D', FakePath2D);
});
afterEach(() => {
  window.removeEventListener('keydown', registry.handleKey);
  settled.mockReset();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

/** The page with one case, answered by what the question says. */
async function open(
  cases: readonly Case[] = [drawn],
  question: object = shapes,
  several: readonly object[] = [],
): Promise<void> {
  const routes = serve({
    [`${P}/queues`]: {
      results: [{ id: 'q1', name: 'Parts', purpose: 'audit', n_open_cases: 1 }],
      next: null,
    },
    [`${P}/review`]: { results: cases, next: null },
    '/api/v1/assist/models': { results: networks },
    '/api/v1/tiles/7': () => tiles,
    '/api/v1/tiles/8': () => tiles,
    [`${P}/queues/q1/workbench`]: {
      queue: { name: 'Parts', question: { ...asked, ...question } },
      classes,
      ...(several.length > 0 ? { asked: several } : {}),
    },
    [`POST ${P}/review/c1/settle`]: async (request: Request) => {
      const body = await request.json();
      settled(body);
      if (refusal) return Response.json({ title: 'Unfit', status: 422, ...refusal }, { status: 422 });
      const { answer, fixed_from } = body;
      return { ...drawn, state: 'settled', answer, fixed_from, settled_by: 'Lea Lead' };
    },
  });
  vi.stubGlobal('fetch', async (wanted: Request | string) =>
    typeof wanted === 'string' ? new Response('png') : routes(wanted),
  );
  const user = { id: `fixer${++people}`, email: 'lead@example.org', name: 'Lea Lead' };
  renderPage(<ReviewPage />, {
    at: '/p/emoji/review',
    route: '/p/$project/review',
    session: { ...leadSession, user },
  });
  await screen.findByRole('list', { name: 'Labels of all annotators' });
}

const press = (code: string, key: string, more: KeyboardEventInit = {}) =>
  fireEvent.keyDown(document.activeElement ?? document.body, { code, key, ...more });

async function takeTools(): Promise<void> {
  press('KeyF', 'f');
  await screen.findByRole('toolbar', { name: 'Drawing tools' });
  await waitFor(() => expect(document.querySelector('[data-desk="ready"]')).not.toBeNull());
}

const heading = (n: number) => screen.findByRole('heading', { name: n === 1 ? '1 shape' : `${n} shapes` });

test('a correction begins with who leads, and is made of whose shapes are left in it', () => {
  expect(startOf(drawn)).toEqual({ from: 1, shapes: [box('a1', 'wheel', 1, 2, 10, 10)] });
  const done = { ...drawn, answer: two.answer, fixed_from: 2 };
  expect(startOf(done).from).toBe(2);
  const empty = given(3, 'A-3', 'crowd', { kind: 'none_of_these' });
  expect(startOf({ ...drawn, answers: [empty, two] }).from).toBe(2);
  expect(startOf({ ...drawn, answers: [] })).toEqual({ from: null, shapes: [] });
  expect(madeOf(drawn, [box('b1', 'door', 0, 0, 5, 5), box('n', 'door', 0, 0, 5, 5)], 1)).toBe(2);
  expect(madeOf(drawn, [box('n', 'door', 0, 0, 5, 5)], 1)).toBeNull();
  const twin = given(4, 'A-4', 'crowd', two.answer);
  expect(madeOf({ ...drawn, answers: [one, two, twin] }, [box('b1', 'door', 0, 0, 5, 5)], 4)).toBe(4);
});

test('F takes the shapes of who leads; corrected and accepted with Enter', async () => {
  await open();
  await takeTools();
  await heading(1);
  press('KeyA', 'a', { ctrlKey: true });
  press('ArrowRight', 'ArrowRight');
  press('Digit2', '2');
  expect(settled).not.toHaveBeenCalled();
  press('Enter', 'Enter');
  await waitFor(() =>
    expect(settled).toHaveBeenCalledWith({
      answer: { kind: 'shapes', shapes: [box('a1', 'door', 2, 2, 10, 10)] },
      fixed_from: 1,
      note: '',
      replace: false,
    }),
  );
  expect(
    await screen.findByText(/1 shape, settled by Lea Lead\. Made of what A-1 gave\./),
  ).toBeInTheDocument();
});

test('pressed twice before the page knows that it is busy, it is accepted once', async () => {
  await open();
  await takeTools();
  await heading(1);
  act(() => {
    press('Enter', 'Enter');
    press('Enter', 'Enter');
  });
  expect(await screen.findByText(/1 shape, settled by Lea Lead/)).toBeInTheDocument();
  expect(settled).toHaveBeenCalledTimes(1);
});

test('somebody else begins, a shape is taken besides, and what is undone counts for nobody', async () => {
  await open();
  await takeTools();
  await userEvent.click(screen.getByRole('button', { name: 'Begin with the shapes of A-2' }));
  await heading(2);
  await userEvent.click(screen.getByRole('button', { name: 'Add the shapes of A-1' }));
  await heading(3);
  (document.activeElement as HTMLElement).blur();
  press('Enter', 'Enter');
  await waitFor(() => expect(settled).toHaveBeenCalledTimes(1));
  const body = settled.mock.calls[0]?.[0];
  expect(body.fixed_from).toBe(2);
  expect(body.answer.shapes).toHaveLength(3);
});

test('Q goes back to the answers and F finds what was drawn again', async () => {
  await open();
  await takeTools();
  press('KeyA', 'a', { ctrlKey: true });
  press('Delete', 'Delete');
  await heading(0);
  press('KeyQ', 'q');
  await screen.findByRole('button', { name: /Fix the shapes/ });
  expect(screen.queryByRole('toolbar', { name: 'Drawing tools' })).toBeNull();
  await takeTools();
  await heading(0);
  expect(settled).not.toHaveBeenCalled();
});

test('what the server refuses is said, and the drawing stays', async () => {
  refusal = { code: 'unknown-class', detail: 'The class “wheel” was retired. Choose door instead.' };
  await open();
  await takeTools();
  press('Enter', 'Enter');
  expect(await screen.findByText(/was retired\. Choose door instead/)).toBeInTheDocument();
  await heading(1);
  expect(screen.getByRole('toolbar', { name: 'Drawing tools' })).toBeInTheDocument();
});

test('while one draws, the keys are those of the tools', async () => {
  await open();
  await takeTools();
  press('KeyR', 'r');
  press('KeyP', 'p');
  expect(screen.queryByRole('form', { name: 'Send back' })).toBeNull();
  expect(within(screen.getByRole('toolbar')).getByRole('button', { name: 'Polygon' })).toHaveAttribute(
    'aria-pressed',
    'true',
  );
});

test('an operator’s network finds objects here too, with the key of the workbench', async () => {
  networks = [{ id: 'red-1', problem: '' }];
  await open();
  await takeTools();
  const tool = await screen.findByRole('button', { name: "Find the object with the operator's model" });
  press('KeyS', 's');
  await waitFor(() => expect(tool).toHaveAttribute('aria-pressed', 'true'));
});

test('a picture that is being cut appears by itself, and one that cannot be cut says why', async () => {
  const item = (id: number) => ({
    ...disputed.item,
    id,
    sha256: String(id).repeat(64),
    tiles_url: `/api/v1/tiles/${id}`,
  });
  tiles = { state: 'pending', problem: '' };
  await open([
    { ...drawn, item: item(7) },
    { ...drawn, id: 'c2', item: item(8) },
    { ...drawn, id: 'c3', item: { ...item(9), tiles_url: null, image_url: null } },
  ]);
  expect(await screen.findByText(/is being cut into tiles/)).toBeInTheDocument();
  tiles = {
    ...{
      state: 'ready',
      problem: '',
      width: 8000,
      height: 7000,
      tile_size: 512,
      min_level: 9,
      max_level: 13,
    },
    url: '/media/below/signed/{level}/{column}_{row}.webp',
  };
  await waitFor(() => expect(screen.queryByText(/is being cut into tiles/)).toBeNull(), { timeout: 15_000 });
  expect(screen.queryByText('This item cannot be shown.')).toBeNull();
  tiles = { state: 'failed', problem: 'The stored file is gone.' };
  press('KeyD', 'd');
  expect(await screen.findByText('The stored file is gone.')).toBeInTheDocument();
  press('KeyD', 'd');
  expect(await screen.findByText('This item cannot be shown.')).toBeInTheDocument();
});

test('a number is corrected within its bounds', async () => {
  const counted = [
    given(1, 'A-1', 'crowd', { kind: 'number', number: 3 }),
    given(2, 'A-2', 'crowd', { kind: 'number', number: 4 }),
  ];
  await open([{ ...drawn, answers: counted }], { kind: 'number', min: 0, max: 9, unit: 'm' });
  press('KeyF', 'f');
  const field = screen.getByLabelText('The right answer');
  expect(field).toHaveFocus();
  expect(field).toHaveValue('3');
  await userEvent.clear(field);
  await userEvent.type(field, '12{Enter}');
  expect(await screen.findByText('The most is 9.')).toBeInTheDocument();
  expect(settled).not.toHaveBeenCalled();
  await userEvent.clear(field);
  await userEvent.type(field, '3,5{Enter}');
  await waitFor(() =>
    expect(settled).toHaveBeenCalledWith({
      answer: { kind: 'number', number: 3.5 },
      fixed_from: 1,
      note: '',
      replace: false,
    }),
  );
});

test('a text is corrected with its lines', async () => {
  const written = [
    given(1, 'A-1', 'crowd', { kind: 'text', text: 'AB 1' }),
    given(2, 'A-2', 'crowd', { kind: 'text', text: 'A8 1' }),
  ];
  await open([{ ...drawn, answers: written }], { kind: 'text' });
  const field = screen.getByLabelText('The right answer');
  await userEvent.clear(field);
  await userEvent.type(field, 'AB 11{Shift>}{Enter}{/Shift}second');
  await userEvent.click(screen.getByRole('button', { name: 'Accept this' }));
  await waitFor(() =>
    expect(settled).toHaveBeenCalledWith(
      expect.objectContaining({ answer: { kind: 'text', text: 'AB 11\nsecond' }, fixed_from: 1 }),
    ),
  );
});

const leaf = (key: string, name: string) => ({ key, name, names: {}, parent: null, selectable: true });
const many = [
  {
    question: { ...asked, key: 'animal', kind: 'single_choice', title: 'Animal' },
    classes: [leaf('cat', 'Cat'), leaf('dog', 'Dog')],
  },
  {
    question: {
      ...asked,
      key: 'coat',
      kind: 'single_choice',
      title: 'Coat',
      when: { question: 'animal', has: ['cat'] },
    },
    classes: [leaf('black', 'Black'), leaf('white', 'White')],
  },
  { question: { ...asked, key: 'legs', kind: 'number', title: 'Legs', min: 0, max: 8 }, classes: [] },
];
const outlined = { question: { ...asked, ...shapes, key: 'parts', title: 'Parts' }, classes };
const all = (answers: Record<string, Answer>): Answer => ({ kind: 'answers', answers });
const choice = (key: string): Answer => ({ kind: 'class', classes: [key] });
const legs = (number: number): Answer => ({ kind: 'number', number });
const alone: Case = {
  ...drawn,
  reason: 'sampled',
  answers: [given(1, 'A-1', 'crowd', all({ animal: choice('cat'), coat: choice('black'), legs: legs(5) }))],
};
const group = (name: string) => screen.getByRole('group', { name });

test('answers to several questions are corrected where one person was asked, also to what nobody said', async () => {
  await open([alone], {}, many);
  press('KeyF', 'f');
  await waitFor(() => expect(group('Animal')).toHaveFocus());
  expect(screen.getByRole('button', { name: /^Cat/ })).toHaveAttribute('aria-pressed', 'true');
  await userEvent.click(screen.getByRole('button', { name: /^White/ }));
  const field = screen.getByRole('textbox', { name: 'Legs' });
  await userEvent.clear(field);
  await userEvent.type(field, '9{Enter}');
  expect(await screen.findByText('The most is 8.')).toBeInTheDocument();
  expect(settled).not.toHaveBeenCalled();
  await userEvent.clear(field);
  await userEvent.type(field, '4{Enter}');
  await waitFor(() =>
    expect(settled).toHaveBeenCalledWith({
      answer: all({ animal: choice('cat'), coat: choice('white'), legs: legs(4) }),
      fixed_from: 1,
      note: '',
      replace: false,
    }),
  );
  expect(await screen.findByText(/Made of what A-1 gave\./)).toBeInTheDocument();
});

test('a question that a corrected answer does not call for is not answered, and Q keeps what was begun', async () => {
  await open([alone], {}, many);
  press('KeyF', 'f');
  await waitFor(() => expect(group('Animal')).toHaveFocus());
  await userEvent.click(screen.getByRole('button', { name: /^Dog/ }));
  expect(screen.queryByRole('group', { name: 'Coat' })).toBeNull();
  press('KeyQ', 'q');
  await userEvent.click(await screen.findByRole('button', { name: /Fix the answers/ }));
  expect(await screen.findByText('Your unfinished answer was put back.')).toBeInTheDocument();
  press('Enter', 'Enter');
  await waitFor(() => expect(settled).toHaveBeenCalledTimes(1));
  expect(settled.mock.calls[0]?.[0]).toMatchObject({
    answer: all({ animal: choice('dog'), legs: legs(5) }),
    fixed_from: 1,
  });
});

test('among several questions shapes are drawn too, and somebody else may begin', async () => {
  const both = [
    given(1, 'A-1', 'crowd', all({ animal: choice('dog'), legs: legs(4), parts: one.answer })),
    given(2, 'A-2', 'crowd', all({ animal: choice('dog'), legs: legs(3), parts: two.answer })),
  ];
  await open([{ ...drawn, answers: both }], {}, [...many, outlined]);
  press('KeyF', 'f');
  await screen.findByRole('toolbar', { name: 'Drawing tools' });
  await heading(1);
  await userEvent.click(screen.getByRole('button', { name: 'Begin with the answers of A-2' }));
  await heading(2);
  expect(screen.getByRole('textbox', { name: 'Legs' })).toHaveValue('3');
  await userEvent.clear(screen.getByRole('textbox', { name: 'Legs' }));
  await userEvent.type(screen.getByRole('textbox', { name: 'Legs' }), '2{Enter}');
  await waitFor(() => expect(settled).toHaveBeenCalledTimes(1));
  const body = settled.mock.calls[0]?.[0];
  expect(body.fixed_from).toBe(2);
  expect(body.answer.answers).toMatchObject({ animal: choice('dog'), legs: legs(2) });
  expect(body.answer.answers.parts.shapes).toHaveLength(2);
});

test('a correction is made of the answers that share most with it', () => {
  const asks = [...many, outlined].map(({ question }) => question) as Parameters<typeof madeOfAnswers>[1];
  const both = {
    ...drawn,
    answers: [
      given(1, 'A-1', 'crowd', all({ animal: choice('dog'), legs: legs(4), parts: one.answer })),
      given(2, 'A-2', 'crowd', all({ animal: choice('cat'), legs: legs(3), parts: two.answer })),
    ],
  };
  expect(madeOfAnswers(both, asks, all({ animal: choice('dog'), legs: legs(3) }), 2)).toBe(2);
  expect(madeOfAnswers(both, asks, all({ animal: choice('dog'), legs: legs(4) }), 2)).toBe(1);
  const bent = {
    kind: 'shapes' as const,
    shapes: [box('b1', 'door', 0, 0, 5, 5), box('n', 'door', 1, 1, 5, 5)],
  };
  expect(madeOfAnswers(both, asks, all({ animal: choice('bird'), parts: bent }), 1)).toBe(2);
  expect(madeOfAnswers(both, asks, all({ animal: choice('bird'), legs: legs(9) }), 1)).toBeNull();
});
