"""Several questions about one item: asked, answered, corrected, and made labels of."""

import uuid

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.services.jobs import run_claimed
from annotation.models import CompletedTask, ReviewCase, Submission, Task
from annotation.selectors.people import human_ceiling
from annotation.services.acceptance import settle_free_answers
from annotation.services.answers import UnusableAnswer
from annotation.services.asking import asked_of, why_not_counted
from annotation.services.consensus import start_consensus
from annotation.services.guidelines import Example, publish_guideline
from annotation.services.hot.submitting import NewSubmission, submit
from annotation.services.queues import QueueSettings, change_queue, create_queue
from annotation.services.review import settle_case
from annotation.services.schema_changes import perform_change, start_change
from annotation.services.tasks import TaskSpec, add_tasks
from common.problems import Conflict, InvalidInput
from datasets.models import Label
from tests.annotation.factories import join, make_annotators, make_items, make_project, make_schema

pytestmark = pytest.mark.django_db


def classes(*keys):
    return [{"key": key, "names": {"en": key.title()}} for key in keys]


DOCUMENT = {"questions": [
    {"key": "animal", "kind": "single_choice", "title": {"en": "Animal"}, "allow_none": True, "allow_cannot_tell": True,
     "classes": classes("cat", "dog")},
    {"key": "coat", "kind": "multiple_choice", "title": {"en": "Coat"}, "classes": classes("black", "white"),
     "when": {"question": "animal", "has": ["cat"]}},
    {"key": "legs", "kind": "number", "title": {"en": "Legs"}, "min": 0, "allow_cannot_tell": True},
    {"key": "tone", "kind": "single_choice", "title": {"en": "Tone"}, "classes": classes("soft", "loud")},
    {"key": "name", "kind": "text", "title": {"en": "Name"}},
    {"key": "parts", "kind": "shapes", "title": {"en": "Parts"}, "tools": ["box"], "classes": classes("head")},
    {"key": "harm", "kind": "shapes", "title": {"en": "Harm"}, "tools": ["box"], "classes": classes("hole")},
]}  # fmt: skip


def make(questions=("legs", "animal", "coat"), redundancy=1, **fields):
    project = make_project()
    fields = {"schema": make_schema(project, DOCUMENT), "settings": QueueSettings(redundancy=redundancy)} | fields
    queue = create_queue(project=project, name="Several", questions=questions, **fields)
    add_tasks(queue=queue, items=[TaskSpec(item_id=item.pk) for item in make_items(project, 1)])
    return queue, make_annotators(project, redundancy)


def chosen(*keys):
    return {"kind": "class", "classes": list(keys)}


def several(**answers):
    return {"kind": "answers", "answers": answers}


FREE = {"questions": ("legs", "parts")}
LEGS = {"kind": "number", "number": 4}
BLACK_CAT = several(animal=chosen("cat"), coat=chosen("black"), legs=LEGS)
DOG = several(animal=chosen("dog"), legs=LEGS)


def say(queue, annotator, wire, revision=1, **fields):
    task = Task.objects.get(queue=queue)
    new = NewSubmission(
        id=uuid.uuid4(), lease=uuid.uuid4(), task=task.pk, revision=revision, schema_version=queue.schema.version,
        answer=wire, **fields,
    )  # fmt: skip
    submit(user_id=annotator.user_id, new=new)


def settle(queue):
    """What the event of a finished or corrected task does; the number of labels is that of the questions."""
    CompletedTask.objects.all().delete()
    settle_free_answers(queue_id=queue.pk, task_ids=[Task.objects.get(queue=queue).pk])
    return {one.question: one.answer for one in Label.objects.current().filter(project=queue.project)}


def test_a_queue_asks_in_the_order_of_the_schema_whatever_order_was_given():
    queue, _ = make()
    assert (queue.question, queue.questions) == ("animal", ["animal", "coat", "legs"])
    assert [one.key for one in asked_of(queue)] == queue.asked_keys == ["animal", "coat", "legs"]
    alone, _ = make(questions=["legs"])
    assert (alone.question, alone.questions, alone.asked_keys) == ("legs", [], ["legs"])


@pytest.mark.parametrize(
    ("fields", "field", "says"),
    [
        ({"questions": ["animal", "colour"]}, "question", "no question 'colour'"),
        ({"questions": ["animal", "legs"], "question": "coat"}, "question", "not among the questions"),
        ({"questions": ["parts", "harm"]}, "questions", "asks for shapes once"),
        ({"questions": ["animal", "legs"], "purpose": "audit"}, "questions", "An audit asks the one question"),
        ({"settings": QueueSettings(redundancy=3, stop_at=0.9), **FREE}, "stop_at", "nothing here can stop early"),
        ({"settings": QueueSettings(gold_share=0.1), **FREE}, "gold_share", "Gold needs a question with classes"),
        ({"settings": QueueSettings(gold_misses=3), **FREE}, "gold_misses", "can have no gold"),
    ],
)
def test_what_cannot_be_asked_together_is_refused_with_a_sentence(fields, field, says):
    with pytest.raises(InvalidInput, match=says) as caught:
        make(**fields)
    assert list(caught.value.context["errors"]) == [field]


def test_rules_of_counted_answers_are_refused_later_too():
    queue, _ = make(**FREE)
    for change in ({"stop_at": 0.9}, {"gold_share": 0.2}, {"gold_misses": 2}):
        with pytest.raises(InvalidInput):
            change_queue(queue=queue, changes=change)
    assert change_queue(queue=queue, changes={"stop_at": None, "day_limit": 5}).day_limit == 5
    assert why_not_counted(asked_of(queue)).startswith("Shapes, numbers and texts cannot be counted")
    assert why_not_counted(asked_of(make()[0])) is None
    with pytest.raises(Conflict, match="cannot be counted"):
        start_consensus(queue=queue, method="majority")


def test_each_answer_becomes_a_label_of_its_question():
    queue, (annotator,) = make()
    say(queue, annotator, BLACK_CAT)
    assert settle(queue) == {"animal": {"choice": "cat"}, "coat": {"choices": ["black"]}, "legs": {"number": 4}}
    label = Label.objects.get(question="coat")
    assert (label.origin, label.actor, label.n_labels, label.keys) == ("single", annotator.user, 1, ["black"])


@pytest.mark.parametrize(
    ("wire", "place"),
    [
        (several(animal=chosen("cat"), legs=LEGS), "answer.answers.coat"),
        (several(animal=chosen("dog"), coat=chosen("black"), legs=LEGS), "answer.answers.coat"),
        (several(animal=chosen("dog"), legs={"kind": "number", "number": -1}), "answer.answers.legs"),
        (chosen("cat"), "answer.answers"),
    ],
)
def test_what_is_missing_not_asked_or_wrong_is_told_at_its_question_and_nothing_is_kept(wire, place):
    queue, (annotator,) = make()
    with pytest.raises(UnusableAnswer) as caught:
        say(queue, annotator, wire)
    assert list(caught.value.context["errors"]) == [place]
    assert not Submission.objects.exists()


def test_a_correction_renews_the_labels_and_takes_back_that_of_a_question_that_is_not_asked_any_more():
    queue, (annotator,) = make()
    say(queue, annotator, BLACK_CAT)
    settle(queue)
    say(queue, annotator, DOG, revision=2)
    assert CompletedTask.objects.filter(queue=queue).exists()
    assert settle(queue) == {"animal": {"choice": "dog"}, "legs": {"number": 4}}
    assert Label.objects.get(question="coat").is_current is False


def test_the_correction_of_a_number_renews_its_label_and_a_skip_takes_it_back():
    queue, (annotator,) = make(questions=["legs"])
    say(queue, annotator, LEGS)
    settle(queue)
    say(queue, annotator, {"kind": "number", "number": 3}, revision=2)
    assert settle(queue) == {"legs": {"number": 3}}
    say(queue, annotator, {"kind": "skip"}, revision=3)
    assert settle(queue) == {}


def test_labels_from_elsewhere_are_not_touched_by_a_correction():
    queue, (annotator,) = make()
    say(queue, annotator, BLACK_CAT)
    settle(queue)
    coat = Label.objects.get(question="coat")
    coat.is_current = False
    coat.save(update_fields=["is_current"])
    imported = Label.objects.create(
        project=queue.project, item=coat.item, schema=coat.schema, family=coat.family, question="coat",
        answer={"choices": ["white"]}, keys=["white"], origin="import",
    )  # fmt: skip
    say(queue, annotator, DOG, revision=2)
    assert settle(queue)["coat"] == imported.answer


def test_a_doubt_takes_labels_back_and_its_end_closes_the_case():
    queue, (annotator,) = make()
    say(queue, annotator, BLACK_CAT)
    settle(queue)
    say(queue, annotator, BLACK_CAT, revision=2, flagged=True)
    assert settle(queue) == {}
    assert ReviewCase.objects.get().reason == "flagged"
    say(queue, annotator, DOG, revision=3)
    assert settle(queue) == {"animal": {"choice": "dog"}, "legs": {"number": 4}}
    assert not ReviewCase.objects.exists()


def test_what_nobody_can_tell_of_one_question_goes_to_a_reviewer_whose_answer_stays():
    queue, (annotator,) = make()
    say(queue, annotator, several(animal=chosen("dog"), legs={"kind": "cannot_tell"}))
    assert settle(queue) == {}
    case = ReviewCase.objects.get()
    assert case.reason == "cannot_tell"
    reviewer = join(queue.project, "reviewer")
    with pytest.raises(UnusableAnswer):
        settle_case(case=case, by=reviewer, answer=chosen("dog"))
    settle_case(case=case, by=reviewer, answer=BLACK_CAT)
    assert settle(queue) == {"animal": {"choice": "cat"}, "coat": {"choices": ["black"]}, "legs": {"number": 4}}
    assert set(Label.objects.current().values_list("origin", flat=True)) == {"review"}
    settle_case(case=case, by=reviewer, answer=DOG, replace=True)
    assert settle(queue) == {"animal": {"choice": "dog"}, "legs": {"number": 4}}


def test_the_ceiling_of_a_question_is_that_of_its_part_of_the_answers():
    queue, people = make(redundancy=2)
    say(queue, people[0], BLACK_CAT)
    say(queue, people[1], DOG)
    settle(queue)
    task = Task.objects.get(queue=queue)
    case = ReviewCase.objects.create(project=queue.project, queue=queue, task=task, reason="disagreement")
    settle_case(case=case, by=join(queue.project, "reviewer"), answer=BLACK_CAT)
    found = {key: human_ceiling(queue.project, queue.schema, key) for key in ("animal", "legs", "coat", "parts")}
    assert {key: (one.right, one.n) for key, one in found.items()} == {
        "animal": (1, 2), "legs": (2, 2), "coat": (1, 1), "parts": (0, 0),
    }  # fmt: skip


def test_an_example_may_show_a_class_of_any_question():
    queue, _ = make()
    example = Example(
        item_id=Task.objects.get(queue=queue).payload.item_id, kind="good", class_key="white", sentence=""
    )
    publish_guideline(queue=queue, instructions="Look.", examples=[example], by=None)
    with pytest.raises(InvalidInput, match="no class “head”"):
        publish_guideline(
            queue=queue, instructions="Look.", examples=[Example(**{**vars(example), "class_key": "head"})], by=None
        )


def test_a_merge_in_the_second_question_brings_answers_and_queue_along():
    queue, (annotator,) = make()
    say(queue, annotator, BLACK_CAT)
    merge = {"op": "merge", "question": "coat", "classes": ["black"], "into": "white"}
    job = start_change(schema=queue.schema, name="", document=None, operations=[merge], by=None).job
    run_claimed(job.pk, perform_change)
    queue.refresh_from_db()
    assert queue.schema.version == 2
    assert settle(queue)["coat"] == {"choices": ["white"]}


def test_a_split_in_the_second_question_keeps_the_queue_on_its_version():
    queue, (annotator,) = make()
    say(queue, annotator, BLACK_CAT)
    split = {"op": "split", "question": "coat", "class": "black", "into": classes("jet", "soot")}
    job = start_change(schema=queue.schema, name="", document=None, operations=[split], by=None).job
    run_claimed(job.pk, perform_change)
    before = queue.schema_id
    queue.refresh_from_db()
    assert queue.schema_id == before


ANSWERS = st.sampled_from([
    BLACK_CAT, DOG, several(animal=chosen("cat"), coat=chosen("white"), legs=LEGS),
    several(animal={"kind": "cannot_tell"}, legs=LEGS), several(animal={"kind": "none_of_these"}, legs=LEGS),
    {"kind": "skip"},
])  # fmt: skip


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=st.lists(st.tuples(st.integers(0, 1), ANSWERS, st.booleans(), st.booleans()), min_size=1, max_size=6))
def test_whatever_is_corrected_the_labels_are_those_of_the_answers_that_count(steps):
    queue, people = make(redundancy=2)
    revisions, said = [0, 0], [None, None]
    for person, wire, flagged, at_once in steps:
        revisions[person] += 1
        say(queue, people[person], wire, revision=revisions[person], flagged=flagged)
        said[person] = (wire, flagged)
        if at_once:
            settle(queue)
    labels = settle(queue)
    counting = [one for one in said if one is not None and one[0]["kind"] != "skip"]
    agreed = len(counting) == 2 and counting[0][0] == counting[1][0] and not any(flagged for _, flagged in counting)
    doubtful = agreed and any(part["kind"] == "cannot_tell" for part in counting[0][0]["answers"].values())
    assert set(labels) == (set(counting[0][0]["answers"]) if agreed and not doubtful else set())
    if agreed and not doubtful:
        stored = Submission.objects.filter(annotator=people[0]).order_by("-revision").first().answer["answers"]
        assert labels == stored
    if len(counting) == 2:  # a case of a doubt before stays while somebody is asked anew
        given = [one["answers"] for one, _ in counting]
        asked = [[one[key]["kind"] for one in given if key in one] for key in ("animal", "coat", "legs")]
        unknown = any(kinds and set(kinds) == {"cannot_tell"} for kinds in asked)
        flagged = any(flag for _, flag in counting)
        # Where classes differ, it waits for the consensus.
        assert ReviewCase.objects.filter(queue=queue).exists() == (flagged or unknown)
