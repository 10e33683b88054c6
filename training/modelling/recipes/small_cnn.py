"""A small convolutional network, trained from nothing."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np
import numpy.typing as npt

from training.modelling.augmentation import augment
from training.modelling.catalogue import SmallCnnSettings
from training.modelling.exports.network import export_network
from training.modelling.networks import (
    Phase,
    channel_moments,
    head_of,
    output_layer,
    penalty,
    predict_inputs,
    train_network,
)
from training.modelling.protocol import Indices
from training.modelling.recipes.base import FitContext, Fitted, Probabilities, Recipe
from training.modelling.spec import RunSpec
from training.serving.preprocessing import Pixels, Preprocessing, ResizeMode


@dataclass(frozen=True, kw_only=True)
class FittedNetwork(Fitted):
    """A trained network from pixels to probabilities.

    Normalization: mean and variance of the channels, if it was fitted.
    """

    model: keras.Model
    pixels: Pixels
    classes: int
    normalization: dict[str, Any]

    def predict(self, rows: Indices) -> Probabilities:
        """Return (m, classes)."""
        return predict_inputs(self.model, self.pixels, rows, self.classes)

    def predict_pixels(self, pixels: Pixels) -> Probabilities:
        """Return (m, classes) from prepared pixels."""
        return predict_inputs(self.model, pixels, np.arange(len(pixels)), self.classes)

    def save(self, folder: Path) -> list[Path]:
        """Write model.keras, without the optimiser's state."""
        path = folder / "model.keras"
        keras.Model(self.model.inputs, self.model.outputs, name=self.model.name).save(
            path
        )  # a copy that was never compiled
        return [path]

    def describe(self) -> dict[str, Any]:
        """Return the fitted normalisation and the number of parameters."""
        return {"normalization": self.normalization, "parameters": int(self.model.count_params())}


def load_network(context: FitContext) -> FittedNetwork:
    """Read the network that a run kept as model.keras in its folder, to be exported. No code in the file is run."""
    model = keras.saving.load_model(context.folder / "model.keras", compile=False, safe_mode=True)
    count = len(context.spec.task.classes)
    return FittedNetwork(model=model, pixels=context.pixels, classes=count, normalization={"inside_model": True})


class SmallCnn(Recipe):
    """Blocks of convolution, batch normalisation, ReLU and pooling.

    Then the average of each feature, dropout and the head.
    """

    def preprocessing(self, spec: RunSpec) -> Preprocessing:
        """Return a square of the chosen size."""
        settings = _settings(spec)
        return square(settings.image_size, settings.resize)

    def fit(self, context: FitContext) -> FittedNetwork:
        """Fit the normalisation and train."""
        settings = _settings(context.spec)
        keras.utils.clear_session()  # the models of earlier folds
        keras.utils.set_random_seed(context.seed)
        mean, variance = channel_moments(context.pixels, context.fold.fit)
        model = build_small_cnn(settings, head_of(context), mean, variance)
        change = augment if settings.augmentation else None
        epochs = settings.epochs if context.epochs is None else max(1, context.epochs.get("train", 0))
        phase = Phase("train", epochs, settings.learning_rate, change)
        curves = train_network(model, context.pixels, context, settings, phase)
        fitted = {"mean": mean, "variance": variance, "inside_model": True}
        count = len(context.spec.task.classes)
        return FittedNetwork(model=model, pixels=context.pixels, classes=count, normalization=fitted, curves=curves)

    def export(self, fitted: Fitted, name: str, context: FitContext) -> Path:
        """Write ONNX or LiteRT through a SavedModel."""
        assert isinstance(fitted, FittedNetwork)
        return export_network(fitted.model, name, context.folder, representative(context))


def build_small_cnn(settings: SmallCnnSettings, head: Any, mean: list[float], variance: list[float]) -> keras.Model:
    """Return the untrained model: (n, size, size, 3) float32 0..255 to (n, head.units)."""
    inputs = keras.Input((settings.image_size, settings.image_size, 3), name="image")
    x = keras.layers.Normalization(axis=-1, mean=mean, variance=variance, name="normalization")(inputs)
    for block in range(settings.blocks):
        filters = settings.filters * min(2**block, 8)
        convolution = keras.layers.Conv2D(
            filters,
            3,
            padding="same",
            use_bias=False,
            kernel_regularizer=penalty(settings.l2),
            name=f"convolution{block}",
        )
        x = keras.layers.BatchNormalization(momentum=0.9, name=f"norm{block}")(convolution(x))
        x = keras.layers.ReLU(name=f"relu{block}")(x)
        x = keras.layers.MaxPooling2D(name=f"pool{block}")(x)
    x = keras.layers.GlobalAveragePooling2D(name="features")(x)
    if settings.dropout:
        x = keras.layers.Dropout(settings.dropout, name="dropout")(x)
    return keras.Model(inputs, output_layer(head, settings.l2)(x), name="small_cnn")


def square(side: int, resize: str) -> Preprocessing:
    """Return the preprocessing of a square picture.

    A crop keeps 7/8 of the shorter side, as image models are used to.
    """
    mode: ResizeMode = "crop" if resize == "crop" else "stretch" if resize == "stretch" else "pad"
    return Preprocessing(
        height=side, width=side, mode=mode, shorter_side=round(side * 8 / 7) if mode == "crop" else None
    )


def representative(context: FitContext, most: int = 200) -> npt.NDArray[np.float32]:
    """Return up to so many fitted pictures, (m, height, width, 3) float32, to measure ranges for int8."""
    rows = context.fold.fit
    chosen = (
        rows if len(rows) <= most else np.sort(np.random.default_rng(context.seed).choice(rows, most, replace=False))
    )
    return context.pixels[chosen].astype(np.float32)


def _settings(spec: RunSpec) -> SmallCnnSettings:
    assert isinstance(spec.settings, SmallCnnSettings)
    return spec.settings
