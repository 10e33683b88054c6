from datetime import UTC, datetime

import pytest

from common.problems import InvalidInput
from datasets.models import Item
from datasets.services import derivation
from datasets.services.production import production_source, record_production_input
from tests.datasets import factories
from tests.datasets.runs import finish

pytestmark = pytest.mark.django_db


def test_an_input_is_an_item_met_in_production_even_if_training_knew_it() -> None:
    project = factories.project()
    source = production_source(project=project)
    data = factories.picture(1)
    moment = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
    item = record_production_input(
        project=project, source=source, data=data, name="request-1", attributes={"shop": "Seoul", "count": 3},
        captured_at=moment,
    )  # fmt: skip
    again = record_production_input(project=project, source=source, data=data, name="request-2")
    assert again == item
    first, second = item.occurrences.order_by("pk")
    assert (first.attributes, first.captured_at) == ({"shop": "Seoul", "count": 3}, moment)
    assert (second.name, source.population) == ("request-2", "production")
    record_production_input(project=project, source=source, data=data, name="request-2")
    assert item.occurrences.count() == 2


def test_what_is_no_picture_is_refused_and_nothing_is_kept() -> None:
    project = factories.project()
    with pytest.raises(InvalidInput, match="not"):
        record_production_input(project=project, source=production_source(project=project), data=b"no picture")
    assert not Item.objects.exists()


def test_inputs_get_their_thumbnails_from_the_sweep() -> None:
    project = factories.project()
    source = production_source(project=project)
    item = record_production_input(project=project, source=source, data=factories.picture(2))
    assert derivation.sweep_pending() == 0  # too young: an import may still announce it
    Item.objects.update(created_at=datetime(2026, 1, 1, tzinfo=UTC))
    assert derivation.sweep_pending() == 1
    assert derivation.sweep_pending() == 0  # a job waits already
    finish(derivation.request_derivation(project=project))
    item.refresh_from_db()
    assert (item.derived, item.thumbnail_sides) == ("done", [128, 256])
