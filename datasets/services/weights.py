from collections.abc import Sequence
from typing import Any

from accounts.models import Project
from common.problems import InvalidInput


def raked_weights(
    *, project: Project, item_ids: Sequence[int], population: str, attributes: Sequence[str]
) -> tuple[dict[int, float], dict[str, Any]]:
    raise InvalidInput("Weights are being built.")
