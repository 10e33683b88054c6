import { type Browser, expect, type Page, test } from '@playwright/test';
import { signIn } from './support/accounts';
import { call } from './support/api';
import { expectAccessible } from './support/axe';
import { Hand, keptAs, makeDrawingQueue, shapeRows } from './support/drawing';
import { openWorkbench, type Place, pictureShown } from './support/queue';
import { chooseScheme, inBothColours, shot } from './support/shots';

/** What an annotator drew is corrected by a reviewer, or goes back to them with a remark at a place. */

interface Lease {
  lease: string;
  task: number;
  item: { sha256: string; width: number; height: number };
}

interface Case {
  id: string;
  item: { sha256: string };
  answers: { id: number; answer: { shapes: { id: string }[] } }[];
}

interface Label {
  question: string;
  schema: string;
  origin: string;
  origin_ref: string;
  answer: { shapes: { id: string; class: string }[] };
}

let where: Place = { project: '', queue: '' };
let review = '';

async function asked<T>(
  browser: Browser,
  person: 'lead' | 'reviewer' | 'annotator',
  what: (page: Page) => Promise<T>,
) {
  const page = await browser.newPage();
  await signIn(page, person);
  const found = await what(page);
  await page.close();
  return found;
}

/** The annotator draws a body and a detail on everything there is, the same on each picture. */
async function drawAll(page: Page): Promise<void> {
  const at = `/projects/${where.project}/queues/${where.queue}`;
  const { schema_version } = await call<{ schema_version: number }>(page, `${at}/workbench`);
  const body = { want: 8, tab: 'e2e', holding: [] };
  const { leases } = await call<{ leases: Lease[] }>(page, `${at}/next`, body);
  for (const { lease, task, item } of leases) {
    const { width, height } = item;
    const shapes = [
      { id: 'body', type: 'box', class: 'body', box: [width / 8, height / 8, width / 2, height / 2] },
      { id: 'part', type: 'box', class: 'detail', box: [width / 2, height / 2, width / 4, height / 4] },
    ];
    await call(page, '/submissions', {
      id: crypto.randomUUID(),
      lease,
      task,
      revision: 1,
      schema_version,
      answer: { kind: 'shapes', shapes },
      comment: '',
      flagged: false,
      started_at: new Date().toISOString(),
      duration_ms: 900,
      tab: 'e2e',
    });
  }
}

const openCases = (page: Page) =>
  call<{ results: Case[] }>(page, `/projects/${where.project}/review?queue=${where.queue}&state=open`);

test.beforeAll(async ({ browser }) => {
  where = await asked(browser, 'lead', (page) => makeDrawingQueue(page, 4));
  review = `/p/${where.project}/review?queue=${where.queue}`;
  await asked(browser, 'annotator', drawAll);
  await asked(browser, 'lead', async (page) => {
    const plan = `/projects/${where.project}/queues/${where.queue}/review-plan`;
    await call(page, plan, { share: 1, agreement_below: null }, 'PUT');
    await expect.poll(async () => (await openCases(page)).results.length, { timeout: 60_000 }).toBe(4);
  });
});

/** The case on the page with its picture on the easel. */
async function openReview(page: Page): Promise<void> {
  await page.goto(review);
  await expect(page.getByRole('list', { name: 'Labels of all annotators' })).toBeVisible();
  await pictureShown(page);
}

async function takeTools(page: Page): Promise<void> {
  await page.keyboard.press('KeyF');
  await expect(page.getByRole('toolbar', { name: 'Drawing tools' })).toBeVisible();
  await expect(page.locator('[data-desk="ready"]')).toBeAttached();
}

const hand = (page: Page) => new Hand(page, '[role="application"]');

test('a reviewer fixes an annotator’s shapes with the keys of the workbench, and the label says so', async ({
  page,
}) => {
  await signIn(page, 'reviewer');
  const [first] = (await openCases(page)).results;
  if (!first) throw new Error('There is no case.');
  await page.goto(`${review}&case=${first.id}`);
  await expect(page.getByRole('button', { name: /Fix the shapes/ })).toBeVisible();
  await takeTools(page);
  await expect(shapeRows(page)).toHaveCount(2);

  await shapeRows(page).nth(1).click();
  await page.keyboard.press('Delete');
  await expect(shapeRows(page)).toHaveCount(1);
  await page.keyboard.press('Digit2');
  await page.keyboard.press('KeyB');
  await hand(page).drag([0.3, 0.3], [0.8, 0.8]);
  await expect(shapeRows(page)).toHaveCount(2);

  // A reload loses nothing of it.
  const isNew = ({ id }: { id: string }) => id !== 'body' && id !== 'part';
  await expect
    .poll(async () => (await keptAs(page, `review:${first.id}:shapes`)).map(isNew))
    .toEqual([false, true]);
  await page.reload();
  await pictureShown(page);
  await expect(page.getByRole('button', { name: /Fix the shapes/ })).toBeVisible();
  await takeTools(page);
  await expect(page.getByText('What you had drawn was put back.')).toBeVisible();
  await expect(shapeRows(page)).toHaveCount(2);

  const sent = page.waitForResponse((r) => r.url().endsWith(`/review/${first.id}/settle`));
  await page.keyboard.press('KeyV');
  await page.keyboard.press('Enter');
  const answered = await sent;
  expect(answered.ok()).toBe(true);
  const body = answered.request().postDataJSON();
  expect(body.fixed_from).toBe(first.answers[0]?.id);
  const drawn: string[] = body.answer.shapes.map(({ id }: { id: string }) => id);
  expect(drawn).toHaveLength(2);

  const item = await call<{ history: Label[] }>(
    page,
    `/projects/${where.project}/items/${first.item.sha256}`,
  );
  const label = item.history.find((one) => one.origin_ref.startsWith(`review:${first.id}:fixed:`));
  expect(label?.origin).toBe('review');
  expect(label?.answer.shapes.map(({ id }) => id)).toEqual(drawn);
});

test('another goes back with a remark at a place, and its annotator sees both', async ({ page, browser }) => {
  await signIn(page, 'reviewer');
  await openReview(page);
  await expect(page.getByRole('button', { name: /Fix the shapes/ })).toBeVisible();
  await page.keyboard.press('KeyR');
  await page.getByLabel(/^Comment/).fill('The tail is missing.');
  const canvas = page.locator('figure [role="img"]').first();
  const box = await canvas.boundingBox();
  if (!box) throw new Error('There is no picture.');
  await page.mouse.click(box.x + box.width / 2 + 40, box.y + box.height / 2 + 20);
  await expect(page.getByRole('img', { name: 'The place of the comment' })).toBeVisible();
  await inBothColours(page, 'review-return');
  await page.getByLabel(/^Comment/).focus();
  const sent = page.waitForResponse((r) => r.url().endsWith('/return'));
  await page.keyboard.press('Control+Enter');
  const { x, y } = (await sent).request().postDataJSON();
  expect(x).toBeGreaterThan(0);
  expect(y).toBeGreaterThan(0);

  const theirs = await browser.newPage();
  await signIn(theirs, 'annotator');
  await openWorkbench(theirs, where);
  await expect(theirs.getByRole('note')).toContainText('The tail is missing.');
  await expect(theirs.locator('[data-desk="ready"]')).toBeAttached();
  await expect(theirs.getByRole('img', { name: 'The place that the reviewer means' })).toBeVisible();
  // Their own shapes are on the table again.
  await expect(shapeRows(theirs)).toHaveCount(2);
  await theirs.close();
});

test('it is accessible in both colours, with the answers and with the tools', async ({ page }) => {
  await signIn(page, 'reviewer');
  for (const scheme of ['light', 'dark'] as const) {
    await openReview(page);
    await chooseScheme(page, scheme);
    await page.reload();
    await expect(page.getByRole('button', { name: /Fix the shapes/ })).toBeVisible();
    await expectAccessible(page);
    await shot(page, `review-answers-${scheme}-desktop`);
    await takeTools(page);
    await shapeRows(page).first().click();
    await expectAccessible(page);
    await shot(page, `review-shapes-${scheme}-desktop`);
    await page.keyboard.press('Shift+Slash');
    await expect(page.getByRole('dialog')).toContainText('Back to the answers');
    await page.keyboard.press('Escape');
    await page.setViewportSize({ width: 390, height: 844 });
    await shot(page, `review-shapes-${scheme}-phone`);
    await page.setViewportSize({ width: 1366, height: 768 });
  }
});
