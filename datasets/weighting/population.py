"""A declared reference population: what share of it lies in each cell."""

import math
from collections.abc import Mapping


def normalised_shares(shares: Mapping[str, float]) -> dict[str, float]:
    """Declared shares by cell, scaled to sum 1.

    shares: finite, >= 0, not all 0; shares, percentages or head counts alike. Cells of share 0 are kept.
    Raises ValueError otherwise.
    """
    total = math.fsum(shares.values())
    if any(not math.isfinite(share) or share < 0 for share in shares.values()) or not total > 0:
        raise ValueError("population shares must be finite and not negative, and not all 0")
    return {cell: share / total for cell, share in shares.items()}
