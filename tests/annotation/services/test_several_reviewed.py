"""A queue of several questions: what reviewers and a consensus leave to each other."""

import pytest

from annotation.models import Estimate, ReviewCase
from annotation.services.review import settle_case
from datasets.models import Label
from tests.annotation.factories import accept, join, run
from tests.annotation.services.test_counting_several import labels, make
from tests.annotation.services.test_several_questions import BLACK_CAT, DOG

pytestmark = pytest.mark.django_db


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
