import { expect, type Page, test } from '@playwright/test';
import { projectOf, signIn } from './support/accounts';
import { call } from './support/api';
import { expectAccessible } from './support/axe';
import { SCHEMA } from './support/drawing';
import { collectErrors } from './support/errors';
import { jobDone } from './support/importing';
import { named } from './support/queue';
import { chooseScheme, SIZES, shot } from './support/shots';

/** A schema is changed in the page: renamed and split, counted before it is made, and what lost its label is asked again. */

interface Item {
  sha256: string;
}

const animals = {
  questions: [
    {
      key: 'animal',
      kind: 'single_choice',
      title: { en: 'Which animal?', ko: '어떤 동물인가요?' },
      allow_none: true,
      allow_cannot_tell: true,
      classes: [
        { key: 'pet', names: { en: 'Pet', ko: '반려동물' }, selectable: false },
        { key: 'cat', names: { en: 'Cat', ko: '고양이' }, parent: 'pet', hotkey: 'c' },
        { key: 'dog', names: { en: 'Dog', ko: '개' }, parent: 'pet', hotkey: 'd' },
        { key: 'horse', names: { en: 'Horse', ko: '말' }, hotkey: 'h' },
      ],
    },
  ],
};

let at = '';

async function makeSchema(page: Page, name: string, document: unknown): Promise<string> {
  const { id } = await call<{ id: string }>(page, `${at}/schemas`, { name, document });
  return id;
}

const finished = (page: Page, job: string) => jobDone(page, at.replace('/projects/', ''), job);

/** Three items whose label is a dog: one person is asked, and their answer is the label. */
async function labelDogs(page: Page, schema: string): Promise<string> {
  const { queue, job } = await call<{ queue: { id: string }; job: string }>(page, `${at}/queues`, {
    name: named('Animals'),
    schema,
    question: 'animal',
    auto_submit: true,
    selection: { sample: 3, seed: 3 },
  });
  await finished(page, job);
  const own = `${at}/queues/${queue.id}`;
  const body = { want: 3, tab: 'e2e', holding: [] };
  const { leases } = await call<{ leases: { lease: string; task: number; item: Item }[] }>(
    page,
    `${own}/next`,
    body,
  );
  for (const { lease, task } of leases)
    await call(page, '/submissions', {
      id: crypto.randomUUID(),
      lease,
      task,
      revision: 1,
      schema_version: 1,
      answer: { kind: 'class', classes: ['dog'] },
      comment: '',
      flagged: false,
      started_at: new Date().toISOString(),
      duration_ms: 500,
      tab: 'e2e',
    });
  const counted = await call<{ job: string }>(page, `${own}/consensus`, { method: 'majority' });
  await finished(page, counted.job);
  const accepted = await call<{ job: string }>(page, `${own}/consensus/accept`, { threshold: 0.6 });
  await finished(page, accepted.job);
  return queue.id;
}

const treeItem = (page: Page, name: string) => page.getByRole('treeitem', { name: new RegExp(`^${name}`) });

test.beforeEach(async ({ page }) => {
  await signIn(page, 'lead');
  at = `/projects/${await projectOf(page)}`;
});

test('a class is renamed and another is split, by keys, with counts before anything is done', async ({
  page,
}) => {
  const schema = await makeSchema(page, named('Animals'), animals);
  await labelDogs(page, schema);
  const errors = collectErrors(page);
  await page.goto(`/p${at.replace('/projects', '')}/schema?schema=${schema}`);
  await expect(treeItem(page, 'Horse')).toBeVisible();

  await page.keyboard.press('KeyT');
  await expect(page.getByRole('tree')).toBeFocused();
  await page.keyboard.press('End');
  await page.keyboard.press('F2');
  await page.getByLabel('Name in English').fill('Pony');
  await expect(treeItem(page, 'Pony')).toBeVisible();
  const preview = page.getByRole('region', { name: 'As the annotator meets it' });
  await expect(preview.getByText('Pony')).toBeVisible();
  await page.getByRole('tree').focus();
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('KeyS');
  const split = page.getByRole('dialog', { name: 'Split Dog' });
  await split.getByLabel('The new classes, one a line').fill('Puppy | 강아지\nHound | 사냥개');
  await split.getByRole('button', { name: 'Put it on the list' }).click();
  await expect(page.getByText('Split dog into puppy, hound')).toBeVisible();
  await expect(preview.getByText('Puppy')).toBeVisible();
  await expect(preview.getByText('Dog', { exact: true })).toHaveCount(0);

  await page.getByRole('tree').focus();
  await page.keyboard.press('Control+Enter');
  const dialog = page.getByRole('dialog', { name: 'What this changes' });
  await expect(dialog.getByRole('row', { name: /^Items that must be asked again 3$/ })).toBeVisible();
  await expect(dialog.getByText(/stays at version 1: 3 answers/)).toBeVisible();
  await expect(dialog.getByLabel(/^Ask them again: 3 items/)).toBeChecked();
  await expectAccessible(page);
  await shot(page, 'schema-change-light-desktop');
  await dialog.getByRole('button', { name: 'Make the change' }).click();
  await expect(dialog.getByText(/asked again by version 2” was made with 3 tasks/)).toBeVisible({
    timeout: 60_000,
  });
  await dialog.getByRole('button', { name: 'Show the new version' }).click();
  await expect(page.getByText('Changes so far')).toBeVisible();

  const { results } = await call<{ results: { name: string; schema_version: number; n_tasks: number }[] }>(
    page,
    `${at}/queues?limit=200`,
  );
  const made = results.find(({ name }) => name.endsWith('asked again by version 2'));
  expect(made).toMatchObject({ schema_version: 2, n_tasks: 3 });
  expect(errors).toEqual([]);
});

test('attributes and skeletons are written in the page, in both colours and on a phone', async ({ page }) => {
  const schema = await makeSchema(page, named('Parts of things'), SCHEMA);
  const open = async () => {
    await page.goto(`/p${at.replace('/projects', '')}/schema?schema=${schema}`);
    await expect(page.getByRole('tree')).toBeVisible();
  };
  await open();
  for (const scheme of ['light', 'dark'] as const) {
    await chooseScheme(page, scheme);
    await open();
    await page.getByRole('treeitem', { name: /^Body/ }).click();
    const middle = page.getByRole('button', { name: /^middle, at 50%/ });
    await middle.focus();
    await page.keyboard.press('Shift+ArrowRight');
    await expect(page.getByRole('button', { name: /^middle, at 60%/ })).toBeVisible();
    await expect(page.getByRole('region', { name: 'Not made yet' })).toBeVisible();
    await page.evaluate(() => window.scrollTo(0, 0));
    await expectAccessible(page);
    await shot(page, `schema-${scheme}-desktop`);
    await page.getByRole('group', { name: /How much is hidden/ }).scrollIntoViewIfNeeded();
    await shot(page, `schema-parts-${scheme}-desktop`);
    await page.setViewportSize(SIZES.phone);
    await page.evaluate(() => window.scrollTo(0, 0));
    await shot(page, `schema-${scheme}-phone`);
    const beyond = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(beyond).toBeLessThanOrEqual(0);
    await page.setViewportSize(SIZES.desktop);
  }
});
