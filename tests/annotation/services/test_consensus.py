import numpy as np
import pytest

from accounts.models import Job
from accounts.services.jobs import JobLost, claim_job
from annotation.models import Annotator, Estimate, Queue, Reliability, ReviewCase, Task, TaskPayload
from annotation.services.consensus import perform_consensus, preview_acceptance, start_acceptance, start_consensus
from annotation.services.review import settle_case
from annotation.services.tasks import TaskSpec, add_tasks
from common.problems import Conflict, InvalidInput
from datasets.models import Label
from tests.annotation.factories import accept, join, make_annotators, make_items, make_queue, run, say

pytestmark = pytest.mark.django_db


@pytest.fixture
def crowd() -> tuple[Queue, dict[int, str]]:
    """60 items, five people who are right 90% of the time and one who says what comes to mind; the truth by task."""
    rng = np.random.default_rng(3)
    queue = make_queue(n_items=60, redundancy=6)
    people = make_annotators(queue.project, 6)
    classes = ["cat", "dog", "car"]
    truth = {}
    for task_id in Task.objects.order_by("pk").values_list("pk", flat=True):
        truth[task_id] = classes[rng.integers(3)]
        for index, one in enumerate(people):
            right = rng.random() < (0.9 if index else 0.33)
            say(one, task_id, truth[task_id] if right else classes[rng.integers(3)])
    return queue, truth


def test_consensus_finds_the_truth_and_who_guesses(crowd):
    queue, truth = crowd
    job = run(queue)
    assert job.state == "succeeded", job.error
    right = [row.answer == {"choice": truth[row.task_id]} for row in Estimate.objects.all()]
    assert len(right) == 60
    assert np.mean(right) >= 0.97
    by_skill = list(Reliability.objects.order_by("value").values_list("annotator_id", flat=True))
    assert by_skill[0] == Annotator.objects.order_by("pk").first().pk
    assert Reliability.objects.order_by("value").first().high < 0.75
    alpha = job.result["agreement"]["krippendorff_alpha"]
    assert 0.3 < alpha["low"] < alpha["value"] < alpha["high"] < 0.9


def test_a_second_run_updates_and_doubles_nothing(crowd):
    queue, _ = crowd
    run(queue)
    run(queue, "majority")
    assert Estimate.objects.count() == 60
    sixths = np.array([row.posterior * 6 for row in Estimate.objects.all()])
    assert np.allclose(sixths, sixths.round())


def test_another_answer_after_acceptance_is_accepted_anew_or_reviewed():
    queue = make_queue(n_items=2, redundancy=1)
    one, two, three = make_annotators(queue.project, 3)
    changing, staying = Task.objects.order_by("pk").values_list("pk", flat=True)
    say(one, changing, "cat")
    say(one, staying, "cat")
    run(queue, "majority")
    assert accept(queue).result["accepted"] == 2
    Task.objects.update(k=3, open=True)  # the lead asks for more labels
    for later in (two, three):
        say(later, changing, "dog")
        say(later, staying, "cat")
    run(queue, "majority")
    assert set(Estimate.objects.unaccepted().values_list("task_id", flat=True)) == {changing}
    assert accept(queue, 0.6).result["accepted"] == 1
    item = Task.objects.get(pk=changing).payload.item_id
    assert [row.answer for row in Label.objects.filter(item_id=item).order_by("pk")] == [
        {"choice": "cat"},
        {"choice": "dog"},
    ]
    assert Label.objects.current().get(item_id=item).posterior == pytest.approx(2 / 3)


def test_a_reviewer_outlasts_a_later_consensus():
    queue = make_queue(n_items=1, redundancy=2)
    one, two, three = make_annotators(queue.project, 3)
    task = Task.objects.get()
    say(one, task.pk, "cat")
    say(two, task.pk, "dog")
    run(queue, "majority")
    accept(queue)
    settle_case(
        case=ReviewCase.objects.get(), by=join(queue.project, "reviewer"), answer={"kind": "class", "classes": ["car"]}
    )
    Task.objects.update(k=3, open=True, closed=False)
    say(three, task.pk, "dog")
    run(queue, "majority")
    accept(queue, 0.6)
    assert (Label.objects.current().get().answer, Label.objects.current().get().origin) == ({"choice": "car"}, "review")
    assert ReviewCase.objects.get().state == "settled"


def test_a_worker_that_lost_its_claim_writes_nothing(crowd):
    queue, _ = crowd
    job = start_consensus(queue=queue, method="majority").job
    claim = claim_job(job.pk)
    Job.objects.filter(pk=job.pk).update(fence=99)
    with pytest.raises(JobLost):
        perform_consensus(claim)
    assert not Estimate.objects.exists()


def test_sure_estimates_become_labels_and_the_rest_cases(crowd):
    queue, _ = crowd
    run(queue)
    Estimate.objects.filter(pk__in=Estimate.objects.order_by("pk").values("pk")[:5]).update(posterior=0.6)
    (preview,) = preview_acceptance(queue, 0.8)
    job = accept(queue)
    assert job.state == "succeeded", job.error
    assert (job.result["accepted"], job.result["review"]) == (preview.accepted, preview.review)
    labels = Label.objects.current()
    assert labels.count() == preview.accepted
    estimate = Estimate.objects.filter(accepted_at__isnull=False).first()
    label = labels.get(item_id=estimate.item_id)
    assert (label.origin, label.posterior, label.n_labels, label.answer) == (
        "consensus", estimate.posterior, 6, estimate.answer,
    )  # fmt: skip
    assert label.origin_ref == f"consensus:{estimate.run.public_id}"
    assert set(ReviewCase.objects.values_list("reason", flat=True)) == {"low_posterior"}
    again = accept(queue)
    assert (again.result["accepted"], again.result["review"]) == (0, 0)
    assert Label.objects.count() == preview.accepted


def test_unfinished_tasks_wait():
    queue = make_queue(n_items=1, redundancy=3)
    one, two, _ = make_annotators(queue.project, 3)
    task = Task.objects.get()
    say(one, task.pk, "cat")
    say(two, task.pk, "cat")
    run(queue, "majority")
    assert vars(preview_acceptance(queue, 0.8)[0]) == {"accepted": 0, "review": 0, "waiting": 1}
    accept(queue)
    assert not Label.objects.exists()


def test_nobody_can_tell_flags_and_skips_go_to_a_reviewer():
    queue = make_queue(n_items=3, redundancy=2)
    people = make_annotators(queue.project, 3)
    unclear, flagged, skipped = Task.objects.order_by("pk").values_list("pk", flat=True)
    for one in people[:2]:
        say(one, unclear, {"kind": "cannot_tell"})
        say(one, flagged, "cat", flagged=True)
    for one in people:
        say(one, skipped, {"kind": "skip"})
    run(queue)
    assert dict(ReviewCase.objects.values_list("task_id", "reason")) == {
        unclear: "cannot_tell", flagged: "flagged", skipped: "skipped",
    }  # fmt: skip
    assert list(Estimate.objects.values_list("task_id", flat=True)) == [flagged]
    accept(queue)
    assert not Label.objects.exists()


def test_several_choices_are_one_question_each():
    queue = make_queue(n_items=2, redundancy=3, question="tags")
    people = make_annotators(queue.project, 3)
    first, second = Task.objects.order_by("pk").values_list("pk", flat=True)
    for one, tags in zip(people, (["red", "round"], ["red"], ["red", "soft"]), strict=True):
        say(one, first, {"kind": "class", "classes": tags})
        say(one, second, {"kind": "none_of_these"})
    run(queue, "majority")
    found = {row.task_id: row for row in Estimate.objects.all()}
    assert found[first].answer == {"choices": ["red"]}
    assert found[first].posterior == pytest.approx(1 * 2 / 3 * 2 / 3)
    assert found[second].answer == {"none": True}


def test_gold_is_no_estimate_and_teaches_how_people_err():
    queue = make_queue(redundancy=2)
    items = make_items(queue.project, 2)
    add_tasks(queue=queue, items=[TaskSpec(item_id=items[0].pk), TaskSpec(item_id=items[1].pk, gold={"choice": "dog"})])
    for one in make_annotators(queue.project, 2):
        for task in Task.objects.all():
            say(one, task.pk, "dog")
    run(queue)
    assert list(Estimate.objects.values_list("item_id", flat=True)) == [items[0].pk]


def test_an_empty_queue_says_why_there_is_nothing():
    job = run(make_queue(n_items=2))
    assert job.state == "succeeded"
    assert job.result["agreement"]["fleiss_kappa"]["reason"] == "nobody has given a class yet"


def test_what_cannot_be_accepted_is_refused():
    queue, audit = make_queue(n_items=1), make_queue(n_items=1, purpose="audit")
    lead = join(queue.project, "lead")
    with pytest.raises(InvalidInput, match="threshold"):
        start_acceptance(queue=queue, threshold=0.5, by=lead)
    with pytest.raises(Conflict, match="no consensus yet"):
        start_acceptance(queue=queue, threshold=0.9, by=lead)
    with pytest.raises(Conflict, match="audit"):
        start_acceptance(queue=audit, threshold=0.9, by=lead)
    with pytest.raises(InvalidInput, match="method"):
        start_consensus(queue=queue, method="oracle")


def test_payloads_are_not_left_without_tasks():
    make_queue(n_items=3)
    assert TaskPayload.objects.count() == Task.objects.count() == 3
