import { expect, type Page, test } from '@playwright/test';
import { signIn } from './support/accounts';
import { expectAccessible } from './support/axe';
import { Hand, keptAs } from './support/drawing';
import {
  answerAndSave,
  currentTask,
  draftOf,
  makeQueue,
  openQueue,
  openWorkbench,
  pictureShown,
  saveState,
} from './support/queue';
import { chooseScheme, SIZES, shot } from './support/shots';

/** What is done on an item is taken back in the order in which it was done, and what is left of it is what is sent. */

const names = (en: string, ko: string) => ({ en, ko });
const SCHEMA = {
  questions: [
    {
      key: 'subject',
      kind: 'single_choice',
      title: names('What does it show?', '무엇이 보이나요?'),
      allow_none: true,
      classes: [
        { key: 'being', names: names('A living being', '생물') },
        { key: 'thing', names: names('A thing', '사물') },
      ],
    },
    {
      key: 'parts',
      kind: 'shapes',
      title: names('Box what stands out', '눈에 띄는 것을 상자로'),
      allow_none: true,
      when: { question: 'subject', has: ['being'] },
      tools: ['box'],
      classes: [
        { key: 'bright', names: names('Bright', '밝은 곳') },
        { key: 'dark', names: names('Dark', '어두운 곳') },
      ],
    },
    {
      key: 'colours',
      kind: 'number',
      title: names('How many colours?', '색이 몇 가지인가요?'),
      allow_cannot_tell: true,
      min: 0,
      max: 20,
    },
  ],
};

const undo = (page: Page) => page.keyboard.press('Control+KeyZ');
const redo = (page: Page) => page.keyboard.press('Control+Shift+KeyZ');
const group = (page: Page, name: string) => page.getByRole('group', { name });
const shapes = (page: Page) => page.locator('[data-shape]');

test('shapes, choices, a number and a flag are one order of time', async ({ page }) => {
  await signIn(page, 'lead');
  const questions = ['subject', 'parts', 'colours'];
  const where = await makeQueue(page, { name: `Undo ${Date.now()}`, document: SCHEMA, questions, items: 4 });
  await openWorkbench(page, where);
  const task = await currentTask(page);
  const colours = page.getByRole('textbox', { name: 'How many colours?' });
  await page.keyboard.press('Digit1');
  await expect(page.locator('[data-picture] [role="application"]')).toBeFocused();
  await expect(page.locator('[data-desk="ready"]')).toBeAttached();
  await page.keyboard.press('Digit1');
  await page.keyboard.press('KeyB');
  const hand = new Hand(page);
  await hand.drag([-0.6, -0.6], [-0.1, 0.2]);
  await colours.fill('3');
  await hand.drag([0.1, -0.4], [0.6, 0.5]);
  await page.keyboard.press('KeyU');
  await expect(shapes(page)).toHaveCount(2);
  await shot(page, 'undo-dark-desktop');
  await expectAccessible(page);
  await page.setViewportSize(SIZES.phone);
  await expectAccessible(page);
  await shot(page, 'undo-dark-phone');
  await page.setViewportSize(SIZES.desktop);

  // Another answer closes the question for shapes; what was drawn comes back with it.
  await page.getByRole('button', { name: /^A thing/ }).click();
  await expect(group(page, 'Box what stands out')).toHaveCount(0);
  await undo(page);
  await expect(shapes(page)).toHaveCount(2);
  await undo(page);
  await expect(page.getByRole('button', { name: /^Flag/ })).toHaveAttribute('aria-pressed', 'false');
  await undo(page);
  await expect(shapes(page)).toHaveCount(1);
  await expect(colours).toHaveValue('3');
  await undo(page);
  await expect(colours).toHaveValue('');
  await undo(page);
  await expect(shapes(page)).toHaveCount(0);
  await redo(page);
  await redo(page);
  await expect(colours).toHaveValue('3');
  await expect(shapes(page)).toHaveCount(1);
  // In a field what is typed is the browser's to take back.
  await colours.focus();
  await page.keyboard.type('4');
  await expect(colours).toHaveValue('34');
  await undo(page);
  await expect(colours).toHaveValue('3');
  await expect(shapes(page)).toHaveCount(1);

  // What is undone is what is kept.
  await expect.poll(async () => (await keptAs(page, `${task}:shapes`)).length).toBe(1);
  await expect
    .poll(() => draftOf(page, `${task}:answers`))
    .toMatchObject({ parts: { colours: { text: '3' }, subject: { classes: ['being'] } } });
  await chooseScheme(page, 'light');
  await page.reload();
  await pictureShown(page);
  await expect(shapes(page)).toHaveCount(1);
  await expect(page.getByRole('button', { name: 'Undo', exact: true })).toBeDisabled();
  await shot(page, 'undo-light-desktop');
  const request = page.waitForRequest((r) => r.url().endsWith('/api/v1/submissions'));
  await page.keyboard.press('Escape');
  await page.keyboard.press('Enter');
  const { answer } = (await request).postDataJSON();
  expect(answer.answers.parts.shapes).toHaveLength(1);
  expect(answer.answers).toMatchObject({ subject: { classes: ['being'] }, colours: { number: 3 } });
  await expect(saveState(page)).toHaveText('All saved');
});

test('where one key answers, undo leads back to what was answered', async ({ page }) => {
  await signIn(page, 'lead');
  await openWorkbench(page, await openQueue(page));
  const first = await currentTask(page);
  await answerAndSave(page);
  const second = await currentTask(page);
  await page.keyboard.press('KeyU');
  await undo(page);
  await expect(page.getByRole('button', { name: /^Flag/ })).toHaveAttribute('aria-pressed', 'false');
  await expect(page.locator('[data-picture]')).toHaveAttribute('data-task', second);
  await undo(page);
  await expect(page.locator('[data-picture]')).toHaveAttribute('data-task', first);
  await pictureShown(page);
  await shot(page, 'undo-back-dark-desktop');
  await redo(page);
  await expect(page.locator('[data-picture]')).toHaveAttribute('data-task', second);
});
