import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.optimize import minimize

from datasets.weighting.effective_sample_size import effective_sample_size
from datasets.weighting.post_stratification import post_stratify
from datasets.weighting.raking import rake
from datasets.weighting.trimming import trim_weights

positive = arrays(np.float64, st.integers(1, 30), elements=st.floats(0.01, 100))
cells = st.lists(st.sampled_from(["a", "b", "c", "z", None]), min_size=1, max_size=40)


# Kish


@given(positive)
def test_kish_laws(weights):
    size = effective_sample_size(weights)
    assert 1 - 1e-9 <= size.effective <= size.n + 1e-9
    assert size.effective == pytest.approx(weights.sum() ** 2 / (weights**2).sum())
    assert effective_sample_size(weights * 7).effective == pytest.approx(size.effective)
    assert effective_sample_size(np.append(weights, 0)).effective == pytest.approx(size.effective)
    cv = weights.std() / weights.mean()
    assert size.design_effect == pytest.approx(1 + cv**2)  # Kish's other form


def test_kish_predicts_the_variance_of_a_weighted_mean():
    rng = np.random.default_rng(0)
    weights = rng.lognormal(0, 1, 400)
    means = [(weights * rng.normal(size=400)).sum() / weights.sum() for _ in range(3000)]
    assert 1 / np.var(means) == pytest.approx(effective_sample_size(weights).effective, rel=0.1)


def test_kish_refusals():
    assert effective_sample_size(np.zeros(3)).reason
    for bad in (np.array([-1.0]), np.array([np.nan]), np.ones((2, 2))):
        with pytest.raises(ValueError):
            effective_sample_size(bad)


# post-stratification


@given(cells, st.lists(st.floats(0.01, 10), min_size=3, max_size=3))
def test_post_stratified_shares_are_the_declared_ones(sample, shares):
    population = dict(zip("abc", shares, strict=True))
    result = post_stratify(sample, population)
    covered = [cell for cell in population if cell in sample]
    assert result.n_outside == sum(cell not in population for cell in sample)
    if not covered:
        assert result.reason
        return
    total = sum(population[cell] for cell in covered)
    assert result.uncovered_share == pytest.approx(1 - total / sum(shares), abs=1e-9)
    for cell in covered:
        weight = sum(w for w, c in zip(result.weights, sample, strict=True) if c == cell)
        assert weight / result.weights.sum() == pytest.approx(population[cell] / total)
    assert result.weights[result.weights > 0].mean() == pytest.approx(1)


def test_post_stratification_worked_example():
    result = post_stratify(["m"] * 60 + ["w"] * 40, {"m": 480, "w": 520, "x": 0})
    assert [cell.weight for cell in result.cells] == [pytest.approx(0.8), pytest.approx(1.3), None]
    assert result.size.effective == pytest.approx(100**2 / (60 * 0.64 + 40 * 1.69))
    assert result.uncovered_share == 0
    with pytest.raises(ValueError):
        post_stratify(["m"], {"m": -1})


# raking


def sample_of(rng, n=500):
    age = rng.choice(["young", "old"], n, p=[0.7, 0.3])
    town = np.where(rng.random(n) < np.where(age == "young", 0.8, 0.4), "city", "country")
    job = rng.choice(["a", "b", "c"], n, p=[0.5, 0.3, 0.2])
    return {"age": age.tolist(), "town": town.tolist(), "job": job.tolist()}


MARGINS = {
    "age": {"young": 0.4, "old": 0.6},
    "town": {"city": 0.5, "country": 0.5},
    "job": {"a": 0.2, "b": 0.3, "c": 0.5},
}


def test_raked_shares_are_the_declared_ones():
    variables = sample_of(np.random.default_rng(1))
    result = rake(variables, MARGINS)
    assert result.converged
    assert result.weights.mean() == pytest.approx(1)
    for name, shares in MARGINS.items():
        for category, share in shares.items():
            mask = np.array(variables[name]) == category
            assert result.weights[mask].sum() / 500 == pytest.approx(share, abs=1e-8)


def test_raking_is_the_closest_solution_found_by_an_optimiser():
    """Independent: minimise the dual of the Kullback-Leibler problem with scipy."""
    variables = sample_of(np.random.default_rng(2), 80)
    base = np.random.default_rng(3).uniform(0.5, 2, 80)
    base /= base.mean()
    result = rake(variables, MARGINS, base=base)
    columns, targets = [], []
    for name, shares in MARGINS.items():
        for category, share in shares.items():
            columns.append(np.array(variables[name]) == category)
            targets.append(share * 80)
    x, t = np.array(columns, dtype=float).T, np.array(targets)

    def dual(multipliers):
        weights = base * np.exp(x @ multipliers)
        return weights.sum() - t @ multipliers, x.T @ weights - t

    found = minimize(dual, np.zeros(t.size), jac=True, method="BFGS", options={"gtol": 1e-10})
    assert result.weights == pytest.approx(base * np.exp(x @ found.x), rel=1e-5)


def test_one_margin_is_post_stratification():
    variables = sample_of(np.random.default_rng(4))
    assert rake({"age": variables["age"]}, {"age": MARGINS["age"]}).weights == pytest.approx(
        post_stratify(variables["age"], MARGINS["age"]).weights
    )


def test_what_raking_cannot_do_is_said():
    result = rake({"a": ["x", "x", "y"], "b": ["u", "u", "v"]}, {"a": {"x": 0.5, "y": 0.5}, "b": {"u": 0.9, "v": 0.1}})
    assert not result.converged
    assert "cannot be met" in result.reason
    result = rake({"a": ["x", "y", None, "q"]}, {"a": {"x": 0.5, "y": 0.25, "absent": 0.25}})
    assert result.uncovered == (("a", "absent"),)
    assert result.n_outside == 2
    assert result.weights.tolist() == pytest.approx([4 / 3, 2 / 3, 0, 0])
    assert rake({"a": [None]}, {"a": {"x": 1}}).reason
    for arguments in (
        ({"a": ["x"]}, {"b": {"x": 1}}),
        ({"a": ["x"]}, {}),
        ({"a": ["x"], "b": []}, {"a": {"x": 1}, "b": {"x": 1}}),
    ):
        with pytest.raises(ValueError):
            rake(*arguments)


# trimming


@given(positive, st.floats(1, 6))
def test_trimming_keeps_the_sum_and_the_cap(weights, cap):
    result = trim_weights(weights, max_times_mean=cap)
    assert result.weights.sum() == pytest.approx(weights.sum())
    assert result.weights.max() <= result.limit * (1 + 1e-9)
    assert result.after.effective >= result.before.effective - 1e-6
    order = np.argsort(weights, kind="stable")
    assert (np.diff(result.weights[order]) >= -1e-9).all()
    if result.n_trimmed == 0:
        assert result.weights == pytest.approx(weights)


def test_trimming_says_what_it_costs():
    cells = ["rare"] + ["common"] * 99
    weights = np.array([40.0] + [60 / 99] * 99)
    result = trim_weights(weights, max_times_mean=5, cells=cells)
    assert result.weights[0] == pytest.approx(5)
    assert result.n_trimmed == 1  # of two cells both shift alike
    assert result.moved_share == pytest.approx(0.35)
    assert result.largest_shift == pytest.approx(0.35)
    assert "35.0% of the total weight moved" in result.sentence
    assert trim_weights(np.ones(5), max_times_mean=2).sentence.startswith("No weight")
    with pytest.raises(ValueError):
        trim_weights(weights, max_times_mean=0.5)
