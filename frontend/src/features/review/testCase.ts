import type { Case } from './queries';

/** A disputed case for the tests: two said dog, one cat, one none of these, one skipped; the consensus says cat. */
export const disputed: Case = {
  id: 'c1',
  queue: 'q1',
  queue_name: 'Animals',
  reason: 'low_posterior',
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
    content_url: null,
    name: 'seven.png',
  },
  answers: [
    {
      pseudonym: 'A-1',
      kind: 'crowd',
      answer: { kind: 'class', classes: ['dog'] },
      comment: '',
      flagged: false,
    },
    {
      pseudonym: 'A-2',
      kind: 'expert',
      answer: { kind: 'class', classes: ['cat'] },
      comment: 'Whiskers',
      flagged: true,
    },
    {
      pseudonym: 'A-3',
      kind: 'crowd',
      answer: { kind: 'class', classes: ['dog'] },
      comment: '',
      flagged: false,
    },
    { pseudonym: 'A-4', kind: 'staff', answer: { kind: 'none_of_these' }, comment: '', flagged: false },
    {
      pseudonym: 'A-5',
      kind: 'staff',
      answer: { kind: 'skip', reason: 'bad_picture' },
      comment: '',
      flagged: false,
    },
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
  },
  answer: null,
  note: '',
  settled_by: null,
  settled_at: null,
};
