import { type Draft, ENTRY_VERSION, openStore, type Store } from './store';

/** Unfinished answers, last one wins, so that a crash or a closed tab costs nothing. Deleted by the submission itself. */

const opened = new Map<string, Promise<Store>>();

async function withStore<T>(user: string, work: (db: Store) => Promise<T>): Promise<T> {
  let store = opened.get(user);
  if (!store) {
    store = openStore(user);
    opened.set(user, store);
  }
  try {
    return await work(await store);
  } catch (error) {
    // The connection may have been closed by a newer tab or by the browser: open anew next time.
    opened.delete(user);
    throw error;
  }
}

export async function saveDraft(user: string, task: string, answer: unknown): Promise<void> {
  await withStore(user, (db) =>
    db.put('drafts', { task, answer, savedAt: Date.now(), version: ENTRY_VERSION }),
  );
}

/** Reads and writes in one step, so that nobody writes between. */
export async function changeDraft(
  user: string,
  task: string,
  change: (answer: unknown) => unknown,
): Promise<void> {
  await withStore(user, async (db) => {
    const { store, done } = db.transaction('drafts', 'readwrite');
    const answer = change(answerOf(await store.get(task)));
    await store.put({ task, answer, savedAt: Date.now(), version: ENTRY_VERSION });
    await done;
  });
}

export async function loadDraft(user: string, task: string): Promise<unknown> {
  return answerOf(await withStore(user, (db) => db.get('drafts', task)));
}

/** What a newer application wrote is left alone. */
const answerOf = (draft: Draft | undefined): unknown =>
  draft && draft.version <= ENTRY_VERSION ? draft.answer : null;

export async function deleteDraft(user: string, task: string): Promise<void> {
  await withStore(user, (db) => db.delete('drafts', task));
}
