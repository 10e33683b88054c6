"""One rule for what a model decides: in judging as in answering."""

from types import SimpleNamespace

import numpy as np
import pytest

from training.selectors.decisions import decisions
from training.services.prediction import decide

KEYS = ("a", "b", "c")


@pytest.mark.parametrize("kind", ["single_choice", "multi_label"])
@pytest.mark.parametrize("threshold", [None, 0.0, 0.2, 0.6, 1.0])
@pytest.mark.parametrize("concern", ["", "b"])
def test_judging_decides_as_the_endpoint_answers(kind, threshold, concern):
    model = SimpleNamespace(
        threshold=threshold,
        class_of_concern=concern,
        serving_card={"kind": kind, "classes": [{"key": key, "name": key} for key in KEYS]},
    )
    probabilities = np.random.default_rng(1).dirichlet([1, 1, 1], 50)
    judged = decisions(model, probabilities)
    for row, chosen in zip(probabilities, judged, strict=True):
        answer = decide(row, model, 3).predicted
        told = {answer} if isinstance(answer, str) else set(answer)
        assert {key for key, yes in zip(KEYS, chosen, strict=True) if yes} == told
