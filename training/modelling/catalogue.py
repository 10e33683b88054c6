"""The recipes and their settings, without the code that runs them.

Importing this loads neither TensorFlow nor scikit-learn.
"""

from dataclasses import dataclass
from typing import Any

from training.modelling.settings_fields import describe_settings, setting
from training.serving.card import TaskKind

ALL_KINDS: tuple[TaskKind, ...] = ("single_choice", "binary", "multi_label")
BALANCES = ("none", "oversample", "undersample")
RESIZES = ("pad", "stretch", "crop")


@dataclass(frozen=True, kw_only=True)
class MajoritySettings:
    """Settings of `baseline_majority`: none."""


@dataclass(frozen=True, kw_only=True)
class LogisticSettings:
    """Settings of `baseline_logistic`."""

    image_size: int = setting(
        64, "Side of the square picture in pixels; a multiple of the grid.", minimum=16, maximum=256
    )
    grid: int = setting(8, "The picture is averaged down to grid x grid cells.", minimum=1, maximum=32)
    histogram_bins: int = setting(16, "Bins of each colour channel's histogram.", minimum=2, maximum=64)
    inverse_l2: float = setting(
        0.1, "C of the logistic regression: smaller means a stronger L2 penalty.", minimum=1e-6, maximum=1e6
    )
    iterations: int = setting(300, "At most so many steps of the solver.", minimum=10, maximum=10_000)
    class_weights: bool = setting(False, "Weigh rare classes up so that each class counts the same.")
    balance: str = setting("none", "Repeat rare classes, or leave out frequent ones, while training.", choices=BALANCES)


@dataclass(frozen=True, kw_only=True)
class NetworkSettings:
    """What every network has."""

    epochs: int = setting(12, "Passes over the training pictures, at most.", minimum=1, maximum=1000)
    batch_size: int = setting(32, "Pictures a step.", minimum=1, maximum=1024)
    learning_rate: float = setting(
        1e-3, "Step size of Adam at the start; it falls along a cosine.", minimum=1e-7, maximum=1.0
    )
    dropout: float = setting(
        0.3, "Share of the last features switched off at random while training; 0 is off.", minimum=0.0, maximum=0.95
    )
    l2: float = setting(1e-4, "Penalty on large weights; 0 is off.", minimum=0.0, maximum=1.0)
    augmentation: bool = setting(True, "Train on mirrored, shifted, zoomed and brightened copies.")
    class_weights: bool = setting(False, "Weigh rare classes up so that each class counts the same.")
    balance: str = setting("none", "Repeat rare classes, or leave out frequent ones, while training.", choices=BALANCES)
    patience: int = setting(
        0, "Stop after so many epochs without a better validation loss; 0 never stops early.", minimum=0, maximum=1000
    )
    restore_best: bool = setting(True, "Keep the weights of the epoch with the best validation loss.")


@dataclass(frozen=True, kw_only=True)
class SmallCnnSettings(NetworkSettings):
    """Settings of `small_cnn`."""

    learning_rate: float = setting(
        2e-3, "Step size of Adam at the start; it falls along a cosine.", minimum=1e-7, maximum=1.0
    )
    image_size: int = setting(64, "Side of the square picture in pixels.", minimum=16, maximum=256)
    resize: str = setting("pad", "How a picture that is not square is brought to size.", choices=RESIZES)
    filters: int = setting(16, "Filters of the first block; each later block has more.", minimum=4, maximum=128)
    blocks: int = setting(4, "Convolution blocks; each halves the picture.", minimum=1, maximum=6)


@dataclass(frozen=True, kw_only=True)
class TransferSettings(NetworkSettings):
    """Settings of `transfer_efficientnet_lite0`."""

    epochs: int = setting(40, "Passes over the embeddings while the head is trained, at most.", minimum=1, maximum=1000)
    augmentation: bool = setting(
        False, "Only while fine-tuning: train on mirrored, shifted, zoomed and brightened copies."
    )
    image_size: int = setting(224, "Side of the square picture in pixels.", minimum=64, maximum=320)
    resize: str = setting(
        "pad", "How a picture is brought to size; crop is what the encoder was trained with.", choices=RESIZES
    )
    hidden_units: int = setting(0, "Units of a hidden layer in the head; 0 is a linear head.", minimum=0, maximum=2048)
    fine_tune_epochs: int = setting(
        0, "Epochs in which the encoder's last blocks are trained too; 0 keeps it frozen.", minimum=0, maximum=200
    )
    fine_tune_blocks: int = setting(3, "How many of the encoder's 16 blocks are fine-tuned.", minimum=0, maximum=16)
    fine_tune_learning_rate: float = setting(1e-4, "Step size while fine-tuning.", minimum=1e-8, maximum=0.1)


@dataclass(frozen=True, kw_only=True)
class RecipeInfo:
    """What a recipe is, for people and for the service that starts it."""

    key: str
    name: str
    sentence: str
    is_baseline: bool
    needs_tensorflow: bool
    settings: type[Any]
    exports: tuple[str, ...]
    kinds: tuple[TaskKind, ...] = ALL_KINDS

    def as_json(self) -> dict[str, Any]:
        """Return the recipe with its settings described for a form."""
        return {
            "key": self.key,
            "name": self.name,
            "sentence": self.sentence,
            "is_baseline": self.is_baseline,
            "kinds": list(self.kinds),
            "exports": list(self.exports),
            "settings": describe_settings(self.settings),
        }


CATALOGUE: dict[str, RecipeInfo] = {
    info.key: info
    for info in (
        RecipeInfo(
            key="baseline_majority",
            name="Majority baseline",
            sentence="Always answers with the class shares of the training pictures; what every model has to beat.",
            is_baseline=True,
            needs_tensorflow=False,
            settings=MajoritySettings,
            exports=("onnx",),
        ),
        RecipeInfo(
            key="baseline_logistic",
            name="Logistic regression on small pixels",
            sentence="A linear model on the picture averaged to a few cells and its colour histogram; costs a second.",
            is_baseline=True,
            needs_tensorflow=False,
            settings=LogisticSettings,
            exports=("onnx",),
        ),
        RecipeInfo(
            key="small_cnn",
            name="Small convolutional network",
            sentence="A network of a few convolutions trained from nothing; small and fast on devices.",
            is_baseline=False,
            needs_tensorflow=True,
            settings=SmallCnnSettings,
            exports=("onnx", "litert_int8"),
        ),
        RecipeInfo(
            key="transfer_efficientnet_lite0",
            name="Transfer learning on EfficientNet-Lite0",
            sentence="A new head on an encoder that has seen a million photos; the best start with few labels.",
            is_baseline=False,
            needs_tensorflow=True,
            settings=TransferSettings,
            exports=("onnx", "litert_int8"),
        ),
    )
}
