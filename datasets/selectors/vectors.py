from collections.abc import Sequence

import numpy as np
from django.db.models import QuerySet
from numpy.typing import NDArray
from pgvector.django import CosineDistance

from accounts.models import Project
from datasets.models import VECTOR_DIMENSION, Encoder, Item, ItemVector

CHUNK = 2000


def encoder_by_hash(file_hash: str) -> Encoder | None:
    return Encoder.objects.filter(file_hash=file_hash).first()


def latest_encoder(project: Project) -> Encoder | None:
    """The encoder with the newest vectors of the project."""
    newest = ItemVector.objects.filter(project=project).order_by("-pk").select_related("encoder").first()
    return newest.encoder if newest else None


def matrix(item_ids: Sequence[int], encoder: Encoder) -> tuple[list[int], NDArray[np.float32]]:
    """Vectors of items, in the order given, without those that have none: ids, and shape (n, 1280) float32."""
    wanted = list(dict.fromkeys(item_ids))
    found: dict[int, NDArray[np.float32]] = {}
    for start in range(0, len(wanted), CHUNK):
        rows = ItemVector.objects.filter(encoder=encoder, item_id__in=wanted[start : start + CHUNK])
        for item_id, vector in rows.values_list("item_id", "vector"):
            found[item_id] = np.asarray(vector.to_numpy(), dtype=np.float32)
    ids = [item_id for item_id in wanted if item_id in found]
    if not ids:
        return [], np.empty((0, VECTOR_DIMENSION), dtype=np.float32)
    return ids, np.stack([found[item_id] for item_id in ids])


def items_without_vector(project: Project, encoder: Encoder) -> QuerySet[Item]:
    """Pictures of the project that this encoder has not seen."""
    done = ItemVector.objects.filter(encoder=encoder, project=project).values("item_id")
    return Item.objects.filter(project=project, kind=Item.Kind.IMAGE).exclude(pk__in=done)


def nearest(item: Item, encoder: Encoder, *, limit: int = 12) -> list[tuple[Item, float]]:
    """Items whose vectors have the smallest cosine distance (0 to 2) to this item's, nearest first. Exact."""
    own = ItemVector.objects.filter(item=item, encoder=encoder).values_list("vector", flat=True).first()
    if own is None:
        return []
    rows = (
        ItemVector.objects.filter(project_id=item.project_id, encoder=encoder)
        .exclude(item=item)
        .annotate(distance=CosineDistance("vector", own))
        .select_related("item")
        .order_by("distance")[:limit]
    )
    return [(row.item, float(row.distance)) for row in rows]
