import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeAll, expect, test, vi } from 'vitest';
import { registry } from '@/actions/registry';
import type { Role } from '@/api/session';
import { leadSession, renderPage, serve } from '@/test/render';
import { SettingsPage } from './SettingsPage';

// Each section is a chunk of its own.
beforeAll(async () => {
  await Promise.all([
    import('./components/SchemaSection'),
    import('./components/MembersSection'),
    import('./components/TokensSection'),
    import('./components/TrailSection'),
    import('./components/StorageSection'),
    import('./components/KeysSection'),
    import('./components/PreferencesSection'),
    import('./components/PasswordSection'),
  ]);
});
afterEach(() => vi.unstubAllGlobals());

const P = '/api/v1/projects/emoji';
const none = { results: [], next: null };
const at = (role: Role) => {
  const membership = leadSession.memberships[0];
  if (!membership) throw new Error('The session of the tests has a project.');
  return { ...leadSession, memberships: [{ ...membership, role }] };
};
const show = (section: string, role: Role = 'lead') =>
  renderPage(<SettingsPage />, {
    at: `/p/emoji/settings/${section}`,
    route: '/p/$project/settings/$section',
    session: at(role),
  });
const member = {
  user: { id: 'u2', email: 'ana@example.org', name: 'Ana', locale: 'en', is_operator: false },
  role: 'annotator',
  created_at: '2026-01-01T10:00:00Z',
};
const token = {
  id: 't1',
  name: 'notebook',
  prefix: 'tst_abcdefgh',
  project: 'emoji',
  scopes: ['read'],
  created_at: '2026-01-01T10:00:00Z',
  expires_at: null,
  last_used_at: null,
  revoked_at: null,
};

test('a token is shown once: its text is there after making it and gone after that', async () => {
  const made = vi.fn();
  vi.stubGlobal(
    'fetch',
    serve({
      '/api/v1/tokens': none,
      'POST /api/v1/tokens': async (request: Request) => {
        made(await request.json());
        return { ...token, token: 'tst_abcdefghSECRET' };
      },
    }),
  );
  show('tokens');
  await userEvent.click(await screen.findByRole('button', { name: 'New token' }));
  await userEvent.type(await screen.findByLabelText(/^Name/), 'notebook');
  await userEvent.click(screen.getByRole('button', { name: 'Make the token' }));
  expect(await screen.findByText('tst_abcdefghSECRET')).toBeInTheDocument();
  expect(made.mock.calls[0]?.[0]).toMatchObject({ name: 'notebook', scopes: ['read'], project: 'emoji' });
  await userEvent.click(screen.getByRole('button', { name: 'I have kept it' }));
  expect(screen.queryByText('tst_abcdefghSECRET')).not.toBeInTheDocument();
});

test('a token that has ended says so', async () => {
  const rows = [
    token,
    { ...token, id: 't2', expires_at: '2020-01-01T00:00:00Z' },
    { ...token, id: 't3', revoked_at: '2026-01-01T10:00:00Z' },
  ];
  vi.stubGlobal('fetch', serve({ '/api/v1/tokens': { results: rows, next: null } }));
  show('tokens');
  expect(await screen.findByText('Valid')).toBeInTheDocument();
  expect(screen.getByText('Expired')).toBeInTheDocument();
  expect(screen.getByText('Revoked')).toBeInTheDocument();
  expect(screen.getAllByRole('button', { name: 'Revoke' })).toHaveLength(2);
});

test('only an owner changes members', async () => {
  const set = vi.fn();
  vi.stubGlobal(
    'fetch',
    serve({
      [`${P}/members`]: { results: [member], next: null },
      [`POST ${P}/members`]: async (request: Request) => {
        set(await request.json());
        return member;
      },
    }),
  );
  const { unmount } = show('members');
  expect(await screen.findByText('Only an owner can add people or change roles.')).toBeInTheDocument();
  expect(screen.queryByRole('button', { name: 'Add' })).not.toBeInTheDocument();
  unmount();
  show('members', 'owner');
  await userEvent.type(await screen.findByLabelText(/^E-mail/), 'bo@example.org');
  await userEvent.click(screen.getByRole('button', { name: 'Add' }));
  await waitFor(() => expect(set).toHaveBeenCalledWith({ email: 'bo@example.org', role: 'annotator' }));
});

test('the trail tells in words, with ids cut short', async () => {
  const entry = {
    id: 1,
    created_at: '2026-01-01T10:00:00Z',
    actor: 'Lena',
    action: 'training.run_started',
    subject: '01a20109-1d58-73de-aa30-f1bf1ef93b57',
    data: { recipe: 'small_cnn', nothing: '' },
  };
  vi.stubGlobal('fetch', serve({ [`${P}/audit-trail`]: { results: [entry], next: null } }));
  show('audit-trail');
  expect(await screen.findByText('Started a run')).toBeInTheDocument();
  expect(screen.getByText('01a20109…')).toBeInTheDocument();
  expect(screen.getByText('recipe: small_cnn')).toBeInTheDocument();
});

test('an empty schema teaches, and writing one sends a document', async () => {
  const made = vi.fn();
  vi.stubGlobal(
    'fetch',
    serve({
      [`${P}/schemas`]: none,
      [`POST ${P}/schemas`]: async (request: Request) => {
        made(await request.json());
        return { id: 's1', document: { format: 1, questions: [] } };
      },
    }),
  );
  show('schema');
  await userEvent.click(await screen.findByRole('button', { name: 'Write a label schema' }));
  await userEvent.type(await screen.findByLabelText(/^Name of the schema/), 'Animals');
  await userEvent.type(screen.getByLabelText(/^Question \*/), 'Which animal?');
  fireEvent.change(screen.getByLabelText(/^Classes \*/), { target: { value: 'Animal\n  Cat\n  Dog' } });
  expect(screen.getByText('3 classes, 2 can be chosen.')).toBeInTheDocument();
  await userEvent.click(screen.getByRole('button', { name: 'Save the schema' }));
  await waitFor(() => expect(made).toHaveBeenCalled());
  expect(made.mock.calls[0]?.[0]).toMatchObject({
    name: 'Animals',
    document: {
      format: 1,
      questions: [
        {
          key: 'which_animal',
          kind: 'single_choice',
          classes: [{ key: 'animal', selectable: false }, { key: 'cat', parent: 'animal' }, { key: 'dog' }],
        },
      ],
    },
  });
});

test('storage says from where the server may read', async () => {
  vi.stubGlobal(
    'fetch',
    serve({
      [`${P}/imports/places`]: {
        roots: ['/data/pictures'],
        buckets: [],
        chunk_bytes: 4_000_000,
        upload_limit_bytes: 2_000_000_000,
      },
    }),
  );
  show('storage');
  expect(await screen.findByText('/data/pictures')).toBeInTheDocument();
  expect(screen.getByText(/Files of up to 2 GB, sent in pieces of 4 MB/)).toBeInTheDocument();
});

test('a key is changed and given back, and a double booking is said', async () => {
  vi.stubGlobal('fetch', serve({}));
  show('keys');
  await userEvent.click(await screen.findByRole('button', { name: 'Change the key of: Skip with a reason' }));
  const waiting = await screen.findByRole('button', { name: /Press a key/ });
  fireEvent.keyDown(waiting, { code: 'KeyF', key: 'f' });
  expect(registry.keysOf({ id: 'workbench.skip', keys: ['KeyX'] })).toEqual(['KeyF']);
  expect(await screen.findByText('F is taken twice: Skip with a reason, Fit.')).toBeInTheDocument();
  await userEvent.click(screen.getByRole('button', { name: 'As delivered' }));
  expect(registry.keysOf({ id: 'workbench.skip', keys: ['KeyX'] })).toEqual(['KeyX']);
});

test('keys of tools, shapes, review and schema are changed, and what collides across them is said', async () => {
  vi.stubGlobal('fetch', serve({}));
  show('keys');
  const tables = ['Workbench', 'Drawing', 'Many at once', 'Review', 'Label schema'];
  for (const name of tables) expect(await screen.findByRole('table', { name })).toBeInTheDocument();
  expect(screen.queryByText(/is taken twice/)).toBeNull();
  const give = async (table: string, title: string, code: string, more: object = {}) => {
    const rows = within(screen.getByRole('table', { name: table }));
    await userEvent.click(rows.getByRole('button', { name: `Change the key of: ${title}` }));
    const key = code.replace(/^(Key|Digit)/, '').toLowerCase();
    fireEvent.keyDown(screen.getByRole('button', { name: /Press a key/ }), { code, key, ...more });
  };
  await give('Workbench', 'Skip with a reason', 'KeyB');
  expect(await screen.findByText('B is taken twice: Skip with a reason, Box.')).toBeInTheDocument();
  await give('Drawing', 'Box', 'KeyQ');
  // It leaves a correction, where boxes are drawn too.
  expect(await screen.findByText('Q is taken twice: Box, Back to the answers.')).toBeInTheDocument();
  expect(screen.queryByText(/^B is taken twice/)).toBeNull();
  expect(registry.keysOf({ id: 'workbench.tool.box', keys: ['KeyB'] })).toEqual(['KeyQ']);
  await give('Drawing', 'Merge into one', 'Digit3');
  expect(
    await screen.findByText('3 is taken twice: Merge into one, the class with the key 3.'),
  ).toBeInTheDocument();
  await give('Review', 'Send to the pool', 'KeyR');
  expect(
    await screen.findByText('R is taken twice: Send back to the annotator, Send to the pool.'),
  ).toBeInTheDocument();
  await give('Label schema', 'Add a class', 'KeyB');
  // Another page than that of the skip.
  expect(screen.queryByText(/^B is taken twice/)).toBeNull();
  await give('Many at once', 'Confirm what the model says', 'KeyT');
  expect(
    await screen.findByText('T is taken twice: Confirm what the model says, Cannot tell.'),
  ).toBeInTheDocument();
  registry.adopt({ preset: 'touchstone', remap: {} });
});

test.each(['touchstone', 'cvat'] as const)('as delivered no key of %s does two things', async (preset) => {
  vi.stubGlobal('fetch', serve({}));
  registry.choosePreset(preset);
  show('keys');
  expect(await screen.findByRole('table', { name: 'Drawing' })).toBeInTheDocument();
  expect(screen.queryByText(/is taken twice|belongs to the browser/)).toBeNull();
  registry.choosePreset('touchstone');
});

test('sections follow the role, and an error is shown', async () => {
  vi.stubGlobal('fetch', serve({}));
  show('schema', 'annotator');
  expect(await screen.findByRole('alert')).toBeInTheDocument();
  expect(screen.getByRole('link', { name: 'Tokens' })).toBeInTheDocument();
  expect(screen.queryByRole('link', { name: 'Audit trail' })).not.toBeInTheDocument();
});

test('the own password is changed, and what the server refuses stands at its field', async () => {
  const asked = vi.fn();
  const wrong = Response.json(
    { title: 'No', status: 422, code: 'invalid-input', errors: { current_password: ['Not yours.'] } },
    { status: 422 },
  );
  const answers = [wrong, new Response(null, { status: 204 })];
  vi.stubGlobal(
    'fetch',
    serve({
      'POST /api/v1/session/password': async (request: Request) => {
        asked(await request.json());
        return answers.shift();
      },
    }),
  );
  show('password', 'annotator');
  await userEvent.type(await screen.findByLabelText(/^Current password/), 'lantern-orchid-42');
  await userEvent.type(screen.getByLabelText(/^New password/), 'harbour-violin-77');
  const button = screen.getByRole('button', { name: 'Change the password' });
  expect(button).toBeDisabled();
  await userEvent.type(screen.getByLabelText(/^The new one again/), 'harbour-violin-77');
  await userEvent.click(button);
  expect(await screen.findByText('This is not your current password.')).toBeInTheDocument();
  await userEvent.click(button);
  expect(await screen.findByText(/sessions elsewhere have ended/)).toBeInTheDocument();
  expect(asked).toHaveBeenLastCalledWith({
    current_password: 'lantern-orchid-42',
    new_password: 'harbour-violin-77',
  });
  expect(screen.getByLabelText(/^New password/)).toHaveValue('');
});

test('an owner makes an account and gets a link to send, once', async () => {
  const made = vi.fn();
  vi.stubGlobal(
    'fetch',
    serve({
      [`${P}/members`]: { results: [{ ...member, has_password: false }], next: null },
      'POST /api/v1/accounts': async (request: Request) => {
        made(await request.json());
        return {
          user: member.user,
          link: { path: '/welcome#user=u2&key=SECRET', expires_at: '2026-01-04T10:00:00Z' },
        };
      },
    }),
  );
  show('members', 'owner');
  expect(await screen.findByRole('button', { name: 'New link' })).toBeInTheDocument();
  await userEvent.click(screen.getByRole('button', { name: 'Make an account' }));
  await userEvent.type(await screen.findByLabelText(/^Name/), 'Ana');
  await userEvent.type(screen.getAllByLabelText(/^E-mail/).at(-1) as HTMLElement, 'ana@example.org');
  await userEvent.click(screen.getByRole('button', { name: 'Make the account' }));
  expect(await screen.findByText(/welcome#user=u2&key=SECRET$/)).toBeInTheDocument();
  expect(made.mock.calls[0]?.[0]).toMatchObject({
    email: 'ana@example.org',
    name: 'Ana',
    project: 'emoji',
    role: 'annotator',
    password: null,
  });
  await userEvent.click(screen.getByRole('button', { name: 'I have sent it' }));
  expect(screen.queryByText(/key=SECRET/)).not.toBeInTheDocument();
});

test('a token is asked for twice with one key when the answer got lost', async () => {
  const keys: (string | null)[] = [];
  vi.stubGlobal(
    'fetch',
    serve({
      '/api/v1/tokens': none,
      'POST /api/v1/tokens': (request: Request) => {
        keys.push(request.headers.get('Idempotency-Key'));
        const body = {
          title: 'This request made a token already',
          status: 409,
          code: 'token-made-already',
          detail: 'This request made the token tst_abc… already.',
        };
        return keys.length === 1
          ? Response.json({ title: 'Bad gateway', status: 502, code: 'http-502' }, { status: 502 })
          : Response.json(body, { status: 409 });
      },
    }),
  );
  show('tokens');
  await userEvent.click(await screen.findByRole('button', { name: 'New token' }));
  await userEvent.type(await screen.findByLabelText(/^Name/), 'notebook');
  await userEvent.click(screen.getByRole('button', { name: 'Make the token' }));
  await screen.findByRole('alert');
  await userEvent.click(screen.getByRole('button', { name: 'Make the token' }));
  expect(await screen.findByText(/made the token tst_abc… already/)).toBeInTheDocument();
  expect(keys[0]).toBeTruthy();
  expect(keys[1]).toBe(keys[0]);
});

test('the next version as text keeps what the text does not show, wherever the classes stand', async () => {
  const made = vi.fn();
  const hand = { key: 'hand', names: ['wrist', 'tip'], edges: [[0, 1]] };
  const how = { key: 'how', kind: 'text', title: { en: 'How?' }, help: {}, classes: [], max_length: 90 };
  const parts = {
    key: 'parts',
    kind: 'shapes',
    title: { en: 'Which parts?', de: 'Welche Teile?' },
    help: { en: 'Tight.' },
    allow_none: true,
    allow_cannot_tell: false,
    tools: ['box', 'keypoints'],
    skeletons: [hand],
    attributes: [{ key: 'hidden' }],
    when: { question: 'thing', has: ['car'] },
    classes: [
      { key: 'wheel', names: { en: 'Wheel', de: 'Rad' }, parent: null, selectable: true, hotkey: 'w' },
      { key: 'old', names: { en: 'Old' }, parent: null, selectable: false, retired: true },
    ],
  };
  const row = { id: 's1', family: 'parts', version: 1, name: 'Parts', created_at: '2026-01-01T10:00:00Z' };
  vi.stubGlobal(
    'fetch',
    serve({
      [`${P}/schemas`]: { results: [row], next: null },
      [`${P}/schemas/s1`]: { ...row, document: { format: 1, questions: [how, parts] } },
      [`POST ${P}/schemas`]: async (request: Request) => {
        made(await request.json());
        return { id: 's2', document: { format: 1, questions: [] } };
      },
    }),
  );
  show('schema');
  expect(await screen.findByRole('link', { name: 'New schema' })).toBeVisible();
  await userEvent.click(await screen.findByRole('button', { name: 'Next version as text' }));
  const text = await screen.findByLabelText(/^Classes \*/);
  fireEvent.change(text, { target: { value: 'wheel = Wheel | 바퀴\nold = Old\ndoor = Door' } });
  await userEvent.click(screen.getByRole('button', { name: 'Save the schema' }));
  await waitFor(() => expect(made).toHaveBeenCalled());
  const [wheel, old] = parts.classes;
  expect(made.mock.calls[0]?.[0].document.questions).toEqual([
    how,
    {
      ...parts,
      max_choices: null,
      classes: [
        { ...wheel, names: { en: 'Wheel', de: 'Rad', ko: '바퀴' } },
        old,
        { key: 'door', names: { en: 'Door' }, parent: null, selectable: true },
      ],
    },
  ]);
});
