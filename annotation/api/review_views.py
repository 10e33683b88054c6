"""Review: cases, settling them, sending them back, and what is reviewed."""

from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.idempotency import answer_once
from accounts.api.permissions import LEADS, READERS, REVIEWERS, ProjectView
from annotation.api import review_serializers as serializers
from annotation.api import show
from annotation.models import Queue, ReviewCase, ReviewState
from annotation.selectors.queues import queue_for
from annotation.selectors.review import answers_to, case_for, cases_of
from annotation.selectors.review_quality import plan_of, quality_from_review
from annotation.services.returns import Remark, return_case
from annotation.services.review import settle_case
from annotation.services.review_plan import plan_review
from common.problems import InvalidInput

TAGS = ["annotation"]


class ReviewListView(ProjectView):
    roles_read = REVIEWERS
    roles_write = REVIEWERS
    serializer_class = serializers.ReviewCaseSerializer

    def get_queryset(self) -> QuerySet[ReviewCase]:
        return cases_of(self.user, self.project)

    @extend_schema(
        operation_id="listReviewCases",
        tags=TAGS,
        parameters=[
            OpenApiParameter("queue", UUID),
            OpenApiParameter("state", str, enum=ReviewState.values),
            OpenApiParameter("reason", str),
        ],
        responses=serializers.ReviewCaseSerializer(many=True),
    )
    def list(self, request: Request, slug: str, id: UUID | None = None) -> Response:
        """Cases with what people answered; the latest first."""
        asked = id or request.query_params.get("queue")
        cases = cases_of(
            self.user,
            self.project,
            queue=queue_for(self.user, self.project, _uuid(asked)) if asked else None,
            state=request.query_params.get("state"),
            reason=request.query_params.get("reason"),
        )
        page: list[ReviewCase] = self.paginate_queryset(cases) or []
        answers = answers_to(page)
        shown = [show.case(self.user, one, answers.get(one.task_id, [])) for one in page]
        return self.get_paginated_response(serializers.ReviewCaseSerializer(shown, many=True).data)


def _uuid(text: object) -> UUID:
    try:
        return UUID(str(text))
    except ValueError:
        raise InvalidInput("queue is the id of a queue.", errors={"queue": ["Not an id."]}) from None


class CaseView(ProjectView):
    """Common to the views of one case."""

    roles_read = REVIEWERS
    roles_write = REVIEWERS
    serializer_class = serializers.ReviewCaseSerializer

    @property
    def case(self) -> ReviewCase:
        return case_for(self.user, self.project, self.kwargs["id"])

    def shown(self) -> Response:
        case = self.case
        answers = answers_to([case]).get(case.task_id, [])
        return Response(serializers.ReviewCaseSerializer(show.case(self.user, case, answers)).data)


class SettleView(CaseView):
    @extend_schema(operation_id="getReviewCase", tags=TAGS, responses=serializers.ReviewCaseSerializer)
    def retrieve(self, request: Request, slug: str, id: UUID) -> Response:
        return self.shown()

    @extend_schema(
        operation_id="settleReviewCase",
        tags=TAGS,
        request=serializers.SettleSerializer,
        responses=serializers.ReviewCaseSerializer,
    )
    def settle(self, request: Request, slug: str, id: UUID) -> Response:
        """Say what the answer is; without an answer, accept the consensus. The same again changes nothing."""
        body = serializers.SettleSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        given = body.validated_data
        settle_case(
            case=self.case, by=self.user, answer=given.get("answer"), fixed_from=given["fixed_from"],
            note=given["note"], replace=given["replace"],
        )  # fmt: skip
        return self.shown()


class ReturnView(CaseView):
    @extend_schema(
        operation_id="returnReviewCase",
        tags=TAGS,
        request=serializers.ReturnSerializer,
        responses=serializers.ReviewCaseSerializer,
    )
    def create(self, request: Request, slug: str, id: UUID) -> Response:
        """Send answers back to who gave them, or to the pool. The same again changes nothing."""
        return answer_once(request, lambda: self._create(request))

    def _create(self, request: Request) -> Response:
        body = serializers.ReturnSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        given = body.validated_data
        remark = Remark(comment=given["comment"], x=given["x"], y=given["y"])
        return_case(
            case=self.case, by=self.user, destination=given["to"], remark=remark, assignments=given["answers"]
        )  # fmt: skip
        return self.shown()


class ReviewPlanView(ProjectView):
    roles_read = READERS
    roles_write = LEADS
    serializer_class = serializers.ReviewedQualitySerializer

    @property
    def queue(self) -> Queue:
        return queue_for(self.user, self.project, self.kwargs["id"])

    @extend_schema(operation_id="getReviewPlan", tags=TAGS, responses=serializers.ReviewedQualitySerializer)
    def retrieve(self, request: Request, slug: str, id: UUID) -> Response:
        """What is reviewed, and how right the labels are by the random share of it."""
        queue = self.queue
        shown = show.reviewed(plan_of(queue), quality_from_review(queue))
        return Response(serializers.ReviewedQualitySerializer(shown).data)

    @extend_schema(
        operation_id="planReview",
        tags=TAGS,
        request=serializers.ReviewPlanSerializer,
        responses=serializers.ReviewedQualitySerializer,
    )
    def update(self, request: Request, slug: str, id: UUID) -> Response:
        """Say what is reviewed from now on; a job looks through what is finished already."""
        body = serializers.ReviewPlanSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        plan_review(queue=self.queue, by=self.user, **body.validated_data)
        return self.retrieve(request, slug, id)
