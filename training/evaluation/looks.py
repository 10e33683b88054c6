"""How often may one look at the validation split before its numbers flatter?"""

import math
from dataclasses import dataclass
from typing import Any, Literal

from common.numerics.estimate import Estimate
from training.evaluation.gap import standard_error

State = Literal["fine", "careful", "too_often", "unknown"]


@dataclass(frozen=True)
class Looks:
    """optimism: by how much the best of `looks` looks may flatter by luck alone, in the metric's unit.

    None if unknown.
    """

    looks: int
    optimism: float | None
    state: State
    sentence: str

    def as_json(self) -> dict[str, Any]:
        """Return the judgement as a JSON object."""
        return {"looks": self.looks, "optimism": self.optimism, "state": self.state, "sentence": self.sentence}


def judge_looks(looks: int, score: Estimate, *, relevant: float = 0.02) -> Looks:
    """Judge how much the best of so many looks may flatter.

    The best of k noisy readings of equally good models lies on average at most s x sqrt(2 ln k) above the truth, where
    s is the standard error of one reading (Boucheron, Lugosi & Massart 2013, theorem 2.5). This is an upper bound:
    models scored on the same rows err together. "careful" from half of `relevant` (the smallest gain that matters) on,
    "too_often" from `relevant`. score: the metric on the validation split with its interval. Raises ValueError for
    fewer than 0 looks.
    """
    if looks < 0:
        raise ValueError("The number of looks cannot be negative.")
    error = standard_error(score)
    if error is None:
        return Looks(
            looks, None, "unknown", f"Looked at {looks} times; the score has no interval, so the luck in it is unknown."
        )
    optimism = error * math.sqrt(2 * math.log(max(looks, 1)))
    if optimism >= relevant:
        state: State = "too_often"
        advice = (
            "It has been looked at too often for its size: judge on new data, or decide by larger differences only."
        )
    elif optimism >= relevant / 2:
        state, advice = "careful", "Choose between models by larger differences than this."
    else:
        state, advice = "fine", "Its numbers can still be believed."
    times = "once" if looks == 1 else f"{looks} times"
    sentence = (
        f"The validation split was looked at {times}; by luck alone the best look may flatter by "
        f"{optimism * 100:.1f} points. {advice}"
    )
    return Looks(looks, optimism, state, sentence)
