"""Which networks the operator has put into the folder of `ASSIST_MODELS`: a folder each, both halves and a card."""

import hashlib
import os
import re
import threading
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from annotation.assisting.card import MAX_BYTES, CardRefused, ModelCard, read_card
from common.problems import NotFound

CARD, ENCODER, DECODER = "card.json", "encoder.onnx", "decoder.onnx"
# The decoder runs in the web process, and runs again for every click.
MAX_MEBIBYTES = {ENCODER: 4096, DECODER: 128}
MAX_MODELS = 20
_NAME = re.compile(r"^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$")


@dataclass(frozen=True, kw_only=True)
class AssistModel:
    """id: the folder's name and a hash of all its files. `problem`: why it cannot be used; then there is no card."""

    id: str
    folder: Path
    card: ModelCard | None
    problem: str = ""

    @property
    def name(self) -> str:
        return self.card.name if self.card else self.folder.name

    @property
    def licence(self) -> str:
        return self.card.licence if self.card else ""


def installed_models() -> list[AssistModel]:
    """All of them by the folder's name, also those that cannot be used. Empty where there is no such folder."""
    try:
        entries = Path(settings.ASSIST_MODELS).iterdir()
        folders = sorted(path for path in entries if path.is_dir() and not path.name.startswith("."))
    except OSError:
        return []
    return [_model(folder) for folder in folders[:MAX_MODELS]]


def usable_model(model_id: str) -> tuple[AssistModel, ModelCard]:
    """Raises NotFound for one that is not there, or not any more, or not usable."""
    for model in installed_models():
        if model.id == model_id and model.card:
            return model, model.card
    raise NotFound("The operator has not installed this model, or has replaced it. Reload the page.")


def _model(folder: Path) -> AssistModel:
    if not _NAME.match(folder.name):
        problem = "The folder's name may have up to 40 letters, digits, hyphens and underscores."
        return AssistModel(id=folder.name, folder=folder, card=None, problem=problem)
    try:
        for name, most in MAX_MEBIBYTES.items():
            if (folder / name).stat().st_size > most * 1024**2:
                raise CardRefused(f"{name} is larger than {most:,} MiB.")
        with (folder / CARD).open("rb") as file:
            card = read_card(file.read(MAX_BYTES + 1))
        with _hashing:
            digest = _digest(folder, _files(folder))
    except CardRefused as error:
        return AssistModel(id=folder.name, folder=folder, card=None, problem=str(error))
    except OSError as error:
        problem = f"{Path(error.filename or folder).name} cannot be read: {error.strerror}."
        return AssistModel(id=folder.name, folder=folder, card=None, problem=problem)
    return AssistModel(id=f"{folder.name}-{digest[:16]}", folder=folder, card=card)


def _files(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """Name, size and time of each: an ONNX model may keep its weights in files of any name beside it."""
    facts = ((path.name, path.stat()) for path in sorted(folder.iterdir()) if path.is_file())
    return tuple((name, one.st_size, one.st_mtime_ns) for name, one in facts if not name.startswith("."))


_hashing = threading.Lock()  # gigabytes are read by the first who asks, not by everybody at once


@lru_cache(maxsize=2 * MAX_MODELS)
def _digest(folder: Path, files: tuple[tuple[str, int, int], ...]) -> str:
    """Of the files as they are now; the same files are read once."""
    whole = hashlib.sha256()
    for name, *_ in files:
        with (folder / name).open("rb") as file:
            whole.update(os.fsencode(name) + b"\0" + hashlib.file_digest(file, "sha256").digest())
    return whole.hexdigest()
