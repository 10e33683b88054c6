import { expect, type Page } from '@playwright/test';
import { projectOf } from './accounts';

interface Queue {
  id: string;
  state: string;
  purpose: string;
  remaining: number;
}

/** A queue with work for whoever is signed in; named by TOUCHSTONE_QUEUE or the open one with most left to label. */
export async function openQueue(page: Page): Promise<{ project: string; queue: string }> {
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

export async function openWorkbench(page: Page, where: { project: string; queue: string }): Promise<void> {
  await page.goto(`/p/${where.project}/label/${where.queue}`);
  await pictureShown(page);
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

export const saveState = (page: Page) => page.getByTestId('save-state');
