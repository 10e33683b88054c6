import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, test, vi } from 'vitest';
import { renderPage, serve } from '@/test/render';
import { linkOf, WelcomePage } from './WelcomePage';

afterEach(() => {
  vi.unstubAllGlobals();
  window.history.replaceState(null, '', '/');
});

test('a link is whole or none', () => {
  expect(linkOf('#user=u1&key=k-1')).toEqual({ user: 'u1', key: 'k-1' });
  expect(linkOf('#user=u1')).toBeNull();
  expect(linkOf('')).toBeNull();
});

test('a new person chooses a password by the link, which does not stay in the address', async () => {
  const asked = vi.fn();
  vi.stubGlobal(
    'fetch',
    serve({
      'POST /api/v1/session/first-password': async (request: Request) => {
        asked(await request.json());
        return new Response(null, { status: 204 });
      },
    }),
  );
  window.history.replaceState(null, '', '/welcome#user=u1&key=k-1');
  renderPage(<WelcomePage />);
  await userEvent.type(await screen.findByLabelText(/^Password/), 'harbour-violin-77');
  expect(window.location.hash).toBe('');
  await userEvent.type(screen.getByLabelText(/^The same again/), 'harbour-violin-78');
  expect(screen.getByText('The two are not the same.')).toBeInTheDocument();
  await userEvent.type(screen.getByLabelText(/^The same again/), '{Backspace}7');
  await userEvent.click(screen.getByRole('button', { name: 'Choose this password' }));
  expect(await screen.findByText(/Your password is chosen/)).toBeInTheDocument();
  expect(asked).toHaveBeenCalledWith({ user: 'u1', key: 'k-1', password: 'harbour-violin-77' });
});

test('half an address says so', async () => {
  renderPage(<WelcomePage />);
  expect(await screen.findByRole('alert')).toHaveTextContent('This address is not whole.');
});
