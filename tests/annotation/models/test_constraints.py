"""The rules stand in the database: whoever writes past the services is refused."""

import uuid

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from annotation.models import Annotator, Assignment, Lane, Queue, ReviewCase, Submission, Task, TaskPayload
from tests.annotation.factories import make_annotators, make_queue, say

pytestmark = pytest.mark.django_db


@pytest.fixture
def task() -> Task:
    make_queue(n_items=1, redundancy=2)
    return Task.objects.get()


def lease(task: Task, annotator: Annotator, **fields) -> Assignment:
    return Assignment.objects.create(
        project_id=task.project_id, queue_id=task.queue_id, annotator=annotator, task=task, token=uuid.uuid4(),
        expires_at=timezone.now(), **fields,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"n_out": 3, "open": False}, "task_at_most_k_out"),
        ({"n_out": -1}, "task_at_most_k_out"),
        ({"n_done": 1}, "task_done_within_out"),
        ({"n_out": 2}, "task_open_means_a_free_slot"),
        ({"open": False}, "task_open_means_a_free_slot"),
        ({"closed": True}, "task_open_means_a_free_slot"),
        ({"k": 0}, "task_"),
    ],
)
def test_slots(task, change, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Task.objects.filter(pk=task.pk).update(**change)


def test_nobody_twice(task):
    (one,) = make_annotators(task.queue.project, 1)
    lease(task, one)
    with pytest.raises(IntegrityError, match="assignment_once_per_annotator"), transaction.atomic():
        lease(task, one)


def test_an_answer_has_a_revision_and_a_revision_comes_once(task):
    (one,) = make_annotators(task.queue.project, 1)
    with pytest.raises(IntegrityError, match="assignment_answered_has_a_revision"), transaction.atomic():
        lease(task, one, state="submitted")
    say(one, task.pk, "cat")
    first = Submission.objects.get()
    first.pk = uuid.uuid4()
    with pytest.raises(IntegrityError, match="submission_revision_once"), transaction.atomic():
        first.save(force_insert=True)


def test_an_item_is_once_in_a_queue(task):
    other = Task.objects.create(project_id=task.project_id, queue_id=task.queue_id, k=1)
    payload = TaskPayload.objects.get()
    with pytest.raises(IntegrityError, match="payload_item_once_per_queue"), transaction.atomic():
        TaskPayload.objects.create(
            task=other, queue_id=task.queue_id, item_id=payload.item_id, sha256="x", kind="image"
        )


@pytest.mark.parametrize(
    ("model", "change", "constraint"),
    [
        (Queue, {"redundancy": 0}, "queue_redundancy_sane"),
        (Queue, {"gold_share": 0.9}, "queue_gold_share_sane"),
        (Queue, {"purpose": "fun"}, "queue_purpose_and_state_known"),
        (Queue, {"kinds": ["robot"]}, "queue_kinds_known"),
        (Lane, {"is_gold": True}, "lane_gold_has_its_number"),
    ],
)
def test_queues_and_lanes(task, model, change, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        model.objects.update(**change)


def test_a_settled_case_has_an_answer(task):
    case = ReviewCase.objects.create(project_id=task.project_id, queue=task.queue, task=task, reason="flagged")
    with pytest.raises(IntegrityError, match="review_settled_has_an_answer"), transaction.atomic():
        ReviewCase.objects.filter(pk=case.pk).update(state="settled")


def test_hot_tables_leave_room_on_their_pages():
    with connection.cursor() as cursor:
        cursor.execute("SELECT reloptions FROM pg_class WHERE relname = 'annotation_task'")
        assert "fillfactor=85" in cursor.fetchone()[0]


def test_an_answer_stays_as_it_was_sent(task):
    (one,) = make_annotators(task.queue.project, 1)
    say(one, task.pk, "cat")
    for change in ({"answer": {"choice": "dog"}}, {"schema_version": 9}, {"comment": "x"}, {"revision": 2}):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            Submission.objects.update(**change)
