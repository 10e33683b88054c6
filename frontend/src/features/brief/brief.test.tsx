import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, test, vi } from 'vitest';
import { renderPage, serve } from '@/test/render';
import { BriefPage } from './BriefPage';

const FORM = {
  sections: ['task', 'ethics'],
  fields: [
    field('target', 'task', 'text', 'Target', 'always'),
    field('who_is_harmed', 'ethics', 'text', 'Who is harmed by an error?', 'always'),
  ],
  task_kinds: [],
  templates: [{ key: 'P6', en: 'Cookies on a belt', ko: '쿠키', answers: { target: 'Good or anomalous' } }],
};

function field(key: string, section: string, kind: string, en: string, required: string) {
  return { key, section, kind, en, ko: '', help_en: '', help_ko: '', required, unit: '', options: [] };
}

const BASE = '/api/v1/projects/emoji';
const draft = (answers: Record<string, string>, missing: string[]) => ({
  id: 'b1',
  revision: 1,
  template: '',
  answers,
  state: 'draft',
  signed_name: '',
  decided_at: null,
  decision_reason: '',
  updated_at: '2026-11-22T00:00:00Z',
  missing,
  warnings: [],
});

const show = (brief: unknown, more: Record<string, unknown> = {}) => {
  vi.stubGlobal(
    'fetch',
    serve({
      [`${BASE}/brief/templates`]: FORM,
      [`${BASE}/brief`]: { brief, history: [] },
      [`${BASE}/hypotheses`]: [],
      ...more,
    }),
  );
  renderPage(<BriefPage />, { at: '/p/emoji/brief' });
};

afterEach(() => vi.unstubAllGlobals());

test('an empty project is invited to begin, and a template fills the form', async () => {
  show(null);
  expect(await screen.findByText(/Nobody has written down/)).toBeVisible();
  await userEvent.click(screen.getByRole('combobox', { name: /Which of these comes nearest/ }));
  await userEvent.click(await screen.findByText('P6 · Cookies on a belt'));
  expect(screen.getByLabelText(/Target/)).toHaveValue('Good or anomalous');
  expect(screen.getByText('Not saved yet')).toBeVisible();
});

test('a draft says what a signature still needs, and cannot be signed before', async () => {
  show(draft({ target: 'Good' }, ['who_is_harmed']));
  expect(
    await screen.findByText(/Before it can be signed it needs: Who is harmed by an error/),
  ).toBeVisible();
  expect(screen.getByRole('button', { name: 'Sign' })).toBeDisabled();
});

test('a complete draft is signed with a name, and for the words that were read', async () => {
  const brief = draft({ target: 'Good', who_is_harmed: 'Nobody' }, []);
  let sent: unknown;
  show(brief, {
    [`POST ${BASE}/brief/sign`]: async (request: Request) => {
      sent = await request.json();
      return { brief: { ...brief, state: 'signed' }, history: [] };
    },
  });
  await userEvent.click(await screen.findByRole('button', { name: 'Sign' }));
  const sign = await screen.findAllByRole('button', { name: 'Sign' });
  expect(sign.at(-1)).toBeDisabled();
  await userEvent.type(screen.getByLabelText(/Your name/), 'Lea Lead');
  await waitFor(() => expect(sign.at(-1)).toBeEnabled());
  await userEvent.click(sign.at(-1) as HTMLElement);
  await waitFor(() => expect(sent).toEqual({ name: 'Lea Lead', seen: '2026-11-22T00:00:00Z' }));
});
