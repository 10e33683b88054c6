import pytest
from kombu import Connection
from kombu.transport import pgmq

from config import pgmq_transport


@pytest.mark.parametrize(("asked", "waited"), [(2.0, 0.2), (None, 0.2), (0.05, 0.05)])
def test_a_wait_is_short_so_that_finished_messages_are_acknowledged(monkeypatch, asked, waited):
    pgmq_transport.register()
    waits = []

    def nothing_came(self, connection, timeout=None):
        waits.append(timeout)
        raise TimeoutError

    monkeypatch.setattr(pgmq.Transport, "drain_events", nothing_came)
    transport = Connection("pgmq://").transport
    assert isinstance(transport, pgmq_transport.Transport)
    with pytest.raises(TimeoutError):
        transport.drain_events(None, timeout=asked)
    assert waits == [waited]
