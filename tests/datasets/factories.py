"""Rows for tests of and above datasets; bytes are real pictures, drawn from a seed."""

import io
import itertools
from typing import Any

import numpy as np
from PIL import Image

from accounts.models import Membership, Project, Role, User
from datasets.models import Item, LabelSchema, Source

_numbers = itertools.count(1)


def user(**fields: Any) -> User:
    n = next(_numbers)
    return User.objects.create_user(f"person{n}@example.org", None, **{"name": f"Person {n}", **fields})


def project(**fields: Any) -> Project:
    n = next(_numbers)
    return Project.objects.create(**{"slug": f"project-{n}", "name": f"Project {n}", **fields})


def member(project: Project, role: Role = Role.LEAD) -> User:
    someone = user()
    Membership.objects.create(project=project, user=someone, role=role)
    return someone


def source(project: Project, **fields: Any) -> Source:
    n = next(_numbers)
    return Source.objects.create(**{"project": project, "name": f"Source {n}", "kind": "folder", **fields})


DOCUMENT = {
    "format": 1,
    "questions": [
        {
            "key": "animal",
            "kind": "single_choice",
            "title": {"en": "Which animal?", "ko": "어떤 동물인가요?"},
            "help": {},
            "allow_none": True,
            "allow_cannot_tell": True,
            "max_choices": None,
            "classes": [
                {"key": key, "names": names, "parent": parent, "hotkey": hotkey, "selectable": True, "description": ""}
                for key, names, parent, hotkey in [
                    ("pet", {"en": "Pet", "ko": "애완동물"}, None, None),
                    ("cat", {"en": "Cat", "ko": "고양이"}, "pet", "1"),
                    ("dog", {"en": "Dog", "ko": "개"}, "pet", "2"),
                    ("cow", {"en": "Cow", "ko": "소"}, None, "3"),
                ]
            ],
        }
    ],
}


def schema(project: Project, **fields: Any) -> LabelSchema:
    values = {
        "project": project, "family": "animals", "version": 1, "name": "Animals", "document": DOCUMENT,
        "document_hash": "0" * 64,
    }  # fmt: skip
    return LabelSchema.objects.create(**{**values, **fields})


def picture(seed: int, *, width: int = 48, height: int = 40, format: str = "PNG") -> bytes:
    """A smooth random picture: seeds far apart in every hash."""
    rng = np.random.default_rng(seed)
    coarse = Image.fromarray(rng.integers(0, 256, (6, 6, 3), dtype=np.uint8))
    out = io.BytesIO()
    coarse.resize((width, height), Image.Resampling.BICUBIC).save(out, format)
    return out.getvalue()


def item(project: Project, **fields: Any) -> Item:
    n = next(_numbers)
    values = {"project": project, "sha256": f"{n:064x}", "media_type": "image/png", "byte_size": 100 + n}
    return Item.objects.create(**{**values, **fields})
