import { type BrowserContext, expect, type Page, test } from '@playwright/test';
import { projectOf, signIn } from './support/accounts';
import { currentTask, openWorkbench } from './support/queue';

/** One walk by three people: a lead starts an audit, an annotator judges it blind, the lead reads the number, a researcher cites. */

const BUDGET = 6;

interface Audit {
  id: string;
  asked: number;
  judged: number;
  queue: { id: string };
  result: { accuracy?: { value: number | null; low: number | null; high: number | null } } | null;
}

/** The lead's own way: the form, a small sample without strata, and the page of the audit that it leads to. */
async function startAudit(page: Page, project: string): Promise<Audit> {
  await page.goto(`/p/${project}/production?tab=audits`);
  await page.getByRole('button', { name: 'Design an audit' }).click();
  const form = page.getByRole('dialog');
  await form.getByRole('textbox', { name: /^Name/ }).fill(`Browser audit ${Date.now()}`);
  await form.getByRole('textbox', { name: /^Predictions to judge/ }).fill(String(BUDGET));
  await form.getByRole('button', { name: 'How it is drawn, and who judges' }).click();
  await form.getByRole('combobox', { name: 'Divided by' }).click();
  await page.getByRole('option', { name: 'Not at all' }).click();
  await expect(form.getByText(/of \d+ predictions between/)).toBeVisible();
  await form.getByRole('button', { name: 'Draw and ask people' }).click();
  await page.waitForURL(/\/production\/audits\/[0-9a-f-]+/);
  const id = new URL(page.url()).pathname.split('/').at(-1);
  return (await page.request.get(`/api/v1/projects/${project}/audits/${id}`)).json();
}

/** Names a thing for the picture on the table, by type-ahead, and goes on. */
async function nameIt(page: Page, letters: string): Promise<void> {
  const before = await currentTask(page);
  await page.keyboard.press('Slash');
  await page.keyboard.type(letters);
  await page.keyboard.press('Enter');
  await expect.poll(() => currentTask(page)).not.toBe(before);
  // The next picture, or that there is none: a key that comes while it loads answers nothing.
  await expect(page.locator('[data-picture="shown"], [data-message]').first()).toBeVisible();
}

async function judgeAll(page: Page, project: string, audit: Audit): Promise<void> {
  await openWorkbench(page, { project, queue: audit.queue.id });
  for (let n = 0; n < audit.asked; n += 1) {
    await nameIt(page, 'face');
    if ((await page.locator('[data-message]').count()) > 0) break;
  }
}

async function asPerson(context: BrowserContext, person: 'annotator' | 'researcher'): Promise<Page> {
  const page = await context.newPage();
  await signIn(page, person);
  return page;
}

test('from signing in to the audit’s estimate', async ({ browser, page }) => {
  test.setTimeout(240_000);
  await signIn(page, 'lead');
  const project = await projectOf(page);
  await page.goto(`/p/${project}/home`);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  const audit = await startAudit(page, project);

  const work = await browser.newContext();
  const annotator = await asPerson(work, 'annotator');
  await judgeAll(annotator, project, audit);
  await expect
    .poll(
      async () => {
        const path = `/api/v1/projects/${project}/queues/${audit.queue.id}/stats`;
        return ((await (await page.request.get(path)).json()) as { n_done: number }).n_done;
      },
      { timeout: 60_000 },
    )
    .toBe(audit.asked);
  const refused = await annotator.request.get(`/api/v1/projects/${project}/audits/${audit.id}`);
  expect(refused.status()).toBe(403);
  await work.close();

  await page.reload();
  await page.getByRole('button', { name: 'Take in new answers' }).click();
  await expect(page.getByText(`${BUDGET} / ${BUDGET}`).first()).toBeVisible();
  await expect(page.getByText(/the accuracy in production is/)).toBeVisible();
  const judged: Audit = await (
    await page.request.get(`/api/v1/projects/${project}/audits/${audit.id}`)
  ).json();
  const { value = null, low = null, high = null } = judged.result?.accuracy ?? {};
  expect(low ?? 1).toBeLessThanOrEqual(value ?? 0);
  expect(high ?? 0).toBeGreaterThanOrEqual(value ?? 1);

  const reading = await browser.newContext();
  const researcher = await asPerson(reading, 'researcher');
  await researcher.goto(`/p/${project}/versions/emoji@v1`);
  await expect(researcher.getByText(/image_dataset_from_directory/).first()).toBeVisible();
  await reading.close();
});
