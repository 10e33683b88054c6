"""Do a run: the handler of its job. A kill at any moment leaves a row that the next attempt, or the sweep, can end."""

import json
import logging
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.services.jobs import Claim, JobCancelled, JobLost
from common.problems import DomainError
from datasets.selectors import schemas
from training.modelling.heads import choose_head
from training.models import EpochPoint, Run, RunState
from training.selectors.targets import Target, TargetClasses, target_classes
from training.services.child_process import ChildProcess
from training.services.comparison import refresh_comparisons
from training.services.pictures import training_folder
from training.services.run_results import store_results
from training.services.run_rows import LearnableRows, learnable_rows, write_manifest
from training.services.runs import MANIFEST_NAME, THREADS, end_run

logger = logging.getLogger(__name__)

MODULE = "training.modelling.run"
SPEC_NAME = "request.json"
TICK_SECONDS = 2.0
SPLITS = ("train", "validation")  # the test split is not for runs: it is looked at by a model's test look only


class RunFailed(DomainError):
    code = "run-failed"
    title = "The run failed"


def perform(claim: Claim) -> dict[str, Any]:
    """Prepare the rows, train in a child process, store what it left. Starts from scratch at every attempt."""
    run = Run.objects.select_related("project", "version__schema").get(pk=claim.job.payload["run_id"])
    if not begin_attempt(run, claim):
        return _finish(run)
    folder = _fresh_folder(run)
    try:
        spec_path = _prepare(run, folder, claim)
        _train(run, spec_path, folder / "out", claim)
        store_results(run=run, folder=folder / "out", claim=claim)
    except JobLost:
        raise  # another worker has the run now: write nothing
    except JobCancelled:
        _end(run, claim, RunState.CANCELLED)
        raise
    except Exception as error:
        _end(run, claim, RunState.FAILED, _sentence(error))
        raise
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return _finish(run)


@transaction.atomic
def _end(run: Run, claim: Claim, state: RunState, failure: str = "") -> None:
    claim.hold()  # a worker that lost its claim must not end the run of the next one
    end_run(run=run, state=state, failure=failure)


def _finish(run: Run) -> dict[str, Any]:
    """What follows a run that ended, also when a worker died between its end and this."""
    if run.state == RunState.SUCCEEDED:
        refresh_comparisons(run)
    return {"run": str(run.public_id), "state": run.state}


@transaction.atomic
def begin_attempt(run: Run, claim: Claim) -> bool:
    """Take the run for this attempt and forget what earlier ones drew. False when the run has ended."""
    claim.hold()
    locked = Run.objects.select_for_update().get(pk=run.pk)
    if not locked.is_open:
        run.refresh_from_db()
        return False
    EpochPoint.objects.filter(run=run).delete()
    run.state, run.attempt = RunState.RUNNING, claim.job.attempt
    run.started_at = locked.started_at or timezone.now()
    run.save(update_fields=["state", "attempt", "started_at"])
    return True


def _fresh_folder(run: Run) -> Path:
    """A folder of this attempt; what a killed attempt left is removed."""
    above = training_folder() / "runs" / str(run.public_id)
    shutil.rmtree(above, ignore_errors=True)
    folder = above / f"attempt-{run.attempt}"
    (folder / "out").mkdir(parents=True)
    return folder


def _prepare(run: Run, folder: Path, claim: Claim) -> Path:
    """Write manifest and specification; the run's task becomes what the rows can teach."""
    claim.beat(0, 0, "Collecting the pictures")
    learnable = learnable_rows(run, target_of(run), splits=SPLITS)
    path = folder / MANIFEST_NAME
    digest = write_manifest(
        learnable,
        path=path,
        beat=lambda done, total: claim.beat(done, total, "Collecting the pictures"),
    )
    _note_rows(run, learnable, digest)
    return write_request(run, path, exports=run.exports)


def write_request(run: Run, manifest: Path, *, exports: Sequence[str]) -> Path:
    """Write the specification that a child process reads, beside the manifest."""
    spec_path = manifest.with_name(SPEC_NAME)
    spec = {
        "version": 1,
        "data": {"manifest": str(manifest), "folder": ""},
        "task": run.task,
        "recipe": {"name": run.recipe, "settings": run.settings},
        "protocol": run.protocol,
        "seed": run.seed,
        "threads": THREADS,
        "exports": list(exports),
        "cache_folder": str(training_folder() / "embeddings"),
    }
    spec_path.write_text(json.dumps(spec), "utf-8")
    return spec_path


def target_of(run: Run) -> TargetClasses:
    """What the run learns, from its row and the schema of its version."""
    target = Target(question=run.question, level=run.target["level"], left_out=tuple(run.target["left_out"]))
    return target_classes(schemas.document(run.version.schema), target, concern=run.target.get("concern", ""))


def _note_rows(run: Run, learnable: LearnableRows, digest: str) -> None:
    target = learnable.target
    head = choose_head(target.kind, len(target.classes))
    run.task |= {"kind": target.kind, "classes": [{"key": c.key, "name": c.name} for c in target.classes]}
    run.head = {"units": head.units, "activation": head.activation, "loss": head.loss}
    run.head_reason, run.manifest_sha256 = head.reason, digest
    run.details = {"rows": learnable.counts(), "left_out": learnable.left_out}
    run.save(update_fields=["task", "head", "head_reason", "manifest_sha256", "details"])


def _train(run: Run, spec_path: Path, out: Path, claim: Claim) -> None:
    """Run the child and follow it. Raises RunFailed with the child's last sentence, JobCancelled, JobLost."""
    follower = Follower(run, claim)
    with ChildProcess(MODULE, [str(spec_path), str(out)], out) as child:
        try:
            for event in child.events(tick_seconds=TICK_SECONDS):
                follower.take(event)
        except JobCancelled:
            child.stop()
            raise
        status = child.wait()
        last_words = child.last_words()
    if status == 0 and follower.last == "done":
        return
    if last_words:
        logger.error("Run %s, attempt %s, exit status %s:\n%s", run.public_id, run.attempt, status, last_words)
    raise RunFailed(follower.failure or _died(status))


def _died(status: int) -> str:
    if status < 0:
        return (
            f"The training process was killed by signal {-status}; when nobody did it by hand, the machine ran out of "
            "memory. Try smaller pictures, a smaller batch, or a machine with more memory."
        )
    return f"The training process ended with status {status} before it was done. The worker's log has its last words."


def _sentence(error: Exception) -> str:
    if isinstance(error, DomainError):
        return str(error)
    if isinstance(error, FileNotFoundError):
        return (
            f"A picture of the version is not in the store any more ({error}). Restore it from a backup and run again."
        )
    return f"It stopped with {type(error).__name__}: {error}. The worker's log has the details."


class Follower:
    """Turns progress objects of the child into rows and heartbeats."""

    def __init__(self, run: Run, claim: Claim) -> None:
        self._run, self._claim = run, claim
        self._fits, self._done = 1, 0
        self.last = ""
        self.failure = ""

    def take(self, event: dict[str, Any] | None) -> None:
        """Handle one event, or a tick without one. Raises JobLost, JobCancelled."""
        if event is None:
            self._claim.beat()
            return
        self.last = str(event.get("event"))
        handler = getattr(self, f"_on_{self.last}", None)
        if handler is not None:
            handler(event)
        else:
            self._claim.beat()

    def _on_started(self, event: dict[str, Any]) -> None:
        self._fits = int(event["fits"])
        Run.objects.filter(pk=self._run.pk).update(protocol_reason=event["protocol"])
        self._run.protocol_reason = event["protocol"]
        self._claim.beat(0, self._fits * self._epochs, "Training")

    @property
    def _epochs(self) -> int:
        return int(self._run.settings.get("epochs", 0)) + int(self._run.settings.get("fine_tune_epochs", 0)) or 1

    def _on_epoch(self, event: dict[str, Any]) -> None:
        judged = event.get("validation") or {}
        with transaction.atomic():
            self._claim.hold()
            EpochPoint.objects.create(
                run=self._run,
                fold=event["fold"],
                epoch=event["epoch"],
                phase=event["phase"],
                train_loss=event["train"]["loss"],
                train_metric=event["train"]["metric"],
                validation_loss=judged.get("loss"),
                validation_metric=judged.get("metric"),
                learning_rate=event["learning_rate"],
            )
            if event.get("overfitting"):
                Run.objects.filter(pk=self._run.pk).update(overfitting=event["overfitting"])
        self._done += 1
        self._claim.beat(self._done, max(self._fits * self._epochs, self._done), f"Epoch {event['epoch']}")

    def _on_message(self, event: dict[str, Any]) -> None:
        self._claim.beat(message=event["text"])

    def _on_failed(self, event: dict[str, Any]) -> None:
        self.failure = str(event["error"])

    def _on_cancelled(self, event: dict[str, Any]) -> None:
        self.failure = str(event["reason"])
        self._claim.beat()
