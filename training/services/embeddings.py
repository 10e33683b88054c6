"""Vectors of pictures: every item that an import or an endpoint brings is embedded once per encoder."""

import fcntl
import logging
import time
from pathlib import Path
from typing import Any

from django.db import transaction

from accounts.models import Job, JobState, Project
from accounts.services.jobs import Claim, create_job
from common.problems import DomainError
from common.storage import object_store
from datasets.selectors.vectors import items_without_vector
from datasets.services import vectors
from training.models import Endpoint
from training.services.child_process import ChildProcess
from training.services.pictures import training_folder
from training.serving.encoder import Encoder
from training.serving.preprocessing import prepare_valid

logger = logging.getLogger(__name__)

EMBED_JOB = "training.embed_items"
ENCODER_NAME = "efficientnet-lite0"
CHUNK = 32
_loaded: dict[Path, Encoder] = {}


class EncoderUnavailable(DomainError):
    status = 500
    code = "encoder-unavailable"
    title = "The picture encoder could not be built"


@transaction.atomic
def start(*, project_id: int, **_: Any) -> Job | None:
    """A job that embeds whatever has no vector yet; None when one waits already, since it will take these too."""
    project = Project.objects.select_for_update().get(pk=project_id)
    if Job.objects.filter(project=project, kind=EMBED_JOB, state=JobState.QUEUED).exists():
        return None
    return create_job(project=project, kind=EMBED_JOB, payload={"project_id": project_id})


def start_where_pending() -> int:
    """Start a job in every project whose endpoints brought pictures since the last one. Returns how many."""
    path = encoder_path()
    if not path.is_file():
        return 0  # the first import's job builds it
    row = encoder_row(load_encoder(path))
    started = 0
    for project in Project.objects.filter(pk__in=Endpoint.objects.filter(log_inputs=True).values("project_id")):
        last = Job.objects.filter(project=project, kind=EMBED_JOB).order_by("-pk").first()
        if last is not None and last.state in (JobState.QUEUED, JobState.RUNNING):
            continue
        seen = 0 if last is None or not last.result else int(last.result["last_item_id"])
        if items_without_vector(project, row).filter(pk__gt=seen).exists():
            started += start(project_id=project.pk) is not None
    return started


def perform(claim: Claim) -> dict[str, Any]:
    """Embed in order of ids, chunk by chunk; what a killed attempt stored is not done again."""
    project = claim.job.project
    claim.beat(message="Getting the encoder ready")
    encoder = load_encoder(ensure_encoder(claim))
    row = encoder_row(encoder)
    pending, last_id, done, broken = items_without_vector(project, row), 0, 0, 0
    total = pending.count()
    store = object_store()
    while chunk := list(pending.filter(pk__gt=last_id).order_by("pk")[:CHUNK]):
        claim.beat(done, total, "Embedding pictures")
        contents = []
        for item in chunk:
            with store.open(item.object_key) as stored:
                contents.append(stored.read())
        prepared = prepare_valid(contents, encoder.preprocessing)
        kept = [chunk[int(place)].pk for place in prepared.kept]
        if kept:
            vectors.store(project=project, encoder=row, item_ids=kept, vectors=encoder.embed_pixels(prepared.pixels))
        for error in prepared.broken:
            logger.warning("Item %s cannot be embedded: %s", chunk[error.index].sha256, error.reason)
        broken += len(prepared.broken)
        done += len(chunk)
        last_id = chunk[-1].pk
    return {"embedded": done - broken, "broken": broken, "last_item_id": last_id, "encoder": encoder.file_hash}


def encoder_row(encoder: Encoder) -> Any:
    """The encoder as datasets knows it."""
    return vectors.encoder_for(file_hash=encoder.file_hash, name=ENCODER_NAME, dimension=encoder.dimension)


def encoder_path() -> Path:
    return training_folder() / "encoders" / f"{ENCODER_NAME}.onnx"


def load_encoder(path: Path) -> Encoder:
    """The loaded encoder, one a process: ONNX Runtime survives no fork, and workers load it after theirs."""
    if path not in _loaded:
        _loaded[path] = Encoder(path)
    return _loaded[path]


def ensure_encoder(claim: Claim) -> Path:
    """Build the encoder's file if it is not there, once however many workers want it. Raises EncoderUnavailable."""
    path = encoder_path()
    if path.is_file():
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    with (path.parent / "lock").open("w") as lock:
        while not _locked(lock.fileno()):
            claim.beat(message="Waiting for the encoder that another worker builds")
            time.sleep(1.0)
        if not path.is_file():
            _build(path, claim)
    return path


def _build(path: Path, claim: Claim) -> None:
    with ChildProcess("training.modelling.export_encoder", [str(path)], path.parent) as child:
        for _ in child.events(tick_seconds=2.0):
            claim.beat(message="Building the encoder; this happens once")
        if child.wait() != 0 or not path.is_file():
            words = child.last_words(3)
            raise EncoderUnavailable(f"The encoder could not be built: {words}")


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
