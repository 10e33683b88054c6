"""Gold for those who lead: nobody who may be asked about it sees which items it is."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.idempotency import answer_once
from accounts.api.permissions import LEADS, ProjectView
from annotation.api import gold_serializers as serializers
from annotation.api import show
from annotation.models import Gold, Queue
from annotation.selectors import gold as selectors
from annotation.selectors.queues import queue_for
from annotation.services.answers import show_answer
from annotation.services.gold import add_gold, add_gold_from_labels, add_gold_of_selection, take_out_gold
from common.problems import InvalidInput

TAGS = ["annotation"]
WAYS = ("answers", "sample", "selection")


class GoldView(ProjectView):
    """Common to the views of one queue's gold."""

    roles_read = LEADS
    roles_write = LEADS

    @property
    def queue(self) -> Queue:
        return queue_for(self.user, self.project, self.kwargs["id"])


class QueueGoldView(GoldView):
    serializer_class = serializers.GoldItemSerializer
    ordering = "-task_id"

    def get_queryset(self) -> QuerySet[Gold]:
        return selectors.gold_of(self.queue)

    @extend_schema(operation_id="listGold", tags=TAGS, responses=serializers.GoldItemSerializer(many=True))
    def list(self, request: Request, slug: str, id: UUID) -> Response:
        """Gold items with their answers, and what people answered; the latest first."""
        page: list[Gold] = self.paginate_queryset(self.get_queryset()) or []
        given = selectors.given_on(page)
        shown = [self._shown(one, given.get(one.pk, [])) for one in page]
        return self.get_paginated_response(serializers.GoldItemSerializer(shown, many=True).data)

    def _shown(self, one: Gold, given: Sequence[selectors.GivenOnGold]) -> dict[str, Any]:
        return {
            "task": one.pk,
            "item": show.item_of(self.user, self.project.pk, one.task.payload),
            "answer": show_answer(one.answer),
            "set_by": str(one.set_by) if one.set_by else None,
            "right": selectors.right_on(given).as_json(),
            "given": [{"answer": show_answer(said.answer), "n": said.n, "right": said.right} for said in given],
        }

    @extend_schema(
        operation_id="addGold",
        tags=TAGS,
        request=serializers.GoldSerializer,
        responses={201: serializers.GoldAddedSerializer},
    )
    def create(self, request: Request, slug: str, id: UUID) -> Response:
        """Items with known answers: given, drawn from labels that a person stands for, or chosen with their labels."""
        return answer_once(request, lambda: self._create(request))

    def _create(self, request: Request) -> Response:
        body = serializers.GoldSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        given = body.validated_data
        if sum(way in given for way in WAYS) != 1:
            raise InvalidInput("Give either answers, the size of a sample, or a selection.")
        if "sample" in given:
            made = add_gold_from_labels(queue=self.queue, sample=given["sample"], seed=given["seed"], by=self.user)
        elif "selection" in given:
            said = {name: value for name, value in given["selection"].items() if value is not None}
            made = add_gold_of_selection(queue=self.queue, selection=said, by=self.user)
        else:
            answers = {one["item"]: one["answer"] for one in given["answers"]}
            made = add_gold(queue=self.queue, answers=answers, by=self.user)
        return Response({"added": len(made.task_ids), "turned": made.n_turned, "known": made.n_known}, status=201)


class GoldItemView(GoldView):
    serializer_class = serializers.GoldItemSerializer

    @extend_schema(operation_id="takeOutGold", tags=TAGS, request=None, responses={204: None})
    def destroy(self, request: Request, slug: str, id: UUID, task: int) -> Response:
        """Ask nobody any more; its answers count for nobody."""
        take_out_gold(queue=self.queue, task_id=task, by=self.user)
        return Response(status=204)


class GoldPeopleView(GoldView):
    serializer_class = serializers.PersonOnGoldSerializer

    @extend_schema(operation_id="listPeopleOnGold", tags=TAGS, responses=serializers.PersonOnGoldSerializer(many=True))
    def list(self, request: Request, slug: str, id: UUID) -> Response:
        """How often each person was right on this queue's gold."""
        shown = [
            {
                "id": one.annotator.public_id,
                "pseudonym": one.annotator.pseudonym,
                "kind": one.annotator.kind,
                "right": one.right.as_json(),
            }
            for one in selectors.people_on_gold(self.queue)
        ]
        return Response({"results": serializers.PersonOnGoldSerializer(shown, many=True).data, "next": None})
