"""Shapes that every room of the API shares."""

from typing import Any

from rest_framework import serializers


class EstimateOut(serializers.Serializer[Any]):
    """A number with its interval; without a value, `reason` says why."""

    value = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    level = serializers.FloatField()
    n = serializers.IntegerField()
    method = serializers.CharField()
    reason = serializers.CharField(allow_null=True)


class SaidOut(serializers.Serializer[Any]):
    """A sentence beside its English: what it says, for clients to put into a language. Empty code: only the English."""

    code = serializers.CharField(allow_blank=True)
    params = serializers.DictField(help_text="Names, numbers, and sentences of the same shape in a list.")
