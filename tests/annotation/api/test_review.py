import pytest

from accounts.services.jobs import run_claimed
from annotation.models import ReviewCase, ReviewPlan, ReviewReason, Task
from annotation.services.completion import open_cases
from annotation.services.review_plan import perform_draw
from tests.annotation.api.test_queues import client_of, send
from tests.annotation.factories import join, make_annotators, make_items, make_queue, say

pytestmark = pytest.mark.django_db


@pytest.fixture
def queue():
    queue = make_queue(n_items=1, redundancy=2)
    for who, answer in zip(make_annotators(queue.project, 2), ("cat", "dog"), strict=True):
        say(who, Task.objects.get().pk, answer)
    open_cases(queue=queue, reasons={Task.objects.get().pk: ReviewReason.DISAGREEMENT})
    return queue


@pytest.fixture
def reviewer(queue):
    return client_of(join(queue.project, "reviewer"))


def path_of(queue, what: str = "") -> str:
    return f"projects/{queue.project.slug}/review/{ReviewCase.objects.get().public_id}{what}"


def test_an_answer_goes_back_and_its_annotator_sees_why(queue, reviewer):
    case = reviewer.get(f"/api/v1/{path_of(queue)}").json()
    cat = next(one for one in case["answers"] if one["answer"]["classes"] == ["cat"])
    body = {"to": "annotator", "answers": [cat["id"]], "comment": "The ears.", "x": 3, "y": 4.5}
    key = {"HTTP_IDEMPOTENCY_KEY": "k1"}
    first, again = (send(reviewer, "post", path_of(queue, "/return"), body, **key) for _ in range(2))
    assert first.status_code == 200, first.content
    assert first.json() == again.json()
    shown = first.json()
    assert (shown["state"], shown["n_returns"]) == ("returned", 1)
    back = next(one for one in shown["answers"] if one["sent_back"])
    assert (back["id"], back["sent_back"]["comment"], back["sent_back"]["y"]) == (cat["id"], "The ears.", 4.5)
    annotator = Task.objects.get().assignments.get(pk=cat["id"]).annotator.user
    leases = send(client_of(annotator), "post", f"queues/{queue.public_id}/next", {"want": 1, "tab": "a"}).json()
    assert leases["leases"][0]["remark"] == {
        "comment": "The ears.", "x": 3, "y": 4.5, "answer": {"kind": "class", "classes": ["cat"], "reason": None}
    }  # fmt: skip
    listed = reviewer.get(f"/api/v1/projects/{queue.project.slug}/review?state=returned").json()["results"]
    assert [one["id"] for one in listed] == [shown["id"]]


def test_the_second_reviewer_is_told_in_words(queue, reviewer):
    send(reviewer, "post", path_of(queue, "/return"), {"to": "pool"})
    other = client_of(join(queue.project, "reviewer"))
    for what, body in (("/return", {"to": "pool"}), ("/settle", {"answer": {"kind": "class", "classes": ["dog"]}})):
        answer = send(other, "post", path_of(queue, what), body)
        assert (answer.status_code, answer.json()["code"]) == (409, "already-returned")


def test_fields_that_are_wrong_are_named(queue, reviewer):
    answer = send(reviewer, "post", path_of(queue, "/return"), {"to": "annotator", "comment": "x", "x": 9999, "y": 1})
    assert answer.status_code == 422
    assert "outside of the picture" in answer.json()["errors"]["x"][0]


def test_a_lead_plans_the_review_and_reads_the_quality(queue, reviewer):
    path = f"projects/{queue.project.slug}/queues/{queue.public_id}/review-plan"
    lead = client_of(join(queue.project, "lead"))
    assert send(reviewer, "put", path, {"share": 1, "agreement_below": None}).status_code == 403
    planned = send(lead, "put", path, {"share": 1, "agreement_below": 1}).json()
    assert planned["running_job"] == str(ReviewPlan.objects.get().job.public_id)
    run_claimed(ReviewPlan.objects.get().job_id, perform_draw)
    send(reviewer, "post", path_of(queue, "/settle"), {"answer": {"kind": "class", "classes": ["dog"]}})
    found = reviewer.get(f"/api/v1/{path}").json()
    assert (found["share"], found["agreement_below"], found["running_job"]) == (1, 1, None)
    assert (found["n_drawn"], found["n_settled"], found["quality"]["value"]) == (1, 1, 0.5)
    assert sorted(row["quality"]["value"] for row in found["annotators"]) == [0, 1]


def test_instructions_show_themselves_once(queue):
    lead, one = client_of(join(queue.project, "lead")), client_of(join(queue.project, "annotator"))
    path = f"projects/{queue.project.slug}/queues/{queue.public_id}/guideline"
    assert one.get(f"/api/v1/{path}").json()["is_new"] is False, "there is nothing to read"
    (item,) = make_items(queue.project, 1)
    body = {
        "instructions": "Look twice.\n\nThen answer.", "note": "First words", "base_revision": 1,
        "examples": [{"kind": "bad", "class": "cat", "sentence": "A fox.", "item": item.sha256}],
    }  # fmt: skip
    assert send(one, "put", path, body).status_code == 403
    unknown = {**body, "examples": [{**body["examples"][0], "item": "0" * 64}]}
    assert list(send(lead, "put", path, unknown).json()["errors"]) == ["examples[0].item"]
    published = send(lead, "put", path, body)
    assert published.status_code == 200, published.content
    again = send(lead, "put", path, {**body, "instructions": "Other"})
    assert (again.status_code, again.json()["code"]) == (409, "guideline-changed")
    shown = one.get(f"/api/v1/{path}").json()
    assert (shown["revision"], shown["is_new"], shown["acknowledged"]) == (2, True, None)
    (example,) = shown["examples"]
    assert (example["class"], example["kind"], example["sentence"]) == ("cat", "bad", "A fox.")
    assert (example["item"]["sha256"], example["item"]["name"]) == (item.sha256, "")
    leases = send(one, "post", f"queues/{queue.public_id}/next", {"want": 0, "tab": "a"}).json()
    assert leases["guideline"] == 2
    read = send(one, "post", f"{path}/acknowledge", {"revision": 2}).json()
    assert (read["is_new"], read["acknowledged"]) == (False, 2)
    assert one.get(f"/api/v1/{path}").json()["is_new"] is False, "from any machine"
    (latest,) = lead.get(f"/api/v1/{path}/revisions").json()["results"]
    assert (latest["revision"], latest["n_read"], latest["note"]) == (2, 1, "First words")


def test_a_fixed_answer_is_shown_with_whose_it_was(queue, reviewer):
    cat = Task.objects.get().assignments.get(submissions__answer__choice="cat")
    body = {"answer": {"kind": "class", "classes": ["dog"]}, "fixed_from": cat.pk}
    shown = send(reviewer, "post", path_of(queue, "/settle"), body)
    assert shown.status_code == 200, shown.content
    assert (shown.json()["state"], shown.json()["fixed_from"]) == ("settled", cat.pk)
    listed = reviewer.get(f"/api/v1/projects/{queue.project.slug}/review?state=settled").json()["results"]
    assert [one["fixed_from"] for one in listed] == [cat.pk]


@pytest.mark.parametrize(
    ("fixed_from", "sentence"),
    [(123_456_789, "not an answer to this task"), (10**30, "not an answer to this task"), ("abc", "integer")],
)
def test_what_was_fixed_must_be_an_answer_of_the_case(queue, reviewer, fixed_from, sentence):
    body = {"answer": {"kind": "class", "classes": ["dog"]}, "fixed_from": fixed_from}
    answer = send(reviewer, "post", path_of(queue, "/settle"), body)
    assert answer.status_code == 422, answer.content
    assert sentence in str(answer.json()["errors"]["fixed_from"])
    assert ReviewCase.objects.get().state == "open"
