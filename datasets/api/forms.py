from typing import Any

from rest_framework import serializers


def parsed(form: serializers.Serializer[Any]) -> dict[str, Any]:
    """The validated data of a form. Raises ValidationError, which becomes a problem with errors by field."""
    form.is_valid(raise_exception=True)
    return dict(form.validated_data)
