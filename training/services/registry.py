"""The registry: runs become versions of a line of models."""

import re

from django.db import transaction
from django.db.models import Max

from accounts.models import Project, User
from accounts.services.audit_trail import record
from common.problems import Conflict, InvalidInput
from training.models import Evaluation, ModelExport, ModelLine, ModelVersion, Run, RunState, Split, Stage
from training.selectors.files import PREDICTIONS, SERVING_CARD, read_json_file
from training.services.exports import EXPORT_FILES, export_row
from training.services.gate import GateNotPassed, check_threshold, latest_gate

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

    A model that answers at an endpoint, or did and may be rolled back to, decides by what has passed the gate only.
    Raises InvalidInput outside 0 to 1, Conflict for a model without a class of concern, GateNotPassed for a model that
    was released and whose gate did not judge this threshold.
    """
    check_threshold(model, threshold)
    locked = ModelVersion.objects.select_for_update(of=("self",)).get(pk=model.pk)  # a release waits, or we for it
    if locked.stage != Stage.CANDIDATE and threshold != locked.threshold:
        _refuse_ungated(model, threshold)
    model.threshold, model.stage = threshold, locked.stage
    model.save(update_fields=["threshold"])
    record(
        project=model.project,
        actor=by,
        action="training.threshold_set",
        subject=str(model),
        data={"threshold": threshold},
    )
    return model


def _refuse_ungated(model: ModelVersion, threshold: float | None) -> None:
    gate = latest_gate(model, threshold)
    if gate is not None and gate.passed:
        return
    wanted = "without a threshold" if threshold is None else f"with the threshold {threshold:.3g}"
    where = ", ".join(model.endpoints.values_list("name", flat=True))
    answers = f"{model} answers at {where}" if where else f"{model} was released and may be rolled back to"
    failed = [] if gate is None else list(gate.results.filter(verdict="failed").values_list("sentence", flat=True))
    found = f"the gate refused it {wanted}: {' '.join(failed)}" if failed else f"no gate has judged it {wanted}"
    raise GateNotPassed(
        f"{answers}, and {found}. Send it through the gate {wanted} first; when it passes, choose the threshold again."
    )
