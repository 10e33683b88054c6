"""A queue of several questions: what reviewers and a consensus leave to each other."""

from copy import deepcopy

import pytest
from django.test import Client

from annotation.models import Estimate, Gold, ReviewCase, Task
from annotation.services.gold import add_gold, add_gold_from_labels
from annotation.services.queues import QueueSettings, create_queue
from annotation.services.review import settle_case
from annotation.services.tasks import TaskSpec, add_tasks
from datasets.models import Label
from tests.annotation.factories import accept, join, make_annotators, make_items, make_project, make_schema, run, say
from tests.annotation.services.test_counting_several import WHITE_CAT, finish, gold_queue, labels, make
from tests.annotation.services.test_several_questions import BLACK_CAT, DOCUMENT, DOG, LEGS, chosen, several

pytestmark = pytest.mark.django_db

CANNOT_TELL = {"kind": "cannot_tell"}


@pytest.mark.parametrize(
    ("crowd", "reviewer"), [([BLACK_CAT, BLACK_CAT, DOG], DOG), ([DOG, DOG, BLACK_CAT], BLACK_CAT)]
)
def test_a_consensus_leaves_every_answer_of_an_item_that_a_reviewer_settled_before_it(crowd, reviewer):
    queue, _, (task,) = make(crowd)
    case = ReviewCase.objects.create(project=queue.project, queue=queue, task=task, reason="sampled")
    settle_case(case=case, by=join(queue.project, "reviewer"), answer=reviewer)
    before = list(Label.objects.order_by("pk").values())
    run(queue, "majority")
    accept(queue, 0.6)
    assert set(labels(queue, task)) == set(reviewer["answers"])
    assert list(Label.objects.order_by("pk").values()) == before
    assert not Estimate.objects.unaccepted().exists()


def test_what_nobody_can_tell_names_what_differs_besides():
    unclear = {"legs": CANNOT_TELL}
    queue, _, (task,) = make([
        several(animal=chosen("cat"), coat=chosen("black"), **unclear), several(animal=chosen("dog"), **unclear),
        several(animal=chosen("dog"), **unclear),
    ])  # fmt: skip
    finish(queue)
    case = ReviewCase.objects.get(task=task)
    assert (case.reason, case.disputed) == ("cannot_tell", ["animal", "legs"])


def test_a_case_of_what_nobody_can_tell_learns_of_what_is_not_sure_enough():
    queue, _, (task,) = make([several(animal=chosen("dog"), legs=CANNOT_TELL)] * 3)
    finish(queue)
    assert ReviewCase.objects.get().disputed == ["legs"]
    run(queue, "majority")
    Estimate.objects.update(
        posterior=0.7, parts={"animal": {"posterior": 0.7, "entropy": 0.1, "n": 3, "distribution": {}}}
    )
    accept(queue, 0.8)
    assert ReviewCase.objects.get(task=task).disputed == ["animal", "legs"]
    finish(queue)
    assert ReviewCase.objects.get(task=task).disputed == ["animal", "legs"]


def test_a_late_message_forgets_nothing_that_the_consensus_left_open():
    queue, _, (task,) = make([DOG, DOG, several(animal=chosen("dog"), legs={"kind": "number", "number": 3})])
    run(queue, "majority")
    Estimate.objects.update(
        posterior=0.7, parts={"animal": {"posterior": 0.7, "entropy": 0.1, "n": 3, "distribution": {}}}
    )
    accept(queue, 0.8)
    finish(queue)
    assert ReviewCase.objects.get(task=task).disputed == ["animal", "legs"]


def test_a_case_that_the_consensus_would_settle_goes_on_asking_what_it_asked():
    queue, _, (task,) = make([BLACK_CAT, BLACK_CAT, DOG])
    ReviewCase.objects.create(project=queue.project, queue=queue, task=task, reason="disagreement", disputed=["animal"])
    run(queue, "majority")
    accept(queue, 0.6)
    assert ReviewCase.objects.get(task=task).disputed == ["animal"]


def test_gold_is_never_what_a_reviewer_cannot_tell():
    queue, _, task = gold_queue()
    known = Gold.objects.get(queue=queue).answer
    case = ReviewCase.objects.create(project=queue.project, queue=queue, task=task, reason="disagreement")
    reviewer = join(queue.project, "reviewer")
    settle_case(case=case, by=reviewer, answer=several(animal=CANNOT_TELL, legs=LEGS))
    assert Gold.objects.get(queue=queue).answer == known
    settle_case(case=case, by=reviewer, answer=several(animal=chosen("dog"), legs=CANNOT_TELL), replace=True)
    assert Gold.objects.get(queue=queue).answer["answers"]["animal"] == {"choice": "dog"}


def test_what_a_few_were_asked_and_could_not_tell_is_left_to_the_consensus():
    document = deepcopy(DOCUMENT)
    document["questions"][1]["allow_cannot_tell"] = True
    project = make_project()
    queue = create_queue(
        project=project, name="Coats", questions=("animal", "coat", "legs"), schema=make_schema(project, document),
        settings=QueueSettings(redundancy=3),
    )  # fmt: skip
    add_tasks(queue=queue, items=[TaskSpec(item_id=item.pk) for item in make_items(project, 2)])
    tasks = list(Task.objects.filter(queue=queue).order_by("pk"))
    blurred = several(animal=chosen("cat"), coat=CANNOT_TELL, legs=LEGS)
    for annotator, one, two in zip(
        make_annotators(project, 3), (DOG, DOG, blurred), (blurred, blurred, DOG), strict=True
    ):
        say(annotator, tasks[0].pk, one)
        say(annotator, tasks[1].pk, two)
    finish(queue)
    run(queue, "majority")
    assert not ReviewCase.objects.exists()
    accept(queue, 0.6)
    assert set(labels(queue, tasks[0])) == {"animal", "legs"}
    assert [(one.task, one.disputed) for one in ReviewCase.objects.all()] == [(tasks[1], ["coat"])]


def test_classes_that_hang_on_shapes_that_differ_come_to_a_reviewer():
    document = deepcopy(DOCUMENT)
    document["questions"][-1] = {
        "key": "hat", "kind": "single_choice", "title": {"en": "Hat"}, "classes": document["questions"][0]["classes"],
        "when": {"question": "parts", "has": ["head"]},
    }  # fmt: skip
    project = make_project()
    queue = create_queue(
        project=project, name="Hats", questions=("parts", "hat"), schema=make_schema(project, document),
        settings=QueueSettings(redundancy=2),
    )  # fmt: skip
    add_tasks(queue=queue, items=[TaskSpec(item_id=item.pk) for item in make_items(project, 1)])
    task = Task.objects.get(queue=queue)
    for annotator, left, hat in zip(make_annotators(project, 2), (1, 9), ("cat", "dog"), strict=True):
        head = {"id": "a", "type": "box", "class": "head", "box": [left, 2, 10, 10]}
        say(annotator, task.pk, several(parts={"kind": "shapes", "shapes": [head]}, hat=chosen(hat)))
    finish(queue)
    run(queue, "majority")
    assert accept(queue, 0.6).result == {"accepted": 0, "review": 1, "threshold": 0.6}
    case = ReviewCase.objects.get(task=task)
    assert (case.reason, case.disputed) == ("disagreement", ["parts"])
    client = Client()
    client.force_login(join(project, "reviewer"))
    (shown,) = client.get(f"/api/v1/projects/{project.slug}/review").json()["results"]
    assert (shown["estimate"]["answer"]["answers"], shown["estimate"]["parts"]) == ({}, [])


def test_a_corrected_answer_that_is_replaced_leaves_no_label_behind():
    queue, _, (task,) = make([BLACK_CAT, BLACK_CAT, DOG])
    case = ReviewCase.objects.create(project=queue.project, queue=queue, task=task, reason="sampled")
    reviewer = join(queue.project, "reviewer")
    start = task.assignments.order_by("pk").first()
    settle_case(case=case, by=reviewer, answer=WHITE_CAT, fixed_from=start.pk)
    assert labels(queue, task)["coat"].origin_ref.startswith(f"review:{case.public_id}:fixed:")
    settle_case(case=case, by=reviewer, answer=DOG, replace=True)
    assert set(labels(queue, task)) == {"animal", "legs"}


def test_gold_of_a_queue_that_asks_for_shapes_too():
    head = {"id": "a", "type": "box", "class": "head", "box": [1, 2, 10, 10]}
    known = several(animal=chosen("dog"), parts={"kind": "shapes", "shapes": [head]})
    queue, _, (task,) = make([known] * 3, questions=("animal", "parts"))
    (item,) = make_items(queue.project, 1)
    add_gold(queue=queue, answers={item.pk: known})
    case = ReviewCase.objects.create(project=queue.project, queue=queue, task=task, reason="sampled")
    settle_case(case=case, by=join(queue.project, "reviewer"), answer=known)
    assert add_gold_from_labels(queue=queue, sample=5).n_turned == 1
    one, other = (gold.answer["answers"] for gold in Gold.objects.filter(queue=queue))
    assert one == other
    assert (one["animal"], one["parts"]["shapes"][0]["class"]) == ({"choice": "dog"}, "head")
