import type { Answer, Case, GivenAnswer } from './queries';

export function given(
  id: number,
  pseudonym: string,
  kind: string,
  answer: Answer,
  more: Partial<GivenAnswer> = {},
): GivenAnswer {
  const said = { comment: '', flagged: false, round: 1, at: null, sent_back: null };
  return { id, pseudonym, kind, answer, ...said, ...more };
}

/** A disputed case for the tests: two said dog, one cat, one none of these, one skipped; the consensus says cat. */
export const disputed: Case = {
  id: 'c1',
  queue: 'q1',
  queue_name: 'Animals',
  reason: 'low_posterior',
  disputed: [],
  state: 'open',
  created_at: '2026-01-02T10:00:00Z',
  item: {
    id: 7,
    sha256: 'a'.repeat(64),
    kind: 'image',
    width: 64,
    height: 64,
    image_url: '/media/7',
    thumbnail_url: '/media/7-small',
    tiles_url: null,
    content_url: null,
    name: 'seven.png',
  },
  answers: [
    given(1, 'A-1', 'crowd', { kind: 'class', classes: ['dog'] }),
    given(2, 'A-2', 'expert', { kind: 'class', classes: ['cat'] }, { comment: 'Whiskers', flagged: true }),
    given(3, 'A-3', 'crowd', { kind: 'class', classes: ['dog'] }),
    given(4, 'A-4', 'staff', { kind: 'none_of_these' }),
    given(5, 'A-5', 'staff', { kind: 'skip', reason: 'bad_picture' }),
  ],
  estimate: {
    answer: { kind: 'class', classes: ['cat'] },
    posterior: 0.62,
    entropy: 0.8,
    n: 4,
    distribution: [
      { key: 'cat', probability: 0.62 },
      { key: 'dog', probability: 0.31 },
      { key: '__none__', probability: 0.07 },
    ],
    parts: [],
    unsettled: [],
  },
  n_returns: 0,
  is_sampled: false,
  answer: null,
  fixed_from: null,
  note: '',
  settled_by: null,
  settled_at: null,
};
