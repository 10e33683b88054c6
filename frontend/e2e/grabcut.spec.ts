import { expect, test } from '@playwright/test';
import { opencvLibrary } from '../scripts/opencv';
import { signIn } from './support/accounts';
import { Hand, kept, makeDrawingQueue } from './support/drawing';
import { openWorkbench } from './support/queue';
import { editsAndSends } from './support/toolRound';

/** OpenCV in its worker under the policies that the server really sends; where it is not installed there is nothing to see. */

declare global {
  interface Window {
    told?: (number | string | null)[];
  }
}

test('GrabCut cuts in a worker, and the page itself may still make no function from text', async ({
  page,
}) => {
  test.skip(opencvLibrary() === null, 'OpenCV is not installed');
  test.setTimeout(180_000);
  await signIn(page, 'lead');
  const where = await makeDrawingQueue(page);
  await page.addInitScript(() => {
    window.told = [];
    const { told } = window;
    window.Worker = class extends Worker {
      constructor(address: string | URL, options?: WorkerOptions) {
        super(address, options);
        // Another worker looks at the colours.
        if (String(address).includes('/grabcut.worker-'))
          this.addEventListener('message', ({ data }) =>
            told.push(data.failed ?? data.inside?.length ?? null),
          );
      }
    };
  });
  const policies: (string | undefined)[] = [];
  page.on('response', (response) => {
    if (response.url().includes('/grabcut.worker-'))
      policies.push(response.headers()['content-security-policy']);
  });
  await openWorkbench(page, where);
  await expect(page.locator('[data-desk="ready"]')).toBeAttached();
  // Nothing of it is loaded before the tool is taken up.
  expect(policies).toEqual([]);
  await page.keyboard.press('Digit1');
  await page.keyboard.press('KeyG');
  await expect.poll(() => policies.length).toBeGreaterThan(0);
  expect(policies[0]).toContain("'unsafe-eval'");
  // Ready, said without a cut.
  await expect.poll(() => page.evaluate(() => window.told), { timeout: 90_000 }).toEqual([null]);
  await new Hand(page).drag([-0.85, -0.85], [0.85, 0.85]);
  await expect.poll(() => page.evaluate(() => window.told?.length), { timeout: 60_000 }).toBe(2);
  const said = await page.evaluate(() => window.told?.[1]);
  expect(said).toBeGreaterThan(0);
  await page.keyboard.press('Enter');
  await expect.poll(async () => (await kept(page)).length).toBe(1);
  await editsAndSends(page, 'polygon');
  // From a timer: what the debugger itself evaluates is free of the policy.
  const evaluated = await page.evaluate(
    () =>
      new Promise<string>((tell) => {
        setTimeout(() => {
          try {
            tell(String(new Function('return 1')()));
          } catch (error) {
            tell(String(error));
          }
        });
      }),
  );
  expect(evaluated).toContain('EvalError');
});
