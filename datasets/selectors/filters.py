"""Which items: one description for the explorer, recipes and reports. Columns come from an allow-list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.fields.json import KeyTransform

from accounts.models import Project
from common.problems import InvalidInput
from datasets.imaging.issues import IssueCode
from datasets.imaging.statistics import STATISTIC_NAMES
from datasets.models import AttributeDefinition, DatasetVersion, Item, Label, LabelSchema, Occurrence, VersionItem

COLUMNS = ("width", "height", "byte_size")
# In jsonb every number sorts between these two and nothing else does.
LEAST, MOST = -1e308, 1e308


@dataclass(frozen=True, kw_only=True)
class Condition:
    """About one attribute, image statistic or column: one of some values, a range (inclusive), or missing or not."""

    name: str
    values: tuple[Any, ...] = ()
    low: float | None = None
    high: float | None = None
    missing: bool | None = None


@dataclass(frozen=True, kw_only=True)
class ItemFilter:
    """All parts must hold; the parts about occurrences must hold for one and the same occurrence.

    sources: names. classes: class keys, one of which is current for `question` of `schema`; with subclasses the caller
    lists them. labelled: whether there is a current label for that question.
    """

    sources: tuple[str, ...] = ()
    populations: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()
    name_contains: str = ""
    kinds: tuple[str, ...] = ()
    issues: tuple[str, ...] = ()
    without_issues: tuple[str, ...] = ()
    schema: LabelSchema | None = None
    question: str = ""
    classes: tuple[str, ...] = ()
    labelled: bool | None = None
    version: DatasetVersion | None = None
    split: str = ""
    group: str = ""
    item_ids: tuple[int, ...] | None = field(default=None)


def items_matching(project: Project, wanted: ItemFilter) -> QuerySet[Item]:
    """Items of the project that match. Raises InvalidInput for a name that is not on the allow-list."""
    items: QuerySet[Item] = Item.objects.filter(project=project)
    if wanted.item_ids is not None:
        items = items.filter(pk__in=wanted.item_ids)
    if wanted.kinds:
        items = items.filter(kind__in=wanted.kinds)
    if wanted.group:
        items = items.filter(group_key=wanted.group)
    for codes, keep in ((wanted.issues, True), (wanted.without_issues, False)):
        if codes:
            _check_issues(codes)
            found = Q(issues__overlap=list(codes))
            items = items.filter(found) if keep else items.exclude(found)
    items = _by_occurrence(project, items, wanted)
    items = _by_label(items, wanted)
    return _by_version(items, wanted)


def current_label(schema: LabelSchema, question: str) -> QuerySet[Label]:
    """Current labels of a question; correlated by the caller."""
    return Label.objects.current().filter(family=schema.family, question=question)


def _by_occurrence(project: Project, items: QuerySet[Item], wanted: ItemFilter) -> QuerySet[Item]:
    met: QuerySet[Occurrence] = Occurrence.objects.filter(item=OuterRef("pk"))
    needed = False
    if wanted.sources:
        met, needed = met.filter(source__name__in=wanted.sources), True
    if wanted.populations:
        met, needed = met.filter(source__population__in=wanted.populations), True
    if wanted.name_contains:
        met, needed = met.filter(name__icontains=wanted.name_contains), True
    attributes = _attribute_names(project) if wanted.conditions else frozenset()
    for i, condition in enumerate(wanted.conditions):
        if condition.name in COLUMNS:
            items = items.filter(_column(condition))
        elif condition.name in STATISTIC_NAMES:
            items = _json(items, f"statistic_{i}", "statistics", condition)
        elif condition.name in attributes:
            met, needed = _json(met, f"attribute_{i}", "attributes", condition), True
        else:
            raise InvalidInput(
                f"There is no attribute or image statistic called {condition.name!r} in this project.",
                errors={"attribute": [f"Unknown name {condition.name!r}."]},
            )
    return items.filter(Exists(met)) if needed else items


def _attribute_names(project: Project) -> frozenset[str]:
    return frozenset(AttributeDefinition.objects.filter(project=project).values_list("name", flat=True))


def _column(condition: Condition) -> Q:
    found = Q()
    if condition.values:
        found &= Q(**{f"{condition.name}__in": condition.values})
    if condition.low is not None:
        found &= Q(**{f"{condition.name}__gte": condition.low})
    if condition.high is not None:
        found &= Q(**{f"{condition.name}__lte": condition.high})
    if condition.missing is not None:
        found &= Q(**{f"{condition.name}__isnull": condition.missing})
    return found


def _json(rows: QuerySet[Any], alias: str, column: str, condition: Condition) -> QuerySet[Any]:
    # KeyTransform takes the name as a parameter: an attribute called "a__b" stays a key, never a lookup.
    rows = rows.alias(**{alias: KeyTransform(condition.name, column)})
    if condition.values:
        either = Q()
        for value in condition.values:
            either |= Q(**{f"{column}__contains": {condition.name: value}})
        rows = rows.filter(either)
    if condition.low is not None or condition.high is not None:
        low = LEAST if condition.low is None else condition.low
        high = MOST if condition.high is None else condition.high
        rows = rows.filter(**{f"{alias}__gte": low, f"{alias}__lte": high})
    if condition.missing is not None:
        has = Q(**{f"{column}__has_key": condition.name})
        rows = rows.exclude(has) if condition.missing else rows.filter(has)
    return rows


def _by_label(items: QuerySet[Item], wanted: ItemFilter) -> QuerySet[Item]:
    if wanted.labelled is None and not wanted.classes:
        return items
    labels = Label.objects.current().filter(item=OuterRef("pk"))
    if wanted.schema is not None:
        labels = labels.filter(family=wanted.schema.family)
    if wanted.question:
        labels = labels.filter(question=wanted.question)
    if wanted.classes:
        labels = labels.filter(keys__overlap=list(wanted.classes))
    return items.filter(Exists(labels) if wanted.labelled is not False else ~Exists(labels))


def _by_version(items: QuerySet[Item], wanted: ItemFilter) -> QuerySet[Item]:
    if wanted.version is None:
        if wanted.split:
            raise InvalidInput("A split is a part of a version; name the version, too.")
        return items
    rows = VersionItem.objects.filter(version=wanted.version, item=OuterRef("pk"))
    if wanted.split:
        rows = rows.filter(split=wanted.split)
    return items.filter(Exists(rows))


def _check_issues(codes: Sequence[str]) -> None:
    unknown = [code for code in codes if code not in set(IssueCode)]
    if unknown:
        raise InvalidInput(f"{unknown[0]!r} is no image issue; there are {', '.join(IssueCode)}.")


def condition_from(raw: Mapping[str, Any]) -> Condition:
    """A condition from JSON: {name, values?, low?, high?, missing?}. Raises InvalidInput."""
    unknown = set(raw) - {"name", "values", "low", "high", "missing"}
    values = raw.get("values", [])
    if unknown or not isinstance(raw.get("name"), str) or not isinstance(values, list | tuple):
        raise InvalidInput(
            'A condition is {"name", "values": [...]} or {"name", "low", "high"} or {"name", "missing"}.'
        )
    for bound in ("low", "high"):
        if raw.get(bound) is not None and (isinstance(raw[bound], bool) or not isinstance(raw[bound], int | float)):
            raise InvalidInput(f"{raw['name']}: {bound} must be a number.")
    return Condition(
        name=raw["name"], values=tuple(values), low=raw.get("low"), high=raw.get("high"), missing=raw.get("missing")
    )


def field_of(names: Sequence[str], column: str) -> dict[str, Any]:
    """Annotations for `.values()` by position, so that names of people never become names of columns."""
    return {f"v{i}": KeyTransform(name, column) for i, name in enumerate(names)} or {"v": F("pk")}
