"""A reviewer takes somebody's answer, corrects it and accepts it: the label knows whose it was."""

import pytest

from accounts.models import AuditEntry
from annotation.models import Assignment, ReviewCase, Submission, Task
from annotation.services.answers import UnknownClass, UnusableAnswer
from annotation.services.review import settle_case
from common.problems import InvalidInput
from datasets.models import Label
from tests.annotation.factories import join
from tests.annotation.services.test_free_answers import box, queue_of, say, settle, shapes

pytestmark = pytest.mark.django_db


def drawn_differently(question="parts", answers=None):
    """One task that two people answered differently, its case, their assignments and a reviewer."""
    queue, people = queue_of(question, redundancy=2)
    for one, answer in zip(people, answers or (shapes(box()), shapes(box(place=(1, 2, 10, 11)))), strict=True):
        say(queue, one, answer)
    settle(queue)
    given = [Assignment.objects.get(annotator=one) for one in people]
    return ReviewCase.objects.get(), given, join(queue.project, "reviewer")


FIXED = shapes(box(place=(1, 2, 12, 11)), box("door", (20, 20, 5, 5), "b"))


def test_the_label_of_a_fixed_answer_names_the_submission_it_was_made_of():
    case, (_, second), reviewer = drawn_differently()
    settled = settle_case(case=case, by=reviewer, answer=FIXED, fixed_from=second.pk)
    start = Submission.objects.get(assignment=second)
    assert settled.fixed_from == start
    label = Label.objects.get()
    assert (label.answer, label.origin, label.actor) == ({"shapes": FIXED["shapes"]}, "review", reviewer)
    assert label.origin_ref == f"review:{case.public_id}:fixed:{start.pk}"
    assert start.answer == {"shapes": [box(place=(1, 2, 10, 11))]}, "what the annotator sent stays as it was"
    told = AuditEntry.objects.get(action="review.settled").data
    assert told["fixed_from"] == str(start.pk)


def test_an_answer_that_was_not_changed_was_accepted_and_not_fixed():
    case, (first, _), reviewer = drawn_differently()
    settled = settle_case(case=case, by=reviewer, answer=shapes(box()), fixed_from=first.pk)
    assert settled.fixed_from is None
    assert Label.objects.get().origin_ref == f"review:{case.public_id}"


def test_fixing_alike_again_changes_nothing_and_otherwise_replaces_only_on_purpose():
    case, (first, second), reviewer = drawn_differently()
    settle_case(case=case, by=reviewer, answer=FIXED, fixed_from=second.pk)
    settle_case(case=case, by=reviewer, answer=FIXED, fixed_from=second.pk)
    assert Label.objects.count() == 1
    replaced = settle_case(
        case=case, by=reviewer, answer=shapes(box(place=(0, 0, 9, 9))), fixed_from=first.pk, replace=True
    )
    assert replaced.fixed_from == Submission.objects.get(assignment=first)
    assert list(Label.objects.values_list("is_current", flat=True).order_by("pk")) == [False, True]


def test_what_replaces_a_fixed_answer_is_not_fixed_any_more():
    case, (_, second), reviewer = drawn_differently()
    settle_case(case=case, by=reviewer, answer=FIXED, fixed_from=second.pk)
    assert settle_case(case=case, by=reviewer, answer=shapes(), replace=True).fixed_from is None


def test_the_start_is_an_answer_to_this_task():
    case, (first, _), reviewer = drawn_differently()
    for start in (first.pk + 10_000, 0):
        with pytest.raises(InvalidInput, match="not an answer to this task"):
            settle_case(case=case, by=reviewer, answer=FIXED, fixed_from=start)
    assert ReviewCase.objects.get().state == "open"
    assert not Label.objects.exists()


@pytest.mark.parametrize(
    ("answer", "refusal", "sentence"),
    [
        (shapes(box(place=(60, 0, 10, 10))), UnusableAnswer, "reaches out of the picture"),
        (shapes(box("tyre")), UnknownClass, "retired. Choose wheel instead"),
        (shapes({"id": "p", "type": "polygon", "class": "wheel", "rings": [[[1, 1], [9, 1], [5, 9]]]}),
         UnusableAnswer, "polygon"),
        (shapes(box(), box()), UnusableAnswer, "id"),
        ({"kind": "class", "classes": ["wheel"]}, UnusableAnswer, "not answered by a class"),
    ],
)  # fmt: skip
def test_a_bad_fix_is_refused_with_a_sentence_and_the_case_stays_open(answer, refusal, sentence):
    case, (first, _), reviewer = drawn_differently()
    with pytest.raises(refusal, match=sentence):
        settle_case(case=case, by=reviewer, answer=answer, fixed_from=first.pk)
    assert ReviewCase.objects.get().state == "open"
    assert not Label.objects.exists()


@pytest.mark.parametrize(
    ("question", "given", "right", "stored", "wrong", "sentence"),
    [
        ("length", ({"kind": "number", "number": 3}, {"kind": "number", "number": 4}),
         {"kind": "number", "number": 3.5}, {"number": 3.5}, {"kind": "number", "number": -1}, "is at least 0"),
        ("plate", ({"kind": "text", "text": "AB 1"}, {"kind": "text", "text": "A8 1"}),
         {"kind": "text", "text": "AB 11"}, {"text": "AB 11"}, {"kind": "text", "text": " "}, "plate"),
    ],
)  # fmt: skip
def test_numbers_and_texts_are_fixed_too(question, given, right, stored, wrong, sentence):
    case, (first, _), reviewer = drawn_differently(question, given)
    with pytest.raises(UnusableAnswer, match=sentence):
        settle_case(case=case, by=reviewer, answer=wrong, fixed_from=first.pk)
    settle_case(case=case, by=reviewer, answer=right, fixed_from=first.pk)
    label = Label.objects.get()
    assert (label.answer, label.origin) == (stored, "review")
    assert label.origin_ref.endswith(str(Submission.objects.get(assignment=first).pk))
    assert Task.objects.get().open is False
