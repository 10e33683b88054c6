import { IDBFactory } from 'fake-indexeddb';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Problem } from '@/api/problem';
import { eventually } from '@/test/eventually';
import { loadDraft, saveDraft } from './drafts';
import { backoff, Outbox, type OutboxOptions, type Reply } from './outbox';
import { countUnsent, type OutboxEntry, openStore } from './store';

const open: Outbox[] = [];

/** Locks as a browser has them: one holder of a name at a time, across all boxes that share it. */
function fakeLocks(): Pick<LockManager, 'request'> {
  let tail: Promise<unknown> = Promise.resolve();
  const request = (_name: string, work: () => Promise<unknown>) => {
    tail = tail.then(work, work);
    return tail;
  };
  return { request: request as unknown as LockManager['request'] };
}

function box(send: (entry: OutboxEntry) => Promise<Reply>, more: Partial<OutboxOptions> = {}): Outbox {
  const outbox = new Outbox({ user: 'u1', send, random: () => 0, locks: null, ...more });
  open.push(outbox);
  return outbox;
}

const entry = (id: string, group = id) => ({
  id,
  group,
  path: '/api/v1/submissions',
  body: { id },
  title: id,
});
const ok: Reply = { status: 201, body: {} };
const fail = (status: number, code = 'x') => new Problem({ title: 'no', status, code });

beforeEach(() => {
  vi.stubGlobal('indexedDB', new IDBFactory());
});

afterEach(async () => {
  await Promise.all(open.splice(0).map((outbox) => outbox.stop()));
  vi.unstubAllGlobals();
});

test('an entry is stored before enqueue resolves, and gone once it is sent', async () => {
  let release = (_: Reply) => {};
  const outbox = box(() => new Promise((resolve) => (release = resolve)));
  await outbox.enqueue(entry('a'));
  expect(await countUnsent('u1')).toBe(1);
  await eventually(() => expect(outbox.status().state).toBe('sending'));
  release(ok);
  await eventually(() =>
    expect(outbox.status()).toEqual({ unsent: 0, parked: 0, writing: 0, state: 'idle' }),
  );
  expect(await countUnsent('u1')).toBe(0);
});

test('the draft goes in the same transaction', async () => {
  const outbox = box(async () => ok);
  await saveDraft('u1', 'task-1', { classes: ['cat'] });
  await outbox.enqueue(entry('a', 'task-1'), 'task-1');
  expect(await loadDraft('u1', 'task-1')).toBeNull();
});

test('an entry that arrives while the last one is being sent is not forgotten', async () => {
  const sent: string[] = [];
  const outbox = box(async ({ id }) => {
    sent.push(id);
    // The wake-up of "b" falls into the drain that is sending "a".
    if (id === 'a') await outbox.enqueue(entry('b'));
    return ok;
  });
  await outbox.enqueue(entry('a'));
  await eventually(() => expect(sent).toEqual(['a', 'b']));
});

test('a wake-up that comes when the drain has seen its last entry makes it go round again', async () => {
  const sent: string[] = [];
  const locks = fakeLocks();
  const holding: Pick<LockManager, 'request'> = {
    request: (async (name: string, work: () => Promise<unknown>) => {
      await locks.request(name, work as never);
      // The round is over, the drain is not: this is the window in which a wake-up used to be lost.
      if (sent.length === 1 && !sent.includes('b')) await outbox.enqueue(entry('b'));
    }) as unknown as LockManager['request'],
  };
  const outbox = box(
    async ({ id }) => {
      sent.push(id);
      return ok;
    },
    { locks: holding },
  );
  await outbox.enqueue(entry('a'));
  await eventually(() => expect(sent).toEqual(['a', 'b']));
});

test('401 stops everything and keeps it; signing in sends it with the same key', async () => {
  let signedIn = false;
  const seen: string[] = [];
  const outbox = box(async ({ id }) => {
    seen.push(id);
    if (!signedIn) throw fail(401);
    return ok;
  });
  await outbox.enqueue(entry('a'));
  await eventually(() => expect(outbox.status().state).toBe('signed-out'));
  await outbox.enqueue(entry('b'));
  await outbox.drain();
  expect(seen).toEqual(['a']);
  await eventually(() => expect(outbox.status().unsent).toBe(2));
  signedIn = true;
  await outbox.resume();
  expect(seen).toEqual(['a', 'a', 'b']);
  expect(outbox.status()).toMatchObject({ unsent: 0, state: 'idle' });
});

test.each([409, 412, 400, 404, 422, 403])(
  '%i is parked with its reason, and the next one is sent',
  async (status) => {
    const outbox = box(async ({ id }) => {
      if (id === 'a') throw fail(status, 'lease-lost');
      return ok;
    });
    await outbox.enqueue(entry('a'));
    await outbox.enqueue(entry('b'));
    await eventually(() => expect(outbox.status()).toMatchObject({ unsent: 0, parked: 1 }));
    const [parked] = await outbox.parked();
    expect(parked?.problem).toMatchObject({ status, code: 'lease-lost' });
    expect(parked?.body).toEqual({ id: 'a' });
  },
);

test('a mended answer takes the place of the refused one, which keeps what the server has instead', async () => {
  const current = { revision: 3, answer: { kind: 'class', classes: ['cat'] } };
  const outbox = box(async ({ id }) => {
    if (id === 'a') throw new Problem({ title: 'no', status: 409, code: 'revision-conflict', current });
    return ok;
  });
  await outbox.enqueue({ ...entry('a', 'task'), origin: { queue: 'q' } });
  await eventually(() => expect(outbox.status().parked).toBe(1));
  const [parked] = await outbox.pending();
  expect([parked?.problem?.current, parked?.origin]).toEqual([current, { queue: 'q' }]);
  await outbox.enqueue(entry('b', 'task'), null, 'a');
  await eventually(() => expect(outbox.status()).toMatchObject({ unsent: 0, parked: 0, state: 'idle' }));
  expect(await countUnsent('u1')).toBe(0);
});

test.each([409, 503])(
  'what was thrown away while it was on its way does not come back after %i',
  async (status) => {
    let refuse = () => {};
    const outbox = box(() => new Promise((_, reject) => (refuse = () => reject(fail(status)))));
    await outbox.enqueue(entry('a'));
    await eventually(() => expect(outbox.status().state).toBe('sending'));
    await outbox.discard('a');
    refuse();
    await eventually(() => expect(outbox.status().state).toBe('idle'));
    expect(await countUnsent('u1')).toBe(0);
  },
);

test('what is thrown away while everything is tried anew does not come back', async () => {
  const outbox = box(async () => {
    throw fail(503);
  });
  await outbox.enqueue(entry('a'));
  await eventually(() => expect(outbox.status().state).toBe('waiting'));
  const woken = outbox.wake();
  await outbox.discard('a');
  await woken;
  expect(await countUnsent('u1')).toBe(0);
});

test('whoever asked is told what was refused, once', async () => {
  const refused = vi.fn();
  const outbox = box(async () => {
    throw fail(422);
  });
  outbox.onRefused(refused);
  await outbox.enqueue(entry('a'));
  await eventually(() => expect(outbox.status().parked).toBe(1));
  expect(refused).toHaveBeenCalledOnce();
  expect(refused.mock.calls[0]?.[0]).toMatchObject({ id: 'a', body: { id: 'a' } });
});

test('a parked entry can be put back', async () => {
  let healed = false;
  const outbox = box(async () => {
    if (!healed) throw fail(409);
    return ok;
  });
  await outbox.enqueue(entry('a'));
  await eventually(() => expect(outbox.status().parked).toBe(1));
  healed = true;
  await outbox.retry('a');
  expect(outbox.status()).toMatchObject({ unsent: 0, parked: 0 });
});

test.each([0, 500, 503, 408, 425, 429])('%i is tried again, later, under the same id', async (status) => {
  let clock = 1_000_000;
  const seen: string[] = [];
  const outbox = box(
    async ({ id }) => {
      seen.push(id);
      if (seen.length === 1) throw fail(status);
      return ok;
    },
    { now: () => clock },
  );
  await outbox.enqueue(entry('a'));
  await eventually(() => expect(outbox.status().state).toBe('waiting'));
  await outbox.drain();
  expect(seen).toEqual(['a']);
  clock += 501;
  await outbox.drain();
  expect(seen).toEqual(['a', 'a']);
  expect(await countUnsent('u1')).toBe(0);
});

test('a server that never answers does not hold up the line', async () => {
  const seen: string[] = [];
  vi.stubGlobal('fetch', (request: Request) => {
    seen.push(request.headers.get('Idempotency-Key') ?? '');
    if (seen.length > 1) return Promise.resolve(Response.json({}, { status: 201 }));
    return new Promise((_, reject) =>
      request.signal.addEventListener('abort', () => reject(request.signal.reason)),
    );
  });
  const outbox = new Outbox({ user: 'u1', timeoutMs: 20, random: () => 0, locks: null });
  open.push(outbox);
  await outbox.enqueue(entry('a'));
  await eventually(() => expect(outbox.status()).toMatchObject({ unsent: 1, parked: 0, state: 'waiting' }));
  await outbox.wake();
  await eventually(() => expect(outbox.status()).toMatchObject({ unsent: 0, parked: 0 }));
  expect(seen).toEqual(['a', 'a']);
});

test('a page that something else answers with is no confirmation', async () => {
  vi.stubGlobal('fetch', async () => new Response('<html>Sign in to the network</html>', { status: 200 }));
  const outbox = new Outbox({ user: 'u1', random: () => 0, locks: null });
  open.push(outbox);
  await outbox.enqueue(entry('a'));
  await eventually(() => expect(outbox.status()).toMatchObject({ unsent: 1, parked: 0, state: 'waiting' }));
});

test('a stale CSRF token is no reason to bother a person', async () => {
  let tries = 0;
  let clock = 0;
  const outbox = box(
    async () => {
      tries += 1;
      if (tries === 1) throw fail(403, 'csrf');
      return ok;
    },
    { now: () => clock },
  );
  await outbox.enqueue(entry('a'));
  await eventually(() => expect(outbox.status()).toMatchObject({ unsent: 1, parked: 0, state: 'waiting' }));
  clock += 1_000;
  await outbox.drain();
  expect(tries).toBe(2);
});

test('the wait doubles up to a minute and is spread by chance', () => {
  expect(backoff(0, () => 1)).toBe(1000);
  expect(backoff(3, () => 1)).toBe(8000);
  expect(backoff(30, () => 1)).toBe(60_000);
  expect(backoff(3, () => 0)).toBe(4000);
});

test('a revision waits for the one before it; other tasks do not', async () => {
  const seen: string[] = [];
  const outbox = box(
    async ({ id }) => {
      seen.push(id);
      if (id === 'a1') throw fail(503);
      return ok;
    },
    { now: () => 1_000 },
  );
  await outbox.enqueue(entry('a1', 'task-a'));
  await outbox.enqueue(entry('a2', 'task-a'));
  await outbox.enqueue(entry('b1', 'task-b'));
  await eventually(() => expect(seen).toEqual(['a1', 'b1']));
  await outbox.drain();
  expect(seen).toEqual(['a1', 'b1']);
  expect(outbox.status().unsent).toBe(2);
});

test('two tabs with locks send each entry once', async () => {
  const seen: string[] = [];
  const locks = fakeLocks();
  const send = async ({ id }: OutboxEntry) => {
    seen.push(id);
    await new Promise((resolve) => setTimeout(resolve, 5));
    return ok;
  };
  const one = box(send, { locks });
  const two = box(send, { locks });
  await Promise.all([one.enqueue(entry('a')), two.enqueue(entry('b')), one.enqueue(entry('c'))]);
  await Promise.all([one.drain(), two.drain()]);
  expect([...seen].sort()).toEqual(['a', 'b', 'c']);
});

test('two tabs without locks may send twice, but under one key, and nothing is lost', async () => {
  const keys = new Map<string, number>();
  const send = async ({ id }: OutboxEntry) => {
    keys.set(id, (keys.get(id) ?? 0) + 1);
    await new Promise((resolve) => setTimeout(resolve, 5));
    return ok;
  };
  const one = box(send);
  const two = box(send);
  await Promise.all([one.enqueue(entry('a')), two.enqueue(entry('b')), one.enqueue(entry('c'))]);
  await Promise.all([one.drain(), two.drain()]);
  expect([...keys.keys()].sort()).toEqual(['a', 'b', 'c']);
  expect(await countUnsent('u1')).toBe(0);
});

test('a tab hears of what another one has put in, and not of what it put in itself', async () => {
  const [one, other] = [box(async () => ok), box(async () => ok)];
  const [heardByOne, heardByOther] = [vi.fn(), vi.fn()];
  one.onElsewhere(heardByOne);
  const stop = other.onElsewhere(heardByOther);
  await one.enqueue(entry('a', '17'));
  await eventually(() => expect(heardByOther.mock.calls).toEqual([['17']]));
  stop();
  await other.enqueue(entry('b', '18'));
  await eventually(() => expect(heardByOne.mock.calls).toEqual([['18']]));
  expect(heardByOther).toHaveBeenCalledTimes(1);
});

test('what a closed tab left behind is sent on the next visit', async () => {
  const first = box(async () => {
    throw fail(0);
  });
  await first.enqueue(entry('a'));
  await first.stop();
  const seen: string[] = [];
  const second = box(async ({ id }) => {
    seen.push(id);
    return ok;
  });
  await second.wake();
  expect(seen).toEqual(['a']);
});

test('an entry of a newer application is kept and left alone', async () => {
  const db = await openStore('u1');
  const strange = {
    ...entry('z'),
    seq: 1,
    state: 'waiting',
    attempts: 0,
    notBefore: 0,
    createdAt: 0,
    version: 99,
  } as const;
  await db.put('outbox', strange);
  db.close();
  const send = vi.fn(async () => ok);
  const outbox = box(send);
  await outbox.drain();
  expect(send).not.toHaveBeenCalled();
  expect(await countUnsent('u1')).toBe(1);
});

test('the same id twice is one entry', async () => {
  const send = vi.fn(async () => {
    throw fail(0);
  });
  const outbox = box(send);
  await outbox.enqueue(entry('a'));
  await outbox.enqueue(entry('a'));
  expect(await countUnsent('u1')).toBe(1);
});

test('people have separate stores', async () => {
  const outbox = box(async () => {
    throw fail(0);
  });
  await outbox.enqueue(entry('a'));
  expect(await countUnsent('u2')).toBe(0);
});

test('closing the tab is questioned only while a write is not yet stored', async () => {
  const outbox = box(async () => ok);
  outbox.start();
  const leave = () => {
    const event = new Event('beforeunload', { cancelable: true });
    window.dispatchEvent(event);
    return event.defaultPrevented;
  };
  const writing = outbox.enqueue(entry('a'));
  expect(leave()).toBe(true);
  await writing;
  expect(leave()).toBe(false);
});
