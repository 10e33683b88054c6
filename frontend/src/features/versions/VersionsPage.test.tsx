import { configure, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, test, vi } from 'vitest';
import { renderPage, serve } from '@/test/render';
import { VersionsPage } from './VersionsPage';
import { AT, job, older, row, schemas, summary } from './versions.fixtures';

const list = { results: [row, older], next: null };

const show = (routes: Record<string, unknown>, at = '/p/emoji/versions') => {
  vi.stubGlobal('fetch', serve(routes));
  return renderPage(<VersionsPage />, { at });
};

// Drawers, lazy parts and role queries over large tables take their time on a busy machine.
configure({ asyncUtilTimeout: 8000 });
vi.setConfig({ testTimeout: 30_000 });

afterEach(() => vi.unstubAllGlobals());

test('each version has its items, splits and hash', async () => {
  show({ [`${AT}/versions`]: list });
  expect(await screen.findByRole('link', { name: 'emoji@v2' })).toHaveAttribute(
    'href',
    expect.stringContaining('/p/emoji/versions/emoji'),
  );
  expect(screen.getAllByRole('img', { name: 'Train 345 · Validation 65 · Test 46' })).toHaveLength(2);
  expect(screen.getAllByText('9f86d081884c')[0]).toBeVisible();
  expect(screen.getByText('First of its name')).toBeVisible();
});

test('without versions the page says what one is', async () => {
  show({ [`${AT}/versions`]: { results: [], next: null } });
  expect(await screen.findByText('Nothing is frozen yet')).toBeVisible();
  expect(screen.getByRole('button', { name: 'Freeze a version' })).toBeVisible();
});

test('a failure is shown and can be tried again', async () => {
  let broken = true;
  show({
    [`${AT}/versions`]: () =>
      broken ? Response.json({ title: 'No', status: 500, code: 'x' }, { status: 500 }) : list,
  });
  expect(await screen.findByText('The server failed')).toBeVisible();
  broken = false;
  await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
  expect(await screen.findByRole('link', { name: 'emoji@v2' })).toBeVisible();
});

test('a recipe is previewed, frozen as a job, and the new version is linked', async () => {
  const sent: unknown[] = [];
  const done = {
    ...job,
    state: 'succeeded',
    result: { version: 'emoji@v3', content_hash: 'c', created: true, items: 456 },
  };
  show(
    {
      [`GET ${AT}/versions`]: list,
      [`POST ${AT}/versions`]: async (request: Request) => {
        sent.push(await request.json());
        return job;
      },
      [`${AT}/versions/preview`]: summary,
      [`${AT}/schemas`]: schemas,
      [`${AT}/sources`]: { results: [], next: null },
      [`${AT}/jobs/j1`]: done,
    },
    '/p/emoji/versions?new=1',
  );
  expect(await screen.findByText('456 items, 2 classes')).toBeVisible();
  expect(screen.getByText('Posterior below the limit')).toBeVisible();
  expect(screen.getByText(/Follows emoji@v1/)).toBeVisible();
  const train = screen.getByRole('textbox', { name: 'Train' });
  await userEvent.clear(train);
  await userEvent.type(train, '60');
  expect(screen.getByText(/sum to 90 %/)).toBeVisible();
  expect(screen.getByRole('button', { name: 'Freeze' })).toBeDisabled();
  await userEvent.clear(train);
  await userEvent.type(train, '70');
  await userEvent.click(screen.getByRole('button', { name: 'Freeze' }));
  await waitFor(() =>
    expect(sent).toEqual([
      expect.objectContaining({
        name: 'emoji',
        schema: 's1',
        question: 'kind',
        fractions: { train: 0.7, validation: 0.15, test: 0.15 },
        near_duplicate_bits: 4,
      }),
    ]),
  );
  expect(await screen.findByText('emoji@v3 is frozen with 456 items.')).toBeVisible();
});
