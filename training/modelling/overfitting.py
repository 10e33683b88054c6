"""The epoch where a network starts to learn its training pictures by heart."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from common.said import Phrase, Said

State = Literal["too_early", "still_learning", "stalled", "overfitting"]


TOO_FEW = Phrase("overfitting.tooFew", "Too few epochs to tell.")
STILL_LEARNING = Phrase(
    "overfitting.stillLearning",
    "The validation loss was still falling at epoch {epoch:,}: a larger model or more epochs may do better.",
)
STARTS = Phrase(
    "overfitting.starts",
    "Overfitting starts at epoch {start:,}: the validation loss was lowest at epoch {best:,} ({lowest:.3f}), and rose "
    "while the training loss went on falling.",
)
STALLED = Phrase(
    "overfitting.stalled",
    "The validation loss has not improved since epoch {epoch:,}, without a clear rise: no overfitting to be seen.",
)


@dataclass(frozen=True)
class Overfitting:
    """Verdict on a pair of loss curves; epochs count from 1. from_epoch is None unless state is "overfitting"."""

    state: State
    best_epoch: int | None
    from_epoch: int | None
    said: Said

    @property
    def sentence(self) -> str:
        """English."""
        return self.said.sentence

    def as_json(self) -> dict[str, Any]:
        """Return the fields as a JSON object."""
        return {
            "state": self.state,
            "best_epoch": self.best_epoch,
            "from_epoch": self.from_epoch,
            "sentence": self.sentence,
            "said": self.said.as_json(),
        }


def detect_overfitting(
    train_loss: Sequence[float], validation_loss: Sequence[float], *, later: int = 2, rise: float = 0.01
) -> Overfitting:
    """Find the epoch after which the validation loss only got worse while the training loss went on falling.

    train_loss, validation_loss: one number an epoch, same length, same unit (mean log loss, nats), without penalties.
    Overfitting starts at the epoch after the lowest validation loss when at least `later` epochs follow it, their mean
    validation loss is more than `rise` (a share) above the lowest, and the training loss of the last epoch is below
    that of the best. Raises ValueError for unequal lengths. Source: the early-stopping criteria of Prechelt 1998
    (generalisation loss GL), applied after the fact.
    """
    if len(train_loss) != len(validation_loss):
        raise ValueError("The two curves must have the same number of epochs.")
    if len(train_loss) <= later:
        return Overfitting("too_early", None, None, TOO_FEW())
    best = int(np.argmin(validation_loss))
    lowest, after = validation_loss[best], validation_loss[best + 1 :]
    if len(after) < later:
        return Overfitting("still_learning", best + 1, None, STILL_LEARNING(epoch=best + 1))
    worse = float(np.mean(after)) > lowest * (1.0 + rise)
    if worse and train_loss[-1] < train_loss[best]:
        said = STARTS(start=best + 2, best=best + 1, lowest=float(lowest))
        return Overfitting("overfitting", best + 1, best + 2, said)
    return Overfitting("stalled", best + 1, None, STALLED(epoch=best + 1))
