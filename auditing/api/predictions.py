"""The prediction log: reading it, late batches from devices, outcomes."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.permissions import READERS, REVIEWERS, ProjectView, require_scope
from accounts.models import Scope
from auditing.api.pictures import thumbnail_url
from auditing.api.serializers import LateBatchIn, LateBatchOut, LoggedPredictionOut, OutcomeIn
from auditing.models import Prediction
from auditing.selectors.production import predictions_of
from auditing.services.late_batches import LatePrediction, record_outcome, take_late_batch
from training.selectors import endpoints
from training.selectors.models import model_for

TAGS = ["auditing"]


class PredictionsView(ProjectView):
    serializer_class = LoggedPredictionOut
    queryset = Prediction.objects.none()
    ordering = ("-predicted_at", "-request_id")
    roles_read = READERS
    roles_write = REVIEWERS
    scopes = (Scope.PREDICT,)

    def _rows(self, request: Request) -> QuerySet[Prediction]:
        rows = predictions_of(self.user, self.project)
        params = request.query_params
        if name := params.get("endpoint"):
            rows = rows.filter(endpoint=endpoints.endpoint_for(self.user, self.project, name))
        if predicted := params.get("predicted"):
            rows = rows.filter(predicted=predicted)
        return rows.select_related("endpoint", "model_version__line", "item")

    @extend_schema(
        operation_id="predictions_list",
        responses=LoggedPredictionOut(many=True),
        tags=TAGS,
        parameters=[
            OpenApiParameter("endpoint", OpenApiTypes.STR),
            OpenApiParameter("predicted", OpenApiTypes.STR, description="Class key."),
        ],
    )
    def list(self, request: Request, slug: str) -> Response:
        """The log, the latest first."""
        require_scope(request, write=False)  # a device that may ask for predictions does not read everybody's
        page: Any = self.paginate_queryset(self._rows(request))
        for row in page:
            row.thumbnail_url = thumbnail_url(self.user, self.project, row.item) if row.item else None
        return self.get_paginated_response(LoggedPredictionOut(page, many=True).data)

    @extend_schema(operation_id="predictions_late_batch", request=LateBatchIn, responses=LateBatchOut, tags=TAGS)
    def create(self, request: Request, slug: str) -> Response:
        """Answers that a device gave earlier. An external id that was sent before changes nothing."""
        form = LateBatchIn(data=request.data)
        form.is_valid(raise_exception=True)
        values = form.validated_data
        endpoint = endpoints.endpoint_for(self.user, self.project, values["endpoint"])
        model = model_for(self.user, self.project, values["model"])
        found = take_late_batch(
            project=self.project,
            endpoint=endpoint,
            model=model,
            batch=[LatePrediction(**one) for one in values["predictions"]],
        )
        return Response(LateBatchOut(found).data)

    @extend_schema(operation_id="predictions_outcome", request=OutcomeIn, responses={204: None}, tags=TAGS)
    def outcome(self, request: Request, slug: str) -> Response:
        """What turned out to be true."""
        form = OutcomeIn(data=request.data)
        form.is_valid(raise_exception=True)
        record_outcome(project=self.project, **form.validated_data)
        return Response(status=204)
