"""One annotator as a program: leases, answers, repeats, forgets, and keeps a ledger of what it was told."""

import random
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from bench.chaos.network import Line, Network, Unreachable

WANT = 5
CLASSES = ("cat", "dog", "car")
SKIPS, RELEASES, FORGETS, REVISES, DOUBLES, CUTS, REPLAYS = 0.02, 0.02, 0.01, 0.02, 0.05, 0.03, 0.03
EMPTY_ROUNDS = 3
# What a client may be told for good: others have finished the task, or its time to change an answer is over.
FORESEEN = ("lease-lost", "no-longer-editable")


@dataclass(kw_only=True)
class Entry:
    """One submission in the outbox. outcome: "" until the server said "stored" or a code of refusal."""

    id: str
    task: int
    lease: str
    revision: int
    answer: dict[str, Any]
    outcome: str = ""
    sends: int = 0

    def body(self) -> dict[str, Any]:
        return {
            "id": self.id, "task": self.task, "lease": self.lease, "revision": self.revision, "schema_version": 1,
            "answer": self.answer, "duration_ms": 900, "tab": "chaos",
        }  # fmt: skip


@dataclass(kw_only=True)
class Ledger:
    """What one annotator holds to be true. It survives the death of a tab, as the browser's outbox does."""

    annotator: int
    entries: dict[str, Entry] = field(default_factory=dict)
    n_replays: int = 0
    n_doubles: int = 0
    n_forgotten: int = 0
    unforeseen: Counter[str] = field(default_factory=Counter)

    def unsent(self) -> list[Entry]:
        return [entry for entry in self.entries.values() if not entry.outcome]

    def stored(self) -> list[Entry]:
        # Asked from another thread while this one goes on writing: a list is made of the dictionary in one go.
        return [entry for entry in list(self.entries.values()) if entry.outcome == "stored"]


class Annotator:
    """`step` does one thing; `is_idle` when nothing is left, several times in a row, and nothing is unsent."""

    def __init__(self, *, queue: str, secret: str, annotator: int, network: Network, seed: int) -> None:
        self.queue, self.network = queue, network
        self.dice = random.Random(seed)  # noqa: S311
        self.line, self.second_line = (Line(network, secret, self.dice) for _ in range(2))
        self.ledger = Ledger(annotator=annotator)
        self.leases: dict[int, str] = {}
        self.tab = "tab-1"
        self.unsent: list[Entry] = []
        self.latest: list[Entry] = []
        self.empty_rounds = 0
        self.takes_leases = True

    @property
    def is_idle(self) -> bool:
        return not self.unsent and (self.empty_rounds >= EMPTY_ROUNDS or not self.takes_leases)

    def step(self) -> None:
        try:
            if self.unsent:
                self._send(self.unsent[0])
            elif self.latest and self.dice.random() < REPLAYS:
                self._replay(self.dice.choice(self.latest))
            elif self.leases:
                self._work()
            elif self.takes_leases:
                self._next()
            else:
                time.sleep(0.1)
        except Unreachable:
            time.sleep(0.02 + 0.3 * self.dice.random())

    def _next(self) -> None:
        body = {"want": WANT, "holding": list(self.leases.values()), "tab": self.tab}
        status, said = self.line.post(f"queues/{self.queue}/next", body, cut=self.dice.random() < CUTS)
        if status != 200:
            self.ledger.unforeseen[f"next {status} {said.get('code')}"] += 1
            time.sleep(0.2)
            return
        for lease in said["leases"]:
            self.leases[lease["task"]] = lease["lease"]
        self.empty_rounds = 0 if self.leases else self.empty_rounds + 1
        if not self.leases:
            time.sleep(0.3 + 0.4 * self.dice.random())

    def _work(self) -> None:
        chance = self.dice.random()
        tokens = {"tab": self.tab, "leases": list(self.leases.values())}
        if chance < RELEASES:
            self.leases.clear()  # before the request: an answer that is lost must not leave us with what is not ours
            self.line.post("leases/release", tokens)
        elif chance < RELEASES + FORGETS:
            self.leases.clear()  # the tab dies; its leases are adopted by the next one or run out
            self.tab = f"tab-{self.dice.randrange(10**6)}"
            self.ledger.n_forgotten += 1
        elif chance < RELEASES + FORGETS + REVISES and self.latest:
            self._revise(self.dice.choice(self.latest))
        elif chance < 0.15:
            self._heartbeat(tokens)
        else:
            task, lease = self.leases.popitem()
            self._put(task, lease, 1, self._answer())

    def _heartbeat(self, tokens: dict[str, Any]) -> None:
        status, said = self.line.post("leases/heartbeat", tokens, cut=self.dice.random() < CUTS)
        # Some clients take note that a lease is lost, others send their answer all the same.
        if status == 200 and self.dice.random() < 0.5:
            self.leases = {task: token for task, token in self.leases.items() if token not in said["lost"]}

    def _answer(self) -> dict[str, Any]:
        if self.dice.random() < SKIPS:
            return {"kind": "skip", "reason": "blurred"}
        return {"kind": "class", "classes": [self.dice.choice(CLASSES)]}

    def _revise(self, entry: Entry) -> None:
        self.latest.remove(entry)
        self._put(entry.task, entry.lease, entry.revision + 1, self._answer())

    def _put(self, task: int, lease: str, revision: int, answer: dict[str, Any]) -> None:
        """First into the outbox, then on the wire."""
        minted = str(uuid.UUID(int=self.dice.getrandbits(128)))
        entry = Entry(id=minted, task=task, lease=lease, revision=revision, answer=answer)
        self.ledger.entries[entry.id] = entry
        self.unsent.append(entry)
        self._send(entry)

    def _send(self, entry: Entry) -> None:
        entry.sends += 1
        if self.dice.random() < DOUBLES:
            return self._send_twice_at_once(entry)
        self._note(entry, *self.line.post("submissions", entry.body(), cut=self.dice.random() < CUTS))
        return None

    def _send_twice_at_once(self, entry: Entry) -> None:
        """As two tabs with one outbox do: both requests are under way before either is answered."""
        self.ledger.n_doubles += 1
        self.line.send("submissions", entry.body())
        try:
            self.second_line.send("submissions", entry.body())
        finally:
            first = self.line.read()
        self._note(entry, *first)
        status, said = self.second_line.read()
        if not entry.outcome:
            self._note(entry, status, said)
        elif entry.outcome == "stored" and status not in (200, 201):
            self.ledger.unforeseen[f"second of two {status} {said.get('code')}"] += 1

    def _note(self, entry: Entry, status: int, said: Any) -> None:
        if status in (200, 201):
            entry.outcome = "stored"
            self.latest = [*self.latest[-20:], entry]
        elif status == 429:
            time.sleep(0.2)
            return
        else:
            entry.outcome = str(said.get("code"))
            if entry.outcome not in FORESEEN:
                self.ledger.unforeseen[f"submit {status} {entry.outcome}"] += 1
        self.unsent = [one for one in self.unsent if one is not entry]

    def _replay(self, entry: Entry) -> None:
        """An answer that is stored already, sent again: it must be acknowledged and change nothing."""
        status, said = self.line.post("submissions", entry.body(), cut=self.dice.random() < CUTS)
        self.ledger.n_replays += 1
        if (status, said.get("revision")) != (200, entry.revision):
            self.ledger.unforeseen[f"replay {status} {said.get('code')}"] += 1
