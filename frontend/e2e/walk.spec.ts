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

async function post<T>(page: Page, path: string, data: unknown): Promise<T> {
  const cookies = await page.context().cookies();
  const token = cookies.find((cookie) => cookie.name === 'csrftoken')?.value ?? '';
  const headers = { 'X-CSRFToken': token, Referer: page.url(), 'Idempotency-Key': `e2e-${Date.now()}` };
  const answer = await page.request.post(path, { data, headers });
  expect(answer.status(), await answer.text()).toBeLessThan(300);
  return (await answer.json()) as T;
}

async function startAudit(page: Page, project: string): Promise<Audit> {
  const base = `/api/v1/projects/${project}`;
  const endpoints = (await (await page.request.get(`${base}/production/endpoints`)).json()) as {
    name: string;
  }[];
  return post<Audit>(page, `${base}/audits`, {
    name: `Browser audit ${Date.now()}`,
    endpoint: endpoints[0]?.name,
    budget: BUDGET,
    strata_by: 'none',
    redundancy: 1,
  });
}

/** Names a thing for the picture on the table, by type-ahead, and goes on. */
async function nameIt(page: Page, letters: string): Promise<void> {
  const before = await currentTask(page);
  await page.keyboard.press('Slash');
  await page.keyboard.type(letters);
  await page.keyboard.press('Enter');
  await expect
    .poll(
      async () =>
        (await page.locator('[data-picture]').count()) === 0 || (await currentTask(page)) !== before,
    )
    .toBe(true);
}

async function judgeAll(page: Page, project: string, audit: Audit): Promise<void> {
  await openWorkbench(page, { project, queue: audit.queue.id });
  for (let n = 0; n < audit.asked; n += 1) {
    await nameIt(page, 'face');
    if ((await page.locator('[data-picture="shown"]').count()) === 0) break;
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

  const judged = await post<Audit>(page, `/api/v1/projects/${project}/audits/${audit.id}/refresh`, {});
  expect(judged.judged).toBe(audit.asked);
  const accuracy = judged.result?.accuracy;
  expect(accuracy?.value).not.toBeNull();
  expect(accuracy?.low ?? 0).toBeLessThanOrEqual(accuracy?.value ?? 0);
  await page.goto(`/p/${project}/production/audits/${audit.id}`);
  await expect(page.getByText(/the accuracy in production is/)).toBeVisible();

  const reading = await browser.newContext();
  const researcher = await asPerson(reading, 'researcher');
  await researcher.goto(`/p/${project}/versions/emoji@v1`);
  await expect(
    researcher
      .getByText(/tf\.data|tf\.keras/)
      .locator('visible=true')
      .first(),
  ).toBeVisible();
  await reading.close();
});
