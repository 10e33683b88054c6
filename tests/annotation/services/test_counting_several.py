"""A queue of several questions: counted one by one, accepted, reviewed where disputed, gold, early stop, people."""

import numpy as np
import pytest
from django.test import Client

from accounts.models import Job
from accounts.services.jobs import JobLost, claim_job, run_claimed
from annotation.models import (
    Annotator,
    ConsensusRun,
    EarlyStop,
    Estimate,
    Gold,
    Participation,
    Queue,
    Reliability,
    ReviewCase,
    ReviewPlan,
    Task,
)
from annotation.selectors.gold import given_on, gold_of, people_on_gold
from annotation.selectors.people import people
from annotation.services.acceptance import settle_free_answers
from annotation.services.consensus import perform_acceptance, start_acceptance
from annotation.services.gold import add_gold, add_gold_from_labels
from annotation.services.review import settle_case
from annotation.services.tasks import TaskSpec, add_tasks
from common.problems import InvalidInput
from datasets.models import Label
from tests.annotation.factories import accept, join, make_annotators, make_items, run
from tests.annotation.factories import say as say_once
from tests.annotation.services.test_several_questions import BLACK_CAT, DOG, LEGS, chosen, several
from tests.annotation.services.test_several_questions import make as make_one

pytestmark = pytest.mark.django_db

WHITE_CAT = several(animal=chosen("cat"), coat=chosen("white"), legs=LEGS)
THREE_LEGS = several(animal=chosen("dog"), legs={"kind": "number", "number": 3})
UNKNOWN = several(animal={"kind": "cannot_tell"}, legs=LEGS)


def make(*given: list[dict], redundancy: int = 3, questions=("animal", "coat", "legs"), **fields):
    """A queue, its people, and its tasks, answered by them as given."""
    queue, crowd = make_one(questions=questions, redundancy=redundancy)
    Queue.objects.filter(pk=queue.pk).update(**fields)
    if len(given) > 1:
        add_tasks(queue=queue, items=[TaskSpec(item_id=one.pk) for one in make_items(queue.project, len(given) - 1)])
    tasks = list(Task.objects.filter(queue=queue).order_by("pk"))
    for task, answers in zip(tasks, given, strict=False):
        for annotator, wire in zip(crowd, answers, strict=False):
            say_once(annotator, task.pk, wire)
    queue.refresh_from_db()
    return queue, crowd, tasks


def finish(queue):
    """What the event of finished tasks does."""
    return settle_free_answers(
        queue_id=queue.pk, task_ids=list(Task.objects.filter(queue=queue).values_list("pk", flat=True))
    )


def labels(queue, task):
    return {one.question: one for one in Label.objects.current().filter(item_id=task.payload.item_id)}


def test_what_differs_in_classes_waits_for_the_consensus_and_what_differs_besides_goes_to_a_reviewer():
    queue, _, tasks = make([BLACK_CAT] * 3, [BLACK_CAT, BLACK_CAT, DOG], [DOG, DOG, THREE_LEGS])
    assert finish(queue) == 1
    assert set(labels(queue, tasks[0])) == {"animal", "coat", "legs"}
    assert labels(queue, tasks[1]) == {}
    (case,) = ReviewCase.objects.filter(queue=queue)
    assert (case.task_id, case.reason, case.disputed) == (tasks[2].pk, "disagreement", ["legs"])


def test_each_question_is_a_label_with_its_own_posterior():
    queue, _, tasks = make([BLACK_CAT, BLACK_CAT, DOG], [DOG] * 3)
    run(queue, "majority")
    first = Estimate.objects.get(task=tasks[0])
    assert (first.parts["animal"]["posterior"], first.parts["coat"]["posterior"]) == (pytest.approx(2 / 3), 1)
    assert (first.posterior, first.unsettled) == (pytest.approx(2 / 3), [])
    assert accept(queue, 0.6).result == {"accepted": 2, "review": 0, "threshold": 0.6}
    found = labels(queue, tasks[0])
    assert {key: (one.answer, one.n_labels) for key, one in found.items()} == {
        "animal": ({"choice": "cat"}, 3), "coat": ({"choices": ["black"]}, 2), "legs": ({"number": 4}, 3),
    }  # fmt: skip
    assert found["animal"].posterior == pytest.approx(2 / 3)
    assert (found["coat"].posterior, found["legs"].posterior) == (1, None)
    assert found["animal"].origin_ref.startswith("consensus:")
    assert set(labels(queue, tasks[1])) == {"animal", "legs"}


def test_a_message_that_comes_twice_or_late_leaves_what_the_consensus_accepted():
    queue, _, tasks = make([BLACK_CAT, BLACK_CAT, DOG], [DOG] * 3)
    finish(queue)
    run(queue, "majority")
    accept(queue, 0.6)
    before = list(Label.objects.order_by("pk").values())
    for _ in range(2):
        finish(queue)
        assert accept(queue, 0.6).result["accepted"] == 0
    assert list(Label.objects.order_by("pk").values()) == before
    assert not ReviewCase.objects.exists()


def test_a_killed_worker_leaves_no_half_label_and_the_next_goes_on():
    queue, _, _ = make([BLACK_CAT, BLACK_CAT, DOG], [DOG] * 3)
    run(queue, "majority")
    job = start_acceptance(queue=queue, threshold=0.6, by=join(queue.project, "lead"))
    claim = claim_job(job.pk)
    Job.objects.filter(pk=job.pk).update(fence=99)
    with pytest.raises(JobLost):
        perform_acceptance(claim)
    assert (Label.objects.count(), Estimate.objects.filter(accepted_at__isnull=False).count()) == (0, 0)
    job = start_acceptance(queue=queue, threshold=0.6, by=join(queue.project, "lead"))
    run_claimed(job.pk, perform_acceptance)
    assert Label.objects.count() == 5


def test_a_later_consensus_that_closes_a_condition_takes_its_label_back():
    queue, crowd, tasks = make([BLACK_CAT, BLACK_CAT, DOG])
    run(queue, "majority")
    accept(queue, 0.6)
    assert set(labels(queue, tasks[0])) == {"animal", "coat", "legs"}
    Task.objects.filter(pk=tasks[0].pk).update(k=5, open=True)
    for late in make_annotators(queue.project, 2):
        say_once(late, tasks[0].pk, DOG)
    run(queue, "majority")
    assert accept(queue, 0.55).result["accepted"] == 1
    assert {key: one.answer for key, one in labels(queue, tasks[0]).items()} == {
        "animal": {"choice": "dog"}, "legs": {"number": 4},
    }  # fmt: skip
    assert len(crowd) == 3


def test_a_reviewer_settles_only_what_is_in_dispute():
    queue, _, tasks = make([BLACK_CAT, BLACK_CAT, WHITE_CAT], [BLACK_CAT, DOG, several(animal=chosen("cat"),
        coat=chosen("black"), legs={"kind": "number", "number": 3})])  # fmt: skip
    finish(queue)
    run(queue, "majority")
    assert accept(queue, 0.9).result == {"accepted": 0, "review": 2, "threshold": 0.9}
    coat, both = (ReviewCase.objects.get(task=task) for task in tasks)
    assert (coat.reason, coat.disputed) == ("low_posterior", ["coat"])
    assert (both.reason, both.disputed) == ("disagreement", ["animal", "legs"])
    assert Estimate.objects.get(task=tasks[1]).answer == {
        "answers": {"animal": {"choice": "cat"}, "coat": {"choices": ["black"]}}
    }
    reviewer = join(queue.project, "reviewer")
    with pytest.raises(InvalidInput, match="no answer to “legs”"):
        settle_case(case=both, by=reviewer)
    settle_case(case=coat, by=reviewer)
    settle_case(case=both, by=reviewer, answer=BLACK_CAT)
    assert {one.origin for task in tasks for one in labels(queue, task).values()} == {"review"}
    client = Client()
    client.force_login(reviewer)
    shown = client.get(f"/api/v1/projects/{queue.project.slug}/review?state=settled").json()["results"]
    assert [one["disputed"] for one in shown] == [["animal", "legs"], ["coat"]]
    assert shown[0]["estimate"]["unsettled"] == ["legs"]
    assert [part["question"] for part in shown[0]["estimate"]["parts"]] == ["animal", "coat"]


def test_an_open_case_learns_what_else_the_consensus_leaves_open():
    queue, _, tasks = make([DOG, DOG, THREE_LEGS])
    finish(queue)
    assert ReviewCase.objects.get().disputed == ["legs"]
    run(queue, "majority")
    Estimate.objects.update(parts={"animal": {"posterior": 0.7, "entropy": 0.1, "n": 3, "distribution": {}}})
    assert accept(queue, 0.8).result["review"] == 0
    assert ReviewCase.objects.get(task=tasks[0]).disputed == ["animal", "legs"]


def test_what_nobody_can_tell_of_one_question_is_a_case_of_its_own():
    queue, _, tasks = make([UNKNOWN] * 3)
    run(queue, "majority")
    assert not Estimate.objects.exists()
    (case,) = ReviewCase.objects.all()
    assert (case.task_id, case.reason) == (tasks[0].pk, "cannot_tell")


def test_agreement_that_is_enough_settles_what_is_compared_and_never_what_is_counted():
    queue, _, tasks = make([DOG, DOG, THREE_LEGS], [BLACK_CAT, BLACK_CAT, DOG])
    plan = ReviewPlan.objects.create(queue=queue, agreement_below=0.6, seed="s")
    finish(queue)
    assert labels(queue, tasks[0])["legs"].answer == {"number": 4}
    assert (labels(queue, tasks[1]), ReviewCase.objects.count()) == ({}, 0)
    ReviewPlan.objects.filter(pk=plan.pk).update(agreement_below=0.7)
    finish(queue)
    assert ReviewCase.objects.get(task=tasks[1]).disputed == ["animal"]
    run(queue, "majority")
    assert Estimate.objects.get(task=tasks[0]).answer["answers"]["legs"] == {"number": 4}


def test_below_the_limit_what_all_said_alike_goes_to_a_reviewer_too():
    queue, _, tasks = make([DOG] * 3)
    finish(queue)
    run(queue, "majority")
    Estimate.objects.update(
        posterior=0.8, parts={"animal": {"posterior": 0.8, "entropy": 0.1, "n": 3, "distribution": {}}}
    )
    assert accept(queue, 0.9).result["review"] == 1
    finish(queue)
    assert ReviewCase.objects.get(task=tasks[0]).disputed == ["animal"]
    assert set(labels(queue, tasks[0])) == {"animal", "legs"}


def test_dawid_skene_tells_people_apart_in_each_question():
    rng = np.random.default_rng(5)
    queue, crowd, tasks = make(*[[] for _ in range(40)], questions=("animal", "tone"), redundancy=4)
    for task in tasks:
        truth = [rng.choice(["cat", "dog"]), rng.choice(["soft", "loud"])]
        for place, annotator in enumerate(crowd):
            # The first does not hear, the second does not see.
            animal = truth[0] if place != 1 else rng.choice(["cat", "dog"])
            tone = truth[1] if place != 0 else rng.choice(["soft", "loud"])
            say_once(annotator, task.pk, several(animal=chosen(str(animal)), tone=chosen(str(tone))))
    run(queue)
    values = {
        (row.annotator_id, row.question): row.value for row in Reliability.objects.filter(run__queue=queue)
    }  # fmt: skip
    deaf, blind = crowd[:2]
    assert len(values) == 8
    assert values[deaf.pk, "animal"] > 0.85 > 0.75 > values[deaf.pk, "tone"]
    assert values[blind.pk, "tone"] > 0.85 > 0.75 > values[blind.pk, "animal"]
    (shown,) = people([deaf])
    assert [(one.queue, one.question, one.title) for one in shown.questions] == [
        ("Several", "animal", {"en": "Animal"}), ("Several", "tone", {"en": "Tone"}),
    ]  # fmt: skip
    assert shown.questions[1].reliability.value == values[deaf.pk, "tone"]
    client = Client()
    client.force_login(join(queue.project, "lead"))
    at = f"/api/v1/projects/{queue.project.slug}"
    agreement = client.get(f"{at}/queues/{queue.public_id}/agreement").json()
    assert [one["question"] for one in agreement["questions"]] == ["animal", "tone"]
    assert agreement["questions"][0]["figures"]["observed"]["value"] < 1
    assert agreement["figures"]["observed"]["value"] is None
    assert client.get(f"{at}/queues/{queue.public_id}/consensus").json()["n_items"] == 40
    listed = client.get(f"{at}/people").json()["results"]
    assert {len(one["questions"]) for one in listed} == {2}


def gold_queue():
    queue, crowd, _ = make([], redundancy=3)
    add_gold(queue=queue, answers={gold_item(queue): BLACK_CAT})
    return queue, crowd, Gold.objects.get(queue=queue).task


def gold_item(queue):
    (item,) = make_items(queue.project, 1)
    return item.pk


def test_an_answer_to_gold_is_right_when_all_counted_questions_are():
    queue, crowd, task = gold_queue()
    say_once(crowd[0], task.pk, several(animal=chosen("cat"), coat=chosen("black"), legs={"kind": "cannot_tell"}))
    say_once(crowd[1], task.pk, WHITE_CAT)
    say_once(crowd[2], task.pk, DOG)
    streaks = Participation.objects.filter(queue=queue).order_by("annotator").values_list("gold_streak", flat=True)
    assert list(streaks) == [0, 1, 1]
    assert {one.annotator: one.right.value for one in people_on_gold(queue)} == dict(zip(crowd, (1, 0, 0), strict=True))
    given = given_on(list(gold_of(queue)))[task.pk]
    assert sum(one.n for one in given if one.right) == 1
    run(queue, "majority")
    assert not Estimate.objects.filter(task=task).exists()
    by_person = [{one.question: one.gold.value for one in shown.questions} for shown in people(crowd)]
    assert by_person == [{"animal": 1, "coat": 1}, {"animal": 1, "coat": 0}, {"animal": 0}]


def test_gold_is_drawn_from_labels_of_every_counted_question():
    queue, _, tasks = make([BLACK_CAT, BLACK_CAT, DOG], [DOG, DOG, BLACK_CAT], [DOG] * 3)
    finish(queue)
    reviewer = join(queue.project, "reviewer")
    for task, answer in zip(tasks[:2], (BLACK_CAT, DOG), strict=True):
        case = ReviewCase.objects.create(project=queue.project, queue=queue, task=task, reason="sampled")
        settle_case(case=case, by=reviewer, answer=answer)
    Label.objects.filter(item_id=tasks[0].payload.item_id, question="coat").update(is_current=False)
    made = add_gold_from_labels(queue=queue, sample=10)
    assert (made.n_turned, made.task_ids) == (1, {})
    gold = Gold.objects.get(queue=queue)
    assert (gold.task_id, gold.answer) == (
        tasks[1].pk, {"answers": {"animal": {"choice": "dog"}, "legs": {"number": 4}}},
    )  # fmt: skip
    with pytest.raises(InvalidInput, match="without an answer that is known"):
        add_gold(queue=queue, answers={gold_item(queue): UNKNOWN})


def known(queue, reliabilities: dict[Annotator, dict[str, float]]) -> ConsensusRun:
    made = ConsensusRun.objects.create(
        project=queue.project, queue=queue, method="dawid_skene", finished_at="2026-01-01T00:00Z"
    )
    for annotator, by_question in reliabilities.items():
        for question, value in by_question.items():
            Reliability.objects.create(
                run=made, annotator=annotator, question=question, value=value, n=500, method="test"
            )
    return made


def test_it_stops_early_when_every_counted_question_is_sure_and_the_others_agree():
    queue, crowd, (task,) = make([], redundancy=5, stop_at=0.9, stop_min=2)
    made = known(queue, {one: {"animal": 0.97, "coat": 0.97} for one in crowd})
    say_once(crowd[0], task.pk, BLACK_CAT)
    say_once(crowd[1], task.pk, WHITE_CAT)
    task.refresh_from_db()
    assert not task.closed
    say_once(
        crowd[2], task.pk, several(animal=chosen("cat"), coat=chosen("white"), legs={"kind": "number", "number": 3})
    )
    task.refresh_from_db()
    assert not task.closed  # the coat is sure by now, the legs differ
    stop, other, (second,) = make([], redundancy=5, stop_at=0.9, stop_min=2)
    made = known(stop, {one: {"animal": 0.97, "coat": 0.97} for one in other})
    say_once(other[0], second.pk, BLACK_CAT)
    say_once(other[1], second.pk, BLACK_CAT)
    second.refresh_from_db()
    kept = EarlyStop.objects.get(task=second)
    assert (second.closed, kept.n, kept.run) == (True, 2, made)
    assert set(kept.answer["answers"]) == {"animal", "coat", "legs"}
    assert 0.9 <= kept.posterior < 1


def test_who_is_poor_in_one_question_keeps_it_open():
    queue, crowd, (task,) = make([], redundancy=4, stop_at=0.9, stop_min=2)
    known(queue, {one: {"animal": 0.99, "coat": 0.55} for one in crowd})
    for annotator in crowd[:2]:
        say_once(annotator, task.pk, BLACK_CAT)
    task.refresh_from_db()
    assert not task.closed
    dogs, others, (closed,) = make([], redundancy=4, stop_at=0.9, stop_min=2)
    known(dogs, {one: {"animal": 0.99, "coat": 0.55} for one in others})
    for annotator in others[:2]:
        say_once(annotator, closed.pk, DOG)  # no coat is asked for
    closed.refresh_from_db()
    assert closed.closed


def test_a_queue_without_classes_is_as_it_was():
    queue, _, (task,) = make([LEGS_AND_NAME] * 2, redundancy=2, questions=("legs", "name"))
    assert finish(queue) == 1
    assert set(labels(queue, task)) == {"legs", "name"}


LEGS_AND_NAME = several(legs=LEGS, name={"kind": "text", "text": "Rex"})
