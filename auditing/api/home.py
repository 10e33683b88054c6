"""Home for each role, and the palette."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.permissions import EVERYONE, REVIEWERS, ProjectView
from accounts.models import Project, Role
from auditing.api.home_serializers import HitOut, HomeOut
from auditing.selectors.loop import loop_of
from auditing.selectors.next_steps import next_steps
from auditing.selectors.search import search
from datasets.selectors.versions import versions_of

TAGS = ["auditing"]
NEWEST_VERSIONS = 12


def _version(version: Any) -> dict[str, Any]:
    summary = version.summary or {}
    return {
        "ref": str(version),
        "content_hash": version.content_hash,
        "created_at": version.created_at,
        "items": summary.get("items", 0),
        "classes": len(summary.get("classes", [])),
        "splits": summary.get("splits", {}),
    }


class HomeView(ProjectView):
    serializer_class = HomeOut
    queryset = Project.objects.none()
    roles_read = EVERYONE

    @extend_schema(operation_id="home_get", responses=HomeOut, tags=TAGS)
    def retrieve(self, request: Request, slug: str) -> Response:
        """The loop with live figures, what to do next, and the newest versions, as far as the role goes."""
        role = self.membership.role
        told: dict[str, Any] = {"role": role, "stations": [], "next_steps": [], "versions": []}
        if role in REVIEWERS:
            loop = loop_of(self.project)
            told["stations"] = loop.stations
            told["next_steps"] = next_steps(self.project, loop, Role(role))
        if role != Role.ANNOTATOR:
            told["versions"] = [_version(one) for one in versions_of(self.project)[:NEWEST_VERSIONS]]
        return Response(HomeOut(told).data)


class SearchView(ProjectView):
    serializer_class = HitOut
    queryset = Project.objects.none()
    roles_read = EVERYONE

    @extend_schema(
        operation_id="search",
        responses=HitOut(many=True),
        tags=TAGS,
        parameters=[OpenApiParameter("q", OpenApiTypes.STR, required=True, description="Two letters or more.")],
    )
    def list(self, request: Request, slug: str) -> Response:
        """At most six hits of each kind."""
        hits = search(self.user, self.membership, request.query_params.get("q", ""))
        return Response(HitOut(hits, many=True).data)
