import { expect, type Page } from '@playwright/test';

/** People of the demo, by role. The server under test may name others: TOUCHSTONE_ACCOUNTS='{"lead": "…"}'. */
export type Person = 'lead' | 'reviewer' | 'annotator' | 'researcher';

const accounts: Record<Person, string> = {
  lead: 'lead@example.org',
  reviewer: 'reviewer@example.org',
  annotator: 'annotator@example.org',
  researcher: 'researcher@example.org',
  ...(JSON.parse(process.env.TOUCHSTONE_ACCOUNTS ?? '{}') as Partial<Record<Person, string>>),
};

export const PASSWORD = process.env.TOUCHSTONE_PASSWORD ?? 'touchstone-demo';

export async function signIn(page: Page, person: Person, next = '/'): Promise<void> {
  await page.goto(`/login?next=${encodeURIComponent(next)}`);
  await page.getByLabel('E-mail').fill(accounts[person]);
  await page
    .getByLabel('Password', { exact: true })
    .or(page.locator('input[name=password]'))
    .first()
    .fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page).not.toHaveURL(/\/login/);
}

interface Membership {
  project: { slug: string };
}

/** The first project of whoever is signed in. */
export async function projectOf(page: Page): Promise<string> {
  const session = (await (await page.request.get('/api/v1/session')).json()) as { memberships: Membership[] };
  const slug = session.memberships[0]?.project.slug;
  if (!slug) throw new Error('The person under test is in no project.');
  return slug;
}
