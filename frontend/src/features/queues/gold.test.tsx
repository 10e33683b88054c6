import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, test, vi } from 'vitest';
import { serve } from '@/test/render';
import { overview, P, queue, showQueue } from './testQueue';

/** The gold of a queue, as a lead sees it. */

afterEach(() => vi.unstubAllGlobals());

const right = (value: number | null, n: number) => ({
  value,
  low: value === null ? null : 0.2,
  high: value === null ? null : 0.8,
  level: 0.95,
  n,
  method: 'wilson',
  reason: value === null ? 'no gold items were answered' : null,
});
const item = {
  id: 7,
  sha256: 'a'.repeat(64),
  kind: 'image',
  width: 64,
  height: 64,
  image_url: '/media/7',
  thumbnail_url: '/media/7-small',
  tiles_url: null,
  content_url: null,
  name: 'seven.png',
};
const cat = { kind: 'class', classes: ['cat'] };
const rows = [
  {
    task: 3,
    item,
    answer: cat,
    set_by: 'Lea Lead',
    right: right(0.5, 2),
    given: [
      { answer: cat, n: 1, right: true },
      { answer: { kind: 'class', classes: ['dog'] }, n: 1, right: false },
    ],
  },
];
const routes = {
  ...overview,
  [`${P}/queues/q1/workbench`]: {
    classes: ['cat', 'dog'].map((key) => ({
      key,
      name: key.toUpperCase(),
      names: {},
      parent: null,
      selectable: true,
    })),
  },
  [`${P}/queues/q1/gold`]: { results: rows, next: null },
  [`${P}/queues/q1/gold/people`]: {
    results: [{ id: 'p1', pseudonym: 'A-1', kind: 'crowd', right: right(0.5, 2) }],
    next: null,
  },
};
const gold = async () => {
  const heading = await screen.findByRole('heading', { name: 'Gold' });
  return within(heading.closest('section') as HTMLElement);
};

test('gold says how people did on each item and who is how often right', async () => {
  vi.stubGlobal('fetch', serve(routes));
  showQueue();
  const here = await gold();
  const row = (await here.findByText('seven.png')).closest('tr') as HTMLElement;
  await waitFor(() => expect(row).toHaveTextContent('CAT'));
  expect(row).toHaveTextContent('50%');
  expect(row).toHaveTextContent('DOG (1)');
  expect((await here.findByText('A-1')).closest('tr')).toHaveTextContent('50%');
  expect(here.queryByText(/while its share is 0/)).toBeNull();
});

test('an item is taken out after a question, and a refusal is told', async () => {
  const taken = vi.fn();
  let refuse = true;
  vi.stubGlobal(
    'fetch',
    serve({
      ...routes,
      [`${P}/queues/q1`]: { ...queue, gold_share: 0 },
      [`DELETE ${P}/queues/q1/gold/3`]: () => {
        taken();
        const problem = {
          title: 'Gone',
          detail: 'This item is not gold here.',
          status: 404,
          code: 'not-found',
        };
        return refuse ? Response.json(problem, { status: 404 }) : new Response(null, { status: 204 });
      },
    }),
  );
  showQueue();
  const here = await gold();
  expect(await here.findByText(/Nobody meets gold while its share is 0/)).toBeInTheDocument();
  const out = async () => {
    await userEvent.click(here.getByRole('button', { name: 'Take seven.png out of the gold' }));
    const asked = await screen.findByRole('dialog', { name: 'Take this item out of the gold?' });
    await userEvent.click(within(asked).getByRole('button', { name: 'Take out' }));
  };
  await out();
  expect(await here.findByRole('alert')).toBeInTheDocument();
  refuse = false;
  await out();
  await waitFor(() => expect(taken).toHaveBeenCalledTimes(2));
  await waitFor(() => expect(here.queryByRole('alert')).toBeNull());
});

test('an empty queue is told how gold comes, and a draw says what became of it', async () => {
  const sent = vi.fn();
  vi.stubGlobal(
    'fetch',
    serve({
      ...routes,
      [`${P}/queues/q1/gold`]: { results: [], next: null },
      [`POST ${P}/queues/q1/gold`]: async (request: Request) => {
        sent(await request.json());
        return { added: 2, turned: 1, known: 4 };
      },
    }),
  );
  showQueue();
  const here = await gold();
  expect(await here.findByText('This queue has no gold yet')).toBeInTheDocument();
  expect(here.queryByRole('table')).toBeNull();
  await userEvent.click(here.getByRole('button', { name: 'Draw from reviewed and imported labels' }));
  expect(await here.findByRole('status')).toHaveTextContent(
    '3 items are gold now. 4 stay as they are: gold already',
  );
  expect(sent).toHaveBeenCalledWith({ sample: 20, seed: expect.any(Number) });
});
