from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.idempotency import IdempotentCreateMixin, answer_once
from accounts.api.permissions import EVERYONE, REVIEWERS, ProjectView
from common.problems import NotFound
from datasets.api.forms import parsed
from datasets.api.items import LabelOut
from datasets.labeling_schema.document import KINDS, TOOLS
from datasets.models import Item, Label, LabelSchema
from datasets.selectors import schemas
from datasets.services.labels import Acceptance, accept_labels
from datasets.services.schemas import create_schema

TAGS = ["datasets"]


class SchemaClass(serializers.Serializer[Any]):
    key = serializers.CharField()
    names = serializers.DictField(child=serializers.CharField())
    parent = serializers.CharField(allow_null=True)  # type: ignore[assignment]
    hotkey = serializers.CharField(allow_null=True)
    selectable = serializers.BooleanField()
    description = serializers.CharField(allow_blank=True)
    retired = serializers.BooleanField(required=False)
    replaced_by = serializers.ListField(child=serializers.CharField(), required=False)


class SchemaCondition(serializers.Serializer[Any]):
    question = serializers.CharField()
    has = serializers.ListField(child=serializers.CharField())


class SchemaSkeleton(serializers.Serializer[Any]):
    key = serializers.CharField()
    names = serializers.ListField(child=serializers.CharField())
    edges = serializers.ListField(child=serializers.ListField(child=serializers.IntegerField()))
    layout = serializers.ListField(child=serializers.DictField(child=serializers.FloatField()))


class SchemaQuestion(serializers.Serializer[Any]):
    """Fields of one kind only are there for that kind: docs/label-format.md."""

    key = serializers.CharField()
    kind = serializers.ChoiceField(choices=list(KINDS))
    title = serializers.DictField(child=serializers.CharField())
    help = serializers.DictField(child=serializers.CharField())
    allow_none = serializers.BooleanField()
    allow_cannot_tell = serializers.BooleanField()
    max_choices = serializers.IntegerField(allow_null=True)
    classes = SchemaClass(many=True)
    when = SchemaCondition(required=False)
    min = serializers.FloatField(required=False, allow_null=True)
    max = serializers.FloatField(required=False, allow_null=True)
    step = serializers.FloatField(required=False, allow_null=True)
    unit = serializers.CharField(required=False, allow_blank=True)
    max_length = serializers.IntegerField(required=False)
    tools = serializers.ListField(child=serializers.ChoiceField(choices=list(TOOLS)), required=False)
    max_shapes = serializers.IntegerField(required=False, allow_null=True)
    skeletons = SchemaSkeleton(many=True, required=False)
    attributes = serializers.ListField(child=serializers.DictField(), required=False)


class SchemaDocumentOut(serializers.Serializer[Any]):
    format = serializers.IntegerField()
    questions = SchemaQuestion(many=True)


class SchemaSummaryOut(serializers.ModelSerializer[LabelSchema]):
    id = serializers.UUIDField(source="public_id")
    questions = serializers.SerializerMethodField()

    class Meta:
        model = LabelSchema
        fields = ("id", "family", "version", "name", "created_at", "questions")

    class QuestionSummary(serializers.Serializer[Any]):
        key = serializers.CharField()
        kind = serializers.CharField()
        title = serializers.DictField(child=serializers.CharField())
        n_classes = serializers.IntegerField()
        when = serializers.CharField(allow_null=True, help_text="the earlier question that its condition looks at")

    @extend_schema(responses=QuestionSummary(many=True))
    def get_questions(self, schema: LabelSchema) -> list[dict[str, Any]]:
        return [
            {
                "key": one.key, "kind": one.kind, "title": dict(one.title), "n_classes": len(one.classes),
                "when": one.when.question if one.when else None,
            }
            for one in schemas.document(schema).questions
        ]  # fmt: skip


class SchemaOut(SchemaSummaryOut):
    document = serializers.SerializerMethodField()

    class Meta(SchemaSummaryOut.Meta):
        fields = (*SchemaSummaryOut.Meta.fields, "document")  # type: ignore[assignment]

    @extend_schema_field(SchemaDocumentOut)
    def get_document(self, schema: LabelSchema) -> dict[str, Any]:
        """As it was checked when it was written: nothing of it is left out here."""
        return dict(schema.document)


class QuestionInUseOut(serializers.Serializer[Any]):
    schema = serializers.UUIDField(source="schema.public_id")
    schema_name = serializers.CharField(source="schema.name")
    family = serializers.CharField(source="schema.family")
    question = serializers.CharField(source="question.key")
    kind = serializers.CharField(source="question.kind")
    title = serializers.DictField(source="question.title", child=serializers.CharField())
    n_labels = serializers.IntegerField(help_text="items with a current label for it")


class SchemaIn(serializers.Serializer[Any]):
    """family: of which this is the next version; left out, it follows from the name."""

    name = serializers.CharField(max_length=200)
    family = serializers.SlugField(max_length=80, required=False, default="", allow_blank=True)
    document = serializers.JSONField()


class LabelsIn(serializers.Serializer[Any]):
    """A reviewer's answer for one or many items."""

    schema = serializers.UUIDField()
    question = serializers.CharField(max_length=80)
    items = serializers.ListField(child=serializers.CharField(min_length=64, max_length=64), max_length=1000)
    answer = serializers.JSONField()
    reason = serializers.CharField(max_length=2000, required=False, default="", allow_blank=True)


class SchemasView(IdempotentCreateMixin, ProjectView):
    serializer_class = SchemaSummaryOut
    roles_read = EVERYONE  # the workbench needs the classes

    def get_queryset(self) -> QuerySet[LabelSchema]:
        rows: QuerySet[LabelSchema] = LabelSchema.objects.visible_to(self.user).filter(project=self.project)
        return rows

    @extend_schema(operation_id="schemas_list", responses=SchemaSummaryOut(many=True), tags=TAGS)
    def list(self, request: Request, slug: str) -> Response:
        """Label schemas, newest first; every version is a row."""
        page = self.paginate_queryset(self.get_queryset().defer("document"))
        return self.get_paginated_response(SchemaSummaryOut(page, many=True).data)

    @extend_schema(operation_id="schemas_create", request=SchemaIn, responses={201: SchemaOut}, tags=TAGS)
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """A new schema, or the next version of a family."""
        return super().create(request, *args, **kwargs)

    def perform(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        form = parsed(SchemaIn(data=request.data))
        schema = create_schema(project=self.project, by=self.user, **form)
        return Response(SchemaOut(schema).data, status=201)

    @extend_schema(operation_id="schemas_retrieve", responses=SchemaOut, tags=TAGS)
    def retrieve(self, request: Request, slug: str, public_id: str) -> Response:
        """One schema version with its whole document. It never changes, so it may be cached for ever."""
        schema = schemas.schema_for(self.project, public_id)
        return Response(SchemaOut(schema).data, headers={"Cache-Control": "private, max-age=86400, immutable"})


class QuestionsView(ProjectView):
    @extend_schema(operation_id="questions_list", responses=QuestionInUseOut(many=True), tags=TAGS)
    def list(self, request: Request, slug: str) -> Response:
        """Every question of the newest schemas, those with the most labels first."""
        return Response(QuestionInUseOut(schemas.questions_in_use(self.project), many=True).data)


class LabelsView(ProjectView):
    serializer_class = LabelOut
    roles_write = REVIEWERS

    def get_queryset(self) -> QuerySet[Label]:
        rows: QuerySet[Label] = Label.objects.visible_to(self.user).filter(project=self.project)
        if sha256 := self.request.query_params.get("item"):
            rows = rows.filter(item__sha256=sha256)
        if question := self.request.query_params.get("question"):
            rows = rows.filter(question=question)
        if self.request.query_params.get("current") == "yes":
            rows = rows.filter(is_current=True)
        return rows.select_related("schema", "actor").defer("schema__document")

    @extend_schema(
        operation_id="labels_list", responses=LabelOut(many=True), tags=TAGS,
        parameters=[
            OpenApiParameter("item", str), OpenApiParameter("question", str),
            OpenApiParameter("current", str, enum=["yes"]),
        ],
    )  # fmt: skip
    def list(self, request: Request, slug: str) -> Response:
        """Labels, newest first, superseded ones included unless current=yes."""
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(LabelOut(page, many=True).data)

    @extend_schema(operation_id="labels_review", request=LabelsIn, responses={201: LabelOut(many=True)}, tags=TAGS)
    def create(self, request: Request, slug: str) -> Response:
        """Settle the label of items by one's own judgement; it stands above any consensus."""
        return answer_once(request, lambda: self._settle(request))

    def _settle(self, request: Request) -> Response:
        form = parsed(LabelsIn(data=request.data))
        schema = schemas.schema_for(self.project, form["schema"])
        wanted = list(dict.fromkeys(form["items"]))
        ids = dict(Item.objects.filter(project=self.project, sha256__in=wanted).values_list("sha256", "pk"))
        if len(ids) != len(wanted):
            raise NotFound("One of the items is not in this project.")
        labels = accept_labels(
            project=self.project, schema=schema, question=form["question"],
            acceptances=[
                Acceptance(
                    item_id=ids[sha], answer=form["answer"], origin=Label.Origin.REVIEW, actor=self.user,
                    reason=form["reason"],
                )
                for sha in wanted
            ],
        )  # fmt: skip
        return Response(LabelOut(labels, many=True).data, status=201)
