import pytest

from accounts.models import AuditEntry
from annotation.models import Gold, Lane, Queue, Task, TaskPayload
from annotation.selectors.queues import progress
from annotation.services.gold import add_gold, add_gold_from_labels
from annotation.services.queues import NameTaken, QueueSettings, change_queue, create_queue
from annotation.services.tasks import TaskSpec, add_tasks, close_task
from common.problems import Conflict, InvalidInput
from datasets.models import Occurrence, Source
from datasets.services.labels import Acceptance, accept_labels
from tests.annotation.factories import join, make_annotators, make_items, make_project, make_queue, make_schema, say

pytestmark = pytest.mark.django_db


def test_a_queue_is_made_with_its_lane_and_written_into_the_trail():
    project = make_project()
    lead = join(project, "lead")
    queue = create_queue(
        project=project, name="  First   labels ", schema=make_schema(project), question="kind", by=lead,
        settings=QueueSettings(redundancy=3, skills=["Birds", "birds "], kinds=["expert"]),
    )  # fmt: skip
    assert (queue.name, queue.skills, queue.redundancy) == ("First labels", ["birds"], 3)
    assert list(Lane.objects.filter(queue=queue).values_list("number", "skills")) == [(0, ["birds"])]
    assert AuditEntry.objects.get(action="queue.created").actor == lead


def test_a_second_queue_of_the_name_is_refused():
    project = make_project()
    schema = make_schema(project)
    create_queue(project=project, name="One", schema=schema, question="kind")
    with pytest.raises(NameTaken, match="One"):
        create_queue(project=project, name="One", schema=schema, question="kind")


@pytest.mark.parametrize(
    ("settings", "field"),
    [
        ({"redundancy": 0}, "redundancy"),
        ({"redundancy": 101}, "redundancy"),
        ({"gold_share": 0.6}, "gold_share"),
        ({"kinds": ["robot"]}, "kinds"),
        ({"instructions": "x" * 50_001}, "instructions"),
        ({"skills": ["x" * 41]}, "skills"),
    ],
)
def test_settings_out_of_range_are_named(settings, field):
    project = make_project()
    with pytest.raises(InvalidInput) as caught:
        create_queue(
            project=project,
            name="One",
            schema=make_schema(project),
            question="kind",
            settings=QueueSettings(**settings),
        )
    assert field in caught.value.context["errors"]
    assert not Queue.objects.exists()


def test_the_schema_must_be_the_projects_and_have_the_question():
    project = make_project()
    with pytest.raises(InvalidInput, match="another project"):
        create_queue(project=project, name="One", schema=make_schema(make_project()), question="kind")
    with pytest.raises(InvalidInput, match="colour"):
        create_queue(project=project, name="One", schema=make_schema(project), question="colour")


def test_new_instructions_get_a_new_revision_and_the_same_ones_do_not():
    queue = make_queue()
    assert change_queue(queue=queue, changes={"instructions": "Look twice."}).instructions_revision == 2
    assert change_queue(queue=queue, changes={"instructions": "Look twice."}).instructions_revision == 2
    with pytest.raises(InvalidInput, match="redundancy"):
        change_queue(queue=queue, changes={"redundancy": 5})


def test_tasks_show_the_items_name_except_in_an_audit():
    project = make_project()
    item = make_items(project, 1)[0]
    source = Source.objects.create(project=project, name="s", kind="folder")
    Occurrence.objects.create(
        project=project, item=item, source=source, name="cats/7.png", identity="00000000-0000-0000-0000-000000000001"
    )
    for purpose, shown in (("labeling", "cats/7.png"), ("audit", item.sha256[:12])):
        queue = make_queue(project, purpose=purpose)
        add_tasks(queue=queue, items=[TaskSpec(item_id=item.pk)])
        assert TaskPayload.objects.get(queue=queue).name == shown


def test_items_of_another_project_are_refused_and_nothing_is_added():
    queue = make_queue()
    mine, other = make_items(queue.project, 1)[0], make_items(make_project(), 1)[0]
    with pytest.raises(InvalidInput, match=str(other.pk)):
        add_tasks(queue=queue, items=[TaskSpec(item_id=mine.pk), TaskSpec(item_id=other.pk)])
    assert not Task.objects.exists()


@pytest.mark.parametrize("spec", [{"k": 0}, {"k": 101}, {"priority": 2_000_000}, {"gold": {"choice": "unicorn"}}])
def test_figures_out_of_range_are_refused(spec):
    queue = make_queue()
    item = make_items(queue.project, 1)[0]
    with pytest.raises(InvalidInput):
        add_tasks(queue=queue, items=[TaskSpec(item_id=item.pk, **spec)])


def test_the_same_item_twice_in_one_call_is_refused():
    queue = make_queue()
    item = make_items(queue.project, 1)[0]
    with pytest.raises(InvalidInput, match="twice"):
        add_tasks(queue=queue, items=[TaskSpec(item_id=item.pk)] * 2)


def test_gold_has_its_own_lane_and_does_not_count_as_work():
    queue = make_queue(gold_share=0.1)
    items = make_items(queue.project, 3)
    gold = TaskSpec(item_id=items[0].pk, gold={"choice": "dog"})
    add_tasks(queue=queue, items=[gold, *(TaskSpec(item_id=item.pk) for item in items[1:])])
    queue.refresh_from_db()
    assert (queue.n_tasks, queue.n_slots, queue.n_gold) == (2, 2, 1)
    assert Gold.objects.get().answer == {"choice": "dog"}


def test_only_a_task_before_the_last_rank_voids_the_cursors():
    queue = make_queue()
    items = make_items(queue.project, 3)
    for item, priority, epoch in zip(items, (1, 0, 2), (1, 1, 2), strict=True):
        add_tasks(queue=queue, items=[TaskSpec(item_id=item.pk, priority=priority)])
        queue.refresh_from_db()
        assert queue.epoch == epoch


def test_a_closed_queue_takes_no_tasks():
    queue = change_queue(queue=make_queue(), changes={"state": "closed"})
    with pytest.raises(Conflict):
        add_tasks(queue=queue, items=[TaskSpec(item_id=make_items(queue.project, 1)[0].pk)])


def test_closing_a_task_takes_its_free_slots_out_of_the_work():
    queue = make_queue(n_items=2, redundancy=3)
    task = Task.objects.first()
    close_task(task=task)
    close_task(task=task)
    queue.refresh_from_db()
    assert queue.n_slots == 3
    task.refresh_from_db()
    assert (task.open, task.closed) == (False, True)


def test_gold_is_given_or_drawn_from_labels_that_a_person_stands_for():
    queue = make_queue(gold_share=0.1)
    reviewed, agreed, given = make_items(queue.project, 3)
    for item, origin in ((reviewed, "review"), (agreed, "consensus")):
        accept_labels(
            project=queue.project, schema=queue.schema, question="kind",
            acceptances=[Acceptance(item_id=item.pk, answer={"choice": "car"}, origin=origin)],
        )  # fmt: skip
    assert set(add_gold_from_labels(queue=queue, sample=5).task_ids) == {reviewed.pk}
    assert add_gold_from_labels(queue=queue, sample=5).n_known == 1
    cat = {"kind": "class", "classes": ["cat"]}
    assert set(add_gold(queue=queue, answers={given.pk: cat}).task_ids) == {given.pk}
    assert dict(Gold.objects.values_list("task__payload__item_id", "answer")) == {
        reviewed.pk: {"choice": "car"}, given.pk: {"choice": "cat"},
    }  # fmt: skip


def test_gold_needs_a_known_answer():
    queue = make_queue()
    item = make_items(queue.project, 1)[0]
    for answer in ({"kind": "cannot_tell"}, {"kind": "skip"}, {"kind": "class", "classes": ["unicorn"]}):
        with pytest.raises(InvalidInput):
            add_gold(queue=queue, answers={item.pk: answer})
    with pytest.raises(InvalidInput, match="No item"):
        add_gold_from_labels(queue=queue, sample=5)


def test_a_settled_task_counts_as_completed():
    queue = make_queue(n_items=2, redundancy=2)
    one, two = make_annotators(queue.project, 2)
    first, second = Task.objects.order_by("pk")
    say(one, first.pk, "cat")
    say(two, first.pk, "cat")
    say(one, second.pk, "cat")
    close_task(task=first)
    close_task(task=second)
    found = progress(Queue.objects.get())
    assert (found.n_completed, found.n_done, found.n_slots) == (2, 3, 3)
