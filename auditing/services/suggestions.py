"""The rule “the metric fell, and chance is a poor explanation: retrain?”. It proposes; a person decides."""

import math

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Role, User
from accounts.selectors.projects import users_in
from accounts.services.audit_trail import record
from accounts.services.jobs import request_cancel
from accounts.services.notifications import notify
from auditing.hypotheses.metric_fell import MetricFell, metric_fell
from auditing.hypotheses.windows import Window, average_windows
from auditing.models import Audit, AuditKind, RetrainSuggestion, SuggestionState
from auditing.selectors.audits import is_finished, judged_random_audits
from auditing.selectors.expected import promised_accuracy
from common.problems import Conflict, InvalidInput
from common.said import Phrase
from datasets.selectors import briefs
from training.selectors.estimates import estimate_from

MATTERS = 0.02  # a drop of the accuracy by two points
THE_AUDIT = Phrase("fell.audit", "the audit “{name}”")
AT_RELEASE = {
    split: Phrase(f"fell.release.{split}", f"the {split} split at release") for split in ("test", "validation")
}
LOOKS_A_YEAR = 12  # p is multiplied by it: monthly audits would else raise a false alarm every eight years


def judge(audit: Audit) -> MetricFell | None:
    """The audit against the earlier ones of the same model, and against the promise at release.

    None for an audit that says nothing about the model in charge: targeted, cancelled, unfinished, of a model that was
    replaced, without a number, or without anything to compare it with. Both comparisons are made, since a model that
    was never right does not fall from one audit to the next, and one that decays slowly falls little each time.
    """
    if audit.kind != AuditKind.RANDOM or not is_finished(audit) or not audit.result:
        return None
    if audit.model_version_id != audit.endpoint.model_version_id or audit.result["accuracy"]["value"] is None:
        return None
    named = THE_AUDIT(name=audit.name)
    accuracy = estimate_from(audit.result["model_accuracy"])
    after = Window(named.sentence, accuracy, audit.population_size, named)
    baselines = [one for one in _baselines(audit) if one.estimate.level == after.estimate.level]
    looks = _looks_a_year(audit) * max(len(baselines), 1)
    found = [metric_fell(before, after, smallest_drop=MATTERS, looks=looks) for before in baselines]
    return next((one for one in found if one.suggests_retraining), found[0] if found else None)


def _baselines(audit: Audit) -> list[Window]:
    earlier = [
        Window(one.name, estimate_from((one.result or {})["model_accuracy"]), one.population_size)
        for one in judged_random_audits(audit.project, audit.endpoint_id)
        if one.model_version_id == audit.model_version_id
        and one.window_to <= audit.window_from
        and one.pk != audit.pk
        and is_finished(one)
    ]
    found = [average_windows(earlier)] if earlier else []
    promised = promised_accuracy(audit.model_version)
    if promised is not None:
        named = AT_RELEASE[promised[1]]()
        found.append(Window(named.sentence, promised[0], said=named))
    return found


def _looks_a_year(audit: Audit) -> int:
    return LOOKS_A_YEAR if audit.schedule is None else max(LOOKS_A_YEAR, math.ceil(365 / audit.schedule.cadence_days))


@transaction.atomic
def consider(audit: Audit) -> RetrainSuggestion | None:
    """Open a suggestion when the rule is met and none is open, unless the project was stopped.

    Calling it twice opens one.
    """
    found = judge(audit)
    if found is None or not found.suggests_retraining or briefs.stopped(audit.project) is not None:
        return None
    evidence = {
        "audit": str(audit.public_id),
        "model": str(audit.model_version.public_id),
        "sentence": found.reason,
        "said": found.said.as_json(),
        "drop": found.drop.as_json(),
        "p_value": found.p_value,
        "alpha": found.alpha,
        "smallest_drop": found.smallest_drop,
    }
    if RetrainSuggestion.objects.filter(endpoint_id=audit.endpoint_id, evidence__audit=str(audit.public_id)).exists():
        return None  # decided before; the same audit does not ask again
    try:
        with transaction.atomic():
            suggestion = RetrainSuggestion.objects.create(
                project=audit.project, endpoint=audit.endpoint, evidence=evidence
            )
    except IntegrityError:
        return None  # one is open already
    notify(
        users=users_in(audit.project, {Role.OWNER, Role.LEAD}),
        project=audit.project,
        code="retrain.suggested",
        data={"sentence": found.reason, "endpoint": audit.endpoint.name},
        link=f"/p/{audit.project.slug}/production",
        dedupe=f"retrain:{suggestion.pk}",
    )
    return suggestion


@transaction.atomic
def dismiss(*, suggestion: RetrainSuggestion, by: User, reason: str) -> RetrainSuggestion:
    """Decide against it, with a reason that is kept. Raises InvalidInput without one, Conflict."""
    if not reason.strip():
        raise InvalidInput("Say why the model is not retrained.", errors={"reason": ["Missing."]})
    locked = open_suggestion(suggestion)
    if locked.job is not None:  # a version that is being frozen for it: the run would start all the same
        request_cancel(job=locked.job)
    locked.evidence = {**locked.evidence, "dismissed_because": reason.strip()}
    decide(locked, SuggestionState.DISMISSED, by)
    return locked


def open_suggestion(suggestion: RetrainSuggestion) -> RetrainSuggestion:
    """The row, locked. Raises Conflict when somebody has decided on it."""
    locked = RetrainSuggestion.objects.select_for_update().get(pk=suggestion.pk)
    if locked.state != SuggestionState.OPEN:
        raise Conflict("Somebody has decided on this suggestion already.")
    return locked


def decide(suggestion: RetrainSuggestion, state: SuggestionState, by: User | None) -> None:
    """Write the decision down. suggestion: locked by the caller."""
    suggestion.state = state
    suggestion.decided_by = by
    suggestion.decided_at = timezone.now()
    suggestion.save(update_fields=["state", "decided_by", "decided_at", "evidence", "run"])
    record(project=suggestion.project, actor=by, action=f"retrain-suggestion.{state}", subject=suggestion.endpoint.name)
