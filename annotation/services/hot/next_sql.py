"""The statements of `next`. Names of parameters: u user, q queue, a annotator, l lane, e epoch, n how many.

A place in a lane is a rank and a task's id. Cursors move to places as the statement saw them, not as a racing change of
priority has made them since: what that change announces is looked at again, what lies between is not.
"""

from functools import lru_cache

from annotation.services.hot.policy import RETURNED_LOOK

FIRST_RANK = -2_147_483_648
LOOK_AHEAD = 10  # tasks beyond those wanted, in case that some are done or locked

# Leases may be lost in a crash of the server (submit takes them anew), so their commit does not wait for the disk.
CONTEXT = """
SELECT set_config('synchronous_commit', 'off', true),
  q.id AS queue_id, q.project_id, q.state AS queue_state, q.epoch, q.gold_share, q.n_gold, q.n_slots, q.skills, q.kinds,
  q.instructions_revision, q.skip_to, q.day_limit, q.person_limit, q.share_limit, q.gold_misses, w.gold_streak,
  p.slug, m.role,
  a.id AS annotator_id, a.state AS annotator_state, a.kind, a.skills AS annotator_skills,
  w.n_done, w.n_gold AS n_gold_done, w.n_skipped,
  (SELECT json_agg(json_build_array(l.number, l.skills, l.n_tasks) ORDER BY l.number)
     FROM annotation_lane l WHERE l.queue_id = q.id)::text AS lanes,
  EXISTS (SELECT 1 FROM annotation_task t WHERE t.queue_id = q.id AND t.open AND t.returned) AS any_returned,
  ARRAY(SELECT c.lane FROM annotation_cursor c WHERE c.annotator_id = a.id AND c.queue_id = q.id
    AND (c.epoch < q.epoch OR c.again_rank IS NOT NULL)) AS lanes_again
FROM annotation_queue q
JOIN accounts_project p ON p.id = q.project_id
LEFT JOIN accounts_membership m ON m.project_id = q.project_id AND m.user_id = %(u)s
LEFT JOIN annotation_annotator a ON a.project_id = q.project_id AND a.user_id = %(u)s
LEFT JOIN annotation_participation w ON w.annotator_id = a.id AND w.queue_id = q.id
WHERE q.public_id = %(queue)s
"""

PAYLOAD = """
  y.item_id, y.sha256, y.kind, y.media_type, y.object_key, y.width, y.height, y.name, y.remark::text AS remark
"""

# What a reviewer sent back waits for its annotator, in no tab: any tab of theirs may take it up.
_ORPHANED = "(x.expires_at < now() + %(orphan_before)s::interval OR (x.reserved_until IS NOT NULL AND x.tab = ''))"

HELD = f"""
SELECT x.id, x.token, x.task_id, x.tab, x.expires_at, x.remark::text AS own_remark,
  {_ORPHANED} AS orphaned, {PAYLOAD}
FROM annotation_assignment x JOIN annotation_taskpayload y ON y.task_id = x.task_id
WHERE x.annotator_id = %(a)s AND x.state = 'leased' AND x.queue_id = %(q)s
ORDER BY x.id
"""

# Two tabs that are opened together find the same orphans: asked again under the lock, only the first takes them over.
ADOPT = f"""
UPDATE annotation_assignment SET tab = %(tab)s, expires_at = now() + %(lease)s::interval
WHERE id IN (
  SELECT x.id FROM annotation_assignment x
  WHERE x.id = ANY(%(ids)s) AND x.state = 'leased' AND (x.tab = %(tab)s OR {_ORPHANED}) ORDER BY x.id FOR UPDATE
)
RETURNING id, expires_at
"""

_TAKE = """
bump AS (
  UPDATE annotation_task t
  SET n_out = t.n_out + 1, open = (t.n_out + 1 < t.k), returned = (t.returned AND t.n_out + 1 < t.k)
  FROM pick WHERE t.id = pick.id
  RETURNING t.id, pick.rank, t.project_id, {round} AS round
),
leased AS (
  INSERT INTO annotation_assignment
    (project_id, queue_id, annotator_id, task_id, state, revision, tab, token, leased_at, expires_at, round)
  SELECT project_id, %(q)s, %(a)s, id, 'leased', 0, %(tab)s, gen_random_uuid(), now(), now() + %(lease)s::interval,
    round
  FROM bump
  RETURNING task_id, token, expires_at
)
"""
_SHOW = f"""
SELECT x.token, x.task_id, x.expires_at, {PAYLOAD}
FROM leased x JOIN annotation_taskpayload y ON y.task_id = x.task_id
JOIN bump ON bump.id = x.task_id ORDER BY bump.rank, bump.id
"""

# The lower epoch: another tab may know of a change that this walk, begun before it, has not seen.
_MOVED = """,
moved AS (
  INSERT INTO annotation_cursor AS c (annotator_id, queue_id, lane, epoch, rank, task)
  SELECT %(a)s, %(q)s, %(l)s, %(e)s, rank, id FROM bump ORDER BY rank DESC, id DESC LIMIT 1
  ON CONFLICT (annotator_id, queue_id, lane)
  DO UPDATE SET epoch = LEAST(c.epoch, excluded.epoch), rank = excluded.rank, task = excluded.task
)"""

# What was answered before the task was opened again does not count as seen.
_NOT_MINE = """NOT EXISTS (
      SELECT 1 FROM annotation_assignment z WHERE z.annotator_id = %(a)s AND z.task_id = t.id AND z.round >= t.round
    )"""


@lru_cache(maxsize=64)
def from_cursor(n: int) -> str:
    """Lease up to n of the next few tasks of a lane from the annotator's cursor on, and move the cursor past them."""
    return f"""
WITH seen AS (
  SELECT rank, task FROM annotation_cursor WHERE annotator_id = %(a)s AND queue_id = %(q)s AND lane = %(l)s
),
pick AS (
  SELECT t.id, few.rank FROM (
    SELECT id, rank FROM annotation_task
    WHERE queue_id = %(q)s AND lane = %(l)s AND open
      AND (rank, id) > (COALESCE((SELECT rank FROM seen), {FIRST_RANK}), COALESCE((SELECT task FROM seen), 0))
    ORDER BY rank, id LIMIT {int(n) + LOOK_AHEAD}
  ) few JOIN annotation_task t ON t.id = few.id
  WHERE t.open AND {_NOT_MINE}
  ORDER BY few.rank, few.id LIMIT {int(n)} FOR NO KEY UPDATE OF t SKIP LOCKED
),
{_TAKE.format(round="t.round")}{_MOVED}{_SHOW}"""


@lru_cache(maxsize=256)
def from_window(n: int, look: int) -> str:
    """Lease up to n of the next `look` tasks after one place and up to another. The cursor stays.

    The first row tells whether there was nothing more (ended), and how far this came (at_rank, at_task; null without
    any task); without a lease its token is null. What the annotator has done is found in one go over an index, some
    hundred tasks a page; counting instead of joining keeps it linear whatever the planner expects.
    """
    tried = int(n) + LOOK_AHEAD
    return f"""
WITH few AS MATERIALIZED (
  SELECT id, rank, round FROM annotation_task
  WHERE queue_id = %(q)s AND lane = %(l)s AND open
    AND (rank, id) > (%(after_rank)s, %(after_task)s) AND (rank, id) <= (%(until_rank)s, %(until_task)s)
  ORDER BY rank, id LIMIT {int(look)}
),
fresh AS MATERIALIZED (
  SELECT id, max(rank) AS rank FROM (
    SELECT id, rank, round AS asked, 0 AS given FROM few
    UNION ALL
    SELECT task_id, NULL, NULL, round FROM annotation_assignment
    WHERE annotator_id = %(a)s AND task_id = ANY(ARRAY(SELECT id FROM few))
  ) both_of_them GROUP BY id HAVING max(given) < max(asked) ORDER BY 2, 1 LIMIT {tried}
),
pick AS (
  SELECT t.id, fresh.rank FROM fresh JOIN annotation_task t ON t.id = fresh.id
  WHERE t.open ORDER BY fresh.rank, fresh.id LIMIT {int(n)} FOR NO KEY UPDATE OF t SKIP LOCKED
),
{_TAKE.format(round="t.round")},
shown AS ({_SHOW}),
cut AS (SELECT count(*) = {tried} AS early FROM fresh),
last AS (
  (SELECT rank, id FROM fresh WHERE (SELECT early FROM cut) ORDER BY rank DESC, id DESC LIMIT 1)
  UNION ALL
  (SELECT rank, id FROM few WHERE NOT (SELECT early FROM cut) ORDER BY rank DESC, id DESC LIMIT 1)
)
SELECT NOT cut.early AND (SELECT count(*) FROM few) < {int(look)} AS ended, last.rank AS at_rank, last.id AS at_task,
  bump.rank AS rank, shown.*
FROM cut LEFT JOIN last ON true LEFT JOIN shown ON true LEFT JOIN bump ON bump.id = shown.task_id
ORDER BY bump.rank, bump.id"""


@lru_cache(maxsize=64)
def from_returned(n: int) -> str:
    """Lease up to n tasks that came back behind the cursors, among the first few of them; the cursor stays."""
    return f"""
WITH pick AS (
  SELECT t.id, few.rank FROM (
    SELECT id, rank FROM annotation_task
    WHERE queue_id = %(q)s AND lane = %(l)s AND open AND returned ORDER BY rank, id LIMIT {RETURNED_LOOK}
  ) few JOIN annotation_task t ON t.id = few.id
  WHERE t.open AND {_NOT_MINE}
  LIMIT {int(n)} FOR NO KEY UPDATE OF t SKIP LOCKED
),
{_TAKE.format(round="t.round")}{_SHOW}"""


# A skip that is to come back to who skipped: once, when there is nothing else. Its round is still the task's then.
SKIPPED = """
SELECT x.id, x.task_id FROM annotation_assignment x JOIN annotation_task t ON t.id = x.task_id
WHERE x.annotator_id = %(a)s AND x.queue_id = %(q)s AND x.state = 'skipped' AND t.open AND x.round = t.round
ORDER BY x.submitted_at LIMIT {n} FOR NO KEY UPDATE OF t SKIP LOCKED
"""
PUT_BY = """
WITH past AS (
  UPDATE annotation_assignment SET state = 'past' WHERE id = ANY(%(skips)s) AND state = 'skipped' RETURNING id
)
UPDATE annotation_participation SET n_skipped = n_skipped - (SELECT count(*) FROM past)
WHERE annotator_id = %(a)s AND queue_id = %(q)s
"""
FROM_SKIPPED = f"""
WITH pick AS (SELECT id, rank FROM annotation_task WHERE id = ANY(%(tasks)s) AND open),
{_TAKE.format(round="t.round + 1")}{_SHOW}"""

LOCK_LIMITS = "SELECT pg_advisory_xact_lock((%(q)s %% 2147483647)::int, (%(a)s %% 2147483647)::int)"
USED = """
SELECT coalesce(w.n_done + w.n_past + w.n_gold, 0) AS given,
  CASE WHEN w.day = (now() AT TIME ZONE 'UTC')::date THEN w.n_today ELSE 0 END AS today,
  (SELECT count(*) FROM annotation_assignment x
   WHERE x.annotator_id = %(a)s AND x.queue_id = %(q)s AND x.state = 'leased') AS held
FROM (SELECT 1) AS always
LEFT JOIN annotation_participation w ON w.annotator_id = %(a)s AND w.queue_id = %(q)s
"""

NEW_CURSOR = f"""
INSERT INTO annotation_cursor (annotator_id, queue_id, lane, epoch, rank, task)
VALUES (%(a)s, %(q)s, %(l)s, %(e)s, {FIRST_RANK}, 0) ON CONFLICT DO NOTHING
"""
# Whoever holds it decides alone what is looked at again; only `next` of the same annotator waits for it.
LOCK_CURSOR = """
SELECT epoch, rank, task, again_rank, again_task, until_rank, until_task,
  reset_at IS NULL OR reset_at < now() - %(pause)s::interval AS may_reset
FROM annotation_cursor WHERE annotator_id = %(a)s AND queue_id = %(q)s AND lane = %(l)s FOR NO KEY UPDATE
"""
MISSED = """
SELECT low.*, high.* FROM (
  SELECT low_rank, low_task FROM annotation_queuechange
  WHERE queue_id = %(q)s AND lane = %(l)s AND epoch > %(since)s AND epoch <= %(e)s ORDER BY 1, 2 LIMIT 1
) low, (
  SELECT high_rank, high_task FROM annotation_queuechange
  WHERE queue_id = %(q)s AND lane = %(l)s AND epoch > %(since)s AND epoch <= %(e)s ORDER BY 1 DESC, 2 DESC LIMIT 1
) high
"""
MOVE_CURSOR = """
UPDATE annotation_cursor SET epoch = %(epoch)s, rank = %(rank)s, task = %(task)s,
  again_rank = %(again_rank)s, again_task = %(again_task)s, until_rank = %(until_rank)s, until_task = %(until_task)s,
  reset_at = CASE WHEN %(reset)s THEN now() ELSE reset_at END
WHERE annotator_id = %(a)s AND queue_id = %(q)s AND lane = %(l)s
"""

DONE = "SELECT COALESCE(sum(n_done + n_saved), 0)::bigint AS done FROM annotation_participation WHERE queue_id = %(q)s"
