from typing import Any

from django.db.models import Count, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.idempotency import IdempotentCreateMixin
from accounts.api.permissions import ProjectView
from common.problems import NotFound
from datasets.api.forms import parsed
from datasets.models import AttributeDefinition, PopulationMargin, Source
from datasets.services import attributes
from datasets.services import sources as services

TAGS = ["datasets"]


class SourceOut(serializers.ModelSerializer[Source]):
    id = serializers.UUIDField(source="public_id")
    n_occurrences = serializers.IntegerField(default=0)
    n_items = serializers.IntegerField(default=0)

    class Meta:
        model = Source
        fields = (
            "id", "name", "kind", "uri", "population", "licence", "consent", "sensitivity", "description", "created_at",
            "n_occurrences", "n_items",
        )  # fmt: skip


class SourceIn(serializers.ModelSerializer[Source]):
    class Meta:
        model = Source
        fields = ("name", "kind", "uri", "population", "licence", "consent", "sensitivity", "description")


class AttributeOut(serializers.ModelSerializer[AttributeDefinition]):
    class Meta:
        model = AttributeDefinition
        fields = ("name", "type", "unit", "known_at_prediction", "description")


class AttributeIn(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=200)
    type = serializers.ChoiceField(choices=AttributeDefinition.Type.choices, required=False)
    unit = serializers.CharField(max_length=60, required=False, allow_blank=True)
    known_at_prediction = serializers.ChoiceField(choices=AttributeDefinition.Known.choices, required=False)
    description = serializers.CharField(required=False, allow_blank=True, max_length=5000)


class MarginOut(serializers.ModelSerializer[PopulationMargin]):
    id = serializers.UUIDField(source="public_id")
    shares = serializers.DictField(child=serializers.FloatField())

    class Meta:
        model = PopulationMargin
        fields = ("id", "population", "attribute", "shares", "reference", "created_at")


class MarginIn(serializers.Serializer[Any]):
    population = serializers.CharField(max_length=200)
    attribute = serializers.CharField(max_length=200)
    shares = serializers.DictField(child=serializers.FloatField(), help_text="Shares or percent, by value.")
    reference = serializers.CharField(max_length=1000, required=False, default="", allow_blank=True)


class SourcesView(IdempotentCreateMixin, ProjectView):
    serializer_class = SourceOut

    def get_queryset(self) -> QuerySet[Source]:
        found: QuerySet[Source] = Source.objects.visible_to(self.user).filter(project=self.project)
        return found.annotate(n_occurrences=Count("occurrences"), n_items=Count("occurrences__item", distinct=True))

    @extend_schema(operation_id="sources_list", responses=SourceOut(many=True), tags=TAGS)
    def list(self, request: Request, slug: str) -> Response:
        """Where items come from."""
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(SourceOut(page, many=True).data)

    @extend_schema(operation_id="sources_create", request=SourceIn, responses={201: SourceOut}, tags=TAGS)
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Describe a new source."""
        return super().create(request, *args, **kwargs)

    def perform(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        source = services.create_source(project=self.project, by=self.user, **parsed(SourceIn(data=request.data)))
        return Response(SourceOut(source).data, status=201)


class AttributesView(ProjectView):
    serializer_class = AttributeOut
    pagination_class = None

    def _shown(self) -> Response:
        rows = AttributeDefinition.objects.visible_to(self.user).filter(project=self.project).order_by("name")
        return Response(AttributeOut(rows, many=True).data)

    @extend_schema(operation_id="attributes_list", responses=AttributeOut(many=True), tags=TAGS)
    def list(self, request: Request, slug: str) -> Response:
        """Columns that items may have, and whether they are known when a model predicts."""
        return self._shown()

    @extend_schema(operation_id="attributes_define", request=AttributeIn, responses=AttributeOut(many=True), tags=TAGS)
    def update(self, request: Request, slug: str) -> Response:
        """Make or change one definition, by name."""
        attributes.define_attribute(project=self.project, **parsed(AttributeIn(data=request.data)))
        return self._shown()


class PopulationsView(ProjectView):
    serializer_class = MarginOut
    pagination_class = None

    def _rows(self) -> QuerySet[PopulationMargin]:
        found: QuerySet[PopulationMargin] = PopulationMargin.objects.visible_to(self.user).filter(project=self.project)
        return found.order_by("population", "attribute")

    @extend_schema(operation_id="populations_list", responses=MarginOut(many=True), tags=TAGS)
    def list(self, request: Request, slug: str) -> Response:
        """Declared shares of attributes in reference populations."""
        return Response(MarginOut(self._rows(), many=True).data)

    @extend_schema(operation_id="populations_declare", request=MarginIn, responses=MarginOut(many=True), tags=TAGS)
    def update(self, request: Request, slug: str) -> Response:
        """Declare or replace the shares of one attribute in one population."""
        services.declare_margin(project=self.project, by=self.user, **parsed(MarginIn(data=request.data)))
        return Response(MarginOut(self._rows(), many=True).data)

    @extend_schema(operation_id="populations_remove", responses={204: None}, tags=TAGS)
    def destroy(self, request: Request, slug: str, public_id: str) -> Response:
        """Take a declaration back."""
        deleted, _ = self._rows().filter(public_id=public_id).delete()
        if not deleted:
            raise NotFound()
        return Response(status=204)
