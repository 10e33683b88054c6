"""What a queue does on its own: stops early, sends skips on, limits a person, suggests a pause."""

from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from annotation.models import (
    Annotator,
    Assignment,
    CompletedTask,
    ConsensusRun,
    EarlyStop,
    Estimate,
    Participation,
    Queue,
    Reliability,
    ReviewCase,
    Task,
)
from annotation.selectors.queues import my_queues, progress
from annotation.services.gold import add_gold
from annotation.services.hot.leasing import NextLeases, next_leases
from annotation.services.hot.policy import LeaseLost
from annotation.services.hot.submitting import NewSubmission, submit
from annotation.services.hot.upkeep import sweep_expired
from annotation.services.queues import change_queue
from common.problems import InvalidInput
from tests.annotation.factories import make_annotators, make_items, make_queue, run, say

pytestmark = pytest.mark.django_db
SKIP = {"kind": "skip", "reason": "blurred"}


def ask(annotator: Annotator, queue: Queue, want: int = 1, tab: str = "a") -> NextLeases:
    return next_leases(user_id=annotator.user_id, queue=queue.public_id, want=want, tab=tab)


def known(queue: Queue, reliabilities: dict[Annotator, float], n: int = 500) -> ConsensusRun:
    """As if a consensus had found these people so reliable."""
    made = ConsensusRun.objects.create(
        project=queue.project, queue=queue, method="dawid_skene", finished_at=timezone.now()
    )
    for annotator, value in reliabilities.items():
        Reliability.objects.create(run=made, annotator=annotator, value=value, n=n, method="test")
    return made


def answer(annotator: Annotator, task: int, choice: str, revision: int) -> None:
    submit(
        user_id=annotator.user_id,
        new=NewSubmission(
            id=uuid4(), lease=uuid4(), task=task, revision=revision, schema_version=1,
            answer={"kind": "class", "classes": [choice]},
        ),
    )  # fmt: skip


class TestEarlyStop:
    @pytest.fixture
    def queue(self) -> Queue:
        return make_queue(n_items=1, redundancy=5, stop_at=0.95, stop_min=2)

    def test_a_task_is_finished_when_two_reliable_people_agree(self, queue):
        first, second, late = make_annotators(queue.project, 3)
        made = known(queue, {first: 0.95, second: 0.95})
        task = Task.objects.get(queue=queue)
        say(first, task.pk, "cat")
        assert not Task.objects.get(pk=task.pk).closed
        say(second, task.pk, "cat")
        task.refresh_from_db()
        stop = EarlyStop.objects.get(task=task)
        assert (task.closed, task.open, task.n_done) == (True, False, 2)
        assert (stop.answer, stop.n, stop.minimum, stop.limit, stop.run) == ({"choice": "cat"}, 2, 2, 0.95, made)
        assert 0.95 <= stop.posterior < 1
        assert CompletedTask.objects.filter(task=task).exists()
        assert ask(late, queue).leases == []
        shown = progress(queue)
        assert (shown.n_slots, shown.n_saved, shown.n_done, shown.n_completed) == (2, 3, 2, 1)
        with pytest.raises(LeaseLost):
            say(late, task.pk, "cat")

    def test_disagreement_and_poor_records_go_on(self, queue):
        people = make_annotators(queue.project, 5)
        known(queue, dict(zip(people, [0.95, 0.95, 0.5, 0.5, 0.5], strict=True)))
        task = Task.objects.get(queue=queue)
        for person, choice in zip(people, ["cat", "dog", "car", "cat", "dog"], strict=True):
            say(person, task.pk, choice)
        task.refresh_from_db()
        assert (task.n_done, task.closed, EarlyStop.objects.count()) == (5, False, 0)

    def test_never_below_the_minimum_and_abstentions_are_no_answers(self, queue):
        Queue.objects.filter(pk=queue.pk).update(stop_min=3)
        people = make_annotators(queue.project, 4)
        known(queue, dict.fromkeys(people, 0.99))
        task = Task.objects.get(queue=queue)
        say(people[0], task.pk, "cat")
        say(people[1], task.pk, "cat")
        say(people[2], task.pk, {"kind": "cannot_tell"})
        assert not Task.objects.get(pk=task.pk).closed
        say(people[3], task.pk, "cat")
        assert Task.objects.get(pk=task.pk).closed

    def test_without_a_consensus_all_labels_are_wanted(self, queue):
        people = make_annotators(queue.project, 3)
        task = Task.objects.get(queue=queue)
        for person in people:
            say(person, task.pk, "cat")
        assert not Task.objects.get(pk=task.pk).closed

    def test_who_holds_a_lease_may_still_answer_and_is_counted(self, queue):
        first, second, holder = make_annotators(queue.project, 3)
        known(queue, {first: 0.95, second: 0.95})
        (lease,) = ask(holder, queue).leases
        say(first, lease.task, "cat")
        say(second, lease.task, "cat")
        say(holder, lease.task, "dog")
        shown = progress(queue)
        assert (shown.n_slots, shown.n_saved, shown.n_done, shown.n_completed) == (3, 2, 3, 1)

    def test_a_correction_that_takes_the_certainty_away_opens_the_task_again(self, queue):
        first, second, late = make_annotators(queue.project, 3)
        known(queue, {first: 0.95, second: 0.95})
        task = Task.objects.get(queue=queue)
        say(first, task.pk, "cat")
        say(second, task.pk, "cat")
        answer(second, task.pk, "dog", revision=2)
        task.refresh_from_db()
        assert (task.closed, task.open, task.returned, EarlyStop.objects.count()) == (False, True, True, 0)
        assert (progress(queue).n_slots, progress(queue).n_completed) == (5, 0)
        assert len(ask(late, queue).leases) == 1
        answer(second, task.pk, "cat", revision=3)
        assert Task.objects.get(pk=task.pk).closed

    def test_what_stopped_early_can_be_accepted(self, queue):
        first, second = make_annotators(queue.project, 2)
        known(queue, {first: 0.95, second: 0.95})
        task = Task.objects.get(queue=queue)
        say(first, task.pk, "cat")
        say(second, task.pk, "cat")
        run(queue)
        assert Estimate.objects.get(task=task).answer == {"choice": "cat"}

    def test_the_database_refuses_a_stop_that_is_not_sure_or_has_too_few_answers(self, queue):
        task = Task.objects.get(queue=queue)
        fields = {"task": task, "queue": queue, "answer": {"choice": "cat"}, "limit": 0.9, "minimum": 2}
        for posterior, n in ((0.8, 3), (0.95, 1)):
            with pytest.raises(IntegrityError), transaction.atomic():
                EarlyStop.objects.create(posterior=posterior, n=n, **fields)


class TestSkips:
    def test_to_others_is_never_met_again(self):
        queue = make_queue(n_items=1, redundancy=1)
        skipper, other = make_annotators(queue.project, 2)
        say(skipper, ask(skipper, queue).leases[0].task, SKIP)
        assert ask(skipper, queue).message == "nothing-left"
        assert len(ask(other, queue).leases) == 1

    def test_back_to_me_later_comes_once_more_and_last(self):
        queue = make_queue(n_items=2, redundancy=1, skip_to="me_later")
        (person,) = make_annotators(queue.project, 1)
        first = ask(person, queue).leases[0].task
        say(person, first, SKIP)
        second = ask(person, queue).leases[0].task
        assert second != first
        assert my_queues(person.user)[0].remaining == 2
        say(person, second, "cat")
        (again,) = ask(person, queue).leases
        assert again.task == first
        assert Participation.objects.get(queue=queue).n_skipped == 0
        say(person, first, SKIP)
        assert ask(person, queue).message == "nothing-left"
        states = Assignment.objects.filter(task=first).order_by("round").values_list("state", "round")
        assert list(states) == [("past", 1), ("skipped", 2)]

    def test_back_to_me_later_does_not_keep_others_from_it(self):
        queue = make_queue(n_items=1, redundancy=1, skip_to="me_later")
        skipper, other = make_annotators(queue.project, 2)
        task = ask(skipper, queue).leases[0].task
        say(skipper, task, SKIP)
        say(other, ask(other, queue).leases[0].task, "cat")
        assert ask(skipper, queue).leases == []

    def test_an_answer_after_the_second_lease_ran_out_is_kept(self):
        queue = make_queue(n_items=1, redundancy=1, skip_to="me_later")
        (person,) = make_annotators(queue.project, 1)
        task = ask(person, queue).leases[0].task
        say(person, task, SKIP)
        assert ask(person, queue).leases[0].task == task
        Assignment.objects.leased().update(expires_at=timezone.now())
        sweep_expired()
        say(person, task, "cat")
        assert Task.objects.get(pk=task).n_done == 1

    def test_to_review_asks_nobody_else(self):
        queue = make_queue(n_items=1, redundancy=2, skip_to="review")
        skipper, other = make_annotators(queue.project, 2)
        task = ask(skipper, queue).leases[0].task
        say(skipper, task, SKIP)
        case = ReviewCase.objects.get(task=task)
        assert (case.reason, case.state) == ("skipped", "open")
        assert ask(other, queue).message == "nothing-left"
        assert progress(Queue.objects.get(pk=queue.pk)).n_slots == 0


class TestLimits:
    def test_a_day_and_what_is_held_counts(self):
        queue = make_queue(n_items=9, redundancy=1, day_limit=3)
        (person,) = make_annotators(queue.project, 1)
        held = ask(person, queue, want=5).leases
        assert len(held) == 3
        assert ask(person, queue, want=5, tab="b").message == "limit-day"
        for lease in held:
            say(person, lease.task, "cat")
        assert ask(person, queue).message == "limit-day"
        Participation.objects.filter(queue=queue).update(day="2020-01-01")
        assert len(ask(person, queue, want=5).leases) == 3

    def test_in_all_with_gold_and_earlier_rounds(self):
        queue = make_queue(n_items=9, redundancy=1, person_limit=4)
        (person,) = make_annotators(queue.project, 1)
        say(person, ask(person, queue).leases[0].task, "cat")
        Participation.objects.filter(queue=queue).update(n_gold=1, n_past=1)
        assert len(ask(person, queue, want=5).leases) == 1
        assert ask(person, queue, want=5, tab="b").message == "limit-person"

    def test_a_share_of_the_labels_wanted(self):
        queue = make_queue(n_items=10, redundancy=2, share_limit=0.2)
        (person,) = make_annotators(queue.project, 1)
        assert len(ask(person, queue, want=20).leases) == 4
        assert ask(person, queue, tab="b").message == "limit-share"

    def test_a_lease_that_ran_out_is_not_taken_anew_beyond_the_limit(self):
        queue = make_queue(n_items=3, redundancy=1, person_limit=1)
        (person,) = make_annotators(queue.project, 1)
        task = ask(person, queue).leases[0].task
        Assignment.objects.leased().update(expires_at=timezone.now())
        sweep_expired()
        other = next(lease.task for lease in ask(person, queue, want=3).leases)
        say(person, other, "cat")
        if other != task:
            with pytest.raises(LeaseLost, match="as many answers"):
                say(person, task, "cat")
        assert Participation.objects.get(queue=queue).n_done == 1


class TestGoldMisses:
    def test_a_pause_is_suggested_after_misses_in_a_row_and_a_hit_ends_it(self):
        queue = make_queue(n_items=0, redundancy=1, gold_misses=2, gold_share=0.5)
        items = make_items(queue.project, 4)
        add_gold(queue=queue, answers={item.pk: {"kind": "class", "classes": ["cat"]} for item in items})
        (person,) = make_annotators(queue.project, 1)
        tasks = list(Task.objects.filter(queue=queue).order_by("pk").values_list("pk", flat=True))
        say(person, tasks[0], "dog")
        assert ask(person, queue).advice is None
        say(person, tasks[1], "dog")
        assert ask(person, queue).advice == "take-a-break"
        say(person, tasks[2], "cat")
        assert ask(person, queue).advice is None


class TestSettings:
    @pytest.mark.parametrize(
        ("rules", "field"),
        [
            ({"stop_at": 0.5}, "stop_at"),
            ({"stop_at": 1}, "stop_at"),
            ({"stop_min": 0}, "stop_min"),
            ({"skip_to": "nobody"}, "skip_to"),
            ({"gold_misses": 0}, "gold_misses"),
            ({"day_limit": 0}, "day_limit"),
            ({"person_limit": -1}, "person_limit"),
            ({"share_limit": 1.5}, "share_limit"),
        ],
    )
    def test_a_rule_out_of_range_is_named(self, rules, field):
        queue = make_queue()
        with pytest.raises(InvalidInput) as refusal:
            change_queue(queue=queue, changes=rules)
        assert field in refusal.value.context["errors"]
        with pytest.raises(IntegrityError), transaction.atomic():
            Queue.objects.filter(pk=queue.pk).update(**rules)

    def test_an_audit_does_not_stop_early(self):
        with pytest.raises(InvalidInput, match="audit"):
            make_queue(purpose="audit", stop_at=0.9)

    def test_rules_change_while_people_work(self):
        queue = change_queue(queue=make_queue(), changes={"stop_at": 0.9, "day_limit": 100, "skip_to": "review"})
        assert (queue.stop_at, queue.day_limit, queue.skip_to) == (0.9, 100, "review")
        assert change_queue(queue=queue, changes={"stop_at": None}).stop_at is None
