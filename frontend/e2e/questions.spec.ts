import { expect, type Page, test } from '@playwright/test';
import { signIn } from './support/accounts';
import { expectAccessible } from './support/axe';
import { Hand } from './support/drawing';
import {
  currentTask,
  draftOf,
  goBackTo,
  makeQueue,
  named,
  openWorkbench,
  type Place,
  pictureShown,
  saveState,
} from './support/queue';
import { chooseScheme, inBothColours, SIZES, shot } from './support/shots';

/** Several questions about one item: one of them only on a condition, all of them answered without a mouse. */

const names = (en: string, ko: string) => ({ en, ko });
const SCHEMA = {
  questions: [
    {
      key: 'subject',
      kind: 'single_choice',
      title: names('What does it show?', '무엇이 보이나요?'),
      allow_none: true,
      allow_cannot_tell: true,
      classes: [
        { key: 'being', names: names('A living being', '생물') },
        { key: 'thing', names: names('A thing', '사물') },
      ],
    },
    {
      key: 'mood',
      kind: 'multiple_choice',
      title: names('Which moods does it show?', '어떤 기분이 보이나요?'),
      allow_none: true,
      when: { question: 'subject', has: ['being'] },
      classes: [
        { key: 'glad', names: names('Glad', '기쁨') },
        { key: 'sad', names: names('Sad', '슬픔') },
        { key: 'calm', names: names('Calm', '차분함') },
      ],
    },
    {
      key: 'colours',
      kind: 'number',
      title: names('How many colours?', '색이 몇 가지인가요?'),
      allow_cannot_tell: true,
      min: 0,
      max: 20,
      step: 1,
    },
    {
      key: 'note',
      kind: 'text',
      title: names('Anything else?', '더 할 말이 있나요?'),
      allow_none: true,
      max_length: 200,
    },
    {
      key: 'parts',
      kind: 'shapes',
      title: names('Box what stands out', '눈에 띄는 것을 상자로'),
      allow_none: true,
      tools: ['box'],
      classes: [
        { key: 'bright', names: names('Bright', '밝은 곳') },
        { key: 'dark', names: names('Dark', '어두운 곳') },
      ],
    },
  ],
};

const group = (page: Page, name: string) => page.getByRole('group', { name });
const focused = (page: Page, name: string) => expect(group(page, name)).toBeFocused();

/** The answer of the submission that the next Enter sends, once it is on the server. */
async function sent(page: Page): Promise<Record<string, unknown>> {
  const request = page.waitForRequest((r) => r.url().endsWith('/api/v1/submissions'));
  await page.keyboard.press('Enter');
  const body = (await request).postDataJSON();
  await expect(saveState(page)).toHaveText('All saved');
  return body;
}

const make = (page: Page, questions: readonly string[], items: number) =>
  makeQueue(page, { name: named('About pictures'), document: SCHEMA, questions, items });

const choose = (...classes: string[]) => ({ kind: 'class', classes });

test.describe('choices, a number and a text', () => {
  let where: Place;

  test.beforeAll(async ({ browser }) => {
    const page = await browser.newPage();
    await signIn(page, 'lead');
    where = await make(page, ['subject', 'mood', 'colours', 'note'], 8);
    await page.close();
  });

  test('a conditional question appears, all is answered by keys, and found again after a reload', async ({
    page,
  }) => {
    await signIn(page, 'lead');
    await openWorkbench(page, where);
    await focused(page, 'What does it show?');
    await expect(group(page, 'Which moods does it show?')).toHaveCount(0);
    const first = await currentTask(page);

    await page.keyboard.press('Digit1');
    await focused(page, 'Which moods does it show?');
    await page.keyboard.press('Digit1');
    await page.keyboard.press('Digit3');
    // What is missing is said where it is missing, and the cursor goes there.
    await page.keyboard.press('Enter');
    const colours = page.getByRole('textbox', { name: 'How many colours?' });
    await expect(colours).toBeFocused();
    await expect(page.getByRole('alert').filter({ hasText: '2 answers are missing' })).toBeVisible();
    await page.keyboard.type('21');
    await page.keyboard.press('Tab');
    await expect(page.getByRole('textbox', { name: 'Anything else?' })).toBeFocused();
    await page.keyboard.type('둥근 얼굴');
    await page.keyboard.press('Enter');
    await expect(page.getByText('The most is 20.')).toBeVisible();
    await expect(colours).toBeFocused();
    for (const scheme of ['light', 'dark'] as const) {
      await chooseScheme(page, scheme);
      // What was begun is kept through the reload.
      await expect
        .poll(() => draftOf(page, `${first}:answers`))
        .toMatchObject({ parts: { mood: choose('glad', 'calm'), note: { text: '둥근 얼굴' } } });
      await page.reload();
      await pictureShown(page);
      await expect(page.getByRole('textbox', { name: 'Anything else?' })).toHaveValue('둥근 얼굴');
      await expect(page.getByRole('button', { name: /^Glad/ })).toHaveAttribute('aria-pressed', 'true');
      await expectAccessible(page);
      await shot(page, `questions-${scheme}-desktop`);
      await page.setViewportSize(SIZES.phone);
      await expectAccessible(page);
      await shot(page, `questions-${scheme}-phone`);
      await page.setViewportSize(SIZES.desktop);
    }
    await chooseScheme(page, 'light');
    expect(await currentTask(page)).toBe(first);
    await page.getByRole('textbox', { name: 'How many colours?' }).fill('3');
    expect(await sent(page)).toMatchObject({
      revision: 1,
      answer: {
        kind: 'answers',
        answers: {
          subject: choose('being'),
          mood: choose('glad', 'calm'),
          colours: { kind: 'number', number: 3 },
          note: { kind: 'text', text: '둥근 얼굴' },
        },
      },
    });
    await focused(page, 'What does it show?');

    await page.reload();
    await pictureShown(page);
    await focused(page, 'What does it show?');
    await goBackTo(page, first);
    await expect(page.getByRole('button', { name: /^Calm/ })).toHaveAttribute('aria-pressed', 'true');
    await expect(page.getByRole('textbox', { name: 'How many colours?' })).toHaveValue('3');
    // With another answer the condition does not hold, and what stands behind it is not sent.
    await page.keyboard.press('Digit2');
    await expect(group(page, 'Which moods does it show?')).toHaveCount(0);
    const corrected = await sent(page);
    expect(corrected).toMatchObject({ revision: 2, answer: { answers: { subject: choose('thing') } } });
    expect(Object.keys((corrected.answer as { answers: object }).answers)).toEqual([
      'subject',
      'colours',
      'note',
    ]);
  });
});

test('shapes are asked for beside a choice, and drawn on the picture', async ({ page }) => {
  await signIn(page, 'lead');
  const where = await make(page, ['subject', 'parts'], 4);
  await openWorkbench(page, where);
  await focused(page, 'What does it show?');
  await expect(page.locator('[data-desk="ready"]')).toBeAttached();
  const first = await currentTask(page);
  await page.keyboard.press('Digit2');
  await expect(page.locator('[data-picture] [role="application"]')).toBeFocused();
  await page.keyboard.press('Digit1');
  await page.keyboard.press('KeyB');
  await new Hand(page).drag([-0.5, -0.5], [0.3, 0.4]);
  await expectAccessible(page);
  await shot(page, 'questions-shapes-dark-desktop');
  const body = await sent(page);
  const { answers } = body.answer as { answers: Record<string, { shapes?: { class: string }[] }> };
  expect(answers.subject).toEqual(choose('thing'));
  expect(answers.parts?.shapes).toHaveLength(1);
  expect(answers.parts?.shapes?.[0]).toMatchObject({ type: 'box', class: 'bright' });
  await page.reload();
  await pictureShown(page);
  await goBackTo(page, first);
  await expect(page.locator('[data-shape]')).toHaveCount(1);
});

test.describe('one number alone, one text alone', () => {
  // What is typed stays through a reload, and the next picture asks anew.
  for (const [key, title, typed, wrong, answer] of [
    ['colours', 'How many colours?', '7', 'The most is 20.', { kind: 'number', number: 7 }],
    ['note', 'Anything else?', '둥근 얼굴', null, { kind: 'text', text: '둥근 얼굴' }],
  ] as const)
    test(`${key}: typed, kept through a reload, sent and found again`, async ({ page }) => {
      await signIn(page, 'lead');
      await openWorkbench(page, await make(page, [key], 2));
      const first = await currentTask(page);
      const field = page.getByRole('textbox', { name: title });
      await expect(field).toBeFocused();
      if (wrong) {
        await page.keyboard.type('70');
        await page.keyboard.press('Enter');
        await expect(page.getByText(wrong)).toBeVisible();
        await page.keyboard.press('Backspace');
      } else await page.keyboard.type(typed);
      await expect.poll(() => draftOf(page, `${first}:typed`)).toBe(typed);
      await inBothColours(page, `questions-${key}`);
      await page.reload();
      await pictureShown(page);
      expect(await currentTask(page)).toBe(first);
      await expect(field).toHaveValue(typed);
      expect(await sent(page)).toMatchObject({ revision: 1, answer });
      await expect(page.locator('[data-picture]')).not.toHaveAttribute('data-task', first);
      await expect(field).toHaveValue('');
      await expect(field).toBeFocused();
      await page.keyboard.press('Escape');
      await goBackTo(page, first);
      await expect(field).toHaveValue(typed);
    });
});
