import pytest

from annotation.services.selection import count_selected
from common.problems import InvalidInput
from datasets.services.labels import Acceptance, accept_labels
from tests.annotation.factories import make_items, make_queue

pytestmark = pytest.mark.django_db


def test_the_labels_of_another_question_can_choose_the_items():
    """Whoever filters by one question in the explorer may ask the next one about what was found."""
    queue = make_queue(question="tags")
    schema, items = queue.schema, make_items(queue.project, 4)
    accept_labels(
        project=queue.project, schema=schema, question="kind",
        acceptances=[Acceptance(item_id=one.pk, answer={"choice": "cat"}, origin="import") for one in items[:3]],
    )  # fmt: skip
    about = {"schema": str(schema.public_id), "question": "kind"}
    assert count_selected(queue, {"classes": ["cat"]}) == 0  # no tags are known
    assert count_selected(queue, {"classes": ["cat"], **about}) == 3
    assert count_selected(queue, {"labelled": False, **about}) == 1
    with pytest.raises(InvalidInput, match="no question 'colour'"):
        count_selected(queue, {"labelled": True, **about, "question": "colour"})
