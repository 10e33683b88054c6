import numpy as np
import pytest

from common.problems import InvalidInput
from datasets.selectors import items, vectors
from datasets.services.vectors import encoder_for, store
from tests.datasets import factories

pytestmark = pytest.mark.django_db


def directions(count: int) -> np.ndarray:
    """Unit vectors that turn away from the first one step by step."""
    found = np.zeros((count, 1280))
    angles = np.arange(count) * 0.2
    found[:, 0], found[:, 1] = np.cos(angles), np.sin(angles)
    return found


def test_vectors_come_back_in_the_order_asked_for_and_neighbours_by_angle() -> None:
    project = factories.project()
    encoder = encoder_for(file_hash="a" * 64, name="test encoder", dimension=1280)
    rows = [factories.item(project) for _ in range(5)]
    bare = factories.item(project)
    matrix = directions(5)
    assert store(project=project, encoder=encoder, item_ids=[one.pk for one in rows], vectors=matrix) == 5
    ids, found = vectors.matrix([rows[3].pk, bare.pk, rows[0].pk], encoder)
    assert ids == [rows[3].pk, rows[0].pk]
    np.testing.assert_allclose(found, matrix[[3, 0]], atol=1e-3)
    near = items.neighbours(rows[0], "content", limit=2)
    assert [one.item for one in near] == [rows[1], rows[2]]
    assert near[0].distance == pytest.approx(1 - np.cos(0.2), abs=1e-3)
    assert list(vectors.items_without_vector(project, encoder)) == [bare]


def test_storing_again_replaces() -> None:
    project = factories.project()
    encoder = encoder_for(file_hash="b" * 64, name="test encoder", dimension=1280)
    item = factories.item(project)
    for scale in (1.0, 2.0):
        store(project=project, encoder=encoder, item_ids=[item.pk], vectors=np.full((1, 1280), scale))
    _, found = vectors.matrix([item.pk], encoder)
    assert found.tolist() == [[2.0] * 1280]


def test_foreign_items_and_wrong_shapes_are_refused() -> None:
    project, other = factories.project(), factories.project()
    encoder = encoder_for(file_hash="c" * 64, name="test encoder", dimension=1280)
    foreign = factories.item(other)
    with pytest.raises(InvalidInput, match="another project"):
        store(project=project, encoder=encoder, item_ids=[foreign.pk], vectors=np.zeros((1, 1280)))
    with pytest.raises(InvalidInput, match="1280 numbers"):
        store(project=other, encoder=encoder, item_ids=[foreign.pk], vectors=np.zeros((1, 3)))
    with pytest.raises(InvalidInput, match="1280 numbers here"):
        encoder_for(file_hash="d" * 64, name="small", dimension=3)
