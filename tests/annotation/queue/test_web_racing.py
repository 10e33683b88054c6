"""The machine of test_invariants.py, in which requests also race each other through two web processes over HTTP."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule, run_state_machine_as_test

from accounts.models import Job
from accounts.services.tokens import create_token
from annotation.models import Assignment
from annotation.services.hot.leasing import Lease
from annotation.services.hot.submitting import NewSubmission
from tests.annotation.queue.test_invariants import RuledMachine, choices, people
from tests.annotation.queue.webs import TwoWebs, at_once

MOVES = ("ask", "answer", "twice", "skip", "revise", "release", "prioritise", "open_again")
moves = st.tuples(st.sampled_from(MOVES), people, st.integers(0, 99), choices)


class WebRace(RuledMachine):
    """A step may be a bunch of requests, each to one of the two processes, all begun together."""

    webs: ClassVar[TwoWebs]

    def __init__(self) -> None:
        super().__init__()
        self.secrets = [
            create_token(user=one.user, name="race", scopes=["label"], project=self.queue.project)[1]
            for one in self.people
        ]

    @rule(drawn=st.lists(moves, min_size=2, max_size=8))
    def race(self, drawn: list[tuple[str, int, int, str]]) -> None:
        begun: list[Callable[[], Any]] = []
        for i, (kind, person, index, choice) in enumerate(drawn):
            begun += self.begin(i, kind, person, index, choice)
        if begun:
            at_once(begun)

    def begin(self, which: int, kind: str, person: int, index: int, choice: str) -> list[Callable[[], Any]]:
        if kind == "ask":
            return [partial(self.ask_over_http, which, person, 1 + index % 3)]
        if kind == "prioritise":
            return [partial(RuledMachine.prioritise, self, index % 5 - 2, bool(index % 2))]
        if kind == "open_again":
            return [partial(RuledMachine.open_again, self, bool(index % 2))]
        if (held := self.lease_for(index)) is None:
            return []
        if kind == "release":
            body = {"leases": [str(held[1].token)]}
            return [partial(self.expect, (200, 204), which, held[0], "leases/release", body)]
        answer = {"kind": "skip"} if kind == "skip" else {"kind": "class", "classes": [choice]}
        revision = self.next_revision(*held) if kind == "revise" else 1
        new = self.new(held[1], answer, revision)
        sends = [partial(self.send_over_http, which, held[0], new)]
        return sends + [partial(self.send_over_http, which + 1, held[0], new)] * (kind == "twice")

    def next_revision(self, person: int, lease: Lease) -> int:
        rows = Assignment.objects.filter(annotator=self.people[person], task_id=lease.task).exclude(state="past")
        return 1 + max(rows.values_list("revision", flat=True), default=0)

    def expect(self, statuses: tuple[int, ...], which: int, person: int, path: str, body: dict[str, Any]) -> Any:
        status, said = self.webs.post(which, path, body, self.secrets[person])
        assert status in statuses, (path, status, said)
        return said if status < 300 else None

    def ask_over_http(self, which: int, person: int, want: int) -> None:
        body = {"want": want, "holding": [], "tab": "ab"[which % 2]}
        for one in self.expect((200,), which, person, f"queues/{self.queue.public_id}/next", body)["leases"]:
            lease = Lease(token=UUID(one["lease"]), task=one["task"], expires_at=one["expires_at"], item={})
            self.known.append((person, lease))

    def send_over_http(self, which: int, person: int, new: NewSubmission) -> None:
        """Stored once, however often it comes: a refusal is a 409 and stores nothing."""
        body = {
            "id": str(new.id), "lease": str(new.lease), "task": new.task, "revision": new.revision,
            "schema_version": new.schema_version, "answer": new.answer, "tab": "a",
        }  # fmt: skip
        if self.expect((200, 201, 409), which, person, "submissions", body) is not None:
            self.stored[new.id] = (person, new)

    @invariant()
    def no_job_has_failed(self) -> None:
        assert not Job.objects.filter(project=self.queue.project, state="failed").exists()

    def cursors_have_passed_nothing(self) -> None:
        """Does not hold here: what somebody else holds locked at the moment is passed, and looked at again later."""


@pytest.fixture
def webs(tmp_path: Path, transactional_db: None) -> Iterator[TwoWebs]:
    two = TwoWebs(tmp_path)
    yield two
    two.end()


@pytest.mark.slow
def test_the_rules_hold_while_two_web_processes_race(webs: TwoWebs):
    WebRace.webs = webs
    run_state_machine_as_test(
        WebRace,
        settings=settings(
            max_examples=6, stateful_step_count=15, deadline=None, derandomize=True, database=None,
            phases=[Phase.generate],  # a race is not the same twice, so nothing is gained by shortening it
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip


def test_begun_together_means_that_all_have_begun():
    assert sorted(at_once([partial(int, 1), partial(int, 2)])) == [1, 2]
    with pytest.raises(ValueError, match="invalid"):
        at_once([partial(int, "x"), uuid4])
