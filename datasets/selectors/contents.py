"""What a text or a record says, for those who label it."""

from dataclasses import dataclass

from common.problems import NotFound
from datasets.formats.attributes import AttributeType, Value
from datasets.models import AttributeDefinition, Item


@dataclass(frozen=True)
class ContentColumn:
    """One column of a record. value: None where the row has none; unit: empty where nobody stated one."""

    name: str
    type: str
    unit: str
    value: Value


@dataclass(frozen=True)
class WrittenContent:
    """text: of a text, else empty. columns: of a record, in the order in which its columns were met first."""

    kind: str
    text: str
    columns: tuple[ContentColumn, ...]


def written_content(project_id: int, item_id: int) -> WrittenContent:
    """A text or a record by its id. Attributes of its occurrences stay out: they may tell the answer.

    Raises NotFound for a picture and for an item of another project.
    """
    item = Item.objects.filter(project_id=project_id, pk=item_id).exclude(kind=Item.Kind.IMAGE).first()
    if item is None:
        raise NotFound("There is no text and no record at this address.")
    record = item.record or {}
    definitions = AttributeDefinition.objects.filter(project_id=project_id, name__in=record).order_by("pk")
    known = {one.name: one for one in definitions}
    # JSON in the database forgets the order of columns; the definitions were made in it.
    names = [*known, *(name for name in record if name not in known)]
    return WrittenContent(
        kind=item.kind,
        text=item.text,
        columns=tuple(
            ContentColumn(
                name=name,
                type=str(known[name].type) if name in known else AttributeType.TEXT.value,
                unit=known[name].unit if name in known else "",
                value=record[name],
            )
            for name in names
        ),
    )
