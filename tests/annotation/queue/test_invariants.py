"""A machine that does what clients, clocks and crashes do, in any order, and looks at the rules after every step."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db.models import Count, Exists, F, OuterRef, Q
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from accounts.services.idempotency import IdempotencyMismatch
from accounts.services.jobs import run_claimed
from annotation.models import (
    Annotator,
    Assignment,
    CompletedTask,
    ConsensusRun,
    Cursor,
    EarlyStop,
    Lane,
    Participation,
    Queue,
    QueueChange,
    Reliability,
    Submission,
    Task,
    TaskPayload,
)
from annotation.services.bulk import perform_prioritising, perform_reopening, start_prioritising, start_reopening
from annotation.services.hot.leasing import Lease, next_leases
from annotation.services.hot.policy import LeaseLost, NoLongerEditable, RevisionConflict
from annotation.services.hot.submitting import NewSubmission, submit
from annotation.services.hot.upkeep import heartbeat, release, sweep_expired
from annotation.services.tasks import TaskSpec, add_tasks
from tests.annotation.factories import make_annotators, make_items, make_queue

N_PEOPLE = 3
people = st.integers(0, N_PEOPLE - 1)
choices = st.sampled_from(["cat", "dog", "car"])


class QueueMachine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.queue: Queue = make_queue(n_items=3, redundancy=2)
        self.people: list[Annotator] = make_annotators(self.queue.project, N_PEOPLE)
        self.known: list[tuple[int, Lease]] = []  # leases as clients remember them, for ever
        self.stored: dict[UUID, tuple[int, NewSubmission]] = {}

    def lease_for(self, index: int) -> tuple[int, Lease] | None:
        return self.known[index % len(self.known)] if self.known else None

    def new(self, lease: Lease, answer: dict, revision: int = 1) -> NewSubmission:
        return NewSubmission(
            id=uuid4(), lease=lease.token, task=lease.task, revision=revision, schema_version=1, answer=answer
        )

    def send(self, person: int, new: NewSubmission) -> bool:
        try:
            receipt = submit(user_id=self.people[person].user_id, new=new)
        except (LeaseLost, RevisionConflict, NoLongerEditable):
            return False
        assert receipt.created
        self.stored[new.id] = (person, new)
        return True

    @rule(person=people, want=st.integers(1, 3), tab=st.sampled_from("ab"))
    def ask(self, person: int, want: int, tab: str) -> None:
        found = next_leases(user_id=self.people[person].user_id, queue=self.queue.public_id, want=want, tab=tab)
        assert len(found.leases) <= want
        self.known += [(person, lease) for lease in found.leases]

    @rule(index=st.integers(0, 99), choice=choices)
    def answer(self, index: int, choice: str) -> None:
        if held := self.lease_for(index):
            self.send(held[0], self.new(held[1], {"kind": "class", "classes": [choice]}))

    @rule(index=st.integers(0, 99))
    def skip(self, index: int) -> None:
        if held := self.lease_for(index):
            self.send(held[0], self.new(held[1], {"kind": "skip"}))

    @rule(index=st.integers(0, 99), choice=choices, skips=st.booleans())
    def revise(self, index: int, choice: str, skips: bool) -> None:
        if held := self.lease_for(index):
            person, lease = held
            rows = Assignment.objects.filter(annotator=self.people[person], task_id=lease.task)
            row = rows.exclude(state="past").first()
            answer = {"kind": "skip"} if skips else {"kind": "class", "classes": [choice]}
            self.send(person, self.new(lease, answer, revision=(row.revision if row else 0) + 1))

    @rule(index=st.integers(0, 99))
    def replay(self, index: int) -> None:
        if self.stored:
            person, new = list(self.stored.values())[index % len(self.stored)]
            assert not submit(user_id=self.people[person].user_id, new=new).created
            changed = NewSubmission(**{**vars(new), "comment": "something else"})
            with pytest.raises(IdempotencyMismatch):
                submit(user_id=self.people[person].user_id, new=changed)

    @rule(index=st.integers(0, 99))
    def give_back(self, index: int) -> None:
        if held := self.lease_for(index):
            release(user_id=self.people[held[0]].user_id, leases=[held[1].token])

    @rule(index=st.integers(0, 99), swept=st.booleans())
    def run_out(self, index: int, swept: bool) -> None:
        if held := self.lease_for(index):
            late = timezone.now() - timedelta(hours=1)
            Assignment.objects.leased().filter(token=held[1].token).update(expires_at=late)
            if swept:
                sweep_expired()

    @rule(index=st.integers(0, 99))
    def stay_alive(self, index: int) -> None:
        if held := self.lease_for(index):
            heartbeat(user_id=self.people[held[0]].user_id, tab="a", leases=[held[1].token])

    @rule(priority=st.integers(-2, 2))
    def add_a_task(self, priority: int) -> None:
        item = make_items(self.queue.project, 1)[0]
        add_tasks(queue=self.queue, items=[TaskSpec(item_id=item.pk, priority=priority)])

    @invariant()
    def counts_are_those_of_the_rows(self) -> None:
        tasks = Task.objects.filter(queue=self.queue).annotate(
            rows_out=Count("assignments", filter=Q(assignments__state__in=["leased", "submitted"])),
            rows_done=Count("assignments", filter=Q(assignments__state="submitted")),
        )
        for task in tasks:
            assert (task.n_out, task.n_done) == (task.rows_out, task.rows_done)
            assert task.n_done <= task.k
            assert task.open == (task.n_out < task.k and not task.closed)

    @invariant()
    def nothing_stored_is_lost_or_double(self) -> None:
        rows = {row.pk: row for row in Submission.objects.filter(queue=self.queue)}
        assert set(rows) == set(self.stored)
        for pk, (person, new) in self.stored.items():
            assert (rows[pk].annotator_id, rows[pk].revision) == (self.people[person].pk, new.revision)

    @invariant()
    def the_last_revision_counts(self) -> None:
        answered = Assignment.objects.filter(queue=self.queue, state__in=["submitted", "skipped"])
        for row in answered.filter(submissions__revision=F("revision")).values("state", "submissions__answer"):
            assert ("skip" in row["submissions__answer"]) == (row["state"] == "skipped")

    @invariant()
    def counters_agree(self) -> None:
        queue = Queue.objects.get(pk=self.queue.pk)
        tasks = Task.objects.filter(queue=queue)
        own = list(Participation.objects.filter(queue=queue))
        assert queue.n_tasks == tasks.count() == sum(Lane.objects.filter(queue=queue).values_list("n_tasks", flat=True))
        assert queue.n_slots == sum(tasks.values_list("k", flat=True))
        assert sum(row.n_done for row in own) == sum(tasks.values_list("n_done", flat=True))
        assert sum(row.n_skipped for row in own) == Assignment.objects.filter(queue=queue, state="skipped").count()
        finished = tasks.filter(Q(n_done=F("k")) | Q(closed=True))
        assert sum(row.n_completed for row in own) - queue.n_reopened == finished.count()
        assert sum(row.n_saved for row in own) == sum(one.k - one.n_done for one in finished)
        past = Assignment.objects.filter(queue=queue, state="past", revision__gte=1)
        assert sum(row.n_past for row in own) <= past.count()
        announced = CompletedTask.objects.filter(queue=queue).values_list("task_id", flat=True)
        assert set(finished.values_list("pk", flat=True)) <= set(announced)

    @invariant()
    def cursors_have_passed_nothing(self) -> None:
        """An open task that an annotator could take lies ahead, is looked at first, or is going to be looked at."""
        for cursor in Cursor.objects.filter(queue=self.queue):
            waiting = Task.objects.filter(queue=self.queue, lane=cursor.lane, open=True, returned=False)
            mine = Assignment.objects.filter(
                annotator=cursor.annotator_id, task=OuterRef("pk"), round__gte=OuterRef("round")
            )
            changes = QueueChange.objects.filter(queue=self.queue, lane=cursor.lane, epoch__gt=cursor.epoch)
            stretches = [((one.low_rank, one.low_task - 1), (one.high_rank, one.high_task)) for one in changes]
            if cursor.again_rank is not None:
                stretches.append(((cursor.again_rank, cursor.again_task), (cursor.until_rank, cursor.until_task)))
            for place in waiting.exclude(Exists(mine)).values_list("rank", "pk"):
                assert place > (cursor.rank, cursor.task) or any(low < place <= high for low, high in stretches)

    def teardown(self) -> None:
        """Whatever happened, people who come later can finish everything."""
        Assignment.objects.leased().filter(queue=self.queue).update(expires_at=timezone.now() - timedelta(hours=1))
        while sweep_expired():
            pass
        Queue.objects.filter(pk=self.queue.pk).update(person_limit=None)
        for helper in make_annotators(self.queue.project, self.queue.redundancy):
            while leases := next_leases(user_id=helper.user_id, queue=self.queue.public_id, want=5).leases:
                for lease in leases:
                    submit(user_id=helper.user_id, new=self.new(lease, {"kind": "class", "classes": ["cat"]}))
        assert not Task.objects.filter(queue=self.queue, closed=False).exclude(n_done=F("k")).exists()


class RuledMachine(QueueMachine):
    """The same with everything that a queue may do on its own, and with what leads do to many items."""

    def __init__(self) -> None:
        super().__init__()
        self.queue = make_queue(n_items=3, redundancy=3, stop_at=0.95, stop_min=2, skip_to="me_later", person_limit=9)
        self.people = make_annotators(self.queue.project, N_PEOPLE)
        known = ConsensusRun.objects.create(
            project=self.queue.project, queue=self.queue, method="dawid_skene", finished_at=timezone.now()
        )
        for person, value in zip(self.people, (0.95, 0.9, 0.6), strict=True):
            Reliability.objects.create(run=known, annotator=person, value=value, n=200, method="test")

    @rule(first=st.booleans())
    def open_again(self, first: bool) -> None:
        items = TaskPayload.objects.filter(queue=self.queue).order_by("pk").values_list("item_id", flat=True)
        selection = {"item_ids": list(items)[:1]} if first else {}
        job = start_reopening(queue=self.queue, selection=selection, reason="a new round")
        run_claimed(job.pk, perform_reopening)

    @rule(priority=st.integers(-2, 2), first=st.booleans())
    def prioritise(self, priority: int, first: bool) -> None:
        items = TaskPayload.objects.filter(queue=self.queue).order_by("pk").values_list("item_id", flat=True)
        selection = {"item_ids": list(items)[:1]} if first else {}
        job = start_prioritising(queue=self.queue, selection=selection, priority=priority)
        run_claimed(job.pk, perform_prioritising)

    @invariant()
    def what_stopped_early_was_sure_enough(self) -> None:
        for stop in EarlyStop.objects.filter(queue=self.queue).select_related("task"):
            assert stop.n >= stop.minimum
            assert stop.posterior >= stop.limit
        closed = Task.objects.filter(queue=self.queue, closed=True)
        assert not closed.exclude(early_stops__round=F("round")).exists()

    @invariant()
    def nobody_gives_more_than_the_limit(self) -> None:
        for row in Participation.objects.filter(queue=self.queue):
            held = Assignment.objects.leased().filter(queue=self.queue, annotator=row.annotator).count()
            assert row.n_done + row.n_past + row.n_gold + held <= 9


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize(("machine", "examples"), [(QueueMachine, 12), (RuledMachine, 12)])
def test_the_rules_hold_whatever_happens(machine, examples):
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples, stateful_step_count=25, deadline=None, derandomize=True, database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
