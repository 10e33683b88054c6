import { execFileSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import { signIn } from './support/accounts';
import { expectAccessible } from './support/axe';
import { Hand, makeDrawingQueue } from './support/drawing';
import { openWorkbench } from './support/queue';
import { shot } from './support/shots';
import { deskReady, editsAndSends } from './support/toolRound';

/**
 * The slot for an operator's own network, with a real pair of ONNX files: it finds what is redder than green in a box. The
 * files are put where the server looks for them while it runs, as an operator does.
 */

const root = fileURLToPath(new URL('../..', import.meta.url));
/** The demo's logins lie in the server's own folder of data. */
const data = process.env.TOUCHSTONE_LOGINS
  ? dirname(process.env.TOUCHSTONE_LOGINS)
  : (process.env.DATA_DIR ?? join(root, 'var/data'));
const models = join(data, 'assist-models');
const python = process.env.TOUCHSTONE_PYTHON ?? join(root, '.venv/bin/python');

/** `shift`: how much redder than green a place must at least be, turned over; 2 takes every place in the box. */
const WRITE = `
import sys
from pathlib import Path
sys.path.insert(0, "tests/annotation/assisting")
from pair import CARD, write_pair
folder, name, shift = Path(sys.argv[1]), sys.argv[2], float(sys.argv[3])
decoder = CARD["decoder"] | {"constants": {"shift": {"shape": [1], "value": shift}}}
write_pair(folder, CARD | {"name": name, "decoder": decoder})
`;

const install = (folder: string, name: string, shift: number) =>
  execFileSync(python, ['-c', WRITE, join(models, folder), name, String(shift)], { cwd: root });

const remove = () => {
  for (const folder of ['e2e-all', 'e2e-red']) rmSync(join(models, folder), { recursive: true, force: true });
};

test.beforeAll(() => {
  test.skip(!existsSync(data), 'The data of the server are on another machine.');
  remove();
  install('e2e-all', 'Everything in the box', 2);
  install('e2e-red', 'Red things', 0);
});

// Other tests expect the keys of an installation without networks.
test.afterAll(remove);

test("an operator's network is chosen, finds an object, and its shape is edited, sent, and there again", async ({
  page,
}) => {
  test.setTimeout(240_000);
  await signIn(page, 'lead');
  const where = await makeDrawingQueue(page);
  await openWorkbench(page, where);
  await deskReady(page);
  const tool = page.getByRole('button', { name: "Find the object with the operator's model" });
  await expect(tool).toBeVisible();
  await page.keyboard.press('Digit1');
  await page.keyboard.press('KeyS');
  await expect(tool).toHaveAttribute('aria-pressed', 'true');
  const model = page.getByRole('combobox', { name: 'Model' });
  await expect(model.getByRole('option')).toHaveText(['Everything in the box', 'Red things']);
  await model.selectOption('Red things');
  await model.selectOption('Everything in the box');
  await expectAccessible(page);

  const found = page.waitForResponse((r) => r.url().endsWith('/assist/masks') && r.status() === 200, {
    timeout: 90_000,
  });
  await new Hand(page).drag([-0.6, -0.6], [0.6, 0.5]);
  const answer = await found;
  expect(answer.request().postDataJSON().model).toMatch(/^e2e-all/);
  expect((await answer.json()).mask).not.toBeNull();
  await shot(page, 'smart-dark-desktop');
  await page.keyboard.press('Enter');
  await editsAndSends(page, 'polygon');

  // The next visit still uses the one that was chosen.
  await page.keyboard.press('KeyS');
  await model.selectOption('Red things');
  await page.reload();
  await deskReady(page);
  await page.keyboard.press('KeyS');
  await expect(model.locator('option:checked')).toHaveText('Red things');
});
