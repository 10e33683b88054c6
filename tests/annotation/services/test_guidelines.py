import pytest
from django.db import IntegrityError, transaction

from annotation.models import Acknowledgement, Guideline, GuidelineExample, Queue
from annotation.selectors.guidelines import acknowledged_revision, guideline_of, revisions_of
from annotation.services.guidelines import Example, GuidelineChanged, acknowledge, publish_guideline
from annotation.services.queues import change_queue
from common.problems import InvalidInput
from tests.annotation.factories import join, make_items, make_project, make_queue

pytestmark = pytest.mark.django_db


@pytest.fixture
def queue() -> Queue:
    return make_queue(instructions="Look twice.")


def examples(queue: Queue) -> list[Example]:
    good, bad = make_items(queue.project, 2)
    return [
        Example(item_id=good.pk, kind="good", class_key="cat", sentence="Pointed ears."),
        Example(item_id=bad.pk, kind="bad", class_key="cat", sentence="A fox."),
    ]


def test_each_change_is_a_revision_and_the_same_again_is_none(queue):
    lead = join(queue.project, "lead")
    assert guideline_of(queue).instructions == "Look twice."
    shown = examples(queue)
    for _ in range(2):
        after = publish_guideline(
            queue=queue, instructions="Look twice.", examples=shown, note="Ears.", base_revision=1, by=lead
        )  # fmt: skip
        assert after.instructions_revision == 2
    found = guideline_of(after)
    assert (found.note, [one.sentence for one in found.examples]) == ("Ears.", ["Pointed ears.", "A fox."])
    assert [(row.revision, row.examples.count()) for row in revisions_of(queue)] == [(2, 2), (1, 0)]


def test_the_queues_settings_change_the_words_and_keep_the_examples(queue):
    publish_guideline(queue=queue, instructions="Look.", examples=examples(queue))
    after = change_queue(queue=queue, changes={"instructions": "Look well."})
    assert (after.instructions, after.instructions_revision) == ("Look well.", 3)
    assert len(guideline_of(after).examples) == 2
    assert change_queue(queue=after, changes={"instructions": "Look well.", "name": "Other"}).instructions_revision == 3


def test_two_leads_do_not_overwrite_each_other(queue):
    publish_guideline(queue=queue, instructions="Mine.", examples=[], base_revision=1)
    with pytest.raises(GuidelineChanged) as caught:
        publish_guideline(queue=queue, instructions="Yours.", examples=[], base_revision=1)
    assert caught.value.context["current"] == 2
    assert guideline_of(Queue.objects.get(pk=queue.pk)).instructions == "Mine."


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"kind": "ugly"}, "examples[0].kind"),
        ({"class_key": "unicorn"}, "examples[0].class"),
        ({"sentence": "x" * 301}, "examples[0].sentence"),
        ({"item_id": 10**9}, "examples[0].item"),
    ],
)
def test_an_example_that_cannot_be_is_named(queue, change, field):
    one = vars(examples(queue)[0]) | change
    with pytest.raises(InvalidInput) as caught:
        publish_guideline(queue=queue, instructions="", examples=[Example(**one)])
    assert list(caught.value.context["errors"]) == [field]
    assert not GuidelineExample.objects.exists()


def test_items_of_another_project_are_no_examples(queue):
    (foreign,) = make_items(make_project(), 1)
    with pytest.raises(InvalidInput, match="no item"):
        publish_guideline(queue=queue, instructions="", examples=[Example(item_id=foreign.pk, kind="good")])


def test_who_was_shown_a_revision_is_kept_on_the_server(queue):
    one, two = join(queue.project, "annotator"), join(queue.project, "annotator")
    assert acknowledged_revision(queue, one) is None
    acknowledge(queue=queue, user=one, revision=1)
    acknowledge(queue=queue, user=one, revision=1)
    queue = publish_guideline(queue=queue, instructions="New.", examples=[])
    assert (acknowledged_revision(queue, one), acknowledged_revision(queue, two)) == (1, None)
    acknowledge(queue=queue, user=one, revision=2)
    acknowledge(queue=queue, user=two, revision=2)
    assert [(row.revision, row.n_read) for row in revisions_of(queue)] == [(2, 2), (1, 1)]
    with pytest.raises(InvalidInput, match="1 to 2"):
        acknowledge(queue=queue, user=one, revision=3)


def test_a_revision_and_an_acknowledgement_come_once(queue):
    with pytest.raises(IntegrityError, match="guideline_revision_once"), transaction.atomic():
        Guideline.objects.create(queue=queue, revision=1)
    annotator = acknowledge(queue=queue, user=join(queue.project, "annotator"), revision=1)
    with pytest.raises(IntegrityError, match="acknowledged_once"), transaction.atomic():
        Acknowledgement.objects.create(annotator=annotator, queue=queue, revision=1)
