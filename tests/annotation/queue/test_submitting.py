from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from accounts.models import Membership
from accounts.services.idempotency import IdempotencyMismatch
from annotation.models import Annotator, Assignment, CompletedTask, Participation, Queue, Submission, Task
from annotation.services.answers import UnknownClass, UnusableAnswer
from annotation.services.hot.leasing import next_leases
from annotation.services.hot.policy import LeaseLost, NoLongerEditable, RevisionConflict
from annotation.services.hot.submitting import NewSubmission, submit
from annotation.services.hot.upkeep import heartbeat, sweep_expired
from common.problems import NotFound
from tests.annotation.factories import join, make_annotators, make_project, make_queue

pytestmark = pytest.mark.django_db
CAT = {"kind": "class", "classes": ["cat"]}
SKIP = {"kind": "skip", "reason": "blurred"}


@pytest.fixture
def queue():
    return make_queue(n_items=3, redundancy=2)


@pytest.fixture
def annotator(queue):
    return make_annotators(queue.project, 1)[0]


@pytest.fixture
def lease(queue, annotator):
    return next_leases(user_id=annotator.user_id, queue=queue.public_id, want=1).leases[0]


def sent(lease, answer=CAT, **fields):
    defaults = {"id": uuid4(), "revision": 1, "schema_version": 1, "duration_ms": 1500}
    return NewSubmission(lease=lease.token, task=lease.task, answer=answer, **{**defaults, **fields})


def slots(lease):
    return tuple(Task.objects.filter(pk=lease.task).values_list("n_out", "n_done", "open", "returned")[0])


def lose(lease):
    Assignment.objects.filter(token=lease.token).update(expires_at=timezone.now() - timedelta(hours=1))
    assert sweep_expired() == 1


def test_an_answer_is_kept_with_its_version_and_counted(annotator, lease):
    receipt = submit(user_id=annotator.user_id, new=sent(lease, comment="left one", flagged=True))
    stored = Submission.objects.get(pk=receipt.id)
    assert (stored.answer, stored.schema_version, stored.comment, stored.flagged) == (
        {"choice": "cat"},
        1,
        "left one",
        True,
    )
    assert slots(lease) == (1, 1, True, False)
    counted = Participation.objects.get(annotator=annotator)
    assert (counted.n_done, counted.n_skipped, counted.duration_ms, counted.n_completed) == (1, 0, 1500, 0)
    assert receipt.editable_until > timezone.now()


def test_a_replay_gives_the_stored_answer_and_changes_nothing(annotator, lease):
    new = sent(lease)
    first = submit(user_id=annotator.user_id, new=new)
    other_tab = NewSubmission(**{**vars(new), "tab": "another", "lease": uuid4(), "duration_ms": 9})
    again = submit(user_id=annotator.user_id, new=other_tab)
    assert (first.created, again.created) == (True, False)
    assert (again.id, again.revision, again.editable_until) == (first.id, first.revision, first.editable_until)
    assert Submission.objects.count() == 1
    assert Participation.objects.get().n_done == 1


def test_the_same_id_with_another_answer_is_refused(annotator, lease):
    new = sent(lease)
    submit(user_id=annotator.user_id, new=new)
    with pytest.raises(IdempotencyMismatch):
        submit(user_id=annotator.user_id, new=sent(lease, {"kind": "class", "classes": ["dog"]}, id=new.id))
    other = make_annotators(annotator.project, 1)[0]
    with pytest.raises(IdempotencyMismatch):
        submit(user_id=other.user_id, new=new)


def test_a_lost_lease_is_taken_anew_while_a_slot_is_free(annotator, lease):
    lose(lease)
    assert slots(lease) == (0, 0, True, True)
    submit(user_id=annotator.user_id, new=sent(lease))
    assert slots(lease) == (1, 1, True, True)


def test_a_lost_lease_without_a_free_slot_is_refused(queue, annotator, lease):
    lose(lease)
    for other in make_annotators(queue.project, 2):
        taken = next_leases(user_id=other.user_id, queue=queue.public_id, want=1).leases[0]
        assert taken.task == lease.task
        submit(user_id=other.user_id, new=sent(taken))
    with pytest.raises(LeaseLost):
        submit(user_id=annotator.user_id, new=sent(lease))
    assert slots(lease) == (2, 2, False, False)
    assert CompletedTask.objects.get().task_id == lease.task


def test_an_expired_lease_that_nobody_swept_still_counts(annotator, lease):
    Assignment.objects.filter(token=lease.token).update(expires_at=timezone.now() - timedelta(hours=2))
    submit(user_id=annotator.user_id, new=sent(lease))
    assert slots(lease) == (1, 1, True, False)
    assert sweep_expired() == 0


def test_a_class_that_is_not_in_the_schema_is_named(annotator, lease):
    with pytest.raises(UnknownClass, match="unicorn") as caught:
        submit(user_id=annotator.user_id, new=sent(lease, {"kind": "class", "classes": ["unicorn"]}))
    assert caught.value.status == 422
    assert caught.value.context["class_key"] == "unicorn"
    assert slots(lease) == (1, 0, True, False)


@pytest.mark.parametrize(
    "answer",
    [
        {"kind": "class", "classes": []},
        {"kind": "class", "classes": ["animal"]},
        {"kind": "class", "classes": ["cat", "dog"]},
        {"kind": "class"},
        {"kind": "maybe"},
        {"kind": "skip", "reason": "x" * 501},
    ],
)
def test_answers_that_do_not_fit_are_refused(annotator, lease, answer):
    with pytest.raises(UnusableAnswer):
        submit(user_id=annotator.user_id, new=sent(lease, answer))


@pytest.mark.parametrize(
    ("wire", "kept"), [({"kind": "none_of_these"}, {"none": True}), ({"kind": "cannot_tell"}, {"cannot_tell": True})]
)
def test_declining_is_a_recorded_answer(annotator, lease, wire, kept):
    submit(user_id=annotator.user_id, new=sent(lease, wire))
    assert Submission.objects.get().answer == kept


def test_undo_is_a_further_revision_and_the_highest_counts(annotator, lease):
    submit(user_id=annotator.user_id, new=sent(lease))
    submit(user_id=annotator.user_id, new=sent(lease, {"kind": "class", "classes": ["dog"]}, revision=2))
    assert Assignment.objects.get().revision == 2
    assert list(Submission.objects.order_by("revision").values_list("answer", flat=True)) == [
        {"choice": "cat"},
        {"choice": "dog"},
    ]
    assert (slots(lease), Participation.objects.get().n_done) == ((1, 1, True, False), 1)


def test_an_answer_can_become_a_skip_and_the_skip_an_answer(annotator, lease):
    submit(user_id=annotator.user_id, new=sent(lease))
    submit(user_id=annotator.user_id, new=sent(lease, SKIP, revision=2))
    counted = Participation.objects.get()
    assert (slots(lease), counted.n_done, counted.n_skipped) == ((0, 0, True, True), 0, 1)
    submit(user_id=annotator.user_id, new=sent(lease, CAT, revision=3))
    counted.refresh_from_db()
    assert (slots(lease), counted.n_done, counted.n_skipped) == ((1, 1, True, True), 1, 0)


def test_a_second_first_answer_is_refused_with_the_stored_one(annotator, lease):
    submit(user_id=annotator.user_id, new=sent(lease))
    with pytest.raises(RevisionConflict) as caught:
        submit(user_id=annotator.user_id, new=sent(lease, {"kind": "class", "classes": ["dog"]}))
    assert caught.value.context["current"] == {
        "revision": 1,
        "answer": {"kind": "class", "classes": ["cat"], "reason": None},
    }


def test_an_old_answer_cannot_be_changed(annotator, lease):
    submit(user_id=annotator.user_id, new=sent(lease))
    Assignment.objects.update(submitted_at=timezone.now() - timedelta(hours=1))
    with pytest.raises(NoLongerEditable):
        submit(user_id=annotator.user_id, new=sent(lease, SKIP, revision=2))


def test_a_stranger_learns_nothing_about_a_task(lease):
    for user in (join(make_project(), "owner"), join(lease_project(lease), "researcher")):
        with pytest.raises(NotFound):
            submit(user_id=user.pk, new=sent(lease))


def lease_project(lease):
    return Task.objects.get(pk=lease.task).queue.project


def test_somebody_without_the_skill_cannot_take_a_slot_by_naming_a_task():
    queue = make_queue(n_items=1, skills=["birds"])
    a = make_annotators(queue.project, 1, skills=["birds"])[0]
    b = make_annotators(queue.project, 1)[0]
    lease = next_leases(user_id=a.user_id, queue=queue.public_id, want=1).leases[0]
    lose(lease)
    with pytest.raises(NotFound):
        submit(user_id=b.user_id, new=sent(lease))


def test_the_version_that_the_annotator_saw_must_be_the_queues(annotator, lease):
    with pytest.raises(UnusableAnswer, match="version 1 of its schema, the answer was given by version 7"):
        submit(user_id=annotator.user_id, new=sent(lease, schema_version=7))
    assert not Submission.objects.exists()


@pytest.mark.parametrize(("change", "sentence"), [("closed", "queue was closed"), ("paused", "work is paused")])
def test_a_lost_lease_is_not_taken_anew_where_next_would_give_none(annotator, lease, change, sentence):
    lose(lease)
    if change == "closed":
        Queue.objects.update(state="closed")
    else:
        Annotator.objects.filter(pk=annotator.pk).update(state="paused")
    with pytest.raises(LeaseLost, match=sentence):
        submit(user_id=annotator.user_id, new=sent(lease))
    assert slots(lease) == (0, 0, True, True)


def test_a_lease_in_hand_is_answered_although_one_is_paused_meanwhile(annotator, lease):
    Annotator.objects.filter(pk=annotator.pk).update(state="paused")
    assert submit(user_id=annotator.user_id, new=sent(lease)).created


def test_who_left_the_project_keeps_no_lease_alive(annotator, lease):
    assert heartbeat(user_id=annotator.user_id, tab="t", leases=[lease.token])[1] == []
    Membership.objects.filter(user_id=annotator.user_id).delete()
    assert heartbeat(user_id=annotator.user_id, tab="t", leases=[lease.token]) == ([], [lease.token])
