"""Transfer learning: a new head on EfficientNet-Lite0, whose weights arrive inside a package."""

from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np
import numpy.typing as npt

from training.modelling.augmentation import augment
from training.modelling.catalogue import TransferSettings
from training.modelling.efficientnet_lite0 import DIMENSION, build_encoder, trainable_from
from training.modelling.embedding_cache import cached_embeddings
from training.modelling.exports.network import export_network
from training.modelling.networks import Phase, head_of, output_layer, penalty, predict_inputs, train_network
from training.modelling.protocol import Indices
from training.modelling.recipes.base import Curves, FitContext, Fitted, Probabilities, Recipe
from training.modelling.recipes.small_cnn import FittedNetwork, representative, square
from training.modelling.spec import RunSpec
from training.serving.preprocessing import Preprocessing


@dataclass(frozen=True, kw_only=True)
class FittedHead(FittedNetwork):
    """A head on a frozen encoder: predicts from the embeddings at hand, and saves the whole network."""

    head: keras.Model
    embeddings: npt.NDArray[np.float32]

    def predict(self, rows: Indices) -> Probabilities:
        """Return (m, classes), without running the encoder again."""
        return predict_inputs(self.head, self.embeddings, rows, self.classes)


class TransferEfficientNetLite0(Recipe):
    """First the head is trained on embeddings; then, if asked, the encoder's last blocks are trained with it."""

    def preprocessing(self, spec: RunSpec) -> Preprocessing:
        """Return a square of the chosen size; scaling is inside the encoder."""
        settings = _settings(spec)
        return square(settings.image_size, settings.resize)

    def fit(self, context: FitContext) -> FittedNetwork:
        """Embed, train the head, fine-tune if asked."""
        settings = _settings(context.spec)
        keras.utils.clear_session()  # the models of earlier folds
        keras.utils.set_random_seed(context.seed)
        encoder = build_encoder(settings.image_size, settings.image_size)
        encoder.trainable = False
        embeddings = cached_embeddings(encoder, context)
        head = build_head(settings, context, embeddings)
        curves = train_network(head, embeddings, context, settings, _head_phase(settings, context))
        model = keras.Model(encoder.input, head(encoder.output), name="transfer_efficientnet_lite0")
        tuned = _fine_tune(model, encoder, context, settings, curves)
        fitted = {"embedding_standardised_on": "training rows", "inside_model": True, "fine_tuned": tuned is not None}
        count = len(context.spec.task.classes)
        if tuned is None:
            return FittedHead(
                model=model,
                pixels=context.pixels,
                classes=count,
                normalization=fitted,
                curves=curves,
                head=head,
                embeddings=embeddings,
            )
        return FittedNetwork(model=model, pixels=context.pixels, classes=count, normalization=fitted, curves=tuned)

    def export(self, fitted: Fitted, name: str, context: FitContext) -> Path:
        """Write the whole network, encoder and head, as ONNX or LiteRT."""
        assert isinstance(fitted, FittedNetwork)
        return export_network(fitted.model, name, context.folder, representative(context, most=60))


def build_head(settings: TransferSettings, context: FitContext, embeddings: npt.NDArray[np.float32]) -> keras.Model:
    """Return the untrained head: (n, 1280) to (n, outputs).

    Embeddings are standardised by the fitted rows' mean and variance.
    """
    fitted = embeddings[context.fold.fit].astype(np.float64)
    mean, variance = fitted.mean(axis=0), np.maximum(fitted.var(axis=0), 1e-4)
    inputs = keras.Input((DIMENSION,), name="embedding")
    x = keras.layers.Normalization(axis=-1, mean=mean.tolist(), variance=variance.tolist(), name="standardise")(inputs)
    if settings.hidden_units:
        hidden = keras.layers.Dense(
            settings.hidden_units, activation="relu", kernel_regularizer=penalty(settings.l2), name="hidden"
        )
        x = hidden(x)
    if settings.dropout:
        x = keras.layers.Dropout(settings.dropout, name="dropout")(x)
    return keras.Model(inputs, output_layer(head_of(context), settings.l2)(x), name="head")


def _head_phase(settings: TransferSettings, context: FitContext) -> Phase:
    epochs = settings.epochs if context.epochs is None else max(1, context.epochs.get("head", 0))
    return Phase("head", epochs, settings.learning_rate)


def _fine_tune(
    model: keras.Model, encoder: keras.Model, context: FitContext, settings: TransferSettings, earlier: Curves
) -> Curves | None:
    """Train the last blocks too; returns all curves, or None when nothing is to be fine-tuned."""
    epochs = settings.fine_tune_epochs if context.epochs is None else context.epochs.get("fine_tune", 0)
    if epochs == 0:
        return None
    freed = trainable_from(encoder, settings.fine_tune_blocks)
    context.reporter.message(f"Fine-tuning {freed} layers of the encoder.")
    phase = Phase("fine_tune", epochs, settings.fine_tune_learning_rate, augment if settings.augmentation else None)
    return train_network(model, context.pixels, context, settings, phase, earlier=earlier)


def _settings(spec: RunSpec) -> TransferSettings:
    assert isinstance(spec.settings, TransferSettings)
    return spec.settings
