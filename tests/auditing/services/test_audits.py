"""An audit from its draw to its number: all or nothing, blind, and right about as often as it says."""

import numpy as np
import pytest
from django.db import IntegrityError, transaction
from django.db.models import F

from annotation.models import Queue, ReviewCase, Task, TaskPayload
from annotation.services.completion import announce_completed, dispute_audit_tasks
from annotation.services.queues import NameTaken
from annotation.services.review import settle_case
from auditing import tasks
from auditing.models import Audit, AuditItem, AuditState, Prediction, RetrainSuggestion
from auditing.services import audits
from auditing.services.audit_progress import end_audit, take_in_answers
from auditing.services.audits import create_audit, preview_audit
from auditing.services.prediction_log import log_predictions
from common.models import OutboxEvent
from common.problems import Conflict, InvalidInput
from tests.annotation.factories import make_items, say
from tests.auditing.factories import annotator, answer, make_loop, make_model, said

pytestmark = pytest.mark.django_db


def rng(seed=0):
    return np.random.default_rng(seed)


@pytest.fixture
def loop():
    found = make_loop()
    found.produce(150, wrong=0.2, rng=rng())
    return found


# -- the draw --------------------------------------------------------------------------------------------------------


def test_the_sample_is_the_one_previewed_with_its_probabilities(loop):
    plan = loop.plan(budget=40)
    _, design = preview_audit(plan)
    audit = create_audit(project=loop.project, endpoint=loop.endpoint, plan=plan, by=loop.lead)
    assert audit.population_size == 150
    assert audit.design["strata"] == design.as_json()["strata"]
    assert AuditItem.objects.filter(audit=audit).count() == design.total == 40
    for stratum in audit.design["strata"]:
        drawn = AuditItem.objects.filter(audit=audit, stratum=stratum["name"])
        assert drawn.count() == stratum["sample"]
        for probability in drawn.values_list("inclusion_probability", flat=True):
            assert probability == pytest.approx(stratum["sample"] / stratum["size"])


def test_the_same_seed_draws_the_same_and_another_one_another(loop):
    window = loop.window()
    drawn = [set(loop.audit(window, seed=seed).items.values_list("request_id", flat=True)) for seed in (1, 1, 2)]
    assert drawn[0] == drawn[1] != drawn[2]


def test_tasks_are_blind_and_in_no_order_that_tells(loop):
    audit = loop.audit(budget=40)
    queue = Queue.objects.get(pk=audit.queue_id)
    assert (queue.purpose, queue.redundancy) == ("audit", 1)
    shown = TaskPayload.objects.filter(queue=queue).order_by("task_id")
    assert list(shown.values_list("item_id", flat=True)) == sorted(shown.values_list("item_id", flat=True))
    assert all(name == sha256[:12] for name, sha256 in shown.values_list("name", "sha256"))
    assert {tuple(one) for one in shown.values_list("provenance", flat=True)} == {("audit",)}
    assert Task.objects.filter(queue=queue).values_list("rank", flat=True).distinct().get() == 0


def test_a_failure_between_the_draw_and_the_queue_leaves_nothing(loop, monkeypatch):
    def dies(**_):
        raise RuntimeError("killed")

    monkeypatch.setattr(audits, "add_tasks", dies)
    with pytest.raises(RuntimeError):
        loop.audit(name="Week 1")
    assert not Audit.objects.exists()
    assert not AuditItem.objects.exists()
    assert not Queue.objects.exists()
    monkeypatch.undo()
    assert loop.audit(name="Week 1").queue is not None


def test_a_name_in_use_is_refused_and_leaves_nothing(loop):
    loop.audit(name="Week 1")
    with pytest.raises(NameTaken):
        loop.audit(name="Week 1")
    assert Audit.objects.count() == 1


def test_the_models_of_a_window_are_not_mixed(loop):
    second = make_model(loop.version)
    loop.produce(30, wrong=0.5, rng=rng(1), model=second)
    every = loop.plan()
    mixed = type(every.window)(endpoint_id=loop.endpoint.pk, start=every.window.start, end=every.window.end)
    with pytest.raises(InvalidInput, match="only one answered"):
        loop.audit(mixed)
    audit = loop.audit()
    assert (audit.model_version, audit.population_size) == (loop.model, 150)


def test_an_empty_window_makes_no_audit(loop):
    with pytest.raises(InvalidInput, match="nothing that people could look at"):
        loop.audit(loop.window(300, 200))
    assert not Queue.objects.exists()


def test_the_endpoint_of_another_project_is_refused(loop):
    other = make_loop()
    with pytest.raises(InvalidInput, match="another"):
        create_audit(project=loop.project, endpoint=other.endpoint, plan=other.plan(), by=None)
    with pytest.raises(InvalidInput, match="another"):
        create_audit(project=loop.project, endpoint=loop.endpoint, plan=other.plan(), by=None)


# -- answers ---------------------------------------------------------------------------------------------------------


def test_one_answer_speaks_for_every_prediction_of_the_same_picture():
    """A picture that was asked about five times is judged once, and each of its predictions is right or wrong."""
    loop = make_loop()
    items = make_items(loop.project, 8)
    loop.produce(0, wrong=0.4, rng=rng(3), items=items * 5)
    audit = loop.audit(budget=40, strata_by="none")
    assert AuditItem.objects.filter(audit=audit).count() == 40
    assert TaskPayload.objects.filter(queue=audit.queue).count() == 8
    answer(audit.queue, loop.truth)
    audit = take_in_answers(audit)
    wrong = sum(one.predicted != loop.truth[one.item_id] for one in audit.items.all())
    assert 0 < wrong < 40
    assert audit.result["accuracy"]["value"] == pytest.approx(1 - wrong / 40)
    assert audit.result["accuracy"]["low"] == audit.result["accuracy"]["high"]  # everything was counted
    assert audit.result["wrong"] == wrong


def test_the_number_comes_from_the_stored_inclusion_probabilities(loop):
    """Sizes by 1 / pi are those of the design, and a stratum whose items stand for twice as many weighs twice."""
    audit = loop.judged(budget=50)
    sizes = {one["name"]: one["size"] for one in audit.design["strata"]}
    assert {one["name"]: one["population"] for one in audit.result["strata"]} == sizes
    assert sum(sizes.values()) == audit.population_size
    accuracy = {one["name"]: one["accuracy"]["value"] for one in audit.result["strata"]}
    doubled = next(name for name in accuracy if accuracy[name] < 1)
    audit.items.filter(stratum=doubled).update(inclusion_probability=F("inclusion_probability") / 2)
    weights = {name: size * (2 if name == doubled else 1) for name, size in sizes.items()}
    wanted = sum(weights[name] * accuracy[name] for name in sizes) / sum(weights.values())
    assert take_in_answers(audit).result["accuracy"]["value"] == pytest.approx(wanted)
    assert wanted != pytest.approx(audit.result["accuracy"]["value"])


def test_a_part_of_the_answers_makes_a_number_that_says_what_is_missing(loop):
    audit = loop.audit(budget=60, strata_by="none")
    assert take_in_answers(audit).result["accuracy"]["value"] is None
    answer(audit.queue, loop.truth, only=lambda item: item % 2 == 0)
    result = take_in_answers(audit).result
    assert 0 < result["judged"] < 60
    assert result["waiting"] == result["missing"] == 60 - result["judged"]
    assert f"{result['missing']} drawn item" in result["assumption"]
    low, high = result["worst_case"]
    assert low < result["accuracy"]["value"] < high


def test_cannot_tell_is_no_answer_but_nobody_is_waited_for(loop):
    audit = loop.audit(budget=30, strata_by="none")
    answer(audit.queue, {item: {"cannot_tell": True} if item % 3 == 0 else truth for item, truth in loop.truth.items()})
    result = take_in_answers(audit).result
    assert result["undecidable"] == result["missing"] > 0
    assert (result["waiting"], result["judged"]) == (0, 30 - result["undecidable"])


def test_none_of_these_is_an_error_of_the_model(loop):
    audit = loop.audit(budget=30, strata_by="none")
    answer(audit.queue, dict.fromkeys(loop.truth, {"none": True}))
    result = take_in_answers(audit).result
    assert (result["wrong"], result["accuracy"]["value"]) == (30, 0.0)
    assert "" in result["classes"]
    assert result["accuracy"]["high"] > 0


def test_people_answer_leaves_and_the_model_learned_what_is_above_them():
    parents = {"disc": "round", "ring": "round", "square": "edged", "cross": "edged"}
    loop = make_loop(keys=("disc", "ring", "square", "cross"), parents=parents)
    loop.model.run.target = {"level": 0, "left_out": ["cross"]}
    loop.model.run.save()
    items = make_items(loop.project, 4)
    log_predictions(
        project_id=loop.project.pk, endpoint_id=loop.endpoint.pk, model_version_id=loop.model.pk,
        predictions=[said(item, "round") for item in items],
    )  # fmt: skip
    audit = loop.audit(budget=4, strata_by="none")
    answer(audit.queue, dict(zip([item.pk for item in items], ("disc", "ring", "square", "cross"), strict=True)))
    take_in_answers(audit)
    truths = dict(AuditItem.objects.values_list("item_id", "truth"))
    assert [truths[item.pk] for item in items] == ["round", "round", "edged", ""]
    assert Audit.objects.get().result["accuracy"]["value"] == 0.5


def test_of_several_classes_all_must_be_right():
    loop = make_loop(kind="multiple_choice")
    items = make_items(loop.project, 5)
    predicted = ["disc|square", "disc", "", "square", ""]
    log_predictions(
        project_id=loop.project.pk, endpoint_id=loop.endpoint.pk, model_version_id=loop.model.pk,
        predictions=[said(item, one) for item, one in zip(items, predicted, strict=True)],
    )  # fmt: skip
    audit = loop.audit(budget=5, strata_by="none")
    said_by_people = [
        {"choices": ["disc", "square"]}, {"choices": ["cross", "disc"]}, {"none": True}, {"none": True},
        {"choices": ["cross"]},
    ]  # fmt: skip
    answer(audit.queue, dict(zip([item.pk for item in items], said_by_people, strict=True)))
    take_in_answers(audit)
    right = {item_id for item_id, p, t in AuditItem.objects.values_list("item_id", "predicted", "truth") if p == t}
    assert right == {items[0].pk, items[2].pk}


def test_disagreement_waits_for_a_reviewer_whose_answer_replaces_the_rest(loop):
    audit = loop.audit(budget=20, strata_by="none", redundancy=2)
    first, second = annotator(loop.project), annotator(loop.project)
    disputed = audit.items.order_by("item_id").first()
    for task_id, item_id in TaskPayload.objects.filter(queue=audit.queue).values_list("task_id", "item_id"):
        say(first, task_id, loop.truth[item_id])
        say(second, task_id, "cross" if item_id == disputed.item_id and loop.truth[item_id] != "cross" else
            "disc" if item_id == disputed.item_id else loop.truth[item_id])  # fmt: skip
    result = take_in_answers(audit).result
    assert (result["judged"], result["waiting"]) == (19, 1)
    dispute_audit_tasks(queue_id=audit.queue_id, task_ids=list(Task.objects.values_list("pk", flat=True)))
    case = ReviewCase.objects.get()
    settle_case(case=case, by=loop.lead, answer={"kind": "class", "classes": [disputed.predicted]})
    for event_id in OutboxEvent.objects.filter(name="TasksCompleted").values_list("pk", flat=True):
        tasks.take_answers(event_id)
    audit.refresh_from_db()
    disputed.refresh_from_db()
    assert (audit.result["waiting"], disputed.truth) == (0, disputed.predicted)


def test_what_kept_no_input_is_not_spoken_for(loop):
    log_predictions(
        project_id=loop.project.pk, endpoint_id=loop.endpoint.pk, model_version_id=loop.model.pk,
        predictions=[said(None, "disc") for _ in range(7)],
    )  # fmt: skip
    audit = loop.judged()
    assert (audit.population_size, audit.result["without_input"]) == (150, 7)
    assert "Nobody can tell about 7 more" in audit.result["sentence"]


def test_a_truth_and_undecidable_exclude_each_other(loop):
    item = loop.audit(budget=10).items.first()
    with pytest.raises(IntegrityError), transaction.atomic():
        AuditItem.objects.filter(pk=item.pk).update(truth="disc", undecidable=True)


# -- the end ---------------------------------------------------------------------------------------------------------


def test_completing_takes_in_the_last_answers_and_asks_the_rule(loop):
    audit = loop.audit(budget=60, strata_by="none")
    answer(audit.queue, loop.truth, only=lambda item: item % 4 != 0)
    ended = end_audit(audit=audit, state=AuditState.COMPLETE, by=loop.lead)
    assert (ended.state, Queue.objects.get(pk=audit.queue_id).state) == ("complete", "closed")
    assert ended.result["missing"] > 0
    assert ended.completed_at is not None
    assert RetrainSuggestion.objects.get().evidence["audit"] == str(audit.public_id)  # 95% promised, about 80% found
    with pytest.raises(Conflict, match="ended already"):
        end_audit(audit=audit, state=AuditState.CANCELLED, by=loop.lead)


def test_a_cancelled_audit_says_nothing_any_more(loop):
    audit = loop.audit(budget=60, strata_by="none")
    end_audit(audit=audit, state=AuditState.CANCELLED, by=loop.lead)
    answer(audit.queue, loop.truth)
    take_in_answers(Audit.objects.get())
    assert Audit.objects.get().result is None
    assert not AuditItem.objects.filter(truth__isnull=False).exists()
    assert not RetrainSuggestion.objects.exists()


def test_every_picture_wrong_and_every_picture_right_keep_an_interval(loop):
    wrong = make_loop()
    wrong.produce(90, wrong=1.0, rng=rng())
    estimate = wrong.judged(budget=30).result["accuracy"]
    assert (estimate["value"], estimate["low"]) == (0.0, 0.0)
    assert 0.01 < estimate["high"] < 0.2
    right = make_loop()
    right.produce(90, wrong=0.0, rng=rng())
    estimate = right.judged(budget=30).result["accuracy"]
    assert (estimate["value"], estimate["high"]) == (1.0, 1.0)
    assert 0.8 < estimate["low"] < 0.99


# -- the whole way ---------------------------------------------------------------------------------------------------


def test_from_the_draw_to_the_number_through_the_doors_that_people_and_workers_use(loop):
    audit = loop.audit(budget=20, redundancy=1)
    person = annotator(loop.project)
    for task_id, item_id in TaskPayload.objects.filter(queue=audit.queue).values_list("task_id", "item_id"):
        say(person, task_id, loop.truth[item_id])
    assert announce_completed() == 20
    event = OutboxEvent.objects.get(name="TasksCompleted")
    for _ in range(2):  # delivered twice
        tasks.take_answers(event.pk)
    audit.refresh_from_db()
    wrong = sum(one.predicted != loop.truth[one.item_id] for one in audit.items.all())
    assert (audit.result["judged"], audit.result["wrong"]) == (20, wrong)
    assert audit.result["sentence"].startswith("Of 150 predictions, about ")
    told = audit.result["said"][0]
    assert (told["code"], told["params"]["population"], told["params"]["n"]) == ("audit.result", 150, 20)


def test_intervals_hold_the_truth_about_as_often_as_they_say():
    """300 predictions, some of one picture, 30 designed audits: the 95% interval misses in few of them."""
    loop = make_loop()
    pictures = make_items(loop.project, 240)
    loop.produce(0, wrong=0.15, rng=rng(8), items=[*pictures, *pictures[:60]])
    audits_, window = [], loop.window()
    for seed in range(30):
        audits_.append(loop.judged(window, seed=seed, budget=60, allocation=("neyman", "proportional")[seed % 2]))
    truth = np.mean([loop.truth[item] == said for item, said in Prediction.objects.values_list("item_id", "predicted")])
    found = [audit.result["accuracy"] for audit in audits_]
    held = sum(one["low"] <= truth <= one["high"] for one in found)
    assert held >= 27
    assert np.mean([one["value"] for one in found]) == pytest.approx(truth, abs=0.02)
    assert max(one["high"] - one["low"] for one in found) < 0.25
