"""Two samples drawn in the same bins, for a page."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from datasets.profiling.columns import FloatArray, category_codes
from datasets.profiling.histogram import bin_edges

MAX_BARS = 30


@dataclass(frozen=True)
class PairedHistogram:
    """Counts of both samples in common bars, at most 30.

    labels: names of categories, or "" for numbers; edges: n_bars + 1 for numbers, empty for categories. Values outside
    the edges are counted in the first and last bar. missing_reference, missing_current: rows without a value.
    """

    labels: tuple[str, ...]
    edges: tuple[float, ...]
    reference: tuple[int, ...]
    current: tuple[int, ...]
    missing_reference: int
    missing_current: int


def paired_numbers(reference: FloatArray, current: FloatArray, *, max_bars: int = MAX_BARS) -> PairedHistogram:
    """Common bins by the rule of `datasets.profiling.histogram` on the pooled values; no bars without values."""
    a, b = reference[np.isfinite(reference)], current[np.isfinite(current)]
    gaps = (int(reference.size - a.size), int(current.size - b.size))
    pooled = np.sort(np.concatenate([a, b]))
    if not pooled.size:
        return PairedHistogram((), (), (), (), *gaps)
    edges = bin_edges(pooled, max_bars)
    counts = [np.histogram(np.clip(side, edges[0], edges[-1]), edges)[0] for side in (a, b)]
    bars = [tuple(int(c) for c in side) for side in counts]
    return PairedHistogram((), tuple(float(e) for e in edges), bars[0], bars[1], *gaps)


def paired_categories(reference: NDArray[Any], current: NDArray[Any], *, max_bars: int = MAX_BARS) -> PairedHistogram:
    """The most frequent categories of both samples together, the rest as "(other)". None is missing."""
    a, b = (_counted(side) for side in (reference, current))
    gaps = (int(reference.size - a.total()), int(current.size - b.total()))
    names = sorted(a.keys() | b.keys(), key=lambda name: (-(a[name] + b[name]), name))
    if len(names) > max_bars:
        kept, rest = names[: max_bars - 1], names[max_bars - 1 :]
        for side in (a, b):
            side["(other)"] += sum(side[name] for name in rest)
        names = [*kept, "(other)"]
    return PairedHistogram(tuple(names), (), tuple(a[n] for n in names), tuple(b[n] for n in names), *gaps)


def _counted(values: NDArray[Any]) -> Counter[str]:
    codes, levels = category_codes(values)
    counts = np.bincount(codes[codes >= 0], minlength=len(levels))
    return Counter(dict(zip(levels, counts.tolist(), strict=True)))
