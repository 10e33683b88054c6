"""Hard samples: mined by a job, looked at, sent to people."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.idempotency import answer_once
from accounts.api.permissions import LEADS, READERS, ProjectView
from annotation.selectors.queues import queue_for
from auditing.api.home_serializers import BatchOut, HardSampleOut, MineIn, ToQueueIn, ToQueueOut
from auditing.api.pictures import thumbnail_url
from auditing.api.serializers import AuditOut
from auditing.models import HardSample, HardSampleBatch
from auditing.selectors.audits import audit_for, window_for
from auditing.services.hard_samples import send_to_audit, send_to_queue
from auditing.services.mining import MiningSettings, request_mining
from training.selectors import endpoints

TAGS = ["auditing"]
SETTINGS = ("n_uncertain", "n_novel", "n_wrong", "n_random", "per_class", "seed")


class HardSamplesView(ProjectView):
    serializer_class = BatchOut
    queryset = HardSampleBatch.objects.none()
    roles_read = READERS
    roles_write = LEADS

    def _rows(self) -> Any:
        rows = HardSampleBatch.objects.visible_to(self.user).filter(project=self.project)
        return rows.select_related("endpoint", "model_version__line", "job", "audit", "queue", "project")

    def _one(self, public_id: Any) -> HardSampleBatch:
        found: HardSampleBatch = get_object_or_404(self._rows(), public_id=public_id)
        return found

    @extend_schema(operation_id="hard_samples_list", responses=BatchOut(many=True), tags=TAGS)
    def list(self, request: Request, slug: str) -> Response:
        """Batches, the latest first."""
        page = self.paginate_queryset(self._rows())
        return self.get_paginated_response(BatchOut(page, many=True).data)

    @extend_schema(operation_id="hard_samples_mine", request=MineIn, responses={202: BatchOut}, tags=TAGS)
    def create(self, request: Request, slug: str) -> Response:
        """Look for hard samples in a window."""
        form = MineIn(data=request.data)
        form.is_valid(raise_exception=True)
        values = form.validated_data

        def work() -> Response:
            window = window_for(
                self.user, self.project, endpoint=values["endpoint"], start=values["start"], end=values["end"]
            )
            batch = request_mining(
                project=self.project,
                endpoint=endpoints.endpoint_for(self.user, self.project, values["endpoint"]),
                window=window,
                settings=MiningSettings(**{name: values[name] for name in SETTINGS}),
                by=self.user,
            )
            return Response(BatchOut(self._one(batch.public_id)).data, status=202)

        return answer_once(request, work)

    @extend_schema(operation_id="hard_samples_get", responses=BatchOut, tags=TAGS)
    def retrieve(self, request: Request, slug: str, public_id: Any) -> Response:
        """One batch."""
        return Response(BatchOut(self._one(public_id)).data)

    @extend_schema(operation_id="hard_samples_samples", responses=HardSampleOut(many=True), tags=TAGS)
    def samples(self, request: Request, slug: str, public_id: Any) -> Response:
        """The batch's samples in the order they were chosen."""
        self.ordering = "id"
        rows = HardSample.objects.filter(batch=self._one(public_id)).select_related("item")
        page: Any = self.paginate_queryset(rows)
        for row in page:
            row.thumbnail_url = thumbnail_url(self.user, self.project, row.item)
        return self.get_paginated_response(HardSampleOut(page, many=True).data)

    @extend_schema(operation_id="hard_samples_to_audit", request=None, responses=AuditOut, tags=TAGS)
    def to_audit(self, request: Request, slug: str, public_id: Any) -> Response:
        """Send the batch to a targeted audit, kept apart from the random one."""
        audit = send_to_audit(batch=self._one(public_id), by=self.user)
        return Response(AuditOut(audit_for(self.user, self.project, audit.public_id)).data)

    @extend_schema(operation_id="hard_samples_to_queue", request=ToQueueIn, responses=ToQueueOut, tags=TAGS)
    def to_queue(self, request: Request, slug: str, public_id: Any) -> Response:
        """Ask for labels of the batch in a labeling queue."""
        form = ToQueueIn(data=request.data)
        form.is_valid(raise_exception=True)
        queue = queue_for(self.user, self.project, form.validated_data["queue"])
        tasks = send_to_queue(batch=self._one(public_id), queue=queue, by=self.user)
        return Response({"tasks": tasks})
