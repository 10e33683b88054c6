"""Read the tensors of a torch file (legacy stream format) without torch and without running code.

A torch file is a chain of pickles followed by raw storages, and a pickle can run anything. This reader admits exactly
the four names that a dictionary of tensors needs, and refuses every other; the file must also have the hash that was
reviewed.
"""

import hashlib
import io
import pickle
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

MAGIC_NUMBER = 0x1950A86A20F9469CFC6C
PROTOCOL_VERSION = 1001


class UnsafeWeights(ValueError):
    """A weights file that is not the reviewed one, or that asks for anything but tensors."""


@dataclass(frozen=True)
class _StorageType:
    dtype: str


@dataclass(frozen=True)
class _TensorRef:
    """A view on a storage that has not been read yet; offset and strides count elements."""

    key: str
    dtype: str
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]


def _rebuild(
    storage: tuple[str, str], offset: int, shape: tuple[int, ...], strides: tuple[int, ...], *_: Any
) -> _TensorRef:
    key, dtype = storage
    return _TensorRef(key, dtype, int(offset), tuple(map(int, shape)), tuple(map(int, strides)))


class TensorUnpickler(pickle.Unpickler):
    """An unpickler that can build ordered dictionaries of tensors and nothing else."""

    _ADMITTED: dict[tuple[str, str], Any] = {
        ("collections", "OrderedDict"): OrderedDict,
        ("torch._utils", "_rebuild_tensor_v2"): _rebuild,
        ("torch", "FloatStorage"): _StorageType("<f4"),
        ("torch", "LongStorage"): _StorageType("<i8"),
    }

    def find_class(self, module: str, name: str) -> Any:
        """Return an admitted name. Raises UnsafeWeights for any other."""
        try:
            return self._ADMITTED[module, name]
        except KeyError:
            raise UnsafeWeights(
                f"The weights file asks for {module}.{name}, which is not a tensor. Nothing was run."
            ) from None

    def persistent_load(self, pid: Any) -> tuple[str, str]:
        """Return (storage key, dtype) for a storage reference."""
        if not (isinstance(pid, tuple) and len(pid) >= 5 and pid[0] == "storage" and isinstance(pid[1], _StorageType)):
            raise UnsafeWeights("The weights file refers to something that is not a storage.")
        if len(pid) > 5 and pid[5] is not None:
            raise UnsafeWeights("Views on storages are not supported.")
        return str(pid[2]), pid[1].dtype


def read_torch_tensors(path: Path, *, sha256: str) -> dict[str, npt.NDArray[Any]]:
    """Return the tensors of a torch file by name.

    sha256: hex digest of the file that was reviewed. Raises UnsafeWeights for another file, or for one that asks for
    anything but tensors (then no code of it was run).
    """
    content = path.read_bytes()
    found = hashlib.sha256(content).hexdigest()
    if found != sha256:
        raise UnsafeWeights(f"{path.name} is not the reviewed file: its SHA-256 is {found}, expected {sha256}.")
    return parse_torch_stream(io.BytesIO(content))


def parse_torch_stream(stream: BinaryIO) -> dict[str, npt.NDArray[Any]]:
    """Return the tensors of a legacy torch stream by name. Raises UnsafeWeights."""
    try:
        if TensorUnpickler(stream).load() != MAGIC_NUMBER or TensorUnpickler(stream).load() != PROTOCOL_VERSION:
            raise UnsafeWeights("This is not a torch file in the legacy stream format.")
        if not TensorUnpickler(stream).load().get("little_endian", False):
            raise UnsafeWeights("Only little-endian weights files are supported.")
        state, keys = TensorUnpickler(stream).load(), TensorUnpickler(stream).load()
    except (pickle.UnpicklingError, EOFError, AttributeError, TypeError, IndexError) as error:
        raise UnsafeWeights(f"The weights file cannot be read ({error}).") from error
    references = {name: value for name, value in state.items() if isinstance(value, _TensorRef)}
    if len(references) != len(state):
        raise UnsafeWeights("The weights file holds something besides tensors.")
    dtypes = {reference.key: reference.dtype for reference in references.values()}
    storages = {key: _read_storage(stream, dtypes[key]) for key in keys}
    return {name: _materialise(reference, storages[reference.key]) for name, reference in references.items()}


def _read_storage(stream: BinaryIO, dtype: str) -> npt.NDArray[Any]:
    count = int.from_bytes(stream.read(8), "little")
    size = count * np.dtype(dtype).itemsize
    raw = stream.read(size)
    if len(raw) != size:
        raise UnsafeWeights("The weights file is cut off.")
    return np.frombuffer(raw, dtype=dtype)


def _materialise(reference: _TensorRef, storage: npt.NDArray[Any]) -> npt.NDArray[Any]:
    last = reference.offset + sum(
        (side - 1) * step for side, step in zip(reference.shape, reference.strides, strict=True)
    )
    if reference.offset < 0 or min(reference.strides, default=0) < 0 or last >= storage.size:
        raise UnsafeWeights("A tensor of the weights file reaches outside its storage.")
    steps = [step * storage.itemsize for step in reference.strides]
    view = np.lib.stride_tricks.as_strided(storage[reference.offset :], reference.shape, steps, writeable=False)
    return np.ascontiguousarray(view)
