"""Does one table look like the other? Every attribute tested, corrected, gated by effect, and said in one sentence."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from scipy import stats

from common.numerics.estimate import Estimate
from datasets.profiling.columns import Column, ColumnKind, FloatArray, IntArray, category_codes
from datasets.profiling.missing import missing_mask
from datasets.representativeness.binning import pooled_quantile_counts
from datasets.representativeness.chi_square import chi_square
from datasets.representativeness.classifier_two_sample import ClassifierTest, classifier_two_sample
from datasets.representativeness.comparison import TwoSampleTest
from datasets.representativeness.jensen_shannon import jensen_shannon
from datasets.representativeness.kolmogorov_smirnov import kolmogorov_smirnov
from datasets.representativeness.paired_histogram import PairedHistogram, paired_categories, paired_numbers
from datasets.representativeness.psi import psi_test

MAX_LEVELS = 1000


@dataclass(frozen=True, kw_only=True)
class Gates:
    """When a difference is flagged: q below alpha AND an effect at or above its limit.

    ks_d: Kolmogorov-Smirnov's D; cramers_v: bias-corrected; auc: of the classifier. The limits say what matters, not
    what is detectable; a person who knows the task sets them.
    """

    alpha: float = 0.05
    ks_d: float = 0.1
    cramers_v: float = 0.1
    auc: float = 0.6


class Look(StrEnum):
    """The overall answer."""

    ALIKE = "alike"
    DIFFERENT = "different"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class AttributeComparison:
    """One attribute in both tables.

    kind: number, category, or "missing" for the share of missing values. test: statistic, p and effect; q_value:
    Benjamini-Hochberg over everything tested in the report. limit: of the effect. psi: less its mean without drift;
    jensen_shannon: bits; both for information, None where not computed. flagged: q < alpha and effect >= limit.
    sentence: what changed.
    """

    name: str
    kind: str
    test: TwoSampleTest
    q_value: float | None
    limit: float
    psi: float | None
    jensen_shannon: float | None
    flagged: bool
    sentence: str
    histogram: PairedHistogram | None


@dataclass(frozen=True, eq=False)
class Report:
    """Comparison of a current table with a reference.

    attributes: flagged first, then by effect. classifier, classifier_q, classifier_flagged: on embeddings, None
    without. most_different: rows of the current table, most unlike the reference first; empty without embeddings.
    n_tests: behind the correction. verdict: for people.
    """

    attributes: tuple[AttributeComparison, ...]
    classifier: ClassifierTest | None
    classifier_q: float | None
    classifier_flagged: bool
    most_different: IntArray
    n_reference: int
    n_current: int
    n_tests: int
    look: Look
    verdict: str

    @property
    def auc(self) -> Estimate | None:
        """AUC of the classifier with its interval; None without embeddings."""
        return self.classifier.auc if self.classifier else None


def compare(
    reference: Sequence[Column],
    current: Sequence[Column],
    *,
    rng: np.random.Generator,
    reference_embeddings: FloatArray | None = None,
    current_embeddings: FloatArray | None = None,
    gates: Gates | None = None,
    names: tuple[str, str] = ("the training data", "production"),
) -> Report:
    """Compare two tables attribute by attribute, and as a whole if embeddings are given.

    reference, current: columns of the same names and kinds, in any order; rows in each are independent cases. Columns
    that only one side has are left out. embeddings: shapes (n, d) and (m, d); may cover other rows than the columns.
    names: how the verdict calls reference and current.

    Numbers: Kolmogorov-Smirnov; categories: chi-square; each column with missing values also the share of missing
    values; embeddings: classifier two-sample test. All p-values together are corrected by Benjamini-Hochberg, and a row
    is flagged only if q and effect both pass, since with enough rows everything is significant and with few rows large
    effects come by chance. Raises ValueError if a column has another kind on the other side, or only one side has
    embeddings. Source: Benjamini & Hochberg 1995.
    """
    gates = gates or Gates()
    if (reference_embeddings is None) != (current_embeddings is None):
        raise ValueError("embeddings are needed for both sides or for none")
    drafts = [draft for a, b in _pairs(reference, current) for draft in _compare_column(a, b, gates, rng)]
    classifier = None
    if reference_embeddings is not None and current_embeddings is not None:
        classifier = classifier_two_sample(reference_embeddings, current_embeddings, rng=rng)
    p_values = [d.test.p_value for d in drafts] + [classifier.p_value if classifier else None]
    *q_values, classifier_q = _corrected(p_values)
    attributes = [_finished(draft, q, gates, names) for draft, q in zip(drafts, q_values, strict=True)]
    attributes.sort(key=lambda row: (not row.flagged, -(row.test.effect or 0.0) / max(row.limit, 1e-9), row.name))
    auc = classifier.auc.value if classifier else None
    flagged = classifier_q is not None and classifier_q < gates.alpha and auc is not None and auc >= gates.auc
    n_tests = sum(p is not None for p in p_values)
    look, verdict = _verdict(attributes, classifier, flagged, n_tests, names)
    return Report(
        attributes=tuple(attributes),
        classifier=classifier,
        classifier_q=classifier_q,
        classifier_flagged=flagged,
        most_different=classifier.most_different if classifier else np.empty(0, dtype=np.int64),
        n_reference=len(reference[0]) if reference else 0,
        n_current=len(current[0]) if current else 0,
        n_tests=n_tests,
        look=look,
        verdict=verdict,
    )


@dataclass(frozen=True)
class _Draft:
    name: str
    kind: str
    test: TwoSampleTest
    limit: float
    psi: float | None
    jensen_shannon: float | None
    histogram: PairedHistogram | None


def _pairs(reference: Sequence[Column], current: Sequence[Column]) -> list[tuple[Column, Column]]:
    others = {column.name: column for column in current}
    pairs = [(column, others[column.name]) for column in reference if column.name in others]
    for a, b in pairs:
        if a.kind is not b.kind:
            raise ValueError(f"{a.name} is a {a.kind} on one side and a {b.kind} on the other")
    return pairs


def _compare_column(a: Column, b: Column, gates: Gates, rng: np.random.Generator) -> list[_Draft]:
    drafts = []
    if a.kind is ColumnKind.NUMBER:
        test, limit = kolmogorov_smirnov(a.values, b.values), gates.ks_d
        counts = pooled_quantile_counts(a.values, b.values) if test.p_value is not None else None
        picture = paired_numbers(a.values, b.values)
    else:
        codes, levels = category_codes(np.concatenate([a.values, b.values]), max_levels=MAX_LEVELS)
        counts = _level_counts(codes[: len(a)], codes[len(a) :], len(levels))
        test, limit = chi_square(*counts), gates.cramers_v
        picture = paired_categories(a.values, b.values)
    shift = divergence = None
    if test.p_value is not None and counts is not None:
        shift = psi_test(*counts, rng=rng, resamples=199).effect
        divergence = jensen_shannon(*counts)
    drafts.append(_Draft(a.name, a.kind.value, test, limit, shift, divergence, picture))
    gaps = [missing_mask(side) for side in (a, b)]
    if any(mask.any() for mask in gaps):
        filled, empty = (np.array([(mask == flag).sum() for flag in (False, True)]) for mask in gaps)
        drafts.append(_Draft(a.name, "missing", chi_square(filled, empty), gates.cramers_v, None, None, None))
    return drafts


def _level_counts(a: IntArray, b: IntArray, n_levels: int) -> tuple[IntArray, IntArray]:
    counts = [np.bincount(side[side >= 0], minlength=n_levels).astype(np.int64) for side in (a, b)]
    return counts[0], counts[1]


def _corrected(p_values: Sequence[float | None]) -> list[float | None]:
    known = [p for p in p_values if p is not None]
    q_values = iter(stats.false_discovery_control(known) if known else ())
    return [None if p is None else float(next(q_values)) for p in p_values]


def _finished(draft: _Draft, q_value: float | None, gates: Gates, names: tuple[str, str]) -> AttributeComparison:
    effect = draft.test.effect
    flagged = q_value is not None and q_value < gates.alpha and effect is not None and effect >= draft.limit
    return AttributeComparison(
        name=draft.name,
        kind=draft.kind,
        test=draft.test,
        q_value=q_value,
        limit=draft.limit,
        psi=draft.psi,
        jensen_shannon=draft.jensen_shannon,
        flagged=flagged,
        sentence=_sentence(draft, names),
        histogram=draft.histogram,
    )


def _sentence(draft: _Draft, names: tuple[str, str]) -> str:
    if draft.test.reason:
        return draft.test.reason
    effect = f"{draft.test.effect_name} = {draft.test.effect or 0.0:.2f}"
    if draft.kind == "missing" or draft.histogram is None:
        return f"The share of missing values differs ({effect})."
    if draft.kind == "number":
        return f"The values are distributed differently by at most {draft.test.effect or 0.0:.0%} ({effect})."
    h = draft.histogram
    shares = [np.array(side) / max(1, sum(side)) for side in (h.reference, h.current)]
    most = int(np.argmax(np.abs(shares[1] - shares[0])))
    before, after = (f"{side[most]:.1%} in {name}" for side, name in zip(shares, names, strict=True))
    return f"Most changed: “{h.labels[most]}”, {before}, {after} ({effect})."


def _verdict(
    attributes: Sequence[AttributeComparison],
    classifier: ClassifierTest | None,
    classifier_flagged: bool,
    n_tests: int,
    names: tuple[str, str],
) -> tuple[Look, str]:
    if not n_tests:
        return Look.UNKNOWN, "Nothing could be compared: the two sides have no attribute with enough values in common."
    n_attributes = len({row.name for row in attributes if row.test.p_value is not None})
    flagged = list(dict.fromkeys(row.name for row in attributes if row.flagged))
    subject = names[1][0].upper() + names[1][1:]
    parts = []
    if flagged:
        top = next(row for row in attributes if row.flagged)
        worst = f"“{top.name}”, {top.test.effect_name} = {top.test.effect or 0.0:.2f}"
        parts.append(f"{len(flagged)} of {n_attributes} attributes differ, most of all {worst}")
    elif n_attributes:
        parts.append(f"none of {n_attributes} attributes differs enough to matter")
    auc = classifier.auc if classifier else None
    if auc is not None and auc.value is not None and auc.low is not None and auc.high is not None:
        can = "can" if classifier_flagged else "cannot reliably"
        parts.append(
            f"a classifier {can} tell the two apart (AUC {auc.value:.2f}, interval {auc.low:.2f} to {auc.high:.2f})"
        )
    different = bool(flagged) or classifier_flagged
    start = f"{subject} does not look like {names[0]}" if different else f"{subject} looks like {names[0]}"
    return (Look.DIFFERENT if different else Look.ALIKE), f"{start}: {'; '.join(parts)}."
