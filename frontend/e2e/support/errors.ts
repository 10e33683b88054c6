import type { Page } from '@playwright/test';

/** What the page complains about: script errors, refused styles, missing files. An expected status is left out. */
export function collectErrors(page: Page, expected: readonly number[] = []): string[] {
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (message.type() !== 'error') return;
    const text = message.text();
    if (expected.some((status) => text.includes(`status of ${status}`))) return;
    errors.push(text);
  });
  return errors;
}
