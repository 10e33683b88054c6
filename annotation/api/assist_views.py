"""An operator's networks that find an object from a hint. A picture is named by the signed address it is shown from."""

import re
from typing import Any

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.media import opened_address
from accounts.api.permissions import require_scope
from annotation.assisting.frame import Found, Hint, run_lengths
from annotation.selectors.assist_models import installed_models
from annotation.services.hints import find_object
from common.problems import NotFound
from datasets.geometry.rle import counts_to_string

_CONTENT = re.compile(r"^p/\d+/objects/[0-9a-f]{2}/[0-9a-f]{2}/([0-9a-f]{64})$")
AGAIN_AFTER_SECONDS = 1
FARTHEST = 1_000_000  # pixels from a corner of the picture


class AssistModelOut(serializers.Serializer[Any]):
    id = serializers.CharField()
    name = serializers.CharField()
    licence = serializers.CharField(help_text="as the operator wrote it; empty where the card cannot be read")
    problem = serializers.CharField(help_text="why it cannot be used, a sentence; else empty")


class AssistModelsOut(serializers.Serializer[Any]):
    results = AssistModelOut(many=True)


class PlaceSerializer(serializers.Serializer[Any]):
    x = serializers.FloatField(min_value=-FARTHEST, max_value=FARTHEST)
    y = serializers.FloatField(min_value=-FARTHEST, max_value=FARTHEST)
    inside = serializers.BooleanField(help_text="whether it belongs to the object")


class HintSerializer(serializers.Serializer[Any]):
    model = serializers.CharField(max_length=64)
    image = serializers.CharField(max_length=2000, help_text="the picture's `image_url`, as the task gave it")
    box = serializers.ListField(
        child=serializers.FloatField(min_value=-FARTHEST, max_value=FARTHEST),
        min_length=4,
        max_length=4,
        help_text="x, y, width, height around the object, pixels of the picture as it is shown",
    )
    points = serializers.ListField(child=PlaceSerializer(), required=False, default=list, max_length=100)


class FoundMaskOut(serializers.Serializer[Any]):
    x = serializers.IntegerField(help_text="of the upper left corner, pixels of the picture")
    y = serializers.IntegerField()
    size = serializers.ListField(child=serializers.IntegerField(), help_text="height, width of the mask")
    counts = serializers.CharField(help_text="COCO's compressed run lengths over that size")


class FoundOut(serializers.Serializer[Any]):
    state = serializers.ChoiceField(choices=["encoding", "ready"], help_text="encoding: ask the same again in a second")
    mask = FoundMaskOut(allow_null=True, help_text="null: nothing was found, or not yet")


class AssistModelsView(APIView):
    permission_classes = [IsAuthenticated]

    @extend_schema(operation_id="listAssistModels", tags=["annotation"], responses=AssistModelsOut)
    def get(self, request: Request) -> Response:
        """The networks in the operator's folder, also those that cannot be used, with why."""
        require_scope(request, write=False, accepted=("label",))
        return Response(AssistModelsOut({"results": installed_models()}).data)


class AssistMasksView(APIView):
    permission_classes = [IsAuthenticated]

    @extend_schema(
        operation_id="findObject",
        tags=["annotation"],
        request=HintSerializer,
        responses={200: FoundOut, 202: OpenApiResponse(FoundOut, description="the encoder has been sent for")},
    )
    def post(self, request: Request) -> Response:
        """The object that a box and clicks mean. The first hint in a picture answers 202 until it has been encoded."""
        require_scope(request, write=False, accepted=("label",))
        given = HintSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        said = given.validated_data
        project_id, key = opened_address(request._request, said["image"])
        content = _CONTENT.match(key)
        if content is None:
            raise NotFound("Only pictures that were imported can be asked about, not thumbnails or files.")
        points = tuple((one["x"], one["y"], one["inside"]) for one in said["points"])
        x, y, width, height = said["box"]
        hint = Hint(box=(x, y, width, height), points=points)
        answer = find_object(project_id=project_id, sha256=content[1], model_id=said["model"], hint=hint)
        if not answer.ready:
            waiting = {"state": "encoding", "mask": None}
            return Response(waiting, status=202, headers={"Retry-After": str(AGAIN_AFTER_SECONDS)})
        return Response({"state": "ready", "mask": answer.found and shown(answer.found)})


def shown(found: Found) -> dict[str, Any]:
    """The mask on the wire."""
    counts = counts_to_string(run_lengths(found.bits))
    return {"x": found.x, "y": found.y, "size": list(found.bits.shape), "counts": counts}
