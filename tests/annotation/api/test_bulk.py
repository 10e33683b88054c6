import pytest

from accounts.models import Job
from accounts.services.jobs import run_claimed
from annotation.models import Queue, Task
from annotation.services.bulk import perform_prioritising, perform_reopening
from annotation.services.hot.leasing import next_leases
from tests.annotation.api.test_queues import client_of, send
from tests.annotation.factories import join, make_annotators, make_queue, say

pytestmark = pytest.mark.django_db


@pytest.fixture
def queue() -> Queue:
    return make_queue(n_items=4, redundancy=2, gold_misses=1, day_limit=9)


@pytest.fixture
def path(queue) -> str:
    return f"projects/{queue.project.slug}/queues/{queue.public_id}"


@pytest.fixture
def lead(queue):
    return client_of(join(queue.project, "lead"))


def job_of(answer) -> Job:
    assert answer.status_code == 202, answer.content
    return Job.objects.get(public_id=answer.json()["job"])


def test_a_lead_raises_items_and_twice_is_once(queue, path, lead):
    item = Task.objects.filter(queue=queue).order_by("-pk").values_list("payload__item_id", flat=True)[0]
    body, key = {"selection": {"item_ids": [item]}, "priority": 3}, {"HTTP_IDEMPOTENCY_KEY": "one"}
    made, again = (send(lead, "post", f"{path}/priority", body, **key) for _ in range(2))
    assert made.json() == again.json()
    run_claimed(job_of(made).pk, perform_prioritising)
    assert Task.objects.get(payload__item_id=item, queue=queue).rank == -300


def test_items_are_opened_again_for_a_reason(queue, path, lead):
    (person,) = make_annotators(queue.project, 1)
    task = Task.objects.filter(queue=queue).order_by("pk")[0]
    say(person, task.pk, "cat")
    assert send(lead, "post", f"{path}/reopen", {"selection": {}, "reason": " "}).status_code == 422
    job = job_of(send(lead, "post", f"{path}/reopen", {"selection": {}, "reason": "new guideline"}))
    run_claimed(job.pk, perform_reopening)
    job.refresh_from_db()
    assert job.result == {"selected": 4, "reopened": 1, "answers": 1}
    stats = lead.get(f"/api/v1/{path}/stats").json()
    assert (stats["n_done"], stats["n_past"], stats["n_slots"]) == (0, 1, 8)


def test_a_sample_of_what_is_in_the_queue_is_refused(path, lead):
    answer = send(lead, "post", f"{path}/priority", {"selection": {"sample": 3}, "priority": 1})
    assert (answer.status_code, "sample" in answer.json()["detail"]) == (422, True)


def test_annotators_may_not(queue, path):
    person = client_of(join(queue.project, "annotator"))
    for address, body in (("priority", {"selection": {}, "priority": 1}), ("reopen", {"selection": {}, "reason": "x"})):
        assert send(person, "post", f"{path}/{address}", body).status_code == 403
    assert person.get(f"/api/v1/{path}/at-work").status_code == 403


def test_who_is_at_work_and_till_when(queue, path, lead):
    holder, answerer = make_annotators(queue.project, 2)
    next_leases(user_id=holder.user_id, queue=queue.public_id, want=2, tab="t")
    say(answerer, Task.objects.filter(queue=queue).order_by("-pk")[0].pk, "cat")
    first, second = lead.get(f"/api/v1/{path}/at-work").json()["results"]
    assert (first["pseudonym"], first["n_leases"], first["n_given"]) == (holder.pseudonym, 2, 0)
    assert first["next_expiry"] > first["heard_at"]
    assert (second["n_given"], second["n_today"], second["n_leases"], second["next_expiry"]) == (1, 1, 0, None)
    assert not second["suggests_pause"]


def test_rules_are_shown_and_changed(queue, path, lead):
    shown = lead.get(f"/api/v1/{path}").json()
    assert (shown["gold_misses"], shown["day_limit"], shown["stop_at"], shown["skip_to"]) == (1, 9, None, "others")
    changed = send(lead, "patch", path, {"stop_at": 0.95, "day_limit": None, "skip_to": "me_later"}).json()
    assert (changed["stop_at"], changed["day_limit"], changed["skip_to"]) == (0.95, None, "me_later")
    refused = send(lead, "patch", path, {"stop_at": 1.5})
    assert (refused.status_code, list(refused.json()["errors"])) == (422, ["stop_at"])
