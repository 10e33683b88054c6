from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditing.estimation.sampling import inclusion_probabilities
from auditing.mining.selection import Criterion, select_hard_samples


def rng(seed=0):
    return np.random.default_rng(seed)


def test_each_item_carries_its_reason_score_and_probability():
    uncertain = np.array([0.1, 0.9, 0.8, 0.2, 0.7, 0.0])
    novel = np.array([0.0, 0.95, 0.1, 0.9, 0.2, 0.3])
    chosen = select_hard_samples(
        6, [Criterion("uncertain", uncertain, 2), Criterion("novel", novel, 2)], rng=rng()
    ).chosen
    assert [(c.index, c.reason, c.score, c.selection_probability) for c in chosen] == [
        (1, "uncertain", 0.9, None),
        (2, "uncertain", 0.8, None),
        (3, "novel", 0.9, None),
        (5, "novel", 0.3, None),
    ]


def test_caps_per_group_and_near_copies():
    scores = np.array([0.9, 0.8, 0.7, 0.6, 0.5])
    groups = ["camera 1", "camera 1", "camera 1", "camera 2", "camera 3"]
    vectors = np.array([[1, 0], [0, 1], [-1, 0], [1, 0.001], [0, -1]], dtype=float)
    result = select_hard_samples(
        5,
        [Criterion("uncertain", scores, 4)],
        rng=rng(),
        groups=groups,
        per_group=2,
        vectors=vectors,
        smallest_gap=0.1,
    )
    assert [c.index for c in result.chosen] == [0, 1, 4]  # 2: group is full; 3: copy of 0
    assert result.skipped == {"uncertain": 2}
    assert result.short == {"uncertain": 1}


def test_least_score_leaves_the_quota_short():
    result = select_hard_samples(3, [Criterion("novel", np.array([0.9, 0.2, 0.1]), 3, least=0.5)], rng=rng())
    assert [c.index for c in result.chosen] == [0]
    assert result.short == {"novel": 2}


def test_probabilities_are_those_with_which_items_are_drawn():
    scores = np.array([0.0, 0.1, 0.2, 0.3, 0.9, 0.5, 0.4, 0.6])
    pi = inclusion_probabilities(scores, 3)
    hits, generator = np.zeros(8), rng(1)
    for _ in range(4000):
        for one in select_hard_samples(8, [Criterion("uncertain", scores, 3, by_chance=True)], rng=generator).chosen:
            assert one.selection_probability == pytest.approx(pi[one.index])
            hits[one.index] += 1
    np.testing.assert_allclose(hits / 4000, pi, atol=0.025)


def test_random_part_is_uniform_and_comes_first():
    scores, hits, generator = np.arange(10.0), np.zeros(10), rng(2)
    for _ in range(3000):
        result = select_hard_samples(10, [Criterion("uncertain", scores, 2)], rng=generator, n_random=2)
        for one in result.chosen[:2]:
            assert (one.reason, one.selection_probability) == ("random", 0.2)
            hits[one.index] += 1
    np.testing.assert_allclose(hits / 3000, 0.2, atol=0.03)


@settings(deadline=None)
@given(st.integers(1, 30), st.integers(0, 12), st.integers(0, 12), st.integers(0, 12), st.integers(0, 2**31))
def test_laws(n_items, quota_1, quota_2, n_random, seed):
    generator = np.random.default_rng(seed)
    criteria = [
        Criterion("uncertain", generator.random(n_items), quota_1, by_chance=bool(seed % 2)),
        Criterion("novel", generator.random(n_items), quota_2),
    ]
    result = select_hard_samples(n_items, criteria, rng=generator, n_random=n_random)
    counts = Counter(c.reason for c in result.chosen)
    assert len({c.index for c in result.chosen}) == len(result.chosen)
    assert counts["random"] == min(n_random, n_items)
    for criterion in criteria:
        assert counts[criterion.name] + result.short[criterion.name] == criterion.quota
    ranked = [c.score for c in result.chosen if c.reason == "novel"]
    assert ranked == sorted(ranked, reverse=True)


@pytest.mark.parametrize(
    ("criteria", "arguments", "problem"),
    [
        ([Criterion("a", np.ones(2), 1)], {}, "shape"),
        ([Criterion("a", np.ones(3), -1)], {}, "quotas"),
        ([Criterion("a", np.ones(3), 1)] * 2, {}, "named once"),
        ([Criterion("random", np.ones(3), 1)], {}, "named once"),
        ([Criterion("a", -np.ones(3), 1, by_chance=True)], {}, "by chance"),
        ([], {"groups": ["x"]}, "groups"),
        ([], {"vectors": np.ones((2, 2))}, "3 rows"),
    ],
)
def test_refuses(criteria, arguments, problem):
    with pytest.raises(ValueError, match=problem):
        select_hard_samples(3, criteria, rng=rng(), **arguments)


def test_items_drawn_from_a_larger_population_come_first_with_its_probability():
    scores = np.array([0.9, 0.8, 0.7, 0.6])
    result = select_hard_samples(
        4,
        [Criterion("uncertain", scores, 2)],
        rng=rng(),
        drawn=[3, 0],
        drawn_from=200,
        groups=list("aabb"),
        per_group=1,
    )
    assert [(c.index, c.reason, c.selection_probability) for c in result.chosen] == [
        (0, "random", 0.01),
        (3, "random", 0.01),
    ]
    assert result.skipped == {"uncertain": 2}  # they count towards the caps, as those drawn here do


@pytest.mark.parametrize(
    "fields",
    [
        {"drawn": [0]},
        {"drawn": [0, 0], "drawn_from": 9},
        {"drawn": [0], "drawn_from": 9, "n_random": 1},
        {"drawn": [0, 1], "drawn_from": 1},
    ],
)
def test_a_draw_that_cannot_be_is_refused(fields):
    with pytest.raises(ValueError, match="drawn needs the size"):
        select_hard_samples(3, [Criterion("uncertain", np.zeros(3), 1)], rng=rng(), **fields)
