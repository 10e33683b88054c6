"""Queues for those who lead and review them."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.idempotency import answer_once
from accounts.api.permissions import LABELLERS, LEADS, READERS, REVIEWERS, ProjectView
from annotation.api import serializers, show
from annotation.api.hot.schema import OwnSubmissionSerializer
from annotation.models import Queue
from annotation.selectors import queues as selectors
from annotation.selectors.review import open_counts
from annotation.selectors.workbench import own_history, workbench_document, workbench_etag
from annotation.services.consensus import start_acceptance, start_consensus
from annotation.services.queue_rules import RULES
from annotation.services.queues import QueueSettings, change_queue, create_queue
from annotation.services.selection import count_selected, fill_queue
from common.problems import InvalidInput
from datasets.selectors import schemas

TAGS = ["annotation"]
SETTINGS = ("redundancy", "skills", "kinds", "gold_share", "auto_submit", "instructions", *RULES)


class QueueView(ProjectView):
    """Common to the views of one queue."""

    roles_read = READERS
    roles_write = LEADS
    serializer_class = serializers.QueueSerializer

    def get_queryset(self) -> QuerySet[Queue]:
        return selectors.queues_of(self.user, self.project)

    @property
    def queue(self) -> Queue:
        return selectors.queue_for(self.user, self.project, self.kwargs["id"])

    def shown(self, queue: Queue) -> dict[str, Any]:
        summed = self.get_queryset().filter(pk=queue.pk).first() or queue
        summed.n_open_cases = open_counts(self.project).get(queue.pk, 0)  # type: ignore[attr-defined]
        return dict(serializers.QueueSerializer(summed).data)


class QueueListView(QueueView):
    @extend_schema(
        operation_id="listQueues",
        tags=TAGS,
        parameters=[OpenApiParameter("purpose", str), OpenApiParameter("state", str)],
        responses=serializers.QueueSerializer(many=True),
    )
    def list(self, request: Request, slug: str) -> Response:
        """Queues with their progress."""
        queues = self.get_queryset()
        for name in ("purpose", "state"):
            if value := request.query_params.get(name):
                queues = queues.filter(**{name: value})
        page = self.paginate_queryset(queues) or []
        cases = open_counts(self.project)
        for queue in page:
            queue.n_open_cases = cases.get(queue.pk, 0)  # type: ignore[attr-defined]
        return self.get_paginated_response(serializers.QueueSerializer(page, many=True).data)

    @extend_schema(
        operation_id="createQueue",
        tags=TAGS,
        request=serializers.QueueCreateSerializer,
        responses={201: serializers.QueueCreatedSerializer},
    )
    def create(self, request: Request, slug: str) -> Response:
        """Make a queue; with a selection, a job fills it."""
        return answer_once(request, lambda: self._create(request))

    def _create(self, request: Request) -> Response:
        body = serializers.QueueCreateSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        given = body.validated_data
        queue = create_queue(
            project=self.project,
            name=given["name"],
            schema=schemas.schema_for(self.project, given["schema"]),
            question=given["question"],
            questions=given["questions"],
            purpose=given["purpose"],
            settings=QueueSettings(**{name: given[name] for name in SETTINGS}),
            by=self.user,
        )
        selection = given.get("selection")
        job = fill_queue(queue=queue, selection=_said(selection), by=self.user) if selection is not None else None
        return Response({"queue": self.shown(queue), "job": job.public_id if job else None}, status=201)


class QueueDetailView(QueueView):
    @extend_schema(operation_id="getQueue", tags=TAGS, responses=serializers.QueueSerializer)
    def retrieve(self, request: Request, slug: str, id: str) -> Response:
        return Response(self.shown(self.queue))

    @extend_schema(
        operation_id="changeQueue",
        tags=TAGS,
        request=serializers.QueueChangeSerializer,
        responses=serializers.QueueSerializer,
    )
    def partial_update(self, request: Request, slug: str, id: str) -> Response:
        """Change what may change while people work."""
        body = serializers.QueueChangeSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        if unknown := set(request.data) - set(body.fields):
            raise InvalidInput(f"A queue's {', '.join(sorted(unknown))} cannot be changed; make a new queue for that.")
        return Response(self.shown(change_queue(queue=self.queue, changes=dict(body.validated_data), by=self.user)))


class QueueTasksView(QueueView):
    @extend_schema(
        operation_id="fillQueue",
        tags=TAGS,
        request=serializers.SelectionSerializer,
        responses={202: serializers.JobRefSerializer},
    )
    def create(self, request: Request, slug: str, id: str) -> Response:
        """Add the selected items that the queue does not have yet, as a job."""
        return answer_once(request, lambda: self._create(request))

    def _create(self, request: Request) -> Response:
        body = serializers.SelectionSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        job = fill_queue(queue=self.queue, selection=_said(body.validated_data), by=self.user)
        return Response({"job": job.public_id}, status=202)


class QueueStatsView(QueueView):
    @extend_schema(operation_id="getQueueStats", tags=TAGS, responses=serializers.StatsSerializer)
    def retrieve(self, request: Request, slug: str, id: str) -> Response:
        """Progress from counters."""
        queue = self.queue
        people = list(queue.participations.values_list("annotator_id", flat=True))
        per_person = selectors.labels_per_day(people, queue=queue)
        summed = [(column[0][0], sum(n for _, n in column)) for column in zip(*per_person.values(), strict=True)]
        figures = {
            **vars(selectors.progress(queue)),
            "n_open_cases": open_counts(self.project).get(queue.pk, 0),
            "per_day": show.days(summed),
        }
        return Response(serializers.StatsSerializer(figures).data)


class QueueConsensusView(QueueView):
    @extend_schema(operation_id="getConsensus", tags=TAGS, responses=serializers.ConsensusSerializer)
    def retrieve(self, request: Request, slug: str, id: str) -> Response:
        """The latest run, and what some thresholds would accept."""
        queue = self.queue
        found = show.consensus(
            queue, selectors.latest_run(queue), selectors.running_consensus(queue), selectors.n_accepted(queue)
        )
        return Response(serializers.ConsensusSerializer(found).data)

    @extend_schema(
        operation_id="startConsensus",
        tags=TAGS,
        request=serializers.ConsensusStartSerializer,
        responses={202: serializers.JobRefSerializer},
    )
    def create(self, request: Request, slug: str, id: str) -> Response:
        """Compute consensus, reliabilities and agreement from the answers as they are."""
        return answer_once(request, lambda: self._create(request))

    def _create(self, request: Request) -> Response:
        body = serializers.ConsensusStartSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        run = start_consensus(queue=self.queue, method=body.validated_data["method"], by=self.user)
        return Response({"job": run.job.public_id if run.job else None}, status=202)


class QueueAcceptView(QueueView):
    @extend_schema(
        operation_id="acceptConsensus",
        tags=TAGS,
        request=serializers.AcceptSerializer,
        responses={202: serializers.JobRefSerializer},
    )
    def create(self, request: Request, slug: str, id: str) -> Response:
        """Make labels of what is sure enough; the rest becomes review cases."""
        return answer_once(request, lambda: self._create(request))

    def _create(self, request: Request) -> Response:
        body = serializers.AcceptSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        job = start_acceptance(queue=self.queue, threshold=body.validated_data["threshold"], by=self.user)
        return Response({"job": job.public_id}, status=202)


class QueueAgreementView(QueueView):
    @extend_schema(operation_id="getAgreement", tags=TAGS, responses=serializers.AgreementSerializer)
    def retrieve(self, request: Request, slug: str, id: str) -> Response:
        """Agreement as the latest consensus run computed it."""
        queue = self.queue
        return Response(serializers.AgreementSerializer(show.agreement(queue, selectors.latest_run(queue))).data)


class QueueWorkbenchView(QueueView):
    roles_read = LABELLERS
    scopes = ("label",)

    @extend_schema(operation_id="getWorkbench", tags=TAGS, responses=serializers.WorkbenchSerializer)
    def retrieve(self, request: Request, slug: str, id: str) -> Response:
        """Queue, question and classes, once; send the ETag back and get 304."""
        queue = self.queue
        etag = workbench_etag(queue)
        headers = {"ETag": etag, "Cache-Control": "private, no-cache"}
        if etag in request.headers.get("If-None-Match", ""):
            return Response(status=304, headers=headers)
        return Response(workbench_document(queue), headers=headers)


class QueueHistoryView(QueueView):
    roles_read = LABELLERS
    scopes = ("label",)

    @extend_schema(operation_id="getOwnHistory", tags=TAGS, responses=OwnSubmissionSerializer(many=True))
    def list(self, request: Request, slug: str, id: str) -> Response:
        """One's own last answers in this queue, the latest first."""
        shown = [show.own_submission(self.user, one) for one in own_history(self.user, self.queue)]
        return Response({"results": OwnSubmissionSerializer(shown, many=True).data, "next": None})


class SelectionCountView(QueueView):
    roles_read = roles_write = REVIEWERS

    @extend_schema(
        operation_id="countSelection",
        tags=TAGS,
        request=serializers.SelectionSerializer,
        responses=serializers.SelectionCountSerializer,
    )
    def create(self, request: Request, slug: str, id: str) -> Response:
        """How many items a selection has, before a sample is drawn. Changes nothing."""
        body = serializers.SelectionSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        return Response({"n": count_selected(self.queue, _said(body.validated_data))})


def _said(selection: dict[str, Any]) -> dict[str, Any]:
    """What was given, without the nulls that stand for "not said"."""
    return {name: value for name, value in selection.items() if value is not None}
