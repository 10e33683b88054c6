"""Early stop: is what a task's answers say sure enough already? Asked by submit, with the task row locked."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from annotation.consensus.stopping import leading_posterior, shrunk_accuracy
from annotation.services.hot.connection import Row, one, run
from datasets.labeling_schema.answers import answer_token
from datasets.labeling_schema.document import Question

# The answers that count of the others, and how reliable the last finished consensus found each of them and the asker.
_ANSWERS = """
WITH run AS (
  SELECT id FROM annotation_consensusrun WHERE queue_id = %(q)s AND finished_at IS NOT NULL
  ORDER BY finished_at DESC LIMIT 1
)
SELECT run.id AS run, given.annotator_id, given.answer, r.value, r.n FROM run CROSS JOIN (
  SELECT x.annotator_id, s.answer::text AS answer FROM annotation_assignment x
  JOIN annotation_submission s ON s.assignment_id = x.id AND s.revision = x.revision
  WHERE x.task_id = %(t)s AND x.state = 'submitted' AND x.annotator_id <> %(a)s
  UNION ALL SELECT %(a)s, NULL
) given LEFT JOIN annotation_reliability r ON r.run_id = run.id AND r.annotator_id = given.annotator_id
"""
_USUAL = """
SELECT sum(value * n) / nullif(sum(n), 0) AS value FROM annotation_reliability
WHERE run_id = %(run)s AND value IS NOT NULL
"""
STORED = "SELECT id FROM annotation_earlystop WHERE task_id = %(t)s AND round = %(round)s"
FORGET = "DELETE FROM annotation_earlystop WHERE task_id = %(t)s AND round = %(round)s"
KEEP = """
INSERT INTO annotation_earlystop
  (task_id, queue_id, round, answer, posterior, n, "limit", minimum, run_id, created_at)
VALUES (%(t)s, %(q)s, %(round)s, %(answer)s::jsonb, %(posterior)s, %(n)s, %(limit)s, %(minimum)s, %(run)s, now())
ON CONFLICT (task_id, round) DO UPDATE SET answer = excluded.answer, posterior = excluded.posterior, n = excluded.n,
  "limit" = excluded."limit", minimum = excluded.minimum, run_id = excluded.run_id, created_at = excluded.created_at
"""


@dataclass(frozen=True, kw_only=True)
class Sure:
    """answer: canonical; n: answers behind it; run: the consensus whose reliabilities were used."""

    answer: dict[str, Any]
    posterior: float
    n: int
    run: int


def sure_enough(
    *,
    queue_id: int,
    task_id: int,
    annotator_id: int,
    answer: dict[str, Any],
    question: Question,
    limit: float,
    minimum: int,
) -> Sure | None:
    """What the task's answers together with this new one say, when that is sure enough.

    None before there is a consensus, below the minimum of answers that give a class, and for other questions than
    single and multiple choice, asked alone. "Cannot tell" and skips are no evidence. Somebody whom the last consensus
    did not know counts as an average annotator. Several choices are judged as a yes or no on each class that somebody
    proposed.
    """
    if not question.is_choice or "answers" in answer:
        return None
    rows = run(_ANSWERS, {"q": queue_id, "t": task_id, "a": annotator_id})
    given = [(json.loads(row["answer"]) if row["answer"] else answer, row) for row in rows]
    given = [(said, row) for said, row in given if "cannot_tell" not in said and "skip" not in said]
    if not given or len(given) < minimum:
        return None
    usual = _usual(rows[0]["run"]) if any(row["value"] is None for _, row in given) else 0.0
    if usual is None:
        return None
    accuracies = [shrunk_accuracy(row["value"], row["n"]) if row["value"] is not None else usual for _, row in given]
    answers = [said for said, _ in given]
    several = question.kind == "multiple_choice"
    chosen, posterior = _several(answers, accuracies) if several else _single(answers, accuracies, question)
    if posterior < limit:
        return None
    return Sure(answer=chosen, posterior=posterior, n=len(given), run=rows[0]["run"])


def _usual(run_id: int) -> float | None:
    found: Row | None = one(_USUAL, {"run": run_id})
    return float(found["value"]) if found and found["value"] is not None else None


def _single(
    answers: Sequence[dict[str, Any]], accuracies: Sequence[float], question: Question
) -> tuple[dict[str, Any], float]:
    tokens = [answer_token(one) for one in answers]
    named = sorted(set(tokens))
    n_classes = sum(one.selectable for one in question.classes) + bool(question.allow_none)
    n_classes = max(n_classes, len(named), 2)
    found = leading_posterior([named.index(token) for token in tokens], accuracies, n_classes=n_classes)
    return answers[tokens.index(named[found.leading])], found.posterior


def _several(answers: Sequence[dict[str, Any]], accuracies: Sequence[float]) -> tuple[dict[str, Any], float]:
    said = [frozenset(one.get("choices", ())) for one in answers]
    chosen, posterior = [], 1.0
    for key in sorted(frozenset().union(*said)) or [""]:
        found = leading_posterior([int(key in one) for one in said], accuracies, n_classes=2)
        posterior *= found.posterior
        if found.leading and key:
            chosen.append(key)
    return ({"choices": chosen} if chosen else {"none": True}), posterior
