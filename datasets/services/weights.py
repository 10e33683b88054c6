"""Weights that give a sample the declared shares of a population."""

from collections.abc import Mapping, Sequence
from typing import Any

from accounts.models import Project
from common.problems import InvalidInput
from datasets.models import PopulationMargin
from datasets.profiling.columns import ColumnKind
from datasets.selectors.tables import Table, table_of
from datasets.services.report_json import plain
from datasets.weighting.raking import Raking, rake

Cells = dict[str, list[str | None]]


def margins_of(
    project: Project, population: str, attributes: Sequence[str] | None = None
) -> dict[str, Mapping[str, float]]:
    """Declared shares by attribute. Raises InvalidInput when the population or an attribute is not declared."""
    rows = PopulationMargin.objects.filter(project=project, population=population).order_by("attribute")
    found: dict[str, Mapping[str, float]] = {row.attribute: row.shares for row in rows}
    if not found:
        raise InvalidInput(f"No shares are declared for the population {population!r}. Declare them first.")
    missing = [name for name in attributes or [] if name not in found]
    if missing:
        raise InvalidInput(f"The population {population!r} has no declared shares of {missing[0]!r}.")
    return {name: found[name] for name in (attributes or found)}


def cells_of(table: Table, attributes: Sequence[str]) -> Cells:
    """The category of each row by attribute. Raises InvalidInput for an attribute that no item can have."""
    columns = {column.name: column for column in table.attributes}
    found: Cells = {}
    for name in attributes:
        column = columns.get(name)
        if column is None:
            raise InvalidInput(f"There is no attribute {name!r} in this project, so its shares cannot be compared.")
        if column.kind is ColumnKind.NUMBER:
            found[name] = [None if value != value else f"{value:g}" for value in column.values]
        else:
            found[name] = list(column.values)
    return found


def raked_weights(
    *, project: Project, item_ids: Sequence[int], population: str, attributes: Sequence[str]
) -> tuple[dict[int, float], dict[str, Any]]:
    """Weights by item, 0 outside of the population, and what they cost. Raises InvalidInput if none fit."""
    margins = margins_of(project, population, attributes or None)
    table = table_of(project, item_ids)
    raking = rake(cells_of(table, list(margins)), margins)
    if raking.reason is not None:
        raise InvalidInput(f"The items cannot be weighted to {population}: {raking.reason}")
    weights = {item.pk: float(weight) for item, weight in zip(table.items, raking.weights, strict=True)}
    return weights, {"population": population, "attributes": list(margins), **raking_notes(raking)}


def raking_notes(raking: Raking) -> dict[str, Any]:
    """Everything about a raking but the weights themselves."""
    notes: dict[str, Any] = plain(raking)
    del notes["weights"]
    return notes
