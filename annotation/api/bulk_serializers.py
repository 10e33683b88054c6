"""Shapes of the endpoints that change many tasks at once, and of who is at work."""

from typing import Any

from rest_framework import serializers

from annotation.api.serializers import SelectionSerializer
from annotation.models import AnnotatorState

S = serializers.Serializer[Any]


class PrioritiseSerializer(S):
    selection = SelectionSerializer(help_text="as when filling a queue, without a sample; empty: all items")
    priority = serializers.FloatField(min_value=-1_000_000, max_value=1_000_000, help_text="higher first")


class ReopenSerializer(S):
    selection = SelectionSerializer(help_text="as when filling a queue, without a sample; empty: all items")
    reason = serializers.CharField(max_length=500, help_text="kept in the audit trail")


class AtWorkSerializer(S):
    id = serializers.UUIDField()
    pseudonym = serializers.CharField(source="annotator.pseudonym")
    state = serializers.ChoiceField(source="annotator.state", choices=AnnotatorState.choices)
    n_given = serializers.IntegerField(help_text="answers in all rounds, gold included, as limits count them")
    n_today = serializers.IntegerField()
    gold_streak = serializers.IntegerField(help_text="known answers missed in a row")
    suggests_pause = serializers.BooleanField()
    n_leases = serializers.IntegerField()
    next_expiry = serializers.DateTimeField(allow_null=True, help_text="when the first lease ends without a heartbeat")
    heard_at = serializers.DateTimeField(allow_null=True)
    last_at = serializers.DateTimeField(allow_null=True)
