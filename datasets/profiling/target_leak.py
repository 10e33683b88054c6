"""Columns that give the label away: each one alone is scored against it, with a permutation test."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from scipy import stats

from common.numerics.estimate import Estimate
from common.numerics.wilson import wilson_bounds
from datasets.formats.attributes import Known
from datasets.profiling.columns import Column, FloatArray, IntArray, Origin
from datasets.profiling.single_column_score import N_FOLDS, BinScorer, Scorer, Target, WordScorer, column_levels

MAX_ROWS = 20_000
ALPHA = 0.05
_STOP_AFTER = 20  # exceedances: a column that is this ordinary needs no more permutations


class Judgement(StrEnum):
    """What a column's score means, given what is known about the column."""

    LEAK = "leak"
    SHORTCUT = "shortcut"
    TOO_GOOD = "too-good"
    ASSOCIATED = "associated"
    NOTHING = "nothing"
    NOT_TESTED = "not-tested"


@dataclass(frozen=True, kw_only=True)
class LeakThresholds:
    """Skill from which a significant column is named, by what is known about it at prediction time."""

    not_known: float = 0.1
    technical: float = 0.1
    undecided: float = 0.5
    known: float = 0.9


@dataclass(frozen=True)
class LeakFinding:
    """What one column gives away.

    skill: (balanced accuracy - 1/K) / (1 - 1/K) of the column alone, with an interval: 0 is chance, 1 gives the label
    away. p_value: permutation; q_value: Benjamini-Hochberg over the tested columns. message: one or two sentences.
    """

    name: str
    origin: Origin
    known_at_prediction: Known
    skill: Estimate
    p_value: float | None
    q_value: float | None
    judgement: Judgement
    message: str


@dataclass(frozen=True)
class LeakReport:
    """All columns, worst first.

    not_known, undecided: names of attributes (not technical columns) that are not, or not yet said to be, known at
    prediction time. n: rows scored; n_classes: classes scored. permutations: at most, per column. verdict: for people.
    reason: why nothing was tested, else None.
    """

    findings: tuple[LeakFinding, ...]
    not_known: tuple[str, ...]
    undecided: tuple[str, ...]
    n: int
    n_classes: int
    permutations: int
    verdict: str
    reason: str | None = None


def target_leaks(
    labels: Sequence[str],
    columns: Sequence[Column],
    *,
    rng: np.random.Generator,
    words: Mapping[str, Sequence[frozenset[str]]] | None = None,
    groups: Sequence[str] | None = None,
    thresholds: LeakThresholds | None = None,
    permutations: int | None = None,
) -> LeakReport:
    """Score every column alone against the label.

    labels: class keys, length n. columns: all of length n. words: further technical columns made of sets of words,
    such as file names. groups: length n; rows of one group are not independent, so one random row of each is used.
    permutations: default is as many as the correction for the number of columns needs, at least 999.

    Rows above 20,000 are sampled; classes with fewer than 10 rows are left out. The score is the cross-validated
    balanced accuracy of a rule that looks at nothing but this column. The p-value is that of permuting the column:
    (1 + exceedances) / (1 + permutations), stopped early, as Besag and Clifford allow, after 20 exceedances; since the
    whole cross-validation is repeated, its level holds at any size. A significant column is named when its skill passes
    the threshold for its kind: "leak" (not known at prediction time, or undecided and strong), "shortcut" (technical),
    "too-good" (known, yet nearly perfect: check how it is made), else "associated", as a good input should be.
    Raises ValueError for unequal lengths or two columns of one name.
    Source: Kaufman et al. 2012, Leakage in data mining; Phipson & Smyth 2010; Besag & Clifford 1991.
    """
    words = words or {}
    _check(labels, columns, words, groups)
    rows = _usable_rows(np.asarray(labels, dtype=str), groups, rng)
    not_known = _names(columns, Known.NO)
    undecided = _names(columns, Known.UNKNOWN)
    codes = np.unique(np.asarray(labels, dtype=str)[rows], return_inverse=True)[1].astype(np.int64)
    n_classes = int(codes.max()) + 1 if codes.size else 0
    if n_classes < 2:
        reason = "There are fewer than two classes with at least 10 independent rows each."
        return LeakReport((), not_known, undecided, int(rows.size), n_classes, 0, f"Not checked: {reason}", reason)
    target = Target(codes, rng)
    n_tests = len(columns) + len(words)
    budget = permutations or max(999, math.ceil(2 * n_tests / ALPHA) - 1)
    scored = [_score_column(column.take(rows), target, budget, rng) for column in columns]
    scored += [_score_words(name, [sets[i] for i in rows], target, budget, rng) for name, sets in words.items()]
    findings = _judge(scored, thresholds or LeakThresholds())
    return LeakReport(findings, not_known, undecided, int(rows.size), n_classes, budget, _verdict(findings))


@dataclass(frozen=True)
class _Scored:
    name: str
    origin: Origin
    known: Known
    skill: Estimate
    p_value: float | None


def _score_column(column: Column, target: Target, budget: int, rng: np.random.Generator) -> _Scored:
    levels, n_levels = column_levels(column, target.n_classes)
    known, origin = column.known_at_prediction, column.origin
    if n_levels == 0 or (n_levels == 1 and levels.min() > 0):
        reason = "All values are missing." if n_levels == 0 else "All values are equal."
        return _Scored(column.name, origin, known, Estimate.unknown(reason, n=len(column)), None)
    skill, p_value = _test(BinScorer(levels, target), target, budget, rng)
    return _Scored(column.name, origin, known, skill, p_value)


def _score_words(
    name: str, words: Sequence[frozenset[str]], target: Target, budget: int, rng: np.random.Generator
) -> _Scored:
    scorer = WordScorer(words, target)
    if not scorer.n_words:
        nothing = Estimate.unknown("No word occurs in five rows.", n=len(words))
        return _Scored(name, Origin.TECHNICAL, Known.NO, nothing, None)
    skill, p_value = _test(scorer, target, budget, rng)
    return _Scored(name, Origin.TECHNICAL, Known.NO, skill, p_value)


def _test(scorer: Scorer, target: Target, budget: int, rng: np.random.Generator) -> tuple[Estimate, float]:
    n = target.codes.shape[0]
    recalls = scorer.recalls(np.arange(n, dtype=np.int64))
    observed = float(recalls.mean())
    exceedances = drawn = 0
    while drawn < budget and exceedances < _STOP_AFTER:
        drawn += 1
        exceedances += float(scorer.recalls(rng.permutation(n)).mean()) >= observed - 1e-12
    stopped = exceedances == _STOP_AFTER
    p_value = exceedances / drawn if stopped else (1 + exceedances) / (1 + drawn)
    return _skill(recalls, target), p_value


def _skill(recalls: FloatArray, target: Target) -> Estimate:
    """Skill with an interval from the Wilson limits of the recalls (method of variance estimates recovery)."""
    limits = [wilson_bounds(min(max(float(r), 0.0), 1.0), int(n)) for r, n in zip(recalls, target.counts, strict=True)]
    k = target.n_classes
    value = float(recalls.mean())
    below = math.sqrt(sum((r - low) ** 2 for r, (low, _) in zip(recalls, limits, strict=True))) / k
    above = math.sqrt(sum((high - r) ** 2 for r, (_, high) in zip(recalls, limits, strict=True))) / k

    def scaled(accuracy: float) -> float:
        return (min(max(accuracy, 0.0), 1.0) - target.chance) / (1 - target.chance)

    n = int(target.codes.shape[0])
    return Estimate(
        scaled(value), scaled(value - below), scaled(value + above), 0.95, n, "5-fold balanced accuracy, rescaled"
    )


def _judge(scored: Sequence[_Scored], thresholds: LeakThresholds) -> tuple[LeakFinding, ...]:
    p_values = [s.p_value for s in scored if s.p_value is not None]
    q_values = iter(stats.false_discovery_control(p_values) if p_values else ())
    findings = []
    for s in scored:
        q_value = float(next(q_values)) if s.p_value is not None else None
        judgement = _judgement(s, q_value, thresholds)
        message = _message(s, judgement)
        findings.append(LeakFinding(s.name, s.origin, s.known, s.skill, s.p_value, q_value, judgement, message))
    order = list(Judgement)
    findings.sort(key=lambda f: (order.index(f.judgement), -(f.skill.value or 0.0), f.name))
    return tuple(findings)


def _judgement(s: _Scored, q_value: float | None, thresholds: LeakThresholds) -> Judgement:
    if q_value is None or s.skill.value is None:
        return Judgement.NOT_TESTED
    if q_value >= ALPHA or s.skill.value <= 0:
        return Judgement.NOTHING
    if s.origin is Origin.TECHNICAL:
        limit, judgement = thresholds.technical, Judgement.SHORTCUT
    elif s.known is Known.NO:
        limit, judgement = thresholds.not_known, Judgement.LEAK
    elif s.known is Known.UNKNOWN:
        limit, judgement = thresholds.undecided, Judgement.LEAK
    else:
        limit, judgement = thresholds.known, Judgement.TOO_GOOD
    return judgement if s.skill.value >= limit else Judgement.ASSOCIATED


def _message(s: _Scored, judgement: Judgement) -> str:
    skill = f"{s.skill.value:.0%} of the way from chance to certainty" if s.skill.value is not None else ""
    match judgement:
        case Judgement.LEAK if s.known is Known.NO:
            return f"Alone it goes {skill}, and it is not known when the model has to predict. Leave it out."
        case Judgement.LEAK:
            return f"Alone it goes {skill}. Say whether it is known when the model has to predict."
        case Judgement.SHORTCUT:
            return f"Alone it goes {skill}, though it only tells how the item was recorded. A model may learn it."
        case Judgement.TOO_GOOD:
            return f"Alone it goes {skill}. Check that it is made before the label and not from it."
        case Judgement.ASSOCIATED:
            return f"Alone it goes {skill}, as an input may."
        case Judgement.NOTHING:
            return "Alone it tells nothing about the label."
        case Judgement.NOT_TESTED:
            return s.skill.reason or "Not tested."


def _verdict(findings: Sequence[LeakFinding]) -> str:
    parts = []
    for judgement, one, many in (
        (Judgement.LEAK, "likely target leak", "likely target leaks"),
        (Judgement.SHORTCUT, "shortcut in how items were recorded", "shortcuts in how items were recorded"),
        (Judgement.TOO_GOOD, "input that is too good to be true", "inputs that are too good to be true"),
    ):
        names = [f"“{f.name}”" for f in findings if f.judgement is judgement]
        if names:
            more = f" and {len(names) - 3} more" if len(names) > 3 else ""
            parts.append(f"{len(names)} {one if len(names) == 1 else many}: {', '.join(names[:3])}{more}")
    if parts:
        return ". ".join(parts) + "."
    n_tests = sum(f.p_value is not None for f in findings)
    if not n_tests:
        return "Not checked: no column has values to test."
    return f"No target leak found in {n_tests} column{'s' if n_tests != 1 else ''}, each tested alone."


def _names(columns: Sequence[Column], known: Known) -> tuple[str, ...]:
    return tuple(c.name for c in columns if c.known_at_prediction is known and c.origin is Origin.ATTRIBUTE)


def _usable_rows(
    labels: np.ndarray[tuple[int], np.dtype[np.str_]], groups: Sequence[str] | None, rng: np.random.Generator
) -> IntArray:
    """Rows to score: one of each group, classes of at least 10 rows, at most MAX_ROWS; ascending."""
    rows = rng.permutation(labels.shape[0])
    if groups is not None:
        rows = rows[np.sort(np.unique(np.asarray(groups, dtype=str)[rows], return_index=True)[1])]
    rows = rows[:MAX_ROWS]
    classes, inverse, counts = np.unique(labels[rows], return_inverse=True, return_counts=True)
    return np.sort(rows[counts[inverse] >= 2 * N_FOLDS]).astype(np.int64)


def _check(
    labels: Sequence[str],
    columns: Sequence[Column],
    words: Mapping[str, Sequence[frozenset[str]]],
    groups: Sequence[str] | None,
) -> None:
    n = len(labels)
    lengths = {c.name: len(c) for c in columns} | {name: len(sets) for name, sets in words.items()}
    if len(lengths) != len(columns) + len(words):
        raise ValueError("two columns have the same name")
    for name, length in lengths.items():
        if length != n:
            raise ValueError(f"{name} has {length} rows, the labels have {n}")
    if groups is not None and len(groups) != n:
        raise ValueError("groups and labels have different lengths")
