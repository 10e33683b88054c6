from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.services.jobs import run_claimed
from annotation.models import ReviewCase, ReviewPlan, Task
from annotation.selectors.review_quality import quality_from_review
from annotation.services.completion import announce_completed
from annotation.services.returns import Remark, return_case
from annotation.services.review import settle_case
from annotation.services.review_plan import consider_finished, perform_draw, plan_review
from annotation.tasks import on_tasks_completed
from common.models import OutboxEvent
from common.problems import Conflict, InvalidInput
from tests.annotation.factories import join, make_annotators, make_queue, say

pytestmark = pytest.mark.django_db


def labelled(n: int, answers=("cat", "cat")):
    """n finished tasks with these answers of as many people."""
    queue = make_queue(n_items=n, redundancy=len(answers))
    people = make_annotators(queue.project, len(answers))
    tasks = list(Task.objects.filter(queue=queue).order_by("pk"))
    for task in tasks:
        for who, answer in zip(people, answers, strict=True):
            say(who, task.pk, answer)
    return queue, people, tasks


def planned(queue, share, agreement_below=None) -> dict:
    plan = plan_review(queue=queue, share=share, agreement_below=agreement_below, by=join(queue.project, "lead"))
    run_claimed(plan.job.pk, perform_draw)
    plan.job.refresh_from_db()
    return plan.job.result


def settle_all(queue, answer: str = "cat"):
    reviewer = join(queue.project, "reviewer")
    for case in ReviewCase.objects.filter(queue=queue, state="open"):
        settle_case(case=case, by=reviewer, answer={"kind": "class", "classes": [answer]})


def test_a_share_of_the_finished_tasks_is_drawn_with_its_probability():
    queue, _, tasks = labelled(60, answers=("cat",))
    assert planned(queue, 0.3) == {"new": (n := ReviewCase.objects.count()), "share": 0.3}
    assert 8 <= n <= 28, "18 are expected; 99.7 of 100 draws lie here"
    assert set(ReviewCase.objects.values_list("reason", "state", "inclusion_probability")) == {("sampled", "open", 0.3)}
    assert planned(queue, 0.3)["new"] == 0, "drawing again draws the same"
    before = set(ReviewCase.objects.values_list("task_id", flat=True))
    planned(queue, 0.6)
    after = dict(ReviewCase.objects.values_list("task_id", "inclusion_probability"))
    assert before < set(after)
    assert set(after.values()) == {0.6}, "all were considered under the greater share"
    planned(queue, 0.1)
    assert dict(ReviewCase.objects.values_list("task_id", "inclusion_probability")) == after


def test_every_task_is_as_likely_and_the_queues_secret_decides():
    queue, _, tasks = labelled(1)
    hits = 0
    for n in range(300):
        ReviewPlan.objects.update_or_create(queue=queue, defaults={"seed": f"{n}", "share": 0.25})
        ReviewCase.objects.all().delete()
        hits += consider_finished(queue_id=queue.pk, task_ids=[tasks[0].pk])
    assert 50 <= hits <= 100


def test_unfinished_tasks_and_other_queues_are_not_drawn():
    queue, people, _ = labelled(2)
    other, _, _ = labelled(2)
    half = make_queue(queue.project, n_items=1, redundancy=3)
    say(people[0], Task.objects.get(queue=half).pk, "cat")
    planned(half, 1.0)
    planned(queue, 1.0)
    assert set(ReviewCase.objects.values_list("queue", flat=True)) == {queue.pk}


def test_tasks_that_finish_later_are_considered_by_themselves():
    queue = make_queue(n_items=1)
    planned(queue, 1.0)
    (one,) = make_annotators(queue.project, 1)
    say(one, Task.objects.get().pk, "cat")
    announce_completed()
    event = OutboxEvent.objects.get(name="TasksCompleted")
    on_tasks_completed(event.pk)
    on_tasks_completed(event.pk)
    assert ReviewCase.objects.get().inclusion_probability == 1.0


@pytest.mark.parametrize(
    ("answers", "below", "disputed"),
    [
        (("cat", "dog", "cat"), 1.0, True),
        (("cat", "dog", "cat"), 0.6, False),
        (("cat", "dog", "car"), 0.6, True),
        (("cat", "cat", "cat"), 1.0, False),
        (("cat", "dog", "cat"), None, False),
    ],
)
def test_what_people_dispute_is_reviewed(answers, below, disputed):
    queue, _, _ = labelled(1, answers)
    planned(queue, 0.0, below)
    assert list(ReviewCase.objects.values_list("reason", "inclusion_probability")) == (
        [("disagreement", None)] if disputed else []
    )


def test_a_disputed_task_that_is_drawn_too_keeps_its_reason_and_gets_its_probability():
    queue, _, _ = labelled(1, ("cat", "dog"))
    planned(queue, 1.0, 1.0)
    assert ReviewCase.objects.values_list("reason", "inclusion_probability").get() == ("disagreement", 1.0)


def test_quality_by_annotator_and_queue():
    queue, (one, two), tasks = labelled(12, ("cat", "dog"))
    planned(queue, 1.0)
    assert quality_from_review(queue).estimate.reason == "12 drawn items are not settled yet"
    settle_all(queue)
    found = quality_from_review(queue)
    assert (found.n_drawn, found.n_settled, found.estimate.value, found.estimate.n) == (12, 12, 0.5, 12)
    by_person = {row.annotator.pk: row.estimate for row in found.annotators}
    assert (by_person[one.pk].value, by_person[two.pk].value) == (1.0, 0.0)
    assert by_person[one.pk].low < 0.8 < 1.0 == by_person[one.pk].high
    assert by_person[one.pk].reason is None


def test_the_disputed_ones_alone_tell_nothing_of_quality():
    queue, _, _ = labelled(3, ("cat", "dog"))
    planned(queue, 0.0, 1.0)
    settle_all(queue)
    assert (quality_from_review(queue).estimate.value, quality_from_review(queue).annotators) == (None, [])


def test_a_corrected_answer_was_wrong_when_it_was_drawn_and_a_later_one_is_not_judged():
    queue, (one,), (task,) = labelled(1, ("dog",))
    planned(queue, 1.0)
    case = ReviewCase.objects.get()
    reviewer = join(queue.project, "reviewer")
    return_case(case=case, by=reviewer, destination="pool", remark=Remark())
    (other,) = make_annotators(queue.project, 1)
    say(other, task.pk, "cat")
    # The clock of a transaction stands still, and the test is one.
    task.assignments.filter(annotator=other).update(submitted_at=timezone.now() + timedelta(hours=1))
    ReviewCase.objects.update(state="open")
    settle_all(queue)
    found = quality_from_review(queue)
    assert [(row.annotator.pk, row.estimate.value) for row in found.annotators] == [(one.pk, 0.0)]


def test_refusals():
    queue = make_queue()
    lead = join(queue.project, "lead")
    with pytest.raises(InvalidInput, match="from 0 to 1"):
        plan_review(queue=queue, share=1.2, agreement_below=None, by=lead)
    with pytest.raises(InvalidInput, match="above 0"):
        plan_review(queue=queue, share=0.1, agreement_below=0, by=lead)
    with pytest.raises(Conflict):
        plan_review(queue=make_queue(purpose="audit"), share=0.1, agreement_below=None, by=lead)
