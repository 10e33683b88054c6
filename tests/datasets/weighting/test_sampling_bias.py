import numpy as np
import pytest
from scipy import stats

from datasets.weighting.post_stratification import post_stratify
from datasets.weighting.sampling_bias import Representation, sampling_bias
from datasets.weighting.weighted_share import weighted_share

# T4: in 1948 the telephone reached the well-off, and the well-off voted otherwise.
POPULATION = {"well-off": 0.25, "middle": 0.35, "poor": 0.40}
HAS_TELEPHONE = {"well-off": 0.80, "middle": 0.40, "poor": 0.12}
VOTES_TRUMAN = {"well-off": 0.30, "middle": 0.50, "poor": 0.66}
TRUTH = sum(POPULATION[c] * VOTES_TRUMAN[c] for c in POPULATION)  # 0.514


def telephone_poll(rng, n):
    names = list(POPULATION)
    reached = np.array([POPULATION[c] * HAS_TELEPHONE[c] for c in names])
    cells = rng.choice(names, n, p=reached / reached.sum())
    return cells, rng.random(n) < np.array([VOTES_TRUMAN[c] for c in cells])


def test_tale_t4_the_telephone_poll_is_caught_and_weighting_recovers_the_truth():
    rng = np.random.default_rng(1948)
    cells, truman = telephone_poll(rng, 3000)
    bias = sampling_bias(cells.tolist(), POPULATION, rng=rng, name="the voters")
    assert bias.biased
    assert bias.p_value < 1e-10
    kinds = {cell.name: cell.representation for cell in bias.cells}
    assert kinds["well-off"] is Representation.OVER
    assert kinds["poor"] is Representation.UNDER
    assert "does not have the shares of the voters" in bias.verdict
    weights = post_stratify(cells.tolist(), POPULATION).weights
    naive = weighted_share(truman, np.ones(3000))
    weighted = weighted_share(truman, weights, strata=np.unique(cells, return_inverse=True)[1])
    assert naive.high < 0.5 < TRUTH  # the poll is sure of the wrong winner
    assert weighted.low <= TRUTH <= weighted.high
    assert weighted.value > 0.5


def test_the_weighted_interval_covers_where_the_naive_one_never_does():
    rng = np.random.default_rng(0)
    hits = naive_hits = conservative_hits = narrower = 0
    for _ in range(400):
        cells, truman = telephone_poll(rng, 600)
        weights = post_stratify(cells.tolist(), POPULATION).weights
        strata = np.unique(cells, return_inverse=True)[1]
        interval = weighted_share(truman, weights, strata=strata)
        plain = weighted_share(truman, weights)
        naive = weighted_share(truman, np.ones(600))
        hits += interval.low <= TRUTH <= interval.high
        conservative_hits += plain.low <= TRUTH <= plain.high
        naive_hits += naive.low <= TRUTH <= naive.high
        narrower += interval.half_width < plain.half_width
    assert stats.binomtest(hits, 400, 0.95).pvalue > 0.001
    assert conservative_hits >= hits - 4
    assert narrower > 380
    assert naive_hits < 20


def test_weighting_does_not_repair_selection_by_the_target_but_the_check_on_classes_sees_it():
    """Within each cell Truman's voters answer half as often: post-stratification stays wrong."""
    rng = np.random.default_rng(1)
    cells, truman = telephone_poll(rng, 20_000)
    answered = rng.random(20_000) < np.where(truman, 0.5, 1.0)
    cells, truman = cells[answered], truman[answered]
    weights = post_stratify(cells.tolist(), POPULATION).weights
    estimate = weighted_share(truman, weights, strata=np.unique(cells, return_inverse=True)[1])
    assert estimate.high < 0.45
    labels = np.where(truman, "Truman", "Dewey").tolist()
    assert sampling_bias(labels, {"Truman": TRUTH, "Dewey": 1 - TRUTH}, rng=rng).biased


@pytest.mark.parametrize(
    ("shares", "n"), [([0.5, 0.3, 0.2], 200), ([0.9, 0.05, 0.03, 0.01, 0.01], 60), ([0.1] * 10, 30)]
)
def test_the_test_keeps_its_level(shares, n):
    rng = np.random.default_rng(2)
    names = [f"c{i}" for i in range(len(shares))]
    population = dict(zip(names, shares, strict=True))
    p_values = []
    flagged = 0
    for _ in range(300):
        sample = rng.choice(names, n, p=shares).tolist()
        result = sampling_bias(sample, population, rng=rng, resamples=499)
        p_values.append(result.p_value)
        flagged += any(cell.representation is not Representation.FINE for cell in result.cells)
    for level in (0.05, 0.2):
        rejected = sum(p <= level for p in p_values)
        assert stats.binomtest(rejected, 300, level, alternative="greater").pvalue > 0.001
    assert flagged <= 27  # 5% of 300 is 15; 27 is exceeded about once in a thousand


def test_distance_and_what_chance_makes_of_it():
    rng = np.random.default_rng(3)
    result = sampling_bias(["a"] * 30 + ["b"] * 70, {"a": 1, "b": 1}, rng=rng)
    assert result.distance == pytest.approx(0.2)
    # mean of |X/n - 1/2| for a fair coin is close to sqrt(2 / (pi n)) / 2
    assert result.distance_by_chance == pytest.approx(np.sqrt(2 / (np.pi * 100)) / 2, rel=0.05)
    assert result.p_value == pytest.approx(stats.chisquare([30, 70]).pvalue)
    a = next(cell for cell in result.cells if cell.name == "a")
    assert a.ratio.value == pytest.approx(0.6)
    assert a.p_value == pytest.approx(stats.binomtest(30, 100, 0.5).pvalue)


def test_absent_cells_items_outside_and_reasons():
    rng = np.random.default_rng(4)
    result = sampling_bias(["a"] * 300 + ["q", None], {"a": 0.7, "b": 0.3}, rng=rng)
    assert result.n_outside == 2
    assert {c.name: c.representation for c in result.cells} == {"a": Representation.OVER, "b": Representation.ABSENT}
    assert "2 items lie outside" in result.verdict
    fair = sampling_bias(["a", "b"] * 100, {"a": 50, "b": 50}, rng=rng)
    assert not fair.biased
    assert fair.verdict.startswith("The sample has the shares")
    assert sampling_bias(["a"], {"a": 1, "b": 1}, rng=rng).reason
    with pytest.raises(ValueError):
        sampling_bias(["a"], {"a": 0.0}, rng=rng)


def test_weighted_share_without_weights_is_wilson():
    flags = np.array([True] * 12 + [False] * 28)
    estimate = weighted_share(flags, np.ones(40))
    variance = 0.3 * 0.7 / 39
    low, high = estimate.low, estimate.high
    effective = 0.3 * 0.7 / variance
    z = 1.959964
    centre = (0.3 + z**2 / (2 * effective)) / (1 + z**2 / effective)
    assert (low + high) / 2 == pytest.approx(centre, rel=1e-5)
    assert weighted_share(np.ones(9, bool), np.ones(9)).high == 1
    assert weighted_share(np.ones(9, bool), np.ones(9)).low < 0.8
    assert weighted_share(np.array([True]), np.ones(1)).reason
