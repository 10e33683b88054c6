"""What the API's description leaves out."""

from typing import Any

# The same view under a second address: described once.
ALIASES = {
    "/api/v1/projects/{slug}/queues/{queue}/next",
    "/api/v1/projects/{slug}/queues/{id}/review",
    "/api/v1/projects/{slug}/endpoints/{name}/predict",
}


def without_aliases(endpoints: list[tuple[str, Any, str, Any]]) -> list[tuple[str, Any, str, Any]]:
    """Hook of the schema generator: drop the second addresses."""
    return [endpoint for endpoint in endpoints if endpoint[0] not in ALIASES]
