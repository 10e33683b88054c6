"""A released model as rows, production whose truth is known, and people who answer: no network is trained here."""

import itertools
import threading
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from django.db import connections
from django.utils import timezone

from accounts.models import Job, Project, Role, User
from accounts.services.jobs import run_claimed
from annotation.models import Annotator, Assignment, Queue, Submission, Task, TaskPayload
from annotation.services.annotators import enrol
from annotation.services.queues import create_queue
from auditing.models import Audit, HardSampleBatch
from auditing.selectors.production import Window
from auditing.services import mining
from auditing.services.audit_progress import take_in_answers
from auditing.services.audits import AuditPlan, create_audit
from auditing.services.prediction_log import LoggedPrediction, log_predictions
from common.ids import uuid7
from common.numerics.wilson import wilson_interval
from datasets.models import DatasetVersion, Item, LabelSchema, VersionItem
from tests.accounts.factories import make_member, make_project
from tests.annotation.factories import make_items
from tests.training.factories import document
from training.modelling.spec import ProtocolSpec
from training.models import Endpoint, Evaluation, ModelLine, ModelVersion, Run, TestLook

_numbers = itertools.count(1)
KEYS = ("disc", "square", "cross")
SUMMARY: dict[str, Any] = {
    "splits": {"train": 10}, "imbalance_ratio": None, "effective_classes": None, "verdict": "", "groups": 0,
    "largest_group": 0, "new_groups": 0, "left_out": [], "conflicts": [], "n_conflicts": 0, "parent": None,
    "weights": None,
}  # fmt: skip


def make_version(
    project: Project, *, keys: Sequence[str] = KEYS, parents: dict[str, str] | None = None, kind: str = "single_choice",
    train: Sequence[Item] = (), name: str = "shapes",
) -> DatasetVersion:  # fmt: skip
    """A frozen version as rows, with these items in its training split."""
    schema = LabelSchema.objects.filter(project=project, family="shapes").first() or LabelSchema.objects.create(
        project=project, family="shapes", version=1, name="Shapes", document=document(tuple(keys), parents, kind),
        document_hash="0" * 64,
    )  # fmt: skip
    number = next(_numbers)
    version = DatasetVersion.objects.create(
        project=project, name=name, number=number, content_hash=f"{number:064x}", schema=schema, question="shape",
        recipe={
            "name": name, "schema": str(schema.public_id), "question": "shape", "sources": [], "populations": []
        },
        manifest_key="p/0/none",
        summary=SUMMARY | {
            "items": len(train), "classes": [{"key": key, "names": {}, "count": 10, "splits": {}} for key in keys]
        },
    )  # fmt: skip
    VersionItem.objects.bulk_create(
        VersionItem(version=version, item=item, sha256=item.sha256, split="train", group=item.sha256) for item in train
    )
    return version


def make_model(
    version: DatasetVersion, *, right: int = 190, of: int = 200, classes: Sequence[str] = KEYS,
    kind: str = "single_choice", level: int | None = None, left_out: Sequence[str] = (),
) -> ModelVersion:  # fmt: skip
    """A model that had so many right of its test split, as training leaves it behind."""
    project, now = version.project, timezone.now()
    scores = {"scores": {"accuracy": wilson_interval(right, of, 0.95).as_json()}}
    run = Run.objects.create(
        project=project, version=version, question="shape", target={"level": level, "left_out": list(left_out)},
        recipe="baseline_logistic", is_baseline=True, protocol=asdict(ProtocolSpec()),
        task={"kind": kind, "metric": "accuracy", "classes": [{"key": key, "name": key} for key in classes]},
        exports=["onnx"], state="succeeded", started_at=now, finished_at=now,
        head={"units": len(classes), "activation": "softmax", "loss": "categorical_crossentropy"},
        comparison={"verdict": "beats", "sentence": "It beats the baseline."},
    )  # fmt: skip
    line, _ = ModelLine.objects.get_or_create(project=project, name="shapes")
    model = ModelVersion.objects.create(
        project=project, line=line, number=next(_numbers), run=run, stage="champion",
        serving_card={"kind": kind, "classes": [{"key": key, "name": key} for key in classes]},
    )  # fmt: skip
    number = TestLook.objects.filter(split_of=version).count() + 1
    look = TestLook.objects.create(
        project=project, line=line, split_of=version, number=number, model_version=model,
        reason="Release" if number > 1 else "",
    )  # fmt: skip
    Evaluation.objects.create(
        model_version=model, split="test", test_look=look, metrics=scores, predictions_key="none", rows=of
    )
    return model


def make_endpoint(model: ModelVersion, name: str = "live") -> Endpoint:
    return Endpoint.objects.create(project=model.project, name=name, model_version=model)


@dataclass
class Loop:
    """A project with a released model, and what is true of every item that production met."""

    project: Project
    version: DatasetVersion
    model: ModelVersion
    endpoint: Endpoint
    lead: User
    truth: dict[int, str]

    def window(self, first_day: float = 30, last_day: float = 0) -> Window:
        now = timezone.now()
        return Window(
            endpoint_id=self.endpoint.pk,
            start=now - timedelta(days=first_day),
            end=now - timedelta(days=last_day) + timedelta(seconds=last_day == 0),
            model_version_id=self.endpoint.model_version_id,
        )

    def plan(self, window: Window | None = None, **fields: Any) -> AuditPlan:
        values: dict[str, Any] = {"name": f"Audit {next(_numbers)}", "budget": 60} | fields
        return AuditPlan(window=window or self.window(), **values)

    def audit(self, window: Window | None = None, **fields: Any) -> Audit:
        return create_audit(
            project=self.project, endpoint=self.endpoint, plan=self.plan(window, **fields), by=self.lead
        )

    def judged(self, window: Window | None = None, **fields: Any) -> Audit:
        """An audit of which everything was judged truly."""
        audit = self.audit(window, **fields)
        answer(audit.queue, self.truth)
        return take_in_answers(audit)

    def mine(self, window: Window | None = None, **settings: Any) -> HardSampleBatch:
        batch = mining.request_mining(
            project=self.project, endpoint=self.endpoint, window=window or self.window(),
            settings=mining.MiningSettings(**settings), by=self.lead,
        )  # fmt: skip
        job = perform(batch.job, mining.perform)
        assert job.state == "succeeded", job.error
        batch.refresh_from_db()
        return batch

    def produce(
        self, n: int, *, wrong: float, rng: np.random.Generator, days_ago: tuple[float, float] = (29, 1),
        items: Sequence[Item] = (), model: ModelVersion | None = None,
    ) -> list[Item]:  # fmt: skip
        """Let the endpoint answer about n pictures, of which about a share of `wrong` are wrong; less sure when wrong.

        items: pictures that are asked about, instead of new ones; one may come several times.
        """
        asked = list(items) or make_items(self.project, n)
        classes = [one["key"] for one in self.model.serving_card["classes"]]
        entries = []
        for place, item in enumerate(asked):
            truth = self.truth.setdefault(item.pk, str(rng.choice(classes)))
            is_wrong = rng.random() < wrong
            others = [key for key in classes if key != truth]
            days = days_ago[0] - (days_ago[0] - days_ago[1]) * place / max(len(asked) - 1, 1)
            entries.append(
                said(
                    item,
                    str(rng.choice(others)) if is_wrong else truth,
                    float(rng.beta(4, 3) if is_wrong else rng.beta(12, 2)),
                    at=timezone.now() - timedelta(days=days),
                )
            )
        log_predictions(
            project_id=self.project.pk, endpoint_id=self.endpoint.pk,
            model_version_id=(model or self.endpoint.model_version).pk, predictions=entries,
        )  # fmt: skip
        return asked


def said(item: Item | None, predicted: str, score: float = 0.9, *, at: datetime | None = None) -> LoggedPrediction:
    return LoggedPrediction(
        request_id=uuid7(), predicted=predicted, score=score, predicted_at=at or timezone.now(),
        item_id=None if item is None else item.pk, probabilities={predicted: score}, latency_ms=3.0,
    )  # fmt: skip


def make_loop(
    *, right: int = 190, of: int = 200, train: int = 0, project: Project | None = None, **version: Any
) -> Loop:
    project = project or make_project("Food")
    frozen = make_version(project, train=make_items(project, train) if train else (), **version)
    model = make_model(frozen, right=right, of=of)
    return Loop(project, frozen, model, make_endpoint(model), make_member(project, Role.LEAD), {})


def labeling_queue(loop: Loop, **fields: Any) -> Queue:
    values: dict[str, Any] = {
        "project": loop.project, "name": "More labels", "schema": loop.version.schema, "question": "shape",
        "purpose": "labeling",
    } | fields  # fmt: skip
    return create_queue(**values)


def annotator(project: Project) -> Annotator:
    return enrol(project=project, user=make_member(project, Role.ANNOTATOR), by=None)


def stored(answer: str | Mapping[str, Any]) -> dict[str, Any]:
    return {"choice": answer} if isinstance(answer, str) else dict(answer)


def answer(
    queue: Queue | None,
    truth: Mapping[int, str | Mapping[str, Any]],
    *,
    people: Sequence[Annotator] = (),
    only: Callable[[int], bool] = lambda _item_id: True,
) -> int:
    """Answer every task whose item `only` picks, each by as many people as it wants; as rows, since they are many."""
    assert queue is not None
    tasks = TaskPayload.objects.filter(queue=queue, task__open=True).order_by("task_id")
    rows = [(task, item) for task, item in tasks.values_list("task_id", "item_id") if only(item)]
    now, staff = timezone.now(), list(people) or [annotator(queue.project) for _ in range(queue.redundancy)]
    assignments = Assignment.objects.bulk_create(
        Assignment(
            project=queue.project, queue=queue, annotator=one, task_id=task, state="submitted", revision=1,
            token=uuid.uuid4(), expires_at=now, submitted_at=now,
        )
        for task, _ in rows
        for one in staff
    )  # fmt: skip
    items = [item for _, item in rows for _ in staff]
    Submission.objects.bulk_create(
        Submission(
            id=uuid.uuid4(), project=queue.project, queue=queue, annotator=row.annotator, assignment=row, revision=1,
            schema_version=1, answer=stored(truth[item]), body_hash=b"", duration_ms=2000,
        )
        for row, item in zip(assignments, items, strict=True)
    )  # fmt: skip
    done = len(staff)
    Task.objects.filter(pk__in=[task for task, _ in rows]).update(n_out=done, n_done=done, open=done < queue.redundancy)
    return len(rows)


def perform(job: Job | None, handler: Callable[..., Any]) -> Job:
    """Do a job here and now, as its worker would."""
    assert job is not None
    run_claimed(job.pk, handler)
    job.refresh_from_db()
    return job


def at_once(n: int, work: Callable[[int], Any]) -> list[Any]:
    """What n threads, each with a connection of its own, answer or raise when they start together."""
    barrier, found = threading.Barrier(n), [None] * n

    def one(place: int) -> None:
        barrier.wait()
        try:
            found[place] = work(place)
        except Exception as error:
            found[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one, args=(place,)) for place in range(n)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found
