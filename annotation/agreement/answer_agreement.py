"""How alike people's answers to one item are, where they have no closed list of classes: shapes, numbers, texts."""

import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np

from annotation.agreement.shape_overlap import shapes_agreement
from datasets.labeling_schema.answers import answer_token
from datasets.labeling_schema.document import Question

LONG = 500

Answer = Mapping[str, Any]


def agreement_of(answers: Sequence[Answer], *, span: float | None = None, side: float = 0.0) -> float:
    """Agreement of two or more canonical answers to one question, 0 to 1; 1 for equal ones.

    Choices: the share of the most frequent answer. Anything else: the mean over pairs of people of `pair_agreement`.
    span: of a number question, its max - min; None without both. side: longer side of the picture, pixels.
    Raises ValueError for fewer than two answers.
    """
    if len(answers) < 2:
        raise ValueError("agreement needs two answers")
    tokens = Counter(answer_token(dict(answer)) for answer in answers)
    if all("choice" in answer or "choices" in answer or _declines(answer) for answer in answers):
        return tokens.most_common(1)[0][1] / len(answers)
    return float(np.mean([pair_agreement(a, b, span=span, side=side) for a, b in combinations(answers, 2)]))


def pair_agreement(one: Answer, other: Answer, *, span: float | None = None, side: float = 0.0) -> float:
    """1 minus the distance of two canonical answers to one question; symmetric, 0 to 1, 1 for equal ones.

    Shapes: mean overlap with the best partner (`shapes_agreement`). Numbers: 1 - |a - b| / span, without a span
    1 - |a - b| / max(|a|, |b|), at least 0. Texts: 1 - edit distance / length of the longer one (`text_agreement`).
    "Nothing to draw" beside shapes, "cannot tell" beside an answer: 0.
    """
    if answer_token(dict(one)) == answer_token(dict(other)):
        return 1.0
    if _declines(one) or _declines(other):
        return 0.0
    if "shapes" in one and "shapes" in other:
        return shapes_agreement(one["shapes"], other["shapes"], side=side)
    if "number" in one and "number" in other:
        a, b = float(one["number"]), float(other["number"])
        return max(0.0, 1.0 - abs(a - b) / (span or max(abs(a), abs(b))))
    if "text" in one and "text" in other:
        return text_agreement(one["text"], other["text"])
    return 0.0


def text_agreement(one: str, other: str) -> float:
    """1 - Levenshtein distance / length of the longer text, after case and runs of blanks are made alike.

    Letters are compared; words where one of the texts has more than 500 letters. 1 for two that differ in case or
    blanks only. Source: Levenshtein 1966, normalised by the longer length.
    >>> round(text_agreement("AB 12", "ab  13"), 2)
    0.8
    """
    a, b = _plain(one), _plain(other)
    if max(len(a), len(b)) > LONG:
        return _sequence_agreement(a.split(" "), b.split(" "))
    return _sequence_agreement(a, b)


def least_agreement(questions: Sequence[Question], answers: Sequence[Answer], *, side: float = 0.0) -> float:
    """Agreement of two or more canonical answers to what a queue asks: of several questions, that of the least agreed.

    A question that fewer than two people were asked has none: what its condition hangs on has differed then.
    """
    if len(questions) == 1:
        return agreement_of(answers, span=span_of(questions[0]), side=side)
    found = []
    for question in questions:
        parts = [answer["answers"][question.key] for answer in answers if question.key in answer["answers"]]
        if len(parts) > 1:
            found.append(agreement_of(parts, span=span_of(question), side=side))
    return min(found, default=0.0)


def most_typical(questions: Sequence[Question], answers: Sequence[Answer], *, side: float = 0.0) -> int:
    """Place of the answer that agrees most with all others (the medoid); the first of equals.

    It is one that somebody gave: for numbers a median, for shapes one person's and no blend of several. Over several
    questions the agreements of a pair are summed.
    """
    sums = [0.0] * len(answers)
    for i, j in combinations(range(len(answers)), 2):
        alike = sum(
            pair_agreement(one, other, span=span_of(question), side=side)
            for question, one, other in _common_parts(questions, answers[i], answers[j])
        )
        sums[i] += alike
        sums[j] += alike
    return int(np.argmax(np.round(sums, 9)))


def span_of(question: Question) -> float | None:
    """From the least to the greatest number that a question admits; None where that has no end."""
    if question.minimum is None or question.maximum is None:
        return None
    return question.maximum - question.minimum or None


def _common_parts(
    questions: Sequence[Question], one: Answer, other: Answer
) -> Iterator[tuple[Question, Answer, Answer]]:
    if len(questions) == 1:
        yield questions[0], one, other
        return
    for question in questions:
        if question.key in one["answers"] and question.key in other["answers"]:
            yield question, one["answers"][question.key], other["answers"][question.key]


def _declines(answer: Answer) -> bool:
    return "none" in answer or "cannot_tell" in answer


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _sequence_agreement(one: Sequence[str], other: Sequence[str]) -> float:
    longer = max(len(one), len(other))
    return 1.0 - _edit_distance(one, other) / longer if longer else 1.0


def _edit_distance(one: Sequence[str], other: Sequence[str]) -> int:
    """Insertions, deletions and replacements from one to the other, a row of the table at a time."""
    numbers = {sign: n for n, sign in enumerate(dict.fromkeys([*one, *other]))}
    columns = np.array([numbers[sign] for sign in other], dtype=np.int64)
    steps = np.arange(len(other) + 1)
    row = steps.copy()
    for n, sign in enumerate(one, start=1):
        replaced = row[:-1] + (columns != numbers[sign])
        best = np.concatenate(([n], np.minimum(replaced, row[1:] + 1)))
        row = np.minimum.accumulate(best - steps) + steps  # then from the left, one insertion a step
    return int(row[-1])
