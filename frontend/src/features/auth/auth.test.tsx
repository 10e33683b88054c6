import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, test, vi } from 'vitest';
import { sessionRestored } from '@/sync/sessionRestored';
import { eventually } from '@/test/eventually';
import { leadSession, renderPage, serve } from '@/test/render';
import { safeNext } from './LoginPage';
import { ReloginModal } from './ReloginModal';
import { SignInForm } from './SignInForm';

afterEach(() => vi.unstubAllGlobals());

const refuse = () =>
  Response.json({ title: 'Wrong', status: 401, code: 'wrong-credentials', detail: '' }, { status: 401 });

test('after sign-in one goes on where one wanted, but never to another host', () => {
  expect(safeNext('/p/emoji/data?sort=name')).toBe('/p/emoji/data?sort=name');
  for (const evil of [undefined, 'https://evil.example', '//evil.example', '/\\evil.example', 'p/x']) {
    expect(safeNext(evil)).toBe('/');
  }
});

test('a wrong password is said so, and the form can be used again', async () => {
  vi.stubGlobal('fetch', serve({ 'POST /api/v1/session': refuse }));
  const done = vi.fn();
  renderPage(<SignInForm onDone={done} />);
  await userEvent.type(await screen.findByLabelText(/E-mail/), 'lea@example.org');
  await userEvent.type(screen.getByLabelText(/^Password/), 'wrong{Enter}');
  expect(await screen.findByRole('alert')).toHaveTextContent('E-mail or password is not right.');
  expect(done).not.toHaveBeenCalled();
  vi.stubGlobal('fetch', serve({ 'POST /api/v1/session': leadSession }));
  await userEvent.click(screen.getByRole('button', { name: 'Sign in' }));
  await eventually(() => expect(done).toHaveBeenCalledWith(leadSession));
});

test('signing in again in place keeps the person and tells the outbox', async () => {
  vi.stubGlobal('fetch', serve({ 'POST /api/v1/session': leadSession }));
  const restored = vi.fn();
  const stop = sessionRestored.subscribe(restored);
  const done = vi.fn();
  renderPage(<ReloginModal onDone={done} />);
  expect(await screen.findByLabelText(/E-mail/)).toHaveValue('lead@example.org');
  expect(screen.getByLabelText(/E-mail/)).toHaveAttribute('readonly');
  await userEvent.type(screen.getByLabelText(/^Password/), 'right{Enter}');
  await eventually(() => expect(restored).toHaveBeenCalledOnce());
  expect(done).toHaveBeenCalledOnce();
  stop();
});
