import { type Browser, type CDPSession, expect, type Locator, type Page, test } from '@playwright/test';
import { signIn } from './support/accounts';
import { makeDrawingQueue, shapeRows } from './support/drawing';
import { openWorkbench, saveState } from './support/queue';
import { inBothColours } from './support/shots';

/** A tablet without a keyboard: every tool that waits for a word is told it by a button that a finger can hit. */

test.use({ viewport: { width: 1024, height: 768 }, hasTouch: true });

let where = { project: '', queue: '' };

test.beforeAll(async ({ browser }: { browser: Browser }) => {
  const page = await browser.newPage();
  await signIn(page, 'lead');
  where = await makeDrawingQueue(page, 20);
  await page.close();
});

/** Playwright taps but does not drag with a finger: the browser is told of each touch. */
class Finger {
  private constructor(
    private readonly page: Page,
    private readonly devtools: CDPSession,
  ) {}

  static async of(page: Page): Promise<Finger> {
    return new Finger(page, await page.context().newCDPSession(page));
  }

  /** Shares of what is shown of the picture, from its middle: -1 to 1. */
  private async place(x: number, y: number): Promise<{ x: number; y: number }> {
    const box = await this.page.locator('[data-picture] [role="application"]').boundingBox();
    if (!box) throw new Error('There is no picture to draw on.');
    const half = Math.min(box.width, box.height, 256) / 2;
    return { x: box.x + box.width / 2 + x * half, y: box.y + box.height / 2 + y * half };
  }

  private send(
    type: 'touchStart' | 'touchMove' | 'touchEnd',
    at?: { x: number; y: number },
  ): Promise<unknown> {
    return this.devtools.send('Input.dispatchTouchEvent', { type, touchPoints: at ? [at] : [] });
  }

  async drag(...path: (readonly [number, number])[]): Promise<void> {
    for (const [index, [x, y]] of path.entries())
      await this.send(index === 0 ? 'touchStart' : 'touchMove', await this.place(x, y));
    await this.send('touchEnd');
    // Two touches within a third of a second may be one gesture.
    await this.page.waitForTimeout(400);
  }

  async tap(x: number, y: number): Promise<void> {
    await this.drag([x, y]);
  }
}

// Buttons are pressed by clicks: of Chromium's synthetic taps one in ten makes none beside touches of our own.
const bar = (page: Page): Locator => page.getByRole('toolbar', { name: 'Tool in hand' });
const say = (page: Page, order: string) =>
  bar(page).getByRole('button', { name: order, exact: true }).click();
const take = (page: Page, tool: string) => page.getByRole('button', { name: tool, exact: true }).click();

async function largeEnough(page: Page): Promise<void> {
  for (const button of await bar(page).getByRole('button').all()) {
    const box = await button.boundingBox();
    expect(Math.min(box?.width ?? 0, box?.height ?? 0)).toBeGreaterThanOrEqual(44);
  }
}

test('object, key points, masks and a vertex are drawn and sent by a finger alone', async ({ page }) => {
  await signIn(page, 'lead');
  await openWorkbench(page, where);
  await expect(page.locator('[data-desk="ready"]')).toBeAttached();
  const finger = await Finger.of(page);
  await page.getByRole('button', { name: /^Body/ }).first().click();

  await take(page, 'Find the object in a box');
  await finger.drag([-0.85, -0.85], [0, 0], [0.85, 0.85]);
  await expect(bar(page).getByRole('button', { name: 'Take it' })).toBeVisible();
  await largeEnough(page);
  await inBothColours(page, 'touch', 'tablet');
  await say(page, 'Out');
  await finger.tap(0.8, 0.8);
  await expect(bar(page).getByRole('button', { name: 'Take one back' })).toBeVisible();
  await say(page, 'Take it');
  await expect(shapeRows(page)).toHaveCount(1);
  await expect(bar(page)).toHaveCount(0);

  await take(page, 'Key points');
  await finger.drag([-0.4, -0.6], [0, 0], [0.4, 0.6]);
  await say(page, 'Hidden');
  await say(page, 'Not there');
  await say(page, 'Done');
  await expect(shapeRows(page)).toHaveCount(2);

  await take(page, 'Brush');
  await finger.drag([-0.4, -0.3], [0, -0.2], [0.4, -0.3]);
  await expect(shapeRows(page)).toHaveCount(3);
  await say(page, 'Next mask');
  // Only then is the next stroke of another mask.
  await expect(bar(page).getByRole('button', { name: 'Next mask' })).toHaveCount(0);
  await finger.drag([-0.4, 0.3], [0, 0.2], [0.4, 0.3]);
  await expect(shapeRows(page)).toHaveCount(4);
  await say(page, 'Next mask');

  const sent = page.waitForRequest((request) => request.url().endsWith('/api/v1/submissions'));
  await page.getByRole('button', { name: /^Submit/ }).click();
  const { answer } = (await sent).postDataJSON();
  const types = (answer.shapes as { type: string }[]).map(({ type }) => type);
  expect(types).toEqual([types[0], 'keypoints', 'mask', 'mask']);
  expect(answer.shapes[1].points.filter((_: number, at: number) => at % 3 === 2)).toEqual([1, 0, 2]);
  await expect(saveState(page)).toHaveText('All saved');
});
