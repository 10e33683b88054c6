"""Which model answers at an endpoint, and since when."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import Project, User
from accounts.services.audit_trail import record
from common.outbox import publish
from common.problems import Conflict, DomainError, InvalidInput
from datasets.services.briefs import refuse_when_stopped
from datasets.services.production import production_source
from training.events import ModelReleased
from training.models import Endpoint, EndpointRelease, GateRun, ModelVersion, ReleaseKind, Stage, TestLook
from training.selectors.cards import model_card
from training.services.gate import GateNotPassed, latest_gate
from training.services.looks import look_for_release


class EndpointMoved(DomainError):
    code = "endpoint-moved"
    title = "The endpoint was released to meanwhile"


@transaction.atomic
def create_endpoint(
    *, project: Project, name: str, by: User | None, log_inputs: bool = True, top_k: int = 5
) -> Endpoint:
    """A name for programs to ask. Its inputs, if logged, become items of a production source of the same name."""
    if Endpoint.objects.filter(project=project, name=name).exists():
        raise Conflict(f"There is an endpoint “{name}” in this project already.")
    if top_k < 1:
        raise InvalidInput("An answer names at least one class.", errors={"top_k": ["At least 1."]})
    source = production_source(project=project, name=f"Production of {name}")
    endpoint = Endpoint.objects.create(
        project=project, name=name, log_inputs=log_inputs, top_k=top_k, source=source, created_by=by
    )
    record(project=project, actor=by, action="training.endpoint_created", subject=name, data={"log_inputs": log_inputs})
    return endpoint


@transaction.atomic
def change_endpoint(
    *, endpoint: Endpoint, by: User | None, log_inputs: bool | None = None, top_k: int | None = None
) -> Endpoint:
    """Change what an endpoint keeps and how much it says."""
    if log_inputs is not None:
        endpoint.log_inputs = log_inputs
    if top_k is not None:
        if top_k < 1:
            raise InvalidInput("An answer names at least one class.", errors={"top_k": ["At least 1."]})
        endpoint.top_k = top_k
    endpoint.save(update_fields=["log_inputs", "top_k"])
    record(
        project=endpoint.project,
        actor=by,
        action="training.endpoint_changed",
        subject=endpoint.name,
        data={"log_inputs": endpoint.log_inputs, "top_k": endpoint.top_k},
    )
    return endpoint


@transaction.atomic
def release(
    *,
    model: ModelVersion,
    endpoint: Endpoint,
    by: User | None,
    reason: str = "",
    despite_gate: bool = False,
    test_look_reason: str = "",
) -> EndpointRelease:
    """Let an endpoint answer with this model. Publishes ModelReleased.

    It takes the first look at the test split; when somebody looked there before, one more if `test_look_reason` says
    why. The release names the look that judged it, or says why there is none.

    The model must have passed its latest gate for the threshold that it has; `despite_gate` overrules it and needs a
    written reason, which is kept.
    Raises ProjectStopped, GateNotPassed, EndpointMoved when somebody else released since `endpoint` was read, Conflict
    when it answers already.
    """
    if model.project_id != endpoint.project_id:
        raise InvalidInput("The model and the endpoint belong to different projects.")
    refuse_when_stopped(model.project, "Releases")
    if endpoint.model_version_id == model.pk:
        raise Conflict(f"“{endpoint.name}” answers with {model} already.")
    model.threshold = ModelVersion.objects.select_for_update().get(pk=model.pk).threshold  # nobody changes it meanwhile
    gate = latest_gate(model, model.threshold)
    if gate is None or not gate.passed:
        latest = GateRun.objects.filter(model_version=model, passed__isnull=False).order_by("-id").first()
        _overrule(gate or latest, reason if despite_gate else "")
    look, note = look_for_release(model=model, endpoint=endpoint.name, by=by, reason=test_look_reason)
    row = _move(endpoint, model, ReleaseKind.RELEASE, by=by, reason=reason, look=look, note=note)
    model.card = model_card(model)
    model.save(update_fields=["card"])
    return row


def _overrule(gate: GateRun | None, reason: str) -> None:
    if reason.strip():
        return
    failed = [] if gate is None else list(gate.results.filter(verdict="failed").values_list("sentence", flat=True))
    moved = "Its threshold was changed after it passed the gate, and the gate judges decisions."
    never = "It has not been through the gate yet."
    what = " ".join(failed) if failed else moved if gate is not None and gate.passed else never
    raise GateNotPassed(f"{what} Run the gate and mend what it finds, or release despite it with a written reason.")


@transaction.atomic
def roll_back(*, endpoint: Endpoint, by: User | None, reason: str) -> EndpointRelease:
    """Let the endpoint answer with the model it had before.

    Raises Conflict without one, InvalidInput without a reason.
    """
    if not reason.strip():
        raise InvalidInput("A roll-back needs a reason: what went wrong?", errors={"reason": ["Missing."]})
    current = EndpointRelease.objects.select_for_update().filter(endpoint=endpoint, ended_at=None).first()
    if current is None or current.previous is None:
        raise Conflict(f"“{endpoint.name}” had no model before this one.")
    model = current.previous
    look = TestLook.objects.filter(model_version=model).order_by("-number").first()
    note = "" if look else "No look was taken: a roll-back goes to a model that was released before."
    return _move(endpoint, model, ReleaseKind.ROLLBACK, by=by, reason=reason, look=look, note=note)


def _move(
    endpoint: Endpoint,
    model: ModelVersion,
    kind: ReleaseKind,
    *,
    by: User | None,
    reason: str,
    look: TestLook | None,
    note: str,
) -> EndpointRelease:
    before_id = endpoint.model_version_id
    won = Endpoint.objects.filter(pk=endpoint.pk, model_version_id=before_id).update(model_version=model)
    if not won:
        raise EndpointMoved(f"Somebody released to “{endpoint.name}” a moment ago. Look at what it answers with now.")
    endpoint.refresh_from_db()
    EndpointRelease.objects.filter(endpoint=endpoint, ended_at=None).update(ended_at=timezone.now())
    row = EndpointRelease.objects.create(
        endpoint=endpoint,
        model_version=model,
        previous=_earlier(endpoint, model, before_id, kind),
        kind=kind,
        by=by,
        reason=reason.strip(),
        test_look=look,
        test_look_note=note,
    )
    ModelVersion.objects.filter(pk=model.pk).update(stage=Stage.CHAMPION)
    if before_id is not None and not Endpoint.objects.filter(model_version_id=before_id).exists():
        ModelVersion.objects.filter(pk=before_id).update(stage=Stage.RETIRED)
    model.refresh_from_db(fields=["stage"])
    publish(ModelReleased(endpoint_id=endpoint.pk, model_version_id=model.pk))
    record(
        project=endpoint.project,
        actor=by,
        action=f"training.{kind.value}",
        subject=endpoint.name,
        data={"model": str(model), "reason": reason, "test_look": look.number if look else note},
    )
    return row


def _earlier(endpoint: Endpoint, model: ModelVersion, before_id: int | None, kind: ReleaseKind) -> Any:
    """What a later roll-back goes to: after a release the model before it.

    After a roll-back what that one had replaced.
    """
    if kind == ReleaseKind.RELEASE:
        return None if before_id is None else ModelVersion.objects.get(pk=before_id)
    first = (
        EndpointRelease.objects.filter(endpoint=endpoint, model_version=model, kind=ReleaseKind.RELEASE)
        .order_by("-id")
        .first()
    )
    return None if first is None else first.previous
