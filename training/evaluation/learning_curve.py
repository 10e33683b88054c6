"""Would more labels help? The score against the number of training rows, extrapolated by a power law."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import curve_fit

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class LearningCurve:
    """error(n) = floor + scale x n^-decay; predicted_at_double: error with twice the rows.

    None with a reason if not fitted.
    """

    floor: float | None
    scale: float | None
    decay: float | None
    predicted_at_double: float | None
    sentence: str

    def as_json(self) -> dict[str, Any]:
        """Return the fit as a JSON object."""
        return {
            "floor": self.floor,
            "scale": self.scale,
            "decay": self.decay,
            "predicted_at_double": self.predicted_at_double,
            "sentence": self.sentence,
        }


def fit_learning_curve(rows: Floats, errors: Floats, *, relevant: float = 0.01) -> LearningCurve:
    """Fit an inverse power law to errors measured at several training sizes.

    rows: (m,) sizes, m >= 4 and distinct; errors: (m,) shares of wrong answers. relevant: the smallest gain that
    matters. Source: Hestness et al. 2017, equation 1. Raises ValueError for shapes that differ.
    """
    if rows.shape != errors.shape or rows.ndim != 1:
        raise ValueError("Sizes and errors must be one number a point.")
    if len(np.unique(rows)) < 4:
        return LearningCurve(None, None, None, None, "At least four training sizes are needed.")
    unit = float(rows.max())
    try:
        (floor, scale, decay), _ = curve_fit(
            _law,
            rows / unit,
            errors,
            p0=(max(errors.min() / 2, 1e-6), max(errors.min(), 1e-6), 0.5),
            bounds=([0, 0, 0.01], [1, 1, 3]),
        )
    except (RuntimeError, ValueError):
        return LearningCurve(None, None, None, None, "The points do not follow a power law.")
    now, double = float(_law(1.0, floor, scale, decay)), float(_law(2.0, floor, scale, decay))
    gain = now - double
    verdict = (
        "more labels are likely to help"
        if gain >= relevant
        else "better tuning or another model will do more than labels"
    )
    sentence = f"With twice the labels the error would fall from about {now:.1%} to {double:.1%}: {verdict}."
    return LearningCurve(float(floor), float(scale * unit**decay), float(decay), double, sentence)


def _law(x: Any, floor: float, scale: float, decay: float) -> Any:
    return floor + scale * np.power(x, -decay)
