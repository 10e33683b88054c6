import { screen, waitFor } from '@testing-library/react';
import type userEvent from '@testing-library/user-event';
import type { ComponentProps } from 'react';
import { afterEach, beforeEach, expect, vi } from 'vitest';
import type { Role } from '@/api/session';
import { leadSession, renderPage, serve } from '@/test/render';
import type { Trial } from './components/Preview';
import type { SchemaClass, SchemaQuestion } from './model/types';
import { SchemaPage } from './SchemaPage';

/** A project with two versions of a schema, for the tests of its page. */

/** jsdom measures nothing, and a list of no height shows no rows. */
export function measureEverything() {
  beforeEach(() => {
    vi.spyOn(Element.prototype, 'clientHeight', 'get').mockReturnValue(560);
    vi.spyOn(Element.prototype, 'clientWidth', 'get').mockReturnValue(400);
  });
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
  });
}

export const P = '/api/v1/projects/emoji/schemas';
export const leaf = (key: string, more: Partial<SchemaClass> = {}): SchemaClass => ({
  key,
  names: { en: key[0]?.toUpperCase() + key.slice(1) },
  parent: null,
  hotkey: null,
  selectable: true,
  description: '',
  ...more,
});
export const animal: SchemaQuestion = {
  key: 'animal',
  kind: 'single_choice',
  title: { en: 'Which animal?' },
  help: {},
  allow_none: true,
  allow_cannot_tell: false,
  max_choices: null,
  classes: [
    leaf('pet', { selectable: false }),
    leaf('cat', { parent: 'pet', hotkey: '1' }),
    leaf('dog'),
    leaf('cow'),
  ],
};
export const row = (version: number) => ({
  id: `s${version}`,
  family: 'animals',
  version,
  name: 'Animals',
  created_at: '2026-01-01T10:00:00Z',
});
/** Its one question has labels. */
export const inUse = [
  {
    schema: 's2',
    schema_name: 'Animals',
    family: 'animals',
    question: 'animal',
    kind: 'single_choice',
    title: { en: 'Which animal?' },
    n_labels: 12,
  },
];

export const counted = {
  labels: [{ question: 'animal', moved: 12, asked_again: 3, kept: 0 }],
  queues: [
    { id: 'q1', name: 'First', version: 2, open_tasks: 40, n_stale: 0, moves: true },
    { id: 'q2', name: 'Second', version: 1, open_tasks: 2, n_stale: 5, moves: false },
  ],
  again: [{ question: 'animal', items: 3, like: 'First', redundancy: 2 }],
};

/** In place of the workbench's questions, which the application hands in. */
function Shown({ asked, shown, notAsked }: ComponentProps<Trial>) {
  return (
    <ul aria-label="Panel" data-shown={shown} data-not-asked={notAsked}>
      {asked.flatMap(({ question, classes }) =>
        classes.map((one) => <li key={`${question.key} ${one.key}`}>{one.name}</li>),
      )}
    </ul>
  );
}

export function show(
  routes: Record<string, unknown> = {},
  { role = 'lead' as Role, at = '', questions = [animal], trial = Shown as Trial } = {},
) {
  const membership = leadSession.memberships[0];
  if (!membership) throw new Error('The session of the tests has a project.');
  vi.stubGlobal(
    'fetch',
    serve({
      [P]: { results: [row(2), row(1)], next: null },
      '/api/v1/projects/emoji/questions': inUse,
      [`${P}/s1`]: { ...row(1), document: { format: 1, questions } },
      [`${P}/s2`]: { ...row(2), document: { format: 1, questions } },
      [`${P}/s1/changes`]: { results: [], next: null },
      [`${P}/s2/changes`]: { results: [], next: null },
      ...routes,
    }),
  );
  return renderPage(<SchemaPage Trial={trial} />, {
    at: `/p/emoji/schema${at}`,
    session: { ...leadSession, memberships: [{ ...membership, role }] },
  });
}

export const choose = async (user: ReturnType<typeof userEvent.setup>, name: string) =>
  user.click(await screen.findByRole('treeitem', { name: new RegExp(name) }));

export const drawn: SchemaQuestion = {
  ...animal,
  key: 'parts',
  kind: 'shapes',
  classes: [leaf('wheel'), leaf('door')],
  tools: ['box', 'keypoints'],
  max_shapes: null,
  skeletons: [{ key: 'hand', names: ['wrist', 'tip'], edges: [] }],
  attributes: [],
};

/** The document that the dry run is asked about. */
export async function documentOf(user: ReturnType<typeof userEvent.setup>, asked: ReturnType<typeof vi.fn>) {
  await user.click(screen.getByRole('button', { name: 'See what this changes' }));
  await waitFor(() => expect(asked).toHaveBeenCalled());
  return asked.mock.calls[0]?.[0].document.questions[0] as SchemaQuestion;
}

export const counting = (asked: (body: unknown) => void) => ({
  [`POST ${P}/s2/changes/preview`]: async (request: Request) => {
    asked(await request.json());
    return counted;
  },
});
