"""What the model in use says of pictures that a person is about to label. Nothing of it is logged or counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from annotation.selectors.held import HeldPicture
from common.storage import object_store
from datasets.selectors import schemas
from training.models import Endpoint, ModelExport, ModelVersion
from training.services.prediction import decide
from training.services.predictors import SERVED_FORMAT, predictor_of_export
from training.serving.predictor import CHUNK
from training.serving.preprocessing import prepare_valid

if TYPE_CHECKING:
    from annotation.models import Queue


@dataclass(frozen=True)
class Suggested:
    """classes: keys that the queue's question offers. probability: of the answer, 0 to 1."""

    task: int
    classes: list[str]
    probability: float


def model_for_queue(queue: "Queue") -> tuple[ModelVersion, ModelExport] | None:
    """The model released last, among those that answer the queue's question; None where there is none."""
    answering = Endpoint.objects.filter(
        project_id=queue.project_id,
        model_version__run__question=queue.question,
        model_version__run__version__schema__family=queue.schema.family,
    )
    export = (
        ModelExport.objects.select_related("model_version__line")
        .filter(format=SERVED_FORMAT, model_version__endpoints__in=answering)
        .order_by("-model_version__endpoints__releases__id", "-model_version_id")
        .first()
    )
    return (export.model_version, export) if export else None


def suggest(queue: "Queue", pictures: Sequence[HeldPicture]) -> tuple[ModelVersion | None, list[Suggested]]:
    """The model and what it says; pictures that it cannot read, and classes that are not offered, are left out."""
    found = model_for_queue(queue)
    if found is None:
        return None, []
    model, export = found
    predictor = predictor_of_export(export, model)
    offered = set(schemas.document_by_id(queue.schema_id).by_key[queue.question].selectable_keys)
    store = object_store()
    suggested: list[Suggested] = []
    for start in range(0, len(pictures), CHUNK):
        chunk, data = [], []
        for picture in pictures[start : start + CHUNK]:
            try:
                with store.open(picture.object_key) as stored:
                    data.append(stored.read())
                chunk.append(picture)
            except FileNotFoundError:
                continue
        prepared = prepare_valid(data, predictor.card.preprocessing)
        if not len(prepared.kept):
            continue
        for row, place in zip(predictor.predict_pixels(prepared.pixels), prepared.kept, strict=True):
            made = decide(row, model, 1)
            said = [made.predicted] if isinstance(made.predicted, str) else list(made.predicted)
            classes = sorted(key for key in said if key in offered)
            if classes:
                suggested.append(Suggested(chunk[int(place)].task_id, classes, round(made.score, 4)))
    return model, suggested
