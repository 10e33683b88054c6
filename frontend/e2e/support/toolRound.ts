import { expect, type Page } from '@playwright/test';
import { type Drawn, kept } from './drawing';
import { saveState } from './queue';

/** What every tool has to go through once its shape is there: an edit, undo, redo, sending, a reload, and the same shape again. */

/** Longer than the hand must rest for what it drew to be kept. */
const AT_REST = 800;

/** The tools are there and the picture may be drawn on. */
export async function deskReady(page: Page): Promise<void> {
  await expect(page.getByRole('toolbar', { name: 'Drawing tools' })).toBeVisible();
  await expect(page.locator('[data-desk="ready"]')).toBeAttached();
}

/** What is kept, once it is other than before and the hand has rested: on a slow machine it also rests between two strokes. */
export async function keptAfter(page: Page, before: readonly Drawn[]): Promise<Drawn[]> {
  let last = JSON.stringify(before);
  await expect(async () => {
    const seen = last;
    last = JSON.stringify(await kept(page));
    expect(last).toBe(seen);
    expect(last).not.toBe(JSON.stringify(before));
  }).toPass({ intervals: [AT_REST], timeout: 25_000 });
  return JSON.parse(last);
}

/** The heading of the list, once it has so many. */
export const shapesCounted = (page: Page, n: number) =>
  page.getByRole('heading', { name: new RegExp(`^${n} shapes?$`) });

interface Sent {
  revision: number;
  answer: { kind: string; shapes: Drawn[] };
}

export async function submitted(page: Page): Promise<Sent> {
  const sent = page.waitForRequest((r) => r.url().endsWith('/api/v1/submissions'));
  await page.keyboard.press('Enter');
  const body = (await sent).postDataJSON();
  await expect(saveState(page)).toHaveText('All saved');
  return body;
}

interface Step {
  readonly drawn: readonly Drawn[];
  readonly edited: readonly Drawn[];
}

/** Takes an edit back, does it again, sends what is drawn, and finds the same after a reload. */
export async function undoneSentAndThere(page: Page, { drawn, edited }: Step): Promise<void> {
  await page.keyboard.press('Control+KeyZ');
  await expect.poll(() => kept(page)).toEqual(drawn);
  await page.keyboard.press('Control+Shift+KeyZ');
  await expect.poll(() => kept(page)).toEqual(edited);
  // The first Enter would end the mask, so that another can be begun.
  await page.keyboard.press('KeyV');
  const first = await submitted(page);
  expect(first).toMatchObject({ revision: 1, answer: { kind: 'shapes', shapes: edited } });
  await page.reload();
  await deskReady(page);
  await expect(page.getByRole('button', { name: 'Previous' })).toBeEnabled();
  await page.keyboard.press('KeyA');
  await expect(shapesCounted(page, edited.length)).toBeVisible();
  const again = await submitted(page);
  expect(again).toMatchObject({ revision: 2, answer: { shapes: edited } });
}

/** With one shape of the class with the key 1 drawn: gives it the class with the key 2, and goes on from there. */
export async function editsAndSends(page: Page, type: string): Promise<void> {
  const drawn = await keptAfter(page, []);
  expect(drawn.map((shape) => shape.type)).toEqual([type]);
  await page.keyboard.press('Digit2');
  const edited = await keptAfter(page, drawn);
  expect(edited.map((shape) => shape.class)).toEqual(['detail']);
  await undoneSentAndThere(page, { drawn, edited });
}
