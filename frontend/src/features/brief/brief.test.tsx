import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, test, vi } from 'vitest';
import type { Session } from '@/api/session';
import { leadSession, renderPage, serve } from '@/test/render';
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

const show = (brief: unknown, more: Record<string, unknown> = {}, session = leadSession) => {
  vi.stubGlobal(
    'fetch',
    serve({
      [`${BASE}/brief/templates`]: FORM,
      [`${BASE}/brief`]: { brief, history: [] },
      [`${BASE}/hypotheses`]: [],
      ...more,
    }),
  );
  renderPage(<BriefPage />, { at: '/p/emoji/brief', session });
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

test('a signed brief leads to a stop or to a new draft, and says what a stop refuses', async () => {
  const signed = {
    ...draft({ target: 'Apples' }, []),
    state: 'signed',
    signed_name: 'Ada',
    decided_at: '2026-11-22T00:00:00Z',
  };
  const stopped = { ...signed, id: 'b2', revision: 2, state: 'stopped', decision_reason: 'It harms people.' };
  const asked = vi.fn();
  show(signed, {
    [`POST ${BASE}/brief/stop`]: async (request: Request) => {
      asked(await request.json());
      return { brief: stopped, history: [signed] };
    },
  });
  expect(await screen.findByRole('button', { name: 'Save as a new draft' })).toBeEnabled();
  await userEvent.click(screen.getByRole('button', { name: 'Stop the project' }));
  await userEvent.type(await screen.findByLabelText(/Your name/), 'Ada');
  await userEvent.type(screen.getByLabelText(/^Reason/), 'It harms people.');
  await userEvent.click(screen.getAllByRole('button', { name: 'Stop the project' }).at(-1) as HTMLElement);
  expect(await screen.findByText(/Runs, releases and advice to retrain are refused/)).toBeVisible();
  expect(asked).toHaveBeenCalledWith({
    name: 'Ada',
    reason: 'It harms people.',
    seen: '2026-11-22T00:00:00Z',
  });
});

test('a draft after a stop says that the project is still stopped', async () => {
  const stopped = {
    ...draft({}, []),
    id: 'b0',
    state: 'stopped',
    signed_name: 'Ada',
    decision_reason: 'It harms people.',
    decided_at: '2026-11-22T00:00:00Z',
  };
  show(null, { [`${BASE}/brief`]: { brief: { ...draft({}, []), revision: 2 }, history: [stopped] } });
  expect(await screen.findByText(/stopped until this draft is signed. Ada: It harms people./)).toBeVisible();
});

const takenForGranted = (state: string, signed_name = '', reason = '') =>
  (['predictable', 'informative'] as const).map((kind) => ({
    kind,
    state: kind === 'informative' ? state : 'untested',
    signed_name: kind === 'informative' ? signed_name : '',
    decided_at: null,
    reason: kind === 'informative' ? reason : '',
    attempts: [],
  }));

test('a lead refutes a hypothesis by a signature with its reason, and takes that back by another', async () => {
  const sent: unknown[] = [];
  show(draft({}, ['target']), {
    [`${BASE}/hypotheses`]: takenForGranted('in_doubt'),
    [`POST ${BASE}/hypotheses/informative`]: async (request: Request) => {
      const body = (await request.json()) as { state: string };
      sent.push(body);
      return body.state === 'refuted'
        ? takenForGranted('refuted', 'Ada Kim', 'They are noise.')
        : takenForGranted('in_doubt');
    },
  });
  const refute = await screen.findAllByRole('button', { name: 'Refute' });
  expect(refute).toHaveLength(2);
  await userEvent.click(refute[1] as HTMLElement);
  const dialog = within(await screen.findByRole('dialog', { name: 'Refute the hypothesis' }));
  await userEvent.type(dialog.getByLabelText(/^Your name/), 'Ada Kim');
  expect(dialog.getByRole('button', { name: 'Refute' })).toBeDisabled();
  await userEvent.type(dialog.getByLabelText(/^Reason/), 'They are noise.');
  await userEvent.click(dialog.getByRole('button', { name: 'Refute' }));
  expect(await screen.findByText(/Refuted by a signature\. They are noise\. \(Ada Kim\)/)).toBeVisible();
  const back = screen.getByRole('link', { name: /Back to the brief/ });
  expect(document.querySelector(back.getAttribute('href') ?? '')).toHaveTextContent('Target');
  await userEvent.click(screen.getByRole('button', { name: 'Take it back' }));
  const again = within(await screen.findByRole('dialog', { name: 'Take the refutation back' }));
  await userEvent.type(again.getByLabelText(/^Your name/), 'Ada Kim');
  await userEvent.type(again.getByLabelText(/^Reason/), 'New data came.');
  await userEvent.click(again.getByRole('button', { name: 'Take it back' }));
  await waitFor(() => expect(screen.getAllByRole('button', { name: 'Refute' })).toHaveLength(2));
  expect(sent).toEqual([
    { state: 'refuted', name: 'Ada Kim', reason: 'They are noise.' },
    { state: 'reopened', name: 'Ada Kim', reason: 'New data came.' },
  ]);
});

test('who does not lead reads the hypotheses and signs nothing', async () => {
  const [membership] = leadSession.memberships;
  show(null, { [`${BASE}/hypotheses`]: takenForGranted('refuted', 'Ada Kim', 'They are noise.') }, {
    ...leadSession,
    memberships: [{ ...membership, role: 'researcher' }],
  } as Session);
  expect(await screen.findByText(/They are noise\. \(Ada Kim\)/)).toBeVisible();
  expect(screen.queryByRole('button', { name: /Refute|Take it back/ })).toBeNull();
});
