"""New priorities and new rounds for many tasks, while people go on."""

import threading

import pytest
from django.db import connection
from django.db.models import F, Sum

from accounts.models import Job
from accounts.services.jobs import JobCancelled, claim_job, run_claimed
from annotation.models import Assignment, Estimate, Participation, Queue, ReviewCase, Submission, Task
from annotation.selectors.answers import current_answers
from annotation.selectors.queues import progress
from annotation.services import bulk, review
from annotation.services.bulk import perform_prioritising, perform_reopening, start_prioritising, start_reopening
from annotation.services.completion import open_cases
from annotation.services.hot.leasing import next_leases
from annotation.services.returns import Remark, return_case
from annotation.services.review import settle_case
from common.problems import InvalidInput, NotFound
from tests.annotation.factories import join, make_annotators, make_queue, run, say

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch):
    monkeypatch.setattr(bulk, "CHUNK", 4)


def fresh(queue: Queue) -> Queue:
    return Queue.objects.get(pk=queue.pk)


def items_of(queue: Queue) -> list[int]:
    return list(Task.objects.filter(queue=queue).order_by("pk").values_list("payload__item_id", flat=True))


def prioritise(queue: Queue, selection: dict, priority: float) -> Job:
    job = start_prioritising(queue=queue, selection=selection, priority=priority)
    run_claimed(job.pk, perform_prioritising)
    job.refresh_from_db()
    return job


def reopen(queue: Queue, selection: dict | None = None) -> Job:
    job = start_reopening(queue=queue, selection=selection or {}, reason="new guideline")
    run_claimed(job.pk, perform_reopening)
    job.refresh_from_db()
    return job


def ask(annotator, queue, want=1):
    return next_leases(user_id=annotator.user_id, queue=queue.public_id, want=want).leases


class TestPriorities:
    def test_what_was_raised_before_somebody_ended_the_job_comes_first_too(self):
        queue = make_queue(n_items=10)
        (person,) = make_annotators(queue.project, 1)
        passed = [lease.task for lease in ask(person, queue, want=6)]
        epoch = fresh(queue).epoch
        job = start_prioritising(queue=queue, selection={}, priority=5)
        claim = claim_job(job.pk)
        Job.objects.filter(pk=job.pk).update(cancel_requested=True)
        with pytest.raises(JobCancelled):
            perform_prioritising(claim)
        assert Task.objects.filter(pk__in=passed, rank__lt=0).count() == 4  # one chunk
        assert fresh(queue).epoch == epoch + 1

    def test_what_is_raised_comes_first_also_for_who_has_passed_it(self):
        queue = make_queue(n_items=10, redundancy=2)
        person, other = make_annotators(queue.project, 2)
        held = ask(person, queue, want=3)
        last = items_of(queue)[-2:]
        job = prioritise(queue, {"item_ids": last}, 5)
        assert (job.state, job.result) == ("succeeded", {"selected": 2, "moved": 2})
        assert [lease.item["item_id"] for lease in ask(other, queue, want=2)] == last
        mine = next_leases(user_id=person.user_id, queue=queue.public_id, want=5, holding=[one.token for one in held])
        assert [lease.item["item_id"] for lease in mine.leases] == last
        assert mine.lost == []

    def test_again_moves_nothing_and_an_empty_selection_means_all(self):
        queue = make_queue(n_items=9)
        assert prioritise(queue, {}, -2).result == {"selected": 9, "moved": 9}
        assert prioritise(queue, {}, -2).result == {"selected": 9, "moved": 0}
        assert set(Task.objects.filter(queue=queue).values_list("rank", flat=True)) == {200}
        assert fresh(queue).lanes.get().max_rank == 200

    def test_it_goes_on_where_it_was_killed(self, monkeypatch):
        queue = make_queue(n_items=10)
        job = start_prioritising(queue=queue, selection={}, priority=1)
        Job.objects.filter(pk=job.pk).update(payload={**job.payload, "after": items_of(queue)[3]})
        run_claimed(job.pk, perform_prioritising)
        assert Task.objects.filter(queue=queue, rank=-100).count() == 6

    @pytest.mark.parametrize("wrong", [{"sample": 3}, {"no_such": 1}])
    def test_a_selection_that_makes_no_sense_is_refused(self, wrong):
        with pytest.raises(InvalidInput):
            start_prioritising(queue=make_queue(), selection=wrong, priority=0)
        with pytest.raises(InvalidInput):
            start_prioritising(queue=make_queue(), selection={}, priority=1e9)


class TestRounds:
    def test_answers_become_history_and_the_same_people_are_asked_again(self):
        queue = make_queue(n_items=2, redundancy=2)
        people = make_annotators(queue.project, 2)
        tasks = list(Task.objects.filter(queue=queue).order_by("pk").values_list("pk", flat=True))
        for person in people:
            for task in tasks:
                say(person, task, "cat")
        run(queue)
        job = reopen(queue, {"item_ids": items_of(queue)[:1]})
        assert job.result == {"selected": 1, "reopened": 1, "answers": 2}
        task = Task.objects.get(pk=tasks[0])
        assert (task.round, task.n_out, task.n_done, task.open) == (2, 0, 0, True)
        assert Submission.objects.filter(assignment__task=task).count() == 2
        assert {one.task_id for one in current_answers(fresh(queue))} == {tasks[1]}
        assert not Estimate.objects.filter(task=task).exists()
        shown = progress(fresh(queue))
        assert (shown.n_slots, shown.n_done, shown.n_past, shown.n_completed) == (4, 2, 2, 1)
        for person in people:
            assert [lease.task for lease in ask(person, queue)] == [tasks[0]]
            say(person, tasks[0], "dog")
        assert {one.answer["choice"] for one in current_answers(fresh(queue)) if one.task_id == tasks[0]} == {"dog"}
        assert progress(fresh(queue)).n_completed == 2

    def test_a_lease_in_hand_goes_on_in_the_new_round(self):
        queue = make_queue(n_items=1, redundancy=2)
        first, holder = make_annotators(queue.project, 2)
        task = Task.objects.get(queue=queue)
        say(first, task.pk, "cat")
        (lease,) = ask(holder, queue)
        reopen(queue)
        say(holder, lease.task, "dog")
        task.refresh_from_db()
        assert (task.n_out, task.n_done, task.round) == (1, 1, 2)
        assert ask(holder, queue) == []
        assert len(ask(first, queue)) == 1

    def test_rounds_follow_each_other(self):
        queue = make_queue(n_items=1, redundancy=1)
        (person,) = make_annotators(queue.project, 1)
        task = Task.objects.get(queue=queue)
        for _ in range(3):
            assert len(ask(person, queue)) == 1
            say(person, task.pk, "cat")
            reopen(queue)
        assert list(Assignment.objects.filter(task=task).values_list("state", "round").order_by("round")) == [
            ("past", 1), ("past", 2), ("past", 3),
        ]  # fmt: skip
        assert Participation.objects.get(queue=queue).n_past == 3

    def test_what_a_reviewer_settled_stays(self):
        queue = make_queue(n_items=1, redundancy=1)
        (person,) = make_annotators(queue.project, 1)
        task = Task.objects.get(queue=queue)
        say(person, task.pk, "cat")
        open_cases(queue=queue, reasons={task.pk: "flagged"})
        reviewer = join(queue.project, "reviewer")
        settle_case(case=ReviewCase.objects.get(task=task), by=reviewer, answer={"kind": "class", "classes": ["dog"]})
        assert reopen(queue).result == {"selected": 1, "reopened": 0}

    def test_it_needs_a_reason_and_no_audit(self):
        with pytest.raises(InvalidInput, match="why"):
            start_reopening(queue=make_queue(), selection={}, reason=" ")
        with pytest.raises(InvalidInput, match="audit"):
            start_reopening(queue=make_queue(purpose="audit"), selection={}, reason="x")


@pytest.mark.django_db(transaction=True)
def test_the_stream_goes_on_while_priorities_change_and_items_are_opened_again():
    queue = make_queue(n_items=60, redundancy=2)
    people = make_annotators(queue.project, 3)
    stop, failures = threading.Event(), []

    def label(person) -> None:
        try:
            while not stop.is_set():
                for lease in ask(person, queue, want=3):
                    say(person, lease.task, "cat")
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=label, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    try:
        for i in range(3):
            assert prioritise(queue, {"item_ids": items_of(queue)[i::3]}, i).state == "succeeded"
            assert reopen(queue, {"item_ids": items_of(queue)[:20]}).state == "succeeded"
    finally:
        stop.set()
        for thread in threads:
            thread.join(60)
    assert failures == []
    tasks = Task.objects.filter(queue=queue)
    for task in tasks:
        states = list(task.assignments.values_list("state", flat=True))
        assert (task.n_out, task.n_done) == (
            states.count("leased") + states.count("submitted"),
            states.count("submitted"),
        )
        assert task.n_done <= task.k
    sums = Participation.objects.filter(queue=queue).aggregate(done=Sum("n_done"), past=Sum("n_past"))
    assert sums["done"] == sum(tasks.values_list("n_done", flat=True))
    assert sums["done"] + sums["past"] == Submission.objects.filter(queue=queue).count()
    assert progress(fresh(queue)).n_completed == tasks.filter(n_done=F("k")).count()


@pytest.mark.django_db(transaction=True)
def test_who_settles_a_case_and_who_opens_its_item_again_do_not_wait_for_each_other(monkeypatch):
    queue = make_queue(n_items=1, redundancy=1)
    (person,) = make_annotators(queue.project, 1)
    task = Task.objects.get(queue=queue)
    say(person, task.pk, "cat")
    open_cases(queue=queue, reasons={task.pk: "flagged"})
    reviewer, ended = join(queue.project, "reviewer"), []

    def open_again() -> None:
        try:
            ended.append(reopen(queue))
        finally:
            connection.close()

    thread = threading.Thread(target=open_again)
    close_task = review.close_task

    def while_the_job_is_at_work(**said) -> None:
        thread.start()
        with connection.cursor() as cursor:
            while thread.is_alive():
                cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
                if cursor.fetchone()[0]:
                    break
        close_task(**said)

    monkeypatch.setattr(review, "close_task", while_the_job_is_at_work)
    settle_case(case=ReviewCase.objects.get(), by=reviewer, answer={"kind": "class", "classes": ["dog"]})
    thread.join(60)
    assert ReviewCase.objects.get().state == "settled"
    assert [(job.state, job.result) for job in ended] == [("succeeded", {"selected": 1, "reopened": 0})]


def test_a_case_that_is_gone_meanwhile_is_told_with_a_sentence():
    queue = make_queue(n_items=1, redundancy=1)
    (person,) = make_annotators(queue.project, 1)
    task = Task.objects.get(queue=queue)
    say(person, task.pk, "cat")
    open_cases(queue=queue, reasons={task.pk: "flagged"})
    case, reviewer = ReviewCase.objects.get(), join(queue.project, "reviewer")
    reopen(queue)
    with pytest.raises(NotFound, match="opened again"):
        settle_case(case=case, by=reviewer, answer={"kind": "class", "classes": ["dog"]})
    with pytest.raises(NotFound, match="opened again"):
        return_case(case=case, by=reviewer, destination="pool", remark=Remark(comment="x"))
