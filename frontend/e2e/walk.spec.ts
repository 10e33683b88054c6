import { type BrowserContext, expect, type Page, test } from '@playwright/test';
import { projectOf, signIn } from './support/accounts';
import { type Audit, allJudged, readEstimate, startAudit } from './support/auditing';
import { currentTask, openWorkbench } from './support/queue';
import { inBothColours } from './support/shots';

/** One walk by three people: a lead starts an audit, an annotator judges it blind, the lead reads the number, a researcher cites. */

const BUDGET = 6;

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
  await inBothColours(page, 'audit-queue');
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
  const audit = await startAudit(page, project, BUDGET);

  const work = await browser.newContext();
  const annotator = await asPerson(work, 'annotator');
  await judgeAll(annotator, project, audit);
  await allJudged(page, project, audit);
  const refused = await annotator.request.get(`/api/v1/projects/${project}/audits/${audit.id}`);
  expect(refused.status()).toBe(403);
  await work.close();

  await readEstimate(page, project, audit);

  const reading = await browser.newContext();
  const researcher = await asPerson(reading, 'researcher');
  await researcher.goto(`/p/${project}/versions/emoji@v1`);
  await expect(researcher.getByText(/image_dataset_from_directory/).first()).toBeVisible();
  await reading.close();
});
