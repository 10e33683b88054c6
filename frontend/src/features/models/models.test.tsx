import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, test, vi } from 'vitest';
import { i18n } from '@/app/i18n';
import { leadSession, renderPage, serve } from '@/test/render';
import { nearest } from './components/ThresholdPicker';
import { ModelPage } from './ModelPage';
import { ModelsPage } from './ModelsPage';
import { RunPage } from './RunPage';
import { classesAt, levelsOf } from './taxonomy';
import { baseline, curves, detail, expectations, model, network, thresholds, version } from './testData';

afterEach(() => vi.unstubAllGlobals());

const P = '/api/v1/projects/emoji';
const none = { results: [], next: null };
const recipe = {
  key: 'small_cnn',
  name: 'Small',
  sentence: '',
  is_baseline: false,
  kinds: [],
  exports: [],
  settings: [
    {
      name: 'epochs',
      type: 'integer',
      default: 12,
      minimum: 1,
      maximum: 1000,
      choices: null,
      help: 'Passes.',
    },
  ],
};
const lists = {
  [`${P}/versions`]: { results: [version], next: null },
  [`${P}/recipes`]: { results: [recipe], next: null },
  [`${P}/runs`]: { results: [network, baseline], next: null },
  [`${P}/models`]: none,
  [`${P}/looks`]: {
    validation: [
      { version: 'emoji@v1', question: 'thing', looks: 6, optimism: 0.031, state: 'too_often', sentence: '' },
    ],
    test: [],
  },
  [`${P}/endpoints`]: none,
  [`${P}/schemas/s1`]: {
    document: {
      questions: [
        {
          key: 'thing',
          classes: [
            { key: 'animal', parent: null },
            { key: 'cat', parent: 'animal' },
          ],
        },
      ],
    },
  },
};
const show = (ui: React.ReactNode, at: string, route: string) => renderPage(ui, { at, route });
const modelRoutes = {
  ...lists,
  [`${P}/models/m1`]: model,
  [`${P}/models/m1/expectations`]: expectations,
  [`${P}/models/m1/thresholds`]: thresholds,
  [`${P}/models/m1/exports`]: {
    results: model.exports,
    next: null,
    missing: [],
    blocked: '',
    signature: null,
    serving_card: {},
  },
};

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

test('a model says what to expect, and moving the threshold says what it costs', async () => {
  vi.stubGlobal('fetch', serve(modelRoutes));
  show(<ModelPage />, '/p/emoji/models/m1', '/p/$project/models/$id');
  expect((await screen.findAllByText(/14 are missed, 266 are caught/))[0]).toBeInTheDocument();
  const slider = await screen.findByRole('slider');
  expect(screen.getByText(/A case costs 0.6 on average; 30% are missed/)).toBeInTheDocument();
  fireEvent.change(slider, { target: { value: '0.26' } });
  expect(screen.getByText(/A case costs 0.5 on average; 1% are missed/)).toBeInTheDocument();
  expect(screen.getByText(/That is 0.3 more than the cheapest threshold/)).toBeInTheDocument();
  await userEvent.click(screen.getByRole('button', { name: /Go to the cheapest/ }));
  expect(slider).toHaveValue('0.5');
});

test('the threshold in use is saved for the class of concern', async () => {
  const saved = vi.fn();
  vi.stubGlobal(
    'fetch',
    serve({
      ...modelRoutes,
      [`PUT ${P}/models/m1/thresholds`]: async (request: Request) => {
        saved(await request.json());
        return model;
      },
    }),
  );
  show(<ModelPage />, '/p/emoji/models/m1', '/p/$project/models/$id');
  fireEvent.change(await screen.findByRole('slider'), { target: { value: '0.5' } });
  await userEvent.click(screen.getByRole('button', { name: 'Use 0.500' }));
  await waitFor(() => expect(saved).toHaveBeenCalledWith({ threshold: 0.5 }));
});

test('a released model takes another threshold only after the gate has judged it', async () => {
  const judged = vi.fn();
  const refused = {
    title: 'The model has not passed the release gate',
    status: 409,
    code: 'gate-not-passed',
    detail: 'It answers at live, and no gate has judged it with the threshold 0.5.',
  };
  vi.stubGlobal(
    'fetch',
    serve({
      ...modelRoutes,
      [`${P}/models/m1`]: { ...model, stage: 'champion' },
      [`PUT ${P}/models/m1/thresholds`]: () => Response.json(refused, { status: 409 }),
      [`POST ${P}/models/m1/gate`]: async (request: Request) => {
        judged(await request.json());
        return model.gate;
      },
    }),
  );
  show(<ModelPage />, '/p/emoji/models/m1', '/p/$project/models/$id');
  fireEvent.change(await screen.findByRole('slider'), { target: { value: '0.5' } });
  await userEvent.click(screen.getByRole('button', { name: 'Use 0.500' }));
  expect(await screen.findByText(/no gate has judged it with the threshold 0.5/)).toBeInTheDocument();
  await userEvent.click(screen.getByRole('button', { name: 'Send 0.500 through the gate' }));
  await waitFor(() => expect(judged).toHaveBeenCalledWith({ endpoint: '', threshold: 0.5 }));
  expect(await screen.findByText(/The gate is judging this threshold/)).toBeInTheDocument();
});

test('a model that failed the gate is released only despite it, with a reason', async () => {
  const released = vi.fn();
  vi.stubGlobal(
    'fetch',
    serve({
      ...modelRoutes,
      [`${P}/endpoints`]: {
        results: [{ name: 'groups', model: null, log_inputs: true, top_k: 5 }],
        next: null,
      },
      [`${P}/endpoints/groups`]: {
        name: 'groups',
        model: null,
        releases: [],
        errors_lately: [
          {
            day: '2026-01-02',
            code: 'unreadable-picture',
            count: 2,
            last: 'It is not a picture.',
            last_at: '',
          },
          { day: '2026-01-01', code: 'unreadable-picture', count: 1, last: 'Cut off.', last_at: '' },
        ],
      },
      [`POST ${P}/models/m1/release`]: async (request: Request) => {
        released(await request.json());
        return {};
      },
    }),
  );
  show(<ModelPage />, '/p/emoji/models/m1?tab=release', '/p/$project/models/$id');
  expect(await screen.findByText(/the brief allows 200 ms/)).toBeInTheDocument();
  expect(screen.getByText('It did not pass.', { exact: false })).toBeInTheDocument();
  const button = await screen.findByRole('button', { name: 'Release to groups' });
  expect(button).toBeDisabled();
  expect(await screen.findByText(/3 pictures could not be read/)).toBeInTheDocument();
  await userEvent.click(screen.getByRole('checkbox', { name: /although it has not passed/ }));
  await userEvent.type(screen.getByLabelText(/^Reason/), 'The phone is faster');
  await userEvent.click(button);
  await waitFor(() =>
    expect(released).toHaveBeenCalledWith({
      endpoint: 'groups',
      reason: 'The phone is faster',
      despite_gate: true,
      test_look_reason: '',
    }),
  );
});

test('a second look at the test split wants a written reason', async () => {
  const look = {
    line: 'another-line',
    split_of: 'emoji@v1',
    number: 1,
    model: 'm0',
    model_name: 'emoji-groups v2',
    by: 'Lea',
    reason: '',
    created_at: '2026-01-02T10:00:00Z',
    job: null,
  };
  const looked = { ...model, test_split: { looks: [look] } };
  vi.stubGlobal('fetch', serve({ ...modelRoutes, [`${P}/models/m1`]: looked }));
  show(<ModelPage />, '/p/emoji/models/m1?tab=release', '/p/$project/models/$id');
  expect(await screen.findByText(/This test split was looked at once, in whatever line/)).toBeInTheDocument();
  expect(screen.getByLabelText(/Why look at the test split again/)).toBeInTheDocument();
  const button = await screen.findByRole('button', { name: 'Look again' });
  expect(button).toBeDisabled();
  await userEvent.type(screen.getByLabelText(/Why is another look needed/), 'too short');
  expect(button).toBeDisabled();
  await userEvent.type(screen.getByLabelText(/Why is another look needed/), ' was the first sample');
  expect(button).toBeEnabled();
});

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

test('a researcher may look at a model but not release it', async () => {
  vi.stubGlobal('fetch', serve(modelRoutes));
  const membership = leadSession.memberships[0];
  if (!membership) throw new Error('The session of the tests has a project.');
  renderPage(<ModelPage />, {
    at: '/p/emoji/models/m1?tab=release',
    route: '/p/$project/models/$id',
    session: { ...leadSession, memberships: [{ ...membership, role: 'researcher' }] },
  });
  expect(await screen.findByText('It answers nowhere.')).toBeInTheDocument();
  expect(screen.queryByRole('button', { name: /Release to/ })).not.toBeInTheDocument();
  expect(screen.queryByRole('button', { name: /gate/ })).not.toBeInTheDocument();
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
