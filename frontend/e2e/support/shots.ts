import { expect, type Page } from '@playwright/test';
import { expectAccessible } from './axe';

export const SIZES = { desktop: { width: 1366, height: 768 }, phone: { width: 390, height: 844 } } as const;
export const TABLET = { width: 1024, height: 768 } as const;
const FOLDER = new URL('../../test-results/screenshots/', import.meta.url).pathname;

export type Scheme = 'light' | 'dark';

/** Chooses the colours of pages and workbench for all visits to come. */
export async function chooseScheme(page: Page, scheme: Scheme): Promise<void> {
  await page.evaluate((value) => {
    localStorage.setItem('touchstone.scheme.page', value);
    localStorage.setItem('touchstone.scheme.workbench', value);
  }, scheme);
}

/** One picture of what is on the screen; `make screenshots` keeps those that a document names. */
export async function shot(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: `${FOLDER}${name}.png`, animations: 'disabled' });
}

/**
 * A page in both colours and both sizes, with `look` at each in the desktop's size. `ready` waits until it shows what it
 * should; a change of colours reloads the page, as a person's choice would be met on the next visit.
 */
export async function shots(
  page: Page,
  name: string,
  ready: () => Promise<void>,
  look: () => Promise<void>,
): Promise<void> {
  for (const scheme of ['light', 'dark'] as const) {
    await chooseScheme(page, scheme);
    await page.reload();
    await ready();
    await look();
    await shot(page, `${name}-${scheme}-desktop`);
    await page.setViewportSize(SIZES.phone);
    await ready();
    await shot(page, `${name}-${scheme}-phone`);
    await expectNoSideways(page);
    await page.setViewportSize(SIZES.desktop);
  }
  await chooseScheme(page, 'light');
}

/** What moves has come to rest; what turns for ever does not count. */
async function atRest(page: Page): Promise<void> {
  await page.evaluate(() =>
    Promise.all(
      document
        .getAnimations()
        .filter((one) => one.effect?.getComputedTiming().endTime !== Number.POSITIVE_INFINITY)
        .map((one) => one.finished.catch(() => undefined)),
    ).then(() => undefined),
  );
}

/**
 * What is open now and a reload would close, a dialog, a panel or a message: looked at with axe in both colours, a picture
 * of each. The colours change beneath the page, which has no part in it: all of them are CSS.
 */
export async function inBothColours(
  page: Page,
  name: string,
  size: 'desktop' | 'tablet' = 'desktop',
): Promise<void> {
  const paint = (scheme: string) =>
    page.evaluate((value) => {
      const before = document.documentElement.getAttribute('data-mantine-color-scheme') ?? 'light';
      document.documentElement.setAttribute('data-mantine-color-scheme', value);
      return before;
    }, scheme);
  const before = await paint('light');
  for (const scheme of ['light', 'dark'] as const) {
    await paint(scheme);
    await atRest(page);
    await expectAccessible(page);
    await shot(page, `${name}-${scheme}-${size}`);
  }
  await paint(before);
}

/** Nothing of the page lies beyond the right edge of a phone; what is wide scrolls in a box of its own. */
async function expectNoSideways(page: Page): Promise<void> {
  const beyond = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(beyond, 'pixels beyond the right edge').toBeLessThanOrEqual(0);
}
