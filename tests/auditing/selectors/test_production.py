import re
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from auditing.models import Prediction
from auditing.selectors.audits import window_for
from auditing.selectors.loop import loop_of
from auditing.selectors.overview import overview
from auditing.selectors.production import (
    Window,
    class_mix,
    item_ids,
    predictions_made,
    predictions_of,
    recent_window,
    span,
    traffic_by_day,
)
from auditing.services import drift
from auditing.services.prediction_log import log_predictions
from common.problems import InvalidInput, NotFound
from tests.annotation.factories import make_items, make_user
from tests.auditing.factories import at_once, make_loop, make_model, said

pytestmark = pytest.mark.django_db


def log(loop, *entries, model=None):
    log_predictions(
        project_id=loop.project.pk, endpoint_id=loop.endpoint.pk, model_version_id=(model or loop.model).pk,
        predictions=entries,
    )  # fmt: skip


@pytest.fixture
def loop():
    return make_loop()


def test_traffic_by_day_and_model(loop):
    second = make_model(loop.version)
    (item,) = make_items(loop.project, 1)
    day = timezone.now() - timedelta(days=2)
    log(loop, said(item, "disc", 0.9, at=day), said(None, "disc", 0.7, at=day))
    log(loop, said(None, "cross", 0.5), model=second)
    rows = traffic_by_day(recent_window(loop.endpoint.pk))
    assert [(row["model_version_id"], row["count"], row["with_input"]) for row in rows] == [
        (loop.model.pk, 2, 1), (second.pk, 1, 0),
    ]  # fmt: skip
    assert rows[0]["mean_score"] == pytest.approx(0.8)
    assert rows[0]["latency_p50_ms"] == 3.0
    assert rows[0]["day"] == day.date()


def test_the_mix_of_classes_most_frequent_first(loop):
    log(loop, said(None, "disc"), said(None, "cross"), said(None, "disc"))
    assert class_mix(recent_window(loop.endpoint.pk)) == [("disc", 2), ("cross", 1)]


def test_a_window_has_its_start_and_not_its_end_and_holds_across_midnight(loop):
    midnight = datetime(2026, 5, 2, tzinfo=UTC)
    log(loop, said(None, "disc", at=midnight - timedelta(milliseconds=1)), said(None, "cross", at=midnight))

    def found(start, end):
        window = Window(endpoint_id=loop.endpoint.pk, start=start, end=end)
        return set(window.predictions().values_list("predicted", flat=True))

    assert found(midnight - timedelta(hours=1), midnight) == {"disc"}
    assert found(midnight, midnight + timedelta(hours=1)) == {"cross"}
    with pytest.raises(InvalidInput, match="ends before it starts"):
        found(midnight, midnight)


def test_span_and_items(loop):
    assert span(loop.endpoint.pk) is None
    items = make_items(loop.project, 5)
    log(loop, *[said(item, "disc") for item in items], said(items[0], "cross"), said(None, "disc"))
    window = recent_window(loop.endpoint.pk)
    every = sorted(item.pk for item in items)
    assert item_ids(window, limit=10) == every
    some = item_ids(window, limit=3)
    assert len(some) == 3
    assert some == item_ids(window, limit=3)
    assert set(some) < set(every)


def test_the_window_of_a_request_is_that_of_the_model_in_charge(loop):
    second = make_model(loop.version)
    log(loop, said(None, "disc", at=timezone.now() - timedelta(days=9)))
    log(loop, said(None, "disc", at=timezone.now() - timedelta(days=2)), model=second)
    loop.endpoint.model_version = second
    loop.endpoint.save()
    window = window_for(loop.lead, loop.project, endpoint="live", start=None, end=None)
    assert window.model_version_id == second.pk
    assert timedelta(days=1.9) < timezone.now() - window.start < timedelta(days=2.1)
    assert window.predictions().count() == 1


def test_an_endpoint_without_traffic_or_of_strangers_has_no_window(loop):
    with pytest.raises(InvalidInput, match="not answered anything yet"):
        window_for(loop.lead, loop.project, endpoint="live", start=None, end=None)
    with pytest.raises(NotFound):
        window_for(make_user(), loop.project, endpoint="live", start=None, end=None)
    assert not predictions_of(make_user(), loop.project).exists()


def test_overview_of_a_new_endpoint_and_of_a_busy_one(loop):
    empty = overview(loop.project, loop.endpoint)
    assert (empty["total"], empty["traffic"], empty["audited"], empty["verdict"].code) == (0, [], [], "unaudited")
    assert (empty["expected"]["value"], empty["expected"]["split"]) == (0.95, "test")
    loop.produce(100, wrong=0.5, rng=np.random.default_rng(0))
    audit = loop.judged(budget=40)
    found = overview(loop.project, loop.endpoint, days=90)
    assert found["total"] == sum(row["count"] for row in found["traffic"]) == 100
    assert [one["audit"] for one in found["audited"]] == [audit.public_id]
    assert found["verdict"].code == "fell"
    assert len(found["suggestions"]) == 1


def test_an_endpoint_without_a_model_has_an_overview(loop):
    loop.endpoint.model_version = None
    loop.endpoint.save()
    found = overview(loop.project, loop.endpoint)
    assert (found["model"], found["expected"], found["verdict"].code) == (None, None, "unaudited")


def test_comparisons_name_what_is_missing(loop):
    with pytest.raises(InvalidInput, match="No input was kept in production from"):
        drift.check_against_training(project=loop.project, window=loop.window(), by=None)
    loop.produce(30, wrong=0.1, rng=np.random.default_rng(0))
    with pytest.raises(InvalidInput, match="The windows overlap"):
        drift.compare_windows(project=loop.project, earlier=loop.window(20, 5), later=loop.window(10, 0), by=None)
    report = drift.compare_windows(project=loop.project, earlier=loop.window(30, 15), later=loop.window(15), by=None)
    sides = report.subject["reference"]["item_ids"], report.subject["current"]["item_ids"]
    assert len(sides[0]) + len(sides[1]) == 30
    assert not set(sides[0]) & set(sides[1])


def test_the_daily_counters_hold_what_the_log_holds(loop):
    now = timezone.now()
    one, two, three = (said(item, "disc", at=now - timedelta(days=days)) for item, days in zip(
        make_items(loop.project, 3), (0, 0, 20), strict=True
    ))  # fmt: skip
    log(loop, one, two, three)
    log(loop, one)  # sent again: met the primary key
    other = make_loop()
    log(other, said(make_items(other.project, 1)[0], "disc"))
    made = predictions_made(loop.project, since=(now - timedelta(days=7)).date())
    assert (made.total, made.lately, made.endpoints) == (3, 2, {loop.endpoint.pk})
    Prediction.objects.filter(request_id=three.request_id).delete()
    made = predictions_made(loop.project, since=(now - timedelta(days=7)).date())
    assert (made.total, made.lately) == (2, 2)
    assert made.total == Prediction.objects.filter(project=loop.project).count()


def test_a_project_without_predictions_has_made_none(loop):
    made = predictions_made(loop.project, since=timezone.now().date())
    assert (made.total, made.lately, made.endpoints) == (0, 0, frozenset())


def test_home_does_not_read_the_log_to_count_it(loop):
    log(loop, said(make_items(loop.project, 1)[0], "disc"))
    with CaptureQueriesContext(connection) as asked:
        loop_of(loop.project)
    assert not [one["sql"] for one in asked if re.search(r'"auditing_prediction"', one["sql"])]


@pytest.mark.django_db(transaction=True)
def test_batches_at_once_are_all_counted():
    loop = make_loop()
    items = make_items(loop.project, 8)
    found = at_once(4, lambda place: log(loop, *(said(item, "disc") for item in items[2 * place : 2 * place + 2])))
    assert found == [None] * 4
    assert predictions_made(loop.project, since=timezone.now().date()).total == 8
