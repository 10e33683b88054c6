import { configure, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, test, vi } from 'vitest';
import { renderPage, serve } from '@/test/render';
import { VersionPage } from './VersionPage';
import { AT, job, older, row, schemas, summary, version } from './versions.fixtures';

const ONE = `${AT}/versions/emoji%40v2`;
const formats = [
  { key: 'imagefolder', title: 'ImageFolder (zip)', with_content: true },
  { key: 'csv', title: 'CSV', with_content: false },
];
const csv = {
  id: 'e1',
  format: 'csv',
  title: 'CSV',
  job: null,
  file_name: 'emoji-v2.csv',
  byte_size: 20_480,
  sha256: 'abcdef0123456789',
  n_rows: 456,
  created_at: row.created_at,
  url: '/media/emoji-v2.csv?token=1',
};
const diff = {
  before: 'emoji@v1',
  after: 'emoji@v2',
  n_added: 12,
  n_removed: 0,
  n_label_changed: 3,
  n_split_changed: 0,
  n_weight_changed: 0,
  n_unchanged: 441,
  added: ['aaaaaaaaaaaaaaaa'],
  removed: [],
  label_changed: [],
  split_changed: [],
  label_flow: [{ before: 'food', after: 'face', count: 3 }],
};

const show = (routes: Record<string, unknown> = {}) => {
  vi.stubGlobal(
    'fetch',
    serve({
      [ONE]: version,
      [`${ONE}/exports`]: { formats, exports: [csv] },
      [`${AT}/versions/emoji%40v1/diff`]: diff,
      [`${AT}/versions`]: { results: [row, older], next: null },
      [`${AT}/schemas`]: schemas,
      ...routes,
    }),
  );
  renderPage(<VersionPage />, { at: '/p/emoji/versions/emoji@v2', route: '/p/$project/versions/$id' });
};

// Drawers, lazy parts and role queries over large tables take their time on a busy machine.
configure({ asyncUtilTimeout: 8000 });
vi.setConfig({ testTimeout: 30_000 });

afterEach(() => vi.unstubAllGlobals());

test('a version says what is in it, where it comes from, what was left out, and how to load it', async () => {
  show();
  expect(await screen.findByRole('heading', { name: 'emoji@v2' })).toBeVisible();
  expect(await screen.findByText(summary.verdict)).toBeVisible();
  expect(screen.getByText(/One group of the parent sits in more than one split/)).toBeVisible();
  const code = screen.getByText(/image_dataset_from_directory/);
  expect(code).toHaveTextContent(/^import keras dataset = keras\.utils/);
  expect(await screen.findByText('What is it? (Emoji kinds v1)')).toBeVisible();
  expect(screen.getByText('sharpness at least 30')).toBeVisible();
  const out = screen.getByRole('table', { name: 'Left out' });
  expect(within(out).getByRole('row', { name: 'No label 30 6%' })).toBeVisible();
  expect(await screen.findByRole('link', { name: 'Download CSV' })).toHaveAttribute('href', csv.url);
  expect(await screen.findByText(/From emoji@v1 to emoji@v2; 441 items are unchanged/)).toBeVisible();
  expect(screen.getByRole('row', { name: 'Food Face 3' })).toBeVisible();
});

test('each format is loaded with lines of its own, and a zip is said to be unpacked', async () => {
  const user = userEvent.setup();
  show();
  expect(
    await screen.findByText('python -m zipfile -e emoji-v2-imagefolder.zip emoji-v2-imagefolder'),
  ).toBeVisible();
  await user.click(screen.getByRole('combobox', { name: 'Format' }));
  await user.click(await screen.findByRole('option', { name: 'pandas · CSV', hidden: true }));
  const code = await screen.findByText(/read_csv/);
  expect(code).toHaveTextContent(/^import pandas dataset = pandas\.read_csv\("emoji-v2\.csv"\)$/);
  expect(screen.queryByText(/python -m zipfile/)).toBeNull();
});

test('the hash is copied, and says so', async () => {
  const user = userEvent.setup();
  show();
  await user.click(await screen.findByRole('button', { name: 'Copy the hash' }));
  expect(await screen.findByText('Copied')).toBeVisible();
  expect(await navigator.clipboard.readText()).toBe(version.content_hash);
});

test('an export is made, and its progress is followed', async () => {
  const making = { ...csv, id: 'e2', format: 'imagefolder', url: null, job: { ...job, state: 'running' } };
  let asked = false;
  show({
    [`GET ${ONE}/exports`]: () => ({ formats, exports: asked ? [csv, making] : [csv] }),
    [`POST ${ONE}/exports`]: async (request: Request) => {
      asked = (await request.json()).format === 'imagefolder';
      return making;
    },
  });
  await userEvent.click(await screen.findByRole('button', { name: 'Make ImageFolder (zip)' }));
  expect(await screen.findByRole('progressbar')).toBeVisible();
  expect(screen.getByRole('button', { name: 'Make ImageFolder (zip)' })).toBeDisabled();
});

test('a version without items says so', async () => {
  const nothing = {
    ...summary,
    items: 0,
    splits: {},
    classes: [],
    imbalance_ratio: null,
    effective_classes: null,
    verdict: 'There are no labels yet.',
  };
  show({ [ONE]: { ...version, items: 0, summary: nothing } });
  expect(await screen.findByText('This version has no items')).toBeVisible();
});

test('a version that does not exist is a plain error', async () => {
  show({ [ONE]: () => Response.json({ title: 'No', status: 404, code: 'x' }, { status: 404 }) });
  expect(await screen.findByText('Not found')).toBeVisible();
  expect(screen.getByRole('button', { name: 'Try again' })).toBeVisible();
});
