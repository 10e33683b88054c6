"""Serializers that describe results of pure packages, so that the schema cannot drift from the dataclasses."""

import dataclasses
import types
from enum import Enum
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

import numpy as np
from rest_framework import serializers

from common.numerics.estimate import Estimate
from common.serializers import EstimateOut

_SIMPLE: dict[Any, type[serializers.Field[Any, Any, Any, Any]]] = {
    str: serializers.CharField,
    int: serializers.IntegerField,
    float: serializers.FloatField,
    bool: serializers.BooleanField,
}


@cache
def serializer_of(cls: type, name: str = "") -> type[serializers.Serializer[Any]]:
    """A serializer class with a field for each field of a dataclass. Used to describe, not to parse."""
    if cls is Estimate:
        return EstimateOut
    hints = get_type_hints(cls)
    fields = {field.name: _field(hints[field.name]) for field in dataclasses.fields(cls)}
    return type(f"{name or cls.__name__}Out", (serializers.Serializer,), {**fields, "__doc__": cls.__doc__ or ""})


def _field(hint: Any, **options: Any) -> serializers.Field[Any, Any, Any, Any]:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        inner = [one for one in arguments if one is not type(None)]
        return _field(inner[0], allow_null=True, **options)
    if hint in _SIMPLE:
        return _SIMPLE[hint](**options)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return serializers.CharField(**options)
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return serializer_of(hint)(**options)
    if origin in (tuple, list):
        child = arguments[0] if arguments else Any
        if dataclasses.is_dataclass(child) and isinstance(child, type):
            return serializer_of(child)(many=True, **options)
        return serializers.ListField(child=_field(child), **options)
    if origin is np.ndarray:
        return serializers.ListField(child=serializers.FloatField(), **options)
    return serializers.JSONField(**options)
