"""People and one's own work."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from accounts.api.idempotency import answer_once
from accounts.api.permissions import LABELLERS, LEADS, READERS, ProjectView, require_scope
from accounts.models import ApiToken, Project, User
from accounts.selectors.projects import members_of, memberships_of
from annotation.api import serializers, show
from annotation.models import Annotator
from annotation.selectors.people import annotators_of, people
from annotation.selectors.queues import my_queues
from annotation.services.annotators import change_annotator, enrol
from common.problems import InvalidInput, NotFound

TAGS = ["annotation"]


class PeopleView(ProjectView):
    roles_read = READERS
    roles_write = LEADS
    serializer_class = serializers.PersonSerializer
    ordering = "pseudonym"

    def get_queryset(self) -> QuerySet[Annotator]:
        return annotators_of(self.user, self.project)

    @extend_schema(operation_id="listPeople", tags=TAGS, responses=serializers.PersonSerializer(many=True))
    def list(self, request: Request, slug: str) -> Response:
        """Annotators with throughput, agreement and reliability."""
        page: list[Annotator] = self.paginate_queryset(self.get_queryset()) or []
        shown = [show.person(one) for one in people(page)]
        return self.get_paginated_response(serializers.PersonSerializer(shown, many=True).data)

    @extend_schema(
        operation_id="enrolAnnotator",
        tags=TAGS,
        request=serializers.EnrolSerializer,
        responses={201: serializers.PersonSerializer},
    )
    def create(self, request: Request, slug: str) -> Response:
        """Describe a member as an annotator before they have labelled."""
        return answer_once(request, lambda: self._create(request))

    def _create(self, request: Request) -> Response:
        body = serializers.EnrolSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        given = dict(body.validated_data)
        member = members_of(self.project).filter(user__public_id=given.pop("user")).first()
        if member is None:
            raise InvalidInput("This person is no member of the project. Add them under Settings, Members first.")
        annotator = enrol(project=self.project, user=member.user, by=self.user, **given)
        return Response(self._shown(annotator), status=201)

    @extend_schema(operation_id="getPerson", tags=TAGS, responses=serializers.PersonSerializer)
    def retrieve(self, request: Request, slug: str, id: UUID) -> Response:
        return Response(self._shown(self._annotator(id)))

    @extend_schema(
        operation_id="changePerson",
        tags=TAGS,
        request=serializers.PersonChangeSerializer,
        responses=serializers.PersonSerializer,
    )
    def partial_update(self, request: Request, slug: str, id: UUID) -> Response:
        """Set kind, skills or state."""
        body = serializers.PersonChangeSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        return Response(
            self._shown(change_annotator(annotator=self._annotator(id), by=self.user, **body.validated_data))
        )

    def _annotator(self, public_id: UUID) -> Annotator:
        found = self.get_queryset().filter(public_id=public_id).first()
        if found is None:
            raise NotFound("There is no annotator here that you may see.")
        return found

    def _shown(self, annotator: Annotator) -> dict[str, Any]:
        return dict(serializers.PersonSerializer(show.person(people([annotator])[0])).data)


class MyWorkView(ProjectView):
    """One's own queues in a project."""

    roles_read = LABELLERS
    scopes = ("label",)
    serializer_class = serializers.MyWorkSerializer

    @extend_schema(operation_id="getMyWorkInProject", tags=TAGS, responses=serializers.MyWorkSerializer)
    def retrieve(self, request: Request, slug: str) -> Response:
        return Response(_my_work(self.user, self.project))


class AllMyWorkView(GenericViewSet[Any]):
    """One's own queues over all projects."""

    serializer_class = serializers.MyWorkSerializer

    @extend_schema(operation_id="getMyWork", tags=TAGS, responses=serializers.MyWorkSerializer)
    def retrieve(self, request: Request) -> Response:
        require_scope(request, write=False, accepted=("label",))
        assert isinstance(request.user, User)
        token = request.auth
        return Response(_my_work(request.user, token.project if isinstance(token, ApiToken) else None))


def _my_work(user: User, project: Project | None) -> dict[str, Any]:
    memberships = memberships_of(user).exclude(role="researcher")
    if project is not None:
        memberships = memberships.filter(project=project)
    found = show.my_work(user, my_queues(user, project), list(memberships))
    return dict(serializers.MyWorkSerializer(found).data)
