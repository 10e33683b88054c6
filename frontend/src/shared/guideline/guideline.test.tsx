import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Session } from '@/api/session';
import { leadSession, renderPage, serve } from '@/test/render';
import { GuidelineDrawer } from './GuidelineDrawer';
import { GuidelineSection } from './GuidelineSection';
import { guidelineNews } from './guidelineNews';
import type { Guideline } from './queries';

const P = '/api/v1/projects/emoji/queues/q1/guideline';
const sha = 'a'.repeat(64);
const item = {
  id: 7,
  sha256: sha,
  kind: 'image',
  width: 8,
  height: 8,
  image_url: '/media/7',
  thumbnail_url: '/media/7s',
  tiles_url: null,
  content_url: null,
  name: '',
} as const;
const first: Guideline = {
  revision: 2,
  instructions: 'Look twice.\n\nThen answer.',
  note: 'Foxes are no cats',
  changed_at: '2026-01-02T10:00:00Z',
  examples: [
    { kind: 'bad', class: 'cat', sentence: 'A fox.', item },
    { kind: 'good', class: 'cat', sentence: 'Pointed ears.', item: { ...item, id: 8 } },
  ],
  acknowledged: 1,
  is_new: true,
};
let now: Guideline;
const read = vi.fn();
const published = vi.fn();
const routes = {
  [P]: () => now,
  [`POST ${P}/acknowledge`]: async (request: Request) => {
    const { revision } = await request.json();
    read(revision);
    now = { ...now, acknowledged: revision, is_new: false };
    return now;
  },
  [`PUT ${P}`]: async (request: Request) => {
    const body = await request.json();
    published(body);
    if (body.base_revision !== now.revision)
      return Response.json(
        { title: 'Changed', detail: 'Reload.', status: 409, code: 'guideline-changed' },
        { status: 409 },
      );
    now = { ...now, revision: now.revision + 1, instructions: body.instructions };
    return now;
  },
  '/api/v1/projects/emoji/queues/q1/workbench': {
    classes: [{ key: 'cat', name: 'Cat', parent: null, selectable: true }],
  },
  [`${P}/revisions`]: {
    results: [{ revision: 2, note: 'Foxes', changed_at: first.changed_at, changed_by: 'Lea', n_read: 3 }],
    next: null,
  },
  '/api/v1/projects/emoji/items': {
    results: [
      { sha256: 'b'.repeat(64), name: 'wolf.png', media: { small: '/media/9s', medium: null, full: null } },
    ],
    next: null,
  },
};

beforeEach(() => {
  now = { ...first };
  // A grid draws the rows that fit, and nothing fits where nothing has a size.
  vi.spyOn(Element.prototype, 'clientHeight', 'get').mockReturnValue(400);
  vi.spyOn(Element.prototype, 'clientWidth', 'get').mockReturnValue(600);
  vi.stubGlobal('fetch', serve(routes));
});
afterEach(() => {
  read.mockReset();
  published.mockReset();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

const drawer = (opened = false) =>
  renderPage(
    <GuidelineDrawer
      project="emoji"
      queue="q1"
      opened={opened}
      onClose={() => undefined}
      nameOf={(key) => (key === 'cat' ? 'Cat' : key)}
      instructions="Look twice."
    />,
  );

test('a change opens by itself, once, with what changed and examples good and bad', async () => {
  drawer();
  const dialog = await screen.findByRole('dialog', { name: 'The instructions have changed' });
  expect(within(dialog).getByText(/Foxes are no cats/)).toBeInTheDocument();
  const figures = within(within(dialog).getByRole('region', { name: 'Cat' })).getAllByRole('figure');
  expect(figures.map((figure) => figure.textContent)).toEqual([
    'Good examplePointed ears.',
    'Bad exampleA fox.',
  ]);
  await userEvent.click(within(dialog).getByRole('button', { name: 'I have read it' }));
  await waitFor(() => expect(read).toHaveBeenCalledWith(2));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  expect(read).toHaveBeenCalledTimes(1);
});

test('of texts and records the beginning and the columns stand where pictures have a picture', async () => {
  const written = (id: number, kind: 'text' | 'record') => ({
    ...item,
    ...{ id, kind, image_url: null, thumbnail_url: null, content_url: `/api/v1/contents/${id}` },
  });
  now = {
    ...first,
    examples: [
      { kind: 'good', class: 'cat', sentence: 'It purrs.', item: written(1, 'text') },
      { kind: 'bad', class: 'cat', sentence: 'Too heavy.', item: written(2, 'record') },
      { kind: 'bad', class: 'cat', sentence: 'Gone.', item: written(3, 'text') },
    ],
  };
  vi.stubGlobal(
    'fetch',
    serve({
      ...routes,
      '/api/v1/contents/1': { kind: 'text', text: `Miaow. ${'x'.repeat(700)}`, columns: [] },
      '/api/v1/contents/2': {
        kind: 'record',
        text: '',
        columns: [
          { name: 'weight', type: 'number', unit: 'kg', value: 80 },
          { name: 'colour', type: 'text', unit: '', value: null },
        ],
      },
    }),
  );
  drawer(true);
  expect(await screen.findByText(/^Miaow\. x{593}…$/)).toBeInTheDocument();
  expect((await screen.findByText('weight')).nextSibling).toHaveTextContent('80 kg');
  expect(screen.getByText('colour').nextSibling).toHaveTextContent('–');
  expect(await screen.findByText('This text cannot be shown at present.')).toBeInTheDocument();
});

test('what was read elsewhere stays closed until the stream of tasks tells of a later revision', async () => {
  now = { ...first, acknowledged: 2, is_new: false };
  const { client } = drawer();
  await waitFor(() => expect(client.getQueryData(['guideline', 'emoji', 'q1'])).toBeDefined());
  act(() => guidelineNews.tell('q1', 2));
  expect(screen.queryByRole('dialog')).toBeNull();
  now = { ...first, revision: 3, note: 'Wolves too', acknowledged: 2, is_new: true };
  act(() => guidelineNews.tell('q1', 3));
  expect(await screen.findByText(/Wolves too/)).toBeInTheDocument();
});

test('when they cannot be had, the words that came with the queue are there', async () => {
  vi.stubGlobal('fetch', serve({}));
  drawer(true);
  expect(await screen.findByText('Look twice.')).toBeInTheDocument();
});

const section = (session: Session = leadSession) => renderPage(<GuidelineSection queue="q1" />, { session });

test('a lead writes the next revision with an example more', async () => {
  section();
  await userEvent.click(await screen.findByRole('button', { name: 'Edit' }));
  await userEvent.click(screen.getByRole('button', { name: 'Add an example' }));
  const dialog = await screen.findByRole('dialog', { name: 'Choose an item' });
  await userEvent.click(await within(dialog).findByRole('button', { name: /wolf\.png/ }));
  await userEvent.type(screen.getByLabelText('What changed, in a sentence'), 'Wolves');
  await userEvent.click(screen.getByRole('button', { name: 'Publish' }));
  await waitFor(() =>
    expect(published).toHaveBeenCalledWith({
      instructions: first.instructions,
      note: 'Wolves',
      base_revision: 2,
      examples: [
        { item: sha, kind: 'bad', class: 'cat', sentence: 'A fox.' },
        { item: sha, kind: 'good', class: 'cat', sentence: 'Pointed ears.' },
        { item: 'b'.repeat(64), kind: 'good', class: 'cat', sentence: '' },
      ],
    }),
  );
  expect(await screen.findByRole('button', { name: 'Edit' })).toBeInTheDocument();
});

test('a text is chosen by its words', async () => {
  const text = { sha256: 'c'.repeat(64), name: '', text: 'A cat sat.', media: { small: null } };
  vi.stubGlobal(
    'fetch',
    serve({ ...routes, '/api/v1/projects/emoji/items': { results: [text], next: null } }),
  );
  section();
  await userEvent.click(await screen.findByRole('button', { name: 'Edit' }));
  await userEvent.click(screen.getByRole('button', { name: 'Add an example' }));
  const dialog = await screen.findByRole('dialog', { name: 'Choose an item' });
  await userEvent.click(await within(dialog).findByRole('button', { name: /A cat sat/ }));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  expect(screen.getByText('A cat sat.')).toBeInTheDocument();
  await userEvent.click(screen.getByRole('button', { name: 'Publish' }));
  await waitFor(() => expect(published).toHaveBeenCalledTimes(1));
  expect(published.mock.calls[0]?.[0].examples.at(-1)).toEqual({
    item: text.sha256,
    kind: 'good',
    class: 'cat',
    sentence: '',
  });
});

test('somebody else was faster: the change stays in the form', async () => {
  const { client } = section();
  await userEvent.click(await screen.findByRole('button', { name: 'Edit' }));
  await userEvent.type(screen.getByLabelText('What annotators are told'), ' Mine.');
  now = { ...now, revision: 5 };
  await client.invalidateQueries({ queryKey: ['guideline'] });
  await userEvent.click(screen.getByRole('button', { name: 'Publish' }));
  expect(await screen.findByRole('alert')).toBeInTheDocument();
  expect(screen.getByLabelText('What annotators are told')).toHaveValue(`${first.instructions} Mine.`);
});

test('who does not lead reads, and sees no history of readers', async () => {
  const memberships = leadSession.memberships.map((one) => ({ ...one, role: 'reviewer' as const }));
  section({ ...leadSession, memberships });
  expect(await screen.findByText('Pointed ears.')).toBeInTheDocument();
  expect(screen.queryByRole('button', { name: 'Edit' })).toBeNull();
  expect(screen.queryByText(/shown to/)).toBeNull();
});
