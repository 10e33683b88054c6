"""Start, repeat and stop runs."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import Job, JobState, Project, User
from accounts.services.audit_trail import record
from accounts.services.jobs import create_job, request_cancel
from common.outbox import publish
from common.problems import Conflict, InvalidInput
from datasets.selectors import schemas
from datasets.services.briefs import refuse_when_stopped
from training.events import RunFinished
from training.modelling.catalogue import CATALOGUE
from training.modelling.heads import choose_head
from training.modelling.settings_fields import SpecError
from training.modelling.spec import RunSpec, parse_spec
from training.models import OPEN_STATES, Run, RunState
from training.selectors.concern import class_of_concern
from training.selectors.leaving import DEVICE_FORMATS, sensitivity
from training.selectors.targets import Target, TargetClasses, target_classes
from training.services.provenance import code_revision, environment

RUN_JOB = "training.run"
MAX_ATTEMPTS = 3  # a machine that dies three times under a run will die a fourth time
MANIFEST_NAME = "manifest.jsonl"
THREADS = 2


@transaction.atomic
def start_run(
    *,
    project: Project,
    version: Any,
    recipe: str,
    settings: Mapping[str, Any] | None = None,
    protocol: Mapping[str, Any] | None = None,
    seed: int = 0,
    by: User | None,
    question: str = "",
    level: int | None = None,
    left_out: tuple[str, ...] = (),
    metric: str = "",
    exports: tuple[str, ...] | None = None,
    with_baselines: bool = True,
    rerun_of: Run | None = None,
    concern: str | None = None,
) -> Run:
    """A queued run and its job. A network without baselines on the version starts them too, ahead of itself.

    question, level, left_out: what is learned, see selectors.targets.Target; the version's own question by default.
    concern: class of concern, by default the brief's.
    exports: formats written beside the model; by default all that the recipe knows, without those for devices when the
    data are sensitive. Raises InvalidInput naming every setting that cannot be used, ProjectStopped.
    """
    refuse_when_stopped(project, "Runs")
    target = Target(question=question or version.question, level=level, left_out=tuple(left_out))
    concern = class_of_concern(project) if concern is None else concern
    classes = classes_of_version(version, target, concern)
    if exports is None and recipe in CATALOGUE:
        exports = default_exports(project, version, recipe)
    spec = checked_spec(
        recipe=recipe,
        settings=settings or {},
        protocol=protocol or {},
        seed=seed,
        classes=classes,
        metric=metric,
        exports=exports,
    )
    if with_baselines and not spec.info.is_baseline:
        start_baselines(
            project=project,
            version=version,
            protocol=protocol,
            seed=seed,
            by=by,
            question=target.question,
            level=level,
            left_out=target.left_out,
            metric=metric,
        )
    described = spec.as_json()
    head = choose_head(classes.kind, len(classes.classes))
    run = Run.objects.create(
        project=project,
        version=version,
        question=target.question,
        target=target.as_json() | {"concern": concern},
        recipe=recipe,
        is_baseline=spec.info.is_baseline,
        settings=described["recipe"]["settings"],
        protocol=described["protocol"],
        seed=spec.seed,
        task=described["task"],
        exports=list(spec.exports),
        code_revision=code_revision(),
        environment=environment(),
        head={"units": head.units, "activation": head.activation, "loss": head.loss},
        head_reason=head.reason,
        rerun_of=rerun_of,
        started_by=by,
    )
    run.job = create_job(project=project, kind=RUN_JOB, payload={"run_id": run.pk}, by=by, max_attempts=MAX_ATTEMPTS)
    run.save(update_fields=["job"])
    record(
        project=project,
        actor=by,
        action="training.run_started",
        subject=str(run.public_id),
        data={"recipe": recipe, "version": str(version)},
    )
    return run


def default_exports(project: Project, version: Any, recipe: str) -> tuple[str, ...]:
    """All that the recipe knows; for devices only where nothing sensitive has to be signed for first."""
    known = CATALOGUE[recipe].exports
    if DEVICE_FORMATS.isdisjoint(known) or not sensitivity(project, version):
        return known
    return tuple(format for format in known if format not in DEVICE_FORMATS)


def classes_of_version(version: Any, target: Target, concern: str) -> TargetClasses:
    """The classes that a run on this version would learn, from the counts that the version was frozen with."""
    counted = version.summary.get("classes")
    present = None if counted is None else {one["key"] for one in counted if one["count"]}
    return target_classes(schemas.document(version.schema), target, concern=concern, present=present)


def checked_spec(
    *,
    recipe: str,
    settings: Mapping[str, Any],
    protocol: Mapping[str, Any],
    seed: int,
    classes: TargetClasses,
    metric: str,
    exports: tuple[str, ...] | None,
) -> RunSpec:
    """The specification of a run with every default filled in. Raises InvalidInput with one sentence a fault."""
    if exports is None:
        exports = CATALOGUE[recipe].exports if recipe in CATALOGUE else ("onnx",)
    try:
        return parse_spec(
            {
                "version": 1,
                "data": {"manifest": MANIFEST_NAME},
                "task": {
                    "kind": classes.kind,
                    "classes": [{"key": c.key, "name": c.name} for c in classes.classes],
                    "metric": metric or None,
                },
                "recipe": {"name": recipe, "settings": dict(settings)},
                "protocol": dict(protocol),
                "seed": seed,
                "threads": THREADS,
                "exports": list(exports),
            }
        )
    except SpecError as error:
        raise InvalidInput(str(error), errors={"settings": error.problems}) from error


def baselines_of(run: Run) -> Any:
    """Baselines that answer the same question about the same rows, judged the same way."""
    return (
        Run.objects.baselines()
        .of_version(run.version_id, run.question)
        .filter(target__level=run.target["level"], target__left_out=run.target["left_out"], protocol=run.protocol)
    )


@transaction.atomic
def start_baselines(
    *,
    project: Project,
    version: Any,
    by: User | None,
    protocol: Mapping[str, Any] | None = None,
    seed: int = 0,
    question: str = "",
    level: int | None = None,
    left_out: tuple[str, ...] = (),
    metric: str = "",
) -> list[Run]:
    """Start each baseline that has not been run, and is not running, on this version for this target.

    Returns the new ones.
    """
    target = Target(question=question or version.question, level=level, left_out=tuple(left_out))
    classes = classes_of_version(version, target, class_of_concern(project))
    started = []
    for info in CATALOGUE.values():
        if not info.is_baseline or classes.kind not in info.kinds:
            continue
        wanted = checked_spec(
            recipe=info.key,
            settings={},
            protocol=protocol or {},
            seed=seed,
            classes=classes,
            metric=metric,
            exports=None,
        ).as_json()["protocol"]
        there = Run.objects.of_version(version.pk, target.question).filter(
            recipe=info.key,
            state__in=[*OPEN_STATES, RunState.SUCCEEDED],
            target__level=level,
            target__left_out=list(target.left_out),
            protocol=wanted,
        )
        if not there.exists():
            started.append(
                start_run(
                    project=project,
                    version=version,
                    recipe=info.key,
                    protocol=protocol,
                    seed=seed,
                    by=by,
                    question=target.question,
                    level=level,
                    left_out=target.left_out,
                    metric=metric,
                )
            )
    return started


def rerun(*, run: Run, by: User | None) -> Run:
    """Do a run again from its row: same version, target, recipe, settings, protocol and seed, with today's code."""
    return start_run(
        project=run.project,
        version=run.version,
        recipe=run.recipe,
        settings=run.settings,
        protocol=run.protocol,
        seed=run.seed,
        by=by,
        question=run.question,
        level=run.target["level"],
        left_out=tuple(run.target["left_out"]),
        metric=run.task["metric"],
        exports=tuple(run.exports),
        with_baselines=False,
        rerun_of=run,
        concern=run.target.get("concern", ""),  # of two classes it comes second: the brief may have changed since
    )


@transaction.atomic
def cancel_run(*, run: Run, by: User | None) -> Run:
    """Ask a run to end.

    A queued one ends at once, a running one at its next look at the flag. Raises Conflict when it is over.
    """
    # The job first, then the run: a worker that writes an epoch locks them in this order.
    job = None if run.job_id is None else Job.objects.select_for_update().get(pk=run.job_id)
    locked = Run.objects.select_for_update(of=("self",)).get(pk=run.pk)
    if not locked.is_open:
        raise Conflict(f"This run is {locked.get_state_display().lower()} already; there is nothing to cancel.")
    if job is not None:
        request_cancel(job=job)
        job.refresh_from_db()
    if job is None or job.state == JobState.CANCELLED:
        end_run(run=locked, state=RunState.CANCELLED)
    record(project=locked.project, actor=by, action="training.run_cancelled", subject=str(locked.public_id))
    return locked


@transaction.atomic
def end_run(*, run: Run, state: RunState, failure: str = "", **fields: Any) -> bool:
    """End an open run; publishes RunFinished. False, and nothing changed, when it had ended before."""
    now = timezone.now()
    won = Run.objects.filter(pk=run.pk, state__in=OPEN_STATES).update(
        state=state, failure=failure, finished_at=now, **fields
    )
    if not won:
        return False
    run.refresh_from_db()
    publish(RunFinished(run_id=run.pk, state=state.value))
    return True


def settle_runs() -> int:
    """End runs whose job ended without them: given up after dead workers, or cancelled while nobody worked.

    Returns how many.
    """
    settled = 0
    orphans = Run.objects.open().select_related("job").exclude(job__state__in=[JobState.QUEUED, JobState.RUNNING])
    for run in orphans:
        if run.job is not None and run.job.state == JobState.CANCELLED:
            settled += end_run(run=run, state=RunState.CANCELLED)
        else:
            settled += end_run(run=run, state=RunState.FAILED, failure=_why(run))
    return settled


def _why(run: Run) -> str:
    if run.job is None:
        return "The job of this run is gone. Start it again."
    error = run.job.error or {}
    return str(
        error.get("detail") or "The job ended without a reason. Look into the worker's log, then start it again."
    )
