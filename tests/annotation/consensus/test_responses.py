import numpy as np
import pytest

from annotation.consensus.responses import Responses, index_responses


def test_counts():
    responses = Responses(np.array([0, 0, 2]), np.array([0, 1, 1]), np.array([3, 3, 1]), 3, 2, 4)
    assert responses.labels_per_item.tolist() == [2, 0, 1]
    assert responses.labels_per_annotator.tolist() == [1, 2]
    assert responses.votes.toarray().tolist() == [[0, 0, 0, 2], [0, 0, 0, 0], [0, 1, 0, 0]]
    assert responses.subset(np.array([2])).items.tolist() == [2]


@pytest.mark.parametrize(
    ("items", "annotators", "classes", "problem"),
    [
        ([0, 3], [0, 1], [0, 0], "items has index 3, but only 3 exist"),
        ([0, 1], [0, -1], [0, 0], "annotators has a negative index"),
        ([0, 1], [0, 1], [0], "classes must have 2 entries"),
        ([0, 1], [0, 1], [0.0, 0.5], "classes must be integers"),
        ([1, 1], [0, 0], [0, 1], "annotator 0 labelled item 1 more than once"),
        ([[0]], [0], [0], "one-dimensional"),
    ],
)
def test_names_the_problem(items, annotators, classes, problem):
    with pytest.raises(ValueError, match=problem):
        Responses(np.array(items), np.array(annotators), np.array(classes), 3, 2, 2)


def test_repeats_when_asked_for():
    repeated = Responses(np.array([0, 0]), np.array([0, 0]), np.array([1, 0]), 1, 1, 2, repeats_allowed=True)
    assert repeated.n_responses == 2


def test_indexing_is_stable_and_keeps_given_order():
    records = [("i9", "ann", "dog"), ("i1", "bob", "cat"), ("i9", "bob", "cat")]
    keyed = index_responses(records, class_keys=["cat", "cow"])
    assert keyed.item_keys == ("i9", "i1")
    assert keyed.class_keys == ("cat", "cow", "dog")
    assert keyed.responses.classes.tolist() == [2, 0, 0]
    assert index_responses([]).responses.n_responses == 0
