import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, test, vi } from 'vitest';
import { serve } from '@/test/render';
import { nearest } from './components/ThresholdPicker';
import { ModelsPage } from './ModelsPage';
import { RunPage } from './RunPage';
import { classesAt, levelsOf } from './taxonomy';
import { baseline, curves, detail } from './testData';
import { lists, none, P, show } from './testRoutes';

afterEach(() => vi.unstubAllGlobals());

test('the path says what comes next, and looking too often is said', async () => {
  vi.stubGlobal('fetch', serve(lists));
  show(<ModelsPage />, '/p/emoji/models', '/p/$project/models');
  const path = await screen.findByRole('list', { name: 'From a version to a release' });
  const steps = within(path).getAllByRole('listitem');
  expect(steps.map((step) => step.getAttribute('data-state'))).toEqual([
    'done',
    'done',
    'done',
    'next',
    'later',
  ]);
  expect(steps[2]).toHaveTextContent('81% Accuracy');
  expect(await screen.findByText(/looked at 6 times, which is too often/)).toHaveTextContent('3.1 points');
  expect(screen.getByText('Beats it')).toBeInTheDocument();
});

test('without a version the page says where to begin, and an error can be tried again', async () => {
  vi.stubGlobal('fetch', serve({ ...lists, [`${P}/versions`]: none }));
  show(<ModelsPage />, '/p/emoji/models', '/p/$project/models');
  expect(await screen.findByText('Models are trained on a frozen version')).toBeInTheDocument();
  vi.stubGlobal('fetch', serve({}));
  show(<ModelsPage />, '/p/emoji/models', '/p/$project/models');
  expect(await screen.findByRole('alert')).toBeInTheDocument();
  expect(screen.getByRole('button', { name: 'Try again' })).toBeInTheDocument();
});

test('a run is started with the settings that were changed and no others', async () => {
  const started = vi.fn();
  // The form is a chunk of its own: fetched before, so that no time limit hangs on it.
  await import('./components/StartRun');
  vi.stubGlobal(
    'fetch',
    serve({
      ...lists,
      [`POST ${P}/runs`]: async (request: Request) => {
        started(await request.json());
        return detail;
      },
    }),
  );
  show(<ModelsPage />, '/p/emoji/models', '/p/$project/models');
  await userEvent.click(await screen.findByText('Start a run'));
  await userEvent.click(await screen.findByText('Settings'));
  fireEvent.change(await screen.findByLabelText(/^Epochs/), { target: { value: '3' } });
  await userEvent.click(screen.getByText('Start'));
  await waitFor(() => expect(started).toHaveBeenCalled());
  expect(started.mock.calls[0]?.[0]).toMatchObject({
    version: 'emoji@v1',
    recipe: 'small_cnn',
    settings: { epochs: 3 },
    protocol: { kind: 'hold_out' },
    level: null,
    with_baselines: true,
  });
});

test('a run shows where overfitting starts, the baseline and the people beside it, and the reason for its head', async () => {
  vi.stubGlobal(
    'fetch',
    serve({
      ...lists,
      [`${P}/runs/r2`]: detail,
      [`${P}/runs/r2/curves`]: curves,
      [`${P}/runs/r1`]: { ...detail, ...baseline },
    }),
  );
  show(<RunPage />, '/p/emoji/models/runs/r2', '/p/$project/models/runs/$id');
  expect(await screen.findByText('The model beats the baseline by 41 points.')).toBeInTheDocument();
  expect(
    await screen.findByRole('img', { name: /Loss\. Overfitting starts at epoch 3/ }),
  ).toBeInTheDocument();
  expect(await screen.findByRole('columnheader', { name: /Best baseline/ })).toBeInTheDocument();
  expect(screen.getByRole('columnheader', { name: /People/ })).toHaveTextContent('8 annotators');
  expect(screen.getByText(/so the outputs compete/)).toBeInTheDocument();
  expect(screen.getByText('python manage.py rerun r2')).toBeInTheDocument();
  // The same reason stands for the run and for the baseline.
  expect(screen.getAllByText('Cannot be computed: too few rows')).toHaveLength(2);
});

test('a running run can be cancelled after a question, a failed one says why', async () => {
  const job = {
    id: 'j',
    kind: 'training.run',
    state: 'running',
    done: 1,
    total: 12,
    message: '',
    eta_seconds: 5,
  };
  vi.stubGlobal(
    'fetch',
    serve({
      ...lists,
      [`${P}/runs/r2`]: { ...detail, state: 'running', metrics: null, job },
      [`${P}/runs/r2/curves`]: { ...curves, points: [], overfitting: null },
    }),
  );
  show(<RunPage />, '/p/emoji/models/runs/r2', '/p/$project/models/runs/$id');
  expect(await screen.findByRole('button', { name: 'Cancel the run' })).toBeInTheDocument();
  expect(screen.getByText(/1 of 12/)).toBeInTheDocument();
  expect(await screen.findByText('The first epoch has not ended yet.')).toBeInTheDocument();
  vi.stubGlobal(
    'fetch',
    serve({
      ...lists,
      [`${P}/runs/r9`]: { ...detail, id: 'r9', state: 'failed', failure: 'The worker ran out of memory.' },
      [`${P}/runs/r9/curves`]: { ...curves, points: [] },
    }),
  );
  show(<RunPage />, '/p/emoji/models/runs/r9', '/p/$project/models/runs/$id');
  expect(await screen.findByText('The worker ran out of memory.')).toBeInTheDocument();
});

test('levels of a taxonomy', () => {
  const classes = [
    { key: 'a', parent: null },
    { key: 'b', parent: 'a' },
    { key: 'c', parent: 'a' },
    { key: 'loop', parent: 'loop' },
  ];
  expect(levelsOf(classes)).toBe(2);
  expect(classesAt(classes, 1)).toEqual(['b', 'c']);
  expect(classesAt(classes, null)).toHaveLength(4);
  expect(nearest([0, 0.4, 1], 0.65)).toBe(1);
});
