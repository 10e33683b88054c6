"""Output head and loss, chosen from the kind of task, with the reason."""

from dataclasses import dataclass
from typing import Literal

from training.serving.card import TaskKind


@dataclass(frozen=True)
class Head:
    """The last layer of a classifier. units: outputs; activation and loss by their common names; reason: a sentence."""

    units: int
    activation: Literal["softmax", "sigmoid"]
    loss: Literal["categorical_crossentropy", "binary_crossentropy"]
    reason: str

    def as_json(self) -> dict[str, str | int]:
        """Return the fields as a JSON object."""
        return {"units": self.units, "activation": self.activation, "loss": self.loss, "reason": self.reason}


def choose_head(kind: TaskKind, classes: int) -> Head:
    """Return head and loss for a task with so many classes. Raises ValueError for a kind that has no head here."""
    if kind == "single_choice":
        return Head(
            classes,
            "softmax",
            "categorical_crossentropy",
            f"Exactly one of {classes} classes is right, so the outputs compete: softmax, with the "
            "log loss of the right class.",
        )
    if kind == "binary":
        return Head(
            1,
            "sigmoid",
            "binary_crossentropy",
            "There are two classes, so one number says it all: the probability of the second class, "
            "with the binary log loss.",
        )
    if kind == "multi_label":
        return Head(
            classes,
            "sigmoid",
            "binary_crossentropy",
            f"Each of {classes} classes may apply or not on its own, so each has its own sigmoid and "
            "its own binary log loss.",
        )
    raise ValueError(f"There is no head for a task of kind {kind!r}.")
