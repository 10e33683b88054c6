"""One button for “the metric fell: retrain?”: freeze what people labelled since, then start the same recipe on it."""

from dataclasses import dataclass
from typing import Any, Literal

from django.db import transaction

from accounts.models import Job, User
from accounts.services.audit_trail import record
from accounts.services.jobs import Claim, create_job
from auditing.models import RetrainSuggestion, SuggestionState
from auditing.services.suggestions import decide, open_suggestion
from common.problems import Conflict, InvalidInput
from datasets.selectors import versions
from datasets.services import freezing
from datasets.services.briefs import refuse_when_stopped
from datasets.services.renewal import Renewal, renewal_of
from training.services.runs import start_run

JOB_KIND = "auditing.retrain"
Step = Literal["freeze", "train", "nothing"]


@dataclass(frozen=True, kw_only=True)
class RetrainPlan:
    """What the button would do now.

    step: "freeze" a version with new labels first and train on it; "train" on a version that is newer than the model's;
    "nothing", since there is nothing to learn that the model has not learned. version: the newest frozen one.
    new_labels: that a freeze would take in; added: sources of production that the recipe is opened to for it.
    """

    step: Step
    version: str
    new_labels: int = 0
    added: tuple[str, ...] = ()


def plan_of(suggestion: RetrainSuggestion) -> RetrainPlan | None:
    """The plan of an open suggestion; None when it is decided, or the model it speaks of was replaced."""
    model = suggestion.endpoint.model_version
    if suggestion.state != SuggestionState.OPEN or model is None:
        return None
    if str(model.public_id) != suggestion.evidence["model"]:
        return None
    return _plan(model)[0]


def _plan(model: Any) -> tuple[RetrainPlan, Renewal | None]:
    learned = model.run.version
    newest = versions.latest_version(learned.project, learned.name) or learned
    try:
        renewal = renewal_of(newest)
    except InvalidInput:  # a recipe whose attribute is gone freezes nothing any more
        renewal = None
    if renewal is not None and renewal.new_labels:
        plan = RetrainPlan(step="freeze", version=str(newest), new_labels=renewal.new_labels, added=renewal.added)
        return plan, renewal
    return RetrainPlan(step="nothing" if newest.pk == learned.pk else "train", version=str(newest)), None


@transaction.atomic
def accept(*, suggestion: RetrainSuggestion, by: User) -> RetrainSuggestion:
    """Do what the plan says. The suggestion has a run afterwards, or a job that freezes a version and then starts it.

    Raises ProjectStopped, Conflict when somebody has decided, a job is at it, another model is in charge since, or the
    run would learn from exactly what the model has learned from: the same data and recipe give the same model.
    """
    refuse_when_stopped(suggestion.project, "New trainings")
    locked = open_suggestion(suggestion)
    if locked.job is not None and Job.objects.filter(pk=locked.job.pk).unfinished().exists():
        raise Conflict("A version is being frozen for this already; the run starts when it is.")
    model = _model_of(locked)
    plan, renewal = _plan(model)
    if plan.step == "nothing":
        raise Conflict(
            f"There is nothing new to learn: no label of {plan.version} was added or corrected since it was frozen, "
            "and the same data give the same model. Send hard samples to a labeling queue first, accept their labels, "
            "and retrain then."
        )
    if renewal is not None:
        payload = {"suggestion_id": locked.pk, "recipe": renewal.recipe, "by": by.pk}
        locked.job = create_job(project=locked.project, kind=JOB_KIND, payload=payload, by=by)
        locked.save(update_fields=["job"])
        record(
            project=locked.project, actor=by, action="retrain-suggestion.freezing", subject=locked.endpoint.name,
            data={"new_labels": plan.new_labels, "added": list(plan.added)},
        )  # fmt: skip
    else:
        _start(locked, model, versions.version_for(locked.project, plan.version), by)
    return locked


def perform(claim: Claim) -> dict[str, Any]:
    """Freeze, then start the run. Repeatable: the same content is the same version, and a decided suggestion ends it.

    Until the run has started the suggestion stays open, so that a failure leaves the question standing.
    """
    asked = RetrainSuggestion.objects.get(pk=claim.job.payload["suggestion_id"])
    if asked.run is not None:
        return {"run": str(asked.run.public_id)}
    frozen = freezing.perform(claim)
    with transaction.atomic():
        claim.hold()
        locked = open_suggestion(asked)
        model = _model_of(locked)
        version = versions.version_for(locked.project, frozen["version"])
        if version.pk == model.run.version_id:
            raise InvalidInput(
                f"The new labels change nothing: its recipe gives {version} again. Look at what the recipe leaves out."
            )
        run = _start(locked, model, version, User.objects.filter(pk=claim.job.payload["by"]).first())
    return {"version": str(version), "run": str(run.public_id)}


def _model_of(suggestion: RetrainSuggestion) -> Any:
    model = suggestion.endpoint.model_version
    if model is None or str(model.public_id) != suggestion.evidence["model"]:
        raise Conflict(
            "Another model answers at this endpoint since the audit. Dismiss the suggestion, and audit the new model."
        )
    return model


def _start(suggestion: RetrainSuggestion, model: Any, version: Any, by: User | None) -> Any:
    """The model's own recipe, settings, protocol and seed on this version. suggestion: locked by the caller."""
    run = model.run
    suggestion.run = start_run(
        project=suggestion.project,
        version=version,
        recipe=run.recipe,
        settings=run.settings,
        protocol=run.protocol,
        seed=run.seed,
        by=by,
        question=run.question,
        level=run.target.get("level"),
        left_out=tuple(run.target.get("left_out", ())),
        metric=run.task["metric"],
        exports=tuple(run.exports),
    )
    decide(suggestion, SuggestionState.ACCEPTED, by)
    return suggestion.run
