"""How right people are on the same task: the ceiling beside every score of a model."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from common.numerics.estimate import Estimate
from training.evaluation.intervals import grouped_share, number_groups

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class HumanCeiling:
    """Agreement of single annotations with the truth.

    Over all, and by annotator, with what the truth was taken from.
    """

    accuracy: Estimate
    by_annotator: dict[str, Estimate]
    against: str
    sentence: str

    def as_json(self) -> dict[str, Any]:
        """Return the ceiling as a JSON object."""
        return {
            "accuracy": self.accuracy.as_json(),
            "by_annotator": {name: estimate.as_json() for name, estimate in self.by_annotator.items()},
            "against": self.against,
            "sentence": self.sentence,
        }


def ceiling_against_experts(
    annotators: npt.NDArray[np.str_], items: npt.NDArray[np.str_], labels: Ints, expert: Ints, *, level: float = 0.95
) -> HumanCeiling:
    """Compare annotations with experts' labels of the same items.

    annotators, items: (n,) keys. labels, expert: (n,) class indices, the annotation and the expert's label of its item.
    Annotations of one item are one group: a hard item is hard for all. Without annotations the value is None with a
    reason.
    """
    return _ceiling(annotators, items, (labels == expert).astype(np.float64), np.ones(len(labels)), "experts", level)


def ceiling_against_others(
    annotators: npt.NDArray[np.str_], items: npt.NDArray[np.str_], labels: Ints, *, classes: int, level: float = 0.95
) -> HumanCeiling:
    """Compare each annotation with the majority of the *other* annotators of its item.

    Since a consensus contains one's own vote.

    annotators, items: (n,) keys. labels: (n,) class indices below `classes`. A tie among the others counts as the share
    of the tied classes; items with one annotation are left out. Errors that all share stay invisible: this is
    agreement, not truth.
    """
    numbers = number_groups(items, len(labels))
    votes = np.zeros((int(numbers.max(initial=-1)) + 1, classes))
    np.add.at(votes, (numbers, labels), 1.0)
    others = votes[numbers]
    others[np.arange(len(labels)), labels] -= 1.0
    most = others.max(axis=1, initial=0.0)
    tied = (others == most[:, None]) & (most[:, None] > 0)
    hits = tied[np.arange(len(labels)), labels] / np.maximum(tied.sum(axis=1), 1)
    return _ceiling(annotators, items, hits, (most > 0).astype(np.float64), "the majority of the others", level)


def _ceiling(
    annotators: npt.NDArray[np.str_],
    items: npt.NDArray[np.str_],
    hits: npt.NDArray[np.float64],
    bases: npt.NDArray[np.float64],
    against: str,
    level: float,
) -> HumanCeiling:
    missing = f"No annotation can be compared with {against}."
    if len(hits) == 0:
        return HumanCeiling(Estimate(None, None, None, level, 0, "Wilson, by group", missing), {}, against, missing)
    groups = number_groups(items, len(items))
    overall = grouped_share(hits, bases, groups, level=level, missing=missing)
    single = {
        str(name): grouped_share(
            hits * (annotators == name), bases * (annotators == name), groups, level=level, missing=missing
        )
        for name in np.unique(annotators)
    }
    if overall.value is None or overall.low is None or overall.high is None:
        return HumanCeiling(overall, single, against, missing)
    sentence = (
        f"People are right in {overall.value:.1%} of the cases ({level:.0%} interval "
        f"{overall.low:.1%} to {overall.high:.1%}), "
        f"measured against {against}: a model that comes near it does what people can."
    )
    return HumanCeiling(overall, single, against, sentence)
