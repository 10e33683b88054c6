"""Items as columns: what profiling and the comparison of populations compute with."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import Any

from accounts.models import Project
from datasets.formats.attributes import Known
from datasets.imaging.statistics import STATISTIC_NAMES
from datasets.models import Item, Occurrence
from datasets.profiling.columns import Column, Origin, attribute_column, category_column, number_column
from datasets.profiling.file_names import file_name_columns
from datasets.selectors.attributes import schema_of

CHUNK = 2000
ROLES = frozenset({"latitude", "longitude", "captured_at"})  # shown on the map and on the time line instead


@dataclass(frozen=True, eq=False)
class Table:
    """Rows are items in the order of `items`; each stands with its first occurrence in the chosen sources.

    attributes: columns people defined; statistics: of pictures; technical: how items were recorded.
    """

    items: list[Item]
    occurrences: list[Occurrence | None]
    attributes: list[Column] = field(default_factory=list)
    statistics: list[Column] = field(default_factory=list)
    technical: list[Column] = field(default_factory=list)

    @property
    def names(self) -> list[str | None]:
        """File name of each row."""
        return [one.name or None if one else None for one in self.occurrences]

    @property
    def groups(self) -> list[str]:
        """Group of each row; an item without one is its own."""
        return [item.group_key or item.sha256 for item in self.items]


def table_of(project: Project, item_ids: Sequence[int], *, source_ids: Sequence[int] | None = None) -> Table:
    """Columns of these items, in the order given. Items of other projects are absent.

    source_ids: whose occurrences to take; an item that was met in training and in production differs by that.
    """
    items: dict[int, Item] = {}
    met: dict[int, Occurrence] = {}
    for start in range(0, len(item_ids), CHUNK):
        chunk = list(item_ids[start : start + CHUNK])
        items.update(Item.objects.filter(project=project).in_bulk(chunk))
        occurrences = Occurrence.objects.filter(project=project, item_id__in=chunk).select_related("source")
        if source_ids is not None:
            occurrences = occurrences.filter(source_id__in=source_ids)
        for one in occurrences.order_by("item_id", "pk").distinct("item_id"):
            met[one.item_id] = one
    rows = [items[pk] for pk in item_ids if pk in items]
    table = Table(rows, [met.get(item.pk) for item in rows])
    table.attributes.extend(_attributes(project, table.occurrences))
    taken = {column.name for column in table.attributes}
    table.statistics.extend(told_apart(_statistics(rows), taken))
    table.technical.extend(told_apart(_technical(table), taken))
    return table


def told_apart(columns: Sequence[Column], taken: Collection[str]) -> list[Column]:
    """The columns, renamed where people gave the name to an attribute: "source" becomes "source (of the file)"."""
    return [replace(one, name=f"{one.name} (of the file)") if one.name in taken else one for one in columns]


def _attributes(project: Project, occurrences: Sequence[Occurrence | None]) -> list[Column]:
    found = []
    for spec in schema_of(project):
        if spec.name not in ROLES:
            values = [one.attributes.get(spec.name) if one else None for one in occurrences]
            found.append(attribute_column(spec, values))
    return found


def _statistics(items: Sequence[Item]) -> list[Column]:
    return [
        number_column(name, [item.statistics.get(name) for item in items], known=Known.YES) for name in STATISTIC_NAMES
    ]


def _technical(table: Table) -> list[Column]:
    no, technical = Known.NO, Origin.TECHNICAL

    def number(name: str, values: Sequence[float | None]) -> Column:
        return number_column(name, values, known=no, origin=technical)

    def category(name: str, values: Sequence[str | None]) -> Column:
        return category_column(name, values, known=no, origin=technical)

    met = table.occurrences
    return [
        category("source", [one.source.name if one else None for one in met]),
        category("camera", [item.facts.get("camera") for item in table.items]),
        category("software", [item.facts.get("software") for item in table.items]),
        category("colour mode", [item.facts.get("color_mode") for item in table.items]),
        number("file size", [float(item.byte_size) for item in table.items]),
        number("width", [item.width for item in table.items]),
        number("height", [item.height for item in table.items]),
        number("time taken", [_seconds(one) for one in met]),
        number("latitude", [one.latitude if one else None for one in met]),
        number("longitude", [one.longitude if one else None for one in met]),
        number("order of import", [float(item.pk) for item in table.items]),
        *file_name_columns(table.names),
    ]


def _seconds(one: Occurrence | None) -> float | None:
    """Seconds since 1970. Most cameras tell no zone: their wall clock is taken as UTC, since only order matters."""
    if one is None:
        return None
    if one.captured_at:
        return one.captured_at.timestamp()
    if one.captured_local:
        return datetime.fromisoformat(one.captured_local).replace(tzinfo=UTC).timestamp()
    return None


def folder_of(name: str | None) -> str:
    """The folder part of a file name."""
    return str(PurePosixPath(name).parent) if name else ""


def usable(columns: Sequence[Column]) -> list[Column]:
    """Columns that have a value at all."""
    return [column for column in columns if _has_value(column)]


def _has_value(column: Column) -> bool:
    values: Any = column.values
    return bool((values == values).any()) if column.kind == "number" else any(v is not None for v in values)
