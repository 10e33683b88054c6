"""Eight simulated annotators of different skill. They work through the same HTTP API as people and say who they are."""

import random
import threading
import uuid
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from client.api import ProblemError, Touchstone


@dataclass(frozen=True)
class Character:
    """How a simulated annotator answers.

    right: probability of the right thing. Wrong answers are near misses (same subcategory) with probability `near`,
    otherwise anything. unsure: probability of “cannot tell”. lazy: probability of giving the favourite answer unseen.
    """

    name: str
    kind: str
    right: float
    near: float = 0.8
    unsure: float = 0.01
    lazy: float = 0.0
    seconds: float = 3.0


CHARACTERS = [
    Character("Simulated expert Hana", "expert", right=0.985, near=0.95, unsure=0.005, seconds=4.2),
    Character("Simulated expert Emil", "expert", right=0.975, near=0.95, unsure=0.01, seconds=3.8),
    Character("Simulated staff Noor", "staff", right=0.955, near=0.9, seconds=3.1),
    Character("Simulated staff Jun", "staff", right=0.94, near=0.9, unsure=0.02, seconds=2.9),
    Character("Simulated crowd Ivo", "crowd", right=0.9, near=0.8, seconds=2.2),
    Character("Simulated crowd Mia", "crowd", right=0.86, near=0.75, unsure=0.03, seconds=2.0),
    Character("Simulated crowd Tam", "crowd", right=0.78, near=0.7, seconds=1.6),
    Character("Simulated crowd Zed", "crowd", right=0.55, near=0.4, lazy=0.35, seconds=0.9),
]


@dataclass(frozen=True)
class Answers:
    """What is in the pictures (leaf key by item hash) and which leaves are easily mixed up."""

    truth: Mapping[str, str]
    siblings: Mapping[str, Sequence[str]]
    leaves: Sequence[str]

    def of(self, character: Character, sha256: str, rng: random.Random) -> dict[str, Any]:
        """The answer of `character` to an item."""
        draw = rng.random()
        if draw < character.lazy:
            return {"kind": "class", "classes": [self.leaves[0]]}
        if rng.random() < character.unsure or sha256 not in self.truth:
            return {"kind": "cannot_tell"}
        leaf = self.truth[sha256]
        if rng.random() >= character.right:
            near = [other for other in self.siblings[leaf] if other != leaf]
            leaf = rng.choice(near) if near and rng.random() < character.near else rng.choice(self.leaves)
        return {"kind": "class", "classes": [leaf]}


@dataclass
class Shift:
    """One annotator's work on one queue."""

    base_url: str
    token: str
    character: Character
    answers: Answers
    queue: str
    schema_version: int
    seed: int
    wanted: int
    stop: threading.Event = field(default_factory=threading.Event)

    def work(self, told: Callable[[int], None]) -> int:
        """Label until the queue is empty, `wanted` is reached or the shift is stopped. Returns how many."""
        client, tab, done = Touchstone(self.base_url, token=self.token), str(uuid.uuid4()), 0
        while done < self.wanted and not self.stop.is_set():
            batch = client.request(
                "POST",
                f"queues/{self.queue}/next",
                json={"want": min(5, self.wanted - done), "holding": [], "tab": tab},
            )
            if not batch["leases"]:
                break
            for lease in batch["leases"]:
                if self.submit(client, lease, tab):
                    done += 1
            told(len(batch["leases"]))
        return done

    def submit(self, client: Touchstone, lease: dict[str, Any], tab: str) -> bool:
        """Answer one lease. False when somebody else has it by now."""
        sha256 = lease["item"]["sha256"]
        rng = random.Random(f"{self.seed}:{self.character.name}:{sha256}")
        milliseconds = int(1000 * self.character.seconds * rng.lognormvariate(0, 0.4))
        body = {
            "id": str(uuid.uuid4()),
            "lease": lease["lease"],
            "task": lease["task"],
            "revision": 1,
            "schema_version": self.schema_version,
            "answer": self.answers.of(self.character, sha256, rng),
            "comment": "",
            "flagged": False,
            "started_at": (datetime.now(UTC) - timedelta(milliseconds=milliseconds)).isoformat(),
            "duration_ms": milliseconds,
            "tab": tab,
        }
        try:
            client.request("POST", "submissions", json=body)
        except ProblemError as error:
            if error.code == "lease-lost":
                return False
            raise
        return True


def label(shifts: Sequence[Shift], *, told: Callable[[int], None], side_by_side: int = 4) -> int:
    """Let the shifts work next to each other. Returns the number of labels; a failing shift stops all of them."""
    with ThreadPoolExecutor(max_workers=side_by_side) as pool:
        futures = [pool.submit(shift.work, told) for shift in shifts]
        try:
            return sum(future.result() for future in futures)
        except BaseException:
            for shift in shifts:
                shift.stop.set()
            raise
