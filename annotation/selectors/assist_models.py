"""Which networks the operator has put into the folder of `ASSIST_MODELS`: a folder each, both halves and a card."""

import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from annotation.assisting.card import CardRefused, ModelCard, read_card
from common.problems import NotFound

CARD, ENCODER, DECODER = "card.json", "encoder.onnx", "decoder.onnx"
# The decoder runs in the web process, and runs again for every click.
MAX_BYTES = {CARD: 64 * 1024, ENCODER: 4 * 1024**3, DECODER: 128 * 1024**2}
MAX_MODELS = 20
_NAME = re.compile(r"^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$")


@dataclass(frozen=True, kw_only=True)
class AssistModel:
    """id: the folder's name and a hash of all three files. `problem`: why it cannot be used; then there is no card."""

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
        folders = sorted(path for path in Path(settings.ASSIST_MODELS).iterdir() if path.is_dir())
    except OSError:
        return []
    return [_model(folder) for folder in folders[:MAX_MODELS] if not folder.name.startswith(".")]


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
        digest = hashlib.sha256()
        for name in (CARD, ENCODER, DECODER):
            facts = (folder / name).stat()
            if facts.st_size > MAX_BYTES[name]:
                raise CardRefused(f"{name} is larger than {MAX_BYTES[name] / 1024**2:,.0f} MiB.")
            digest.update(_digest(folder / name, facts.st_size, facts.st_mtime_ns))
        card = read_card((folder / CARD).read_bytes())
    except CardRefused as error:
        return AssistModel(id=folder.name, folder=folder, card=None, problem=str(error))
    except OSError as error:
        problem = f"{Path(error.filename or folder).name} cannot be read: {error.strerror}."
        return AssistModel(id=folder.name, folder=folder, card=None, problem=problem)
    return AssistModel(id=f"{folder.name}-{digest.hexdigest()[:16]}", folder=folder, card=card)


@lru_cache(maxsize=3 * MAX_MODELS)
def _digest(path: Path, size: int, changed_ns: int) -> bytes:
    """Of a file as it is now; the same file is read once."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()
