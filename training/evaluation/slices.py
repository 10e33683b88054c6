"""Accuracy on parts of the data: by source, by annotator group, by anything with a name."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.stats import false_discovery_control, fisher_exact

from common.numerics.estimate import Estimate
from training.evaluation.intervals import grouped_share, number_groups

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Slice:
    """One part. q: p-value of "it differs from the rest" after Benjamini-Hochberg over all slices.

    None when it is all there is.
    """

    name: str
    rows: int
    accuracy: Estimate
    rest: Estimate
    q: float | None
    is_worse: bool

    def as_json(self) -> dict[str, Any]:
        """Return the slice as a JSON object."""
        return {
            "name": self.name,
            "rows": self.rows,
            "accuracy": self.accuracy.as_json(),
            "rest": self.rest.as_json(),
            "q": self.q,
            "is_worse": self.is_worse,
        }


def accuracy_by_slice(
    is_right: npt.NDArray[np.bool_],
    names: npt.NDArray[np.str_],
    *,
    groups: npt.NDArray[np.generic] | None = None,
    level: float = 0.95,
    false_discovery_rate: float = 0.05,
) -> list[Slice]:
    """Return the slices, worst first, each against the rest (Fisher's exact test on groups.

    Corrected for their number).

    is_right: (n,); names: (n,) slice of each row. A group counts as right in the test when most of its rows are.
    """
    numbers = number_groups(groups, len(is_right))
    right = is_right.astype(np.float64)
    found = list(np.unique(names))
    p_values = [_difference(right, names == name, numbers) for name in found]
    tested = [p for p in p_values if p is not None]
    corrected = iter(false_discovery_control(tested, method="bh")) if tested else iter(())
    slices = []
    for name, p in zip(found, p_values, strict=True):
        inside = (names == name).astype(np.float64)
        accuracy = grouped_share(right * inside, inside, numbers, level=level)
        rest = grouped_share(right * (1 - inside), 1 - inside, numbers, level=level, missing="There are no other rows.")
        q = None if p is None else float(next(corrected))
        below = accuracy.value is not None and rest.value is not None and accuracy.value < rest.value
        worse = q is not None and q <= false_discovery_rate and below
        slices.append(Slice(str(name), int(inside.sum()), accuracy, rest, q, worse))
    return sorted(slices, key=lambda s: (s.accuracy.value if s.accuracy.value is not None else 2.0, s.name))


def _difference(right: Floats, inside: npt.NDArray[np.bool_], groups: npt.NDArray[np.int64]) -> float | None:
    if inside.all() or not inside.any():
        return None
    table = []
    for part in (inside, ~inside):
        sizes = np.bincount(groups[part])
        hits = np.bincount(groups[part], right[part])
        good = int((hits[sizes > 0] > sizes[sizes > 0] / 2).sum())
        table.append([good, int((sizes > 0).sum()) - good])
    return float(fisher_exact(table).pvalue)
