"""Recipes, runs, looks."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.idempotency import answer_once
from accounts.api.permissions import LEADS, READERS, ProjectView
from accounts.models import Role
from common.problems import InvalidInput
from datasets.selectors.versions import version_for
from training.api.run_serializers import (
    BaselinesIn,
    CurvesOut,
    ExportIn,
    LedgerOut,
    MissingExportOut,
    RecipesOut,
    RunDetailOut,
    RunIn,
    RunOut,
)
from training.modelling.catalogue import CATALOGUE
from training.models import Run, RunState
from training.selectors.looks import ledger, validation_looks
from training.selectors.runs import curves, run_for, runs_of
from training.services import export_jobs, runs

TAGS = ["training"]
TRAINERS = LEADS | {Role.RESEARCHER}


class RecipesView(ProjectView):
    pagination_class = None
    serializer_class = RecipesOut
    roles_read = READERS

    @extend_schema(operation_id="recipes_list", responses=RecipesOut, tags=TAGS)
    def list(self, request: Request, slug: str) -> Response:
        """Ways to make a model, with their settings described for a form."""
        return Response({"results": [info.as_json() for info in CATALOGUE.values()], "next": None})


class RunsView(ProjectView):
    serializer_class = RunOut
    queryset = Run.objects.none()
    roles_read = READERS
    roles_write = TRAINERS
    ordering = "-id"

    @extend_schema(
        operation_id="runs_list",
        responses=RunOut(many=True),
        tags=TAGS,
        parameters=[
            OpenApiParameter("version", str, description="name@v3"),
            OpenApiParameter("state", str, enum=list(RunState.values)),
        ],
    )
    def list(self, request: Request, slug: str) -> Response:
        """Runs, the latest first."""
        found = runs_of(self.user, self.project)
        if ref := request.query_params.get("version"):
            found = found.filter(version=version_for(self.project, ref))
        if state := request.query_params.get("state"):
            if state not in RunState.values:
                raise InvalidInput(
                    f"state is one of {', '.join(RunState.values)}, not {state}.", errors={"state": ["Unknown."]}
                )
            found = found.filter(state=state)
        return self.get_paginated_response(RunOut(self.paginate_queryset(found), many=True).data)

    @extend_schema(operation_id="runs_start", request=RunIn, responses={202: RunDetailOut}, tags=TAGS)
    def create(self, request: Request, slug: str) -> Response:
        """Start a run. A network without baselines on the version starts them too."""
        form = RunIn(data=request.data)
        form.is_valid(raise_exception=True)

        def work() -> Response:
            run = runs.start_run(project=self.project, by=self.user, **self._target(form.validated_data))
            return Response(self._detail(run.public_id), status=202)

        return answer_once(request, work)

    @extend_schema(
        operation_id="runs_start_baselines", request=BaselinesIn, responses={202: RunOut(many=True)}, tags=TAGS
    )
    def baselines(self, request: Request, slug: str) -> Response:
        """Start the baselines that have not been run on this version for this target; answers with the new runs."""
        form = BaselinesIn(data=request.data)
        form.is_valid(raise_exception=True)

        def work() -> Response:
            started = runs.start_baselines(project=self.project, by=self.user, **self._target(form.validated_data))
            return Response({"results": RunOut(started, many=True).data, "next": None}, status=202)

        return answer_once(request, work)

    def _target(self, values: dict[str, Any]) -> dict[str, Any]:
        return values | {"version": version_for(self.project, values["version"]), "left_out": tuple(values["left_out"])}

    def _detail(self, public_id: UUID) -> Any:
        run = run_for(self.user, self.project, public_id)
        looks = validation_looks(run.version_id, run.question)
        return RunDetailOut(run, context={"looks": looks}).data

    @extend_schema(operation_id="runs_get", responses=RunDetailOut, tags=TAGS)
    def retrieve(self, request: Request, slug: str, public_id: UUID) -> Response:
        """A run with its metrics, comparison, looks."""
        return Response(self._detail(public_id))

    @extend_schema(operation_id="runs_curves", responses=CurvesOut, tags=TAGS)
    def curves(self, request: Request, slug: str, public_id: UUID) -> Response:
        """Training and validation curves, and where overfitting starts."""
        return Response(CurvesOut(curves(run_for(self.user, self.project, public_id))).data)

    @extend_schema(operation_id="runs_cancel", request=None, responses={202: RunDetailOut}, tags=TAGS)
    def cancel(self, request: Request, slug: str, public_id: UUID) -> Response:
        """Ask a run to end."""
        runs.cancel_run(run=run_for(self.user, self.project, public_id), by=self.user)
        return Response(self._detail(public_id), status=202)

    @extend_schema(operation_id="runs_start_export", request=ExportIn, responses={202: MissingExportOut}, tags=TAGS)
    def start_export(self, request: Request, slug: str, public_id: UUID) -> Response:
        """Export the run's model in another format and measure it. What is there, or under way, is not made twice."""
        form = ExportIn(data=request.data)
        form.is_valid(raise_exception=True)

        def work() -> Response:
            run = run_for(self.user, self.project, public_id)
            asked = export_jobs.start_export(run=run, format=form.validated_data["format"], by=self.user)
            return Response(MissingExportOut(asked).data, status=202)

        return answer_once(request, work)

    @extend_schema(operation_id="runs_rerun", request=None, responses={202: RunDetailOut}, tags=TAGS)
    def rerun(self, request: Request, slug: str, public_id: UUID) -> Response:
        """Do a run again from its row."""

        def work() -> Response:
            again = runs.rerun(run=run_for(self.user, self.project, public_id), by=self.user)
            return Response(self._detail(again.public_id), status=202)

        return answer_once(request, work)


class LooksView(ProjectView):
    pagination_class = None
    serializer_class = LedgerOut
    roles_read = READERS

    @extend_schema(
        operation_id="looks_list",
        responses=LedgerOut,
        tags=TAGS,
        parameters=[OpenApiParameter("version", str, description="name@v3")],
    )
    def list(self, request: Request, slug: str) -> Response:
        """How often validation rows were looked at, and the ledger of looks at the test split."""
        ref = request.query_params.get("version")
        version = version_for(self.project, ref) if ref else None
        return Response(LedgerOut(ledger(self.project, version)).data)
