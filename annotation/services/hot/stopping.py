"""Early stop: is what a task's answers say sure enough already? Asked by submit, with the task row locked."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from annotation.consensus.stopping import leading_posterior, shrunk_accuracy
from annotation.services.hot.connection import Row, run
from datasets.labeling_schema.answers import answer_token, is_asked
from datasets.labeling_schema.document import Question

# The answers that count of the others, and how reliable the last finished consensus found each of them and the asker.
_ANSWERS = """
WITH run AS (
  SELECT id FROM annotation_consensusrun WHERE queue_id = %(q)s AND finished_at IS NOT NULL
  ORDER BY finished_at DESC LIMIT 1
)
SELECT run.id AS run, given.annotator_id, given.answer, r.known::text AS known FROM run CROSS JOIN (
  SELECT x.annotator_id, s.answer::text AS answer FROM annotation_assignment x
  JOIN annotation_submission s ON s.assignment_id = x.id AND s.revision = x.revision
  WHERE x.task_id = %(t)s AND x.state = 'submitted' AND x.annotator_id <> %(a)s
  UNION ALL SELECT %(a)s, NULL
) given LEFT JOIN LATERAL (
  SELECT jsonb_object_agg(question, jsonb_build_array(value, n)) AS known FROM annotation_reliability
  WHERE run_id = run.id AND annotator_id = given.annotator_id AND value IS NOT NULL
) r ON true
"""
_USUAL = """
SELECT question, sum(value * n) / nullif(sum(n), 0) AS value FROM annotation_reliability
WHERE run_id = %(run)s AND value IS NOT NULL GROUP BY question
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


@dataclass(frozen=True, kw_only=True)
class _Said:
    """One annotator's answer and how reliable the last consensus found them in each question."""

    answer: dict[str, Any]
    known: dict[str, tuple[float, int]]


def sure_enough(
    *,
    queue_id: int,
    task_id: int,
    annotator_id: int,
    answer: dict[str, Any],
    asked: Sequence[Question],
    limit: float,
    minimum: int,
) -> Sure | None:
    """What the task's answers together with this new one say, when that is sure enough.

    None before there is a consensus, below the minimum of answers that give a class, and where no question has classes.
    "Cannot tell" and skips are no evidence. Somebody whom the last consensus did not know counts as an average
    annotator. Several choices are judged as a yes or no on each class that somebody proposed.

    Of several questions each that is asked, by the leading answers to those before it, must be sure enough by itself
    and have the minimum of answers; one without classes must be answered alike by all. The posterior is that of the
    least sure, n the fewest answers behind any.
    """
    rows = run(_ANSWERS, {"q": queue_id, "t": task_id, "a": annotator_id})
    given = [_said(row, answer) for row in rows]
    given = [one for one in given if "skip" not in one.answer]
    if not given:
        return None
    judge = _Judge(rows[0]["run"], limit, max(minimum, 1))
    if len(asked) == 1:
        found = judge.one(asked[0], "", [(one.answer, one) for one in given])
        return None if found is None else Sure(answer=found[0], posterior=found[1], n=found[2], run=judge.run)
    return judge.several(asked, given)


def _said(row: Row, own: dict[str, Any]) -> _Said:
    known = json.loads(row["known"]) if row["known"] else {}
    return _Said(
        answer=json.loads(row["answer"]) if row["answer"] else own,
        known={question: (value, n) for question, (value, n) in known.items()},
    )


class _Judge:
    """Weighs answers by the reliabilities of one consensus."""

    def __init__(self, run_id: int, limit: float, minimum: int) -> None:
        self.run, self.limit, self.minimum = run_id, limit, minimum
        self._usual: dict[str, float] | None = None

    def usual(self, question: str) -> float | None:
        """Of an average annotator."""
        if self._usual is None:
            rows = run(_USUAL, {"run": self.run})
            self._usual = {row["question"]: float(row["value"]) for row in rows if row["value"] is not None}
        return self._usual.get(question)

    def one(
        self, question: Question, key: str, said: Sequence[tuple[dict[str, Any], _Said]]
    ) -> tuple[dict[str, Any], float, int] | None:
        """Leading answer, its posterior and the answers behind it; None if not enough. key: of who.known."""
        said = [(answer, who) for answer, who in said if "cannot_tell" not in answer]
        if not question.is_choice or len(said) < self.minimum:
            return None
        accuracies = [self._accuracy(who, key) for _, who in said]
        if None in accuracies:
            return None
        answers, known = [answer for answer, _ in said], [one for one in accuracies if one is not None]
        if question.kind == "multiple_choice":
            leading, posterior = _several(answers, known)
        else:
            leading, posterior = _single(answers, known, question)
        return (leading, posterior, len(said)) if posterior >= self.limit else None

    def _accuracy(self, who: _Said, key: str) -> float | None:
        return shrunk_accuracy(*who.known[key]) if key in who.known else self.usual(key)

    def several(self, asked: Sequence[Question], given: Sequence[_Said]) -> Sure | None:
        answers: dict[str, dict[str, Any]] = {}
        posterior, n = 1.0, len(given)
        for question in asked:
            if not is_asked(question, asked, answers):
                continue
            parts = [(one.answer["answers"], one) for one in given if "answers" in one.answer]
            said = [(part[question.key], one) for part, one in parts if question.key in part]
            found = self.one(question, question.key, said) if question.is_choice else self._alike(said)
            if found is None:
                return None
            answers[question.key], least, few = found
            posterior, n = min(posterior, least), min(n, few)
        if not any(one.is_choice for one in asked if one.key in answers):
            return None
        return Sure(answer={"answers": answers}, posterior=posterior, n=n, run=self.run)

    def _alike(self, said: Sequence[tuple[dict[str, Any], _Said]]) -> tuple[dict[str, Any], float, int] | None:
        """What is not counted: all say the same, and enough of them. It lowers no posterior."""
        tokens = {answer_token(answer) for answer, _ in said}
        if len(said) < self.minimum or len(tokens) != 1 or "cannot_tell" in said[0][0]:
            return None
        return said[0][0], 1.0, len(said)


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
