import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, test, vi } from 'vitest';
import { i18n } from '@/app/i18n';
import { serve } from '@/test/render';
import { ModelPage } from './ModelPage';
import { model } from './testData';
import { modelRoutes, P, show } from './testRoutes';

afterEach(() => vi.unstubAllGlobals());

test('exports stand beside the original, and the place to run with its other reasons', async () => {
  vi.stubGlobal('fetch', serve(modelRoutes));
  show(<ModelPage />, '/p/emoji/models/m1?tab=exports', '/p/$project/models/$id');
  expect(await screen.findByText('Run it on the device. There is never a connection.')).toBeInTheDocument();
  expect(screen.getByText('The file fits into 50 MB.')).toBeInTheDocument();
  expect(screen.queryByText('There is never a connection.')).not.toBeInTheDocument();
  expect(await screen.findByText('original 2 MB')).toBeInTheDocument();
  expect(screen.getByRole('link', { name: 'Download' })).toHaveAttribute('href', '/media/model.onnx');
});

test('another format is asked for, and of sensitive data only after a signature', async () => {
  const asked = vi.fn();
  const signed = vi.fn();
  const page = {
    results: model.exports.map((file) => ({ ...file, download_url: null })),
    next: null,
    missing: [{ format: 'litert_int8', job: null }],
    blocked: 'No file of this model leaves the server yet.',
    blocked_by: {
      brief: 'personal',
      version: 'emoji@v1',
      sources: [{ name: 'Faces', kind: 'special' }],
    },
    signature: null as object | null,
    serving_card: {},
  };
  const post = (seen: typeof asked, after: () => void) => async (request: Request) => {
    seen(await request.json());
    after();
    return {};
  };
  vi.stubGlobal(
    'fetch',
    serve({
      ...modelRoutes,
      [`${P}/models/m1/exports`]: () => page,
      [`POST ${P}/models/m1/export-signature`]: post(signed, () => {
        page.blocked = '';
        page.signature = { name: 'Ada', reason: 'Our plant.', by: 'Lea', created_at: '2026-01-02T10:00:00Z' };
      }),
      [`POST ${P}/models/m1/exports`]: post(asked, () => undefined),
    }),
  );
  show(<ModelPage />, '/p/emoji/models/m1?tab=exports', '/p/$project/models/$id');
  expect(await screen.findByText(/leaves the server yet/)).toBeInTheDocument();
  expect(screen.queryByRole('link', { name: 'Download' })).not.toBeInTheDocument();
  expect(screen.getByRole('button', { name: 'Make the LiteRT, 8 bits file' })).toBeDisabled();
  const sign = screen.getByRole('button', { name: /^Sign/ });
  expect(sign).toBeDisabled();
  await userEvent.type(screen.getByLabelText(/Who answers for it/), 'Ada');
  await userEvent.type(screen.getByLabelText(/Why may the files leave/), 'Only our own machines.');
  await userEvent.click(sign);
  expect(await screen.findByText(/Ada answers for the files/)).toBeInTheDocument();
  expect(signed).toHaveBeenCalledWith({ name: 'Ada', reason: 'Only our own machines.' });
  await userEvent.click(screen.getByRole('button', { name: 'Make the LiteRT, 8 bits file' }));
  await waitFor(() => expect(asked).toHaveBeenCalledWith({ format: 'litert_int8' }));
});

test('in Korean what blocks an export is said in the page’s own words', async () => {
  const page = {
    results: [],
    next: null,
    missing: [],
    blocked: 'No file of this model leaves the server yet: the brief calls the data personal.',
    blocked_by: {
      brief: 'personal',
      version: 'emoji@v1',
      sources: [{ name: 'Faces', kind: 'special' }],
    },
    signature: null,
    serving_card: {},
  };
  vi.stubGlobal('fetch', serve({ ...modelRoutes, [`${P}/models/m1/exports`]: page }));
  await i18n.changeLanguage('ko');
  show(<ModelPage />, '/p/emoji/models/m1?tab=exports', '/p/$project/models/$id');
  expect(
    await screen.findByText(/개인 데이터라고 합니다. emoji@v1에 “Faces” \(민감\)의 사진/),
  ).toBeInTheDocument();
  expect(screen.queryByText(/leaves the server yet/)).not.toBeInTheDocument();
  await i18n.changeLanguage('en');
});
