import { type Browser, expect, type Page, test } from '@playwright/test';
import { signIn } from './support/accounts';
import { call } from './support/api';
import { expectAccessible } from './support/axe';
import { importFile, jobDone } from './support/importing';
import { answerAndSave, named, openQueue, openWorkbench, type Place, saveState } from './support/queue';
import { chooseScheme, SIZES, shot } from './support/shots';

/** The same stream shows a text, a table row, or many pictures at once. */

const CHOICE = {
  key: 'about',
  kind: 'single_choice',
  title: { en: 'What is it about?', ko: '무엇에 관한 것인가요?' },
  allow_none: true,
  allow_cannot_tell: true,
  classes: [
    { key: 'delivery', names: { en: 'Delivery', ko: '배송' } },
    { key: 'payment', names: { en: 'Payment', ko: '결제' } },
    { key: 'product', names: { en: 'The product itself', ko: '제품' } },
    { key: 'praise', names: { en: 'Praise', ko: '칭찬' } },
  ],
};

const TEXTS = [
  'The parcel came two days late, and the driver left it in the rain. The box was soaked through; what was in it is fine.',
  'I was charged twice for one order. Please give one of them back.',
  'The lamp flickers whenever the kettle is on. Is that how it should be?',
  'Best tea pot I have had in years. Thank you!',
  'Where is my parcel? The page has said “on its way” since Monday.',
  'Your shop took my card, then said that it had not.',
];

const jsonl = (rows: object[]) => Buffer.from(rows.map((row) => JSON.stringify(row)).join('\n'));

const KINDS = {
  text: jsonl(TEXTS.map((text, at) => ({ text, channel: at % 2 ? 'mail' : 'chat' }))),
  record: jsonl(
    TEXTS.map((_, at) => ({
      external_id: `case-${at + 1}`,
      amount: 12.5 * (at + 1),
      currency: 'EUR',
      country: at % 2 ? 'KR' : 'PT',
      hour: 3 * at,
      first_order: at % 3 === 0,
    })),
  ),
} as const;

/** A project of its own, so that nothing of it shows on other pages. */
async function makeQueue(browser: Browser, kind: keyof typeof KINDS): Promise<{ page: Page; where: Place }> {
  const page = await (await browser.newContext()).newPage();
  await signIn(page, 'owner');
  const name = named(`Messages ${kind}`);
  const project = (await call<{ slug: string }>(page, '/projects', { name })).slug;
  const at = `/projects/${project}`;
  await importFile(page, project, { name: 'manifest.jsonl', bytes: KINDS[kind], source: kind });
  const schema = await call<{ id: string }>(page, `${at}/schemas`, {
    name: 'about',
    document: { questions: [CHOICE] },
  });
  const made = await call<{ queue: { id: string }; job: string }>(page, `${at}/queues`, {
    name: 'What is it about?',
    schema: schema.id,
    question: 'about',
    auto_submit: true,
    selection: {},
  });
  await jobDone(page, project, made.job);
  return { page, where: { project, queue: made.queue.id } };
}

for (const kind of ['text', 'record'] as const)
  test(`${kind}: the same keys answer, in both colours and on a phone`, async ({ browser }) => {
    const { page, where } = await makeQueue(browser, kind);
    for (const scheme of ['dark', 'light'] as const) {
      await chooseScheme(page, scheme);
      await page.goto(`/p/${where.project}/label/${where.queue}`);
      await expect(
        page.getByText(kind === 'text' ? (TEXTS[0]?.slice(0, 20) ?? '') : 'currency'),
      ).toBeVisible();
      await expectAccessible(page);
      await shot(page, `workbench-${kind}-${scheme}-desktop`);
    }
    await page.setViewportSize(SIZES.phone);
    await shot(page, `workbench-${kind}-light-phone`);
    await page.setViewportSize(SIZES.desktop);
    for (const key of ['Digit1', 'Digit2', 'KeyN']) await answerAndSave(page, key);
    const { n_done } = await call<{ n_done: number }>(
      page,
      `/projects/${where.project}/queues/${where.queue}/stats`,
    );
    expect(n_done).toBe(3);
    await page.context().close();
  });

test('grid: a page of pictures is answered by keys, in both colours', async ({ page }) => {
  await signIn(page, 'annotator');
  const where = await openQueue(page);
  await openWorkbench(page, where);
  for (const scheme of ['dark', 'light'] as const) {
    await chooseScheme(page, scheme);
    await page.goto(`/p/${where.project}/label/${where.queue}?view=grid`);
    const grid = page.getByRole('listbox');
    await expect(grid).toBeVisible();
    await expect(grid.getByRole('option').nth(8)).toBeVisible();
    await page.keyboard.press('Shift+ArrowRight');
    await page.keyboard.press('Shift+ArrowRight');
    await expectAccessible(page);
    await shot(page, `grid-${scheme}-desktop`);
  }
  const sent = page.waitForResponse((r) => r.url().includes('/submissions') && r.ok());
  await page.keyboard.press('KeyN');
  await page.keyboard.press('Enter');
  await sent;
  await expect(saveState(page)).toHaveText('All saved');
});
