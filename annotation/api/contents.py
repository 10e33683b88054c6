"""The words of a text and the columns of a row, by signed address: bound to its user like that of a picture."""

from datetime import UTC, datetime
from typing import Any

from django.core import signing
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.media import seconds_left, signed_here, valid_until
from datasets.selectors.contents import written_content

SALT = "content"


def signed_content_url(user_id: int, project_id: int, item_id: int) -> str:
    """An address that only works for this user while they are in the project; the same for hours, so it is cached."""
    content = [user_id, project_id, item_id, valid_until(datetime.now(UTC))]
    return f"/api/v1/contents/{signing.Signer(salt=SALT).sign_object(content)}"


class ContentColumnSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    type = serializers.ChoiceField(choices=["boolean", "integer", "number", "datetime", "category", "text"])
    unit = serializers.CharField()
    value = serializers.JSONField(allow_null=True, help_text="null: the row has no value there")


class ContentSerializer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=["text", "record"])
    text = serializers.CharField(help_text="of a text, as it was imported; empty for a record")
    columns = ContentColumnSerializer(many=True, help_text="of a record, in their order")


class ContentView(APIView):
    permission_classes = [IsAuthenticated]

    @extend_schema(operation_id="getContent", tags=["annotation"], responses=ContentSerializer)
    def get(self, request: Request, signed: str) -> Response:
        """What a text or a record says; the address comes with the task. Nothing else about the item is told."""
        user_id, project_id, item_id, expires = signed_here(signed, salt=SALT)
        seconds = seconds_left(request._request, user_id, project_id, expires)
        found = written_content(project_id, item_id)
        shown = {"kind": found.kind, "text": found.text, "columns": [vars(one) for one in found.columns]}
        headers = {"Cache-Control": f"private, max-age={seconds}, immutable"}
        return Response(shown, headers=headers)
