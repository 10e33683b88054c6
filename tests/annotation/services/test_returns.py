import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import Notification
from annotation.models import Assignment, Participation, Queue, ReviewCase, ReviewReason, ReviewReturn, Submission, Task
from annotation.selectors.queues import progress
from annotation.selectors.review import answers_to
from annotation.services.completion import announce_completed, open_cases
from annotation.services.hot.leasing import next_leases
from annotation.services.hot.policy import NoLongerEditable, RevisionConflict
from annotation.services.hot.submitting import NewSubmission, submit
from annotation.services.hot.upkeep import heartbeat, release, sweep_expired
from annotation.services.returns import AlreadyReturned, AlreadySettled, Remark, reopen_returned, return_case
from annotation.services.review import settle_case
from annotation.services.tasks import close_task
from common.problems import InvalidInput
from tests.annotation.factories import join, make_annotators, make_queue, say

DOG = {"kind": "class", "classes": ["dog"]}
HERE = Remark(comment="Look at the ears.", x=12.5, y=40)


class Reviewed:
    """A finished task of two labels, cat and dog, before a reviewer."""

    def __init__(self, redundancy: int = 2) -> None:
        self.queue = make_queue(n_items=1, redundancy=redundancy)
        self.task = Task.objects.get(queue=self.queue)
        self.one, self.two, self.three = make_annotators(self.queue.project, 3)
        for who, answer in ((self.one, "cat"), (self.two, "dog")):
            say(who, self.task.pk, answer)
        open_cases(queue=self.queue, reasons={self.task.pk: ReviewReason.DISAGREEMENT})
        self.case = ReviewCase.objects.get(task=self.task)
        self.reviewer = join(self.queue.project, "reviewer")

    def answer_of(self, annotator) -> Assignment:
        return Assignment.objects.get(annotator=annotator, task=self.task, state="submitted")

    def send_back(self, to="annotator", remark=HERE, by=None, annotators=None) -> ReviewCase:
        wanted = [self.answer_of(one).pk for one in annotators or [self.one]]
        return return_case(
            case=self.case, by=by or self.reviewer, destination=to, remark=remark, assignments=wanted
        )  # fmt: skip

    def next(self, annotator, tab="tab"):
        return next_leases(user_id=annotator.user_id, queue=self.queue.public_id, want=1, tab=tab).leases

    def counts(self) -> tuple[int, int, int]:
        found = progress(Queue.objects.get(pk=self.queue.pk))
        return found.n_slots, found.n_done, found.n_completed


@pytest.fixture
def reviewed(db) -> Reviewed:
    return Reviewed()


def again(annotator, lease, revision=1, answer=DOG):
    new = NewSubmission(
        id=uuid4(), lease=lease.token, task=lease.task, revision=revision, schema_version=1,
        answer=answer,
    )  # fmt: skip
    return submit(user_id=annotator.user_id, new=new)


def test_an_answer_goes_back_to_who_gave_it_with_a_comment_at_a_place(reviewed):
    assert reviewed.counts() == (2, 2, 1)
    case = reviewed.send_back()
    assert (case.state, case.n_returns, reviewed.counts()) == ("returned", 1, (2, 1, 0))
    assert not reviewed.next(reviewed.three), "the slot is kept for who gave the answer"
    (lease,) = reviewed.next(reviewed.one)
    assert lease.remark == {
        "comment": "Look at the ears.", "x": 12.5, "y": 40,
        "answer": {"kind": "class", "classes": ["cat"], "reason": None},
    }  # fmt: skip
    again(reviewed.one, lease)
    assert announce_completed() == 1
    reopen_returned(task_ids=[reviewed.task.pk])
    assert (ReviewCase.objects.get().state, reviewed.counts()) == ("open", (2, 2, 1))
    first, _, second = answers_to([case])[reviewed.task.pk]
    assert (first.answer, first.round, first.sent_back.comment) == ({"choice": "cat"}, 1, "Look at the ears.")
    assert (second.answer, second.round, second.sent_back) == ({"choice": "dog"}, 2, None)
    assert Submission.objects.filter(annotator=reviewed.one).count() == 2, "nobody loses an earlier answer"
    assert Notification.objects.get().user == reviewed.one.user


def test_an_answer_goes_to_the_pool_and_never_to_who_gave_it(reviewed):
    reviewed.send_back("pool")
    assert not reviewed.next(reviewed.one)
    assert not reviewed.next(reviewed.two)
    (lease,) = reviewed.next(reviewed.three)
    assert (lease.remark["comment"], lease.remark["x"], lease.remark["answer"]) == ("Look at the ears.", 12.5, None)
    again(reviewed.three, lease)
    reopen_returned(task_ids=[reviewed.task.pk])
    assert (ReviewCase.objects.get().state, reviewed.counts()) == ("open", (2, 2, 1))


def test_who_changes_an_answer_that_was_sent_back_is_told(reviewed):
    mine = reviewed.answer_of(reviewed.one)
    late = {"id": uuid4(), "lease": mine.token, "task": mine.task_id, "revision": 2}
    new = NewSubmission(**late, schema_version=1, answer=DOG)
    reviewed.send_back()
    with pytest.raises(RevisionConflict, match="sent this task back to you"):
        submit(user_id=reviewed.one.user_id, new=new)
    Assignment.objects.leased().delete()
    with pytest.raises(NoLongerEditable, match="given this task to somebody else"):
        submit(user_id=reviewed.one.user_id, new=new)


def test_what_came_back_waits_through_closed_tabs_and_lost_leases(reviewed):
    reviewed.send_back()
    (lease,) = reviewed.next(reviewed.one, "first")
    assert Assignment.objects.get(token=lease.token).expires_at < timezone.now() + timedelta(hours=1)
    assert not reviewed.next(reviewed.one, "second"), "a lease in one tab is not given to another"
    assert release(user_id=reviewed.one.user_id, leases=[lease.token]) == [lease.token]
    (lease,) = reviewed.next(reviewed.one, "second")
    heartbeat(user_id=reviewed.one.user_id, tab="second", leases=[lease.token])
    Assignment.objects.filter(token=lease.token).update(expires_at=timezone.now() - timedelta(hours=1))
    assert sweep_expired() == 1
    (lease,) = reviewed.next(reviewed.one, "third")
    assert lease.remark["comment"] == "Look at the ears."
    assert Task.objects.get().n_out == 2


def test_after_two_weeks_it_goes_to_others(reviewed):
    reviewed.send_back()
    past = timezone.now() - timedelta(minutes=1)
    Assignment.objects.leased().update(expires_at=past, reserved_until=past)
    assert sweep_expired() == 1
    assert not reviewed.next(reviewed.one)
    (lease,) = reviewed.next(reviewed.three)
    again(reviewed.three, lease)
    assert Task.objects.get().n_done == 2


def test_the_same_again_changes_nothing_and_another_reviewer_is_told(reviewed):
    mine = reviewed.answer_of(reviewed.one).pk
    reviewed.send_back()
    with_same = {"case": reviewed.case, "destination": "annotator", "remark": HERE, "assignments": [mine]}
    assert return_case(by=reviewed.reviewer, **with_same).n_returns == 1
    assert ReviewReturn.objects.count() == 1
    other = join(reviewed.queue.project, "lead")
    with pytest.raises(AlreadyReturned):
        return_case(by=other, **with_same)
    with pytest.raises(AlreadyReturned):
        settle_case(case=reviewed.case, by=other, answer=DOG)


def test_a_settled_case_is_not_sent_back(reviewed):
    settle_case(case=reviewed.case, by=reviewed.reviewer, answer=DOG)
    with pytest.raises(AlreadySettled) as caught:
        reviewed.send_back()
    assert caught.value.context["current"]["classes"] == ["dog"]


def test_settling_on_purpose_asks_nobody_again(reviewed):
    reviewed.send_back()
    settled = settle_case(case=reviewed.case, by=reviewed.reviewer, answer=DOG, replace=True)
    assert settled.state == "settled"
    assert not reviewed.next(reviewed.one)
    assert not Assignment.objects.leased().exists()
    task = Task.objects.get()
    assert (task.n_out, task.n_done, task.closed, reviewed.counts()) == (1, 1, True, (1, 1, 1))


def test_a_closed_task_opens_again_with_its_counters(reviewed):
    other = Reviewed(redundancy=3)
    close_task(task=other.task)
    assert other.counts() == (2, 2, 1)
    other.send_back("pool", annotators=[other.one, other.two])
    assert other.counts() == (3, 0, 0)
    assert len(other.next(other.three)) == 1


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"remark": Remark(comment="  ")}, "Say what is to be done"),
        ({"remark": Remark(comment="x", x=65, y=1)}, "outside of the picture"),
        ({"remark": Remark(comment="x", x=1)}, "an x and a y"),
        ({"destination": "moon"}, "annotator or pool"),
        ({"assignments": [10**9]}, "does not count any more"),
        ({"assignments": []}, "no answer here"),
    ],
)
def test_refusals_name_what_is_wrong(reviewed, change, sentence):
    given = {"destination": "annotator", "remark": HERE, "assignments": None, **change}
    with pytest.raises(InvalidInput, match=sentence):
        return_case(case=reviewed.case, by=reviewed.reviewer, **given)
    assert ReviewCase.objects.get().state == "open"
    assert reviewed.counts() == (2, 2, 1)


def test_nothing_is_sent_to_somebody_who_cannot_label(reviewed):
    reviewed.one.state = "paused"
    reviewed.one.save()
    with pytest.raises(InvalidInput, match="Send it to the pool"):
        reviewed.send_back()
    reviewed.send_back("pool")


def test_the_counters_of_who_answered_follow(reviewed):
    reviewed.send_back(annotators=[reviewed.one, reviewed.two])
    counted = dict(Participation.objects.values_list("annotator", "n_done"))
    assert counted == {reviewed.one.pk: 0, reviewed.two.pk: 0}
    for who in (reviewed.one, reviewed.two):
        (lease,) = reviewed.next(who)
        again(who, lease)
    assert set(Participation.objects.values_list("n_done", flat=True)) == {1}
    assert reviewed.counts() == (2, 2, 1)


@pytest.mark.django_db(transaction=True)
def test_of_two_reviewers_at_once_one_wins():
    reviewed = Reviewed()
    reviewers = [join(reviewed.queue.project, "reviewer") for _ in range(4)]
    start = threading.Barrier(4)
    outcomes: list[str] = []

    def act(who, sends_back: bool) -> None:
        try:
            start.wait()
            if sends_back:
                return_case(case=reviewed.case, by=who, destination="annotator", remark=HERE)
            else:
                settle_case(case=reviewed.case, by=who, answer={"kind": "class", "classes": ["car"]})
            outcomes.append("won")
        except (AlreadyReturned, AlreadySettled) as error:
            outcomes.append(error.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=act, args=(who, i % 2 == 0)) for i, who in enumerate(reviewers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    case = ReviewCase.objects.get()
    # Settling alike twice is one outcome; sending back twice is not, for the second is another person's.
    won = {"settled": 2, "returned": 1}[case.state]
    assert outcomes.count("won") == won
    assert len(outcomes) == 4
    task = Task.objects.get()
    assert (task.n_done, task.closed) == ((2, True) if case.state == "settled" else (0, False))
