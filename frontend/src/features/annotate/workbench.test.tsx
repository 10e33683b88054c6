import { fireEvent, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { IDBFactory } from 'fake-indexeddb';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { registry } from '@/actions/registry';
import type { Session } from '@/api/session';
import { leadSession, renderPage, serve } from '@/test/render';
import type { Lease, SubmitBody } from './types';
import { WorkbenchPage } from './WorkbenchPage';

const P = '/api/v1/projects/emoji/queues/q1';
const animals = [
  { key: 'cat', name: 'Cat', names: { en: 'Cat', ko: '고양이' }, hotkey: '1' },
  { key: 'dog', name: 'Dog', names: { en: 'Dog', ko: '개' }, hotkey: '2' },
].map((one) => ({ ...one, parent: null, selectable: true }));
const many = Array.from({ length: 3_000 }, (_, at) => ({
  key: `c${at}`,
  name: `Class ${at}`,
  names: { en: `Class ${at}`, ko: at === 2_345 ? '살쾡이' : `분류 ${at}` },
  parent: null,
  selectable: true,
}));

let sent: SubmitBody[];
let served: number;
let people = 0;
let refusal: object | null;
let pictures: 'here' | 'late' | 'broken';

function lease(n: number): Lease {
  const item = { id: n, sha256: `s${n}`, width: 8, height: 8, name: `${n}.png`, kind: 'image' };
  const urls = { image_url: `/media/${n}`, thumbnail_url: null };
  return { lease: `l${n}`, task: n, expires_at: '', item: { ...item, ...urls }, previous: null };
}

function question(kind: string) {
  return { key: 'kind', kind, title: 'Which animal?', allow_none: true, allow_cannot_tell: true };
}

/** The page as the application mounts it: real session, outbox, prefetch and keys; only network and canvas are stand-ins. */
async function show({ classes = animals as object[], kind = 'single_choice', limit = 12 } = {}) {
  const routes = serve({
    [`${P}/workbench`]: {
      queue: {
        id: 'q1',
        name: 'Animals',
        auto_submit: true,
        instructions: 'Look twice.',
        question: question(kind),
      },
      schema_version: 1,
      classes,
    },
    [`${P}/history`]: { results: [], next: null },
    [`POST ${P}/next`]: async (request: Request) => {
      const { want, holding } = await request.json();
      const leases: Lease[] = [];
      while (leases.length + holding.length < want && served < limit) leases.push(lease(++served));
      return { leases, lost: [], remaining: limit - served, message: null };
    },
    'POST /api/v1/submissions': async (request: Request) => {
      if (refusal) return Response.json(refusal, { status: 409 });
      const body = (await request.json()) as SubmitBody;
      sent.push(body);
      return { id: body.id, task: body.task, revision: body.revision, editable_until: null };
    },
    'POST /api/v1/leases/release': {},
  });
  vi.stubGlobal('fetch', async (asked: Request | string) => {
    if (typeof asked !== 'string') return routes(asked);
    if (pictures === 'late') return new Promise<Response>(() => undefined);
    return pictures === 'broken' ? new Response(null, { status: 500 }) : new Response('png');
  });
  const session = { ...leadSession, user: { ...leadSession.user, id: `u${++people}` } } as Session;
  renderPage(<WorkbenchPage />, { at: '/p/emoji/label/q1', route: '/p/$project/label/$queue', session });
  if (pictures === 'here') await waitFor(() => expect(onTable()).toBe('1:shown'));
  else await screen.findByText('Which animal?');
}

function onTable(): string {
  const place = document.querySelector('[data-picture]');
  return `${place?.getAttribute('data-task')}:${place?.getAttribute('data-picture')}`;
}

function press(code: string, more: KeyboardEventInit = {}): void {
  const key = code.replace(/^(Key|Digit)/, '').toLowerCase();
  fireEvent.keyDown(document.activeElement ?? document.body, { code, key, ...more });
}

const answers = () => sent.map((body) => body.answer);

beforeEach(() => {
  sent = [];
  served = 0;
  refusal = null;
  pictures = 'here';
  vi.stubGlobal('indexedDB', new IDBFactory());
  vi.stubGlobal('createImageBitmap', async () => ({ width: 8, height: 8, close: () => undefined }));
  const context = { setTransform: () => undefined, clearRect: () => undefined, drawImage: () => undefined };
  vi.spyOn(HTMLCanvasElement.prototype, 'getContext').mockReturnValue(context as never);
  // A list draws the rows that fit, and nothing fits where nothing has a size.
  vi.spyOn(Element.prototype, 'clientHeight', 'get').mockReturnValue(480);
  vi.spyOn(Element.prototype, 'clientWidth', 'get').mockReturnValue(320);
  window.addEventListener('keydown', registry.handleKey);
});
afterEach(() => {
  window.removeEventListener('keydown', registry.handleKey);
  vi.unstubAllGlobals();
});

test('one key answers and the next picture is on the table; a key held down answers no more', async () => {
  await show();
  press('Digit2');
  for (let n = 0; n < 5; n += 1) press('Digit2', { repeat: true });
  await waitFor(() => expect(onTable()).toBe('2:shown'));
  // In Hangul mode the same key types another sign.
  press('KeyN', { key: 'ㅜ' });
  await waitFor(() => expect(onTable()).toBe('3:shown'));
  await waitFor(() =>
    expect(answers()).toEqual([{ kind: 'class', classes: ['dog'] }, { kind: 'none_of_these' }]),
  );
  expect(await screen.findByText('All saved')).toBeInTheDocument();
});

test('among three thousand classes one is typed ahead, in Hangul too, and composing does not answer', async () => {
  await show({ classes: many });
  press('Slash', { key: '/' });
  const search = screen.getByRole('combobox', { name: 'Search classes' });
  expect(search).toHaveFocus();
  await userEvent.type(search, '살쾡');
  fireEvent.keyDown(search, { code: 'Enter', key: 'Enter', isComposing: true });
  fireEvent.keyDown(search, { code: 'Enter', key: 'Process', keyCode: 229 });
  expect(onTable()).toBe('1:shown');
  press('Enter', { key: 'Enter' });
  await waitFor(() => expect(onTable()).toBe('2:shown'));
  await waitFor(() => expect(answers()).toEqual([{ kind: 'class', classes: ['c2345'] }]));
  expect(search).not.toHaveFocus();
  expect(search).toHaveValue('');
});

test('with several choices keys choose, and Enter submits', async () => {
  await show({ kind: 'multiple_choice' });
  press('Digit1');
  press('Digit2');
  expect(await screen.findByRole('button', { name: /^Cat/ })).toHaveAttribute('aria-pressed', 'true');
  expect(onTable()).toBe('1:shown');
  press('Enter', { key: 'Enter' });
  await waitFor(() => expect(answers()).toEqual([{ kind: 'class', classes: ['cat', 'dog'] }]));
});

test('what is not on the screen is not answered, only skipped', async () => {
  pictures = 'broken';
  await show();
  expect(await screen.findByText('This picture cannot be shown')).toBeInTheDocument();
  press('Digit1');
  press('KeyT');
  press('KeyX');
  expect(await screen.findByText('Why skip it?')).toBeInTheDocument();
  press('Digit1');
  await waitFor(() => expect(answers()).toEqual([{ kind: 'skip', reason: 'bad_picture' }]));
});

test('a picture that has not come is not answered', async () => {
  pictures = 'late';
  await show();
  await screen.findByLabelText('Loading the picture');
  press('Digit1');
  expect(onTable()).toBe('1:loading');
  expect(sent).toEqual([]);
});

test('flag, comment, instructions and back, by keys', async () => {
  await show();
  press('KeyU');
  press('KeyC', { shiftKey: true });
  await userEvent.type(await screen.findByRole('textbox', { name: 'Comment' }), 'two');
  press('Escape', { key: 'Escape' });
  press('Digit1');
  await waitFor(() => expect(onTable()).toBe('2:shown'));
  press('KeyA');
  await waitFor(() => expect(onTable()).toBe('1:shown'));
  press('Digit2');
  await waitFor(() => expect(onTable()).toBe('2:shown'));
  await waitFor(() => expect(sent).toHaveLength(2));
  expect(sent[0]).toMatchObject({ task: 1, revision: 1, flagged: true, comment: 'two' });
  expect(sent[1]).toMatchObject({ task: 1, revision: 2, answer: { kind: 'class', classes: ['dog'] } });
  press('KeyI');
  expect(await screen.findByText('Look twice.')).toBeInTheDocument();
});

test('a letter of the schema chooses its class, wherever it lies in Hangul mode', async () => {
  const quail = { ...animals[0], key: 'quail', name: 'Quail', names: {}, hotkey: 'q' };
  const owl = { ...animals[0], key: 'owl', name: 'Owl', names: {}, hotkey: 'shift+w' };
  await show({ classes: [...animals, quail, owl] });
  expect(screen.getByRole('button', { name: /Quail/ })).toHaveTextContent('Q');
  press('KeyQ', { key: 'ㅂ' });
  await waitFor(() => expect(onTable()).toBe('2:shown'));
  press('KeyW', { key: 'W', shiftKey: true });
  await waitFor(() =>
    expect(answers().map((a) => a.kind === 'class' && a.classes[0])).toEqual(['quail', 'owl']),
  );
});

test('what the server refuses is kept, and says which answer it was', async () => {
  await show();
  refusal = { title: 'Lost', detail: 'Others have finished this task.', status: 409, code: 'lease-lost' };
  press('Digit2');
  await userEvent.click(await screen.findByText('1 needs you'));
  expect(await screen.findByText('1.png · Dog')).toBeInTheDocument();
  expect(screen.getByText(/Others have finished this task/)).toBeInTheDocument();
  refusal = null;
  await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
  await waitFor(() => expect(answers()).toEqual([{ kind: 'class', classes: ['dog'] }]));
  expect(await screen.findByText('Everything has arrived.')).toBeInTheDocument();
});

test('a class without a digit is found by search in a short list too', async () => {
  await show({ classes: [...animals, { ...animals[0], key: 'owl', name: 'Owl', names: {}, hotkey: null }] });
  await userEvent.type(screen.getByRole('combobox', { name: 'Search classes' }), 'ow{Enter}');
  await waitFor(() => expect(answers()).toEqual([{ kind: 'class', classes: ['owl'] }]));
});

test('nothing left, and an error', async () => {
  await show({ limit: 1 });
  press('Digit1');
  expect(await screen.findByText('Nothing left for you here')).toBeInTheDocument();
  vi.stubGlobal('fetch', serve({}));
  renderPage(<WorkbenchPage />, { at: '/p/emoji/label/q1', route: '/p/$project/label/$queue' });
  expect(await screen.findByRole('alert')).toBeInTheDocument();
});
