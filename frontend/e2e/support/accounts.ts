import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';

/** Roles that the tests act in. */
export type Person = 'owner' | 'lead' | 'reviewer' | 'annotator' | 'researcher';

interface Login {
  role: string;
  email: string;
  password: string;
}

/** The demo's own list of logins, in the data folder of the server under test, or TOUCHSTONE_LOGINS. */
function readLogins(): Login[] {
  const path =
    process.env.TOUCHSTONE_LOGINS ?? join(process.env.DATA_DIR ?? '../var/data', 'demo-logins.json');
  if (!existsSync(path))
    throw new Error(`There are no logins at ${path}: name the file in TOUCHSTONE_LOGINS.`);
  return JSON.parse(readFileSync(path, 'utf8')) as Login[];
}

export function loginOf(person: Person): Login {
  const login = readLogins().find((one) => one.role.toLowerCase().startsWith(person));
  if (!login) throw new Error(`The demo has no ${person}.`);
  return login;
}

export async function signIn(page: Page, person: Person, next = '/'): Promise<void> {
  const { email, password } = loginOf(person);
  await page.goto(`/login?next=${encodeURIComponent(next)}`);
  await page.getByLabel('E-mail').fill(email);
  await page.locator('input[name=password]').fill(password);
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
