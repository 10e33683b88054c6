import { expect, test } from '@playwright/test';
import { loginOf, signIn } from './support/accounts';
import { call } from './support/api';
import { expectAccessible } from './support/axe';
import {
  answerAndSave,
  answerOne,
  currentTask,
  goBackTo,
  openQueue,
  openWorkbench,
  pictureShown,
  saveState,
} from './support/queue';
import { chooseScheme, inBothColours, shot, TABLET } from './support/shots';

// Two people take turns: what a closed tab held comes back only after two missed heartbeats, and nobody may hold too much.
let person: 'annotator' | 'reviewer' = 'reviewer';

test.beforeEach(async ({ page }) => {
  person = person === 'annotator' ? 'reviewer' : 'annotator';
  await signIn(page, person);
});

test.describe('nothing is lost, doubled or shown twice', () => {
  // A second try would hide the race that the first one met.
  test.describe.configure({ retries: 0 });

  test('a lost connection loses nothing', async ({ page, context }) => {
    await openWorkbench(page, await openQueue(page));
    await expect(page.getByLabel('5 items ready')).toBeVisible();
    await context.setOffline(true);
    await answerOne(page);
    await answerOne(page, 'KeyT');
    await expect(saveState(page)).toHaveText('2 unsent');
    await context.setOffline(false);
    await expect(saveState(page)).toHaveText('All saved');
  });

  test('a closed tab loses nothing', async ({ page, context }) => {
    const where = await openQueue(page);
    await openWorkbench(page, where);
    await expect(page.getByLabel('5 items ready')).toBeVisible();
    await page.route('**/api/v1/submissions', (route) => route.abort());
    await answerOne(page);
    await expect(saveState(page)).toHaveText('1 unsent');
    await saveState(page).click();
    const drawer = page.getByRole('dialog', { name: 'Not yet on the server' });
    await expect(drawer.getByText('None of these')).toBeVisible();
    await inBothColours(page, 'outbox-unsent');
    await page.close();
    const again = await context.newPage();
    const sent = again.waitForResponse((r) => r.url().endsWith('/api/v1/submissions') && r.ok());
    await openWorkbench(again, where);
    await sent;
    await expect(saveState(again)).toHaveText('All saved');
  });

  test('an ended session asks for the password in place and goes on', async ({ page, context }) => {
    await openWorkbench(page, await openQueue(page));
    await expect(page.getByLabel('5 items ready')).toBeVisible();
    await context.clearCookies({ name: 'sessionid' });
    await answerOne(page);
    const dialog = page.getByRole('dialog', { name: 'Please sign in again' });
    await expect(dialog).toBeVisible();
    await expect(saveState(page)).toHaveText('Signed out, 1 kept here');
    await inBothColours(page, 'sign-in-again');
    await dialog.locator('input[name=password]').fill(loginOf(person).password);
    await dialog.getByRole('button', { name: 'Sign in' }).click();
    await expect(dialog).toBeHidden();
    await expect(saveState(page)).toHaveText('All saved');
  });

  test('a key that rests under a finger answers once', async ({ page }) => {
    await openWorkbench(page, await openQueue(page));
    await expect(page.getByLabel('5 items ready')).toBeVisible();
    const sent: string[] = [];
    page.on('request', (request) => request.url().endsWith('/submissions') && sent.push(request.url()));
    // Pressed again without being let go, a key repeats.
    for (let n = 0; n < 15; n += 1) {
      await page.keyboard.down('KeyT');
      await page.waitForTimeout(30);
    }
    await page.keyboard.up('KeyT');
    await expect.poll(() => sent.length).toBeGreaterThan(0);
    await expect(saveState(page)).toHaveText('All saved');
    expect(sent).toHaveLength(1);
  });

  test('what was left unsent goes from any page', async ({ page }) => {
    await openWorkbench(page, await openQueue(page));
    await expect(page.getByLabel('5 items ready')).toBeVisible();
    await page.route('**/api/v1/submissions', (route) => route.abort());
    await answerOne(page, 'KeyT');
    await expect(saveState(page)).toHaveText('1 unsent');
    await page.getByRole('link', { name: 'Leave the workbench' }).click();
    await expect(saveState(page)).toHaveText('1 unsent');
    await page.unroute('**/api/v1/submissions');
    await page.evaluate(() => window.dispatchEvent(new Event('online')));
    await expect(saveState(page)).toHaveCount(0);
  });

  test('two tabs never show the same task', async ({ page, context }) => {
    const where = await openQueue(page);
    await openWorkbench(page, where);
    const other = await context.newPage();
    await openWorkbench(other, where);
    const seen: string[] = [];
    for (const tab of [page, other, page, other]) {
      await tab.bringToFront();
      seen.push(await currentTask(tab));
      await answerOne(tab);
    }
    expect(new Set(seen).size).toBe(seen.length);
    await expect(saveState(page)).toHaveText('All saved');
    await expect(saveState(other)).toHaveText('All saved');
  });
});

test('one can go back over a submit and change it', async ({ page }) => {
  await openWorkbench(page, await openQueue(page));
  const first = await currentTask(page);
  await answerAndSave(page);
  await goBackTo(page, first);
  const revised = page.waitForRequest((r) => r.url().endsWith('/submissions'));
  await page.keyboard.press('KeyT');
  expect((await revised).postDataJSON()).toMatchObject({ revision: 2, answer: { kind: 'cannot_tell' } });
  await expect(saveState(page)).toHaveText('All saved');
});

test('skip, flag, comment, instructions and keys by keyboard', async ({ page }) => {
  await openWorkbench(page, await openQueue(page));
  await page.keyboard.press('Shift+KeyC');
  await page.getByLabel('Comment', { exact: true }).last().fill('Two of them?');
  await page.keyboard.press('Escape');
  await page.keyboard.press('KeyU');
  await page.keyboard.press('KeyI');
  await expect(page.getByRole('dialog', { name: 'Instructions' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
  await page.keyboard.press('Shift+Slash');
  await expect(page.getByRole('dialog', { name: 'Keys' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
  const skipped = page.waitForRequest((r) => r.url().endsWith('/submissions'));
  await page.keyboard.press('KeyX');
  await expect(page.getByText('Why skip it?')).toBeVisible();
  await page.keyboard.press('Digit2');
  expect((await skipped).postDataJSON()).toMatchObject({
    answer: { kind: 'skip', reason: 'unclear_question' },
    comment: 'Two of them?',
    flagged: true,
  });
});

test('new instructions open by themselves, once', async ({ page, browser }) => {
  const { project, queue } = await openQueue(page);
  const desk = await browser.newPage();
  await signIn(desk, 'lead');
  const at = `/projects/${project}/queues/${queue}/guideline`;
  const before = await call<{ instructions: string; revision: number }>(desk, at);
  const instructions = `${before.instructions}\n\nChanged ${before.revision} times.`;
  await call(desk, at, { instructions, examples: [], base_revision: before.revision }, 'PUT');
  await desk.close();
  const sheet = page.getByRole('dialog', { name: 'Instructions' });
  await page.goto(`/p/${project}/label/${queue}`);
  await expect(sheet).toContainText(`Changed ${before.revision} times.`);
  await expect(sheet.getByRole('button', { name: 'I have read it' })).toBeFocused();
  const read = page.waitForResponse((r) => r.url().endsWith('/acknowledge') && r.ok());
  await page.keyboard.press('Enter');
  await read;
  await expect(sheet).toBeHidden();
  await page.reload();
  await pictureShown(page);
  await answerOne(page);
  await expect(sheet).toBeHidden();
});

test('it is accessible in both colours, and fits a tablet', async ({ page }) => {
  const where = await openQueue(page);
  for (const scheme of ['dark', 'light'] as const) {
    await chooseScheme(page, scheme);
    await openWorkbench(page, where);
    await expectAccessible(page);
    await shot(page, `workbench-${scheme}-desktop`);
    for (const [key, name] of [
      ['KeyI', 'Instructions'],
      ['Shift+Slash', 'Keys'],
    ] as const) {
      await page.keyboard.press(key);
      await expect(page.getByRole('dialog', { name })).toBeVisible();
      await expectAccessible(page);
      await shot(page, `${name.toLowerCase()}-${scheme}-desktop`);
      await page.keyboard.press('Escape');
      await expect(page.getByRole('dialog')).toBeHidden();
    }
  }
  await page.keyboard.press('Shift+KeyB');
  await expect(page.getByRole('region', { name: 'Brightness and contrast' })).toBeVisible();
  await page.getByLabel('Brightness', { exact: true }).fill('1.4');
  await inBothColours(page, 'brightness');
  await page.keyboard.press('Shift+KeyB');
  await page.keyboard.press('Control+KeyK');
  await expect(page.getByPlaceholder(/^Page, picture/)).toBeFocused();
  await page.keyboard.type('zoom');
  await expect(page.getByRole('button', { name: 'Zoom in' }).last()).toBeVisible();
  await inBothColours(page, 'palette-workbench');
  await page.keyboard.press('Escape');
  await page.setViewportSize(TABLET);
  await page.reload();
  await pictureShown(page);
  await shot(page, 'workbench-light-tablet');
});
