"""What the hot endpoints take and give, for the OpenAPI document only: their views do without serializers."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.views import APIView

HotView = Callable[..., HttpResponse]


class OneAnswerSerializer(serializers.Serializer[Any]):
    """To one question of several."""

    kind = serializers.ChoiceField(choices=["class", "number", "text", "shapes", "none_of_these", "cannot_tell"])
    classes = serializers.ListField(child=serializers.CharField(), required=False)
    number = serializers.FloatField(required=False)
    text = serializers.CharField(required=False)
    shapes = serializers.ListField(child=serializers.DictField(), required=False)


class AnswerSerializer(serializers.Serializer[Any]):
    """docs/label-format.md says what each kind carries."""

    kind = serializers.ChoiceField(
        choices=["class", "number", "text", "shapes", "answers", "none_of_these", "cannot_tell", "skip"]
    )
    classes = serializers.ListField(child=serializers.CharField(), required=False)
    reason = serializers.CharField(required=False, allow_null=True)
    number = serializers.FloatField(required=False)
    text = serializers.CharField(required=False)
    shapes = serializers.ListField(child=serializers.DictField(), required=False)
    answers = serializers.DictField(
        child=OneAnswerSerializer(), required=False, help_text="to several questions: an answer by question key"
    )


class WorkItemSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    sha256 = serializers.CharField()
    kind = serializers.ChoiceField(choices=["image", "text", "record"])
    width = serializers.IntegerField(allow_null=True)
    height = serializers.IntegerField(allow_null=True)
    image_url = serializers.CharField(allow_null=True)
    thumbnail_url = serializers.CharField(allow_null=True)
    tiles_url = serializers.CharField(
        allow_null=True, help_text="of a picture above 50 megapixels: where its tiles are told of; do not show it whole"
    )
    content_url = serializers.CharField(allow_null=True, help_text="of a text or a record: where it can be read")
    name = serializers.CharField()


class OwnSubmissionSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    task = serializers.IntegerField()
    lease = serializers.UUIDField()
    revision = serializers.IntegerField()
    answer = AnswerSerializer()
    comment = serializers.CharField()
    flagged = serializers.BooleanField()
    submitted_at = serializers.DateTimeField()
    editable_until = serializers.DateTimeField()
    item = WorkItemSerializer()


class RemarkSerializer(serializers.Serializer[Any]):
    comment = serializers.CharField()
    x = serializers.FloatField(allow_null=True, help_text="pixels of the picture, from its left edge; null: no place")
    y = serializers.FloatField(allow_null=True)
    answer = AnswerSerializer(allow_null=True, help_text="one's own that came back; null when it was another person's")


class LeaseSerializer(serializers.Serializer[Any]):
    lease = serializers.UUIDField()
    task = serializers.IntegerField()
    expires_at = serializers.DateTimeField()
    item = WorkItemSerializer()
    previous = OwnSubmissionSerializer(allow_null=True)
    remark = RemarkSerializer(allow_null=True, help_text="of the reviewer who sent it back")


class PolicySerializer(serializers.Serializer[Any]):
    lease_seconds = serializers.IntegerField()
    heartbeat_seconds = serializers.IntegerField()
    max_want = serializers.IntegerField()
    edit_seconds = serializers.IntegerField()


class NextRequestSerializer(serializers.Serializer[Any]):
    want = serializers.IntegerField(help_text="leases this tab wants to hold in all, those in holding included")
    holding = serializers.ListField(child=serializers.UUIDField())
    tab = serializers.CharField()


class NextSerializer(serializers.Serializer[Any]):
    leases = LeaseSerializer(many=True, help_text="those the client does not hold yet")
    lost = serializers.ListField(child=serializers.UUIDField(), help_text="tokens in holding that are no longer valid")
    remaining = serializers.IntegerField(help_text="at most this many tasks are left for this annotator")
    message = serializers.ChoiceField(
        choices=[
            "nothing-left", "queue-paused", "queue-closed", "annotator-paused", "limit-day", "limit-person",
            "limit-share",
        ],
        allow_null=True,
    )  # fmt: skip
    advice = serializers.ChoiceField(
        choices=["take-a-break"], allow_null=True, help_text="after several known answers missed in a row"
    )
    guideline = serializers.IntegerField(help_text="revision of the instructions; a higher one is to be shown once")
    policy = PolicySerializer()


class ShownSuggestionSerializer(serializers.Serializer[Any]):
    model = serializers.UUIDField()
    classes = serializers.ListField(child=serializers.CharField())
    probability = serializers.FloatField()
    confirmed = serializers.BooleanField(help_text="the person gave the same answer")


class SubmissionRequestSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField(help_text="minted by the client: the idempotency key")
    lease = serializers.UUIDField()
    task = serializers.IntegerField()
    revision = serializers.IntegerField()
    schema_version = serializers.IntegerField()
    answer = AnswerSerializer()
    comment = serializers.CharField(required=False, allow_blank=True)
    flagged = serializers.BooleanField(required=False)
    started_at = serializers.DateTimeField(required=False, allow_null=True)
    duration_ms = serializers.IntegerField(required=False)
    tab = serializers.CharField(required=False, allow_blank=True)
    suggestion = ShownSuggestionSerializer(
        required=False, allow_null=True, help_text="what a model said, when it was shown to whoever answered"
    )


class ReceiptSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    task = serializers.IntegerField()
    revision = serializers.IntegerField()
    editable_until = serializers.DateTimeField()


class LeaseListRequestSerializer(serializers.Serializer[Any]):
    tab = serializers.CharField()
    leases = serializers.ListField(child=serializers.UUIDField())


class HeartbeatSerializer(serializers.Serializer[Any]):
    leases = inline_serializer(
        "RenewedLease", {"lease": serializers.UUIDField(), "expires_at": serializers.DateTimeField()}, many=True
    )
    lost = serializers.ListField(child=serializers.UUIDField())


class ReleasedSerializer(serializers.Serializer[Any]):
    released = serializers.ListField(child=serializers.UUIDField())


def described(operation_id: str, request: Any, responses: Any) -> Callable[[HotView], HotView]:
    """Let drf-spectacular see a plain view as if it were DRF's: it looks at the attribute `cls`."""

    def decorate(view: HotView) -> HotView:
        @extend_schema(operation_id=operation_id, tags=["annotation"], request=request, responses=responses)
        def post(self: APIView, request: Request, **where: Any) -> HttpResponse:
            return view(request._request, **where)

        view.cls = type(operation_id, (APIView,), {"post": post, "permission_classes": [IsAuthenticated]})  # type: ignore[attr-defined]
        view.initkwargs = {}  # type: ignore[attr-defined]  # the generator reads it from every view
        return view

    return decorate
