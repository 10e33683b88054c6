"""One stream over time: later windows compared with an earlier one by the same tests."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from datasets.profiling.columns import Column, FloatArray
from datasets.representativeness.report import Gates, Report, compare


@dataclass(frozen=True)
class Window:
    """A half-open span of time [start, end), in the unit of the times (seconds since 1970, say)."""

    start: float
    end: float

    def __post_init__(self) -> None:
        if not self.start < self.end:
            raise ValueError("a window must end after it starts")


@dataclass(frozen=True, eq=False)
class WindowComparison:
    """One window against the reference window.

    n_reference, n_current: rows in each. smallest_q: of the report, or corrected over windows by `compare_series`.
    """

    reference: Window
    current: Window
    n_reference: int
    n_current: int
    report: Report
    smallest_q: float | None


def compare_windows(
    times: FloatArray,
    columns: Sequence[Column],
    *,
    reference: Window,
    current: Window,
    rng: np.random.Generator,
    embeddings: FloatArray | None = None,
    gates: Gates | None = None,
) -> WindowComparison:
    """Compare two windows of one table; see `datasets.representativeness.report.compare`.

    times: shape (n,), NaN rows are in no window. columns: of length n; include predicted labels or scores as columns to
    see label shift. embeddings: shape (n, d) or None. Rows must be independent cases: a burst of pictures of one scene
    is one case. Raises ValueError for overlapping windows or unequal lengths.
    """
    if reference.start < current.end and current.start < reference.end:
        raise ValueError("the windows overlap")
    if any(len(column) != times.shape[0] for column in columns):
        raise ValueError("a column and the times have different lengths")
    earlier, later = (np.flatnonzero((times >= w.start) & (times < w.end)) for w in (reference, current))
    report = compare(
        [column.take(earlier) for column in columns],
        [column.take(later) for column in columns],
        rng=rng,
        reference_embeddings=None if embeddings is None else embeddings[earlier],
        current_embeddings=None if embeddings is None else embeddings[later],
        gates=gates,
        names=("the earlier window", "the later window"),
    )
    q_values = [row.q_value for row in report.attributes] + [report.classifier_q]
    smallest = min((q for q in q_values if q is not None), default=None)
    return WindowComparison(reference, current, int(earlier.size), int(later.size), report, smallest)


def compare_series(
    times: FloatArray,
    columns: Sequence[Column],
    windows: Sequence[Window],
    *,
    rng: np.random.Generator,
    embeddings: FloatArray | None = None,
    gates: Gates | None = None,
) -> tuple[WindowComparison, ...]:
    """Compare each window from the second on with the first.

    The smallest q of each comparison, itself valid as a p-value for "nothing changed" (Simes), is corrected by
    Benjamini-Hochberg over the windows and returned as `smallest_q`: look at a window when that is below alpha.
    Raises ValueError for fewer than two windows.
    """
    if len(windows) < 2:
        raise ValueError("two windows are needed")
    results = [
        compare_windows(
            times, columns, reference=windows[0], current=later, rng=rng, embeddings=embeddings, gates=gates
        )
        for later in windows[1:]
    ]
    known = [r.smallest_q for r in results if r.smallest_q is not None]
    corrected = iter(stats.false_discovery_control(known) if known else ())
    return tuple(
        WindowComparison(
            r.reference,
            r.current,
            r.n_reference,
            r.n_current,
            r.report,
            None if r.smallest_q is None else float(next(corrected)),
        )
        for r in results
    )
