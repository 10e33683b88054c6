import { expect, type Page, test } from '@playwright/test';
import { type Person, projectOf, signIn } from './support/accounts';
import { expectAccessible } from './support/axe';
import { collectErrors } from './support/errors';
import { shots } from './support/shots';

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
