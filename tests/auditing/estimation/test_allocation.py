import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditing.estimation.allocation import (
    expected_half_width,
    guessed_deviations,
    neyman_allocation,
    proportional_allocation,
    size_for_half_width,
)

strata = st.lists(st.tuples(st.integers(0, 400), st.floats(0, 1)), min_size=1, max_size=6).filter(
    lambda rows: sum(size for size, _ in rows) > 0
)


@settings(deadline=None)
@given(strata, st.integers(0, 500), st.integers(0, 5))
def test_laws(rows, total, floor):
    sizes, deviations = (np.array(column) for column in zip(*rows, strict=True))
    for counts in (
        neyman_allocation(sizes, deviations, total, floor=floor),
        proportional_allocation(sizes, total, floor=floor),
    ):
        least = np.minimum(sizes, floor)
        assert (counts <= sizes).all()
        assert (counts >= least).all()
        assert counts.sum() == max(min(total, sizes.sum()), least.sum())


def test_neyman_is_the_optimum_by_enumeration():
    sizes, deviations = np.array([60, 25, 15]), np.array([0.1, 0.3, 0.5])
    best = min(
        (plan for plan in itertools.product(range(2, 16), repeat=3) if sum(plan) == 18),
        key=lambda plan: expected_half_width(sizes, deviations, plan),
    )
    ours = neyman_allocation(sizes, deviations, 18)
    assert expected_half_width(sizes, deviations, ours) == pytest.approx(
        expected_half_width(sizes, deviations, best), rel=0.01
    )


def test_formulas_by_hand():
    assert neyman_allocation([1000, 1000], [0.3, 0.1], 100).tolist() == [75, 25]
    assert neyman_allocation([10, 1000], [5.0, 0.1], 100).tolist() == [10, 90]  # the small one is taken whole
    assert proportional_allocation([700, 200, 100], 50).tolist() == [35, 10, 5]
    assert proportional_allocation([9990, 5, 5], 20, floor=3).tolist() == [14, 3, 3]
    by_hand = 1.959964 * math.sqrt(0.25 * 0.09 * (1 - 50 / 1000) / 50 + 0.25 * 0.01 * (1 - 20 / 1000) / 20)
    assert expected_half_width([1000, 1000], [0.3, 0.1], [50, 20]) == pytest.approx(by_hand, rel=1e-6)


def test_preview_holds_in_simulation():
    """The spread of stratified means is what the preview said."""
    rng = np.random.default_rng(1)
    sizes, rates = np.array([4000, 1000]), np.array([0.05, 0.4])
    deviations = guessed_deviations(sizes, rates)
    counts = neyman_allocation(sizes, deviations, 300)
    errors = np.round(sizes * rates).astype(int)
    draws = np.stack([rng.hypergeometric(errors[h], sizes[h] - errors[h], counts[h], 20_000) for h in (0, 1)], axis=1)
    estimates = (draws / counts) @ (sizes / sizes.sum())
    assert 1.96 * estimates.std() == pytest.approx(expected_half_width(sizes, deviations, counts), rel=0.03)


@pytest.mark.parametrize("rule", ["neyman", "proportional"])
def test_size_for_a_wished_half_width_is_the_smallest(rule):
    sizes, deviations = np.array([30_000, 8000, 2000]), np.array([0.05, 0.2, 0.45])
    n = size_for_half_width(sizes, deviations, 0.01, rule=rule)

    def width(total):
        plan = (
            neyman_allocation(sizes, deviations, total) if rule == "neyman" else proportional_allocation(sizes, total)
        )
        return expected_half_width(sizes, deviations, plan)

    assert width(n) <= 0.01 < width(n - 1)
    assert size_for_half_width(sizes, deviations, 1e-9) == 40_000


def test_guesses_are_kept_off_zero_and_strata_must_be_sampled():
    assert (guessed_deviations([100, 100], [0.0, 1.0]) > 0).all()
    assert guessed_deviations([1000, 1000], [0.0, 0.3], least=0.02).tolist() == pytest.approx([0.14, 0.21**0.5])
    assert expected_half_width([10, 10], [0.1, 0.1], [5, 0]) == math.inf


@pytest.mark.parametrize(
    ("call", "problem"),
    [
        (lambda: neyman_allocation([10], [-1.0], 5), "negative"),
        (lambda: neyman_allocation([10], [1.0], -5), "negative"),
        (lambda: neyman_allocation([10, 5], [1.0], 5), "shape"),
        (lambda: expected_half_width([10], [1.0], [11]), "more than it holds"),
        (lambda: size_for_half_width([10], [1.0], 0.0), "half_width"),
        (lambda: guessed_deviations([10], [1.5]), "rates"),
        (lambda: guessed_deviations([10], [0.5], least=0.6), "least"),
    ],
)
def test_refuses(call, problem):
    with pytest.raises(ValueError, match=problem):
        call()
