"""What a model decides, from its probabilities and its threshold: the same rule as its endpoint answers by."""

import numpy as np
import numpy.typing as npt

from training.models import ModelVersion
from training.selectors.files import Floats, classes_of

MULTI_LABEL_THRESHOLD = 0.5


def decisions(model: ModelVersion, probabilities: Floats) -> npt.NDArray[np.bool_]:
    """(n, classes): the classes answered.

    Multiple choice: each class from the threshold on. One choice: the class of concern from the threshold on and the
    likeliest other class below it; without a threshold the likeliest class.
    """
    if model.serving_card["kind"] == "multi_label":
        return np.asarray(probabilities >= (MULTI_LABEL_THRESHOLD if model.threshold is None else model.threshold))
    chosen = probabilities.argmax(axis=1)
    if model.class_of_concern and model.threshold is not None:
        concern = classes_of(model.serving_card).index(model.class_of_concern)
        others = probabilities.copy()
        others[:, concern] = -1.0
        chosen = np.where(probabilities[:, concern] >= model.threshold, concern, others.argmax(axis=1))
    return np.asarray(chosen[:, None] == np.arange(probabilities.shape[1])[None, :])
