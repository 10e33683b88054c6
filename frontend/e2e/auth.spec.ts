import { expect, test } from '@playwright/test';
import { signIn } from './support/accounts';
import { expectAccessible } from './support/axe';
import { collectErrors } from './support/errors';
import { shots } from './support/shots';

test('the sign-in page is accessible in both colours', async ({ page }) => {
  const errors = collectErrors(page);
  await page.goto('/login');
  const ready = () => expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible();
  await ready();
  await shots(page, 'login', ready, () => expectAccessible(page));
  expect(errors).toEqual([]);
});

test('a wrong password is refused in a sentence', async ({ page }) => {
  await page.goto('/login');
  await page.getByLabel('E-mail').fill('nobody@example.org');
  await page.locator('input[name=password]').fill('wrong-password');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('alert')).toHaveText('E-mail or password is not right.');
});

test('a page that needs a person asks for one and comes back to it', async ({ page }) => {
  await page.goto('/projects');
  await expect(page).toHaveURL(/\/login\?next=/);
  await signIn(page, 'lead', '/projects');
  await expect(page).toHaveURL(/\/projects$/);
});
