import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from annotation.consensus.majority import majority
from annotation.consensus.responses import Responses

tables = st.lists(st.lists(st.integers(0, 3), max_size=5), min_size=1, max_size=8)


def responses_of(table):
    triples = [(i, a, k) for i, row in enumerate(table) for a, k in enumerate(row)]
    columns = np.array(triples, dtype=np.int64).reshape(-1, 3)
    return Responses(columns[:, 0], columns[:, 1], columns[:, 2], len(table), 5, 4)


@given(tables)
def test_is_the_share_of_votes(table):
    result = majority(responses_of(table))
    for item, row in enumerate(table):
        counts = np.bincount(np.array(row, dtype=int), minlength=4)
        if not row:
            assert result.best_class[item] == -1
            assert result.posterior[item].sum() == 0
            assert np.isnan(result.entropy[item])
            continue
        np.testing.assert_allclose(result.posterior[item], counts / len(row))
        assert result.best_class[item] == counts.argmax()
        assert result.summary.tied[item] == ((counts == counts.max()).sum() > 1)


def test_distribution_is_ordered_and_labels_are_counted():
    result = majority(responses_of([[2, 2, 1], []]))
    assert list(result.distribution(0)) == [2, 1]
    assert result.distribution(1) == {}
    assert result.n_labels.tolist() == [3, 0]
