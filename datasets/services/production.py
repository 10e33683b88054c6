import io
from datetime import datetime
from typing import Any

from accounts.models import Project
from common.problems import InvalidInput
from common.storage import object_store
from datasets.formats.attributes import infer_attributes, validate_attributes
from datasets.imaging.rejection import RejectedImage
from datasets.models import Item, Source
from datasets.services.attributes import learn_attributes
from datasets.services.importing.preparation import Meeting, Preparer, place_and_time
from datasets.services.importing.registration import register_items
from datasets.services.sources import source_named


def production_source(*, project: Project, name: str = "Production", population: str = "production") -> Source:
    """The source that an endpoint's inputs belong to."""
    return source_named(project=project, name=name, kind=Source.Kind.PRODUCTION, by=None, population=population)


def record_production_input(
    *,
    project: Project,
    source: Source,
    data: bytes,
    name: str = "",
    attributes: dict[str, Any] | None = None,
    captured_at: datetime | None = None,
    external_id: str = "",
) -> Item:
    """Keep a picture that was sent for prediction. The same bytes are the same item, with a further occurrence.

    Raises InvalidInput with the reason if it is no picture. Idempotent for equal name and external_id.
    """
    preparer = Preparer(project_id=project.pk, store=object_store())
    try:
        content, facts = preparer.image(io.BytesIO(data))
    except RejectedImage as error:
        raise InvalidInput(error.message, reason=str(error.code)) from error
    values: dict[str, Any] = {}
    if attributes:
        values, _ = validate_attributes(
            attributes, learn_attributes(project=project, specs=infer_attributes([attributes]))
        )
    told = place_and_time(facts)
    if captured_at is not None:
        told |= {"captured_at": captured_at, "captured_local": ""}
    meeting = Meeting(
        name=name[:1024], external_id=external_id[:300], attributes={k: v for k, v in values.items() if v is not None},
        **told,
    )  # fmt: skip
    ((item, _),) = register_items(project=project, source=source, meetings=[(content, meeting)])
    return item
