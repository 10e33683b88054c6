"""What a model says of tasks in hand, for those who ask to see it."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.permissions import LABELLERS, ProjectView
from annotation.selectors.held import held_pictures
from annotation.selectors.queues import queue_for
from common.problems import Forbidden, InvalidInput
from training.services.suggestions import suggest

MOST = 60


class SuggestingModelOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()


class TaskSuggestionOut(serializers.Serializer[Any]):
    task = serializers.IntegerField()
    classes = serializers.ListField(child=serializers.CharField())
    probability = serializers.FloatField()


class TaskSuggestionsOut(serializers.Serializer[Any]):
    model = SuggestingModelOut(allow_null=True, help_text="null: no model in use answers this question")
    results = TaskSuggestionOut(many=True, help_text="tasks that the asker holds and the model could read")


class SuggestionsView(ProjectView):
    serializer_class = TaskSuggestionsOut
    pagination_class = None
    roles_read = LABELLERS
    scopes = ("label",)

    @extend_schema(
        operation_id="queueSuggestions",
        tags=["training"],
        responses=TaskSuggestionsOut,
        parameters=[OpenApiParameter("task", int, many=True, required=True)],
    )
    def retrieve(self, request: Request, slug: str, queue: str) -> Response:
        """Only of tasks in one's own hand, and never in an audit: that measures what people see by themselves."""
        found = queue_for(self.user, self.project, queue)
        if found.is_audit:
            raise Forbidden("In an audit nobody is told what the model thinks: that is what is measured.")
        asked = request.query_params.getlist("task")
        if not 0 < len(asked) <= MOST or not all(one.isdecimal() and len(one) < 19 for one in asked):
            raise InvalidInput(f"Name 1 to {MOST} tasks.", errors={"task": [f"1 to {MOST} whole numbers."]})
        model, said = suggest(found, held_pictures(self.user, found, [int(one) for one in asked]))
        shown = {
            "model": {"id": model.public_id, "name": str(model)} if model else None,
            "results": [vars(one) for one in said],
        }
        return Response(TaskSuggestionsOut(shown).data)
