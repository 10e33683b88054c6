"""Many tasks of a queue at once, and who is at work in it."""

from collections.abc import Callable

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


class BulkView(QueueView):
    def start(self, request: Request, form: type[bulk_serializers.S], begin: Callable[..., Job]) -> Response:
        """begin: takes what the form says, and of its selection only what was given: null stands for “not said”."""

        def work() -> Response:
            body = form(data=request.data)
            body.is_valid(raise_exception=True)
            given = dict(body.validated_data)
            selection = {name: value for name, value in given.pop("selection").items() if value is not None}
            job = begin(queue=self.queue, selection=selection, by=self.user, **given)
            return Response({"job": job.public_id}, status=202)

        return answer_once(request, work)


class QueuePriorityView(BulkView):
    @extend_schema(
        operation_id="prioritiseTasks",
        tags=TAGS,
        request=bulk_serializers.PrioritiseSerializer,
        responses={202: JobRefSerializer},
    )
    def create(self, request: Request, slug: str, id: str) -> Response:
        """Give the selected items of the queue a priority, as a job; work goes on meanwhile."""
        return self.start(request, bulk_serializers.PrioritiseSerializer, start_prioritising)


class QueueReopenView(BulkView):
    @extend_schema(
        operation_id="reopenTasks",
        tags=TAGS,
        request=bulk_serializers.ReopenSerializer,
        responses={202: JobRefSerializer},
    )
    def create(self, request: Request, slug: str, id: str) -> Response:
        """Ask about the selected items anew, as a job; the answers so far are kept as history."""
        return self.start(request, bulk_serializers.ReopenSerializer, start_reopening)


class QueueAtWorkView(QueueView):
    @extend_schema(operation_id="listAtWork", tags=TAGS, responses=bulk_serializers.AtWorkSerializer(many=True))
    def list(self, request: Request, slug: str, id: str) -> Response:
        """Who holds what and till when, how much each has given, and who should rest."""
        rows = bulk_serializers.AtWorkSerializer(at_work(self.queue), many=True).data
        return Response({"results": rows, "next": None})
