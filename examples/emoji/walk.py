"""The demo: one walk around the loop through the HTTP API, computed on the spot; long, for it is read top to bottom.

Every request that creates something carries a fixed key, so a walk that was interrupted goes on where it stopped, and a
second walk over a finished demo changes nothing.
"""

import json
import random
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from client.api import Touchstone
from examples.emoji import brief, outlines
from examples.emoji.catalogue import Catalogue, Picture, manifest, slug
from examples.emoji.parcels import phone_manifest, pictures_zip, sha256_of
from examples.emoji.phones import SimulatedPhone
from examples.emoji.simulated_annotators import CHARACTERS, Answers, Shift, label

SEED = 20
PROJECT = "emoji"
TRAINING_SOURCE = "Noto drawings"
PHONE_SOURCE = "Simulated phones"
ENDPOINT = "emoji-categories"
LEFT_OUT = [slug("Component")]
QUEUE = "What does the picture show?"
OTHER_TONES_SOURCE = "Noto drawings, other skin tones"
# The other four tones are imported and not labelled: with them, three of four pictures would be of people.
LABELLED_TONES = {"none", "1f3fd"}


@dataclass(frozen=True)
class Tokens:
    """Keys of the demo's programs: the lead's, and one for each simulated annotator in the order of CHARACTERS."""

    lead: str
    annotators: tuple[str, ...]


@dataclass(frozen=True)
class Size:
    """How much: every how-manieth thing, networks to train, phone answers a fortnight, audited predictions, …"""

    every: int
    recipes: tuple[str, ...]
    phones: int
    audited: int
    left_to_label: int
    gold: int


FULL = Size(1, ("small_cnn", "transfer_efficientnet_lite0"), 700, 150, 60, 40)
SMALL = Size(4, ("small_cnn",), 150, 60, 60, 20)  # for the browser tests: the same loop in a minute or two


class Walk:
    """One walk. `told` is called with a line of progress."""

    def __init__(
        self, base_url: str, tokens: Tokens, state_file: Path, told: Callable[[str], None], size: Size
    ) -> None:
        self.base_url, self.tokens, self.told = base_url, tokens, told
        self.lead = Touchstone(base_url, token=tokens.lead, timeout_seconds=180)
        self.state_file = state_file
        self.state: dict[str, Any] = json.loads(state_file.read_text()) if state_file.exists() else {}
        self.size = size
        self.catalogue = Catalogue.read(every=size.every)
        everything = list(self.catalogue.pictures())
        # A heap of files, not a catalogue: people label from the top, and what they leave would all be flags.
        random.Random(SEED).shuffle(everything)
        self.pictures = [picture for picture in everything if picture.skin in LABELLED_TONES]
        self.other_tones = [picture for picture in everything if picture.skin not in LABELLED_TONES]

    @property
    def p(self) -> str:
        return f"projects/{PROJECT}"

    def go(self) -> None:
        """Walk the whole loop."""
        if self.state.get("done"):
            self.told("The demo is loaded.")
            return
        self.remember("began", datetime.now(UTC).replace(microsecond=0).isoformat())
        for step in (
            self.define, self.collect, self.ask, self.label_pictures, self.agree, self.understand, self.freeze,
            self.train, self.release, self.traffic, self.first_audit, self.drift, self.second_audit, self.hard_samples,
            self.regular_audits, self.outlines,
        ):  # fmt: skip
            with self.timed(step.__doc__ or step.__name__):
                step()
        self.remember("done", True)

    # -- bookkeeping ---------------------------------------------------------------------------------------------

    def remember(self, name: str, value: Any) -> Any:
        """Keep the first value under a name; later walks get it again."""
        if name not in self.state:
            self.state[name] = value
            scratch = self.state_file.with_suffix(".part")
            scratch.write_text(json.dumps(self.state))
            scratch.replace(self.state_file)
        return self.state[name]

    @contextmanager
    def timed(self, title: str) -> Iterator[None]:
        started = time.monotonic()
        self.told(f"{title} …")
        yield
        self.told(f"    {time.monotonic() - started:.0f} s")

    def create(self, path: str, body: Any, key: str) -> Any:
        """POST with a fixed key: a repeat gets the first answer."""
        return self.lead.post(f"{self.p}/{path}", body, key=f"demo-{key}")

    def finish(self, job: dict[str, Any] | str) -> dict[str, Any]:
        """Wait for a job, telling its progress at most every five seconds."""
        last = [0.0]

        def progress(found: dict[str, Any]) -> None:
            if found["total"] and time.monotonic() - last[0] > 5:
                last[0] = time.monotonic()
                self.told(f"    {found['message'] or found['kind']}: {found['done']:,} of {found['total']:,}")

        return self.lead.wait(PROJECT, {"id": job} if isinstance(job, str) else job, progress=progress)

    @cached_property
    def began(self) -> datetime:
        return datetime.fromisoformat(self.state["began"])

    # -- the loop ------------------------------------------------------------------------------------------------

    def define(self) -> None:
        """Define: a brief, signed by a named person"""
        current = self.lead.get(f"{self.p}/brief")["brief"]
        if current is None or current["state"] == "draft":
            self.lead.put(f"{self.p}/brief", {"template": "", "answers": brief.ANSWERS})
            self.lead.post(f"{self.p}/brief/sign", {"name": brief.SIGNED_BY})

    def collect(self) -> None:
        """Collect: the Noto drawings, with a manifest and a few broken files"""
        self.upload_source(
            TRAINING_SOURCE, "training", self.pictures, "noto", manifest(self.pictures, seed=SEED), with_broken=True
        )
        if self.other_tones:
            table = manifest(self.other_tones, seed=SEED + 1)
            self.upload_source(OTHER_TONES_SOURCE, "training", self.other_tones, "noto", table)
        for attribute, known in (("skin_tone", "yes"), ("added_in", "no"), ("catalogue_shelf", "unknown")):
            self.lead.put(f"{self.p}/attributes", {"name": attribute, "known_at_prediction": known})

    def upload_source(
        self,
        source: str,
        population: str,
        pictures: list[Picture],
        style: str,
        table: str,
        *,
        with_broken: bool = False,
    ) -> None:
        archive = pictures_zip(pictures, style, with_broken=with_broken)
        files = [("manifest.csv", table.encode()), (f"{style}.zip", archive)]
        key = slug(source)
        announced = self.create(
            "uploads", {"files": [{"name": name, "size": len(data)} for name, data in files]}, f"upload-{key}"
        )
        for upload, (_, data) in zip(announced["uploads"], files, strict=True):
            self.send(upload["id"], data)
        started = self.create(
            "imports",
            {"source": source, "population": population, "uploads": [one["id"] for one in announced["uploads"]]},
            f"import-{key}",
        )
        done = self.finish(started["job"])["result"]
        self.told(
            f"    {done['imported']:,} imported, {done['duplicates']:,} duplicates, {done['rejected']:,} rejected"
        )

    def send(self, upload: str, data: bytes, chunk: int = 4 << 20) -> None:
        """The bytes that the server does not have yet."""
        path = f"{self.p}/uploads/{upload}"
        have = self.lead.get(path)
        for offset in range(have["received"], len(data) if have["state"] == "receiving" else 0, chunk):
            headers = {"Upload-Offset": str(offset), "Content-Type": "application/octet-stream"}
            self.lead.request("PATCH", path, data=data[offset : offset + chunk], headers=headers)

    def ask(self) -> None:
        """Ask: a taxonomy of three levels as the label schema, and a queue with three answers a picture"""
        schema = self.create("schemas", {"name": "Emoji", "document": self.catalogue.schema_document()}, "schema")
        self.remember("schema", schema["id"])
        created = self.create(
            "queues",
            {
                "name": QUEUE,
                "schema": schema["id"],
                "question": "thing",
                "redundancy": 3,
                "auto_submit": True,
                "instructions": brief.INSTRUCTIONS,
                "selection": {"sources": [TRAINING_SOURCE]},
            },
            "queue",
        )
        self.remember("queue", created["queue"]["id"])
        self.finish(created["job"])

    def label_pictures(self) -> None:
        """Label: eight simulated annotators work through the same API as people"""
        stats = self.lead.get(f"{self.p}/queues/{self.state['queue']}/stats")
        left = stats["n_slots"] - stats["n_done"] - 3 * self.size.left_to_label
        if left > 0:
            self.let_label(self.state["queue"], self.answers(), range(len(CHARACTERS)), left)

    def let_label(self, queue: str, answers: Answers, who: Any, wanted: int) -> int:
        """Let simulated annotators give `wanted` answers in all, telling every thousand."""
        people = list(who)
        total = [0]
        schema_version = self.lead.get(f"{self.p}/queues/{queue}/workbench")["schema_version"]

        def told(n: int) -> None:
            before, total[0] = total[0], total[0] + n
            if before // 1000 != total[0] // 1000:
                self.told(f"    {total[0]:,} of {wanted:,} answers")

        shares = [wanted // len(people) + (1 if n < wanted % len(people) else 0) for n in range(len(people))]
        shifts = [
            Shift(self.base_url, self.tokens.annotators[n], CHARACTERS[n], answers, queue, schema_version, SEED, share)
            for n, share in zip(people, shares, strict=True)
            if share
        ]
        return label(shifts, told=told)

    def answers(self, style: str = "noto") -> Answers:
        """What is in the pictures of a style, and which things are easily mixed up."""
        siblings: dict[str, list[str]] = defaultdict(list)
        paths = self.catalogue.path_of()
        for leaf, (_, group, _) in paths.items():
            siblings[group].append(leaf)
        return Answers(
            truth={sha256_of(picture.path(style)): picture.leaf for picture in self.pictures},
            siblings={leaf: siblings[group] for leaf, (_, group, _) in paths.items()},
            leaves=sorted(paths),
        )

    def agree(self) -> None:
        """Agree: consensus with posteriors; what is sure becomes a label, the rest goes to experts"""
        queue = f"queues/{self.state['queue']}"
        self.finish(self.create(f"{queue}/consensus", {"method": "dawid_skene"}, "consensus")["job"])
        self.finish(self.create(f"{queue}/consensus/accept", {"threshold": 0.9}, "accept")["job"])
        self.gold(queue)

    def gold(self, queue: str) -> None:
        """Pictures that a lead has looked at, as gold: so one sees how people did on them"""
        truth = self.answers().truth
        chosen = sorted(truth)[: self.size.gold]  # by hash: a fair draw
        right = [sha256 for sha256 in chosen if self.label_of(sha256) == truth[sha256]]
        made = self.create(f"{queue}/gold", {"selection": {"hashes": right}}, "gold")
        self.told(f"    {made['added'] + made['turned']} pictures are gold")

    def label_of(self, sha256: str) -> str | None:
        labels = self.lead.get(f"{self.p}/items/{sha256}")["labels"]
        return next((label["answer"].get("choice") for label in labels), None)

    def understand(self) -> None:
        """Understand: balance, outliers, duplicates, and a planted leak that is found"""
        report = self.create("understand", {"sources": [TRAINING_SOURCE]}, "understand")
        self.finish(report["job"])

    def freeze(self) -> None:
        """Freeze: an immutable version with splits by thing"""
        recipe = {
            "name": "emoji",
            "schema": self.state["schema"],
            "question": "thing",
            "populations": ["training"],
            "exclude_classes": [],
            "near_duplicate_bits": 2,
        }
        done = self.finish(self.create("versions", recipe, "freeze"))["result"]
        self.remember("version", done["version"])
        self.told(f"    {done['version']}: {done['items']:,} items, {done['content_hash'][:12]}")

    def train(self) -> None:
        """Train: baselines first, then a small network and transfer from a pretrained one"""
        target = {"version": self.state["version"], "level": 0, "left_out": LEFT_OUT, "seed": SEED}
        for recipe in self.size.recipes:
            run = self.create("runs", {**target, "recipe": recipe}, f"run-{recipe}")
            self.remember(f"run-{recipe}", run["id"])
        for run in self.lead.pages(f"{self.p}/runs", version=self.state["version"]):
            found = self.lead.get(f"{self.p}/runs/{run['id']}")
            if found["job"]:
                self.finish(found["job"])

    def release(self) -> None:
        """Release: register the better one, gate, one look at the sealed test split, an endpoint"""
        runs = [self.lead.get(f"{self.p}/runs/{self.state[f'run-{name}']}") for name in self.size.recipes]
        best = max((run for run in runs if run["state"] == "succeeded"), key=_score)
        model = self.create("models", {"run": best["id"], "line": "emoji-categories"}, "model")
        self.remember("model", model["id"])
        path = f"models/{model['id']}"
        look = self.create(f"{path}/test-look", {"reason": ""}, "test-look")
        self.finish(look["job"])
        self.create("endpoints", {"name": ENDPOINT}, "endpoint")
        gate = self.create(f"{path}/gate", {"endpoint": ENDPOINT}, "gate")
        self.finish(gate["job"])
        passed = self.lead.get(f"{self.p}/{path}/gate")["results"][0]["passed"]
        body = {"endpoint": ENDPOINT, "reason": "" if passed else "The demo goes on to show what happens next."}
        self.create(f"{path}/release", {**body, "despite_gate": not passed}, "release")

    def traffic(self) -> None:
        """Predict: simulated phones answer offline for four weeks and report late; a program asks the endpoint"""
        rng = random.Random(SEED)
        things = [picture for picture in self.pictures if picture.skin == "none" and picture.category != "Component"]
        n = min(self.size.phones, len(things))
        before, after = rng.sample(things, n), rng.sample(things, n)
        table = phone_manifest(after)
        self.upload_source(PHONE_SOURCE, "production", after, "twemoji", table)
        phone = SimulatedPhone.with_model(self.lead, PROJECT, self.state["model"])
        weeks = [(before, "noto", 28, 14), (after, "twemoji", 14, 0)]
        for pictures, style, first_day, last_day in weeks:
            self.report_late(phone, pictures, style, first_day, last_day)
        self.ask_endpoint(rng.sample(things, 60))

    def report_late(
        self, phone: SimulatedPhone, pictures: list[Picture], style: str, first_day: int, last_day: int
    ) -> None:
        """Answers of the exported model, run here as a phone would, spread over the days before the demo began."""
        answers = phone.answer([picture.path(style).read_bytes() for picture in pictures])
        rng = random.Random(f"{SEED}:{style}")
        batch = []
        for picture, answer in zip(pictures, answers, strict=True):
            ago = timedelta(days=rng.uniform(last_day + 0.05, first_day))
            batch.append(
                {
                    "external_id": f"phone-{style}-{picture.file}",
                    "predicted_at": (self.began - ago).isoformat(),
                    "sha256": sha256_of(picture.path(style)),
                    "attributes": {"skin_tone": picture.skin, "simulated": True},
                    **answer,
                }
            )
        for start in range(0, len(batch), 500):
            body = {"endpoint": ENDPOINT, "model": self.state["model"], "predictions": batch[start : start + 500]}
            self.lead.request("POST", f"{self.p}/predictions", json=body)

    def ask_endpoint(self, pictures: list[Picture]) -> None:
        if self.state.get("asked"):
            return
        for start in range(0, len(pictures), 16):
            files = [
                ("images", (picture.file, picture.path("twemoji").read_bytes(), "image/png"))
                for picture in pictures[start : start + 16]
            ]
            self.lead.request("POST", f"{self.p}/endpoints/{ENDPOINT}/predict", files=files)
        self.remember("asked", len(pictures))

    def first_audit(self) -> None:
        """Audit: the first two weeks, judged blind by simulated experts"""
        self.audit("first", "Weeks 1 and 2", 28, 14, "noto")

    def drift(self) -> None:
        """Watch: production against the training data, and the last two weeks against the two before"""
        self.finish(self.create("production/check", self.window(14, 0), "check"))
        body = {
            "endpoint": ENDPOINT,
            "earlier_start": self.days_ago(28),
            "earlier_end": self.days_ago(14),
            "later_start": self.days_ago(14),
            "later_end": self.days_ago(0),
        }
        self.finish(self.create("windows/compare", body, "compare"))

    def second_audit(self) -> None:
        """Audit again: the last two weeks; the metric fell"""
        self.audit("second", "Weeks 3 and 4", 14, 0, "twemoji")

    def audit(self, key: str, name: str, first_day: int, last_day: int, style: str) -> None:
        """Draw, let simulated experts judge everything, read the number, complete."""
        body = {**self.window(first_day, last_day), "name": name, "budget": self.size.audited, "seed": SEED}
        audit = self.create("audits", body, f"audit-{key}")
        path = f"{self.p}/audits/{audit['id']}"
        if self.lead.get(path)["state"] == "running":
            experts = [n for n, one in enumerate(CHARACTERS) if one.kind == "expert"]
            self.let_label(audit["queue"]["id"], self.answers(style), experts, 2 * audit["asked"])
            self.lead.request("POST", f"{path}/end", json={"state": "complete"})
        self.told(f"    {self.lead.get(path)['result']['sentence']}")

    def days_ago(self, days: int) -> str:
        return (self.began - timedelta(days=days)).isoformat()

    def window(self, first_day: int, last_day: int) -> dict[str, str]:
        return {"endpoint": ENDPOINT, "start": self.days_ago(first_day), "end": self.days_ago(last_day)}

    def hard_samples(self) -> None:
        """Feed back: hard samples for a targeted audit, and for the labeling queue"""
        self.wait_for_vectors()
        batch = self.create("hard-samples", {**self.window(14, 0), "seed": SEED}, "mine")
        self.finish(batch["job"]["id"])
        self.lead.request("POST", f"{self.p}/hard-samples/{batch['id']}/to-audit")
        second = self.create("hard-samples", {**self.window(14, 0), "seed": SEED + 1}, "mine-again")
        self.finish(second["job"]["id"])
        self.lead.request("POST", f"{self.p}/hard-samples/{second['id']}/to-queue", json={"queue": self.state["queue"]})

    def wait_for_vectors(self) -> None:
        """Embeddings are computed by a job of the training worker after each import."""
        for job in list(self.lead.pages(f"{self.p}/jobs", unfinished="1")):
            self.finish(job)

    def regular_audits(self) -> None:
        """Every two weeks from now on: a schedule with an owner"""
        body = {"endpoint": ENDPOINT, "cadence_days": 14, "budget": self.size.audited}
        self.create("audit-schedules", body, "schedule")

    def outlines(self) -> None:
        """Draw: a small queue with two questions, the second about shapes, left for people"""
        schema = self.create("schemas", {"name": "Parts", "document": outlines.SCHEMA}, "outlines-schema")
        body = outlines.queue(schema["id"], TRAINING_SOURCE, SEED)
        self.finish(self.create("queues", body, "outlines")["job"])


def _score(run: dict[str, Any]) -> float:
    """The accuracy on rows that the run was not fitted on."""
    scores = (run["metrics"] or {}).get("scores", {})
    return float((scores.get("accuracy") or {}).get("value") or 0.0)
