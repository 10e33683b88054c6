import { fireEvent, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, test, vi } from 'vitest';
import { i18n } from '@/app/i18n';
import * as drafts from '@/sync/drafts';
import { answers, onTable, press, server, setTable, show } from '../testBench';
import { type FieldQuestion, readField } from './checkField';

setTable();
afterEach(async () => void (await i18n.changeLanguage('en')));

const asked = { key: 'said', title: 'How long is it?', allow_none: false, allow_cannot_tell: true };
const length = { ...asked, kind: 'number', min: 0, max: 400, step: 0.5, unit: 'mm' } as FieldQuestion;
const plate = { ...asked, kind: 'text', max_length: 5 } as FieldQuestion;

test('a number is typed, checked, and sent with Enter', async () => {
  await show({ classes: [], queue: { question: length } });
  const field = await screen.findByRole('textbox', { name: 'How long is it?' });
  await waitFor(() => expect(field).toHaveFocus());
  await userEvent.type(field, '401{Enter}');
  expect(await screen.findByText('The most is 400.')).toBeInTheDocument();
  expect(server.sent).toEqual([]);
  await userEvent.clear(field);
  await userEvent.type(field, '12,5{Enter}');
  await waitFor(() => expect(onTable()).toBe('2:shown'));
  await waitFor(() => expect(answers()).toEqual([{ kind: 'number', number: 12.5 }]));
  expect(await screen.findByRole('textbox', { name: 'How long is it?' })).toHaveValue('');
});

test('keys work again once the field is left, and an own answer comes back', async () => {
  await show({ classes: [], queue: { question: plate } });
  const field = await screen.findByRole('textbox', { name: 'How long is it?' });
  await userEvent.type(field, '가나{Enter}');
  await waitFor(() => expect(onTable()).toBe('2:shown'));
  await userEvent.type(await screen.findByRole('textbox', { name: 'How long is it?' }), '{Escape}');
  press('KeyA');
  await waitFor(() => expect(onTable()).toBe('1:shown'));
  expect(await screen.findByRole('textbox', { name: 'How long is it?' })).toHaveValue('가나');
});

test('the field is called as the question is in the language of the page', async () => {
  const titles = { en: 'How long is it?', ko: '길이가 얼마인가요?' };
  await i18n.changeLanguage('ko');
  await show({ classes: [], queue: { question: { ...length, titles } } });
  expect(await screen.findByRole('textbox', { name: '길이가 얼마인가요?' })).toBeInTheDocument();
});

test.each([
  ['the tab is closed', () => fireEvent(window, new Event('pagehide'))],
  ['another tab comes before it', () => fireEvent(document, new Event('visibilitychange'))],
])('what is typed is kept at once when %s', async (_when, leave) => {
  const save = vi.spyOn(drafts, 'saveDraft').mockResolvedValue(undefined);
  await show({ classes: [], queue: { question: plate } });
  const field = await screen.findByRole('textbox', { name: 'How long is it?' });
  await waitFor(() => expect(field).toBeEnabled());
  const typed = () => save.mock.calls.filter(([, key]) => String(key) === '1:typed').map((call) => call[2]);
  fireEvent.change(field, { target: { value: '12가' } });
  expect(typed()).not.toContain('12가');
  leave();
  expect(typed()).toContain('12가');
});

test.each([
  [length, '-1', 'too_low'],
  [length, '0.3', 'off_step'],
  [length, 'ten', 'not_a_number'],
  [length, ' ', 'empty'],
  [length, '.5', { kind: 'number', number: 0.5 }],
  [plate, '123456', 'too_long'],
  [plate, ' 가 \r\n나 ', { kind: 'text', text: '가 \n나' }],
] as const)('%#: what is typed is read, or told why not', (question, typed, read) => {
  expect(readField(question, typed)).toEqual(read);
});
