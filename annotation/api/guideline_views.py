"""What annotators are told: read by everyone who labels, written by leads."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.permissions import LABELLERS, LEADS, READERS, ProjectView
from annotation.api.hot.schema import WorkItemSerializer
from annotation.api.pictures import work_item
from annotation.models import ExampleKind, Queue
from annotation.selectors.guidelines import acknowledged_revision, guideline_of, item_ids_of, items_of, revisions_of
from annotation.selectors.queues import queue_for
from annotation.services.guidelines import Example, acknowledge, publish_guideline

TAGS = ["annotation"]
S = serializers.Serializer[Any]
EVERYONE = LABELLERS | READERS


class ExampleBase(S):
    kind = serializers.ChoiceField(choices=ExampleKind.choices)
    sentence = serializers.CharField(allow_blank=True, max_length=300)

    def get_fields(self) -> dict[str, Any]:
        # As an attribute it would be a word of Python.
        empty = "class key; empty: about the question as a whole"
        return {
            **super().get_fields(),
            "class": serializers.CharField(allow_blank=True, max_length=120, help_text=empty),
        }


class GuidelineExampleSerializer(ExampleBase):
    item = WorkItemSerializer()


class NewExampleSerializer(ExampleBase):
    item = serializers.RegexField("^[0-9a-f]{64}$", help_text="sha256 of an item of the project")


class GuidelineSerializer(S):
    revision = serializers.IntegerField()
    instructions = serializers.CharField()
    note = serializers.CharField(help_text="what changed in this revision")
    changed_at = serializers.DateTimeField(allow_null=True)
    examples = GuidelineExampleSerializer(many=True)
    acknowledged = serializers.IntegerField(allow_null=True, help_text="the latest revision that one has been shown")
    is_new = serializers.BooleanField(help_text="says something that one has not been shown")


class GuidelineChangeSerializer(S):
    instructions = serializers.CharField(allow_blank=True, trim_whitespace=False)
    examples = NewExampleSerializer(many=True)
    note = serializers.CharField(required=False, allow_blank=True, default="", max_length=300)
    base_revision = serializers.IntegerField(help_text="the revision that was edited")


class AcknowledgeSerializer(S):
    revision = serializers.IntegerField(min_value=1)


class GuidelineRevisionSerializer(S):
    revision = serializers.IntegerField()
    note = serializers.CharField()
    changed_at = serializers.DateTimeField(source="created_at")
    changed_by = serializers.SerializerMethodField()
    n_read = serializers.IntegerField(help_text="annotators who were shown it")

    def get_changed_by(self, row: Any) -> str | None:
        return str(row.created_by) if row.created_by else None


class GuidelineViewBase(ProjectView):
    scopes = ("label",)
    serializer_class: type[S] = GuidelineSerializer

    @property
    def queue(self) -> Queue:
        return queue_for(self.user, self.project, self.kwargs["id"])

    def shown(self, queue: Queue) -> Response:
        guideline = guideline_of(queue)
        seen = acknowledged_revision(queue, self.user)
        items = items_of(self.project, guideline)
        found = {
            **{name: getattr(guideline, name) for name in ("revision", "instructions", "note", "changed_at")},
            "examples": [
                {
                    "kind": one.kind,
                    "class": one.class_key,
                    "sentence": one.sentence,
                    "item": self._item(items[one.item_id]),
                }
                for one in guideline.examples
            ],
            "acknowledged": seen,
            "is_new": not guideline.is_empty and (seen is None or seen < guideline.revision),
        }
        return Response(GuidelineSerializer(found).data)

    def _item(self, item: Any) -> dict[str, Any]:
        # Without a name: in an audit it may tell what the model was told.
        names = ("sha256", "kind", "media_type", "object_key", "width", "height")
        row = {"item_id": item.pk, "name": "", **{name: getattr(item, name) for name in names}}
        return work_item(self.user, self.project.pk, row)


class GuidelineView(GuidelineViewBase):
    roles_read = EVERYONE
    roles_write = LEADS

    @extend_schema(operation_id="getGuideline", tags=TAGS, responses=GuidelineSerializer)
    def retrieve(self, request: Request, slug: str, id: UUID) -> Response:
        """Instructions with examples, and whether one has been shown them."""
        return self.shown(self.queue)

    @extend_schema(
        operation_id="publishGuideline", tags=TAGS, request=GuidelineChangeSerializer, responses=GuidelineSerializer
    )
    def update(self, request: Request, slug: str, id: UUID) -> Response:
        """Write the next revision, which is shown once to everyone who labels. The same again changes nothing."""
        body = GuidelineChangeSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        given = body.validated_data
        known = item_ids_of(self.project, [one["item"] for one in given["examples"]])
        examples = [
            Example(item_id=known[one["item"]], kind=one["kind"], class_key=one["class"], sentence=one["sentence"])
            for one in given["examples"]
        ]
        queue = publish_guideline(
            queue=self.queue, instructions=given["instructions"], examples=examples, note=given["note"],
            base_revision=given["base_revision"], by=self.user,
        )  # fmt: skip
        return self.shown(queue)


class AcknowledgeView(GuidelineViewBase):
    roles_read = roles_write = LABELLERS

    @extend_schema(
        operation_id="acknowledgeGuideline", tags=TAGS, request=AcknowledgeSerializer, responses=GuidelineSerializer
    )
    def create(self, request: Request, slug: str, id: UUID) -> Response:
        """One has been shown this revision. May be repeated."""
        body = AcknowledgeSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        queue = self.queue
        acknowledge(queue=queue, user=self.user, revision=body.validated_data["revision"])
        return self.shown(queue)


class GuidelineRevisionsView(GuidelineViewBase):
    roles_read = READERS
    roles_write = LEADS
    serializer_class = GuidelineRevisionSerializer

    @extend_schema(operation_id="listGuidelineRevisions", tags=TAGS, responses=GuidelineRevisionSerializer(many=True))
    def list(self, request: Request, slug: str, id: UUID) -> Response:
        """What changed when, and how many have been shown it; the latest first."""
        return Response(
            {"results": GuidelineRevisionSerializer(revisions_of(self.queue), many=True).data, "next": None}
        )
