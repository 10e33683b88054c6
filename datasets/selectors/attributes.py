from accounts.models import Project
from datasets.formats.attributes import AttributeSpec, AttributeType, Known
from datasets.models import AttributeDefinition


def schema_of(project: Project) -> tuple[AttributeSpec, ...]:
    """The project's attribute definitions as the readers of values understand them."""
    return tuple(_spec(row) for row in AttributeDefinition.objects.filter(project=project).order_by("pk"))


def _spec(row: AttributeDefinition) -> AttributeSpec:
    known = Known(row.known_at_prediction)
    return AttributeSpec(row.name, AttributeType(row.type), known_at_prediction=known, unit=row.unit)
