// Long: each test is one thing that can happen in a sitting, and all of them share one server that leases and takes answers.
import { IDBFactory } from 'fake-indexeddb';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Page } from '@/api/http';
import { Problem } from '@/api/problem';
import { loadDraft, saveDraft } from '@/sync/drafts';
import type { NewEntry, OutboxEntry } from '@/sync/store';
import { eventually } from '@/test/eventually';
import type { NextBody } from '../endpoints';
import type { Lease, NextReply, Submission, SubmitBody } from '../types';
import { timelineOf } from '../undo/Timeline';
import { WorkSession } from './session';

let clock = 1_000_000;
let session: WorkSession;
let enqueued: SubmitBody[];
let confirm: (body: unknown) => void;
let refuse: (body: SubmitBody) => void;
let elsewhere: (group: string) => void;
let total = 0;
let past: Submission[] = [];
let unsent: Pick<OutboxEntry, 'group' | 'state'>[] = [];
let full = false;

function lease(n: number): Lease {
  const item = { id: n, sha256: `s${n}`, width: 10, height: 10, name: `${n}.jpg`, kind: 'image' as const };
  const urls = { image_url: `/media/${n}`, thumbnail_url: null, content_url: null };
  return { lease: `l${n}`, task: n, expires_at: '', item: { ...item, ...urls }, previous: null };
}

/** Answers as the server does: tops up what the tab holds with tasks that it has not seen. */
function server(limit: number) {
  let given = 0;
  const next = vi.fn(async ({ want, holding }: NextBody): Promise<NextReply> => {
    const leases: Lease[] = [];
    while (leases.length + holding.length < want && given < limit) leases.push(lease(++given));
    return { leases, lost: [], remaining: limit - given, message: null };
  });
  const history = vi.fn(async (): Promise<Page<Submission>> => ({ results: past, next: null }));
  return {
    next,
    history,
    heartbeat: vi.fn(async (_body: { leases: string[] }) => ({ lost: [] as string[] })),
    release: vi.fn(async () => null),
  };
}

const begin = (limit = 8, user = `u${++total}`) => beginWith(server(limit), user);

async function beginWith(fake: ReturnType<typeof server>, user = `u${++total}`) {
  enqueued = [];
  session = new WorkSession({
    user,
    tab: 'tab',
    server: fake,
    submitTo: '/submissions',
    origin: { project: 'emoji', queue: 'q1' },
    schemaVersion: 3,
    now: () => clock,
    outbox: {
      enqueue: async (entry: NewEntry) => {
        if (full) throw new DOMException('full', 'QuotaExceededError');
        enqueued.push(entry.body as SubmitBody);
      },
      onRefused: (listener) => {
        refuse = (body) => listener({ body } as OutboxEntry);
        return () => true;
      },
      onElsewhere: (listener) => {
        elsewhere = listener;
        return () => true;
      },
      pending: async () => unsent as OutboxEntry[],
      onSent: (listener) => {
        confirm = (body) => listener({} as OutboxEntry, body);
        return () => true;
      },
    },
  });
  session.start();
  await eventually(() => expect(session.snapshot().state).not.toBe('loading'));
  return fake;
}

const current = () => session.snapshot().current?.task;
const cat = { kind: 'class' as const, classes: ['cat'] };
const answer = (classes = ['cat']) => session.submit({ kind: 'class', classes });

beforeEach(() => {
  past = [];
  unsent = [];
  full = false;
  clock = 1_000_000;
  vi.stubGlobal('indexedDB', new IDBFactory());
});
afterEach(() => {
  session.leave();
  vi.unstubAllGlobals();
});

test('in a grid no tile changes under the hand, whatever another tab has answered', async () => {
  await begin(60);
  session.hold(12);
  await eventually(() => expect(session.snapshot().ahead).toHaveLength(12));
  const before = session.snapshot().ahead;
  for (const { task } of before) elsewhere(String(task));
  expect(session.snapshot().ahead).toEqual(before);
});

test('what another tab has answered meanwhile is not asked again here, but for what is on the table', async () => {
  const fake = await begin(9);
  const [first, second] = session.snapshot().ahead.map(({ task }) => task);
  elsewhere(String(second));
  elsewhere(String(first));
  expect(current()).toBe(first);
  expect(session.snapshot().ahead.map(({ task }) => task)).not.toContain(second);
  await session.submit({ kind: 'class', classes: ['cat'] });
  expect(current()).not.toBe(second);
  // One that was begun before one looked back stays.
  session.choose('cat');
  const begun = current();
  session.previous();
  elsewhere(String(begun));
  session.next();
  expect(current()).toBe(begun);
  expect(session.snapshot().draft.classes).toEqual(['cat']);
  // Fewer are left, so more are fetched.
  const asked = fake.next.mock.calls.length;
  for (const { task } of session.snapshot().ahead.slice(1)) elsewhere(String(task));
  await eventually(() => expect(fake.next.mock.calls.length).toBeGreaterThan(asked));
  await eventually(() => expect(session.snapshot().ahead.length).toBeGreaterThan(1));
});

test('five are leased, and more are fetched when two remain', async () => {
  const fake = await begin();
  expect(session.snapshot().ahead).toHaveLength(5);
  await answer();
  await answer();
  expect(fake.next).toHaveBeenCalledTimes(1);
  await answer();
  await eventually(() => expect(session.snapshot().ahead).toHaveLength(5));
  expect(fake.next).toHaveBeenLastCalledWith({
    want: 8,
    holding: ['l4', 'l5', 'l1', 'l2', 'l3'],
    tab: 'tab',
  });
});

test('an answer carries the lease, the schema version and the time it took', async () => {
  await begin();
  session.flag();
  session.comment('odd');
  clock += 4_200;
  await answer();
  expect(enqueued[0]).toMatchObject({
    lease: 'l1',
    task: 1,
    revision: 1,
    schema_version: 3,
    answer: cat,
    comment: 'odd',
    flagged: true,
    duration_ms: 4_200,
    started_at: new Date(1_000_000).toISOString(),
  });
  expect(session.snapshot().draft).toEqual({ classes: [], comment: '', flagged: false });
});

test('the next task is announced only after the answer is stored', async () => {
  await begin();
  const order: string[] = [];
  session.onCurrent((work) => order.push(`shown ${work?.task} with ${enqueued.length} stored`));
  await answer();
  expect(order).toEqual(['shown 2 with 1 stored']);
});

test('two quick presses do not answer the next task unseen', async () => {
  await begin();
  const both = await Promise.all([answer(), answer()]);
  expect(both).toEqual([true, false]);
  expect(enqueued).toHaveLength(1);
});

test('going back over a submit makes a new revision on the same lease', async () => {
  await begin();
  await answer(['cat']);
  await answer(['dog']);
  session.previous();
  session.previous();
  expect(current()).toBe(1);
  expect(session.snapshot()).toMatchObject({ back: 2, draft: { classes: ['cat'] } });
  await answer(['wolf']);
  expect(enqueued[2]).toMatchObject({ task: 1, lease: 'l1', revision: 2, answer: { classes: ['wolf'] } });
  expect(enqueued[2]?.id).not.toBe(enqueued[0]?.id);
  expect(current()).toBe(2);
  session.next();
  expect(current()).toBe(3);
});

test('an answer that was refused is answered again under the same revision', async () => {
  await begin();
  await answer(['extinct']);
  refuse(enqueued[0] as SubmitBody);
  session.previous();
  await answer(['cat']);
  expect(enqueued[1]).toMatchObject({ task: 1, revision: 1, answer: cat });
  expect(enqueued[1]?.id).not.toBe(enqueued[0]?.id);
});

test('once the time to edit is over the answer is shown but not taken', async () => {
  await begin();
  await answer();
  confirm({ task: 1, editable_until: new Date(clock + 60_000).toISOString() });
  session.previous();
  expect(session.snapshot().readOnly).toBe(false);
  session.next();
  clock += 61_000;
  session.previous();
  expect(session.snapshot().readOnly).toBe(true);
  expect(await answer(['dog'])).toBe(false);
});

test('a half-made answer comes back after a crash', async () => {
  await saveDraft('crashed', '1', { classes: ['dog', 'cat'], comment: 'hm', flagged: false });
  await begin(8, 'crashed');
  await eventually(() => expect(session.snapshot().restored).toBe(true));
  expect(session.snapshot().draft.classes).toEqual(['dog', 'cat']);
});

test('a draft that is found late does not undo what was begun meanwhile', async () => {
  await saveDraft('late', '2', { classes: ['dog'], comment: '', flagged: false });
  await begin(8, 'late');
  await answer();
  session.flag();
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(session.snapshot()).toMatchObject({ draft: { classes: [], flagged: true }, restored: false });
});

test('what is taken back is kept in the browser like any change, and another task begins anew', async () => {
  await begin(8, 'undone');
  const timeline = timelineOf(session);
  session.choose('cat');
  session.choose('cat');
  session.flag();
  session.comment('h');
  session.comment('hm');
  timeline.undo();
  expect(session.snapshot().draft).toEqual({ classes: ['cat'], comment: '', flagged: true });
  timeline.undo();
  await eventually(async () =>
    expect(await loadDraft('undone', '1')).toEqual({ classes: ['cat'], comment: '', flagged: false }),
  );
  timeline.undo();
  expect([session.snapshot().draft.classes, timeline.undo()]).toEqual([[], false]);
  timeline.redo();
  await answer();
  expect([current(), timeline.snapshot()]).toEqual([2, { canUndo: false, canRedo: false }]);
});

test('an empty queue says so, and what the server says with it', async () => {
  const fake = await begin(1);
  await answer();
  expect(session.snapshot().state).toBe('loading');
  await eventually(() => expect(session.snapshot().state).toBe('empty'));
  expect(fake.next).toHaveBeenCalledTimes(2);
  expect(session.snapshot().current).toBeNull();
});

test('a task that comes back while its answer is under way is not shown again', async () => {
  const fake = await begin(5);
  await answer();
  await answer();
  fake.next.mockResolvedValueOnce({ leases: [lease(1), lease(9)], lost: [], remaining: 0, message: null });
  await answer();
  await eventually(() => expect(session.snapshot().ahead.map((w) => w.task)).toEqual([4, 5, 9]));
});

test('losing the server does not lose the work in hand', async () => {
  const fake = await begin();
  fake.next.mockRejectedValue(new Problem({ title: 'gone', status: 0, code: 'unreachable' }));
  for (let n = 0; n < 5; n += 1) await answer();
  await eventually(() => expect(session.snapshot().state).toBe('failed'));
  expect(enqueued).toHaveLength(5);
  fake.next.mockResolvedValue({ leases: [lease(30)], lost: [], remaining: 0, message: null });
  session.lookAgain();
  await eventually(() => expect(current()).toBe(30));
  expect(session.snapshot().state).toBe('working');
});

test('leaving gives back what was not answered', async () => {
  const fake = await begin();
  await answer();
  session.leave();
  expect(fake.release).toHaveBeenCalledWith({ tab: 'tab', leases: ['l2', 'l3', 'l4', 'l5'] });
});

test('time with the page hidden does not count', async () => {
  await begin();
  clock += 1_000;
  const visibility = vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden');
  document.dispatchEvent(new Event('visibilitychange'));
  clock += 600_000;
  visibility.mockReturnValue('visible');
  document.dispatchEvent(new Event('visibilitychange'));
  clock += 500;
  expect(session.spent()).toBe(1_500);
});

test('a lease that was lost while it waited is dropped, the one on the table stays', async () => {
  const fake = await begin(5);
  await answer();
  await answer();
  fake.next.mockResolvedValueOnce({ leases: [], lost: ['l4', 'l5'], remaining: 0, message: null });
  await answer();
  await eventually(() => expect(session.snapshot().ahead.map((w) => w.task)).toEqual([4]));
});

test('what a heartbeat says is lost is let go of and replaced, and what was said of it stays kept', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  try {
    const fake = await begin(5, 'back-online');
    const ahead = () => session.snapshot().ahead.map(({ task }) => task);
    await answer();
    session.comment('odd');
    session.previous();
    // An hour without a network: others have one that waits, and the one that was begun.
    fake.heartbeat.mockResolvedValueOnce({ lost: ['l2', 'l4'] });
    fake.next.mockImplementationOnce(async ({ holding }) => {
      expect(holding).toEqual(['l2', 'l3', 'l4', 'l5', 'l1']);
      return { leases: [lease(6), lease(7)], lost: ['l2', 'l4'], remaining: 9, message: null };
    });
    vi.advanceTimersByTime(60_000);
    await eventually(() => expect(ahead()).toEqual([3, 5, 6, 7]));
    expect(fake.heartbeat.mock.calls[0]?.[0].leases).toEqual(['l2', 'l3', 'l4', 'l5']);
    expect(current()).toBe(1);
    session.next();
    expect([current(), session.snapshot().draft.comment]).toEqual([3, '']);
    expect(await loadDraft('back-online', '2')).toMatchObject({ comment: 'odd' });
    // No answer to a heartbeat, or one that all is well, asks for nothing.
    const asked = fake.next.mock.calls.length;
    fake.heartbeat.mockRejectedValueOnce(new Problem({ status: 0, title: 'offline', code: 'unreachable' }));
    vi.advanceTimersByTime(120_000);
    await eventually(() => expect(fake.heartbeat).toHaveBeenCalledTimes(3));
    expect(fake.next).toHaveBeenCalledTimes(asked);
    expect(ahead()).toEqual([3, 5, 6, 7]);
  } finally {
    vi.useRealTimers();
  }
});

test('leases of confirmed answers are no longer said to be held', async () => {
  const fake = await begin();
  for (const task of [1, 2, 3]) {
    await answer();
    confirm({ task, editable_until: null });
  }
  await eventually(() =>
    expect(fake.next).toHaveBeenLastCalledWith({ want: 5, holding: ['l4', 'l5'], tab: 'tab' }),
  );
});

test('looking back keeps what was begun on the task in hand', async () => {
  await begin();
  await answer();
  session.toggle('dog');
  session.comment('half');
  session.previous();
  expect(session.snapshot().draft).toEqual({ classes: ['cat'], comment: '', flagged: false });
  session.next();
  expect(session.snapshot()).toMatchObject({ draft: { classes: ['dog'], comment: 'half' }, restored: false });
});

test('after a reload one can go back to what was answered before it', async () => {
  const { item } = lease(70);
  const given = { lease: 'l70', answer: cat, comment: 'c', flagged: true, item, editable_until: null };
  past = [
    { ...given, id: 'b', task: 71, revision: 2 },
    { ...given, id: 'a', task: 70, revision: 1 },
  ];
  await begin();
  await eventually(() => expect(session.snapshot().canGoBack).toBe(true));
  session.previous();
  expect(current()).toBe(71);
  expect(session.snapshot().draft).toEqual({ classes: ['cat'], comment: 'c', flagged: true });
  await answer(['dog']);
  expect(enqueued[0]).toMatchObject({ task: 71, lease: 'l70', revision: 3 });
});

test('what a reviewer sent back is asked anew with the earlier answer, though it was answered in this sitting', async () => {
  const fake = await begin(3);
  await answer();
  expect(session.snapshot().canGoBack).toBe(true);
  const remark = { comment: 'The ears.', x: 3, y: 4, answer: { kind: 'class' as const, classes: ['cat'] } };
  const back = { ...lease(1), lease: 'again', remark };
  fake.next.mockResolvedValueOnce({ leases: [back], lost: [], remaining: 1, message: null });
  session.lookAgain();
  await eventually(() => expect(session.snapshot().ahead.some((work) => work.lease === 'again')).toBe(true));
  expect(session.snapshot().canGoBack).toBe(false);
  while (current() !== 1) await answer(['dog']);
  expect(session.snapshot().current?.remark?.comment).toBe('The ears.');
  expect(session.snapshot().draft.classes).toEqual(['cat']);
  await answer(['dog']);
  expect(enqueued.at(-1)).toMatchObject({ task: 1, lease: 'again', revision: 1 });
});

test('what waits to be sent from before a reload is not asked again', async () => {
  unsent = [1, 2, 3].map((task) => ({ group: String(task), state: 'waiting' }));
  await begin();
  expect(session.snapshot().ahead.map((work) => work.task)).toEqual([4, 5]);
});

test('when all five wait to be sent, five others are leased beside them', async () => {
  unsent = [1, 2, 3, 4, 5].map((task) => ({ group: String(task), state: 'waiting' }));
  const fake = await begin(12);
  await eventually(() => expect(current()).toBe(6));
  expect(fake.next).toHaveBeenLastCalledWith({
    want: 10,
    holding: ['l1', 'l2', 'l3', 'l4', 'l5'],
    tab: 'tab',
  });
});

test('an answer that cannot be sent for long is not asked again, however many came after it', async () => {
  const fake = await begin(40);
  await answer();
  unsent = [{ group: '1', state: 'waiting' }];
  for (let task = 2; task <= 30; task += 1) {
    await eventually(() => expect(current()).toBe(task));
    await answer();
    confirm({ task });
  }
  await eventually(() => expect(session.snapshot().ahead.length).toBeGreaterThan(2));
  // Its lease ran out, and the server gives it to the same person once more.
  const again = { ...lease(1), lease: 'again' };
  fake.next.mockResolvedValueOnce({ leases: [again], lost: ['l1'], remaining: 1, message: null });
  session.lookAgain();
  await eventually(() => expect(fake.next.mock.lastCall?.[0].holding).toContain('l1'));
  await eventually(() => expect(fake.next.mock.results.at(-1)?.type).toBe('return'));
  session.lookAgain();
  await eventually(() => expect(fake.next.mock.lastCall?.[0].holding).toContain('again'));
  expect(session.snapshot().ahead.map(({ task }) => task)).not.toContain(1);
});

test('what another tab has answered and not yet sent is not asked again here', async () => {
  const fake = await begin(5);
  unsent = [{ group: '70', state: 'waiting' }];
  fake.next.mockResolvedValueOnce({ leases: [lease(70)], lost: [], remaining: 1, message: null });
  session.lookAgain();
  await eventually(() => expect(fake.next).toHaveBeenCalledTimes(2));
  session.lookAgain();
  await eventually(() => expect(fake.next.mock.lastCall?.[0].holding).toContain('l70'));
  expect(session.snapshot().ahead.map(({ task }) => task)).toEqual([1, 2, 3, 4, 5]);
});

test('a server that offers nothing but what waits to be sent is not asked without end', async () => {
  unsent = [{ group: '70', state: 'waiting' }];
  const fake = server(0);
  fake.next.mockResolvedValue({ leases: [lease(70)], lost: [], remaining: 1, message: null });
  await beginWith(fake);
  await eventually(() => expect(session.snapshot().state).toBe('empty'));
  expect(fake.next.mock.calls.length).toBeLessThan(4);
});

test('going back while an answer is being stored loses neither of the two', async () => {
  await begin();
  await answer(['cat']);
  const storing = answer(['dog']);
  session.previous();
  await storing;
  expect(current()).toBe(1);
  session.next();
  expect(current()).toBe(2);
  expect(session.snapshot().draft.classes).toEqual(['dog']);
  session.next();
  expect(current()).toBe(3);
  expect(session.snapshot().ahead.map(({ task }) => task)).toEqual([3, 4, 5]);
});

test('an answer that the server refused may be asked anew', async () => {
  unsent = [{ group: '1', state: 'parked' }];
  await begin();
  expect(current()).toBe(1);
});

test('an answer that this browser cannot keep is not lost in silence', async () => {
  await begin();
  full = true;
  expect(await answer()).toBe(false);
  expect(session.snapshot()).toMatchObject({ unstored: true, current: { task: 1 }, canGoBack: false });
  full = false;
  expect(await answer()).toBe(true);
  expect(session.snapshot()).toMatchObject({ unstored: false, current: { task: 2 } });
});
