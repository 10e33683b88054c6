from collections.abc import Sequence

import numpy as np
import psycopg
from django.db import connection
from django.db.models import QuerySet
from numpy.typing import NDArray
from pgvector.django import CosineDistance

from accounts.models import Project
from datasets.models import VECTOR_DIMENSION, Encoder, Item, ItemVector

CHUNK = 2000
_HEADER = 4  # pgvector sends the width and an unused number, two bytes each, before the big-endian halves
_SELECT = "SELECT item_id, vector FROM datasets_itemvector WHERE encoder_id = %s AND item_id = ANY(%s)"


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
    connection.ensure_connection()
    # In binary and past the ORM, which would make a Python list of every vector: 20,000 take a second, not a minute.
    with psycopg.Cursor(connection.connection) as cursor:
        for start in range(0, len(wanted), CHUNK):
            cursor.execute(_SELECT, [encoder.pk, wanted[start : start + CHUNK]], binary=True)
            for item_id, data in cursor:
                found[item_id] = np.frombuffer(data, dtype=">f2", offset=_HEADER).astype(np.float32)
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
