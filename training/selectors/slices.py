"""What is said about pictures besides their class: the values by which a gate looks at parts of the data."""

from collections.abc import Sequence

from accounts.models import Project
from datasets.profiling.columns import ColumnKind
from datasets.selectors.items import by_hashes
from datasets.selectors.tables import table_of

MOST_VALUES = 20  # a name or a number in disguise is no part of the data
TECHNICAL = ("source", "camera")


def facts_of(project: Project, hashes: Sequence[str]) -> dict[str, dict[str, str]]:
    """By item hash: the values of the attributes with a few values each, and the source and camera, where known."""
    items = by_hashes(project, hashes)
    table = table_of(project, [item.pk for item in items.values()])
    columns = [c for c in table.attributes if c.kind == ColumnKind.CATEGORY]
    columns += [c for c in table.technical if c.name in TECHNICAL]
    found: dict[str, dict[str, str]] = {item.sha256: {} for item in table.items}
    for column in columns:
        values = {value for value in column.values if value is not None}
        if not 2 <= len(values) <= MOST_VALUES:
            continue
        for item, value in zip(table.items, column.values, strict=True):
            if value is not None:
                found[item.sha256][column.name] = str(value)
    return found
