"""Mining on a window, and the two ways from there: a targeted audit, and a labeling queue."""

from collections import Counter

import numpy as np
import pytest

from annotation.models import Queue, TaskPayload
from auditing.models import Audit, AuditItem, HardSample, HardSampleBatch, Prediction, Reason
from auditing.selectors.audits import judged_random_audits, latest_of_model
from auditing.selectors.loop import loop_of
from auditing.services import mining
from auditing.services.audit_progress import take_in_answers
from auditing.services.hard_samples import send_to_audit, send_to_queue
from auditing.services.mining import MiningSettings, request_mining
from auditing.services.prediction_log import log_predictions
from common.problems import Conflict, InvalidInput
from datasets.models import Item
from datasets.services.vectors import encoder_for, store
from tests.annotation.factories import make_items, make_schema
from tests.auditing.factories import answer, at_once, labeling_queue, make_loop, make_model, perform, said

pytestmark = pytest.mark.django_db


def rng(seed=0):
    return np.random.default_rng(seed)


def embed(loop, items, *, shift=0.0, seed=0, copies=False):
    """Directions around one point; shifted ones lie elsewhere."""
    vectors = rng(seed).normal(size=(len(items), 1280)) * (0.0 if copies else 1.0)
    vectors[:, 0] += 20
    vectors[:, 1] += shift
    encoder = encoder_for(file_hash="e" * 64, name="test encoder", dimension=1280)
    store(project=loop.project, encoder=encoder, item_ids=[item.pk for item in items], vectors=vectors)


@pytest.fixture
def loop():
    found = make_loop(train=30)
    found.produce(120, wrong=0.2, rng=rng())
    return found


def chosen(batch):
    return list(HardSample.objects.filter(batch=batch).order_by("id"))


def test_each_sample_has_its_reason_and_only_random_ones_a_probability(loop):
    batch = loop.mine(n_uncertain=15, n_random=10, per_class=100)
    rows = chosen(batch)
    assert Counter(one.reason for one in rows) == {"random": 10, "uncertain": 15}
    assert batch.summary["by_reason"] == {"random": 10, "uncertain": 15}
    assert {one.selection_probability for one in rows if one.reason == "random"} == {10 / 120}
    assert {one.selection_probability for one in rows if one.reason != "random"} == {None}
    assert len({one.item_id for one in rows}) == 25
    scores = dict(Prediction.objects.values_list("item_id", "score"))
    left = [score for item, score in scores.items() if item not in {one.item_id for one in rows}]
    worst = [one for one in rows if one.reason == "uncertain"]
    assert all(one.score == pytest.approx(1 - one.predicted_score) for one in worst)
    assert np.mean([one.predicted_score for one in worst]) < np.mean(left) - 0.1


def test_what_an_audit_found_wrong_comes_first(loop):
    audit = loop.judged(budget=40, strata_by="none")
    wrong = {one.item_id for one in audit.items.all() if one.truth != one.predicted}
    batch = loop.mine(n_wrong=50, n_uncertain=0, n_novel=0, n_random=10, per_class=100)
    found = {one.item_id for one in chosen(batch) if one.reason == Reason.WRONG_IN_AUDIT}
    drawn = {one.item_id for one in chosen(batch) if one.reason == Reason.RANDOM}
    assert found == wrong - drawn
    assert len(found) > 3


def test_no_class_floods_the_list(loop):
    batch = loop.mine(n_uncertain=60, n_wrong=0, n_novel=0, n_random=10, per_class=4)
    by_rank = Counter(one.predicted for one in chosen(batch) if one.reason == Reason.UNCERTAIN)
    assert max(by_rank.values()) <= 4


def test_the_same_window_and_seed_choose_the_same(loop):
    window = loop.window()
    first, again, other = (
        [(one.item_id, one.reason) for one in chosen(loop.mine(window, seed=seed))] for seed in (1, 1, 2)
    )
    assert first == again != other


def test_far_from_the_training_data_is_novel_and_copies_come_once():
    loop = make_loop(train=30)
    ordinary, strange, copies = (make_items(loop.project, n) for n in (40, 6, 10))
    loop.produce(0, wrong=0.1, rng=rng(1), items=[*ordinary, *strange, *copies])
    embed(loop, list(Item.objects.filter(version_rows__version=loop.version)), seed=1)
    embed(loop, ordinary, seed=2)
    embed(loop, strange, shift=100, seed=3)
    embed(loop, copies, shift=-100, seed=4, copies=True)
    batch = loop.mine(n_novel=9, n_uncertain=0, n_wrong=0, n_random=1, per_class=100)
    novel = [one.item_id for one in chosen(batch) if one.reason == Reason.NOVEL]
    assert {item.pk for item in strange} <= set(novel) | {one.item_id for one in chosen(batch)}
    assert len(set(novel) & {item.pk for item in copies}) <= 1
    assert batch.summary["note"] is None


def test_pictures_without_a_vector_yet_are_told_and_do_not_switch_novelty_off():
    loop = make_loop(train=20)
    known, fresh = make_items(loop.project, 30), make_items(loop.project, 5)
    loop.produce(0, wrong=0.1, rng=rng(1), items=[*known, *fresh])
    embed(loop, list(Item.objects.filter(version_rows__version=loop.version)), seed=1)
    embed(loop, known, seed=2)
    batch = loop.mine(n_novel=40, n_uncertain=0, n_wrong=0, n_random=5, per_class=100)
    by_reason = {reason: {one.item_id for one in chosen(batch) if one.reason == reason} for reason in Reason.values}
    assert by_reason["novel"] == {item.pk for item in known} - by_reason["random"]
    assert batch.summary["note"].startswith("5 pictures have no vector yet")


def test_without_any_vector_the_summary_says_so(loop):
    assert "nothing was chosen as novel" in loop.mine().summary["note"]


def test_random_ones_come_from_the_whole_window_not_from_its_hard_end(loop, monkeypatch):
    """Only the least certain are looked at by rank; a draw among those would not speak for production."""
    monkeypatch.setattr(mining, "MOST_CANDIDATES", 20)
    monkeypatch.setattr(mining, "MOST_STRANGERS", 0)
    hits = Counter()
    hard = set(Prediction.objects.order_by("score", "request_id").values_list("item_id", flat=True)[:20])
    window = loop.window()
    for seed in range(12):
        batch = loop.mine(window, seed=seed, n_random=10, n_uncertain=5, n_wrong=0, n_novel=0)
        rows = chosen(batch)
        assert {one.selection_probability for one in rows if one.reason == "random"} == {10 / 120}
        assert {one.item_id for one in rows if one.reason == "uncertain"} <= hard
        hits.update(one.item_id in hard for one in rows if one.reason == "random")
    assert hits[False] > 80  # of 120 draws, five sixths are expected outside of the 20 hardest
    assert batch.summary["population"] == 120
    assert batch.summary["candidates"] < 40


def test_a_strange_picture_of_which_the_model_is_sure_is_found_in_a_large_window(monkeypatch):
    """Least certain answers alone would never show it: a sure answer about a strange picture is the worst kind."""
    monkeypatch.setattr(mining, "MOST_CANDIDATES", 20)
    monkeypatch.setattr(mining, "MOST_STRANGERS", 60)
    loop = make_loop(train=20)
    usual, strange = make_items(loop.project, 60), make_items(loop.project, 20)
    log_predictions(
        project_id=loop.project.pk, endpoint_id=loop.endpoint.pk, model_version_id=loop.model.pk,
        predictions=[
            *(said(one, "disc", 0.5 + place / 200) for place, one in enumerate(usual)),
            *(said(one, "disc", 0.99) for one in strange),
        ],
    )  # fmt: skip
    embed(loop, list(Item.objects.filter(version_rows__version=loop.version)), seed=1)
    embed(loop, usual, seed=2)
    embed(loop, strange, shift=100, seed=3)
    settings = {"n_novel": 5, "n_uncertain": 0, "n_wrong": 0, "n_random": 1, "per_class": 100}
    batch = loop.mine(**settings)
    novel = {one.item_id for one in chosen(batch) if one.reason == Reason.NOVEL}
    assert len(novel) == 5
    assert novel <= {one.pk for one in strange}
    assert batch.summary["note"] is None  # 20 and 60 are all of them
    monkeypatch.setattr(mining, "MOST_STRANGERS", 10)
    told = loop.mine(**settings).summary
    assert "Novel pictures were sought among 3" in told["note"]
    assert told["note"].endswith("of 80: the least certain ones and a random draw of the others.")


def test_what_people_were_asked_about_is_not_chosen_by_rank_again(loop):
    window = loop.window()
    first = loop.mine(window, n_uncertain=20, n_random=10)
    send_to_audit(batch=first, by=loop.lead)
    second = loop.mine(window, n_uncertain=20, n_random=10, seed=5)
    asked = {one.item_id for one in chosen(first)}
    assert not asked & {one.item_id for one in chosen(second) if one.reason != Reason.RANDOM}
    assert second.summary["sent_before"] == len(asked)


def test_a_picture_asked_about_often_is_one_sample_its_least_certain_answer():
    loop = make_loop()
    items = make_items(loop.project, 10)
    loop.produce(0, wrong=0.5, rng=rng(2), items=items * 4)
    batch = loop.mine(n_uncertain=5, n_random=2, n_wrong=0, n_novel=0)
    assert batch.summary["population"] == batch.summary["candidates"] == 10
    for one in chosen(batch):
        lowest = Prediction.objects.filter(item=one.item_id).order_by("score").first()
        assert (one.request_id, one.predicted_score) == (lowest.request_id, lowest.score)


def test_a_job_done_twice_stores_once(loop):
    batch = loop.mine()
    before = chosen(batch)
    batch.job.state = "queued"
    batch.job.save()
    job = perform(batch.job, mining.perform)
    assert (job.state, job.result) == ("succeeded", batch.summary)
    assert chosen(batch) == before


def test_an_empty_window_fails_with_a_sentence(loop):
    batch = request_mining(
        project=loop.project, endpoint=loop.endpoint, window=loop.window(300, 200), settings=MiningSettings(), by=None
    )
    job = perform(batch.job, mining.perform)
    assert (job.state, job.error["status"]) == ("failed", 422)
    assert "nothing to look at" in job.error["detail"]


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"n_random": 5}, "At least a tenth"),
        ({"n_uncertain": 2000}, "Choose 1 to 2,000"),
        ({"n_uncertain": 0, "n_novel": 0, "n_wrong": 0, "n_random": 0}, "Choose 1 to 2,000"),
    ],
)
def test_a_plan_without_its_random_floor_or_out_of_range_is_refused(loop, settings, told):
    with pytest.raises(InvalidInput, match=told):
        request_mining(
            project=loop.project, endpoint=loop.endpoint, window=loop.window(), settings=MiningSettings(**settings),
            by=None,
        )  # fmt: skip
    assert not HardSampleBatch.objects.exists()


# -- to people -------------------------------------------------------------------------------------------------------


def test_sent_twice_to_the_audit_is_one_audit_without_probabilities(loop):
    batch = loop.mine()
    audit = send_to_audit(batch=batch, by=loop.lead)
    assert send_to_audit(batch=batch, by=loop.lead) == audit
    assert Audit.objects.count() == 1
    assert audit.items.count() == batch.summary["chosen"]
    assert set(audit.items.values_list("inclusion_probability", flat=True)) == {None}
    assert set(HardSample.objects.values_list("fate", flat=True)) == {"audit"}


def test_annotators_are_not_told_that_these_were_chosen_for_looking_wrong(loop):
    audit = send_to_audit(batch=loop.mine(), by=loop.lead)
    shown = f"{audit.queue.name} {audit.queue.instructions}".lower()
    for word in ("hard", "sample", "wrong", "uncertain", "targeted"):
        assert word not in shown
    random = loop.audit()
    assert random.queue.instructions == audit.queue.instructions


def test_a_targeted_audit_is_in_no_rate(loop):
    before = loop_of(loop.project)
    audit = send_to_audit(batch=loop.mine(), by=loop.lead)
    answer(audit.queue, dict.fromkeys(loop.truth, {"none": True}))  # everything is wrong
    audit = take_in_answers(audit)
    assert audit.result["kind"] == "targeted"
    assert audit.result["wrong"] == audit.result["judged"] == audit.items.count()
    assert not {"accuracy", "error_rate", "model_accuracy", "strata", "by_class", "confusion"} & set(audit.result)
    assert "not a rate" in audit.result["sentence"]
    assert judged_random_audits(loop.project) == []
    assert latest_of_model([audit], None) is None
    found = loop_of(loop.project)
    assert found.verdicts == before.verdicts
    station = next(one for one in found.stations if one.key == "audit")
    assert (station.light, station.estimate) == ("empty", None)
    random = loop.judged(budget=40)
    assert loop_of(loop.project).verdicts["live"].light == "bad" or random.result["accuracy"]["value"] > 0.5
    assert random.result["accuracy"]["value"] > 0.5  # the hundred per cent of errors above are nowhere in it


def test_to_the_labeling_queue_urgent_reasons_first_with_their_provenance(loop):
    loop.judged(budget=60, strata_by="none")
    batch = loop.mine(n_wrong=10, n_uncertain=10, n_random=10)
    queue = labeling_queue(loop)
    assert send_to_queue(batch=batch, queue=queue, by=loop.lead) == batch.summary["chosen"]
    tasks = TaskPayload.objects.filter(queue=queue).order_by("task__rank").select_related("task")
    reasons = [one.provenance["reason"] for one in tasks]
    order = ["wrong_in_audit", "uncertain", "novel", "random"]
    assert reasons == sorted(reasons, key=order.index)
    assert len(set(reasons)) == 3
    for one in tasks:
        assert one.provenance["hard_samples"] == str(batch.public_id)
        assert (one.provenance["selection_probability"] is None) == (one.provenance["reason"] != "random")
    assert send_to_queue(batch=batch, queue=queue, by=loop.lead) == 0
    assert TaskPayload.objects.filter(queue=queue).count() == batch.summary["chosen"]


def test_the_same_batch_goes_both_ways(loop):
    batch = loop.mine()
    send_to_audit(batch=batch, by=loop.lead)
    assert send_to_queue(batch=batch, queue=labeling_queue(loop), by=loop.lead) == batch.summary["chosen"]
    batch.refresh_from_db()
    assert (batch.audit is None, batch.queue is None) == (False, False)


def test_queues_that_do_not_fit_are_refused(loop):
    batch = loop.mine()
    send_to_queue(batch=batch, queue=labeling_queue(loop), by=loop.lead)
    with pytest.raises(Conflict, match="another queue already"):
        send_to_queue(batch=batch, queue=labeling_queue(loop, name="Second"), by=loop.lead)
    fresh = loop.mine(seed=3)
    with pytest.raises(InvalidInput, match="another project"):
        send_to_queue(batch=fresh, queue=labeling_queue(make_loop()), by=loop.lead)
    with pytest.raises(InvalidInput, match="in a labeling queue"):
        send_to_queue(batch=fresh, queue=loop.audit().queue, by=loop.lead)
    other = labeling_queue(loop, name="Third", schema=make_schema(loop.project), question="kind")
    with pytest.raises(InvalidInput, match="queue of the same question"):
        send_to_queue(batch=fresh, queue=other, by=loop.lead)
    closed = labeling_queue(loop, name="Closed")
    Queue.objects.filter(pk=closed.pk).update(state="closed")
    with pytest.raises(Conflict, match="is closed"):
        send_to_queue(batch=fresh, queue=closed, by=loop.lead)
    assert set(HardSample.objects.filter(batch=fresh).values_list("fate", flat=True)) == {"waiting"}


def test_a_batch_without_samples_waits_for_its_job(loop):
    batch = request_mining(
        project=loop.project, endpoint=loop.endpoint, window=loop.window(), settings=MiningSettings(), by=None
    )
    with pytest.raises(InvalidInput, match="Wait for its job"):
        send_to_audit(batch=batch, by=None)
    assert not Audit.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_once_make_one_audit():
    loop = make_loop()
    loop.produce(60, wrong=0.2, rng=rng())
    batch = loop.mine()
    found = at_once(3, lambda _: send_to_audit(batch=batch, by=loop.lead))
    assert len({audit.pk for audit in found}) == 1
    assert AuditItem.objects.count() == batch.summary["chosen"]
    assert Queue.objects.count() == 1


def test_another_model_is_another_batch(loop):
    second = make_model(loop.version)
    loop.endpoint.model_version = second
    loop.endpoint.save()
    loop.produce(30, wrong=0.5, rng=rng(4))
    batch = loop.mine()
    assert (batch.model_version, batch.summary["population"]) == (second, 30)
