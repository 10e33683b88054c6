import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotation.agreement.observed import agreement_with_others, observed_agreement
from tests.annotation.agreement.tables import from_rows, from_triples, noisy

triples = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 3), st.integers(0, 2)), min_size=1, max_size=20)


def rng():
    return np.random.default_rng(0)


@settings(max_examples=60, deadline=None)
@given(triples)
def test_equals_loops_over_pairs(cells):
    responses = from_triples(cells)
    answers = {(int(i), int(a)): int(k) for i, a, k in zip(responses.items, responses.annotators, responses.classes)}  # noqa: B905
    results = agreement_with_others(responses, rng=rng(), resamples=100)
    for annotator in range(responses.n_annotators):
        shares = []
        for (item, who), k in answers.items():
            others = [other for (i, a), other in answers.items() if i == item and a != who]
            if who == annotator and others:
                shares.append(np.mean([other == k for other in others]))
        if not shares:
            assert "somebody else" in results[annotator].reason
        else:
            assert results[annotator].value == pytest.approx(np.mean(shares))
            assert results[annotator].n == len(shares)


def test_the_one_who_disagrees_stands_out():
    results = agreement_with_others(from_rows(["1212121212", "1212121212", "2121212121"]), rng=rng())
    assert [round(r.value, 2) for r in results] == [0.5, 0.5, 0.0]
    assert results[2].high > 0.1  # ten items without one agreement do not prove that there is none


def test_total_is_the_mean_over_items():
    result = observed_agreement(from_rows(["112", "121", "11."]), rng=rng())
    assert result.value == pytest.approx((1 + 1 / 3 + 0) / 3)
    assert result.n == 3


def test_coverage():
    truth = 0.8**2 + 0.2**2 / 3
    generator = np.random.default_rng(9)
    hits = total = 0
    for _ in range(40):
        responses = noisy(generator, 150, 3, 0.8)
        for estimate in agreement_with_others(responses, rng=generator, resamples=200):
            hits += estimate.low <= truth <= estimate.high
            total += 1
    assert 0.90 <= hits / total <= 0.98
