from pathlib import Path

import pytest

from common.jobs_registry import EVENT_QUEUES, JOB_TASKS, SCHEDULE
from config.celery import QUEUES
from config.launcher import server, services
from config.launcher.supervisor import Service

ALWAYS = (services.worker, services.bulk_worker, services.training_worker)


def _queues(service: Service) -> list[str]:
    return service.command[service.command.index("--queues") + 1].split(",")


def test_some_worker_listens_to_every_queue_and_to_none_that_is_not_declared():
    heard = {queue for worker in ALWAYS for queue in _queues(worker())}
    assert heard == set(QUEUES)


def test_whatever_is_sent_goes_to_a_queue_that_is_declared():
    jobs = {queue for _, queue in JOB_TASKS.values()}
    periodic = {one.queue for one in SCHEDULE}
    assert jobs | periodic | set(EVENT_QUEUES.values()) <= set(QUEUES)


def test_an_encoder_stands_before_nothing_that_others_wait_for():
    assert EVENT_QUEUES["annotation.on_picture_wanted"] == "encoding"
    assert _queues(services.encoder_worker()) == ["encoding"]
    assert "encoding" not in _queues(services.worker())


@pytest.mark.parametrize("named", [True, False])
def test_the_worker_for_encoders_is_for_installations_that_have_one(tmp_path: Path, monkeypatch, named: bool):
    monkeypatch.delenv("ASSIST_MODELS", raising=False)
    environment = {"DATA_DIR": str(tmp_path)}
    folder = tmp_path / "assist-models"
    if named:
        folder = tmp_path / "elsewhere"
        monkeypatch.setenv("ASSIST_MODELS", str(folder))
    started: list[str] = []

    class Supervisor:
        def __init__(self) -> None:
            self.environment = environment

        def start(self, service: Service) -> None:
            started.append(service.name)

    server.start_workers(Supervisor())  # type: ignore[arg-type]
    assert "encoder" not in started
    (folder / "mine").mkdir(parents=True)
    (folder / "mine" / "encoder.onnx").touch()
    server.start_workers(Supervisor())  # type: ignore[arg-type]
    assert started[-1] == "encoder"
