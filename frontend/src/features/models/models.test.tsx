import { fireEvent, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, test, vi } from 'vitest';
import { leadSession, renderPage, serve } from '@/test/render';
import { ModelPage } from './ModelPage';
import { model } from './testData';
import { modelRoutes, P, show } from './testRoutes';

afterEach(() => vi.unstubAllGlobals());

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
