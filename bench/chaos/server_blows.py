"""What befalls the server while people label."""

import random
from collections import Counter

from django.db import connection

from bench.chaos.processes import Processes

CUT_DATABASE = """
SELECT count(pg_terminate_backend(pid)) FROM (
  SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
    AND backend_type = 'client backend' ORDER BY random() LIMIT 2
) chosen
"""
RUN_OUT = """
UPDATE annotation_assignment SET expires_at = now() WHERE id IN (
  SELECT id FROM annotation_assignment WHERE state = 'leased' AND random() < %s ORDER BY id FOR UPDATE SKIP LOCKED
)
"""
END_SESSION = """
DELETE FROM django_session WHERE session_key IN (SELECT session_key FROM django_session ORDER BY random() LIMIT 1)
"""


def cut_database() -> int:
    """End up to two connections to the database; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(CUT_DATABASE)
        return int(cursor.fetchone()[0])


def let_leases_run_out(share: float) -> int:
    """End about this share of all leases; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(RUN_OUT, [share])
        return int(cursor.rowcount)


class ServerBlows:
    """While people label in browsers: strikes again and again, each time somewhere else; counts what it did."""

    def __init__(self, processes: Processes, dice: random.Random) -> None:
        self.processes, self.dice = processes, dice
        self.counts: Counter[str] = Counter()
        self.on_web = [self.kill_web, self.kill_web_child, self.kill_web_child]
        self.others = [self.kill_worker, self.cut_database, self.cut_database, self.let_leases_run_out]
        self.others += [self.let_leases_run_out, self.end_session, self.end_session]

    def strike(self) -> None:
        is_up = len(self.processes.webs_up()) == len(self.processes.webs)
        self.dice.choice([*self.others, *(self.on_web if is_up else [])])()

    def kill_web(self) -> None:
        self.processes.kill(self.dice.choice(self.processes.webs))
        self.counts["killed with -9: the whole web server"] += 1

    def kill_web_child(self) -> None:
        self.processes.kill_web_child(self.dice)
        self.counts["killed with -9: a web process"] += 1

    def kill_worker(self) -> None:
        name = self.dice.choice(["worker", "beat"])
        self.processes.kill(name)
        self.counts[f"killed with -9: {name}"] += 1

    def cut_database(self) -> None:
        self.counts["connections to the database cut"] += cut_database()

    def let_leases_run_out(self) -> None:
        self.counts["leases run out at once"] += let_leases_run_out(0.3)

    def end_session(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(END_SESSION)
            self.counts["sessions deleted on the server"] += cursor.rowcount
