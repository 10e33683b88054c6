"""Shapes of gold."""

from typing import Any

from rest_framework import serializers

from annotation.api.hot.schema import AnswerSerializer, WorkItemSerializer
from annotation.api.serializers import SelectionSerializer
from annotation.models import AnnotatorKind
from common.serializers import EstimateOut

S = serializers.Serializer[Any]


class GoldAnswerSerializer(S):
    item = serializers.IntegerField()
    answer = AnswerSerializer()


class GoldSerializer(S):
    answers = GoldAnswerSerializer(many=True, required=False)
    sample = serializers.IntegerField(
        required=False, min_value=1, max_value=5000, help_text="draw so many from reviewed and imported labels"
    )
    seed = serializers.IntegerField(required=False, min_value=0, default=0)
    selection = SelectionSerializer(required=False, help_text="chosen items, each with the label that it has now")


class GoldAddedSerializer(S):
    added = serializers.IntegerField()
    turned = serializers.IntegerField(help_text="finished items of the queue that became gold")
    known = serializers.IntegerField(
        help_text="items of the queue that stay as they are: gold already, unfinished, or waiting for a reviewer"
    )


class GivenOnGoldSerializer(S):
    answer = AnswerSerializer()
    n = serializers.IntegerField()
    right = serializers.BooleanField()


class GoldItemSerializer(S):
    task = serializers.IntegerField()
    item = WorkItemSerializer()
    answer = AnswerSerializer(help_text="the known one")
    set_by = serializers.CharField(allow_null=True)
    right = EstimateOut(help_text="share of right answers")
    given = GivenOnGoldSerializer(many=True)


class PersonOnGoldSerializer(S):
    id = serializers.UUIDField()
    pseudonym = serializers.CharField()
    kind = serializers.ChoiceField(choices=AnnotatorKind.choices)
    right = EstimateOut()
