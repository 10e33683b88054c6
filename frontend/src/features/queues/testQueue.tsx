import { ModalsProvider } from '@mantine/modals';
import { leadSession, renderPage } from '@/test/render';
import { QueuePage } from './QueuePage';
import { QueuesPage } from './QueuesPage';
import type { Queue } from './queries';

export const P = '/api/v1/projects/emoji';
export const estimate = (value: number | null, low: number | null, high: number | null) => ({
  value,
  low,
  high,
  level: 0.95,
  n: 300,
  method: 'bootstrap',
  reason: value === null ? 'start it once' : null,
});
export const queue: Queue = {
  id: 'q1',
  name: 'What is it?',
  purpose: 'labeling',
  state: 'open',
  schema: 's1',
  schema_name: 'Emoji',
  schema_version: 2,
  question: 'thing',
  questions: ['kind'],
  not_counted: null,
  redundancy: 3,
  skills: [],
  kinds: ['crowd'],
  gold_share: 0.1,
  auto_submit: true,
  instructions: 'Look.',
  instructions_revision: 1,
  skip_to: 'others',
  stop_at: null,
  stop_min: 2,
  gold_misses: null,
  day_limit: null,
  person_limit: null,
  share_limit: null,
  n_tasks: 100,
  n_slots: 310,
  n_saved: 10,
  n_gold: 5,
  n_done: 150,
  n_completed: 40,
  n_open_cases: 7,
  created_at: '2026-01-02T10:00:00Z',
};
const closed = { ...queue, id: 'q2', name: 'Old one', state: 'closed' as const, n_open_cases: 0 };
export const mine = {
  id: 'q1',
  project: 'emoji',
  project_name: 'Emoji',
  name: 'What is it?',
  purpose: 'labeling',
  state: 'open',
  remaining: 60,
  n_done: 12,
  n_skipped: 0,
  last_at: null,
};
const stats = {
  n_tasks: 100,
  n_slots: 300,
  n_saved: 10,
  n_past: 0,
  n_done: 150,
  n_completed: 40,
  n_skipped: 2,
  n_gold_answers: 0,
  n_annotators: 8,
  last_at: '2026-01-02T10:00:00Z',
  last_hour: 30,
  eta_seconds: 18_000,
  n_open_cases: 7,
  per_day: [
    { day: '2026-01-01', n: 0 },
    { day: '2026-01-02', n: 150 },
  ],
};
const consensus = {
  run: 'c1',
  method: 'dawid_skene',
  computed_at: '2026-01-02T10:00:00Z',
  strength: 1,
  strength_reason: null,
  n_answers: 150,
  n_items: 50,
  n_accepted: 33,
  running_job: null,
  preview: [
    { threshold: 0.8, accepted: 9, review: 1, waiting: 50 },
    { threshold: 0.9, accepted: 6, review: 4, waiting: 50 },
  ],
};
export const agreement = {
  computed_at: '2026-01-02T10:00:00Z',
  n_answers: 150,
  n_items: 50,
  n_abstained: 3,
  figures: {
    krippendorff_alpha: estimate(0.83, 0.74, 0.9),
    fleiss_kappa: estimate(0.82, 0.73, 0.9),
    observed: estimate(0.85, 0.78, 0.91),
  },
  questions: [],
};
const facets = {
  total: 42,
  facets: [{ name: 'source', kind: 'source', values: [{ value: 'noto', count: 42 }] }],
};
export const lists = {
  [`${P}/queues`]: { results: [queue, closed], next: null },
  [`${P}/my-work`]: { queues: [mine] },
  [`${P}/items/facets`]: facets,
};
export const overview = {
  ...lists,
  [`${P}/queues/q1`]: queue,
  [`${P}/queues/q1/stats`]: stats,
  [`${P}/queues/q1/consensus`]: consensus,
  [`${P}/queues/q1/agreement`]: agreement,
  [`${P}/queues/q1/at-work`]: { results: [], next: null },
  [`${P}/queues/q1/gold`]: { results: [], next: null },
};
const at = (role: 'lead' | 'annotator') => {
  const membership = leadSession.memberships[0];
  if (!membership) throw new Error('The session of the tests has a project.');
  return { ...leadSession, memberships: [{ ...membership, role }] };
};
export const showList = (role: 'lead' | 'annotator' = 'lead', search = '') =>
  renderPage(<QueuesPage />, {
    at: `/p/emoji/label${search}`,
    route: '/p/$project/label',
    session: at(role),
  });
export const showQueue = () => {
  const page = (
    <ModalsProvider>
      <QueuePage />
    </ModalsProvider>
  );
  return renderPage(page, { at: '/p/emoji/label/q1/overview', route: '/p/$project/label/$queue/overview' });
};
