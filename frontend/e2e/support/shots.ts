import type { Page } from '@playwright/test';

export const SIZES = { desktop: { width: 1366, height: 768 }, phone: { width: 390, height: 844 } } as const;
export const TABLET = { width: 1024, height: 768 } as const;
const FOLDER = new URL('../../../docs/screenshots/', import.meta.url).pathname;

export type Scheme = 'light' | 'dark';

/** Chooses the colours of pages and workbench for all visits to come. */
export async function chooseScheme(page: Page, scheme: Scheme): Promise<void> {
  await page.evaluate((value) => {
    localStorage.setItem('touchstone.scheme.page', value);
    localStorage.setItem('touchstone.scheme.workbench', value);
  }, scheme);
}

/** One picture of what is on the screen, into docs/screenshots. */
export async function shot(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: `${FOLDER}${name}.png`, animations: 'disabled' });
}

/**
 * A page in both colours and both sizes. `ready` waits until it shows what it should; a change of colours reloads the
 * page, as a person's choice would be met on the next visit.
 */
export async function shots(page: Page, name: string, ready: () => Promise<void>): Promise<void> {
  for (const scheme of ['light', 'dark'] as const) {
    await chooseScheme(page, scheme);
    for (const [size, viewport] of Object.entries(SIZES)) {
      await page.setViewportSize(viewport);
      await page.reload();
      await ready();
      await shot(page, `${name}-${scheme}-${size}`);
    }
  }
  await chooseScheme(page, 'light');
  await page.setViewportSize(SIZES.desktop);
}
