import { type Browser, expect, type Page, test } from '@playwright/test';
import { signIn } from './support/accounts';
import { call } from './support/api';
import { jobDone } from './support/importing';
import { makeQueue, named, openWorkbench, type Place } from './support/queue';
import { inBothColours } from './support/shots';

/** What a queue looks like when there is nothing to do in it, and the page on which its lead mixes gold in. */

const DOCUMENT = {
  questions: [
    {
      key: 'fit',
      kind: 'single_choice',
      title: { en: 'Does it fit the collection?', ko: '모음에 어울리나요?' },
      allow_none: true,
      allow_cannot_tell: true,
      classes: [
        { key: 'fits', names: { en: 'It fits', ko: '어울림' } },
        { key: 'apart', names: { en: 'It stands apart', ko: '동떨어짐' } },
      ],
    },
  ],
};

const make = (page: Page, items: number, redundancy = 1) =>
  makeQueue(page, {
    ...{ name: named('Fit for the collection'), document: DOCUMENT, questions: ['fit'], items, redundancy },
  });

test('an empty queue, a limit reached and a paused queue say why, and where to go', async ({ page }) => {
  await signIn(page, 'lead');
  const where = await make(page, 2);
  const change = (body: object) =>
    call(page, `/projects/${where.project}/queues/${where.queue}`, body, 'PATCH');
  const told = async (heading: string, name: string) => {
    await expect(page.getByRole('heading', { name: heading })).toBeVisible();
    await inBothColours(page, name);
  };
  await change({ person_limit: 1 });
  await openWorkbench(page, where);
  await page.keyboard.press('Digit1');
  await page.keyboard.press('Enter');
  await told('You have given your part', 'limit');

  await change({ person_limit: null, state: 'paused' });
  await page.reload();
  await told('This queue rests', 'paused');

  await change({ state: 'open' });
  await openWorkbench(page, where);
  await page.keyboard.press('Digit2');
  await page.keyboard.press('Enter');
  await told('Nothing left for you here', 'empty');
});

/** Three people answer all there is, each wrong about another part of it; a consensus makes labels of that. */
async function label(browser: Browser, desk: Page, { project, queue }: Place): Promise<void> {
  const at = `/projects/${project}/queues/${queue}`;
  for (const [who, person] of (['annotator', 'reviewer', 'lead'] as const).entries()) {
    const page = person === 'lead' ? desk : await browser.newPage();
    if (page !== desk) await signIn(page, person);
    const body = { want: 8, tab: 'e2e', holding: [] };
    const { leases } = await call<{ leases: { lease: string; task: number }[] }>(page, `${at}/next`, body);
    for (const { lease, task } of leases)
      await call(page, '/submissions', {
        ...{ id: crypto.randomUUID(), lease, task, revision: 1, schema_version: 1, tab: 'e2e' },
        answer: { kind: 'class', classes: [task % (4 + who) === who ? 'apart' : 'fits'] },
        ...{ comment: '', flagged: false, started_at: new Date().toISOString(), duration_ms: 900 },
      });
    if (page !== desk) await page.close();
  }
  const counted = await call<{ job: string }>(desk, `${at}/consensus`, { method: 'majority' });
  await jobDone(desk, project, counted.job);
  const accepted = await call<{ job: string }>(desk, `${at}/consensus/accept`, { threshold: 0.6 });
  await jobDone(desk, project, accepted.job);
}

test('the queue page shows its gold and who was right about it', async ({ page, browser }) => {
  await signIn(page, 'lead');
  const where = await make(page, 8, 3);
  const at = `/projects/${where.project}/queues/${where.queue}`;
  await label(browser, page, where);
  await call(page, at, { gold_share: 0.1 }, 'PATCH');
  const { turned } = await call<{ turned: number }>(page, `${at}/gold`, { selection: { labelled: true } });
  expect(turned).toBe(8);
  await page.goto(`/p/${where.project}/label/${where.queue}/overview`);
  const gold = page.getByRole('table', { name: 'Gold', exact: true });
  await expect(gold.getByRole('button', { name: /out of the gold$/ })).toHaveCount(8);
  await expect(page.getByRole('table', { name: 'Right answers by annotator' })).toBeVisible();
  await page.getByRole('heading', { name: 'Gold', exact: true }).evaluate((one) => {
    one.scrollIntoView();
    // From beneath the page's own head.
    window.scrollBy(0, -80);
  });
  await inBothColours(page, 'queue-gold');
});
