"""Draw the items to audit, with the probability with which each was drawn."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from common.numerics.checks import FloatArray, IntArray, as_counts, as_floats, as_indices

DEFAULT_UNIFORM_FLOOR = 0.2


@dataclass(frozen=True, eq=False)
class Sample:
    """A random sample without replacement.

    indices: positions in the population, sorted, shape (n,). inclusion_probability: of each drawn item, in (0, 1],
    shape (n,): store it with the item, every estimate needs it. strata: stratum of each drawn item, shape (n,), all 0
    for an unstratified design. stratum_sizes: items in the population per stratum, shape (n_strata,).
    design: "stratified" or "pps".
    """

    indices: IntArray
    inclusion_probability: FloatArray
    strata: IntArray
    stratum_sizes: IntArray
    design: str


def draw_stratified(strata: ArrayLike, counts: ArrayLike, *, rng: np.random.Generator) -> Sample:
    """Simple random sample without replacement inside every stratum; inclusion probability n_h / N_h.

    strata: shape (n_population,), stratum index of every item. counts: shape (n_strata,), how many to draw in each.
    Raises ValueError when a stratum holds fewer than asked or an index has no count.
    """
    asked = as_counts("counts", counts)
    stratum = as_indices("strata", strata, below=asked.size)
    sizes = np.bincount(stratum, minlength=asked.size).astype(np.int64)
    if (asked > sizes).any():
        short = int(np.argmax(asked > sizes))
        raise ValueError(f"stratum {short} holds {sizes[short]} items, {asked[short]} were asked for")
    order = np.lexsort((rng.random(stratum.size), stratum))
    rank = np.arange(stratum.size) - (np.cumsum(sizes) - sizes)[stratum[order]]
    chosen = np.sort(order[rank < asked[stratum[order]]])
    drawn = stratum[chosen]
    return Sample(
        indices=chosen,
        inclusion_probability=asked[drawn] / sizes[drawn],
        strata=drawn,
        stratum_sizes=sizes,
        design="stratified",
    )


def inclusion_probabilities(scores: ArrayLike, n: int, *, uniform_floor: float = DEFAULT_UNIFORM_FLOOR) -> FloatArray:
    """Inclusion probabilities proportional to a score, mixed with a uniform part; they sum to n.

    pi_i = n ((1 - f) s_i / sum s + f / N), where items that would exceed 1 are taken for certain and the rest is
    scaled again. scores: shape (n_population,), >= 0, for example uncertainty. uniform_floor: f in [0, 1]; it bounds
    the weights 1/pi, without which one unexpected error in a sure item ruins the estimate.
    Raises ValueError for n above the population, negative scores, or f outside [0, 1].
    """
    size = as_floats("scores", scores)
    if size.ndim != 1:
        raise ValueError(f"scores must be one-dimensional, got shape {size.shape}")
    if not 0 <= n <= size.size:
        raise ValueError(f"n must lie between 0 and {size.size}, got {n}")
    if not 0.0 <= uniform_floor <= 1.0:
        raise ValueError(f"uniform_floor must lie in [0, 1], got {uniform_floor}")
    if size.size and size.min() < 0:
        raise ValueError("scores has a negative entry")
    total = float(size.sum())
    mixed = np.full(size.size, uniform_floor / max(size.size, 1))
    mixed += (1.0 - uniform_floor) * (size / total if total > 0 else 1.0 / max(size.size, 1))
    certain = np.zeros(size.size, dtype=np.bool_)
    while True:
        free = ~certain
        rest = n - int(certain.sum())
        scale = float(mixed[free].sum())
        pi = np.where(certain, 1.0, rest * mixed / scale if scale > 0 else 0.0)
        over = free & (pi >= 1.0)
        if not over.any():
            break
        certain |= over
    # Without a uniform floor, and fewer positive scores than n, the rest is spread over the items with score 0.
    short = n - float(pi.sum())
    zero = pi == 0
    if short > 1e-9 and zero.any():
        pi[zero] = short / zero.sum()
    return np.minimum(pi, 1.0)


def draw_pps(
    scores: ArrayLike,
    n: int,
    *,
    rng: np.random.Generator,
    uniform_floor: float = DEFAULT_UNIFORM_FLOOR,
) -> Sample:
    """Exactly n items with the probabilities of `inclusion_probabilities`, by randomised systematic sampling.

    The population is put in random order and cut at n equally spaced points of the cumulated probabilities, so each
    item's inclusion probability is exactly pi. Never read the share of errors in this sample as a rate: use
    `difference` or `hajek_mean`. Raises ValueError as `inclusion_probabilities`.
    Source: Madow 1949; Hartley and Rao 1962, Annals of Mathematical Statistics 33:350-374.
    """
    pi = inclusion_probabilities(scores, n, uniform_floor=uniform_floor)
    order = rng.permutation(pi.size)
    edges = np.cumsum(pi[order])
    if pi.size:
        edges[-1] = max(edges[-1], float(n))
    points = rng.random() + np.arange(n)
    places = np.searchsorted(edges, points, side="right")
    chosen = np.sort(order[np.minimum(places, max(pi.size - 1, 0))])
    return Sample(
        indices=chosen.astype(np.int64),
        inclusion_probability=pi[chosen],
        strata=np.zeros(chosen.size, dtype=np.int64),
        stratum_sizes=np.array([pi.size], dtype=np.int64),
        design="pps",
    )


def score_strata(scores: ArrayLike, n_strata: int) -> IntArray:
    """Cut a score into strata by the cumulative square root of the frequency, shape (n_population,).

    Stratum 0 has the lowest scores. Cuts follow equal shares of the cumulated sqrt of a histogram with up to 200 bins,
    which is close to the best boundaries under Neyman allocation. Items with equal scores share a stratum; fewer
    strata come out when the score has fewer distinct values.
    Raises ValueError for n_strata < 1. Source: Dalenius and Hodges 1959, JASA 54:88-101.
    """
    if n_strata < 1:
        raise ValueError(f"n_strata must be at least 1, got {n_strata}")
    values = as_floats("scores", scores)
    if values.size == 0 or float(np.ptp(values)) == 0.0:
        return np.zeros(values.size, dtype=np.int64)
    bins = min(200, max(n_strata, math.ceil(math.sqrt(values.size))))
    counts, edges = np.histogram(values, bins=bins)
    cumulated = np.cumsum(np.sqrt(counts))
    targets = cumulated[-1] * np.arange(1, n_strata) / n_strata
    cuts = np.unique(edges[1:][np.searchsorted(cumulated, targets)])
    stratum = np.searchsorted(cuts, values, side="left")
    return np.unique(stratum, return_inverse=True)[1].astype(np.int64)
