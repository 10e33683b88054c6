import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import (
    Case,
    Count,
    FloatField,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce

from accounts.models import Project
from common.problems import InvalidInput, NotFound
from datasets.models import AttributeDefinition, Item, Label, LabelSchema, Occurrence, VersionItem
from datasets.selectors import vectors
from datasets.selectors.filters import LEAST, ItemFilter, items_matching

MAX_FACET_VALUES = 30
NEAR_BITS = 10
_NUMBER = r"^[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,3})?$"
_SHA = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class FacetValue:
    """One value of a facet and how many of the matching items have it."""

    value: str
    count: int


@dataclass(frozen=True)
class Facet:
    """name: what to filter by; kind: source, population, kind, issue, label, split or attribute."""

    name: str
    kind: str
    values: tuple[FacetValue, ...]


@dataclass(frozen=True)
class Neighbour:
    """distance: differing bits of 64 (by looks: phash), or cosine distance (by content: vector)."""

    item: Item
    distance: float


def items_for(project: Project, item_ids: Sequence[int]) -> dict[int, Item]:
    """Items of the project by id; ids of other projects are absent."""
    return {item.pk: item for item in Item.objects.filter(project=project, pk__in=list(item_ids))}


def item_for(project: Project, sha256: str) -> Item:
    """An item by its hash, or by a beginning of it that only it has (8 or more digits). Raises NotFound."""
    items = Item.objects.filter(project=project)
    found: list[Item] = []
    if _SHA.fullmatch(sha256):
        found = list(items.filter(sha256=sha256))
    elif len(sha256) >= 8:
        found = list(items.filter(sha256__startswith=sha256)[:2])
    if len(found) != 1:
        raise NotFound(f"There is no item {sha256[:12]}… in this project.")
    return found[0]


def with_cards(items: QuerySet[Item]) -> QuerySet[Item]:
    """Prefetch what a card in the grid shows: two queries for any number of items."""
    # A document of thousands of classes, once for each label, would take 8 s for 200 items.
    labels = Label.objects.current().select_related("schema").defer("schema__document")
    return items.prefetch_related(
        Prefetch("occurrences", queryset=Occurrence.objects.select_related("source").order_by("pk")),
        Prefetch("labels", queryset=labels, to_attr="current_labels"),
    )


def sortable_by(items: QuerySet[Item], project: Project, name: str) -> QuerySet[Item]:
    """The items with `sort_by`: the attribute as their first occurrence has it, least where missing. InvalidInput."""
    kind = AttributeDefinition.objects.filter(project=project, name=name).values_list("type", flat=True).first()
    if kind is None:
        raise InvalidInput(f"There is no attribute called {name!r} in this project to sort by.")
    first = (
        Occurrence.objects.filter(item=OuterRef("pk")).order_by("pk").values(text=KeyTextTransform(name, "attributes"))
    )
    items = items.alias(sort_text=Subquery(first[:1], output_field=TextField()))
    if kind not in (AttributeDefinition.Type.NUMBER, AttributeDefinition.Type.INTEGER):
        return items.annotate(sort_by=Coalesce("sort_text", Value("", output_field=TextField())))
    # A value from before the attribute was called a number may be no number.
    number = Case(When(sort_text__regex=_NUMBER, then=Cast("sort_text", FloatField())), default=Value(LEAST))
    return items.annotate(sort_by=number)


def facets(
    project: Project, wanted: ItemFilter, *, schema: LabelSchema | None = None, question: str = ""
) -> list[Facet]:
    """Counts of the matching items by what the explorer can filter by."""
    matching = items_matching(project, wanted)
    ids = matching.values("pk")
    met = Occurrence.objects.filter(project=project, item__in=ids)
    found = [
        Facet("source", "source", _counts(met, "source__name")),
        Facet("population", "population", _counts(met.exclude(source__population=""), "source__population")),
        Facet("kind", "kind", _counts(matching, "kind", per="pk")),
        Facet("issue", "issue", _array_counts(matching)),
    ]
    labels = Label.objects.current().filter(project=project, item__in=ids)
    if schema is not None:
        labels = labels.filter(family=schema.family, question=question)
        found.append(Facet("label", "label", _label_counts(labels)))
        labelled = labels.values("item").distinct().count()
        values = (FacetValue("yes", labelled), FacetValue("no", matching.count() - labelled))
        found.append(Facet("labelled", "labelled", values))
    if wanted.version is not None:
        rows = VersionItem.objects.filter(version=wanted.version, item__in=ids)
        found.append(Facet("split", "split", _counts(rows, "split")))
    categories = AttributeDefinition.objects.filter(project=project, type__in=["category", "boolean"])
    for name in categories.order_by("name").values_list("name", flat=True)[:20]:
        valued = met.filter(attributes__has_key=name).annotate(value=KeyTextTransform(name, "attributes"))
        found.append(Facet(name, "attribute", _counts(valued, "value")))
    return found


def _counts(rows: QuerySet[Any], column: str, *, per: str = "item") -> tuple[FacetValue, ...]:
    counted = rows.order_by().values_list(column).annotate(n=Count(per, distinct=True)).order_by("-n", column)
    return tuple(FacetValue(str(value), n) for value, n in counted[:MAX_FACET_VALUES])


def _array_counts(items: QuerySet[Item]) -> tuple[FacetValue, ...]:
    flagged: dict[str, int] = {}
    for issues, n in items.exclude(issues=[]).order_by().values_list("issues").annotate(n=Count("pk")):
        for issue in issues:
            flagged[issue] = flagged.get(issue, 0) + n
    return tuple(FacetValue(value, n) for value, n in sorted(flagged.items(), key=lambda one: (-one[1], one[0])))


def _label_counts(labels: QuerySet[Label]) -> tuple[FacetValue, ...]:
    counts: dict[str, int] = {}
    for keys, n in labels.order_by().values_list("keys").annotate(n=Count("item", distinct=True)):
        for key in keys:
            counts[key] = counts.get(key, 0) + n
    ordered = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    return tuple(FacetValue(value, n) for value, n in ordered[: 10 * MAX_FACET_VALUES])


def history(item: Item) -> QuerySet[Label]:
    """Every label the item ever had, newest first."""
    return item.labels.select_related("schema", "actor").defer("schema__document").order_by("-pk")


def look_alikes(item: Item, *, limit: int = 12) -> list[Neighbour]:
    """Items whose perceptual hashes differ in at most 10 bits, nearest first. A flat picture has none."""
    if not item.phash:
        return []
    sql = (
        "SELECT id, bit_count((phash # %s)::bit(64)) AS distance FROM datasets_item"
        " WHERE project_id = %s AND id <> %s AND phash IS NOT NULL AND phash <> 0"
        " AND bit_count((phash # %s)::bit(64)) <= %s ORDER BY distance, id LIMIT %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [item.phash, item.project_id, item.pk, item.phash, NEAR_BITS, limit])
        rows = cursor.fetchall()
    found = Item.objects.in_bulk([pk for pk, _ in rows])
    return [Neighbour(found[pk], float(distance)) for pk, distance in rows]


def same_content(item: Item, *, limit: int = 12) -> list[Neighbour]:
    """Items nearest by the newest encoder's vectors; empty without vectors."""
    encoder = vectors.latest_encoder(item.project)
    if encoder is None:
        return []
    return [Neighbour(one, distance) for one, distance in vectors.nearest(item, encoder, limit=limit)]


def neighbours(item: Item, by: str, *, limit: int = 12) -> list[Neighbour]:
    """Neighbours by "looks" or by "content". Raises InvalidInput."""
    if by not in ("looks", "content"):
        raise InvalidInput('Neighbours are found by "looks" or by "content".', errors={"by": ["Unknown."]})
    return look_alikes(item, limit=limit) if by == "looks" else same_content(item, limit=limit)


def by_hashes(project: Project, hashes: Iterable[str]) -> dict[str, Item]:
    """Items by hash, for pages that show those of a report."""
    return {item.sha256: item for item in Item.objects.filter(project=project, sha256__in=set(hashes))}


def count(project: Project) -> dict[str, int]:
    """Items in all, with a label, and with derived data pending: the figures on the Data station."""
    items = Item.objects.filter(project=project)
    labelled = Label.objects.current().filter(project=project).values("item").distinct().count()
    figures = items.aggregate(items=Count("pk"), pending=Count("pk", filter=Q(derived="pending")))
    return {**figures, "labelled": labelled}


def found_by_text(project: Project, text: str, *, limit: int) -> list[tuple[Item, str]]:
    """Items whose hash begins with the text, or that were met under a name that contains it, with that name."""
    by_hash = Item.objects.filter(project=project, sha256__startswith=text.lower()).order_by("pk")[:limit]
    found = {item.pk: (item, "") for item in by_hash}
    met = Occurrence.objects.filter(project=project, name__icontains=text).select_related("item").order_by("pk")
    for one in met[: limit * 4]:
        if len(found) < limit or one.item_id in found:
            found[one.item_id] = (one.item, one.name)
    return list(found.values())
