import pytest

from annotation.models import Submission, Task
from annotation.selectors.pace import seconds_per_label
from tests.annotation.factories import make_annotators, make_project, make_queue, say

pytestmark = pytest.mark.django_db


def test_the_median_of_the_latest_answers():
    queue = make_queue(n_items=3)
    (one,) = make_annotators(queue.project, 1)
    for task_id, ms in zip(Task.objects.values_list("pk", flat=True), (1000, 3000, 600_000), strict=True):
        say(one, task_id, "cat")
        Submission.objects.filter(assignment__task_id=task_id).update(duration_ms=ms)
    assert seconds_per_label(queue.project) == 3.0


def test_nothing_before_the_first_answer():
    assert seconds_per_label(make_project()) is None
