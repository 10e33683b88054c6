"""Text from outside in a form that PostgreSQL can keep."""

from typing import Any


def writable(text: str) -> str:
    """Without NUL, and with a question mark for what is no character, such as half a surrogate pair."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def writable_json(value: Any) -> Any:
    """A JSON value whose texts and keys are all writable."""
    if isinstance(value, str):
        return writable(value)
    if isinstance(value, dict):
        return {writable(str(key)): writable_json(one) for key, one in value.items()}
    return [writable_json(one) for one in value] if isinstance(value, list) else value
