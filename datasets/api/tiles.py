"""How a large picture is looked at in parts, by signed address: bound to its user like that of a picture."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.media import seconds_left, signed_folder_url, signed_here
from accounts.models import Project, User
from datasets.imaging.tiling import MEDIA_TYPE
from datasets.selectors.tiles import PATTERN, SALT, TileInfo, tiles_of, tiles_prefix


class TilesOut(serializers.Serializer[Any]):
    state = serializers.ChoiceField(choices=["pending", "ready", "failed"])
    problem = serializers.CharField(help_text="why it failed, a sentence; else empty")
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    tile_size = serializers.IntegerField(help_text="pixels a side; tiles at the right and the lower edge are smaller")
    min_level = serializers.IntegerField(help_text="the level that is one tile")
    max_level = serializers.IntegerField(help_text="the level at full size, numbered as in Deep Zoom")
    url = serializers.CharField(help_text="with {level}, {column} and {row} to be filled in; empty until it is ready")


def shown(user: User, project: Project, info: TileInfo) -> dict[str, Any]:
    """What a viewer has to know."""
    pyramid, url = info.pyramid, ""
    if info.state == "ready":
        prefix = tiles_prefix(project.pk, info.sha256)
        url = f"{signed_folder_url(user, project, prefix, media_type=MEDIA_TYPE)}{PATTERN}"
    return {
        "state": info.state, "problem": info.problem, "width": pyramid.width, "height": pyramid.height,
        "tile_size": pyramid.tile_side, "min_level": pyramid.lowest, "max_level": pyramid.highest, "url": url,
    }  # fmt: skip


class TilesView(APIView):
    permission_classes = [IsAuthenticated]

    @extend_schema(operation_id="getTiles", tags=["datasets"], responses=TilesOut)
    def get(self, request: Request, signed: str) -> Response:
        """The levels of a large picture and where its tiles are; the address comes with the task or the item."""
        user_id, project_id, item_id, expires = signed_here(signed, salt=SALT)
        seconds_left(request._request, user_id, project_id, expires)
        return Response(shown(User(pk=user_id), Project(pk=project_id), tiles_of(project_id, item_id)))
