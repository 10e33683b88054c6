"""The look itself: predict the test split with the file that will serve, score it, compare with validation."""

from typing import Any

import numpy as np
from django.db import transaction

from accounts.services.jobs import Claim
from common.numerics.estimate import Estimate
from common.problems import InvalidInput
from common.storage import content_key, object_store
from datasets.selectors.versions import rows
from training.evaluation.classification import Report, report_classification
from training.evaluation.gap import validation_test_gap
from training.models import Evaluation, ModelVersion, Run, Split, TestLook
from training.selectors.cards import model_card
from training.selectors.estimates import estimate_from
from training.selectors.files import StoredPredictions, sha256_of, write_predictions
from training.services.batch_prediction import class_keys, predict_rows
from training.services.predictors import predictor_of
from training.services.run_execution import target_of
from training.services.run_rows import ManifestRow, labelled_rows, mapped_row


def perform(claim: Claim) -> dict[str, Any]:
    """Evaluate on the test split. Done twice it stores one evaluation: that of the look."""
    look = TestLook.objects.select_related("model_version__run__version__schema", "model_version__line", "project").get(
        pk=claim.job.payload["look_id"]
    )
    model = look.model_version
    there = Evaluation.objects.filter(test_look=look).first()
    if there is None:
        there = _evaluate(look, model, claim)
    return {"model": str(model.public_id), "evaluation": there.pk, "warning": there.warning}


def _evaluate(look: TestLook, model: ModelVersion, claim: Claim) -> Evaluation:
    rows_, left_out = rows_with_known_classes(model.run, class_keys(model), split="test")
    if not rows_:
        raise InvalidInput(
            f"{model.run.version} has no test rows of the classes that {model} knows; nothing was looked at."
        )
    result = predict_rows(
        predictor_of(model),
        rows_,
        classes=class_keys(model),
        beat=lambda done, total: claim.beat(done, total, "Predicting the test split"),
    )
    report = report_of(model, result.predictions)
    content = write_predictions(result.predictions, split="test")
    key = content_key(model.project_id, sha256_of(content))
    object_store().put(key, [content])
    gap = _gap(model, report)
    with transaction.atomic():
        claim.hold()
        stored = Evaluation.objects.create(
            model_version=model,
            split=Split.TEST,
            test_look=look,
            metrics=report.as_json() | {"left_out": left_out, "broken": len(result.broken)},
            predictions_key=key,
            rows=report.rows,
            warning=gap["sentence"] if gap.get("warn") else "",
            comparison=gap,
        )
        if model.card:  # released before the look was done: the card says what it found
            model.card = model_card(model)
            model.save(update_fields=["card"])
    return stored


def rows_with_known_classes(run: Run, classes: list[str], *, split: str) -> tuple[list[ManifestRow], int]:
    """Rows of a split whose classes the model knows, and how many labelled rows it does not know."""
    target, known = target_of(run), set(classes)
    is_labelled = labelled_rows(run.version, target)
    found, left_out = [], 0
    for row in rows(run.version, split=split):
        if not is_labelled(row) or not row.object_key:
            continue
        mapped = mapped_row(row, target)
        if mapped is not None and set(mapped.keys) <= known:
            found.append(mapped)
        else:
            left_out += 1
    return found, left_out


def report_of(model: ModelVersion, found: StoredPredictions) -> Report:
    """The metrics of a model's predictions, with intervals by group."""
    threshold = model.threshold if model.threshold is not None and model.serving_card["kind"] == "multi_label" else 0.5
    return report_classification(
        found.truth,
        found.probabilities,
        kind=model.serving_card["kind"],
        classes=class_keys(model),
        rng=np.random.default_rng(model.run.seed),
        groups=found.groups,
        weights=found.weights,
        threshold=threshold,
    )


def _gap(model: ModelVersion, report: Report) -> dict[str, Any]:
    validation = model.evaluations.filter(split=Split.VALIDATION).first()
    if validation is None:
        return {
            "warn": False,
            "sentence": "There is no validation score to compare with: the model was fitted on those rows.",
        }
    metric = model.run.task["metric"]
    before: Estimate = estimate_from(validation.metrics["scores"][metric])
    return validation_test_gap(before, report.scores[metric]).as_json() | {"metric": metric}
