import { expect, type Page, test } from '@playwright/test';
import { signIn } from './support/accounts';
import { call } from './support/api';
import { type Drawn, Hand, kept, makeDrawingQueue, shapeRows } from './support/drawing';
import { jobDone } from './support/importing';
import { currentTask, makeQueue, named, openWorkbench, pictureShown, saveState } from './support/queue';
import { inBothColours } from './support/shots';

/** What the server does not take is told in a sentence, kept in the browser, offered for repair, and repaired it is sent. */

const SUBJECT = {
  questions: [
    {
      key: 'subject',
      kind: 'single_choice',
      title: { en: 'What does it show?', ko: '무엇이 보이나요?' },
      allow_none: true,
      classes: [
        { key: 'being', names: { en: 'A living being', ko: '생물' } },
        { key: 'thing', names: { en: 'A thing', ko: '사물' } },
        { key: 'sign', names: { en: 'A sign', ko: '기호' } },
      ],
    },
  ],
};

interface Sent {
  lease: string;
  task: number;
  tab: string;
  schema_version: number;
  answer: { classes?: string[]; shapes?: Drawn[] };
}

const SUBMISSIONS = '**/api/v1/submissions';

/** What the drawer of unsent work says of the one answer that was refused. */
async function openRefused(page: Page) {
  await expect(saveState(page)).toHaveText('1 needs you');
  await saveState(page).click();
  const drawer = page.getByRole('dialog', { name: 'Not yet on the server' });
  await expect(drawer.locator('[data-parked]')).toBeVisible();
  return drawer;
}

/** What the next submission holds, once the server has taken it. */
async function taken(page: Page, act: () => Promise<void>): Promise<Sent> {
  const answered = page.waitForResponse((r) => r.url().endsWith('/api/v1/submissions') && r.ok());
  await act();
  const sent = (await answered).request().postDataJSON() as Sent;
  await expect(saveState(page)).toHaveText('All saved');
  return sent;
}

const enter = (page: Page) => () => page.keyboard.press('Enter');

test.beforeEach(async ({ page }) => {
  await signIn(page, 'lead');
});

test('a class that was retired while the tab was open', async ({ page }) => {
  const made = { name: named('Beings and things'), document: SUBJECT, questions: ['subject'], items: 3 };
  const where = await makeQueue(page, made);
  const at = `/projects/${where.project}`;
  await openWorkbench(page, where);
  const task = await currentTask(page);

  const { job } = await call<{ job: { id: string } }>(page, `${at}/schemas/${where.schema}/changes`, {
    operations: [{ op: 'retire', question: 'subject', class: 'thing' }],
  });
  await jobDone(page, where.project, job.id);
  await page.keyboard.press('Digit2');
  await page.keyboard.press('Enter');
  await expect(saveState(page)).toHaveText('1 needs you');
  await page.reload();
  const drawer = await openRefused(page);
  await expect(drawer.getByText('A thing')).toBeVisible();
  await expect(drawer.getByText(/The queue asks by version 2 of its schema/)).toBeVisible();
  await expect(drawer.getByText(/It does not fit what is asked today/)).toBeVisible();
  await inBothColours(page, 'outbox-refused');
  await drawer.getByRole('link', { name: 'Open it' }).click();
  // As long as it closes, keys are its own.
  await expect(drawer).toBeHidden();
  await expect(page.locator('[data-picture]')).toHaveAttribute('data-task', task);
  await pictureShown(page);
  await expect(page.getByRole('button', { name: /^A thing/ })).toHaveCount(0);
  await page.keyboard.press('Digit2');
  const sent = await taken(page, enter(page));
  expect(sent).toMatchObject({ schema_version: 2, answer: { classes: ['sign'] } });
});

test('a lease that somebody else now holds', async ({ page, browser }) => {
  const made = { name: named('Beings or things'), document: SUBJECT, questions: ['subject'], items: 2 };
  const where = await makeQueue(page, made);
  const at = `/projects/${where.project}/queues/${where.queue}`;
  const other = await browser.newPage();
  await signIn(other, 'reviewer');
  await openWorkbench(page, where);

  // As if the tab had slept: while its answer is on the way, its lease ends and somebody else answers.
  const next = '**/queues/*/next';
  await page.route(next, (route) => route.abort());
  let first = true;
  await page.route(SUBMISSIONS, async (route) => {
    if (first) {
      first = false;
      const { lease, tab } = route.request().postDataJSON() as Sent;
      await call(page, '/leases/release', { tab, leases: [lease] });
      const { leases } = await call<{ leases: { lease: string; task: number }[] }>(other, `${at}/next`, {
        want: 1,
        tab: 'other',
        holding: [],
      });
      const [theirs] = leases;
      await call(other, '/submissions', {
        ...{ id: crypto.randomUUID(), lease: theirs?.lease, task: theirs?.task, revision: 1 },
        ...{ schema_version: 1, answer: { kind: 'class', classes: ['sign'] }, comment: '', flagged: false },
        ...{ started_at: new Date().toISOString(), duration_ms: 700, tab: 'other' },
      });
    }
    await route.continue();
  });
  const task = await currentTask(page);
  await page.keyboard.press('Digit1');
  await page.keyboard.press('Enter');
  const drawer = await openRefused(page);
  await expect(drawer.getByText(/Your lease ended and others have taken this task/)).toBeVisible();
  await expect(drawer.getByText('A living being')).toBeVisible();

  await page.unroute(next);
  // It is asked about anew: now there is a place for it.
  const { job } = await call<{ job: string }>(page, `${at}/reopen`, { selection: {}, reason: 'Once more' });
  await jobDone(page, where.project, job);
  const sent = await taken(page, () => drawer.getByRole('button', { name: 'Try again' }).click());
  expect(sent).toMatchObject({ task: Number(task), answer: { classes: ['being'] } });
  await other.close();
});

test('shapes that cross themselves or lie outside', async ({ page }) => {
  const where = await makeDrawingQueue(page, 3);
  const hand = new Hand(page);
  await openWorkbench(page, where);
  await expect(page.locator('[data-desk="ready"]')).toBeAttached();
  const task = await currentTask(page);

  // A bow tie cannot be closed: what is wrong is said, and the last points are taken back.
  await page.keyboard.press('Digit1');
  await page.keyboard.press('KeyP');
  const click = async (points: readonly (readonly [number, number])[]) => {
    for (const [x, y] of points) await hand.click(x, y);
    await page.keyboard.press('Enter');
  };
  const fault = page.getByText(/The outline crosses or touches itself/).first();
  await click([
    [-0.5, -0.5],
    [0.5, 0.5],
    [0.5, -0.5],
    [-0.5, 0.5],
  ]);
  await expect(fault).toBeVisible();
  await expect(shapeRows(page)).toHaveCount(0);
  for (let n = 0; n < 3; n += 1) await page.keyboard.press('Backspace');
  await click([
    [0.5, -0.5],
    [0.5, 0.5],
    [-0.5, 0.5],
  ]);
  await expect(shapeRows(page)).toHaveCount(1);
  await expect(fault).toHaveCount(0);

  // A corner that is moved across goes back, and why is said; so the shape is right at every moment, also after a reload.
  await page.keyboard.press('KeyV');
  await hand.drag([0.5, 0.5], [-0.8, -0.2]);
  await expect(fault).toBeVisible();
  await inBothColours(page, 'shapes-fault');
  // What is drawn beyond the edge ends at the edge.
  await page.keyboard.press('KeyB');
  await hand.drag([0.2, 0.2], [1.4, 1.4]);
  await expect(shapeRows(page)).toHaveCount(2);
  await expect.poll(async () => (await kept(page)).length).toBe(2);
  await page.reload();
  await pictureShown(page);
  await expect(page.locator('[data-desk="ready"]')).toBeAttached();
  expect(await currentTask(page)).toBe(task);
  await expect(shapeRows(page)).toHaveCount(2);

  // A page that is older than its server might send a shape outside of the picture.
  let first = true;
  await page.route(SUBMISSIONS, async (route) => {
    const body = route.request().postDataJSON() as Sent;
    if (first) body.answer.shapes?.push({ id: 'far', type: 'box', class: 'body', box: [5000, 5000, 40, 40] });
    first = false;
    await route.continue({ postData: JSON.stringify(body) });
  });
  await page.keyboard.press('Enter');
  const drawer = await openRefused(page);
  await expect(drawer.getByText(/reaches out of the picture/)).toBeVisible();
  await drawer.getByRole('link', { name: 'Open it' }).click();
  // As long as it closes, keys are its own.
  await expect(drawer).toBeHidden();
  await expect(page.locator('[data-picture]')).toHaveAttribute('data-task', task);
  await expect(shapeRows(page)).toHaveCount(2);
  await expect(page.locator('[data-desk="ready"]')).toBeAttached();
  const sent = await taken(page, enter(page));
  expect(sent.answer.shapes?.map(({ type }) => type)).toEqual(['polygon', 'box']);
  const [x = 0, y = 0, width = 0, height = 0] = (sent.answer.shapes?.[1]?.box ?? []) as number[];
  expect([x + width, y + height]).toEqual([64, 64]);
});
