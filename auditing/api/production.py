"""Production pages: the overview of an endpoint, checks against training data and over time, suggestions."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.permissions import LEADS, READERS, ProjectView
from accounts.api.serializers import JobOut
from auditing.api.home_serializers import (
    CheckIn,
    CompareIn,
    DismissIn,
    EndpointNameOut,
    ProductionOut,
    SuggestionOut,
)
from auditing.models import RetrainSuggestion
from auditing.selectors.audits import names_of, window_for
from auditing.selectors.overview import overview
from auditing.selectors.production import Window
from auditing.services import drift, retraining, suggestions
from common.problems import InvalidInput
from datasets.selectors import schemas
from training.selectors import endpoints

TAGS = ["auditing"]
MOST_DAYS = 500
PLANNED = ("endpoint__model_version__run__version__project",)


class ProductionView(ProjectView):
    serializer_class = ProductionOut
    queryset = RetrainSuggestion.objects.none()
    roles_read = READERS
    roles_write = LEADS

    @extend_schema(operation_id="production_endpoints", responses=EndpointNameOut(many=True), tags=TAGS)
    def endpoints(self, request: Request, slug: str) -> Response:
        """Endpoints to choose from."""
        found = endpoints.endpoints_of(self.user, self.project).order_by("name")
        return Response(EndpointNameOut(found, many=True).data)

    @extend_schema(
        operation_id="production_get",
        responses=ProductionOut,
        tags=TAGS,
        parameters=[
            OpenApiParameter("endpoint", OpenApiTypes.STR, required=True),
            OpenApiParameter("days", OpenApiTypes.INT, description="1 to 500, 30 unless told."),
        ],
    )
    def retrieve(self, request: Request, slug: str) -> Response:
        """Traffic, mix, accuracy over time, releases, verdict and suggestions of one endpoint."""
        endpoint = endpoints.endpoint_for(self.user, self.project, request.query_params.get("endpoint", ""))
        told = overview(self.project, endpoint, days=_days(request.query_params.get("days", "30")))
        model = endpoint.model_version
        told["class_names"] = (
            names_of(schemas.document(model.run.version.schema), model.run.question) if model is not None else {}
        )
        return Response(ProductionOut(told).data)

    @extend_schema(operation_id="production_check", request=CheckIn, responses={202: JobOut}, tags=TAGS)
    def check(self, request: Request, slug: str) -> Response:
        """Compare the training data of the model in charge with a window of production."""
        form = CheckIn(data=request.data)
        form.is_valid(raise_exception=True)
        values = form.validated_data
        window = window_for(
            self.user, self.project, endpoint=values["endpoint"], start=values["start"], end=values["end"]
        )
        report = drift.check_against_training(project=self.project, window=window, by=self.user)
        return Response(JobOut(report.job).data, status=202)

    @extend_schema(operation_id="windows_compare", request=CompareIn, responses={202: JobOut}, tags=TAGS)
    def compare(self, request: Request, slug: str) -> Response:
        """Compare two windows of production by the same tests."""
        form = CompareIn(data=request.data)
        form.is_valid(raise_exception=True)
        values = form.validated_data
        endpoint = endpoints.endpoint_for(self.user, self.project, values["endpoint"])
        earlier, later = (
            Window(endpoint_id=endpoint.pk, start=values[f"{name}_start"], end=values[f"{name}_end"])
            for name in ("earlier", "later")
        )
        report = drift.compare_windows(project=self.project, earlier=earlier, later=later, by=self.user)
        return Response(JobOut(report.job).data, status=202)


def _days(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= MOST_DAYS:
        raise InvalidInput(f"days is a whole number from 1 to {MOST_DAYS}.", errors={"days": ["Out of range."]})
    return int(text)


class SuggestionsView(ProjectView):
    serializer_class = SuggestionOut
    queryset = RetrainSuggestion.objects.none()
    roles_read = READERS
    roles_write = LEADS

    def _one(self, public_id: Any) -> RetrainSuggestion:
        rows = RetrainSuggestion.objects.visible_to(self.user).filter(project=self.project)
        return get_object_or_404(rows, public_id=public_id)

    @extend_schema(operation_id="suggestions_list", responses=SuggestionOut(many=True), tags=TAGS)
    def list(self, request: Request, slug: str) -> Response:
        """What the rules proposed, the latest first."""
        rows = RetrainSuggestion.objects.visible_to(self.user).filter(project=self.project)
        page = self.paginate_queryset(rows.select_related("decided_by", "run", "job", *PLANNED))
        return self.get_paginated_response(SuggestionOut(page, many=True).data)

    @extend_schema(operation_id="suggestions_accept", request=None, responses=SuggestionOut, tags=TAGS)
    def accept(self, request: Request, slug: str, public_id: Any) -> Response:
        """Retrain now: freeze the labels that came since, then the same recipe on that version; the answer has a job.

        Without new labels, the newest version is learned at once, and the answer has a run. 409 when the model has
        learned that version already.
        """
        retraining.accept(suggestion=self._one(public_id), by=self.user)
        return Response(SuggestionOut(self._one(public_id)).data)

    @extend_schema(operation_id="suggestions_dismiss", request=DismissIn, responses=SuggestionOut, tags=TAGS)
    def dismiss(self, request: Request, slug: str, public_id: Any) -> Response:
        """Decide against it, with a reason."""
        form = DismissIn(data=request.data)
        form.is_valid(raise_exception=True)
        suggestions.dismiss(suggestion=self._one(public_id), by=self.user, reason=form.validated_data["reason"])
        return Response(SuggestionOut(self._one(public_id)).data)
