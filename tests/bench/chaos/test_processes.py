import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from bench.chaos.processes import Processes, free_port


def test_what_ended_by_itself_is_started_again(tmp_path):
    processes = Processes(logs=tmp_path, extra={})
    processes.commands = {
        "worker": [sys.executable, "-c", "import time; time.sleep(60)"],
        "beat": [sys.executable, "-c", ""],
    }
    for name in processes.commands:
        processes.start(name)
    first = dict(processes.running)
    first["beat"].wait(30)
    try:
        assert processes.revive() == 1
        assert processes.running["worker"] is first["worker"]
        assert processes.running["beat"].pid != first["beat"].pid
    finally:
        processes.end()


@pytest.fixture
def answering():
    """The port of something that answers to a look at its health."""

    class Healthy(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Healthy)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


def test_only_a_web_server_that_answers_is_up(tmp_path, answering):
    processes = Processes(logs=tmp_path, extra={}, ports=[free_port(), answering])
    assert processes.webs_up() == [f"web-{answering}"]
