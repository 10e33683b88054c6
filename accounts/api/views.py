"""Projects, members, tokens, jobs, notifications, audit trail."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from accounts.api.idempotency import answer_once
from accounts.api.permissions import EVERYONE, LEADS, READERS, ProjectView
from accounts.api.serializers import (
    AccountIn,
    AccountLinkIn,
    AccountOut,
    AuditEntryOut,
    JobOut,
    LinkOut,
    MemberIn,
    MemberOut,
    NotificationOut,
    ProjectIn,
    ProjectOut,
    TokenCreatedOut,
    TokenIn,
    TokenOut,
)
from accounts.models import ApiToken, AuditEntry, Job, Membership, Notification, Project, Role, User
from accounts.selectors.projects import members_of, project_for, projects_visible_to
from accounts.services import jobs, notifications, passwords, people, tokens
from common.problems import Forbidden

TAGS = ["accounts"]


def _signed_in(request: Request) -> User:
    user = request.user
    assert isinstance(user, User)  # IsAuthenticated ran before
    return user


def _only_in_person(request: Request) -> None:
    if isinstance(request.auth, ApiToken):
        raise Forbidden("A token cannot manage tokens or projects. Sign in with a browser.")


@extend_schema_view(list=extend_schema(operation_id="projects_list", tags=TAGS))
class ProjectsView(ListModelMixin, GenericViewSet[Project]):
    serializer_class = ProjectOut

    def get_queryset(self) -> QuerySet[Project]:
        if getattr(self, "swagger_fake_view", False):
            return Project.objects.none()
        token = self.request.auth
        return projects_visible_to(_signed_in(self.request), token if isinstance(token, ApiToken) else None)

    @extend_schema(operation_id="projects_create", request=ProjectIn, responses={201: ProjectOut}, tags=TAGS)
    def create(self, request: Request) -> Response:
        """Open a project."""
        _only_in_person(request)
        form = ProjectIn(data=request.data)
        form.is_valid(raise_exception=True)

        def work() -> Response:
            project = people.create_project(by=_signed_in(request), **form.validated_data)
            return Response(ProjectOut(project).data, status=201)

        return answer_once(request, work)


class AccountsView(GenericViewSet[User]):
    """Accounts are made by operators and owners; nobody signs up."""

    serializer_class = AccountOut
    queryset = User.objects.none()

    @extend_schema(operation_id="accounts_create", request=AccountIn, responses={201: AccountOut}, tags=TAGS)
    def create(self, request: Request) -> Response:
        """Make an account, with a first password or a link by which the person chooses it; the link is told once."""
        _only_in_person(request)
        form = AccountIn(data=request.data)
        form.is_valid(raise_exception=True)
        values: dict[str, Any] = dict(form.validated_data)
        by, slug = _signed_in(request), values.pop("project")
        project = project_for(by, slug) if slug else None
        with transaction.atomic():
            user = people.create_account(by=by, project=project, **values)
            told = None if values["password"] else self._link(user, by)
        return Response(AccountOut({"user": user, "link": told}).data, status=201)

    @extend_schema(operation_id="accounts_link", request=AccountLinkIn, responses={201: LinkOut}, tags=TAGS)
    def link(self, request: Request) -> Response:
        """A new link by which somebody chooses a password; it is told once, and ends the earlier ones of a newcomer."""
        _only_in_person(request)
        form = AccountLinkIn(data=request.data)
        form.is_valid(raise_exception=True)
        by = _signed_in(request)
        if not people.may_make_accounts(by):
            raise Forbidden("Only operators and owners can give out links. Ask one of them.")
        user = people.user_by_email(form.validated_data["email"])
        return Response(LinkOut(self._link(user, by)).data, status=201)

    @staticmethod
    def _link(user: User, by: User) -> dict[str, Any]:
        secret, until = passwords.issue_link(user=user, by=by)
        # Behind the #: browsers do not send that part, so that no log on the way keeps the secret.
        return {"path": f"/welcome#user={user.public_id}&key={secret}", "expires_at": until}


class MembersView(ProjectView):
    serializer_class = MemberOut
    queryset = Membership.objects.none()
    roles_read = READERS
    roles_write = frozenset({Role.OWNER})

    @extend_schema(operation_id="members_list", responses=MemberOut(many=True), tags=TAGS)
    def list(self, request: Request, slug: str) -> Response:
        """People of the project."""
        page = self.paginate_queryset(members_of(self.project))
        return self.get_paginated_response(MemberOut(page, many=True).data)

    @extend_schema(operation_id="members_set", request=MemberIn, responses=MemberOut, tags=TAGS)
    def create(self, request: Request, slug: str) -> Response:
        """Add a person, or change a role."""
        form = MemberIn(data=request.data)
        form.is_valid(raise_exception=True)
        membership = people.set_role(project=self.project, by=self.user, **form.validated_data)
        return Response(MemberOut(membership).data)

    @extend_schema(operation_id="members_remove", request=None, responses={204: None}, tags=TAGS)
    def destroy(self, request: Request, slug: str, user_id: str) -> Response:
        """Take a person out."""
        membership = get_object_or_404(Membership, project=self.project, user__public_id=user_id)
        people.remove_member(project=self.project, user=membership.user, by=self.user)
        return Response(status=204)


@extend_schema_view(list=extend_schema(operation_id="tokens_list", tags=TAGS))
class TokensView(ListModelMixin, GenericViewSet[ApiToken]):
    serializer_class = TokenOut
    lookup_field = "public_id"

    def get_queryset(self) -> QuerySet[ApiToken]:
        if getattr(self, "swagger_fake_view", False):
            return ApiToken.objects.none()
        _only_in_person(self.request)
        return ApiToken.objects.visible_to(_signed_in(self.request)).select_related("project")

    @extend_schema(operation_id="tokens_create", request=TokenIn, responses={201: TokenCreatedOut}, tags=TAGS)
    def create(self, request: Request) -> Response:
        """Make a token; its text is in this answer and nowhere else, so a repeated Idempotency-Key answers 409."""
        _only_in_person(request)
        form = TokenIn(data=request.data)
        form.is_valid(raise_exception=True)
        values: dict[str, Any] = dict(form.validated_data)
        slug = values.pop("project")
        project = project_for(_signed_in(request), slug) if slug else None
        token, text = tokens.create_token(
            user=_signed_in(request), project=project, request_key=request.headers.get("Idempotency-Key"), **values
        )
        return Response({**TokenOut(token).data, "token": text}, status=201)

    @extend_schema(operation_id="tokens_revoke", request=None, responses={204: None}, tags=TAGS)
    def destroy(self, request: Request, public_id: str) -> Response:
        """End a token."""
        _only_in_person(request)
        tokens.revoke_token(token=self.get_object(), by=_signed_in(request))
        return Response(status=204)


@extend_schema_view(
    list=extend_schema(operation_id="jobs_list", tags=TAGS), retrieve=extend_schema(operation_id="jobs_get", tags=TAGS)
)
class JobsView(ListModelMixin, RetrieveModelMixin, ProjectView):
    serializer_class = JobOut
    queryset = Job.objects.none()
    lookup_field = "public_id"
    roles_read = READERS
    roles_write = LEADS

    def get_queryset(self) -> QuerySet[Job]:
        if getattr(self, "swagger_fake_view", False):
            return Job.objects.none()
        found = Job.objects.visible_to(self.user).filter(project=self.project)
        return found.unfinished() if self.request.query_params.get("unfinished") == "1" else found

    @extend_schema(operation_id="jobs_cancel", request=None, responses={202: JobOut}, tags=TAGS)
    def cancel(self, request: Request, slug: str, public_id: str) -> Response:
        """Ask a job to end."""
        job = self.get_object()
        jobs.request_cancel(job=job)
        job.refresh_from_db()
        return Response(JobOut(job).data, status=202)


@extend_schema_view(list=extend_schema(operation_id="notifications_list", tags=TAGS))
class NotificationsView(ListModelMixin, ProjectView):
    serializer_class = NotificationOut
    queryset = Notification.objects.none()
    roles_read = roles_write = EVERYONE

    def get_queryset(self) -> QuerySet[Notification]:
        if getattr(self, "swagger_fake_view", False):
            return Notification.objects.none()
        return Notification.objects.visible_to(self.user).filter(project=self.project).select_related("project")

    @extend_schema(operation_id="notifications_mark_read", request=None, responses={204: None}, tags=TAGS)
    def create(self, request: Request, slug: str) -> Response:
        """Everything in this project has been seen."""
        notifications.mark_read(user=self.user, project=self.project)
        return Response(status=204)


@extend_schema_view(list=extend_schema(operation_id="audit_trail_list", tags=TAGS))
class AuditTrailView(ListModelMixin, ProjectView):
    serializer_class = AuditEntryOut
    queryset = AuditEntry.objects.none()
    roles_read = LEADS

    def get_queryset(self) -> QuerySet[AuditEntry]:
        if getattr(self, "swagger_fake_view", False):
            return AuditEntry.objects.none()
        return AuditEntry.objects.visible_to(self.user).filter(project=self.project).select_related("actor")
