"""Post-stratification: weight each cell of the sample to its share of the population."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from datasets.profiling.columns import FloatArray
from datasets.weighting.effective_sample_size import EffectiveSampleSize, effective_sample_size
from datasets.weighting.population import normalised_shares


@dataclass(frozen=True)
class Cell:
    """One cell. weight: of each item in it; None where the sample has nobody (it cannot be represented)."""

    name: str
    n: int
    sample_share: float
    population_share: float
    weight: float | None


@dataclass(frozen=True, eq=False)
class PostStratification:
    """Weights and what they cost.

    weights: shape (n,), mean 1 over the items that represent somebody; 0 for items outside the population. cells: of
    the population, by name. uncovered_share: of the population, in cells without items: nothing can be said about it.
    n_outside: items whose cell has no share in the population. size: Kish. reason: why there are no weights, else None.
    """

    weights: FloatArray
    cells: tuple[Cell, ...]
    uncovered_share: float
    n_outside: int
    size: EffectiveSampleSize
    reason: str | None = None


def post_stratify(cells: Sequence[str | None], population: Mapping[str, float]) -> PostStratification:
    """Weight = population share of the item's cell / sample share of the cell.

    cells: shape (n,), the cell of each item (combine several variables in one name); None is outside the population.
    population: share, percentage or head count by cell. The weighted sample has exactly the declared shares, among the
    cells that have items. It corrects selection that depends on the cell, and only that: among the items of one cell
    the sample must be as good as random. Raises ValueError for invalid shares. Source: Holt & Smith 1979.
    """
    shares = normalised_shares(population)
    counts = Counter(cell for cell in cells if cell is not None and shares.get(cell, 0) > 0)
    n = counts.total()
    uncovered = sum(share for cell, share in shares.items() if share > 0 and not counts[cell])
    if not n:
        nothing = np.zeros(len(cells))
        reason = "No item lies in a cell of the population."
        return PostStratification(nothing, (), 1.0, len(cells), effective_sample_size(nothing), reason)
    weight = {cell: shares[cell] / (1 - uncovered) / (count / n) for cell, count in counts.items()}
    weights = np.array([weight.get(cell, 0.0) if cell is not None else 0.0 for cell in cells])
    table = tuple(Cell(cell, counts[cell], counts[cell] / n, shares[cell], weight.get(cell)) for cell in sorted(shares))
    return PostStratification(weights, table, uncovered, len(cells) - n, effective_sample_size(weights))
