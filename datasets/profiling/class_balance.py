"""How often each class occurs, and whether that is a problem."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from common.numerics.estimate import Estimate
from common.numerics.wilson import wilson_interval

WORTH_TELLING = 0.05  # of the labels: below, always giving one answer is no rival


@dataclass(frozen=True)
class ClassShare:
    """One class. share: of all labels, with Wilson's interval."""

    key: str
    count: int
    share: Estimate


@dataclass(frozen=True)
class ClassBalance:
    """Frequencies of all classes.

    classes: most frequent first. n: labels. imbalance_ratio: count of the most / of the least frequent class that
    occurs; None without labels. effective_classes: exp of the entropy: how many equally frequent classes would be as
    diverse. absent: declared classes that never occur. balanced: ratio below 3, none absent. verdict: for people.
    """

    classes: tuple[ClassShare, ...]
    n: int
    imbalance_ratio: float | None
    effective_classes: float | None
    absent: tuple[str, ...]
    balanced: bool
    verdict: str


def class_balance(
    labels: Iterable[str], *, declared: Sequence[str] = (), names: Mapping[str, str] | None = None
) -> ClassBalance:
    """Balance of class keys.

    labels: one key per label. declared: all keys of the schema, to name those that never occur. names: what people call
    a key in the verdict; a key without one stands for itself. The limits of the verdict (ratio 3 and 20, fewer than 20
    examples) are rules of thumb; the share in the sample says nothing about the share in production.
    """
    counts = Counter(labels)
    n = counts.total()
    absent = tuple(key for key in declared if key not in counts)
    ordered = sorted(counts.items(), key=lambda entry: (-entry[1], entry[0]))
    classes = tuple(ClassShare(key, count, wilson_interval(count, n)) for key, count in ordered)
    if not n:
        return ClassBalance((), 0, None, None, absent, False, "There are no labels yet.")
    ratio = ordered[0][1] / ordered[-1][1]
    effective = math.exp(-math.fsum(c / n * math.log(c / n) for c in counts.values()))
    balanced = ratio < 3 and not absent and len(counts) > 1
    named = [((names or {}).get(key, key), count) for key, count in ordered]
    verdict = _verdict(named, n, ratio, absent)
    return ClassBalance(classes, n, ratio, effective, absent, balanced, verdict)


def _verdict(ordered: Sequence[tuple[str, int]], n: int, ratio: float, absent: Sequence[str]) -> str:
    (most, most_count), (least, least_count) = ordered[0], ordered[-1]
    if len(ordered) == 1:
        text = f"All {n:,} labels are “{most}”; there is nothing to tell apart."
    elif ratio < 3:
        text = f"The {len(ordered):,} classes are balanced: the most frequent is {ratio:.1f} times the rarest."
    else:
        word = "strongly imbalanced" if ratio >= 20 else "imbalanced"
        text = f"The {len(ordered):,} classes are {word}: “{most}” ({most_count:,}) is "
        text += f"{ratio:,.0f} times “{least}” ({least_count:,})."
        if most_count / n >= WORTH_TELLING:
            text += f" Always answering “{most}” would already be right in {most_count / n:.0%} of the cases."
    rare = sum(count < 20 for _, count in ordered)
    if rare and len(ordered) > 1:
        text += f" {rare:,} class{'es have' if rare > 1 else ' has'} fewer than 20 examples."
    if absent:
        text += f" {len(absent)} declared class{'es never occur' if len(absent) > 1 else ' never occurs'}."
    return text
