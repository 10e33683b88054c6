"""A client without a browser: leases, answers, repeats itself, gives back, and may be killed at any moment.

Run as a process of its own by test_racing.py: `racer.py JOURNAL QUEUE SEED USER...`. Each acknowledged submission is a
line in the journal, written before the next request, as an outbox would.
"""

import random
import sys
from pathlib import Path
from typing import TextIO
from uuid import UUID

import django

django.setup()

from django.db import OperationalError, connection  # noqa: E402  (after setup)

from annotation.services.hot.leasing import Lease, next_leases  # noqa: E402
from annotation.services.hot.policy import LeaseLost, RevisionConflict  # noqa: E402
from annotation.services.hot.submitting import NewSubmission, submit  # noqa: E402
from annotation.services.hot.upkeep import heartbeat, release, sweep_expired  # noqa: E402

CLASSES = ("cat", "dog", "car")


def answer(dice: random.Random, lease: Lease) -> NewSubmission:
    skips = dice.random() < 0.05
    wire = {"kind": "skip"} if skips else {"kind": "class", "classes": [dice.choice(CLASSES)]}
    return NewSubmission(
        id=UUID(int=dice.getrandbits(128)),
        lease=lease.token,
        task=lease.task,
        revision=1,
        schema_version=1,
        answer=wire,
    )


def work(journal: TextIO, queue: UUID, dice: random.Random, users: list[int]) -> None:
    user = dice.choice(users)
    tab = dice.choice("abc")
    for lease in next_leases(user_id=user, queue=queue, want=dice.randint(1, 4), tab=tab).leases:
        chance = dice.random()
        if chance < 0.1:
            release(user_id=user, leases=[lease.token])
        elif chance < 0.15:
            heartbeat(user_id=user, tab=tab, leases=[lease.token])
        elif chance < 0.9:
            new = answer(dice, lease)
            try:
                submit(user_id=user, new=new)
                if dice.random() < 0.2:
                    assert not submit(user_id=user, new=new).created
            except (LeaseLost, RevisionConflict):
                continue
            journal.write(f"{new.id}\n")
            journal.flush()
    if dice.random() < 0.2:
        sweep_expired()


def main() -> None:
    path, queue, seed, *users = sys.argv[1:]
    dice = random.Random(int(seed))  # noqa: S311
    with Path(path).open("a") as journal:
        while True:
            try:
                work(journal, UUID(queue), dice, [int(user) for user in users])
            except OperationalError:
                connection.close()  # the server threw this connection out: a client tries again
            except Exception as error:
                if type(error).__module__.startswith("psycopg"):
                    connection.close()
                    continue
                (Path(path).with_suffix(".error")).write_text(repr(error))
                raise


main()
