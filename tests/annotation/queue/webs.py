"""Two real web processes on the test's own database, and requests that reach both at the same moment."""

import http.client
import json
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.db import connection

from bench.chaos.processes import Processes, answers

Answer = tuple[int, Any]


def database_url() -> str:
    name, user, password, host, port = (
        connection.settings_dict[key] for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT")
    )
    return f"postgresql://{user}:{quote(password, safe='')}@{host}:{port}/{name}"


class TwoWebs:
    def __init__(self, folder: Path) -> None:
        self.processes = Processes(logs=folder, extra={"DATABASE_URL": database_url()})
        for name in self.processes.webs:
            self.processes.start(name)
        while not all(answers(port) for port in self.processes.ports):
            assert all(one.poll() is None for one in self.processes.running.values()), "a web process ended"
            time.sleep(0.1)

    def post(self, which: int, path: str, body: dict[str, Any], secret: str) -> Answer:
        line = http.client.HTTPConnection("127.0.0.1", self.processes.ports[which % 2], timeout=60)
        try:
            headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/json"}
            line.request("POST", f"/api/v1/{path}", json.dumps(body), headers)
            response = line.getresponse()
            return response.status, json.loads(response.read() or b"null")
        finally:
            line.close()

    def end(self) -> None:
        self.processes.end()


def at_once(moves: Sequence[Callable[[], Any]]) -> list[Any]:
    """What each gives, begun together. The first failure is raised."""
    gate = threading.Barrier(len(moves))
    found: list[Any] = [None] * len(moves)
    failures: list[BaseException] = []

    def make(i: int) -> None:
        try:
            gate.wait(60)
            found[i] = moves[i]()
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=make, args=(i,)) for i in range(len(moves))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return found
