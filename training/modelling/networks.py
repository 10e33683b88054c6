"""The training loop of all networks: seeded, watched, stoppable."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
import numpy.typing as npt

from training.evaluation.scores import Scorer
from training.modelling.balance import positive_weights, resample, row_weights
from training.modelling.catalogue import NetworkSettings
from training.modelling.heads import Head, choose_head
from training.modelling.overfitting import Overfitting, detect_overfitting
from training.modelling.protocol import Indices
from training.modelling.recipes.base import Curves, EpochRow, FitContext, Probabilities, both_columns

Inputs = npt.NDArray[Any]
Augment = Callable[[Inputs, np.random.Generator], npt.NDArray[np.float32]]
CHECK_EVERY = 4  # steps between looks at the cancel flag
PREDICT_BATCH = 64
FLOOR = 0.01  # the learning rate ends at this share of its start


@dataclass(frozen=True)
class Phase:
    """One stretch of training: a name, how many epochs, the step size at its start, and how pictures are changed."""

    name: str
    epochs: int
    learning_rate: float
    augment: Augment | None = None


def head_of(context: FitContext) -> Head:
    """Return the output head of the run's task."""
    return choose_head(context.spec.task.kind, len(context.spec.task.classes))


def output_layer(head: Head, l2: float) -> keras.layers.Layer:
    """Return the last layer; named, so that exports find it."""
    return keras.layers.Dense(
        head.units, activation=head.activation, kernel_regularizer=penalty(l2), name="probabilities"
    )


def penalty(l2: float) -> keras.regularizers.Regularizer | None:
    """Return an L2 penalty, or None for 0."""
    return keras.regularizers.L2(l2) if l2 > 0 else None


def train_network(
    model: keras.Model,
    inputs: Inputs,
    context: FitContext,
    settings: NetworkSettings,
    phase: Phase,
    *,
    earlier: Curves | None = None,
) -> Curves:
    """Train a model in place on context.fold.fit and report every epoch.

    Returns the curves, after those of `earlier` phases.

    inputs: (n, …) for all rows of the run: pixels, or embeddings. Epochs are judged on context.fold.judge when there is
    any; then the weights of the best epoch are restored if the settings say so, and training stops after `patience`
    epochs without a better validation loss. Raises Cancelled.
    """
    watcher = _Watcher(model, inputs, context, settings, earlier or Curves())
    rows, weights = _training_rows(context, settings)
    _train_phase(model, inputs, context, settings, phase, rows, weights, watcher)
    return watcher.finish()


def predict_inputs(model: keras.Model, inputs: Inputs, rows: Indices, classes: int) -> Probabilities:
    """Return (m, classes) probabilities for rows of the inputs."""
    parts = [
        np.asarray(model.predict_on_batch(inputs[rows[start : start + PREDICT_BATCH]].astype(np.float32)))
        for start in range(0, len(rows), PREDICT_BATCH)
    ]
    return both_columns(np.concatenate(parts), classes) if parts else np.empty((0, classes))


def channel_moments(pixels: npt.NDArray[np.uint8], rows: Indices, chunk: int = 256) -> tuple[list[float], list[float]]:
    """Return mean and variance of each colour channel over the fitted rows, 0..255.

    What the Normalization layer is given.
    """
    total, squares, count = np.zeros(3), np.zeros(3), 0
    for start in range(0, len(rows), chunk):
        part = pixels[rows[start : start + chunk]].astype(np.float64)
        total += part.sum(axis=(0, 1, 2))
        squares += (part**2).sum(axis=(0, 1, 2))
        count += part.shape[0] * part.shape[1] * part.shape[2]
    mean = total / count
    return mean.tolist(), np.maximum(squares / count - mean**2, 1.0).tolist()


def _training_rows(context: FitContext, settings: NetworkSettings) -> tuple[Indices, npt.NDArray[np.float64]]:
    rows = context.fold.fit
    single = context.spec.task.kind != "multi_label"
    if single:
        classes = context.rows.targets.argmax(axis=1)
        rows = resample(rows, classes[rows], settings.balance, context.rng)
    balanced = settings.class_weights and single
    return rows, row_weights(context.rows.targets[rows], context.rows.weights[rows], balanced=balanced)


def _train_phase(
    model: keras.Model,
    inputs: Inputs,
    context: FitContext,
    settings: NetworkSettings,
    phase: Phase,
    rows: Indices,
    weights: npt.NDArray[np.float64],
    watcher: "_Watcher",
) -> None:
    model.compile(
        optimizer=keras.optimizers.Adam(phase.learning_rate, clipnorm=1.0),
        loss=_loss(head_of(context), context, settings, rows),
        jit_compile=False,  # compiling convolutions for a CPU costs more than it gives
    )
    targets, steps = _network_targets(context), -(-len(rows) // settings.batch_size)
    for epoch in range(phase.epochs):
        order = context.rng.permutation(len(rows))
        rate = _cosine(phase.learning_rate, epoch, phase.epochs)
        model.optimizer.learning_rate.assign(rate)
        for step in range(steps):
            if step % CHECK_EVERY == 0:
                context.reporter.check()
            chosen = order[step * settings.batch_size : (step + 1) * settings.batch_size]
            batch = rows[chosen]
            pictures = inputs[batch]
            changed = phase.augment(pictures, context.rng) if phase.augment else pictures.astype(np.float32)
            model.train_on_batch(changed, targets[batch], sample_weight=weights[chosen].astype(np.float32))
        watcher.after_epoch(phase.name, rate)
        if watcher.stopped:
            return


def _network_targets(context: FitContext) -> npt.NDArray[np.float32]:
    targets = context.rows.targets
    return targets[:, 1:] if context.spec.task.kind == "binary" else targets


def _loss(head: Head, context: FitContext, settings: NetworkSettings, rows: Indices) -> Any:
    if context.spec.task.kind != "multi_label" or not settings.class_weights:
        return head.loss
    weights = positive_weights(context.rows.targets[rows], context.rows.weights[rows]).astype(np.float32)

    def weighted(truth: Any, answer: Any) -> Any:
        entropy = keras.losses.binary_crossentropy(truth[..., None], answer[..., None])
        return keras.ops.mean(entropy * (1.0 + truth * (weights - 1.0)), axis=-1)

    return weighted


def _cosine(start: float, epoch: int, epochs: int) -> float:
    share = (1 + np.cos(np.pi * epoch / max(1, epochs))) / 2
    return float(start * (FLOOR + (1 - FLOOR) * share))


class _Watcher:
    """Keeps the curves, the best weights, and the decision to stop."""

    def __init__(
        self, model: keras.Model, inputs: Inputs, context: FitContext, settings: NetworkSettings, earlier: Curves
    ) -> None:
        self._model, self._inputs, self._context, self._settings = model, inputs, context, settings
        self._rows = list(earlier.epochs)
        self._start = len(self._rows)
        self._best = self._best_of(earlier)
        self._sample = _sample(context.fold.fit, max(len(context.fold.judge), 256), context.seed)
        self.stopped = False

    def after_epoch(self, phase: str, rate: float) -> None:
        """Measure, report, remember the best weights, decide whether to stop."""
        loss, metric = self._measure(self._sample)
        judged = self._measure(self._context.fold.judge) if len(self._context.fold.judge) else (None, None)
        row = EpochRow(self._context.fold.number, len(self._rows) + 1, phase, loss, metric, judged[0], judged[1], rate)
        self._rows.append(row)
        if judged[0] is not None and (self._best is None or judged[0] < self._best[0]):
            weights = self._model.get_weights() if self._settings.restore_best else None
            self._best = (judged[0], row.epoch, weights)
        since_best = row.epoch - max(self._best[1], self._start) if self._best else 0
        self.stopped = 0 < self._settings.patience <= since_best
        overfitting = self._overfitting()
        self._context.reporter.emit(
            "epoch",
            **row.as_json(),
            metric=self._context.spec.task.metric,
            overfitting=overfitting.as_json() if overfitting else None,
        )

    def finish(self) -> Curves:
        """Restore the best weights if asked, and return the curves."""
        kept = len(self._rows)
        if self._best and self._best[2] is not None:
            self._model.set_weights(self._best[2])
            kept = self._best[1]
        return Curves(tuple(self._rows), kept, self._overfitting())

    def _best_of(self, earlier: Curves) -> tuple[float, int, Any] | None:
        """Take over the best epoch of earlier phases; the model still has its weights."""
        if not earlier.epochs or earlier.best_epoch is None:
            return None
        loss = earlier.epochs[earlier.best_epoch - 1].validation_loss
        weights = self._model.get_weights() if self._settings.restore_best else None
        return None if loss is None else (loss, earlier.best_epoch, weights)

    def _overfitting(self) -> Overfitting | None:
        if not self._rows or self._rows[-1].validation_loss is None:
            return None
        judged = [row.validation_loss for row in self._rows if row.validation_loss is not None]
        return detect_overfitting([row.train_loss for row in self._rows], judged)

    def _measure(self, rows: Indices) -> tuple[float, float]:
        """Return mean log loss and metric, without dropout, augmentation and penalties, with the rows' case weights."""
        task, data = self._context.spec.task, self._context.rows
        probabilities = predict_inputs(self._model, self._inputs, rows, len(task.classes))
        if not np.isfinite(probabilities).all():
            raise FloatingPointError("The loss is no number any more: lower the learning rate.")
        scores = Scorer(data.targets[rows].astype(np.float64), np.clip(probabilities, 0, 1), task.kind).plain(
            data.weights[rows]
        )
        return scores["log_loss"], scores[task.metric]


def _sample(rows: Indices, most: int, seed: int) -> Indices:
    """Return at most so many of the rows.

    So that measuring the training curve costs no more than measuring validation.
    """
    if len(rows) <= most:
        return rows
    return np.sort(np.random.default_rng(seed).choice(rows, most, replace=False))
