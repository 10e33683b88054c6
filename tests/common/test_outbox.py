from dataclasses import dataclass
from typing import ClassVar

import pytest
from django.db import transaction

from common import nudge, outbox, tasks
from common.models import OutboxEvent


@dataclass(frozen=True)
class LeafFell:
    NAME: ClassVar[str] = "LeafFell"
    VERSION: ClassVar[int] = 1
    leaf_id: int


@pytest.fixture
def sent(monkeypatch):
    messages = []
    monkeypatch.setattr(tasks.current_app, "send_task", lambda name, args=(), **options: messages.append((name, *args)))
    monkeypatch.setitem(tasks.SUBSCRIPTIONS, "LeafFell", ["a.rake", "b.count"])
    return messages


@pytest.mark.django_db(transaction=True)
def test_an_event_outside_of_a_transaction_is_refused():
    with pytest.raises(transaction.TransactionManagementError):
        outbox.publish(LeafFell(leaf_id=1))


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_deed_leaves_no_event():
    def storm():
        with transaction.atomic():
            outbox.publish(LeafFell(leaf_id=1))
            raise RuntimeError("storm")

    with pytest.raises(RuntimeError, match="storm"):
        storm()
    assert not OutboxEvent.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_courier_is_woken_after_commit_and_a_deaf_courier_does_no_harm(monkeypatch):
    woken = []

    def wake():
        woken.append(OutboxEvent.objects.count())
        raise ConnectionError("no broker")

    monkeypatch.setattr(nudge, "_nudge", wake)
    with transaction.atomic():
        outbox.publish(LeafFell(leaf_id=1))
        assert woken == []
    assert woken == [1]
    assert OutboxEvent.objects.filter(delivered_at=None).count() == 1


@pytest.mark.django_db
def test_every_receiver_gets_the_event_once(sent):
    event = outbox.publish(LeafFell(leaf_id=7))
    tasks.deliver_outbox()
    tasks.deliver_outbox()
    assert sent == [("a.rake", event.pk), ("b.count", event.pk)]


@pytest.mark.django_db
def test_a_courier_that_dies_in_the_middle_sends_again(sent, monkeypatch):
    outbox.publish(LeafFell(leaf_id=7))
    with monkeypatch.context() as patch:
        patch.setattr(tasks.current_app, "send_task", lambda *a, **k: (_ for _ in ()).throw(ConnectionError()))
        with pytest.raises(ConnectionError):
            tasks.deliver_outbox()
    tasks.deliver_outbox()
    assert len(sent) == 2


@pytest.mark.django_db
def test_a_receipt_is_kept_once_per_task():
    event = outbox.publish(LeafFell(leaf_id=7))
    assert outbox.first_time(event.pk, "a.rake")
    assert not outbox.first_time(event.pk, "a.rake")
    assert outbox.first_time(event.pk, "b.count")
    assert outbox.payload(event.pk) == {"leaf_id": 7}
