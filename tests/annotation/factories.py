"""Projects, people, items and queues as rows, made small."""

import hashlib
import itertools
import uuid
from typing import Any

from accounts.models import Job, Membership, Project, User
from accounts.services.jobs import run_claimed
from annotation.models import Annotator, Queue, Task
from annotation.services.consensus import perform_acceptance, perform_consensus, start_acceptance, start_consensus
from annotation.services.hot.submitting import NewSubmission, submit
from annotation.services.queues import QueueSettings, create_queue
from annotation.services.tasks import TaskSpec, add_tasks
from datasets.models import Item, LabelSchema

_count = itertools.count(1)

DOCUMENT: dict[str, Any] = {
    "format": 1,
    "questions": [
        {
            "key": "kind",
            "kind": "single_choice",
            "title": {"en": "What is it?", "ko": "무엇입니까?"},
            "allow_none": True,
            "allow_cannot_tell": True,
            "classes": [
                {"key": "animal", "names": {"en": "Animal", "ko": "동물"}, "selectable": False},
                {"key": "cat", "names": {"en": "Cat", "ko": "고양이"}, "parent": "animal", "hotkey": "1"},
                {"key": "dog", "names": {"en": "Dog", "ko": "개"}, "parent": "animal", "hotkey": "2"},
                {"key": "car", "names": {"en": "Car", "ko": "자동차"}, "hotkey": "3"},
            ],
        },
        {
            "key": "tags",
            "kind": "multiple_choice",
            "title": {"en": "What applies?"},
            "allow_none": True,
            "allow_cannot_tell": True,
            "classes": [{"key": key, "names": {"en": key}} for key in ("red", "round", "soft")],
        },
    ],
}


def make_user(name: str = "", **fields: Any) -> User:
    n = next(_count)
    user = User(email=f"{name or 'person'}{n}-{uuid.uuid4().hex[:6]}@example.org", name=name or f"Person {n}", **fields)
    user.set_unusable_password()
    user.save()
    return user


def make_project() -> Project:
    n = uuid.uuid4().hex[:10]
    return Project.objects.create(slug=f"project-{n}", name=f"Project {n}")


def join(project: Project, role: str, name: str = "") -> User:
    user = make_user(name or role)
    Membership.objects.create(project=project, user=user, role=role)
    return user


def make_annotators(project: Project, n: int, **fields: Any) -> list[Annotator]:
    return [Annotator.objects.create(project=project, user=join(project, "annotator"), **fields) for _ in range(n)]


def make_items(project: Project, n: int) -> list[Item]:
    def one(i: int) -> Item:
        sha = hashlib.sha256(f"{project.pk}:{uuid.uuid4()}:{i}".encode()).hexdigest()
        return Item(
            project=project, sha256=sha, media_type="image/png", byte_size=10, width=64, height=48,
            object_key=f"p/{project.pk}/objects/{sha[:2]}/{sha[2:4]}/{sha}",
        )  # fmt: skip

    return Item.objects.bulk_create([one(i) for i in range(n)])


def make_schema(project: Project, document: dict[str, Any] | None = None) -> LabelSchema:
    return LabelSchema.objects.create(
        project=project, family="things", version=LabelSchema.objects.filter(project=project).count() + 1,
        name="Things", document=document or DOCUMENT, document_hash="0" * 64,
    )  # fmt: skip


def make_queue(
    project: Project | None = None,
    *,
    n_items: int = 0,
    question: str = "kind",
    purpose: str = "labeling",
    **settings: Any,
) -> Queue:
    project = project or make_project()
    queue = create_queue(
        project=project, name=f"Queue {next(_count)}", schema=make_schema(project), question=question, purpose=purpose,
        settings=QueueSettings(**settings),
    )  # fmt: skip
    if n_items:
        add_tasks(queue=queue, items=[TaskSpec(item_id=item.pk) for item in make_items(project, n_items)])
        queue.refresh_from_db()
    return queue


def say(annotator: Annotator, task_id: int, answer: str | dict, **fields) -> None:
    wire = {"kind": "class", "classes": [answer]} if isinstance(answer, str) else answer
    version = Task.objects.values_list("queue__schema__version", flat=True).get(pk=task_id)
    new = NewSubmission(
        id=uuid.uuid4(), lease=uuid.uuid4(), task=task_id, revision=1, schema_version=version, answer=wire,
        duration_ms=2000, **fields,
    )  # fmt: skip
    submit(user_id=annotator.user_id, new=new)


def run(queue: Queue, method: str = "dawid_skene") -> Job:
    job = start_consensus(queue=queue, method=method).job
    run_claimed(job.pk, perform_consensus)
    job.refresh_from_db()
    return job


def accept(queue: Queue, threshold: float = 0.8) -> Job:
    job = start_acceptance(queue=queue, threshold=threshold, by=join(queue.project, "lead"))
    run_claimed(job.pk, perform_acceptance)
    job.refresh_from_db()
    return job
