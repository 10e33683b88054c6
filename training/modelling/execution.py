"""One run from specification to files: the same for every recipe."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from training.evaluation.classification import Report, report_classification
from training.modelling.exports.errors import ExportError
from training.modelling.exports.measure import MeasuredRows, Measurement, Original, measure_export
from training.modelling.heads import choose_head
from training.modelling.manifest import Rows, read_rows
from training.modelling.outputs import PREDICTIONS_FILE, Predictions, announce, write_json, write_predictions
from training.modelling.pictures import Pictures
from training.modelling.progress import Reporter
from training.modelling.protocol import Fold, Indices, Plan, plan_folds
from training.modelling.recipes.base import Curves, FitContext, Fitted, Recipe
from training.modelling.spec import RunSpec
from training.modelling.versions import library_versions
from training.serving.card import ServingCard

SERVED = "onnx"  # the format that endpoints answer with: a model without it is none
MEASURED_PICTURES = 200  # exports are compared on so many pictures
SCRATCH = ("pixels.npy", "embeddings.npy")


@dataclass
class Execution:
    """The state of one run."""

    spec: RunSpec
    folder: Path
    reporter: Reporter
    recipe: Recipe

    def run(self) -> None:
        """Run everything and write the files.

        Raises Cancelled, ManifestError, ExportError and what the libraries raise.
        """
        try:
            self._run()
        finally:
            self._clean()

    def export_kept(self, load: Callable[[FitContext], Fitted]) -> None:
        """Export a model that an earlier run kept, measured on the rows that its own exports were measured on.

        load: reads the model from the folder. Raises what `run` raises.
        """
        try:
            rows = read_rows(self.spec)
            plan = plan_folds(
                rows, self.spec.protocol, multi_label=self.spec.task.kind == "multi_label", seed=self.spec.seed
            )
            pictures = Pictures.prepare(rows, self.recipe.preprocessing(self.spec), self.folder, self.reporter)
            context = self._context(rows, pictures, plan.folds[-1], None)
            self._export(rows, pictures, self._card(pictures), load(context), context, needed=self.spec.exports)
            self.reporter.emit("done", exports=list(self.spec.exports))
        finally:
            self._clean()

    def _clean(self) -> None:
        for name in SCRATCH:
            (self.folder / name).unlink(missing_ok=True)

    def _card(self, pictures: Pictures) -> ServingCard:
        task = self.spec.task
        return ServingCard(
            kind=task.kind, classes=task.classes, preprocessing=pictures.preprocessing, recipe=self.spec.recipe
        )

    def _run(self) -> None:
        spec, reporter = self.spec, self.reporter
        rows = read_rows(spec)
        head = choose_head(spec.task.kind, len(spec.task.classes))
        plan = plan_folds(rows, spec.protocol, multi_label=spec.task.kind == "multi_label", seed=spec.seed)
        self._announce_start(rows, plan)
        pictures = Pictures.prepare(rows, self.recipe.preprocessing(spec), self.folder, reporter)
        card = self._card(pictures)
        judged, curves, kept, context = self._fit_all(rows, pictures, plan)
        metrics = self._metrics(rows, judged) | {
            "head": head.as_json(),
            "protocol": {"kind": spec.protocol.kind, "reason": plan.reason},
            "model": kept.describe(),
            "best_epoch": kept.curves.best_epoch,
            "overfitting": kept.curves.overfitting.as_json() if kept.curves.overfitting else None,
        }
        self._write(rows, card, kept, judged, curves, metrics)
        self._export(rows, pictures, card, kept, context, needed=(SERVED,))
        reporter.emit("done", scores=_headline(metrics))

    def _announce_start(self, rows: Rows, plan: Plan) -> None:
        spec = self.spec
        self.reporter.emit(
            "started",
            recipe=spec.recipe,
            rows={split: len(rows.of(split)) for split in ("train", "validation", "test")},
            groups=len(set(rows.groups.tolist())),
            fits=len(plan.folds),
            head=choose_head(spec.task.kind, len(spec.task.classes)).as_json(),
            protocol=plan.reason,
            metric=spec.task.metric,
            versions=library_versions(spec.threads),
        )

    def _fit_all(
        self, rows: Rows, pictures: Pictures, plan: Plan
    ) -> tuple[list[Predictions], list[Curves], Fitted, FitContext]:
        """Fit every fold; returns predictions for rows not fitted on, all curves, the kept model and its context."""
        judged: list[Predictions] = []
        curves: list[Curves] = []
        for fold in plan.folds:
            epochs = _epochs_of(curves) if fold.is_kept and curves else None
            context = self._context(rows, pictures, fold, epochs)
            fitted = self.recipe.fit(context)
            curves.append(fitted.curves)
            if len(fold.judge):
                part = Predictions(fold.number, fold.judge, fitted.predict(fold.judge))
                judged.append(part)
                self._emit_fold(rows, fold, part)
            if fold.is_kept and self.spec.evaluate_test:
                test = rows.of("test")
                judged.append(Predictions(fold.number, test, fitted.predict(test)))
        return judged, curves, fitted, context

    def _context(self, rows: Rows, pictures: Pictures, fold: Fold, epochs: dict[str, int] | None) -> FitContext:
        return FitContext(
            spec=self.spec,
            rows=rows,
            pixels=pictures.pixels,
            fold=fold,
            reporter=self.reporter,
            folder=self.folder,
            rng=np.random.default_rng([self.spec.seed, fold.number]),
            seed=(self.spec.seed * 1009 + fold.number) % 2**31,
            epochs=epochs,
        )

    def _emit_fold(self, rows: Rows, fold: Fold, part: Predictions) -> None:
        report = self._report(rows, part.rows, part.probabilities, resamples=50)
        value = report.scores[self.spec.task.metric]
        self.reporter.emit(
            "fold",
            fold=fold.number,
            fitted=len(fold.fit),
            judged=len(fold.judge),
            metric=self.spec.task.metric,
            value=value.as_json(),
        )

    def _report(self, rows: Rows, chosen: Indices, probabilities: Any, *, resamples: int) -> Report:
        task = self.spec.task
        return report_classification(
            rows.targets[chosen].astype(np.float64),
            np.clip(probabilities, 0.0, 1.0),
            kind=task.kind,
            classes=[c.key for c in task.classes],
            rng=np.random.default_rng([self.spec.seed, 2**20]),
            groups=rows.groups[chosen],
            weights=rows.weights[chosen],
            level=self.spec.level,
            resamples=resamples,
        )

    def _metrics(self, rows: Rows, judged: list[Predictions]) -> dict[str, Any]:
        """Return the reports on validation (over all folds, the mean of repeats) and, if it was looked at, test."""
        result: dict[str, Any] = {"version": 1, "validation": None, "test": None}
        for split, wanted in (("validation", False), ("test", True)):
            parts = [part for part in judged if len(part.rows) and (rows.splits[part.rows[0]] == "test") == wanted]
            if not parts:
                continue
            chosen, probabilities = _mean_by_row(parts)
            report = self._report(rows, chosen, probabilities, resamples=self.spec.resamples)
            result[split] = report.as_json()
            scores = {name: estimate.as_json() for name, estimate in report.scores.items()}
            self.reporter.emit("metrics", split=split, rows=report.rows, scores=scores)
        return result

    def _write(
        self,
        rows: Rows,
        card: ServingCard,
        kept: Fitted,
        judged: list[Predictions],
        curves: list[Curves],
        metrics: dict[str, Any],
    ) -> None:
        folder = self.folder
        history = [row.as_json() for curve in curves for row in curve.epochs]
        write_predictions(folder / PREDICTIONS_FILE, rows, judged)
        files = [("model", path) for path in kept.save(folder)]
        files += [
            ("serving", write_json(folder / "serving.json", card.as_json())),
            ("preprocessing", write_json(folder / "preprocessing.json", card.preprocessing.as_json())),
            ("metrics", write_json(folder / "metrics.json", metrics)),
            ("history", write_json(folder / "history.json", history)),
            ("versions", write_json(folder / "versions.json", library_versions(self.spec.threads))),
            ("specification", write_json(folder / "spec.json", self.spec.as_json())),
            ("predictions", folder / PREDICTIONS_FILE),
        ]
        for kind, path in files:
            announce(self.reporter, kind, path)

    def _export(
        self,
        rows: Rows,
        pictures: Pictures,
        card: ServingCard,
        kept: Fitted,
        context: FitContext,
        *,
        needed: tuple[str, ...],
    ) -> None:
        """Write and measure the exports. One that fails and is not needed is told, and does not cost the model."""
        if not self.spec.exports:
            return
        measured = measured_rows(rows, pictures, context)
        original = Original.measured(kept.predict_pixels, measured)
        results: list[Measurement] = []
        for name in self.spec.exports:
            self.reporter.check()
            self.reporter.message(f"Exporting as {name} and measuring it against the original.")
            try:
                path = self.recipe.export(kept, name, context)
            except ExportError as error:
                if name in needed:
                    raise
                self.reporter.message(f"There is no {name} file: {error}")
                continue
            results.append(measure_export(name, path, card, original, measured, level=self.spec.level))
            announce(self.reporter, f"export:{name}", path)
            self.reporter.message(results[-1].sentence)
        path = write_json(self.folder / "exports.json", [result.as_json() for result in results])
        announce(self.reporter, "exports", path)


def measured_rows(rows: Rows, pictures: Pictures, context: FitContext) -> MeasuredRows:
    """Return up to 200 rows to measure exports on: judged ones where there are any, else fitted ones.

    Never test rows.
    """
    judged = len(context.fold.judge) > 0
    pool = context.fold.judge if judged else context.fold.fit
    if len(pool) > MEASURED_PICTURES:
        pool = np.sort(np.random.default_rng(context.seed).choice(pool, MEASURED_PICTURES, replace=False))
    truth = rows.targets[pool].astype(np.float64)
    return MeasuredRows(np.asarray(pictures.pixels[pool]), truth, rows.groups[pool], rows.weights[pool], judged)


def _epochs_of(curves: list[Curves]) -> dict[str, int]:
    """Return for each phase the median over folds of its epochs up to the best one.

    How long the last fit should take.
    """
    phases = dict.fromkeys(row.phase for curve in curves for row in curve.epochs)
    counts = {
        phase: [
            sum(row.phase == phase and row.epoch <= (curve.best_epoch or 0) for row in curve.epochs) for curve in curves
        ]
        for phase in phases
    }
    return {phase: round(float(np.median(values))) for phase, values in counts.items()}


def _mean_by_row(parts: list[Predictions]) -> tuple[Indices, Any]:
    rows = np.concatenate([part.rows for part in parts])
    probabilities = np.concatenate([part.probabilities for part in parts])
    unique, places = np.unique(rows, return_inverse=True)
    total = np.zeros((len(unique), probabilities.shape[1]))
    np.add.at(total, places, probabilities)
    return unique, total / np.bincount(places)[:, None]


def _headline(metrics: dict[str, Any]) -> dict[str, Any]:
    return {split: metrics[split]["scores"] for split in ("validation", "test") if metrics[split]}
