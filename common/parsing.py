"""JSON from outside: what PostgreSQL cannot keep is told to the sender instead of failing at the first query."""

import json
import re
from collections.abc import Mapping
from typing import IO, Any

from rest_framework import parsers
from rest_framework.exceptions import ValidationError

from common.texts import writable_json

# A NUL, or half a surrogate pair, as JSON may write them. Whole pairs are found, too, and pass the second look.
_SUSPECT = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")


def is_suspect(raw: bytes) -> bool:
    """Whether a JSON text may hold characters that cannot be stored."""
    return _SUSPECT.search(raw) is not None


class JSONParser(parsers.JSONParser):
    """DRF's, and it refuses texts with NUL or half a surrogate pair wherever they stand."""

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        value = super().parse(stream, media_type, parser_context)
        encoded = json.dumps(value).encode()  # ASCII, so that every such character is an escape again
        if is_suspect(encoded) and json.dumps(writable_json(value)).encode() != encoded:
            # Not our InvalidInput: DRF's settings import this module before common.problems can be complete.
            raise ValidationError(
                "A text in the request has a NUL or half a character, which cannot be stored. Remove it."
            )
        return value
