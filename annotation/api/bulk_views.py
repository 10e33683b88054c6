"""Many tasks of a queue at once, and who is at work in it."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.idempotency import answer_once
from accounts.models import Job
from annotation.api import bulk_serializers
from annotation.api.queue_views import TAGS, QueueView
from annotation.api.serializers import JobRefSerializer
from annotation.selectors.at_work import at_work
from annotation.services.bulk import start_prioritising, start_reopening


class QueuePriorityView(QueueView):
    @extend_schema(
        operation_id="prioritiseTasks",
        tags=TAGS,
        request=bulk_serializers.PrioritiseSerializer,
        responses={202: JobRefSerializer},
    )
    def create(self, request: Request, slug: str, id: str) -> Response:
        """Give the selected items of the queue a priority, as a job; work goes on meanwhile."""
        return answer_once(request, lambda: self._create(request))

    def _create(self, request: Request) -> Response:
        body = bulk_serializers.PrioritiseSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        given = body.validated_data
        selection = _said(given["selection"])
        return _started(
            start_prioritising(queue=self.queue, selection=selection, priority=given["priority"], by=self.user)
        )


class QueueReopenView(QueueView):
    @extend_schema(
        operation_id="reopenTasks",
        tags=TAGS,
        request=bulk_serializers.ReopenSerializer,
        responses={202: JobRefSerializer},
    )
    def create(self, request: Request, slug: str, id: str) -> Response:
        """Ask about the selected items anew, as a job; the answers so far are kept as history."""
        return answer_once(request, lambda: self._create(request))

    def _create(self, request: Request) -> Response:
        body = bulk_serializers.ReopenSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        given = body.validated_data
        selection = _said(given["selection"])
        return _started(start_reopening(queue=self.queue, selection=selection, reason=given["reason"], by=self.user))


class QueueAtWorkView(QueueView):
    @extend_schema(operation_id="listAtWork", tags=TAGS, responses=bulk_serializers.AtWorkSerializer(many=True))
    def list(self, request: Request, slug: str, id: str) -> Response:
        """Who holds what and till when, how much each has given, and who should rest."""
        rows = bulk_serializers.AtWorkSerializer(at_work(self.queue), many=True).data
        return Response({"results": rows, "next": None})


def _started(job: Job) -> Response:
    return Response({"job": job.public_id}, status=202)


def _said(selection: dict[str, Any]) -> dict[str, Any]:
    """What was given, without the nulls that stand for "not said"."""
    return {name: value for name, value in selection.items() if value is not None}
