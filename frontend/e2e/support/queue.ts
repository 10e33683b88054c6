import { expect, type Page } from '@playwright/test';
import { projectOf } from './accounts';
import { call } from './api';
import { jobDone } from './importing';

/** A queue by the addresses of its project and itself. */
export interface Place {
  project: string;
  queue: string;
}

interface Queue {
  id: string;
  state: string;
  purpose: string;
  remaining: number;
}

/** A queue with work for whoever is signed in; named by TOUCHSTONE_QUEUE or the open one with most left to label. */
export async function openQueue(page: Page): Promise<Place> {
  const project = await projectOf(page);
  const named = process.env.TOUCHSTONE_QUEUE;
  if (named) return { project, queue: named };
  const answer = await page.request.get(`/api/v1/projects/${project}/my-work`);
  const { queues } = (await answer.json()) as { queues: Queue[] };
  const best = queues
    .filter((queue) => queue.state === 'open' && queue.purpose === 'labeling')
    .sort((one, other) => other.remaining - one.remaining)[0];
  if (!best) throw new Error('There is no open queue with work to test on.');
  return { project, queue: best.id };
}

/** A name that nothing else has, and that reads well in a picture: with the time of day. */
export const named = (stem: string): string => `${stem} ${new Date().toISOString().slice(11, 19)}`;

interface NewQueue {
  /** Of the queue and of its schema. */
  name: string;
  document: object;
  /** Keys of what is asked. */
  questions: readonly string[];
  /** So many pictures of the project, always the same. */
  items: number;
  /** People asked about each; one unless told. */
  redundancy?: number;
}

/** Makes a schema and a queue of pictures that asks some of its questions; whoever is signed in must lead the project. */
export async function makeQueue(
  page: Page,
  { name, document, questions, items, redundancy = 1 }: NewQueue,
): Promise<Place & { schema: string }> {
  const project = await projectOf(page);
  const at = `/projects/${project}`;
  const schema = await call<{ id: string }>(page, `${at}/schemas`, { name, document });
  const { queue, job } = await call<{ queue: { id: string }; job: string }>(page, `${at}/queues`, {
    name,
    schema: schema.id,
    questions,
    redundancy,
    auto_submit: false,
    selection: { sample: items, seed: 1 },
  });
  await jobDone(page, project, job);
  return { project, queue: queue.id, schema: schema.id };
}

export async function openWorkbench(page: Page, where: Place): Promise<void> {
  await readInstructions(page, where);
  await page.goto(`/p/${where.project}/label/${where.queue}`);
  await pictureShown(page);
}

/** Instructions that are new to somebody open by themselves; here they were read before, as on any other day. */
export async function readInstructions(page: Page, { project, queue }: Place): Promise<void> {
  const at = `/projects/${project}/queues/${queue}/guideline`;
  const { revision, is_new } = await call<{ revision: number; is_new: boolean }>(page, at);
  if (is_new) await call(page, `${at}/acknowledge`, { revision });
}

export async function pictureShown(page: Page): Promise<void> {
  await expect(page.locator('[data-picture="shown"]')).toBeVisible();
}

export async function currentTask(page: Page): Promise<string> {
  return (await page.locator('[data-picture]').getAttribute('data-task')) ?? '';
}

/** Answers the task on the table with one key, "none of these" unless told, and waits for the next one. */
export async function answerOne(page: Page, key = 'KeyN'): Promise<void> {
  const before = await currentTask(page);
  await page.keyboard.press(key);
  await expect(page.locator('[data-picture]')).not.toHaveAttribute('data-task', before);
  await pictureShown(page);
}

/** The same, and the server has it: "all saved" may stand there still from before the answer. */
export async function answerAndSave(page: Page, key?: string): Promise<void> {
  const sent = page.waitForResponse((r) => r.url().endsWith('/api/v1/submissions') && r.ok());
  await answerOne(page, key);
  await sent;
  await expect(saveState(page)).toHaveText('All saved');
}

/** Goes back to a task; a page that has just been loaded must have heard first of what was answered before. */
export async function goBackTo(page: Page, task: string): Promise<void> {
  await expect(page.getByRole('button', { name: 'Previous' })).toBeEnabled();
  await page.keyboard.press('KeyA');
  await expect(page.locator('[data-picture]')).toHaveAttribute('data-task', task);
  await pictureShown(page);
}

/** What the browser keeps of something begun, by its name in the store; null as long as there is nothing. */
export function draftOf(page: Page, name: string): Promise<unknown> {
  return page.evaluate(async (key) => {
    const found = (await indexedDB.databases()).find((one) => one.name?.startsWith('touchstone-'));
    if (!found?.name) return null;
    const done = <T>(asked: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        asked.onsuccess = () => resolve(asked.result);
        asked.onerror = () => reject(asked.error);
      });
    const db = await done(indexedDB.open(found.name));
    const draft = await done(db.transaction('drafts').objectStore('drafts').get(key));
    db.close();
    return draft?.answer ?? null;
  }, name);
}

export const saveState = (page: Page) => page.getByTestId('save-state');
