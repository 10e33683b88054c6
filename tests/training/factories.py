"""Small frozen versions of real pictures, and runs on them done for real."""

import contextlib
import hashlib
import io
import itertools
import json
import os
import shutil
import uuid
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
from django.conf import settings
from PIL import Image, ImageDraw

from accounts.models import Job, Membership, Project, Role, User
from common.storage import content_key, object_store
from datasets.brief_form.templates import TEMPLATES
from datasets.models import Brief, DatasetVersion, Item, LabelSchema, Occurrence, Source, VersionItem
from datasets.services.briefs import save_draft, sign_brief
from tests.datasets.factories import member, project, source
from training import subscriptions, tasks
from training.models import Endpoint, GateRun, ModelVersion, Run
from training.services import run_execution, runs
from training.services.gate import start_gate
from training.services.registry import register_model
from training.services.releases import create_endpoint, release

__all__ = ["document", "draw", "finish", "finished_run", "frozen_version", "member", "project", "source"]

_numbers = itertools.count(1)
KEYS = ("disc", "square", "cross")


def document(
    keys: tuple[str, ...] = KEYS, parents: dict[str, str] | None = None, kind: str = "single_choice"
) -> dict[str, Any]:
    """A schema of one question, optionally with groups above the classes."""
    above = parents or {}
    groups = list(dict.fromkeys(above.values()))
    classes = [
        {
            "key": key,
            "names": {"en": key.title()},
            "parent": above.get(key),
            "hotkey": None,
            "selectable": key not in groups,
            "description": "",
        }
        for key in [*groups, *keys]
    ]
    question = {
        "key": "shape", "kind": kind, "title": {"en": "Which shape?"}, "help": {}, "allow_none": True,
        "allow_cannot_tell": True, "max_choices": None, "classes": classes,
    }  # fmt: skip
    return {"format": 1, "questions": [question]}


def draw(key: str, rng: np.random.Generator, side: int = 32, *, ground: int | None = None) -> bytes:
    """A shape somewhere, in any colours: a few convolutions see it, averages do not. ground: grey of the background."""
    background, colour = (tuple(int(v) for v in rng.integers(0, 256, 3)) for _ in range(2))
    picture = Image.new("RGB", (side, side), background if ground is None else (ground, ground, ground))
    pen, size = ImageDraw.Draw(picture), int(rng.integers(10, 16))
    x, y = (int(v) for v in rng.integers(1, side - size - 1, 2))
    box = (x, y, x + size, y + size)
    if key == "disc":
        pen.ellipse(box, fill=colour)
    elif key == "square":
        pen.rectangle(box, fill=colour)
    else:
        pen.line(box, fill=colour, width=3)
        pen.line((x, y + size, x + size, y), fill=colour, width=3)
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def frozen_version(
    owner: Project,
    *,
    counts: dict[str, int] | None = None,
    keys: tuple[str, ...] = KEYS,
    seed: int = 0,
    parents: dict[str, str] | None = None,
    name: str = "shapes",
    splits: tuple[tuple[str, float], ...] = (("train", 1.0), ("validation", 0.5), ("test", 0.5)),
    **fields: Any,
) -> DatasetVersion:
    """A version with so many pictures of each class in train, half as many in validation and in test."""
    rng = np.random.default_rng(seed)
    each = counts or dict.fromkeys(keys, 12)
    schema = LabelSchema.objects.filter(project=owner, family="shapes").first() or LabelSchema.objects.create(
        project=owner,
        family="shapes",
        version=1,
        name="Shapes",
        document=document(keys, parents),
        document_hash="0" * 64,
    )
    number = next(_numbers)
    values = {
        "project": owner, "name": name, "number": number, "content_hash": f"{number:064x}", "recipe": {},
        "schema": schema, "question": "shape", "manifest_key": "p/0/none",
        "summary": {"classes": [{"key": key, "count": 2 * count} for key, count in each.items()]},
    }  # fmt: skip
    version = DatasetVersion.objects.create(**values | fields)
    for key, count in each.items():
        for split, share in splits:
            for _ in range(round(count * share)):
                add_row(version, key, split, draw(key, rng))
    return version


def add_row(version: DatasetVersion, label: str | list[str] | None, split: str, data: bytes) -> VersionItem:
    """A labelled picture, its bytes in the store."""
    sha = hashlib.sha256(data).hexdigest()
    key_ = content_key(version.project_id, sha)
    object_store().put(key_, [data])
    item, _ = Item.objects.get_or_create(
        project=version.project,
        sha256=sha,
        defaults={"media_type": "image/png", "byte_size": len(data), "width": 32, "height": 32, "object_key": key_},
    )
    return VersionItem.objects.create(
        version=version,
        item=item,
        sha256=sha,
        split=split,
        group=sha,
        label_keys=[label] if isinstance(label, str) else sorted(label or []),
    )


def finish(job: Job | None) -> Job:
    """Do a job here and now, as its worker would: through the task that its kind names."""
    assert job is not None
    name, _queue = subscriptions.JOB_TASKS[job.kind]
    task = next(one for one in vars(tasks).values() if getattr(one, "name", "") == name)
    task(job.pk)
    job.refresh_from_db()
    return job


def finished_run(version: DatasetVersion, recipe: str = "baseline_logistic", **fields: Any) -> Run:
    """A run that was really done: by a child process, once a session for the same rows and specification."""
    run = runs.start_run(
        project=version.project, version=version, recipe=recipe, by=None, with_baselines=False, **fields
    )
    with patch.object(run_execution, "_train", _train_once):
        job = finish(run.job)
    run.refresh_from_db()
    assert run.state == "succeeded", (run.failure, job.error)
    return run


_train = run_execution._train


def _train_once(run: Run, spec_path: Path, out: Path, claim: Any) -> None:
    """Train, or repeat what the child process told and left when it trained on the same before."""
    spec = json.loads(spec_path.read_text("utf-8"))
    wanted = {name: spec[name] for name in ("task", "recipe", "protocol", "seed", "exports")}
    name = hashlib.sha256(json.dumps([wanted, run.manifest_sha256], sort_keys=True).encode()).hexdigest()
    kept = Path(settings.DATA_DIR) / "trained-in-tests" / name
    if not kept.is_dir():
        _train(run, spec_path, out, claim)
        scratch = kept.with_name(f"{name}-{os.getpid()}")
        shutil.copytree(out, scratch)
        with contextlib.suppress(OSError):  # another worker of the session was first
            scratch.rename(kept)
        return
    shutil.copytree(kept, out, dirs_exist_ok=True)
    follower = run_execution.Follower(run, claim)
    for line in (kept / "events.jsonl").read_text("utf-8").splitlines():
        follower.take(json.loads(line))
    assert follower.last == "done"


def lead(owner: Project) -> User:
    """A member who may train and release."""
    return member(owner, Role.LEAD)


def in_role(owner: Project, role: str) -> User:
    someone = member(owner, Role(role))
    assert Membership.objects.filter(user=someone, project=owner, role=role).exists()
    return someone


def candidate(owner: Project, *, line: str = "shapes", seed: int = 0, **fields: Any) -> ModelVersion:
    """A registered baseline: a real model that is trained in seconds."""
    version = frozen_version(owner, seed=seed, **fields)
    return register_model(run=finished_run(version), line=line, by=None)


def signed_brief(owner: Project, **answers: Any) -> Brief:
    """A brief that some lead has signed."""
    values = (
        TEMPLATES[5].answers | {"class_of_concern": "cross", "target_metric": "accuracy", "target_value": 0.1} | answers
    )
    save_draft(project=owner, answers=values, by=None)
    return sign_brief(project=owner, name="Ada Lead", by=lead(owner))


def passed_gate(model: ModelVersion) -> GateRun:
    """A passage through the gate, really done; for tests of what follows it is then declared passed."""
    gate = start_gate(model=model, endpoint=None, by=None)
    finish(gate.job)
    GateRun.objects.filter(pk=gate.pk).update(passed=True)
    gate.refresh_from_db()
    return gate


def released(owner: Project, name: str = "live", **fields: Any) -> Endpoint:
    """An endpoint that answers."""
    model = candidate(owner, **fields)
    endpoint = create_endpoint(project=owner, name=name, by=None)
    release(model=model, endpoint=endpoint, by=None, reason="The first one.", despite_gate=True)
    endpoint.refresh_from_db()
    return endpoint


def met(item: Item, where: Source) -> Occurrence:
    """The item as it was met in a source."""
    return Occurrence.objects.create(
        project=item.project, item=item, source=where, name=f"{item.sha256[:8]}.png", identity=uuid.uuid4()
    )
