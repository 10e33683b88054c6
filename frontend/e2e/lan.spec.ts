import { expect, test } from '@playwright/test';
import { signIn } from './support/accounts';
import { Hand, kept, makeDrawingQueue, shapeRows } from './support/drawing';
import { collectErrors } from './support/errors';
import { type Lan, serveLan } from './support/lan';
import {
  answerAndSave,
  answerOne,
  openQueue,
  type Place,
  pictureShown,
  readInstructions,
  saveState,
} from './support/queue';

/** A server in the building, by its name and without a certificate: there Chromium takes half of the modern APIs away. */

let lan: Lan;
let where: Place;
let drawing: Place;

// What is prepared is prepared at the other address: the tests' own requests do not know the name.
test.beforeAll(async ({ browser }) => {
  test.setTimeout(120_000);
  const page = await browser.newPage();
  lan = await serveLan(page);
  await signIn(page, 'lead');
  where = await openQueue(page);
  await readInstructions(page, where);
  drawing = await makeDrawingQueue(page, 2);
  await page.close();
});

test.afterAll(() => lan?.stop());

test('one signs in, labels, draws, loses the connection and copies on a plain http address', async ({
  browser,
}) => {
  const context = await browser.newContext({ baseURL: lan.url });
  const page = await context.newPage();
  const errors = collectErrors(page);
  await signIn(page, 'lead');
  const missing = await page.evaluate(() => ({
    secure: window.isSecureContext,
    uuid: typeof crypto.randomUUID,
    locks: typeof navigator.locks,
    clipboard: typeof navigator.clipboard,
  }));
  expect(missing).toEqual({
    secure: false,
    uuid: 'undefined',
    locks: 'undefined',
    clipboard: 'undefined',
  });

  // What was answered without a connection outlives the page, which cannot even be loaded then.
  await page.goto(`/p/${where.project}/label/${where.queue}`);
  await pictureShown(page);
  await expect(page.getByLabel('5 items ready')).toBeVisible();
  await answerAndSave(page);
  await context.setOffline(true);
  await answerOne(page, 'KeyT');
  await expect(saveState(page)).toHaveText('1 unsent');
  await expect(page.reload()).rejects.toThrow(/ERR_INTERNET_DISCONNECTED/);
  // Chromium loads its own error page anew as soon as there is a network: the answer may go before we come.
  const arrived = page.waitForResponse((r) => r.url().endsWith('/api/v1/submissions') && r.ok());
  await context.setOffline(false);
  await page.goto(`/p/${where.project}/label/${where.queue}`);
  expect((await arrived).request().postDataJSON()).toMatchObject({ answer: { kind: 'cannot_tell' } });
  await pictureShown(page);
  await expect(saveState(page)).toHaveText('All saved');

  // Drawing, with the tool whose worker may be on this machine, and with a plain one.
  await page.goto(`/p/${drawing.project}/label/${drawing.queue}`);
  await expect(page.locator('[data-desk="ready"]')).toBeAttached();
  const hand = new Hand(page);
  await page.keyboard.press('Digit1');
  await page.keyboard.press('KeyB');
  await hand.drag([-0.5, -0.5], [0.3, 0.4]);
  await page.keyboard.press('KeyG');
  await hand.drag([-0.85, -0.85], [0.85, 0.85]);
  await expect(page.getByRole('button', { name: 'Take it' })).toBeVisible({ timeout: 60_000 });
  await page.keyboard.press('Enter');
  await expect(shapeRows(page)).toHaveCount(2);
  await expect.poll(async () => (await kept(page)).length).toBe(2);
  await page.reload();
  await expect(shapeRows(page)).toHaveCount(2);
  const sent = page.waitForResponse((r) => r.url().endsWith('/api/v1/submissions') && r.ok());
  await page.keyboard.press('Enter');
  expect((await sent).request().postDataJSON().answer.shapes).toHaveLength(2);
  await expect(saveState(page)).toHaveText('All saved');

  // Copied in the old way, and pasted.
  await page.goto(`/p/${where.project}/versions/emoji@v1`);
  await page.getByRole('button', { name: /^Copy/ }).first().click();
  await expect(page.getByText('Copied').first()).toBeVisible();
  await page.keyboard.press('Control+KeyK');
  const field = page.getByPlaceholder(/^Page, picture/);
  await expect(field).toBeFocused();
  await page.keyboard.press('Control+KeyV');
  await expect(field).not.toHaveValue('');
  // But for the reload without a network, the console is as quiet as elsewhere.
  expect(errors.filter((one) => !one.includes('ERR_INTERNET_DISCONNECTED'))).toEqual([]);
  await context.close();
});
