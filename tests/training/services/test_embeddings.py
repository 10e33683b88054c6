import io

import numpy as np
import pytest
from PIL import Image
from sklearn.datasets import load_sample_image

from common.storage import object_store
from datasets.models import ItemVector
from datasets.selectors.vectors import encoder_by_hash, matrix
from tests.training import factories
from training.services import embeddings

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def png(array):
    out = io.BytesIO()
    Image.fromarray(array).save(out, "PNG")
    return out.getvalue()


def test_new_items_get_vectors_once_and_broken_ones_stop_nobody():
    owner = factories.project()
    version = factories.frozen_version(owner, counts={"disc": 2})
    temple = load_sample_image("china.jpg")
    plain = factories.add_row(version, "disc", "train", png(temple)).item
    mirrored = factories.add_row(version, "disc", "train", png(np.ascontiguousarray(temple[:, ::-1]))).item
    flower = factories.add_row(version, "disc", "train", png(load_sample_image("flower.jpg"))).item
    broken = factories.add_row(version, "disc", "train", b"nothing").item
    job = factories.finish(embeddings.start(project_id=owner.pk))
    assert job.state == "succeeded", job.error
    assert (job.result["embedded"], job.result["broken"]) == (7, 1)
    assert embeddings.start_where_pending() == 0
    row = encoder_by_hash(job.result["encoder"])
    ids, vectors = matrix([plain.pk, mirrored.pk, flower.pk, broken.pk], row)
    assert ids == [plain.pk, mirrored.pk, flower.pk]
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    assert unit[0] @ unit[1] > 0.9 > 0.6 > unit[0] @ unit[2]
    # Again embeds only what is new.
    before = dict(ItemVector.objects.values_list("item_id", "pk"))
    factories.add_row(version, "disc", "train", factories.draw("cross", np.random.default_rng(9)))
    again = factories.finish(embeddings.start(project_id=owner.pk))
    assert again.result["embedded"] == 1
    assert before.items() <= dict(ItemVector.objects.values_list("item_id", "pk")).items()
    assert object_store().exists(broken.object_key)
