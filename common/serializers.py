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
