from collections.abc import Iterable

from django.db import transaction

from accounts.models import Project
from common.problems import InvalidInput
from datasets.formats.attributes import AttributeSpec
from datasets.models import AttributeDefinition
from datasets.selectors.attributes import schema_of


@transaction.atomic
def learn_attributes(*, project: Project, specs: Iterable[AttributeSpec]) -> tuple[AttributeSpec, ...]:
    """Define what is new among the attributes of an import; what people defined before stays. Returns all of them."""
    found = [
        AttributeDefinition(project=project, name=spec.name.encode("utf-8", "replace").decode(), type=spec.type)
        for spec in specs
    ]
    AttributeDefinition.objects.bulk_create(found, ignore_conflicts=True)
    return schema_of(project)


def define_attribute(
    *,
    project: Project,
    name: str,
    type: str | None = None,
    unit: str | None = None,
    known_at_prediction: str | None = None,
    description: str | None = None,
) -> AttributeDefinition:
    """Make or change a definition; None leaves a field as it is. Raises InvalidInput."""
    row = AttributeDefinition.objects.filter(project=project, name=name).first()
    if row is None:
        if not name.strip() or len(name) > 200 or type is None:
            raise InvalidInput("A new attribute needs a name of 1 to 200 characters and a type.")
        row = AttributeDefinition(project=project, name=name)
    given = {"type": type, "unit": unit, "known_at_prediction": known_at_prediction, "description": description}
    for field, value in given.items():
        if value is not None:
            setattr(row, field, value)
    if row.type not in AttributeDefinition.Type.values:
        raise InvalidInput(f"{row.type!r} is no type; use one of {', '.join(AttributeDefinition.Type.values)}.")
    if row.known_at_prediction not in AttributeDefinition.Known.values:
        raise InvalidInput("Known at prediction time is yes, no or unknown.")
    row.save()
    return row
