"""What a run was made with: the code that computes, and the packages under it."""

import hashlib
import platform
from functools import lru_cache
from importlib import metadata
from pathlib import Path

from django.conf import settings

COMPUTING_FOLDERS = ("training/modelling", "training/serving", "training/evaluation", "common/numerics")
PACKAGES = (
    "numpy",
    "scipy",
    "scikit-learn",
    "pillow",
    "tensorflow-cpu",
    "keras",
    "onnx",
    "onnxruntime",
    "tf2onnx",
    "ai-edge-litert",
)


@lru_cache(maxsize=1)
def code_revision() -> str:
    """SHA-256 over the sources that compute a model, so that an installation without git knows its revision too."""
    digest = hashlib.sha256()
    for folder in COMPUTING_FOLDERS:
        for path in sorted(Path(settings.BASE_DIR, folder).rglob("*.py")):
            digest.update(str(path.relative_to(settings.BASE_DIR)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


@lru_cache(maxsize=1)
def environment() -> dict[str, str]:
    """Versions of Python and of the packages that compute; empty for one that is not installed."""
    found = {"python": platform.python_version(), "machine": platform.machine()}
    for name in PACKAGES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = ""
    return found
