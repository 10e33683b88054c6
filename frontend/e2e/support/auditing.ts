import { expect, type Page } from '@playwright/test';
import { named } from './queue';

export interface Audit {
  id: string;
  asked: number;
  judged: number;
  queue: { id: string };
  result: { accuracy?: { value: number | null; low: number | null; high: number | null } } | null;
}

/** The lead's own way: the form, a small sample without strata, and the page of the audit that it leads to. */
export async function startAudit(page: Page, project: string, budget: number): Promise<Audit> {
  await page.goto(`/p/${project}/production?tab=audits`);
  await page.getByRole('button', { name: 'Design an audit' }).click();
  const form = page.getByRole('dialog');
  await form.getByRole('textbox', { name: /^Name/ }).fill(named('Audit of the week'));
  await form.getByRole('textbox', { name: /^Predictions to judge/ }).fill(String(budget));
  await form.getByRole('button', { name: 'How it is drawn, and who judges' }).click();
  await form.getByRole('combobox', { name: 'Divided by' }).click();
  await page.getByRole('option', { name: 'Not at all' }).click();
  await expect(form.getByText(/of \d+ predictions between/)).toBeVisible();
  await form.getByRole('button', { name: 'Draw and ask people' }).click();
  await page.waitForURL(/\/production\/audits\/[0-9a-f-]+/);
  const id = new URL(page.url()).pathname.split('/').at(-1);
  return (await page.request.get(`/api/v1/projects/${project}/audits/${id}`)).json();
}

/** Takes in what people have answered, and reads the page's sentence and its number. */
export async function readEstimate(page: Page, project: string, { id, asked }: Audit): Promise<void> {
  await page.goto(`/p/${project}/production/audits/${id}`);
  await page.getByRole('button', { name: 'Take in new answers' }).click();
  await expect(page.getByText(`${asked} / ${asked}`).first()).toBeVisible();
  await expect(page.getByText(/the accuracy in production is/)).toBeVisible();
  const judged: Audit = await (await page.request.get(`/api/v1/projects/${project}/audits/${id}`)).json();
  const { value = null, low = null, high = null } = judged.result?.accuracy ?? {};
  expect(low ?? 1).toBeLessThanOrEqual(value ?? 0);
  expect(high ?? 0).toBeGreaterThanOrEqual(value ?? 1);
}

/** Until the queue has as many answers as it asks for. */
export async function allJudged(page: Page, project: string, { queue, asked }: Audit): Promise<void> {
  const path = `/api/v1/projects/${project}/queues/${queue.id}/stats`;
  const done = async () => ((await (await page.request.get(path)).json()) as { n_done: number }).n_done;
  await expect.poll(done, { timeout: 60_000 }).toBe(asked);
}
