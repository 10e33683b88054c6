import { type DBSchema, type IDBPDatabase, openDB } from 'idb';

/** What this browser keeps until the server has it. One database per person; see outbox.ts for the rules. */

export type EntryState = 'waiting' | 'parked';

/** A write that the server has not confirmed. */
export interface OutboxEntry {
  /** UUID minted once: the id of the submission and its idempotency key. */
  id: string;
  /** Order of arrival. */
  seq: number;
  /** Entries of one group (a task) are sent one after the other. */
  group: string;
  path: string;
  body: unknown;
  state: EntryState;
  attempts: number;
  /** Epoch milliseconds before which it is not tried again. */
  notBefore: number;
  createdAt: number;
  /** Why it was parked, as the server said it; current: what the server has instead. */
  problem?: { status: number; code: string; title: string; detail?: string; current?: unknown };
  /** What the writer wants to know again when a person has to mend it. */
  origin?: unknown;
  /** Shape of the entry; one of a newer version is kept and left alone. */
  version: number;
  /** Words for the list of what needs a person. */
  title: string;
}

export interface Draft {
  task: string;
  answer: unknown;
  savedAt: number;
  version: number;
}

interface Schema extends DBSchema {
  outbox: { key: string; value: OutboxEntry; indexes: { seq: number } };
  drafts: { key: string; value: Draft };
}

export type Store = IDBPDatabase<Schema>;

export const ENTRY_VERSION = 1;
const DATABASE_VERSION = 1;

export function openStore(user: string): Promise<Store> {
  return openDB<Schema>(`touchstone-${user}`, DATABASE_VERSION, {
    upgrade(db) {
      // Only ever add: what an older or newer application wrote is never deleted.
      db.createObjectStore('outbox', { keyPath: 'id' }).createIndex('seq', 'seq', { unique: true });
      db.createObjectStore('drafts', { keyPath: 'task' });
    },
    blocking(_now, _next, event) {
      // Another tab brings a newer version: make way instead of blocking it.
      (event.target as IDBDatabase).close();
    },
  });
}

/** How many writes of this person wait in this browser. */
export async function countUnsent(user: string): Promise<number> {
  const db = await openStore(user);
  try {
    return await db.count('outbox');
  } finally {
    db.close();
  }
}

export type NewEntry = Pick<OutboxEntry, 'id' | 'group' | 'path' | 'body' | 'title' | 'origin'>;

/**
 * Writes an entry and deletes its draft in one durable transaction: when the promise resolves, the work survives a crash.
 * The same id twice is one entry. `replaced` names the entry that it mends, which goes in the same transaction.
 */
export async function putEntry(
  db: Store,
  entry: NewEntry,
  draft: string | null,
  now: number,
  replaced: string | null = null,
): Promise<void> {
  const tx = db.transaction(['outbox', 'drafts'], 'readwrite', { durability: 'strict' });
  const outbox = tx.objectStore('outbox');
  const known = await outbox.getKey(entry.id);
  if (known === undefined) {
    const last = await outbox.index('seq').openKeyCursor(null, 'prev');
    const seq = (last ? Number(last.key) : 0) + 1;
    const rest = {
      seq,
      state: 'waiting',
      attempts: 0,
      notBefore: 0,
      createdAt: now,
      version: ENTRY_VERSION,
    } as const;
    await outbox.put({ ...entry, ...rest });
  }
  if (replaced !== null) await outbox.delete(replaced);
  if (draft !== null) await tx.objectStore('drafts').delete(draft);
  await tx.done;
}

export function entriesInOrder(db: Store): Promise<OutboxEntry[]> {
  return db.getAllFromIndex('outbox', 'seq');
}

/** Changes an entry, unless it went while somebody was about to: sent, thrown away, or replaced by a mended answer. */
export async function changeEntry(
  db: Store,
  id: string,
  change: Partial<OutboxEntry>,
): Promise<OutboxEntry | null> {
  const tx = db.transaction('outbox', 'readwrite');
  const entry = await tx.store.get(id);
  const changed = entry && { ...entry, ...change };
  if (changed) await tx.store.put(changed);
  await tx.done;
  return changed ?? null;
}
