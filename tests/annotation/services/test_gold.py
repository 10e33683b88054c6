"""Settled items become gold and leave it again, and every figure that knows of them stays right."""

import uuid

import pytest

from annotation.models import Assignment, Estimate, Gold, Participation, Queue, ReviewCase, Task, TaskPayload
from annotation.selectors.gold import given_on, gold_of, people_on_gold, right_on
from annotation.selectors.people import gold_counts, human_ceiling
from annotation.selectors.queues import progress
from annotation.selectors.review_quality import quality_from_review
from annotation.services.completion import open_cases
from annotation.services.gold import add_gold, add_gold_of_selection, take_out_gold
from annotation.services.hot.leasing import next_leases
from annotation.services.review import settle_case
from annotation.services.review_plan import consider_finished, plan_review
from annotation.services.tasks import TaskSpec, add_tasks, close_task
from common.problems import InvalidInput, NotFound
from datasets.services.labels import Acceptance, accept_labels
from tests.annotation.factories import join, make_annotators, make_items, make_queue, run, say

pytestmark = pytest.mark.django_db
CAT = {"kind": "class", "classes": ["cat"]}
DOG = {"kind": "class", "classes": ["dog"]}


def finished(n: int = 3, answers=("cat", "dog"), **settings):
    """n items that as many people have answered so."""
    queue = make_queue(n_items=n, redundancy=len(answers), **settings)
    people = make_annotators(queue.project, len(answers))
    tasks = list(Task.objects.filter(queue=queue).order_by("pk"))
    for task in tasks:
        for who, answer in zip(people, answers, strict=True):
            say(who, task.pk, answer)
    return queue, people, tasks


def item_of(task: Task) -> int:
    return TaskPayload.objects.get(task=task).item_id


def figures(queue) -> tuple[int, int, int, int, int]:
    found = progress(Queue.objects.get(pk=queue.pk))
    return found.n_tasks, found.n_slots, found.n_done, found.n_completed, found.n_gold_answers


def test_a_finished_item_becomes_gold_with_the_answers_that_it_has():
    queue, (one, two), tasks = finished(3)
    assert figures(queue) == (3, 6, 6, 3, 0)
    made = add_gold(queue=queue, answers={item_of(tasks[0]): CAT}, by=(lead := join(queue.project, "lead")))
    assert (made.task_ids, made.n_turned, made.n_known) == ({}, 1, 0)
    assert figures(queue) == (2, 4, 4, 2, 2)
    gold = Gold.objects.get()
    assert (gold.task_id, gold.answer, gold.set_by) == (tasks[0].pk, {"choice": "cat"}, lead)
    assert gold_counts([one.pk, two.pk]) == {one.pk: (1, 1), two.pk: (0, 1)}
    again = add_gold(queue=queue, answers={item_of(tasks[0]): CAT})
    assert (again.n_turned, again.n_known) == (0, 1)


def test_who_answered_it_is_not_asked_again_and_others_meet_it_blind():
    queue, (one, _), tasks = finished(1, gold_share=0.5)
    add_gold(queue=queue, answers={item_of(tasks[0]): CAT})
    (new,) = make_annotators(queue.project, 1)

    add_tasks(queue=queue, items=[TaskSpec(item_id=item.pk) for item in make_items(queue.project, 40)])

    def meets(who) -> bool:
        leases = []
        for n in range(12):
            leases += next_leases(user_id=who.user_id, queue=queue.public_id, tab=f"tab {n}", want=3).leases
        return tasks[0].pk in {lease.task for lease in leases}

    assert meets(new)
    assert not meets(one)


def test_who_has_passed_the_end_of_the_gold_meets_what_turns_gold_behind_it():
    queue, _, (task,) = finished(1, gold_share=0.5)
    later = make_items(queue.project, 1)[0]
    add_gold(queue=queue, answers={later.pk: CAT})
    add_tasks(queue=queue, items=[TaskSpec(item_id=item.pk) for item in make_items(queue.project, 60)])
    (who,) = make_annotators(queue.project, 1)
    met = set()

    def walk() -> None:
        for _ in range(12):
            found = next_leases(user_id=who.user_id, queue=queue.public_id, tab=f"tab {len(met)}", want=2).leases
            met.update(lease.task for lease in found)

    walk()
    assert task.pk not in met
    assert Gold.objects.get().task_id in met
    add_gold(queue=queue, answers={item_of(task): CAT})
    walk()
    assert task.pk in met


def test_what_is_not_finished_or_waits_for_a_reviewer_stays():
    queue, _, tasks = finished(2)
    open_cases(queue=queue, reasons={tasks[0].pk: "disagreement"})
    Task.objects.filter(pk=tasks[1].pk).update(n_done=1, n_out=1, open=True)
    made = add_gold(queue=queue, answers={item_of(task): CAT for task in tasks})
    assert (made.n_turned, made.n_known) == (0, 2)
    settle_case(case=ReviewCase.objects.get(), by=join(queue.project, "reviewer"), answer=DOG)
    assert add_gold(queue=queue, answers={item_of(tasks[0]): DOG}).n_turned == 1


def test_a_task_that_was_closed_early_takes_just_its_own_out_of_the_progress():
    queue, people, tasks = finished(2, ("cat", "cat", "cat"))
    lonely = make_items(queue.project, 1)[0]
    add_tasks(queue=queue, items=[TaskSpec(item_id=lonely.pk)])
    task = Task.objects.get(queue=queue, payload__item=lonely)
    say(people[0], task.pk, "cat")
    close_task(task=task)
    assert figures(queue) == (3, 7, 7, 3, 0)
    assert add_gold(queue=queue, answers={lonely.pk: CAT}).n_turned == 1
    assert figures(queue) == (2, 6, 6, 2, 1)


def test_an_estimate_that_no_label_was_made_of_goes():
    queue, _, tasks = finished(1, ("cat",))
    run(queue)
    assert Estimate.objects.get().task == tasks[0]
    add_gold(queue=queue, answers={item_of(tasks[0]): CAT})
    assert not Estimate.objects.exists()


def test_audits_keep_their_measurements():
    queue, _, tasks = finished(1, purpose="audit")
    assert add_gold(queue=queue, answers={item_of(tasks[0]): CAT}).n_known == 1


def test_chosen_items_become_gold_with_the_label_they_have():
    queue, _, tasks = finished(2)
    elsewhere, bare = make_items(queue.project, 2)
    for item_id, origin in ((item_of(tasks[0]), "consensus"), (elsewhere.pk, "review")):
        accept_labels(
            project=queue.project, schema=queue.schema, question="kind",
            acceptances=[Acceptance(item_id=item_id, answer={"choice": "car"}, origin=origin)],
        )  # fmt: skip
    chosen = [item_of(tasks[0]), elsewhere.pk, bare.pk]
    made = add_gold_of_selection(queue=queue, selection={"item_ids": chosen})
    assert (list(made.task_ids), made.n_turned) == ([elsewhere.pk], 1)
    assert set(Gold.objects.values_list("answer__choice", flat=True)) == {"car"}
    with pytest.raises(InvalidInput, match="0 of the chosen items"):
        add_gold_of_selection(queue=queue, selection={"item_ids": [bare.pk]})


def test_how_people_did_on_it():
    queue, (one, two), tasks = finished(2)
    add_gold(queue=queue, answers={item_of(tasks[0]): CAT, item_of(tasks[1]): DOG})
    gold = list(gold_of(queue).order_by("pk"))
    given = given_on(gold)
    assert [(said.answer, said.n, said.right) for said in given[tasks[0].pk]] == [
        ({"choice": "cat"}, 1, True), ({"choice": "dog"}, 1, False),
    ]  # fmt: skip
    assert (right_on(given[tasks[0].pk]).value, right_on([]).reason) == (0.5, "no gold items were answered")
    assert {row.annotator: (row.right.value, row.right.n) for row in people_on_gold(queue)} == {
        one: (0.5, 2), two: (0.5, 2),
    }  # fmt: skip


def test_gold_that_is_taken_out_is_held_against_nobody_and_can_come_back():
    queue, (one, two), tasks = finished(2)
    add_gold(queue=queue, answers={item_of(task): CAT for task in tasks})
    take_out_gold(queue=queue, task_id=tasks[0].pk)
    assert gold_counts([one.pk, two.pk]) == {one.pk: (1, 1), two.pk: (0, 1)}
    assert set(Participation.objects.values_list("n_done", "n_gold", "n_past")) == {(0, 1, 1)}
    queue.refresh_from_db()
    assert (queue.n_gold, queue.lanes.get(number=100).n_tasks) == (1, 1)
    task = Task.objects.get(pk=tasks[0].pk)
    assert (task.open, task.closed, task.n_out, task.n_done) == (False, True, 0, 0)
    assert human_ceiling(queue.project, queue.schema, "kind").n == 2
    with pytest.raises(NotFound):
        take_out_gold(queue=queue, task_id=tasks[0].pk)
    assert add_gold(queue=queue, answers={item_of(tasks[0]): DOG}).n_turned == 1
    task.refresh_from_db()
    assert (task.open, task.gold.answer) == (True, {"choice": "dog"})
    assert figures(queue)[:4] == (0, 0, 0, 0)


def test_an_answer_on_the_table_when_gold_is_taken_out_counts_for_nothing():
    queue = make_queue(gold_share=0.5, gold_misses=1)
    item = make_items(queue.project, 1)[0]
    task_id = add_gold(queue=queue, answers={item.pk: CAT}).task_ids[item.pk]
    (who,) = make_annotators(queue.project, 1)
    Assignment.objects.create(
        project=queue.project, queue=queue, annotator=who, task_id=task_id, token=(token := uuid.uuid4()),
        expires_at="2100-01-01T00:00Z",
    )  # fmt: skip
    Task.objects.filter(pk=task_id).update(n_out=1)
    take_out_gold(queue=queue, task_id=task_id)
    say(who, task_id, "dog")
    assert Assignment.objects.get(token=token).state == "submitted"
    assert Participation.objects.get().gold_streak == 0
    assert gold_counts([who.pk]) == {}
    assert figures(queue) == (0, 0, 0, 0, 1)


def test_a_settled_case_that_gets_another_answer_takes_the_gold_along():
    queue, _, tasks = finished(1)
    open_cases(queue=queue, reasons={tasks[0].pk: "disagreement"})
    reviewer = join(queue.project, "reviewer")
    case = settle_case(case=ReviewCase.objects.get(), by=reviewer, answer=DOG)
    add_gold(queue=queue, answers={item_of(tasks[0]): DOG})
    settle_case(case=case, by=reviewer, answer=CAT, replace=True)
    assert Gold.objects.get().answer == {"choice": "cat"}


def test_the_quality_by_review_is_the_same_before_and_after():
    queue, _, tasks = finished(4)
    plan_review(queue=queue, share=1.0, agreement_below=None, by=join(queue.project, "lead"))
    consider_finished(queue_id=queue.pk, task_ids=[task.pk for task in tasks])
    reviewer = join(queue.project, "reviewer")
    for case in ReviewCase.objects.all():
        settle_case(case=case, by=reviewer, answer=CAT)
    before = quality_from_review(queue).estimate
    add_gold(queue=queue, answers={item_of(tasks[0]): CAT})
    assert quality_from_review(queue).estimate == before
    take_out_gold(queue=queue, task_id=tasks[0].pk)
    assert quality_from_review(queue).estimate == before
