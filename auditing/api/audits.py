"""Audits and their schedules."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.idempotency import answer_once
from accounts.api.permissions import LEADS, READERS, ProjectView
from accounts.models import User
from annotation.selectors.pace import seconds_per_label
from auditing.api.pictures import image_url, thumbnail_url
from auditing.api.serializers import (
    AuditDetailOut,
    AuditEndIn,
    AuditErrorOut,
    AuditIn,
    AuditOut,
    AuditPreviewIn,
    AuditPreviewOut,
    ScheduleIn,
    ScheduleOut,
)
from auditing.models import Audit, AuditSchedule, AuditState
from auditing.selectors import audits as questions
from auditing.services.audit_progress import end_audit, take_in_answers
from auditing.services.audits import AuditPlan, create_audit, preview_audit
from auditing.services.schedules import end_schedule, set_schedule
from common.problems import NotFound
from training.selectors import endpoints

TAGS = ["auditing"]
BULKY = {"strata", "classes", "by_class", "confusion"}  # of a result: a thousand classes are a megabyte


class AuditsView(ProjectView):
    serializer_class = AuditOut
    queryset = Audit.objects.none()
    roles_read = READERS
    roles_write = LEADS

    @extend_schema(operation_id="audits_list", responses=AuditOut(many=True), tags=TAGS)
    def list(self, request: Request, slug: str) -> Response:
        """Audits, the latest first."""
        page: Any = self.paginate_queryset(questions.audits_of(self.user, self.project))
        for row in page:
            row.result = row.result and {key: told for key, told in row.result.items() if key not in BULKY}
        return self.get_paginated_response(AuditOut(page, many=True).data)

    @extend_schema(operation_id="audits_preview", request=AuditPreviewIn, responses=AuditPreviewOut, tags=TAGS)
    def preview(self, request: Request, slug: str) -> Response:
        """What an audit would ask and how exact its answer would be. Draws nothing."""
        form = AuditPreviewIn(data=request.data)
        form.is_valid(raise_exception=True)
        plan = self._plan("preview", form.validated_data)
        population, design = preview_audit(plan)
        labels = design.total * plan.redundancy
        pace = seconds_per_label(self.project)
        told = {
            **design.as_json(),
            "population": population.size,
            "without_input": population.without_input,
            "labels": labels,
            "hours": None if pace is None else labels * pace / 3600,
            "start": plan.window.start,
            "end": plan.window.end,
        }
        return Response(AuditPreviewOut(told).data)

    @extend_schema(operation_id="audits_create", request=AuditIn, responses={201: AuditDetailOut}, tags=TAGS)
    def create(self, request: Request, slug: str) -> Response:
        """Draw the sample and put it into a blind queue."""
        form = AuditIn(data=request.data)
        form.is_valid(raise_exception=True)
        values = form.validated_data

        def work() -> Response:
            plan = self._plan(values["name"], values)
            endpoint = endpoints.endpoint_for(self.user, self.project, values["endpoint"])
            audit = create_audit(project=self.project, endpoint=endpoint, plan=plan, by=self.user)
            return Response(self._shown(audit), status=201)

        return answer_once(request, work)

    def _plan(self, name: str, values: dict[str, Any]) -> AuditPlan:
        window = questions.window_for(
            self.user, self.project, endpoint=values["endpoint"], start=values["start"], end=values["end"]
        )
        return AuditPlan(
            name=name,
            window=window,
            budget=values["budget"],
            strata_by=values["strata_by"],
            allocation=values["allocation"],
            seed=values.get("seed", 0),
            redundancy=values["redundancy"],
            kinds=values.get("kinds", ()),
        )

    def _shown(self, audit: Audit) -> dict[str, Any]:
        fresh: Any = questions.audit_for(self.user, self.project, audit.public_id)
        fresh.class_names = questions.class_names(fresh)
        shown: dict[str, Any] = AuditDetailOut(fresh).data
        return shown

    @extend_schema(operation_id="audits_get", responses=AuditDetailOut, tags=TAGS)
    def retrieve(self, request: Request, slug: str, public_id: Any) -> Response:
        """One audit with its design and its number as of the last answers."""
        return Response(self._shown(questions.audit_for(self.user, self.project, public_id)))

    @extend_schema(operation_id="audits_refresh", request=None, responses=AuditDetailOut, tags=TAGS)
    def refresh(self, request: Request, slug: str, public_id: Any) -> Response:
        """Take in the answers given since, and compute again."""
        audit = questions.audit_for(self.user, self.project, public_id)
        take_in_answers(audit)
        return Response(self._shown(audit))

    @extend_schema(operation_id="audits_end", request=AuditEndIn, responses=AuditDetailOut, tags=TAGS)
    def end(self, request: Request, slug: str, public_id: Any) -> Response:
        """Complete or cancel."""
        form = AuditEndIn(data=request.data)
        form.is_valid(raise_exception=True)
        audit = questions.audit_for(self.user, self.project, public_id)
        end_audit(audit=audit, state=AuditState(form.validated_data["state"]), by=self.user)
        return Response(self._shown(audit))

    @extend_schema(operation_id="audits_errors", responses=AuditErrorOut(many=True), tags=TAGS)
    def errors(self, request: Request, slug: str, public_id: Any) -> Response:
        """What the model got wrong, as pictures; the surest first."""
        audit = questions.audit_for(self.user, self.project, public_id)
        rows = [
            {
                "request_id": row.request_id,
                "sha256": row.item.sha256,
                "thumbnail_url": thumbnail_url(self.user, self.project, row.item),
                "image_url": image_url(self.user, self.project, row.item),
                "predicted": row.predicted,
                "truth": row.truth,
                "score": row.score,
                "stratum": row.stratum,
                "inclusion_probability": row.inclusion_probability,
            }
            for row in questions.errors_of(audit)
        ]
        return Response(AuditErrorOut(rows, many=True).data)


class SchedulesView(ProjectView):
    serializer_class = ScheduleOut
    queryset = AuditSchedule.objects.none()
    roles_read = READERS
    roles_write = LEADS

    @extend_schema(operation_id="audit_schedules_list", responses=ScheduleOut(many=True), tags=TAGS)
    def list(self, request: Request, slug: str) -> Response:
        """Active schedules with the days by which they are late."""
        page = self.paginate_queryset(questions.schedules_of(self.user, self.project))
        return self.get_paginated_response(self._shown(page or []))

    @extend_schema(operation_id="audit_schedules_set", request=ScheduleIn, responses={201: ScheduleOut}, tags=TAGS)
    def create(self, request: Request, slug: str) -> Response:
        """Set the endpoint's schedule; an earlier one ends."""
        form = ScheduleIn(data=request.data)
        form.is_valid(raise_exception=True)
        values = form.validated_data
        owner = self.user
        if values["owner"] is not None:
            found = User.objects.filter(email__iexact=values["owner"], memberships__project=self.project).first()
            if found is None:
                raise NotFound(f"Nobody with the address {values['owner']} is in this project.")
            owner = found
        endpoint = endpoints.endpoint_for(self.user, self.project, values["endpoint"])

        def work() -> Response:
            schedule = set_schedule(
                project=self.project,
                endpoint=endpoint,
                cadence_days=values["cadence_days"],
                budget=values["budget"],
                strata_by=values["strata_by"],
                redundancy=values["redundancy"],
                kinds=values["kinds"],
                owner=owner,
                by=self.user,
            )
            return Response(self._shown([schedule])[0], status=201)

        return answer_once(request, work)

    @extend_schema(operation_id="audit_schedules_end", request=None, responses={204: None}, tags=TAGS)
    def destroy(self, request: Request, slug: str, public_id: Any) -> Response:
        """No further audits by this schedule."""
        schedule = get_object_or_404(questions.schedules_of(self.user, self.project), public_id=public_id)
        end_schedule(schedule=schedule, by=self.user)
        return Response(status=204)

    def _shown(self, schedules: Any) -> Any:
        late = questions.overdue_days(schedules)
        for schedule in schedules:
            schedule.overdue_days = late[schedule.pk]
        return ScheduleOut(schedules, many=True).data
