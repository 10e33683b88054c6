import sys

from bench.chaos.processes import Processes


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
