"""Shapes, numbers and texts from the wire to labels, without a consensus."""

import uuid

import pytest

from accounts.services.jobs import run_claimed
from annotation.models import ReviewCase, ReviewPlan, Submission, Task
from annotation.services.acceptance import settle_free_answers
from annotation.services.answers import UnknownClass, UnusableAnswer, read_answers, show_answer
from annotation.services.asking import asked_of
from annotation.services.consensus import start_consensus
from annotation.services.gold import add_gold
from annotation.services.hot.submitting import NewSubmission, submit
from annotation.services.queues import QueueSettings, create_queue
from annotation.services.review import settle_case
from annotation.services.review_plan import perform_draw, plan_review
from annotation.services.tasks import TaskSpec, add_tasks
from common.problems import Conflict, InvalidInput
from datasets.labeling_schema.reading import parse_document
from datasets.models import Label
from tests.annotation.factories import join, make_annotators, make_items, make_project, make_schema

pytestmark = pytest.mark.django_db

DOCUMENT = {"questions": [
    {"key": "parts", "kind": "shapes", "title": {"en": "Parts"}, "tools": ["box", "mask"], "allow_none": True,
     "classes": [{"key": "wheel", "names": {"en": "Wheel"}}, {"key": "door", "names": {"en": "Door"}},
                 {"key": "tyre", "names": {"en": "Tyre"}, "retired": True, "replaced_by": ["wheel"]}]},
    {"key": "length", "kind": "number", "title": {"en": "Length"}, "min": 0, "unit": "m", "allow_cannot_tell": True},
    {"key": "plate", "kind": "text", "title": {"en": "Plate"},
     "when": {"question": "parts", "has": ["wheel"]}},
]}  # fmt: skip
QUESTIONS = parse_document(DOCUMENT).questions


def box(key="wheel", place=(1, 2, 10, 10), name="a"):
    return {"id": name, "type": "box", "class": key, "box": list(place)}


def shapes(*found):
    return {"kind": "shapes", "shapes": list(found)}


def queue_of(question, redundancy=1):
    project = make_project()
    queue = create_queue(
        project=project, name="Free", schema=make_schema(project, DOCUMENT), question=question,
        settings=QueueSettings(redundancy=redundancy),
    )  # fmt: skip
    add_tasks(queue=queue, items=[TaskSpec(item_id=item.pk) for item in make_items(project, 1)])
    return queue, make_annotators(project, redundancy)


def say(queue, annotator, wire, **fields):
    task = Task.objects.get(queue=queue)
    new = NewSubmission(
        id=uuid.uuid4(), lease=uuid.uuid4(), task=task.pk, revision=1, schema_version=queue.schema.version, answer=wire,
        **fields,
    )  # fmt: skip
    submit(user_id=annotator.user_id, new=new)


def settle(queue):
    return settle_free_answers(queue_id=queue.pk, task_ids=[Task.objects.get(queue=queue).pk])


@pytest.mark.parametrize(
    ("question", "wire", "stored"),
    [
        ("parts", shapes(box()), {"shapes": [box()]}),
        ("parts", shapes(), {"none": True}),
        ("length", {"kind": "number", "number": 2.0}, {"number": 2}),
        ("length", {"kind": "number", "number": 0}, {"number": 0}),
        ("plate", {"kind": "text", "text": " 12가 3456 "}, {"text": "12가 3456"}),
    ],
)
def test_one_person_s_answer_becomes_the_label(question, wire, stored):
    queue, (annotator,) = queue_of(question)
    say(queue, annotator, wire)
    assert Submission.objects.get().answer == stored
    assert settle(queue) == 1
    label = Label.objects.get()
    assert (label.answer, label.origin, label.actor, label.n_labels) == (stored, "single", annotator.user, 1)
    assert label.posterior is None
    assert settle(queue) == 1
    assert Label.objects.count() == 1


def test_the_label_of_shapes_is_found_by_their_classes():
    queue, (annotator,) = queue_of("parts")
    say(queue, annotator, shapes(box(), box("door", name="b"), box(name="c")))
    settle(queue)
    assert Label.objects.get().keys == ["door", "wheel"]


def test_what_people_draw_differently_goes_to_a_reviewer_whose_shapes_count():
    queue, people = queue_of("parts", redundancy=2)
    say(queue, people[0], shapes(box()))
    say(queue, people[1], shapes(box(place=(1, 2, 10, 11))))
    assert settle(queue) == 0
    case = ReviewCase.objects.get()
    assert case.reason == "disagreement"
    reviewer = join(queue.project, "reviewer")
    with pytest.raises(UnusableAnswer, match="reaches out of the picture"):
        settle_case(case=case, by=reviewer, answer=shapes(box(place=(60, 0, 10, 10))))
    settle_case(case=case, by=reviewer, answer=shapes(box()))
    label = Label.objects.get()
    assert (label.answer, label.origin, label.actor) == ({"shapes": [box()]}, "review", reviewer)


def test_what_all_say_alike_becomes_the_label():
    queue, people = queue_of("length", redundancy=2)
    for one in people:
        say(queue, one, {"kind": "number", "number": 3})
    assert settle(queue) == 1
    label = Label.objects.get()
    assert (label.answer, label.origin, label.n_labels, label.actor) == ({"number": 3}, "consensus", 2, None)


@pytest.mark.parametrize(
    ("wire", "fields", "reason"),
    [({"kind": "cannot_tell"}, {}, "cannot_tell"), ({"kind": "number", "number": 1}, {"flagged": True}, "flagged")],
)
def test_doubt_goes_to_a_reviewer(wire, fields, reason):
    queue, (annotator,) = queue_of("length")
    say(queue, annotator, wire, **fields)
    assert settle(queue) == 0
    assert ReviewCase.objects.get().reason == reason


def test_an_unfinished_task_waits():
    queue, people = queue_of("length", redundancy=2)
    say(queue, people[0], {"kind": "number", "number": 3})
    assert settle(queue) == 0
    assert not ReviewCase.objects.exists()


def test_there_is_no_consensus_and_no_gold_of_free_answers():
    queue, _ = queue_of("parts")
    with pytest.raises(Conflict, match="cannot be counted"):
        start_consensus(queue=queue, method="majority")
    with pytest.raises(InvalidInput, match="exactly right or wrong"):
        add_gold(queue=queue, answers={1: shapes(box())})


def test_a_bad_shape_is_refused_with_its_place_and_nothing_is_kept():
    queue, (annotator,) = queue_of("parts")
    with pytest.raises(UnusableAnswer) as caught:
        say(queue, annotator, shapes(box(), box(place=(60, 2, 10, 10), name="b")))
    assert "64 x 48 pixels" in str(caught.value)
    assert list(caught.value.context["errors"]) == ["answer.shapes[1]"]
    assert caught.value.context["faults"] == [{"place": "answer.shapes[1]", "code": "outside_image", "at": [70.0, 2.0]}]
    assert not Submission.objects.exists()


def test_a_class_that_was_retired_meanwhile_is_told_with_what_took_its_place():
    queue, (annotator,) = queue_of("parts")
    with pytest.raises(UnknownClass, match="was retired. Choose wheel instead"):
        say(queue, annotator, shapes(box("tyre")))


def test_a_class_answers_no_number():
    with pytest.raises(UnusableAnswer, match="not answered by a class but by number"):
        read_answers(QUESTIONS[1:2], {"kind": "class", "classes": ["wheel"]})


SEVERAL = {
    "parts": shapes(box()), "length": {"kind": "cannot_tell"}, "plate": {"kind": "text", "text": "AB 1"},
}  # fmt: skip


def test_several_answers_are_read_and_shown_alike():
    stored = read_answers(QUESTIONS, {"kind": "answers", "answers": SEVERAL}, (64, 48))
    assert stored == {
        "answers": {"parts": {"shapes": [box()]}, "length": {"cannot_tell": True}, "plate": {"text": "AB 1"}}
    }
    shown = show_answer(stored)
    assert read_answers(QUESTIONS, shown, (64, 48)) == stored
    assert read_answers(QUESTIONS, {"kind": "skip", "reason": "blurred"}) == {"skip": "blurred"}


@pytest.mark.parametrize(
    ("wire", "place"),
    [
        ({"kind": "number", "number": 1}, "answer.answers"),
        ({"kind": "answers", "answers": SEVERAL | {"length": {"kind": "skip"}}}, "answer.answers.length"),
        ({"kind": "answers", "answers": SEVERAL | {"length": 3}}, "answer.answers.length"),
        ({"kind": "answers", "answers": {"parts": shapes(box())}}, "answer.answers.length"),
        ({"kind": "answers", "answers": SEVERAL | {"colour": {"kind": "text", "text": "a"}}}, "answer.answers.colour"),
        ({"kind": "answers", "answers": SEVERAL | {"parts": shapes(box(), box())}}, "answer.answers.parts.shapes[1]"),
    ],
)
def test_a_mistake_among_several_is_told_at_its_place(wire, place):
    with pytest.raises(UnusableAnswer) as caught:
        read_answers(QUESTIONS, wire, (64, 48))
    assert list(caught.value.context["errors"]) == [place]


def test_a_queue_asks_the_question_it_names():
    queue, _ = queue_of("plate")
    assert [one.key for one in asked_of(queue)] == ["plate"]


def planned(queue, agreement_below):
    plan = plan_review(queue=queue, share=0, agreement_below=agreement_below, by=join(queue.project, "lead"))
    run_claimed(plan.job.pk, perform_draw)


def reviewed_and_labelled(queue) -> tuple[list[str], list[dict]]:
    labels = Label.objects.filter(project=queue.project, is_current=True)
    return list(ReviewCase.objects.values_list("reason", flat=True)), list(labels.values_list("answer", flat=True))


@pytest.mark.parametrize(
    ("question", "first", "second", "agreement"),
    [
        # 10 x 10 moved by one pixel: 90 of 110.
        ("parts", shapes(box()), shapes(box(place=(2, 2, 10, 10), name="b")), 90 / 110),
        ("length", {"kind": "number", "number": 8}, {"kind": "number", "number": 10}, 0.8),
        ("plate", {"kind": "text", "text": "AB 12"}, {"kind": "text", "text": "AB 13"}, 0.8),
    ],
)
def test_a_plan_reviews_by_how_much_free_answers_differ(question, first, second, agreement):
    queue, people = queue_of(question, redundancy=2)
    for who, answer in zip(people, (first, second), strict=True):
        say(queue, who, answer)
    settle(queue)
    assert reviewed_and_labelled(queue) == (["disagreement"], []), "without a plan whatever differs is reviewed"
    planned(queue, agreement + 0.01)
    assert reviewed_and_labelled(queue) == (["disagreement"], [])
    planned(queue, agreement - 0.01)
    cases, (label,) = reviewed_and_labelled(queue)
    assert (cases, label) == ([], Submission.objects.get(assignment__annotator=people[0]).answer)
    assert Label.objects.get(is_current=True).origin == "consensus"
    planned(queue, None)
    assert reviewed_and_labelled(queue) == (["disagreement"], []), "a stricter plan takes the label back"


def test_by_a_plan_the_answer_that_agrees_most_with_all_becomes_the_label():
    queue, people = queue_of("length", redundancy=3)
    ReviewPlan.objects.create(queue=queue, agreement_below=0.5, seed="s")
    for who, number in zip(people, (9, 10, 12), strict=True):
        say(queue, who, {"kind": "number", "number": number})
    assert settle(queue) == 1
    assert reviewed_and_labelled(queue) == ([], [{"number": 10}])
    assert Label.objects.get().n_labels == 3


def test_shapes_of_one_geometry_are_no_disagreement_whatever_they_are_called():
    queue, people = queue_of("parts", redundancy=2)
    ReviewPlan.objects.create(queue=queue, agreement_below=1, seed="s")
    for who, name in zip(people, "ab", strict=True):
        say(queue, who, shapes(box(name=name)))
    assert settle(queue) == 1
