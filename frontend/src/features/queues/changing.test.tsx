import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, test, vi } from 'vitest';
import { serve } from '@/test/render';
import { changesOf } from './components/QueueSettings';
import { overview, P, queue, showQueue } from './testQueue';

afterEach(() => vi.unstubAllGlobals());

test('pausing and what is sent of the settings', async () => {
  const changed = vi.fn();
  vi.stubGlobal(
    'fetch',
    serve({
      ...overview,
      [`PATCH ${P}/queues/q1`]: async (request: Request) => {
        const body = await request.json();
        changed(body);
        return { ...queue, ...body };
      },
    }),
  );
  showQueue();
  await userEvent.click(await screen.findByText('Pause'));
  await waitFor(() => expect(changed).toHaveBeenCalledWith({ state: 'paused' }));
  // The state and the button that changes it.
  expect((await screen.findAllByText('Open')).map((one) => one.closest('button') !== null)).toEqual([true]);
  const { kinds } = queue;
  const same = { ...queue, kinds: ['crowd' as const] };
  expect(kinds).toEqual(['crowd']);
  expect(changesOf(queue, same)).toEqual({});
  expect(changesOf(queue, { ...same, gold_share: 0.2 })).toEqual({ gold_share: 0.2 });
  expect(changesOf({ ...queue, day_limit: 5 }, { ...same, stop_at: 0.95 })).toEqual({
    stop_at: 0.95,
    day_limit: null,
  });
});

test('rules are sent as shares, and an emptied one as none', async () => {
  const changed = vi.fn();
  const ruled = { ...queue, day_limit: 50 };
  vi.stubGlobal(
    'fetch',
    serve({
      ...overview,
      [`${P}/queues/q1`]: ruled,
      [`PATCH ${P}/queues/q1`]: async (request: Request) => {
        const body = await request.json();
        changed(body);
        return { ...ruled, ...body };
      },
    }),
  );
  showQueue();
  const least = await screen.findByLabelText('Answers before that, at least');
  expect(least).toBeDisabled();
  fireEvent.change(screen.getByLabelText('Finish early when this sure'), { target: { value: '97.5' } });
  expect(least).toBeEnabled();
  fireEvent.change(screen.getByLabelText('Answers of one person a day'), { target: { value: '' } });
  await userEvent.click(screen.getByText('Save'));
  await waitFor(() => expect(changed).toHaveBeenCalledWith({ stop_at: 0.975, day_limit: null }));
});

test('what somebody else sets meanwhile is not taken back', async () => {
  const changed = vi.fn();
  let now: object = queue;
  vi.stubGlobal(
    'fetch',
    serve({
      ...overview,
      [`${P}/queues/q1`]: () => now,
      [`PATCH ${P}/queues/q1`]: async (request: Request) => {
        const body = await request.json();
        changed(body);
        return { ...now, ...body };
      },
    }),
  );
  const { client } = showQueue();
  const limit = await screen.findByLabelText('Answers of one person a day');
  now = { ...queue, person_limit: 900 };
  await client.invalidateQueries({ queryKey: ['queue', 'emoji', 'q1'] });
  fireEvent.change(limit, { target: { value: '50' } });
  await userEvent.click(screen.getByText('Save'));
  await waitFor(() => expect(changed).toHaveBeenCalledWith({ day_limit: 50 }));
  expect(await screen.findByLabelText('Answers of one person in all')).toHaveValue('900');
});

test('who holds what, and a lead lets somebody rest', async () => {
  const paused = vi.fn();
  const person = {
    id: 'a1',
    pseudonym: 'A-7F3',
    state: 'active',
    n_given: 40,
    n_today: 12,
    gold_streak: 3,
    suggests_pause: true,
    n_leases: 5,
    next_expiry: '2999-01-02T10:00:00Z',
    heard_at: '2026-01-02T10:00:00Z',
    last_at: null,
  };
  vi.stubGlobal(
    'fetch',
    serve({
      ...overview,
      [`${P}/queues/q1/at-work`]: { results: [person], next: null },
      [`PATCH ${P}/people/a1`]: async (request: Request) => {
        paused(await request.json());
        return {};
      },
    }),
  );
  showQueue();
  const row = (await screen.findByText('A-7F3')).closest('tr') as HTMLElement;
  expect(within(row).getByText(/come back at .* unless renewed/)).toBeInTheDocument();
  expect(within(row).getByText('3 known answers missed in a row')).toBeInTheDocument();
  await userEvent.click(within(row).getByText('Pause'));
  await waitFor(() => expect(paused).toHaveBeenCalledWith({ state: 'paused' }));
});

test('items are raised at once, and opened again only for a reason and when asked', async () => {
  const sent = vi.fn();
  const answer = (name: string) => async (request: Request) => {
    sent(name, await request.json());
    return { job: 'j1' };
  };
  vi.stubGlobal(
    'fetch',
    serve({
      ...overview,
      [`POST ${P}/queues/q1/priority`]: answer('priority'),
      [`POST ${P}/queues/q1/reopen`]: answer('reopen'),
    }),
  );
  showQueue();
  const section = (await screen.findByText('Change items in the queue')).closest('section') as HTMLElement;
  fireEvent.change(within(section).getByLabelText('Text in the file name'), { target: { value: 'cat' } });
  await userEvent.click(within(section).getByText('Set the priority'));
  await waitFor(() =>
    expect(sent).toHaveBeenCalledWith('priority', { selection: { name_contains: 'cat' }, priority: 1 }),
  );
  await userEvent.click(within(section).getByLabelText('Open again'));
  const button = await within(section).findByRole('button', { name: 'Open again' });
  expect(button).toBeDisabled();
  fireEvent.change(within(section).getByLabelText('Why'), { target: { value: 'new guideline' } });
  await waitFor(() => expect(button).toBeEnabled());
  await userEvent.click(button);
  const dialog = await screen.findByRole('dialog');
  await userEvent.click(within(dialog).getByRole('button', { name: 'Open again' }));
  await waitFor(() =>
    expect(sent).toHaveBeenCalledWith('reopen', {
      selection: { name_contains: 'cat' },
      reason: 'new guideline',
    }),
  );
});

test('a change whose answer was lost is asked for again with the same key, and is done once', async () => {
  const keys: (string | null)[] = [];
  vi.stubGlobal(
    'fetch',
    serve({
      ...overview,
      [`POST ${P}/queues/q1/priority`]: (request: Request) => {
        keys.push(request.headers.get('Idempotency-Key'));
        if (keys.length === 1) throw new TypeError('the connection broke');
        return { job: 'j1' };
      },
    }),
  );
  showQueue();
  const button = await screen.findByRole('button', { name: 'Set the priority' });
  await userEvent.click(button);
  await waitFor(() => expect(keys).toHaveLength(1));
  await waitFor(() => expect(button).toBeEnabled());
  await userEvent.click(button);
  await waitFor(() => expect(keys).toHaveLength(2));
  expect(keys[0]).toBeTruthy();
  expect(keys[1]).toBe(keys[0]);
});
