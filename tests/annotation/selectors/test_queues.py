import pytest

from annotation.models import Queue, Task
from annotation.selectors.queues import admits, my_queues, progress, queue_for, queues_of
from annotation.selectors.workbench import workbench_document, workbench_etag
from annotation.services.queues import QueueSettings, change_queue, create_queue
from common.problems import NotFound
from tests.annotation.factories import join, make_annotators, make_project, make_queue, make_schema, say

pytestmark = pytest.mark.django_db


def test_progress_comes_from_counters():
    queue = make_queue(n_items=3, redundancy=2)
    one, two = make_annotators(queue.project, 2)
    first, second, third = Task.objects.order_by("pk").values_list("pk", flat=True)
    say(one, first, "cat")
    say(two, first, "cat")
    say(one, second, "cat")
    say(one, third, {"kind": "skip"})
    found = progress(queue)
    assert (found.n_tasks, found.n_slots, found.n_done, found.n_completed, found.n_skipped) == (3, 6, 3, 1, 1)
    assert (found.n_annotators, found.last_hour) == (2, 4)
    assert found.eta_seconds == round(3 / 4 * 3600)
    summed = queues_of(join(queue.project, "lead"), queue.project).get()
    assert (summed.sum_done, summed.sum_completed) == (3, 1)


def test_an_untouched_queue_has_no_eta():
    found = progress(make_queue(n_items=1))
    assert (found.n_done, found.eta_seconds, found.last_at) == (0, None, None)


def test_who_sees_which_queue():
    project = make_project()
    open_to_all, for_experts = make_queue(project, n_items=1), make_queue(project, kinds=["expert"])
    (annotator,) = make_annotators(project, 1)
    assert queue_for(annotator.user, project, open_to_all.public_id) == open_to_all
    with pytest.raises(NotFound):
        queue_for(annotator.user, project, for_experts.public_id)
    for role in ("owner", "lead", "reviewer", "researcher"):
        assert queue_for(join(project, role), project, for_experts.public_id) == for_experts
    with pytest.raises(NotFound):
        queue_for(join(make_project(), "owner"), project, open_to_all.public_id)
    assert not Queue.objects.visible_to(annotator.user).exists()
    assert not admits(for_experts, None)


def test_my_work_is_what_admits_me_and_is_not_closed():
    project = make_project()
    mine = make_queue(project, n_items=2)
    change_queue(queue=make_queue(project, n_items=1), changes={"state": "closed"})
    make_queue(project, n_items=1, skills=["birds"])
    make_queue(n_items=1)
    (annotator,) = make_annotators(project, 1)
    say(annotator, Task.objects.filter(queue=mine).first().pk, "cat")
    (card,) = my_queues(annotator.user)
    assert (card.queue, card.remaining, card.n_done) == (mine, 1, 1)
    assert my_queues(join(project, "researcher")) == []


def test_the_workbench_document_names_classes_with_their_path_and_an_audit_just_as_an_audit():
    queue = make_queue(purpose="targeted_audit", instructions="Look at the ears.")
    said = workbench_document(queue)
    assert said["queue"]["purpose"] == "audit"
    assert said["queue"]["question"]["titles"]["ko"] == "무엇입니까?"
    cat = next(one for one in said["classes"] if one["key"] == "cat")
    assert (cat["path"], cat["parent"], cat["hotkey"]) == (["animal", "cat"], "animal", "1")


def test_the_workbench_is_told_all_that_the_kind_of_a_question_knows():
    wheel = {"key": "wheel", "names": {"en": "Wheel"}}
    asked = {"key": "parts", "kind": "shapes", "title": {"en": "Parts"}, "tools": ["polygon"], "max_shapes": 9}
    project = make_project()
    schema = make_schema(project, {"questions": [asked | {"classes": [wheel]}]})
    queue = create_queue(project=project, name="Parts", schema=schema, question="parts", settings=QueueSettings())
    said = workbench_document(queue)["queue"]["question"]
    assert (said["kind"], said["tools"], said["max_shapes"]) == ("shapes", ["polygon"], 9)
    assert (said["skeletons"], said["attributes"], said["max_choices"]) == ([], [], None)
    assert "classes" not in said


def test_the_etag_changes_with_what_is_shown():
    queue = make_queue()
    before = workbench_etag(queue)
    assert workbench_etag(Queue.objects.get()) == before
    assert workbench_etag(change_queue(queue=queue, changes={"instructions": "New."})) != before
    assert workbench_etag(change_queue(queue=queue, changes={"auto_submit": False})) != before
