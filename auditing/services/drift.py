"""Production against the training data, and production against itself over time: the tests are those of datasets."""

from typing import Any

from accounts.models import Project, User
from auditing.selectors.production import Window, item_ids
from common.problems import InvalidInput
from datasets.services.representation import Selection, request_comparison
from training.selectors import models as training_models

MOST_ITEMS = 20_000  # a side; a report needs no more to be sure


def check_against_training(*, project: Project, window: Window, by: User | None) -> Any:
    """Ask for the report that compares the training split of the window's model with the window's inputs.

    Returns a datasets Report with its job. Raises InvalidInput when no input was kept or no model is named.
    """
    if window.model_version_id is None:
        raise InvalidInput("Release a model to the endpoint first: there is nothing to compare production with.")
    model = training_models.model_by_id(window.model_version_id)
    reference = Selection(version=str(model.run.version), split="train", name=f"the training data of {model}")
    return request_comparison(project=project, reference=reference, current=_selection(window), by=by)


def compare_windows(*, project: Project, earlier: Window, later: Window, by: User | None) -> Any:
    """Ask for the report that compares two windows of production. Raises InvalidInput when they overlap."""
    if earlier.end > later.start:
        raise InvalidInput(
            "The windows overlap. Let the later one start when the earlier one has ended.",
            errors={"later_start": ["Before the end of the earlier window."]},
        )
    return request_comparison(project=project, reference=_selection(earlier), current=_selection(later), by=by)


def _selection(window: Window) -> Selection:
    ids = item_ids(window, limit=MOST_ITEMS)
    name = f"production from {window.start:%Y-%m-%d %H:%M} to {window.end:%Y-%m-%d %H:%M}"
    if not ids:
        raise InvalidInput(f"No input was kept in {name}. Choose another window, or let the endpoint keep its inputs.")
    return Selection(item_ids=tuple(ids), name=name)
