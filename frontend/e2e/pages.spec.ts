import { expect, type Page, test } from '@playwright/test';
import { type Person, projectOf, signIn } from './support/accounts';
import { call } from './support/api';
import { expectAccessible } from './support/axe';
import { collectErrors } from './support/errors';
import { inBothColours, shots } from './support/shots';

interface Visit {
  name: string;
  as: Person;
  path: (project: string, page: Page) => Promise<string> | string;
}

/** The first thing of a list, by its id. */
async function first(page: Page, project: string, list: string, field = 'id'): Promise<string> {
  const answer = await page.request.get(`/api/v1/projects/${project}/${list}`);
  const body = (await answer.json()) as { results: Record<string, string>[] };
  const id = body.results[0]?.[field];
  if (!id) throw new Error(`The demo has nothing in ${list}.`);
  return id;
}

const at = (path: string) => (project: string) => `/p/${project}/${path}`;

const VISITS: readonly Visit[] = [
  { name: 'home', as: 'lead', path: at('home') },
  { name: 'home-annotator', as: 'annotator', path: at('home') },
  { name: 'home-researcher', as: 'researcher', path: at('home') },
  { name: 'brief', as: 'lead', path: at('brief') },
  { name: 'data', as: 'lead', path: at('data') },
  { name: 'import', as: 'lead', path: at('data/import') },
  {
    name: 'item',
    as: 'lead',
    path: async (project, page) =>
      `/p/${project}/data/items/${await first(page, project, 'items', 'sha256')}`,
  },
  { name: 'understand', as: 'lead', path: at('data/understand') },
  { name: 'represent', as: 'lead', path: at('data/represent') },
  { name: 'queues', as: 'lead', path: at('label') },
  {
    name: 'queue',
    as: 'lead',
    path: async (project, page) => `/p/${project}/label/${await first(page, project, 'queues')}/overview`,
  },
  { name: 'review', as: 'reviewer', path: at('review') },
  { name: 'people', as: 'lead', path: at('people') },
  { name: 'versions', as: 'lead', path: at('versions') },
  { name: 'version', as: 'researcher', path: at('versions/emoji@v1') },
  { name: 'models', as: 'lead', path: at('models') },
  {
    name: 'run',
    as: 'lead',
    path: async (project, page) => `/p/${project}/models/runs/${await first(page, project, 'runs')}`,
  },
  {
    name: 'model',
    as: 'lead',
    path: async (project, page) => `/p/${project}/models/${await first(page, project, 'models')}`,
  },
  { name: 'production', as: 'lead', path: at('production') },
  { name: 'hard-samples', as: 'lead', path: at('production?tab=hard-samples') },
  {
    name: 'audit',
    as: 'lead',
    path: async (project, page) => {
      const answer = await page.request.get(`/api/v1/projects/${project}/audits`);
      const { results } = (await answer.json()) as { results: { id: string; kind: string; state: string }[] };
      const judged = results.find((one) => one.kind === 'random' && one.state === 'complete');
      return `/p/${project}/production/audits/${judged?.id}`;
    },
  },
  { name: 'settings', as: 'lead', path: at('settings') },
];

/** A page that has its content: a title, and nothing that still loads. */
async function settled(page: Page): Promise<void> {
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(page.locator('[aria-busy="true"]')).toHaveCount(0, { timeout: 30_000 });
  await page.waitForLoadState('networkidle');
}

for (const visit of VISITS) {
  test(`${visit.name}: shown in both colours and sizes, without an error, accessible`, async ({ page }) => {
    const errors = collectErrors(page);
    await signIn(page, visit.as);
    await page.goto(await visit.path(await projectOf(page), page));
    await settled(page);
    await expect(page.getByRole('alert')).toHaveCount(0);
    const ready = () => settled(page);
    await shots(page, visit.name, ready, () => expectAccessible(page));
    expect(errors).toEqual([]);
  });
}

const SECTIONS = ['members', 'tokens', 'storage', 'audit-trail', 'password', 'preferences', 'keys'] as const;

test('projects, a person, and every section of the settings', async ({ page }) => {
  const errors = collectErrors(page);
  await signIn(page, 'lead');
  const project = await projectOf(page);
  const person = await first(page, project, 'people');
  const paths = {
    projects: '/projects',
    person: `/p/${project}/people/${person}`,
    ...Object.fromEntries(SECTIONS.map((key) => [`settings-${key}`, `/p/${project}/settings/${key}`])),
  };
  for (const [name, path] of Object.entries(paths)) {
    await page.goto(path);
    await settled(page);
    await expect(page.getByRole('alert')).toHaveCount(0);
    await inBothColours(page, name);
  }

  // The last section: a key that does two things is told, and given back.
  const change = page.getByRole('button', { name: 'Change the key of: Skip with a reason' });
  await change.click();
  await page.keyboard.press('KeyB');
  await expect(page.getByText(/^B is taken twice: /)).toBeVisible();
  await inBothColours(page, 'settings-keys-conflict');
  await page.getByRole('button', { name: 'As delivered' }).click();
  await expect(page.getByText(/is taken twice/)).toHaveCount(0);
  expect(errors).toEqual([]);
});

test('the palette, the bell and the own menu', async ({ page }) => {
  await signIn(page, 'lead');
  const project = await projectOf(page);
  await page.goto(`/p/${project}/home`);
  await settled(page);
  await page.keyboard.press('Control+KeyK');
  const field = page.getByPlaceholder(/^Page, picture/);
  await expect(field).toBeFocused();
  await inBothColours(page, 'palette');
  await field.fill('emoji');
  await expect(page.getByText('Versions', { exact: true }).last()).toBeVisible();
  await inBothColours(page, 'palette-found');
  await page.keyboard.press('Escape');
  await expect(field).toBeHidden();
  await page.getByRole('button', { name: /^Jobs and news/ }).click();
  await expect(page.getByRole('dialog', { name: 'Jobs' })).toBeVisible();
  await inBothColours(page, 'jobs');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Your settings' }).click();
  await expect(page.getByRole('menu')).toBeVisible();
  await inBothColours(page, 'own-menu');
});

test('a new person chooses a password by the link that an owner sent', async ({ page, browser }) => {
  const desk = await browser.newPage();
  await signIn(desk, 'owner');
  const email = `new-${Date.now()}@example.org`;
  const { link } = await call<{ link: { path: string } }>(desk, '/accounts', { email, name: 'A newcomer' });
  await desk.close();
  await page.goto(link.path);
  const heading = page.getByRole('heading', { name: 'Choose your password' });
  await expect(heading).toBeVisible();
  await inBothColours(page, 'welcome');
  const password = 'green-lantern-of-1908';
  await page.getByLabel('Password', { exact: false }).first().fill(password);
  await page.getByLabel('The same again').fill(password);
  await page.getByRole('button', { name: 'Choose this password' }).click();
  await page.getByRole('link', { name: 'Sign in' }).click();
  await page.getByLabel('E-mail').fill(email);
  await page.locator('input[name=password]').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page).toHaveURL(/\/projects$/);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await inBothColours(page, 'projects-none');
});
