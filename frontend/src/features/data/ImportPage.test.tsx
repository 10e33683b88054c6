import { configure, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, test, vi } from 'vitest';
import { renderPage, serve } from '@/test/render';
import { AT } from './data.fixtures';
import { ImportPage } from './ImportPage';

configure({ asyncUtilTimeout: 8000 });
vi.setConfig({ testTimeout: 30_000 });

afterEach(() => {
  vi.unstubAllGlobals();
  localStorage.clear();
});

const none = { results: [], next: null };
const job = { id: 'j1', kind: 'datasets.import', state: 'running', done: 0, total: 2, message: '' };
const run = {
  id: 'i1',
  source: 'Belt',
  job,
  imported: 0,
  duplicates: 0,
  known: 0,
  rejected: 0,
  created_at: '2026-11-22T00:00:00Z',
};
const tooBig = 'big.zip has 900 MiB; one upload may have 200 MiB.';

/** A server that keeps what it is sent and takes no archive. */
function show() {
  const received = new Map<string, { id: string; name: string; size: number; received: number }>();
  const started = vi.fn();
  const stateOf = (id: string) => {
    const one = received.get(id);
    return { ...one, state: one?.received === one?.size ? 'complete' : 'receiving' };
  };
  const routes = serve({
    [`${AT}/imports/places`]: { roots: [], buckets: [], upload_limit_bytes: 2e8, chunk_bytes: 4 },
    [`GET ${AT}/imports`]: none,
    [`${AT}/sources`]: none,
    [`POST ${AT}/sources`]: { name: 'Belt' },
    [`${AT}/schemas`]: none,
    [`${AT}/attributes`]: [],
    [`${AT}/imports/i1`]: run,
    [`${AT}/imports/i1/files`]: none,
    [`${AT}/jobs/j1`]: job,
    [`POST ${AT}/uploads`]: async (request: Request) => {
      const { files } = (await request.json()) as { files: { name: string; size: number }[] };
      const at = files.findIndex((one) => one.name.endsWith('.zip'));
      if (at >= 0) {
        const errors = { [`files[${at}].size`]: [tooBig] };
        return Response.json({ title: 'No', status: 422, code: 'invalid-input', errors }, { status: 422 });
      }
      const uploads = files.map((one) => {
        const id = `u${received.size}`;
        received.set(id, { id, ...one, received: 0 });
        return stateOf(id);
      });
      return Response.json({ uploads }, { status: 201 });
    },
    [`POST ${AT}/imports`]: async (request: Request) => {
      started(await request.json());
      return Response.json(run, { status: 202 });
    },
  });
  vi.stubGlobal('fetch', async (request: Request) => {
    const id = /\/uploads\/(u\d+)$/.exec(new URL(request.url).pathname)?.[1];
    if (!id || request.method !== 'PATCH') return routes(request);
    const one = received.get(id);
    const offset = Number(request.headers.get('Upload-Offset'));
    const bytes = (await request.arrayBuffer()).byteLength;
    expect(one?.received).toBe(offset);
    if (one) one.received += bytes;
    return Response.json(stateOf(id));
  });
  renderPage(<ImportPage />, { at: '/p/emoji/data/import', route: '/p/$project/data/import' });
  return { received, started };
}

test('files of this computer are sent whole and imported; one that is refused is told by name', async () => {
  const { received, started } = show();
  const [input] = await screen.findAllByLabelText('Choose files', { selector: 'input' });
  await userEvent.upload(input as HTMLInputElement, [
    new File(['ten letters'], 'a.png'),
    new File(['never'], 'big.zip'),
    new File(['more than one'], 'b.png'),
  ]);
  expect(screen.getByText(/^3 files, /)).toBeVisible();
  await userEvent.type(screen.getByRole('combobox', { name: /Source/ }), 'Belt');
  await userEvent.click(screen.getByRole('button', { name: 'Upload and import' }));
  await waitFor(() => expect(started).toHaveBeenCalledOnce());
  expect([...received.values()].map((one) => [one.name, one.received])).toEqual([
    ['a.png', 11],
    ['b.png', 13],
  ]);
  expect(started).toHaveBeenCalledWith(expect.objectContaining({ source: 'Belt', uploads: ['u0', 'u1'] }));
  expect(await screen.findByText('Import of Belt')).toBeVisible();
  // The report of the import does not know of it: it stays beside the form.
  expect(screen.getByText('1 file cannot be uploaded')).toBeVisible();
  expect(screen.getByText(`big.zip: ${tooBig}`)).toBeVisible();
  expect(JSON.parse(localStorage.getItem('touchstone.uploads.emoji') ?? '{}')).toEqual({});
});

test('when every file is refused nothing is imported', async () => {
  const { started } = show();
  const [input] = await screen.findAllByLabelText('Choose files', { selector: 'input' });
  await userEvent.upload(input as HTMLInputElement, [new File(['never'], 'big.zip')]);
  await userEvent.type(screen.getByRole('combobox', { name: /Source/ }), 'Belt');
  await userEvent.click(screen.getByRole('button', { name: 'Upload and import' }));
  expect(await screen.findByText(`big.zip: ${tooBig}`)).toBeVisible();
  expect(started).not.toHaveBeenCalled();
});
