"""Finding an object from a hint by a network of the operator's: encoded once by a worker, decoded here at a click."""

import io
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from annotation.assisting.card import ModelCard
from annotation.assisting.frame import Found, Hint
from annotation.assisting.network import Network, WeightsRefused, decode, encode
from annotation.events import PictureWanted
from annotation.models import PictureEmbedding
from annotation.selectors.assist_models import DECODER, ENCODER, usable_model
from common.outbox import publish
from common.problems import DomainError, NotFound
from common.storage import content_key, derived_key, object_store
from datasets.imaging.opening import ImageLimits, decoded, flatten
from datasets.imaging.pyramid import WHOLE_UP_TO_PIXELS
from datasets.imaging.rejection import RejectedImage

MAX_ATTEMPTS = 3
# A worker that was sent for a picture and has said nothing for so long is dead.
PATIENCE = timedelta(seconds=120)
TOUCH_EVERY = timedelta(hours=1)
UNUSED = timedelta(days=14)
PRUNE_BATCH = 500
# What went wrong may have been mended meanwhile: a worker without the weights, a file that was missing.
TRY_AGAIN_AFTER = timedelta(hours=1)
BUSY_SECONDS = 3.0
# Who waits holds a thread and a connection, of which a web process has eight and six: labels need them more.
MOST_AT_ONCE = 3

State = PictureEmbedding.State


class PictureNotEncoded(DomainError):
    status = 409
    code = "picture-not-encoded"
    title = "The model cannot read this picture"


class AssistantBusy(DomainError):
    status = 503
    code = "assistant-busy"
    title = "The model has too much to do"


@dataclass(frozen=True)
class Answer:
    """ready: the encoder has been here; else ask again in a second. found: None also where nothing was found."""

    ready: bool
    found: Found | None = None


def find_object(*, project_id: int, sha256: str, model_id: str, hint: Hint) -> Answer:
    """The object in a picture of the project that the caller may see. Sends for the encoder when it has not seen it.

    Raises NotFound for an unknown model, PictureNotEncoded when the encoder has failed, AssistantBusy.
    """
    model, card = usable_model(model_id)
    row = _wanted(project_id, sha256, model.id)
    if row.state == State.FAILED:
        raise PictureNotEncoded(row.problem)
    if row.state != State.READY:
        return Answer(ready=False)
    with _one_at_a_time():
        embeddings = _kept(row, card)
        if embeddings is None:  # made again at the next question
            PictureEmbedding.objects.filter(pk=row.pk).delete()
            return Answer(ready=False)
        try:
            decoder = _network(model.folder / DECODER, model.id)
            return Answer(ready=True, found=decode(decoder, card, embeddings, hint, (row.width, row.height)))
        except WeightsRefused as error:
            raise PictureNotEncoded(f"{card.name}: {error}"[:500]) from error


def _kept(row: PictureEmbedding, card: ModelCard) -> dict[str, npt.NDArray[np.float16]] | None:
    """Embeddings by the decoder's input; None when somebody has emptied the store, or what it holds is damaged."""
    try:
        with object_store().open(_key(row)) as file, np.load(io.BytesIO(file.read()), allow_pickle=False) as kept:
            return {name: kept[f"arr_{place}"] for place, (_, name) in enumerate(card.embeddings)}
    except (FileNotFoundError, zipfile.BadZipFile, ValueError, KeyError, EOFError):
        return None


@transaction.atomic
def _wanted(project_id: int, sha256: str, model_id: str) -> PictureEmbedding:
    """The row of the picture; a worker is sent for when there is none, or when the one that was sent is dead."""
    now = timezone.now()
    row, created = PictureEmbedding.objects.get_or_create(
        project_id=project_id, model=model_id, sha256=sha256, defaults={"asked_at": now, "used_at": now}
    )
    if row.used_at < now - TOUCH_EVERY:
        PictureEmbedding.objects.filter(pk=row.pk).update(used_at=now)
    if created:
        publish(PictureWanted(embedding_id=row.pk))
    elif row.state == State.PENDING and row.asked_at < now - PATIENCE:
        mine = PictureEmbedding.objects.filter(pk=row.pk, state=State.PENDING, asked_at=row.asked_at)
        if row.attempts >= MAX_ATTEMPTS:
            problem = "Workers have died over this picture, or taken too long, three times."
            mine.update(state=State.FAILED, problem=problem)
            row.refresh_from_db()
        elif mine.update(asked_at=now):
            publish(PictureWanted(embedding_id=row.pk))
    elif row.state == State.FAILED and row.asked_at < now - TRY_AGAIN_AFTER:
        failed = PictureEmbedding.objects.filter(pk=row.pk, state=State.FAILED, asked_at=row.asked_at)
        if failed.update(state=State.PENDING, attempts=0, problem="", asked_at=now):
            publish(PictureWanted(embedding_id=row.pk))
        row.refresh_from_db()
    return row


def begin_encoding(embedding_id: int) -> bool:
    """Count the attempt; False when there is nothing left to do. In a transaction before the work, so that it stays."""
    mine = PictureEmbedding.objects.filter(pk=embedding_id, state=State.PENDING, attempts__lt=MAX_ATTEMPTS)
    return bool(mine.update(attempts=F("attempts") + 1, asked_at=timezone.now()))


def encode_picture(embedding_id: int) -> None:
    """Decode the picture, run the encoder, keep what it says; a failure is kept as a sentence."""
    row = PictureEmbedding.objects.filter(pk=embedding_id, state=State.PENDING).first()
    if row is None:
        return
    try:
        size = _encode(row)
    except (RejectedImage, WeightsRefused, NotFound) as error:
        _settle(row, state=State.FAILED, problem=str(error)[:500])
    except FileNotFoundError:
        _settle(row, state=State.FAILED, problem="The stored file is gone. Ask the operator to look at the storage.")
    else:
        _settle(row, state=State.READY, width=size[0], height=size[1])


def _encode(row: PictureEmbedding) -> tuple[int, int]:
    model, card = usable_model(row.model)
    encoder = _network(model.folder / ENCODER, model.id)
    source = content_key(row.project_id, row.sha256)
    limits = ImageLimits(max_pixels=min(WHOLE_UP_TO_PIXELS, settings.IMAGE_LIMIT_MEGAPIXELS * 1_000_000))
    with object_store().local_path(source) as path, decoded(path, at_least=card.side, limits=limits) as picture:
        found = encode(encoder, card, flatten(picture.image))
        size = (picture.width, picture.height)
    content = io.BytesIO()
    np.savez(content, *found.values(), allow_pickle=False)  # by place: an input may be called `file`
    object_store().put(_key(row), [content.getvalue()])
    return size


def _settle(row: PictureEmbedding, **fields: object) -> None:
    PictureEmbedding.objects.filter(pk=row.pk, state=State.PENDING).update(**fields)


def _key(row: PictureEmbedding) -> str:
    return derived_key(row.project_id, f"assist-{row.model}", row.sha256, ".npz")


def prune_embeddings() -> int:
    """Forget what nobody has used for two weeks, rows and stored numbers; returns how many, at most a batch."""
    rows = list(PictureEmbedding.objects.filter(used_at__lt=timezone.now() - UNUSED).order_by("used_at")[:PRUNE_BATCH])
    for row in rows:
        object_store().delete(_key(row))
    PictureEmbedding.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return len(rows)


@lru_cache(maxsize=1)
def _network(path: Path, model_id: str) -> Network:
    """The half that this process used last: a web process decodes, a worker encodes. By id, so new weights are met."""
    return Network(path)


_here = threading.BoundedSemaphore(MOST_AT_ONCE)
_decoding = threading.BoundedSemaphore(1)


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """One decoding in a process, and few that wait: labels must not wait for many clicks. Raises AssistantBusy."""
    with _held(_here, 0), _held(_decoding, BUSY_SECONDS):
        yield


@contextmanager
def _held(semaphore: threading.Semaphore, seconds: float) -> Iterator[None]:
    if not semaphore.acquire(timeout=seconds):
        raise AssistantBusy("Others are asking the model at this moment. Try again in a few seconds.")
    try:
        yield
    finally:
        semaphore.release()
