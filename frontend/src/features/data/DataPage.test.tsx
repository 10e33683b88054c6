import { configure, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, test, vi } from 'vitest';
import { renderPage, serve } from '@/test/render';
import { DataPage } from './DataPage';
import { AT, attributes, card, facets, item, parts, questions, schema } from './data.fixtures';
import { ItemPage } from './ItemPage';

const all = [card(1), card(2), card(3, { sources: ['Field'], labels: [] })];

/** Serves the items that match the asked source, and remembers every question. */
const show = (routes: Record<string, unknown> = {}, at = '/p/emoji/data') => {
  const asked: URLSearchParams[] = [];
  vi.stubGlobal(
    'fetch',
    serve({
      [`${AT}/items`]: (request: Request) => {
        const { searchParams } = new URL(request.url);
        asked.push(searchParams);
        const source = searchParams.get('source');
        return { results: all.filter((one) => !source || one.sources.includes(source)), next: null };
      },
      [`${AT}/items/facets`]: facets,
      [`${AT}/attributes`]: attributes,
      [`${AT}/versions`]: { results: [], next: null },
      [`${AT}/questions`]: questions,
      [`${AT}/schemas/s1`]: schema,
      [`${AT}/schemas/s2`]: parts,
      ...routes,
    }),
  );
  renderPage(<DataPage />, { at, route: '/p/$project/data' });
  return asked;
};

// Role queries over large tables take their time on a busy machine.
configure({ asyncUtilTimeout: 8000 });
vi.setConfig({ testTimeout: 30_000 });

afterEach(() => vi.unstubAllGlobals());

test('the explorer shows items as rows with their labels, and how many match', async () => {
  show({}, '/p/emoji/data?view=table');
  expect(await screen.findByRole('row', { name: /belt\/1\.png.*Cat/ })).toBeVisible();
  expect(screen.getByRole('row', { name: /belt\/3\.png/ })).not.toHaveTextContent('Cat');
  expect(screen.getByRole('status')).toHaveTextContent('3');
});

test.each([
  [{ number: 12.5 }, [], '12.5'],
  [{ text: '12가 3456' }, [], '12가 3456'],
  [{ shapes: [{}, {}] }, ['cat'], '2 shapes: Cat'],
])('a label %o is read as words', async (answer, keys, words) => {
  const label = { ...card(1).labels[0], answer, keys };
  const rows = { results: [card(1, { labels: [label] as never })], next: null };
  show({ [`${AT}/items`]: rows }, '/p/emoji/data?view=table');
  expect(await screen.findByRole('row', { name: new RegExp(words) })).toBeVisible();
});

test('a value of a facet filters, stands in the address, and is asked of the server', async () => {
  const asked = show({}, '/p/emoji/data?view=table');
  await userEvent.click(await screen.findByRole('button', { name: /^Field/ }));
  await waitFor(() => expect(screen.queryByRole('row', { name: /belt\/1\.png/ })).toBeNull());
  expect(screen.getByRole('row', { name: /belt\/3\.png/ })).toBeVisible();
  expect(screen.getByRole('button', { name: /^Field/ })).toHaveAttribute('aria-pressed', 'true');
  expect(asked.at(-1)?.get('source')).toBe('Field');
});

test('an address restores filters and the order, by an attribute too', async () => {
  const asked = show({}, '/p/emoji/data?view=table&source=Belt&sort=-attr.shade');
  expect(await screen.findByRole('row', { name: /belt\/1\.png/ })).toBeVisible();
  expect(asked[0]?.get('source')).toBe('Belt');
  expect(asked[0]?.get('order')).toBe('-attr.shade');
  await waitFor(() => expect(screen.getByRole('combobox', { name: /sort/i })).toHaveValue('shade ↓'));
});

test('without items the page says what to do', async () => {
  show({
    [`${AT}/items`]: { results: [], next: null },
    [`${AT}/items/facets`]: { total: 0, facets: [] },
  });
  const main = await screen.findAllByRole('link', { name: /import/i });
  expect(main.some((one) => one.getAttribute('href')?.endsWith('/p/emoji/data/import'))).toBe(true);
});

test('a filter that matches nothing can be taken back', async () => {
  show({ [`${AT}/items`]: { results: [], next: null } }, '/p/emoji/data?source=Nowhere');
  const back = await screen.findAllByRole('button', { name: /clear|remove all|take back/i });
  expect(back[0]).toBeVisible();
});

test('a failure is shown and can be tried again', async () => {
  show({ [`${AT}/items`]: () => Response.json({ title: 'No', status: 500, code: 'x' }, { status: 500 }) });
  expect(await screen.findByRole('button', { name: 'Try again' })).toBeVisible();
});

test('the explorer is about what has labels; another question is chosen in the address', async () => {
  const asked = show({}, '/p/emoji/data?view=table&label=cat');
  expect(await screen.findByRole('row', { name: /belt\/1\.png.*Cat/ })).toBeVisible();
  expect(asked.map((one) => [one.get('schema'), one.get('question')])).toEqual([['s1', 'animal']]);
  await userEvent.click(screen.getByRole('combobox', { name: 'Labels for the question' }));
  await userEvent.click(await screen.findByRole('option', { name: 'How heavy? · 0 labels' }));
  // A class of the question before would match nothing: it goes.
  await waitFor(() => expect(asked.at(-1)?.get('question')).toBe('weight'));
  expect([asked.at(-1)?.get('schema'), asked.at(-1)?.get('label')]).toEqual(['s2', null]);
  expect(await screen.findByRole('row', { name: /belt\/1\.png/ })).not.toHaveTextContent('Cat');
});

test('a link restores the question, whatever its newest version is', async () => {
  const asked = show({}, '/p/emoji/data?schema=parts&question=weight');
  await waitFor(() => expect(asked[0]?.get('schema')).toBe('s2'));
});

test('a queue made of a filter asks any question and is told whose labels chose the items', async () => {
  const sent = vi.fn();
  const made = async (request: Request) => {
    sent(await request.json());
    return { queue: { id: 'q1', name: 'Weights' }, job: null };
  };
  show({ [`POST ${AT}/queues`]: made }, '/p/emoji/data?view=table&label=pet');
  await userEvent.click(await screen.findByRole('button', { name: 'Make a queue of 3' }));
  await userEvent.type(await screen.findByRole('textbox', { name: 'Name' }), 'Weights');
  await userEvent.click(screen.getByRole('combobox', { name: 'Question' }));
  await userEvent.click(await screen.findByRole('option', { name: 'How heavy? · 0 labels' }));
  await userEvent.click(screen.getByRole('button', { name: 'Make the queue' }));
  await waitFor(() =>
    expect(sent).toHaveBeenCalledWith(
      expect.objectContaining({
        schema: 's2',
        question: 'weight',
        selection: { classes: ['pet', 'cat'], schema: 's1', question: 'animal' },
      }),
    ),
  );
});

test('chosen items become gold of a queue whose answers are right or wrong', async () => {
  const sent = vi.fn();
  const open = { purpose: 'labeling', state: 'open' };
  show(
    {
      [`${AT}/queues`]: {
        results: [
          { ...open, id: 'q0', name: 'Outlines', not_counted: 'Shapes cannot be counted.' },
          { ...open, id: 'q1', name: 'Animals', not_counted: null },
        ],
        next: null,
      },
      [`POST ${AT}/queues/q1/gold`]: async (request: Request) => {
        sent(await request.json());
        return { added: 1, turned: 0, known: 2 };
      },
    },
    '/p/emoji/data?view=table',
  );
  await userEvent.click(await screen.findByRole('button', { name: 'Make gold of 3' }));
  await waitFor(() => expect(screen.getByRole('combobox', { name: 'Queue' })).toHaveValue('Animals'));
  await userEvent.click(screen.getByRole('button', { name: 'Make gold' }));
  expect(await screen.findByText(/1 item is gold now\. 2 stay as they are/)).toBeInTheDocument();
  expect(sent).toHaveBeenCalledWith({ selection: {} });
});

const showItem = (routes: Record<string, unknown> = {}) => {
  vi.stubGlobal(
    'fetch',
    serve({
      [`${AT}/items/${item.sha256}`]: item,
      [`${AT}/items/${item.sha256}/neighbours`]: [],
      [`${AT}/questions`]: questions,
      [`${AT}/schemas/s1`]: schema,
      [`${AT}/schemas/s2`]: parts,
      [`${AT}/attributes`]: attributes,
      ...routes,
    }),
  );
  renderPage(<ItemPage />, { at: `/p/emoji/data/items/${item.sha256}`, route: '/p/$project/data/items/$id' });
};

test('the page of an item has its label, where it was met, and its versions', async () => {
  showItem();
  const met = await screen.findByRole('row', { name: /Belt training/ });
  expect(within(met).getByText('2025-03-01T10:00:00')).toBeVisible();
  expect(met).toHaveTextContent('site 7');
  expect((await screen.findAllByText('Cat', { exact: false }))[0]).toBeVisible();
  expect(screen.getByRole('link', { name: /animals@v1/ })).toBeVisible();
});

test('a reviewer corrects the label of any schema: what the item has one for is asked first', async () => {
  const sent = vi.fn();
  const settled = async (request: Request) => {
    sent(await request.json());
    return [];
  };
  showItem({ [`${AT}/questions`]: questions.toReversed(), [`POST ${AT}/labels`]: settled });
  await userEvent.click(await screen.findByRole('button', { name: 'Correct the label' }));
  const question = await screen.findByRole('combobox', { name: 'Question' });
  expect(question).toHaveValue('Which animal? · 2 labels');
  await userEvent.click(question);
  await userEvent.click(await screen.findByRole('option', { name: 'How heavy? · 0 labels' }));
  await userEvent.type(await screen.findByRole('textbox', { name: 'Right answer' }), '4.5');
  await userEvent.click(screen.getByRole('button', { name: 'Settle' }));
  const body = { schema: 's2', question: 'weight', items: [item.sha256], answer: { number: 4.5 } };
  await waitFor(() => expect(sent).toHaveBeenCalledWith(expect.objectContaining(body)));
});
