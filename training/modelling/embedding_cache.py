"""Embeddings of all pictures of a run, computed once: for all folds, and for later runs on the same pictures."""

import hashlib
import json
import os
from pathlib import Path

import keras
import numpy as np
import numpy.typing as npt

from training.modelling.efficientnet_lite0 import DIMENSION, WEIGHTS_SHA256
from training.modelling.recipes.base import FitContext
from training.serving.preprocessing import Pixels

FILE = "embeddings.npy"
BATCH = 32
HASH_CHUNK = 512
REPORT_EVERY = 320


def cached_embeddings(encoder: keras.Model, context: FitContext) -> npt.NDArray[np.float32]:
    """Return (n, 1280) float32 for all rows of the run.

    Looked for in the run's folder, then in the cache folder of the specification under a name that hashes the encoder's
    weights and the prepared pixels themselves: so a stale file cannot be met.
    """
    here = context.folder / FILE
    if here.is_file():
        return np.asarray(np.load(here, allow_pickle=False), dtype=np.float32)
    shared = _shared_path(context)
    if shared and shared.is_file():
        context.reporter.message("The embeddings of these pictures are known from an earlier run.")
        embeddings: npt.NDArray[np.float32] = np.load(shared, allow_pickle=False)
    else:
        embeddings = _embed(encoder, context)
        if shared:
            _write(shared, embeddings)
    _write(here, embeddings)
    return embeddings


def _embed(encoder: keras.Model, context: FitContext) -> npt.NDArray[np.float32]:
    total = len(context.pixels)
    result = np.empty((total, DIMENSION), dtype=np.float32)
    for start in range(0, total, BATCH):
        context.reporter.check()
        if start and start % REPORT_EVERY == 0:
            context.reporter.message(f"{start} of {total} pictures are embedded.")
        result[start : start + BATCH] = encoder.predict_on_batch(
            context.pixels[start : start + BATCH].astype(np.float32)
        )
    return result


def _shared_path(context: FitContext) -> Path | None:
    if context.spec.cache_folder is None:
        return None
    folder = Path(context.spec.cache_folder)
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"embeddings-{_key(context.pixels)}.npy"


def _key(pixels: Pixels) -> str:
    digest = hashlib.sha256(json.dumps([WEIGHTS_SHA256, list(pixels.shape)]).encode())
    for start in range(0, len(pixels), HASH_CHUNK):
        digest.update(np.ascontiguousarray(pixels[start : start + HASH_CHUNK]).tobytes())
    return digest.hexdigest()[:32]


def _write(path: Path, values: npt.NDArray[np.float32]) -> None:
    """Write to a temporary name and rename, so that a killed run leaves no half file under the real one."""
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp.npy")
    np.save(temporary, values, allow_pickle=False)
    temporary.replace(path)
