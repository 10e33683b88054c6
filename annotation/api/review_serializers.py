"""Shapes of review: cases, what is sent back, the plan and the quality that it tells."""

from typing import Any

from rest_framework import serializers

from annotation.api.hot.schema import AnswerSerializer, WorkItemSerializer
from annotation.models import AnnotatorKind, ReturnDestination, ReviewState
from common.serializers import EstimateOut

S = serializers.Serializer[Any]


class SentBackSerializer(S):
    destination = serializers.ChoiceField(choices=ReturnDestination.choices)
    comment = serializers.CharField()
    x = serializers.FloatField(allow_null=True, help_text="pixels of the picture, from its left edge; null: no place")
    y = serializers.FloatField(allow_null=True)
    by = serializers.CharField(allow_null=True)
    at = serializers.DateTimeField()


class GivenAnswerSerializer(S):
    id = serializers.IntegerField(help_text="names the answer when it is sent back")
    pseudonym = serializers.CharField()
    kind = serializers.CharField()
    answer = AnswerSerializer()
    comment = serializers.CharField()
    flagged = serializers.BooleanField()
    round = serializers.IntegerField(help_text="above 1: given anew, after a reviewer had sent the one before back")
    at = serializers.DateTimeField(allow_null=True)
    sent_back = SentBackSerializer(allow_null=True, help_text="null while the answer counts")


class ShareSerializer(S):
    key = serializers.CharField(help_text='class key, or "__none__"')
    probability = serializers.FloatField()


class PartEstimateSerializer(S):
    question = serializers.CharField(help_text="key")
    posterior = serializers.FloatField()
    n = serializers.IntegerField()


class CaseEstimateSerializer(S):
    answer = AnswerSerializer()
    posterior = serializers.FloatField()
    entropy = serializers.FloatField()
    n = serializers.IntegerField()
    distribution = ShareSerializer(many=True)
    parts = PartEstimateSerializer(many=True, help_text="of several questions each that is counted; else empty")
    unsettled = serializers.ListField(
        child=serializers.CharField(), help_text="questions that are asked and that the answer leaves out"
    )


class ReviewCaseSerializer(S):
    id = serializers.UUIDField()
    queue = serializers.UUIDField()
    queue_name = serializers.CharField()
    reason = serializers.CharField()
    disputed = serializers.ListField(
        child=serializers.CharField(),
        help_text="of several questions those left to settle; empty: all of it",
    )
    state = serializers.ChoiceField(choices=ReviewState.choices)
    created_at = serializers.DateTimeField()
    item = WorkItemSerializer()
    answers = GivenAnswerSerializer(many=True)
    estimate = CaseEstimateSerializer(allow_null=True)
    n_returns = serializers.IntegerField()
    is_sampled = serializers.BooleanField(help_text="in the random share from which quality is estimated")
    answer = AnswerSerializer(allow_null=True)
    fixed_from = serializers.IntegerField(
        allow_null=True, help_text="id of the answer that the reviewer corrected; null: as given, or new"
    )
    note = serializers.CharField()
    settled_by = serializers.CharField(allow_null=True)
    settled_at = serializers.DateTimeField(allow_null=True)


class SettleSerializer(S):
    answer = AnswerSerializer(required=False, allow_null=True, help_text="without it, what the consensus says")
    fixed_from = serializers.IntegerField(
        required=False, allow_null=True, default=None, help_text="id of the answer that was taken and corrected"
    )
    note = serializers.CharField(required=False, allow_blank=True, default="", max_length=4000)
    replace = serializers.BooleanField(default=False)


class ReturnSerializer(S):
    to = serializers.ChoiceField(choices=ReturnDestination.choices)
    answers = serializers.ListField(
        child=serializers.IntegerField(), required=False, allow_null=True, default=None, max_length=100,
        help_text="ids of answers; all that count when null",
    )  # fmt: skip
    comment = serializers.CharField(required=False, allow_blank=True, default="", max_length=4000)
    x = serializers.FloatField(required=False, allow_null=True, default=None)
    y = serializers.FloatField(required=False, allow_null=True, default=None)


class ReviewPlanSerializer(S):
    share = serializers.FloatField(min_value=0, max_value=1, help_text="of the finished tasks, drawn at random")
    agreement_below = serializers.FloatField(
        min_value=0, max_value=1, allow_null=True,
        help_text="review what the most frequent answer has a smaller share of; 1: every disagreement, null: none",
    )  # fmt: skip


class AnnotatorQualitySerializer(S):
    id = serializers.UUIDField()
    pseudonym = serializers.CharField()
    kind = serializers.ChoiceField(choices=AnnotatorKind.choices)
    quality = EstimateOut()


class ReviewedQualitySerializer(ReviewPlanSerializer):
    running_job = serializers.UUIDField(allow_null=True, help_text="looks through the finished tasks")
    n_drawn = serializers.IntegerField(help_text="items in the random share")
    n_settled = serializers.IntegerField(help_text="of them, settled by a reviewer")
    quality = EstimateOut(help_text="share of right labels of the queue's finished tasks")
    annotators = AnnotatorQualitySerializer(many=True)
