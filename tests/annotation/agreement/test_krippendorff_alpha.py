import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotation.agreement.krippendorff_alpha import krippendorff_alpha, krippendorff_alpha_interval
from tests.annotation.agreement.tables import KRIPPENDORFF, from_rows, from_triples, noisy


def rng():
    return np.random.default_rng(0)


def by_coincidences(items, values, distance):
    """Definition through the coincidence matrix, with loops over all pairs."""
    values = np.asarray(values, dtype=float)
    units = [values[np.asarray(items) == item] for item in set(items)]
    units = [unit for unit in units if len(unit) >= 2]
    pooled = np.concatenate(units)
    n = len(pooled)
    observed = sum(distance(x, y) / (len(unit) - 1) for unit in units for x in unit for y in unit) / n
    expected = sum(distance(x, y) for x in pooled for y in pooled) / (n * (n - 1))
    return 1 - observed / expected


def test_worked_example_of_the_paper():
    responses = from_rows(KRIPPENDORFF)
    assert krippendorff_alpha(responses, rng=rng()).value == pytest.approx(0.743, abs=5e-4)
    interval = krippendorff_alpha_interval(responses.items, responses.classes + 1.0, rng=rng())
    assert interval.value == pytest.approx(0.849, abs=5e-4)


triples = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 3), st.integers(0, 3)), min_size=4, max_size=24)


@settings(max_examples=60, deadline=None)
@given(triples, st.permutations(range(4)))
def test_equals_the_definition_and_ignores_names(cells, names):
    responses = from_triples(cells)
    result = krippendorff_alpha(responses, rng=rng(), resamples=100)
    other = krippendorff_alpha(from_triples([(i, a, names[k]) for i, a, k in cells]), rng=rng(), resamples=100)
    if result.value is None:
        assert result.reason
        assert other.value is None
        return
    expected = by_coincidences(responses.items.tolist(), responses.classes, lambda x, y: float(x != y))
    assert result.value == pytest.approx(expected, abs=1e-12)
    assert other.value == pytest.approx(expected, abs=1e-12)
    assert result.value <= 1


@settings(max_examples=60, deadline=None)
@given(triples, st.floats(-50, 50), st.floats(0.1, 20))
def test_interval_distance_equals_the_definition_and_ignores_unit_and_origin(cells, origin, unit):
    responses = from_triples(cells)
    result = krippendorff_alpha_interval(responses.items, responses.classes, rng=rng(), resamples=100)
    if result.value is None:
        return
    expected = by_coincidences(responses.items.tolist(), responses.classes, lambda x, y: (x - y) ** 2)
    assert result.value == pytest.approx(expected, abs=1e-9)
    moved = krippendorff_alpha_interval(responses.items, origin + unit * responses.classes, rng=rng(), resamples=100)
    assert moved.value == pytest.approx(expected, abs=1e-6)


def test_single_labels_do_not_count():
    rows = from_rows(KRIPPENDORFF)
    with_more = from_triples([*zip(rows.items, rows.annotators, rows.classes, strict=True), (30, 0, 1), (31, 1, 2)])
    assert krippendorff_alpha(with_more, rng=rng()).value == pytest.approx(
        krippendorff_alpha(rows, rng=rng()).value, abs=1e-12
    )


def test_coverage_of_the_bootstrap():
    """Truth: two annotators of accuracy .8 on 4 balanced classes: agreement .64 + .04/3, chance .25."""
    agreement = 0.8**2 + 0.2**2 / 3
    truth = (agreement - 0.25) / 0.75
    generator = np.random.default_rng(12)
    hits = 0
    for _ in range(200):
        estimate = krippendorff_alpha(noisy(generator, 100, 3, 0.8), rng=generator, resamples=200)
        hits += estimate.low <= truth <= estimate.high
    assert 0.89 <= hits / 200 <= 0.99


def test_says_why_not():
    assert "no item" in krippendorff_alpha(from_rows(["1.", ".2"]), rng=rng()).reason
    assert "only one class" in krippendorff_alpha(from_rows(["111", "111"]), rng=rng()).reason
    perfect = krippendorff_alpha(from_rows(["1212", "1212"]), rng=rng())
    assert (perfect.value, perfect.low) == (1.0, None)
    assert perfect.reason
    assert "equal" in krippendorff_alpha_interval([0, 0, 1, 1], [2.0] * 4, rng=rng()).reason
