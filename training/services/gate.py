"""The release gate: every check answers, and the model passes when none fails."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.services.audit_trail import record
from accounts.services.jobs import Claim, create_job
from common.problems import Conflict, DomainError, InvalidInput
from training.models import Endpoint, GateResult, GateRun, ModelVersion, Stage, Verdict
from training.services.gate_checks import CHECKS, CheckAnswer, GateContext

GATE_JOB = "training.gate"


class GateNotPassed(DomainError):
    code = "gate-not-passed"
    title = "The model has not passed the release gate"


def check_threshold(model: ModelVersion, threshold: float | None) -> None:
    """Raises InvalidInput outside 0 to 1, Conflict for a model without a class of concern."""
    if threshold is not None and not 0 <= threshold <= 1:
        raise InvalidInput(f"A threshold is a number from 0 to 1, not {threshold}.", errors={"threshold": ["0 to 1."]})
    if threshold is not None and not model.class_of_concern and model.serving_card["kind"] != "multi_label":
        raise Conflict("This model has no class of concern: name one in the brief, then register the model again.")


def latest_gate(model: ModelVersion, threshold: float | None) -> GateRun | None:
    """The latest finished passage of a model that judged decisions with this threshold."""
    finished = GateRun.objects.filter(model_version=model, passed__isnull=False)
    same = finished.filter(threshold__isnull=True) if threshold is None else finished.filter(threshold=threshold)
    return same.order_by("-id").first()


@transaction.atomic
def start_gate(
    *,
    model: ModelVersion,
    endpoint: Endpoint | None,
    by: User | None,
    threshold: float | None = None,
    tries_threshold: bool = False,
) -> GateRun:
    """A passage through the gate and its job. The model is held against the one that the endpoint answers with now.

    tries_threshold: judge decisions with `threshold` (None: the likeliest class) instead of the model's own, which
    stays as it is. Raises InvalidInput for a threshold outside 0 to 1, Conflict for a model that cannot have one.
    """
    if tries_threshold:
        check_threshold(model, threshold)
    else:
        threshold = model.threshold
    champion = endpoint.model_version if endpoint is not None else _champion_of_line(model)
    if champion is not None and champion.pk == model.pk:
        champion = None
    run = GateRun.objects.create(model_version=model, endpoint=endpoint, champion=champion, by=by, threshold=threshold)
    run.job = create_job(project=model.project, kind=GATE_JOB, payload={"gate_run_id": run.pk}, by=by)
    run.save(update_fields=["job"])
    record(project=model.project, actor=by, action="training.gate_started", subject=str(model))
    return run


def _champion_of_line(model: ModelVersion) -> ModelVersion | None:
    return ModelVersion.objects.filter(line_id=model.line_id, stage=Stage.CHAMPION).order_by("-number").first()


def perform(claim: Claim) -> dict[str, Any]:
    """Ask every check. A second attempt asks again from the first; a finished passage stays as it is."""
    gate = GateRun.objects.select_related(
        "model_version__run__version__schema",
        "model_version__line",
        "model_version__project",
        "champion__run__version__schema",
        "champion__line",
    ).get(pk=claim.job.payload["gate_run_id"])
    if gate.passed is None:
        gate.model_version.threshold = gate.threshold  # what is judged; the row of the model is not touched
        context = GateContext(model=gate.model_version, champion=gate.champion, claim=claim)
        answers = []
        for number, (key, check) in enumerate(CHECKS.items()):
            claim.beat(number, len(CHECKS), f"Checking: {key.replace('_', ' ')}")
            answers.append((key, check(context)))
        _store(gate, answers, claim)
    return {"gate_run": gate.pk, "passed": gate.passed}


@transaction.atomic
def _store(gate: GateRun, answers: list[tuple[str, CheckAnswer]], claim: Claim) -> None:
    claim.hold()
    GateResult.objects.filter(gate_run=gate).delete()
    GateResult.objects.bulk_create(
        [
            GateResult(
                gate_run=gate,
                check_key=key,
                verdict=a.verdict,
                sentence=a.sentence,
                data=a.data | {"said": a.said.as_json()},
            )
            for key, a in answers
        ]
    )
    gate.passed = all(answer.verdict != Verdict.FAILED for _, answer in answers)
    gate.finished_at = timezone.now()
    gate.save(update_fields=["passed", "finished_at"])
