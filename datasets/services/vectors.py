from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from pgvector import HalfVector

from accounts.models import Project
from common.problems import InvalidInput
from datasets.models import VECTOR_DIMENSION, Encoder, Item, ItemVector

BATCH = 500
LARGEST = 65504.0  # of a 16-bit float


def encoder_for(*, file_hash: str, name: str, dimension: int) -> Encoder:
    """The encoder with this file, made known if it is new. Raises InvalidInput for a width that has no table."""
    if dimension != VECTOR_DIMENSION:
        raise InvalidInput(f"Vectors have {VECTOR_DIMENSION} numbers here; {name} gives {dimension}.")
    encoder, _ = Encoder.objects.get_or_create(file_hash=file_hash, defaults={"name": name, "dimension": dimension})
    return encoder


def store(*, project: Project, encoder: Encoder, item_ids: Sequence[int], vectors: NDArray[np.floating]) -> int:
    """Keep vectors, replacing those of the same items. Idempotent. Returns how many.

    vectors: shape (n, 1280), finite; kept as 16-bit floats. Raises InvalidInput for other shapes or foreign items.
    """
    if vectors.shape != (len(item_ids), VECTOR_DIMENSION) or not np.isfinite(vectors).all():
        raise InvalidInput(f"Give {len(item_ids)} finite vectors of {VECTOR_DIMENSION} numbers, not {vectors.shape}.")
    own = Item.objects.filter(project=project, pk__in=item_ids).count()
    if own != len(set(item_ids)) or own != len(item_ids):
        raise InvalidInput("An item occurs twice or belongs to another project.")
    narrow = np.clip(vectors, -LARGEST, LARGEST).astype(np.float16)
    rows = [
        ItemVector(project=project, item_id=item_id, encoder=encoder, vector=HalfVector(vector))
        for item_id, vector in zip(item_ids, narrow, strict=True)
    ]
    ItemVector.objects.bulk_create(
        rows, batch_size=BATCH, update_conflicts=True, unique_fields=["encoder", "item"], update_fields=["vector"]
    )
    return len(rows)
