"""The statements of `submit`. t task, s submission's id, u user, a annotator, x assignment."""

# First of all: the task row. Whoever changes an assignment's state holds it, so the rest is read without a race.
LOCK_TASK = """
SELECT id, project_id, queue_id, lane, k, n_out, n_done, closed, returned, round
FROM annotation_task WHERE id = %(t)s FOR NO KEY UPDATE
"""

CONTEXT = """
SELECT q.id AS queue_id, q.schema_id, q.question, q.questions, q.state AS queue_state, q.kinds, q.skills, m.role,
  q.stop_at, q.stop_min, q.skip_to, q.n_slots, q.day_limit, q.person_limit, q.share_limit,
  a.id AS annotator_id, a.kind, a.state AS annotator_state, a.skills AS annotator_skills,
  l.skills AS lane_skills,
  x.id AS assignment_id, x.state AS assignment_state, x.revision, x.submitted_at, x.round,
  s.id AS stored_id, s.body_hash AS stored_hash, s.annotator_id AS stored_annotator, s.revision AS stored_revision,
  y.submitted_at AS stored_submitted_at, y.task_id AS stored_task,
  now() AS now
FROM annotation_queue q
LEFT JOIN accounts_membership m ON m.project_id = q.project_id AND m.user_id = %(u)s
LEFT JOIN annotation_annotator a ON a.project_id = q.project_id AND a.user_id = %(u)s
LEFT JOIN annotation_lane l ON l.queue_id = q.id AND l.number = %(lane)s
LEFT JOIN LATERAL (
  SELECT id, state, revision, submitted_at, round FROM annotation_assignment
  WHERE annotator_id = a.id AND task_id = %(t)s AND state <> 'past' ORDER BY round DESC LIMIT 1
) x ON true
LEFT JOIN annotation_submission s ON s.id = %(s)s
LEFT JOIN annotation_assignment y ON y.id = s.assignment_id
WHERE q.id = %(q)s
"""

# Whether this answer went into an accepted label or a settled case; asked for revisions only.
COUNTS_ALREADY = """
SELECT EXISTS (SELECT 1 FROM annotation_estimate WHERE task_id = %(t)s AND accepted_at IS NOT NULL)
    OR EXISTS (SELECT 1 FROM annotation_reviewcase WHERE task_id = %(t)s AND state = 'settled') AS counts
"""

KNOWN_ANSWER = "SELECT answer::text AS answer FROM annotation_gold WHERE task_id = %(t)s"

CURRENT = """
SELECT s.revision, s.answer::text AS answer FROM annotation_submission s
WHERE s.assignment_id = %(x)s AND s.revision = %(revision)s
"""

TAKE_ANEW = """
INSERT INTO annotation_assignment
  (project_id, queue_id, annotator_id, task_id, state, revision, tab, token, leased_at, expires_at, round)
SELECT %(p)s, %(q)s, %(a)s, %(t)s, 'leased', 0, %(tab)s, %(lease)s, now(), now(),
  GREATEST(%(round)s::int, 1 + max(round))
FROM annotation_assignment WHERE annotator_id = %(a)s AND task_id = %(t)s
RETURNING id
"""

WRITE = """
WITH written AS (
  INSERT INTO annotation_submission
    (id, project_id, queue_id, annotator_id, assignment_id, revision, schema_version, answer, comment, flagged,
     started_at, duration_ms, tab, body_hash, created_at)
  VALUES (%(s)s, %(p)s, %(q)s, %(a)s, %(x)s, %(revision)s, %(schema_version)s, %(answer)s::jsonb, %(comment)s,
     %(flagged)s, %(started_at)s, %(duration_ms)s, %(tab)s, %(body_hash)s, clock_timestamp())
),
assigned AS (
  UPDATE annotation_assignment SET state = %(state)s, revision = %(revision)s,
    submitted_at = COALESCE(submitted_at, now())
  WHERE id = %(x)s
),
counted AS (
  UPDATE annotation_task SET n_out = %(n_out)s, n_done = %(n_done)s, open = %(open)s, returned = %(returned)s,
    closed = %(closed)s
  WHERE id = %(t)s
),
announced AS (
  INSERT INTO annotation_completedtask (task_id, queue_id)
  SELECT %(t)s, %(q)s WHERE %(completes)s ON CONFLICT (task_id) DO NOTHING
)
INSERT INTO annotation_participation AS w
  (annotator_id, queue_id, n_done, n_gold, n_skipped, n_completed, n_saved, duration_ms, last_at, day, n_today,
   gold_streak)
VALUES (%(a)s, %(q)s, greatest(%(d_done)s::int, 0), greatest(%(d_gold)s::int, 0), greatest(%(d_skipped)s::int, 0),
  %(d_completed)s, %(d_saved)s, %(duration_ms)s, now(), (now() AT TIME ZONE 'UTC')::date,
  greatest(%(d_done)s::int + %(d_gold)s::int, 0),
  CASE WHEN %(gold_right)s::bool IS FALSE THEN 1 ELSE 0 END)
ON CONFLICT (annotator_id, queue_id) DO UPDATE SET
  n_done = w.n_done + %(d_done)s::int, n_gold = w.n_gold + %(d_gold)s::int,
  n_skipped = w.n_skipped + %(d_skipped)s::int, n_saved = w.n_saved + excluded.n_saved,
  day = excluded.day, n_today = CASE WHEN w.day = excluded.day
    THEN greatest(w.n_today + %(d_done)s::int + %(d_gold)s::int, 0) ELSE excluded.n_today END,
  gold_streak = CASE WHEN %(gold_right)s::bool IS NULL THEN w.gold_streak WHEN %(gold_right)s::bool THEN 0
    ELSE w.gold_streak + 1 END,
  n_completed = w.n_completed + excluded.n_completed, duration_ms = w.duration_ms + excluded.duration_ms,
  last_at = excluded.last_at
"""

SUGGESTED = """
INSERT INTO annotation_shownsuggestion (submission_id, model, classes, probability, confirmed)
VALUES (%(s)s, %(model)s, %(classes)s, %(probability)s, %(confirmed)s)
"""
