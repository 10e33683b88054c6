import uuid
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from auditing import tasks
from auditing.models import Prediction, ReceivedRequest
from auditing.services.late_batches import LatePrediction, record_outcome, take_late_batch
from auditing.services.partitions import ensure_partitions, make_partitions_ahead
from auditing.services.prediction_log import day_of, log_predictions
from common.ids import uuid7
from common.models import OutboxEvent
from common.outbox import publish
from common.problems import InvalidInput, NotFound
from tests.annotation.factories import make_items, make_project
from tests.auditing.factories import at_once, make_loop, said
from training.events import PredictionsMade

pytestmark = pytest.mark.django_db


def late(external_id="a", predicted="disc", **fields):
    values = {"score": 0.8, "predicted_at": timezone.now() - timedelta(days=3)} | fields
    return LatePrediction(external_id=external_id, predicted=predicted, **values)


def log(loop, *entries):
    return log_predictions(
        project_id=loop.project.pk, endpoint_id=loop.endpoint.pk, model_version_id=loop.model.pk, predictions=entries
    )


def take(loop, *batch):
    return take_late_batch(project=loop.project, endpoint=loop.endpoint, model=loop.model, batch=batch)


def partitions():
    with connection.cursor() as cursor:
        cursor.execute("SELECT relid::text FROM pg_partition_tree('auditing_prediction') WHERE isleaf")
        return {row[0] for row in cursor.fetchall()}


def event(loop, **fields):
    row = {
        "request_id": str(uuid7()), "item_id": None, "occurrence_id": None, "predicted": "disc", "score": 0.7,
        "probabilities": {"disc": 0.7}, "latency_ms": 2.5, "at": timezone.now().isoformat(), "attributes": {"store": 3},
    }  # fmt: skip
    with transaction.atomic():
        made = PredictionsMade(endpoint_id=loop.endpoint.pk, model_version_id=loop.model.pk, predictions=[row | fields])
        return publish(made).pk


def test_an_answer_lands_on_the_day_inside_its_request_id():
    loop = make_loop()
    (item,) = make_items(loop.project, 1)
    entry = said(item, "square", 0.75)
    assert log(loop, entry) == 1
    row = Prediction.objects.get()
    assert (row.pk, row.item, row.predicted, row.score) == (
        (day_of(entry.request_id), entry.request_id),
        item,
        "square",
        0.75,
    )
    assert row.day == datetime.now(UTC).date()


def test_a_repeat_changes_nothing():
    loop = make_loop()
    entry = said(None, "square", 0.75)
    assert log(loop, entry) == 1
    assert log(loop, said(None, "disc"), entry) == 1
    assert Prediction.objects.filter(request_id=entry.request_id).values_list("predicted", flat=True).get() == "square"
    assert Prediction.objects.count() == 2


def test_the_key_of_a_class_may_be_long_and_so_may_a_set_of_them():
    loop = make_loop()
    keys = "|".join(f"{'k' * 100}{n}" for n in range(9))
    log(loop, said(None, keys))
    assert Prediction.objects.get().predicted == keys


def test_an_event_is_recorded_once_however_often_it_is_delivered():
    loop = make_loop()
    event_id = event(loop)
    for _ in range(2):
        tasks.record_predictions(event_id)
    row = Prediction.objects.get()
    assert (row.predicted, row.attributes, row.latency_ms) == ("disc", {"store": 3}, 2.5)
    assert row.probabilities == {"disc": 0.7}


def test_an_event_of_a_deleted_endpoint_is_dropped():
    loop = make_loop()
    event_id = event(loop)
    loop.endpoint.delete()
    tasks.record_predictions(event_id)
    assert not Prediction.objects.exists()
    assert OutboxEvent.objects.filter(pk=event_id).exists()


def test_a_score_that_is_no_share_is_refused_by_the_table():
    loop = make_loop()
    with pytest.raises(IntegrityError), transaction.atomic():
        log(loop, replace(said(None, "disc"), score=float("nan")))


def test_partitions_are_made_ahead_and_once():
    make_partitions_ahead()
    today = datetime.now(UTC).date()
    names = {f"auditing_prediction_{today + timedelta(days=n):%Y%m%d}" for n in range(-1, 8)}
    assert names <= partitions()
    assert make_partitions_ahead() == []


def test_a_table_of_the_same_name_elsewhere_is_no_partition():
    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA elsewhere; CREATE TABLE elsewhere.auditing_prediction_20310203 (n int)")
    assert ensure_partitions([date(2031, 2, 3)]) == [date(2031, 2, 3)]
    assert "auditing_prediction_20310203" in partitions()


@pytest.mark.django_db(transaction=True)
def test_two_threads_make_one_partition_and_keep_both_answers():
    loop = make_loop()
    days = [date(2031, 1, n) for n in (1, 2, 3)]
    made = at_once(4, lambda _: ensure_partitions(days))
    assert sorted(day for found in made for day in found) == days
    assert at_once(4, lambda n: log(loop, said(None, "disc"))) == [1] * 4
    assert Prediction.objects.count() == 4


def test_a_late_batch_twice_is_one_batch():
    loop = make_loop()
    (item,) = make_items(loop.project, 1)
    batch = [late("a", sha256=item.sha256), late("b"), late("b", predicted="cross")]
    found = take(loop, *batch)
    assert (found.taken, found.known, found.without_input) == (2, 1, 1)
    again = take(loop, *batch, late("c"))
    assert (again.taken, again.known) == (1, 3)
    rows = {row.predicted: row.item_id for row in Prediction.objects.filter(predicted__in=["disc"]).order_by("-item")}
    assert Prediction.objects.count() == 3
    assert set(rows) == {"disc"}
    assert Prediction.objects.filter(item=item).count() == 1


def test_a_late_answer_keeps_its_time_and_is_found_in_its_window():
    loop = make_loop()
    items = make_items(loop.project, 1)
    take(loop, late("a", sha256=items[0].sha256, predicted_at=timezone.now() - timedelta(days=20)))
    assert loop.window(21, 19).predictions().count() == 1
    assert loop.window(5, 0).predictions().count() == 0


def test_ids_are_those_of_a_project():
    one, other = make_loop(), make_loop()
    assert take(one, late("a")).taken == take(other, late("a")).taken == 1
    assert ReceivedRequest.objects.count() == 2


def test_a_batch_needs_few_queries_however_long_it_is(django_assert_max_num_queries):
    loop = make_loop()
    make_partitions_ahead()
    with django_assert_max_num_queries(12):
        assert take(loop, *[late(str(n)) for n in range(900)]).taken == 900


@pytest.mark.django_db(transaction=True)
def test_two_devices_that_send_the_same_ids_at_once_are_logged_once():
    loop = make_loop()
    batches = [[late(str(n)) for n in range(50)], [late(str(n)) for n in reversed(range(50))]]
    found = at_once(2, lambda n: take(loop, *batches[n]))
    assert sorted(one.taken for one in found) == [0, 50]
    assert Prediction.objects.count() == 50


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"predicted_at": datetime(2190, 1, 1, tzinfo=UTC)}, "lies in the future. Set the device's clock"),
        ({"predicted": "Disc"}, "“Disc”, which is no class of this model"),
        ({"predicted": "disc|cross"}, "no class of this model"),
        ({"predicted": ""}, "no class of this model"),
        ({"score": float("nan")}, "not a number from 0 to 1"),
        ({"probabilities": {"disc": 1.2}}, "not a number from 0 to 1"),
    ],
)
def test_a_batch_with_an_impossible_answer_is_refused_whole(fields, told):
    loop = make_loop()
    with pytest.raises(InvalidInput, match=told) as refused:
        take(loop, late("a"), late("b", **fields))
    assert next(iter(refused.value.context["errors"])).startswith("predictions[1]")
    assert not Prediction.objects.exists()
    assert take(loop, late("a"), late("b")).taken == 2  # nothing was remembered of the refused one


def test_a_clock_that_is_a_little_fast_is_forgiven():
    assert take(make_loop(), late(predicted_at=timezone.now() + timedelta(minutes=5))).taken == 1


def test_a_model_of_another_project_is_refused():
    one, other = make_loop(), make_loop()
    with pytest.raises(InvalidInput, match="another project"):
        take_late_batch(project=one.project, endpoint=one.endpoint, model=other.model, batch=[late()])


def test_several_classes_are_kept_in_one_order():
    loop = make_loop()
    loop.model.serving_card["kind"] = "multi_label"
    take(loop, late("a", predicted="square|disc"), late("b", predicted=""))
    assert set(Prediction.objects.values_list("predicted", flat=True)) == {"disc|square", ""}


def test_an_outcome_is_written_and_the_last_word_wins():
    loop = make_loop()
    entry = said(None, "disc")
    log(loop, entry)
    for outcome in ("cross", "square"):
        record_outcome(project=loop.project, request_id=entry.request_id, outcome=outcome)
    assert Prediction.objects.get().outcome == "square"
    with pytest.raises(NotFound):
        record_outcome(project=make_project(), request_id=entry.request_id, outcome="disc")
    with pytest.raises(InvalidInput):
        record_outcome(project=loop.project, request_id=uuid.uuid4(), outcome="disc")
