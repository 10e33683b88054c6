from collections.abc import Iterable
from typing import Any

from django.db.models import FloatField, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.media import signed_media_url
from accounts.api.permissions import ProjectView
from accounts.models import Project, User
from common.pagination import parse_limit
from common.problems import InvalidInput
from datasets.api.dataclass_serializers import serializer_of
from datasets.api.queries import PARAMETERS, filter_from
from datasets.imaging.issues import ImageIssue, image_issues
from datasets.imaging.pyramid import comes_as_tiles
from datasets.imaging.statistics import STATISTIC_NAMES
from datasets.models import Item, Label, Occurrence
from datasets.selectors import items as selectors
from datasets.selectors.filters import COLUMNS, items_matching
from datasets.selectors.media import media_keys
from datasets.selectors.tiles import signed_tiles_url
from datasets.services.report_json import plain

TAGS = ["datasets"]
ATTRIBUTE = "attr."
ORDERS = ("newest", "oldest", *COLUMNS, *STATISTIC_NAMES)
SORTED_BY = ", ".join((*ORDERS, "attr.{name}"))


class MediaOut(serializers.Serializer[Any]):
    """Addresses for this user only. small: 128 pixels, medium: 256; the original where a thumbnail is not there yet.

    Of a picture above 50 megapixels `tiles` tells of the parts that it is shown in, and nothing stands in for a
    thumbnail.
    """

    small = serializers.CharField(allow_null=True)
    medium = serializers.CharField(allow_null=True)
    full = serializers.CharField(allow_null=True)
    tiles = serializers.CharField(allow_null=True)


class CardLabelOut(serializers.Serializer[Any]):
    schema = serializers.UUIDField()
    family = serializers.CharField()
    question = serializers.CharField()
    answer = serializers.DictField()
    keys = serializers.ListField(child=serializers.CharField())
    origin = serializers.CharField()
    posterior = serializers.FloatField(allow_null=True)
    n_labels = serializers.IntegerField(allow_null=True)


class ItemCardOut(serializers.Serializer[Any]):
    sha256 = serializers.CharField()
    kind = serializers.CharField()
    media_type = serializers.CharField()
    width = serializers.IntegerField(allow_null=True)
    height = serializers.IntegerField(allow_null=True)
    byte_size = serializers.IntegerField()
    name = serializers.CharField()
    sources = serializers.ListField(child=serializers.CharField())
    n_occurrences = serializers.IntegerField()
    attributes = serializers.DictField()
    issues = serializers.ListField(child=serializers.CharField())
    group = serializers.CharField()
    text = serializers.CharField()
    record = serializers.DictField(allow_null=True)
    labels = CardLabelOut(many=True)
    media = MediaOut()


class OccurrenceOut(serializers.ModelSerializer[Occurrence]):
    source = serializers.CharField(source="source.name")  # type: ignore[assignment]  # a field named like an option
    population = serializers.CharField(source="source.population")
    attributes = serializers.DictField()

    class Meta:
        model = Occurrence
        fields = (
            "id", "source", "population", "name", "external_id", "captured_at", "captured_local", "latitude",
            "longitude", "attributes", "group_key", "created_at",
        )  # fmt: skip


class LabelOut(serializers.ModelSerializer[Label]):
    id = serializers.UUIDField(source="public_id")
    schema = serializers.UUIDField(source="schema.public_id")
    schema_version = serializers.IntegerField(source="schema.version")
    answer = serializers.DictField()
    keys = serializers.ListField(child=serializers.CharField())
    actor = serializers.CharField(source="actor.name", allow_null=True, default=None)

    class Meta:
        model = Label
        fields = (
            "id", "schema", "schema_version", "family", "question", "answer", "keys", "origin", "origin_ref", "actor",
            "posterior", "entropy", "n_labels", "reason", "is_current", "created_at",
        )  # fmt: skip


class ItemVersionOut(serializers.Serializer[Any]):
    version = serializers.CharField()
    split = serializers.CharField()
    label_keys = serializers.ListField(child=serializers.CharField())


class ItemOut(ItemCardOut):
    statistics = serializers.DictField(child=serializers.FloatField())
    facts = serializers.DictField()
    findings = serializer_of(ImageIssue)(many=True)
    derived = serializers.CharField()
    created_at = serializers.DateTimeField()
    occurrences = OccurrenceOut(many=True)
    history = LabelOut(many=True)
    versions = ItemVersionOut(many=True)


class NeighbourOut(serializers.Serializer[Any]):
    distance = serializers.FloatField(help_text="By looks: differing bits of 64. By content: cosine distance, 0 to 2.")
    item = ItemCardOut()


class FacetsOut(serializers.Serializer[Any]):
    total = serializers.IntegerField()
    facets = serializer_of(selectors.Facet)(many=True)


def media(user: User, project: Project, item: Item) -> dict[str, str | None]:
    """Signed addresses of an item's pictures."""
    keys = media_keys(item)
    if not keys:
        return {"small": None, "medium": None, "full": None, "tiles": None}
    large = comes_as_tiles(item.width, item.height)
    full = signed_media_url(user, project, keys["full"], media_type=item.media_type)

    def address(side: str) -> str | None:
        if side in keys:
            return signed_media_url(user, project, keys[side], media_type="image/webp")
        return None if large else full

    tiles = signed_tiles_url(user.pk, project.pk, item.pk) if large else None
    return {"small": address("128"), "medium": address("256"), "full": full, "tiles": tiles}


def card(user: User, project: Project, item: Item) -> dict[str, Any]:
    """An item that came through `with_cards`, as the grid shows it."""
    met = list(item.occurrences.all())
    labels: list[Label] = getattr(item, "current_labels", [])
    return {
        "sha256": item.sha256, "kind": item.kind, "media_type": item.media_type, "width": item.width,
        "height": item.height, "byte_size": item.byte_size, "name": met[0].name if met else "",
        "sources": sorted({one.source.name for one in met}), "n_occurrences": len(met),
        "attributes": met[0].attributes if met else {}, "issues": item.issues, "group": item.group_key,
        "text": item.text[:2000], "record": item.record, "media": media(user, project, item),
        "labels": [
            {
                "schema": label.schema.public_id, "family": label.family, "question": label.question,
                "answer": label.answer, "keys": label.keys, "origin": label.origin, "posterior": label.posterior,
                "n_labels": label.n_labels,
            }
            for label in labels
        ],
    }  # fmt: skip


def cards(user: User, project: Project, items: Iterable[Item]) -> list[dict[str, Any]]:
    return [card(user, project, item) for item in items]


class ItemsView(ProjectView):
    serializer_class = ItemCardOut
    ordering: tuple[str, ...] = ("-id",)

    def get_queryset(self) -> QuerySet[Item]:
        wanted = filter_from(self.project, self.request)
        return selectors.with_cards(self._ordered(items_matching(self.project, wanted)))

    def _ordered(self, items: QuerySet[Item]) -> QuerySet[Item]:
        order = self.request.query_params.get("order", "newest")
        sign, name = ("-", order[1:]) if order.startswith("-") else ("", order)
        if name.startswith(ATTRIBUTE):
            self.ordering = (f"{sign}sort_by", f"{sign}id")
            return selectors.sortable_by(items, self.project, name.removeprefix(ATTRIBUTE))
        if name not in ORDERS:
            raise InvalidInput(f"Items cannot be sorted by {name!r}; there are {SORTED_BY}, each with or without -.")
        if name in ("newest", "oldest"):
            self.ordering = ("-id",) if name == "newest" else ("id",)
            return items
        number = Cast(KeyTextTransform(name, "statistics"), FloatField()) if name in STATISTIC_NAMES else name
        self.ordering = (f"{sign}sort_by", f"{sign}id")
        return items.annotate(sort_by=Coalesce(number, 0.0, output_field=FloatField()))

    @extend_schema(
        operation_id="items_list", responses=ItemCardOut(many=True), tags=TAGS,
        parameters=[*PARAMETERS, OpenApiParameter("order", str, description=f"- reverses: {SORTED_BY}")],
    )  # fmt: skip
    def list(self, request: Request, slug: str) -> Response:
        """The explorer: items that match, with their pictures and current labels."""
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(cards(self.user, self.project, page or []))

    @extend_schema(operation_id="items_facets", responses=FacetsOut, parameters=PARAMETERS, tags=TAGS)
    def facets(self, request: Request, slug: str) -> Response:
        """How many of the matching items have which source, label, issue, split and attribute."""
        wanted = filter_from(self.project, request)
        found = selectors.facets(self.project, wanted, schema=wanted.schema, question=wanted.question)
        total = items_matching(self.project, wanted).count()
        return Response({"total": total, "facets": plain(found)})

    @extend_schema(operation_id="items_retrieve", responses=ItemOut, tags=TAGS)
    def retrieve(self, request: Request, slug: str, sha256: str) -> Response:
        """One item with its occurrences, every label it ever had, and the versions it is in."""
        found = selectors.item_for(self.project, sha256)
        item = selectors.with_cards(Item.objects.filter(pk=found.pk)).get()
        findings = image_issues(item.statistics) if item.statistics else ()
        rows = item.version_rows.select_related("version").order_by("-version_id")
        return Response(
            {
                **card(self.user, self.project, item),
                "text": item.text,
                "statistics": item.statistics,
                "facts": item.facts,
                "findings": plain(findings),
                "derived": item.derived,
                "created_at": item.created_at,
                "occurrences": OccurrenceOut(item.occurrences.all(), many=True).data,
                "history": LabelOut(selectors.history(item), many=True).data,
                "versions": [
                    {"version": str(row.version), "split": row.split, "label_keys": row.label_keys} for row in rows
                ],
            }
        )

    @extend_schema(
        operation_id="items_neighbours", responses=NeighbourOut(many=True), tags=TAGS,
        parameters=[OpenApiParameter("by", str, enum=["looks", "content"]), OpenApiParameter("limit", int)],
    )  # fmt: skip
    def neighbours(self, request: Request, slug: str, sha256: str) -> Response:
        """Items that look alike (perceptual hash) or mean alike (vectors), nearest first."""
        item = selectors.item_for(self.project, sha256)
        limit = parse_limit(request.query_params.get("limit"), 12)
        found = selectors.neighbours(item, request.query_params.get("by", "looks"), limit=limit)
        near = Item.objects.filter(pk__in=[one.item.pk for one in found])
        shown = {one.pk: one for one in selectors.with_cards(near)}
        return Response(
            [{"distance": one.distance, "item": card(self.user, self.project, shown[one.item.pk])} for one in found]
        )
