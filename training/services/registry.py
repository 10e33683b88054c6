"""The registry: runs become versions of a line of models."""

import re

from django.db import transaction
from django.db.models import Max

from accounts.models import Project, User
from accounts.services.audit_trail import record
from common.problems import Conflict, InvalidInput
from training.models import Evaluation, ModelExport, ModelLine, ModelVersion, Run, RunState, Split
from training.selectors.files import PREDICTIONS, SERVING_CARD, read_json_file
from training.services.exports import EXPORT_FILES, export_row

LINE_NAME = re.compile(r"^[a-z0-9][a-z0-9-]{0,78}[a-z0-9]$")


@transaction.atomic
def register_model(*, run: Run, line: str, by: User | None) -> ModelVersion:
    """Make a finished run the next version of a line, as a candidate.

    The validation metrics of the run become its first evaluation, the files it wrote its exports.
    Registering the same run again in the same line returns what is there. Raises Conflict for a run without a model
    and for
    a run that is registered under another line, InvalidInput for a name that cannot be in an address.
    """
    locked_line = _locked_line(run.project, line)
    # An export that ends now either finds the model below or has its file found by it.
    run = Run.objects.select_for_update(of=("self",)).select_related("project", "version").get(pk=run.pk)
    there = ModelVersion.objects.select_related("line").filter(run=run).first()
    if there is not None:
        if there.line_id == locked_line.pk:
            return there
        raise Conflict(f"This run is registered as {there} already. A run is one model.")
    if run.state != RunState.SUCCEEDED:
        raise Conflict(f"This run is {run.get_state_display().lower()}: only a run that succeeded has a model.")
    files = {file.name: file for file in run.files.all()}
    if SERVING_CARD not in files:
        raise Conflict("This run left no serving card behind. Run it again.")
    highest = locked_line.versions.aggregate(highest=Max("number"))["highest"] or 0
    model = ModelVersion.objects.create(
        project=run.project,
        line=locked_line,
        number=highest + 1,
        run=run,
        class_of_concern=_concern(run),
        serving_card=read_json_file(files[SERVING_CARD]),
        registered_by=by,
    )
    ModelExport.objects.bulk_create(
        [export_row(model, format, files[name], run.details) for format, name in EXPORT_FILES.items() if name in files]
    )
    if PREDICTIONS in files and run.metrics:
        Evaluation.objects.create(
            model_version=model,
            split=Split.VALIDATION,
            metrics=run.metrics,
            predictions_key=files[PREDICTIONS].object_key,
            rows=run.metrics["rows"],
        )
    record(project=run.project, actor=by, action="training.model_registered", subject=str(model))
    return model


def _locked_line(project: Project, name: str) -> ModelLine:
    if not LINE_NAME.match(name):
        raise InvalidInput(
            f"“{name}” cannot name a line of models: use 2 to 80 small letters, digits and hyphens, such as "
            "“emoji-groups”.",
            errors={"line": ["Not a name."]},
        )
    ModelLine.objects.get_or_create(project=project, name=name)
    return ModelLine.objects.select_for_update().get(project=project, name=name)


def _concern(run: Run) -> str:
    concern = run.target.get("concern", "")
    return concern if concern in {c["key"] for c in run.task["classes"]} else ""


@transaction.atomic
def set_threshold(*, model: ModelVersion, threshold: float | None, by: User | None) -> ModelVersion:
    """Choose the score from which a case of the class of concern is flagged; None goes back to the likeliest class.

    Raises InvalidInput outside 0 to 1, Conflict for a model without a class of concern.
    """
    if threshold is not None and not 0 <= threshold <= 1:
        raise InvalidInput(f"A threshold is a number from 0 to 1, not {threshold}.", errors={"threshold": ["0 to 1."]})
    if threshold is not None and not model.class_of_concern and model.serving_card["kind"] != "multi_label":
        raise Conflict("This model has no class of concern: name one in the brief, then register the model again.")
    model.threshold = threshold
    model.save(update_fields=["threshold"])
    record(
        project=model.project,
        actor=by,
        action="training.threshold_set",
        subject=str(model),
        data={"threshold": threshold},
    )
    return model
