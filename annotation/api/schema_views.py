"""Changes of a label schema: they touch labels and queues, so they are asked for here and not beside the schemas."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.idempotency import answer_once
from accounts.api.permissions import LEADS, READERS, ProjectView
from accounts.api.serializers import JobOut
from annotation.services.schema_changes import preview_change, start_change
from datasets.selectors import schemas

TAGS = ["datasets"]


class SchemaChangeIn(serializers.Serializer[Any]):
    """document: the version before with plain edits, from which the operations start; left out, the version itself."""

    name = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)
    document = serializers.JSONField(required=False, allow_null=True, default=None)
    operations = serializers.ListField(child=serializers.JSONField(), max_length=500, required=False, default=list)


class NewSchemaChangeIn(SchemaChangeIn):
    ask_again = serializers.BooleanField(
        default=False, help_text="items that a split leaves without a label get a queue of their own"
    )


class LabelCountsOut(serializers.Serializer[Any]):
    question = serializers.CharField()
    moved = serializers.IntegerField(help_text="labels that another class takes")
    asked_again = serializers.IntegerField(help_text="labels of split classes: these items are to be asked again")
    kept = serializers.IntegerField(help_text="labels of classes that are retired without another in their place")


class QueueEffectOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()
    version = serializers.IntegerField(help_text="of the schema, by which it asks now")
    open_tasks = serializers.IntegerField()
    n_stale = serializers.IntegerField(help_text="answers by classes that are split or retired")
    moves = serializers.BooleanField(help_text="it will ask by the new version")


class AskAgainOut(serializers.Serializer[Any]):
    question = serializers.CharField()
    items = serializers.IntegerField(help_text="left without a label by a split")
    like = serializers.CharField(allow_null=True, help_text="name of the queue in whose way they would be asked")
    redundancy = serializers.IntegerField(help_text="labels that each item would get")


class ChangePreviewOut(serializers.Serializer[Any]):
    labels = LabelCountsOut(many=True)
    queues = QueueEffectOut(many=True)
    again = AskAgainOut(many=True, help_text="what `ask_again` would do")


class SchemaChangeOut(serializers.Serializer[Any]):
    id = serializers.UUIDField(source="public_id")
    name = serializers.CharField()
    before = serializers.UUIDField(source="before.public_id")
    after = serializers.UUIDField(source="after.public_id", allow_null=True)
    version = serializers.IntegerField(source="after.version", allow_null=True)
    operations = serializers.ListField(child=serializers.JSONField())
    labels = serializers.SerializerMethodField()
    by = serializers.CharField(source="created_by.name", allow_null=True)
    created_at = serializers.DateTimeField()
    applied_at = serializers.DateTimeField(allow_null=True)
    job = JobOut(allow_null=True)

    @extend_schema(responses=LabelCountsOut(many=True))
    def get_labels(self, change: Any) -> list[dict[str, Any]]:
        """What was done; empty until it is."""
        return list((change.counts or {}).get("labels", []))


class SchemaChangesView(ProjectView):
    """Changes of one family, by its version that they start from."""

    roles_read = READERS
    roles_write = LEADS
    serializer_class = SchemaChangeOut

    def get_queryset(self) -> QuerySet[Any]:
        schema = schemas.schema_for(self.project, self.kwargs["public_id"])
        return schemas.changes_of(schema)

    @extend_schema(operation_id="schema_changes_list", responses=SchemaChangeOut(many=True), tags=TAGS)
    def list(self, request: Request, slug: str, public_id: str) -> Response:
        """Changes of the schema's family, newest first, with what became of its labels."""
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(SchemaChangeOut(page, many=True).data)

    @extend_schema(
        operation_id="schema_changes_create", request=NewSchemaChangeIn, responses={202: SchemaChangeOut}, tags=TAGS
    )
    def create(self, request: Request, slug: str, public_id: str) -> Response:
        """Make the next version by operations and bring labels and queues along, as a job."""
        return answer_once(request, lambda: self._create(request, public_id))

    def _create(self, request: Request, public_id: str) -> Response:
        form = _form(NewSchemaChangeIn, request)
        change = start_change(schema=schemas.schema_for(self.project, public_id), by=self.user, **form)
        return Response(SchemaChangeOut(change).data, status=202)


class SchemaChangePreviewView(ProjectView):
    roles_read = LEADS
    roles_write = LEADS
    serializer_class = ChangePreviewOut

    @extend_schema(
        operation_id="schema_changes_preview", request=SchemaChangeIn, responses={200: ChangePreviewOut}, tags=TAGS
    )
    def create(self, request: Request, slug: str, public_id: str) -> Response:
        """Count what a change would do, without doing it."""
        form = _form(SchemaChangeIn, request)
        form.pop("name")
        preview = preview_change(schema=schemas.schema_for(self.project, public_id), **form)
        return Response(ChangePreviewOut(preview.to_json()).data)


def _form(kind: type[SchemaChangeIn], request: Request) -> dict[str, Any]:
    form = kind(data=request.data)
    form.is_valid(raise_exception=True)
    return dict(form.validated_data)
