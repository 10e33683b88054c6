from datetime import timedelta

import pytest
from django.utils import timezone

from annotation.models import Annotator, Reliability, Submission, Task
from annotation.selectors.people import annotators_of, human_ceiling, people
from annotation.services.review import settle_case
from annotation.services.tasks import TaskSpec, add_tasks
from tests.annotation.factories import accept, join, make_annotators, make_items, make_project, make_queue, run, say

pytestmark = pytest.mark.django_db


def test_a_person_is_shown_with_work_speed_and_reliability():
    queue = make_queue(n_items=20, redundancy=3)
    one, two, three = make_annotators(queue.project, 3)
    for i, task_id in enumerate(Task.objects.order_by("pk").values_list("pk", flat=True)):
        say(one, task_id, "cat")
        say(two, task_id, "cat")
        say(three, task_id, "dog" if i < 10 else "cat")
    run(queue)
    found = {person.annotator: person for person in people(annotators_of(join(queue.project, "lead"), queue.project))}
    assert (found[one].n_done, found[one].hours) == (20, pytest.approx(20 * 2 / 3600))
    assert found[one].throughput.labels_per_hour.value == pytest.approx(1800)
    assert found[three].reliability.value < found[one].reliability.low
    assert found[three].agreement.n == 20
    # Three says what the others say about 10 of 20 items; of what the others say of one's items, 30 of 40 is the same.
    assert (found[three].agreement.value, found[one].agreement.value) == (pytest.approx(0.5), pytest.approx(0.75))
    assert found[three].agreement.low < 0.5 < found[three].agreement.high
    assert found[one].reliability.value > found[one].agreement.high
    assert found[three].gold.reason == "no gold items were answered"
    assert [n for _, n in found[one].per_day] == [0] * 13 + [20]


def test_agreement_is_there_before_anybody_can_be_judged_and_says_what_it_lacks():
    queue = make_queue(n_items=2, redundancy=1)
    one, two = make_annotators(queue.project, 2)
    for annotator, task_id in zip((one, two), Task.objects.values_list("pk", flat=True), strict=True):
        say(annotator, task_id, "cat")
    assert people([one])[0].agreement.reason == "no consensus was computed since this person labelled"
    run(queue)
    assert people([one])[0].agreement.reason == "no item was labelled by somebody else too"
    Reliability.objects.update(agreement=None)
    assert "compute the consensus again" in people([one])[0].agreement.reason


def test_with_majority_agreement_is_all_that_is_known_of_reliability():
    queue = make_queue(n_items=10, redundancy=2)
    one, two = make_annotators(queue.project, 2)
    for i, task_id in enumerate(Task.objects.values_list("pk", flat=True)):
        say(one, task_id, "cat")
        say(two, task_id, "dog" if i < 4 else "cat")
    run(queue, "majority")
    person = people([one])[0]
    assert person.reliability == person.agreement
    assert (person.agreement.value, person.agreement.n) == (pytest.approx(0.6), 10)


def test_days_without_labels_are_zero_and_old_labels_fall_on_their_day():
    queue = make_queue(n_items=1)
    (one,) = make_annotators(queue.project, 1)
    say(one, Task.objects.get().pk, "cat")
    Submission.objects.update(created_at=timezone.now() - timedelta(days=3))
    assert [n for _, n in people([one])[0].per_day] == [0] * 10 + [1, 0, 0, 0]


def test_gold_decides_how_reliable_somebody_is_when_there_is_more_of_it():
    queue = make_queue(gold_share=0.5)
    add_tasks(
        queue=queue,
        items=[TaskSpec(item_id=item.pk, gold={"choice": "dog"}) for item in make_items(queue.project, 10)],
    )
    (one,) = make_annotators(queue.project, 1)
    for i, task_id in enumerate(Task.objects.values_list("pk", flat=True)):
        say(one, task_id, "dog" if i < 8 else {"kind": "cannot_tell"})
    person = people([one])[0]
    assert (person.n_done, person.n_gold) == (0, 10)
    assert (person.gold.value, person.gold.n) == (pytest.approx(0.8), 10)
    assert person.gold.low < 0.8 < person.gold.high
    assert person.reliability == person.gold


def test_annotators_see_themselves_and_leads_see_all():
    queue = make_queue()
    one, two = make_annotators(queue.project, 2)
    assert list(annotators_of(one.user, queue.project)) == [one]
    assert set(annotators_of(join(queue.project, "reviewer"), queue.project)) == {one, two}
    assert not annotators_of(join(make_project(), "owner"), queue.project).exists()


def test_the_human_ceiling_is_people_against_gold_when_there_is_enough():
    queue = make_queue()
    add_tasks(
        queue=queue,
        items=[TaskSpec(item_id=item.pk, gold={"choice": "dog"}) for item in make_items(queue.project, 20)],
    )
    one, two = make_annotators(queue.project, 2)
    Annotator.objects.filter(pk=two.pk).update(is_simulated=True)
    for i, task_id in enumerate(Task.objects.order_by("pk").values_list("pk", flat=True)):
        say(one, task_id, "dog")
        say(two, task_id, "cat" if i < 5 else "dog")
    found = human_ceiling(queue.project, queue.schema, "kind")
    assert (found.truth, found.right, found.n, found.n_items, found.n_annotators) == ("gold", 35, 40, 20, 2)
    assert found.estimate.value == pytest.approx(0.875)
    assert found.estimate.low < 0.875 < found.estimate.high
    assert found.simulated_share == 0.5
    assert found.confusion == {("dog", "dog"): 35, ("dog", "cat"): 5}
    assert human_ceiling(queue.project, queue.schema, "tags").n == 0


def test_reviewed_cases_stand_in_for_gold_and_say_that_they_are_the_hard_ones():
    queue = make_queue(n_items=2, redundancy=2)
    one, two = make_annotators(queue.project, 2)
    for task_id in Task.objects.values_list("pk", flat=True):
        say(one, task_id, "cat")
        say(two, task_id, "dog")
    run(queue, "majority")
    accept(queue)
    expert = join(queue.project, "reviewer")
    for task in Task.objects.all():
        settle_case(case=task.review_case, by=expert, answer={"kind": "class", "classes": ["dog"]})
    found = human_ceiling(queue.project, queue.schema, "kind")
    assert (found.truth, found.right, found.n) == ("review", 2, 4)
    assert "too low" in found.estimate.reason


def test_without_any_truth_there_is_a_reason():
    queue = make_queue(n_items=1)
    found = human_ceiling(queue.project, queue.schema, "kind")
    assert (found.estimate.value, found.n) == (None, 0)
    assert found.estimate.reason
