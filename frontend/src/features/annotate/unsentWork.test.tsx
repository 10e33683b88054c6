import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { IDBFactory } from 'fake-indexeddb';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { countUnsent, openStore, putEntry } from '@/sync/store';
import { renderPage } from '@/test/render';
import { UnsentWork } from './UnsentWork';

const entry = { id: 'a', group: '7', path: '/api/v1/submissions', body: { id: 'a' }, title: 'seven.png' };

beforeEach(async () => {
  vi.stubGlobal('indexedDB', new IDBFactory());
  const db = await openStore('u1');
  await putEntry(db, entry, null, Date.now());
  db.close();
});
afterEach(() => vi.unstubAllGlobals());

test('what the workbench left behind is sent from any other page, and nothing more is said', async () => {
  const sent = vi.fn();
  vi.stubGlobal('fetch', async (request: Request) => {
    sent(request.headers.get('Idempotency-Key'));
    return Response.json({}, { status: 201 });
  });
  renderPage(<UnsentWork />);
  await waitFor(() => expect(sent).toHaveBeenCalledWith('a'));
  await waitFor(async () => expect(await countUnsent('u1')).toBe(0));
  expect(screen.queryByTestId('save-state')).not.toBeInTheDocument();
});

test('what cannot be sent is said, and can be looked at', async () => {
  const problem = {
    title: 'Gone',
    detail: 'Others have finished this task.',
    status: 409,
    code: 'lease-lost',
  };
  vi.stubGlobal('fetch', async () => Response.json(problem, { status: 409 }));
  renderPage(<UnsentWork />);
  await userEvent.click(await screen.findByText('1 needs you'));
  expect(await screen.findByText(/Others have finished this task/)).toBeInTheDocument();
  expect(await countUnsent('u1')).toBe(1);
});
