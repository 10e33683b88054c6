from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from accounts.models import Project, User
from accounts.services.audit_trail import record
from common.problems import InvalidInput
from datasets.models import Hypothesis, HypothesisAttempt

DOUBT_AFTER = 3


@transaction.atomic
def record_attempt(
    *,
    project: Project,
    reference: str,
    label: str,
    beat_baseline: bool,
    metric: str,
    value: float | None,
    baseline: float | None,
    notes: Sequence[str] = (),
) -> list[Hypothesis]:
    """Hold a finished training run against both hypotheses. Recording the same reference again replaces it.

    One run that beats the baseline supports them; three that do not, and none that does, put them in doubt. What a
    person refuted stays refuted.
    """
    found = []
    for kind in Hypothesis.Kind.values:
        hypothesis = _locked(project, kind)
        HypothesisAttempt.objects.update_or_create(
            hypothesis=hypothesis, reference=reference,
            defaults={
                "label": label[:300], "beat_baseline": beat_baseline, "metric": metric, "value": value,
                "baseline": baseline, "notes": list(notes),
            },
        )  # fmt: skip
        if hypothesis.state != Hypothesis.State.REFUTED:
            hypothesis.state = _state(hypothesis)
            hypothesis.save(update_fields=["state"])
        found.append(hypothesis)
    return found


@transaction.atomic
def refute(*, project: Project, kind: str, name: str, reason: str, by: User) -> Hypothesis:
    """A named person says that it does not hold; the way leads back to the brief."""
    _check_signature(name, reason)
    hypothesis = _locked(project, kind)
    hypothesis.state, hypothesis.refuted_by = Hypothesis.State.REFUTED, by
    hypothesis.signed_name, hypothesis.reason, hypothesis.decided_at = name.strip(), reason.strip(), timezone.now()
    hypothesis.save()
    record(project=project, actor=by, action="hypothesis.refuted", subject=kind, data={"name": name, "reason": reason})
    return hypothesis


@transaction.atomic
def reopen(*, project: Project, kind: str, name: str, reason: str, by: User) -> Hypothesis:
    """A named person takes a refutation back, and the trail keeps why; the attempts decide again."""
    _check_signature(name, reason)
    hypothesis = _locked(project, kind)
    if hypothesis.state != Hypothesis.State.REFUTED:
        raise InvalidInput("Nobody has refuted this hypothesis, so there is nothing to take back.")
    hypothesis.state, hypothesis.signed_name, hypothesis.reason = _state(hypothesis), "", ""
    hypothesis.refuted_by = hypothesis.decided_at = None
    hypothesis.save()
    record(project=project, actor=by, action="hypothesis.reopened", subject=kind, data={"name": name, "reason": reason})
    return hypothesis


def _check_signature(name: str, reason: str) -> None:
    missing = {field: ["It is needed."] for field, text in (("name", name), ("reason", reason)) if not text.strip()}
    if missing:
        raise InvalidInput("Sign with your name and say why.", errors=missing)


def _locked(project: Project, kind: str) -> Hypothesis:
    if kind not in Hypothesis.Kind.values:
        raise InvalidInput(f"There is no hypothesis {kind!r}; there are {', '.join(Hypothesis.Kind.values)}.")
    Hypothesis.objects.get_or_create(project=project, kind=kind)
    hypothesis: Hypothesis = Hypothesis.objects.select_for_update().get(project=project, kind=kind)
    return hypothesis


def _state(hypothesis: Hypothesis) -> str:
    outcomes = list(hypothesis.attempts.values_list("beat_baseline", flat=True))
    if any(outcomes):
        return Hypothesis.State.SUPPORTED
    return Hypothesis.State.IN_DOUBT if len(outcomes) >= DOUBT_AFTER else Hypothesis.State.UNTESTED
