import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, test, vi } from 'vitest';
import { serve } from '@/test/render';
import { selectionFrom } from './QueuesPage';
import { asFilter } from './queries';
import { lists, mine, overview, P, queue, showList } from './testQueue';

afterEach(() => vi.unstubAllGlobals());

test('a card says what is left for me, how far the queue is, and what waits for review', async () => {
  vi.stubGlobal('fetch', serve(lists));
  showList();
  const card = await screen.findByRole('article', { name: 'What is it?' });
  expect(card).toHaveTextContent('50% · 150 of 300 labels');
  expect(card).toHaveTextContent('60 left for you');
  expect(within(card).getByRole('link', { name: 'Continue' })).toHaveAttribute('href', '/p/emoji/label/q1');
  expect(within(card).getByRole('link', { name: 'Review 7 disputes' })).toHaveAttribute(
    'href',
    '/p/emoji/review?queue=q1',
  );
  expect(screen.queryByRole('article', { name: 'Old one' })).not.toBeInTheDocument();
  await userEvent.click(screen.getByRole('radio', { name: 'All (2)' }));
  expect(await screen.findByRole('article', { name: 'Old one' })).toBeInTheDocument();
});

test('an annotator sees their own work and no way to make a queue', async () => {
  vi.stubGlobal('fetch', serve({ [`${P}/my-work`]: { queues: [mine] } }));
  showList('annotator');
  expect(await screen.findByText(/60 left for you/)).toBeInTheDocument();
  expect(screen.queryByRole('button', { name: 'New queue' })).not.toBeInTheDocument();
  expect(screen.queryByRole('link', { name: 'Overview' })).not.toBeInTheDocument();
});

test('nothing, and an error', async () => {
  vi.stubGlobal('fetch', serve({ ...lists, [`${P}/queues`]: { results: [], next: null } }));
  showList();
  expect(await screen.findByText('No queue is open')).toBeInTheDocument();
  vi.stubGlobal('fetch', serve({}));
  showList();
  expect(await screen.findByRole('alert')).toBeInTheDocument();
});

test('a queue is made of a question and a selection, and the form says how many items that is', async () => {
  const made = vi.fn();
  const schema = {
    id: 's1',
    family: 'emoji',
    version: 2,
    name: 'Emoji',
    questions: [
      { key: 'thing', kind: 'single_choice', title: { en: 'What is it?' }, n_classes: 9, when: null },
      { key: 'colour', kind: 'text', title: { en: 'Which colour?' }, n_classes: 0, when: 'thing' },
    ],
  };
  vi.stubGlobal(
    'fetch',
    serve({
      ...overview,
      [`${P}/schemas`]: { results: [schema], next: null },
      [`POST ${P}/queues`]: async (request: Request) => {
        made(await request.json());
        return { queue, job: 'j1' };
      },
    }),
  );
  await import('./components/CreateQueue');
  showList('lead', '?new=1&source=noto');
  expect(await screen.findByText('42 items.')).toBeInTheDocument();
  fireEvent.change(await screen.findByLabelText(/^Name/), { target: { value: 'Second round' } });
  const early = screen.getByRole('textbox', { name: /^Finish early/ });
  expect(early).toBeEnabled();
  await userEvent.click(screen.getByRole('checkbox', { name: 'Which colour?' }));
  expect(screen.getByText(/only after some answers to “What is it\?”/)).toBeInTheDocument();
  expect(screen.getByRole('note')).toHaveTextContent('Each question with classes is counted by itself');
  expect(early).toBeEnabled();
  await userEvent.click(screen.getByRole('checkbox', { name: 'What is it?' }));
  expect(screen.getByRole('note')).toHaveTextContent('cannot be counted against each other');
  expect(early).toBeDisabled();
  await userEvent.click(screen.getByRole('checkbox', { name: 'What is it?' }));
  await userEvent.click(screen.getByText('Create the queue'));
  await waitFor(() => expect(made).toHaveBeenCalled());
  expect(made.mock.calls[0]?.[0]).toMatchObject({
    name: 'Second round',
    schema: 's1',
    questions: ['thing', 'colour'],
    stop_at: null,
    redundancy: 3,
    selection: { sources: ['noto'] },
  });
});

test("the explorer's address becomes a selection, and back", () => {
  const selection = selectionFrom({ source: ['a', 'b'], labelled: 'no', name: 'cat', order: 'newest' });
  expect(selection).toEqual({ sources: ['a', 'b'], labelled: false, name_contains: 'cat' });
  expect(asFilter(selection)).toEqual({ source: ['a', 'b'], labelled: 'no', name: 'cat' });
});
