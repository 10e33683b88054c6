import { expect, type Page, test } from '@playwright/test';
import { signIn } from './support/accounts';
import { call } from './support/api';
import { expectAccessible } from './support/axe';
import { type Drawn, Hand, makeDrawingQueue } from './support/drawing';
import { currentTask, goBackTo, openWorkbench, saveState } from './support/queue';
import { chooseScheme, SIZES, shot } from './support/shots';

/** Two drawings of one picture by the same person, made in two places: both are shown before one of them is chosen. */

interface Sent {
  id: string;
  revision: number;
  answer: { shapes: Drawn[] };
}

async function send(page: Page, act = () => page.keyboard.press('Enter')): Promise<Sent> {
  const request = page.waitForRequest((r) => r.url().endsWith('/api/v1/submissions'));
  await act();
  return (await request).postDataJSON();
}

test('another drawing of mine on the server is shown beside the one here', async ({ page }) => {
  await signIn(page, 'lead');
  const where = await makeDrawingQueue(page, 3);
  await openWorkbench(page, where);
  await expect(page.locator('[data-desk="ready"]')).toBeAttached();
  const task = await currentTask(page);
  const hand = new Hand(page);
  await page.keyboard.press('Digit1');
  await page.keyboard.press('KeyB');
  await hand.drag([-0.7, -0.7], [-0.2, -0.1]);
  await hand.drag([0.2, -0.6], [0.7, 0]);
  await hand.drag([-0.6, 0.2], [0.6, 0.7]);
  const first = await send(page);
  await expect(saveState(page)).toHaveText('All saved');

  // In another place the first was moved, the second given another class, the third thrown away.
  const [one, two] = first.answer.shapes as (Drawn & { box: number[] })[];
  if (!one || !two) throw new Error('Nothing was drawn.');
  const [x = 0, y = 0, ...size] = one.box;
  const shapes = [
    { ...one, box: [x + 4, y + 6, ...size] },
    { ...two, class: 'detail' },
  ];
  const elsewhere = { ...first, id: crypto.randomUUID(), revision: 2, answer: { kind: 'shapes', shapes } };
  await call(page, '/submissions', elsewhere);

  await goBackTo(page, task);
  await expect(page.locator('[data-shape]')).toHaveCount(3);
  await page.keyboard.press('KeyB');
  await hand.drag([-0.9, 0.3], [-0.7, 0.9]);
  await page.keyboard.press('Digit1');
  await send(page);
  await page.getByText('1 needs you').click();
  const drawer = page.getByRole('dialog');
  await expect(drawer.getByText('On the server, revision 2')).toBeVisible();
  await expect(drawer.locator('[data-picture="shown"]')).toHaveCount(2);
  for (const words of ['Only here (2)', 'Moved or reshaped (1)', 'Another class (1)', 'Detail → Body'])
    await expect(drawer.getByText(words)).toBeVisible();
  for (const scheme of ['dark', 'light'] as const) {
    await page.evaluate((value) => {
      document.documentElement.setAttribute('data-mantine-color-scheme', value);
    }, scheme);
    await expectAccessible(page);
    await shot(page, `conflict-${scheme}-desktop`);
  }
  await drawer.getByRole('button', { name: 'Detail → Body' }).click();
  await shot(page, 'conflict-close-light-desktop');
  await page.setViewportSize(SIZES.phone);
  await shot(page, 'conflict-light-phone');
  await page.setViewportSize(SIZES.desktop);
  const last = await send(page, () =>
    drawer.getByRole('button', { name: 'Send mine as the next revision' }).click(),
  );
  expect([last.revision, last.answer.shapes.length]).toEqual([3, 4]);
  await expect(saveState(page)).toHaveText('All saved');
  await chooseScheme(page, 'light');
});
