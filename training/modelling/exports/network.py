"""Networks in other formats.

Everything starts from a SavedModel, since the direct ways write broken files without an error.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import numpy.typing as npt
import onnx
import tensorflow as tf

from training.modelling.exports.errors import ExportError

OPSET = 17
ONNX_FILE = "model.onnx"
INT8_FILE = "model.int8.tflite"


def export_network(model: keras.Model, name: str, folder: Path, pictures: npt.NDArray[np.float32]) -> Path:
    """Write a Keras model in a format and return the file. pictures: representative inputs for int8.

    Raises ExportError.
    """
    if name == "onnx":
        return export_onnx(model, folder / ONNX_FILE)
    if name == "litert_int8":
        return export_int8(model, folder / INT8_FILE, pictures)
    raise ExportError(f"There is no export named {name!r}.")


def export_onnx(model: keras.Model, path: Path, *, metadata: dict[str, str] | None = None) -> Path:
    """Write ONNX with any batch size, by SavedModel and tf2onnx in a process of its own.

    Raises ExportError with its last words.
    """
    saved = _saved_model(model, path.with_suffix(".saved"), batch=None)
    command = [
        sys.executable,
        "-m",
        "tf2onnx.convert",
        "--saved-model",
        str(saved),
        "--signature_def",
        "serving_default",
    ]
    command += ["--tag", "serve", "--opset", str(OPSET), "--output", str(path)]
    environment = os.environ | {
        "PYTHONHASHSEED": "0"
    }  # tf2onnx walks sets: without it the names change from run to run
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    shutil.rmtree(saved, ignore_errors=True)
    if done.returncode != 0 or not path.is_file():
        raise ExportError(f"tf2onnx failed: {done.stderr.strip()[-500:]}")
    _tidy(path, metadata or {})
    return path


def export_int8(model: keras.Model, path: Path, pictures: npt.NDArray[np.float32]) -> Path:
    """Write LiteRT with int8 weights and activations, float input and output, a batch of one.

    Ranges from the pictures given.
    """
    saved = _saved_model(model, path.with_suffix(".saved"), batch=1)
    converter = tf.lite.TFLiteConverter.from_saved_model(str(saved))
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.representative_dataset = lambda: ([picture[None]] for picture in pictures)
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
    try:
        content = converter.convert()
    except Exception as error:  # the converter raises its own and the compiler's types for one meaning
        raise ExportError(f"The int8 conversion failed: {error}") from error
    finally:
        shutil.rmtree(saved, ignore_errors=True)
    path.write_bytes(content)
    return path


def _saved_model(model: keras.Model, folder: Path, batch: int | None) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    signature = [keras.InputSpec(shape=(batch, *model.input_shape[1:]), dtype="float32", name="image")]
    model.export(str(folder), format="tf_saved_model", verbose=False, input_signature=signature)
    return folder


def _tidy(path: Path, metadata: dict[str, str]) -> None:
    """Drop what the converter notes about itself and add metadata, so that the same model gives the same bytes."""
    proto = onnx.load(str(path))
    proto.producer_name, proto.producer_version, proto.doc_string, proto.graph.doc_string = "touchstone", "", "", ""
    proto.graph.name = "touchstone"
    for node in proto.graph.node:
        node.doc_string = ""
    del proto.metadata_props[:]
    _rename(proto.graph)
    for key, value in sorted(metadata.items()):
        proto.metadata_props.add(key=key, value=value)
    onnx.checker.check_model(proto)
    path.write_bytes(proto.SerializeToString(deterministic=True))


def _rename(graph: onnx.GraphProto) -> None:
    """Number tensors and nodes in order of use: the converter's own names change from run to run."""
    if any(attribute.HasField("g") for node in graph.node for attribute in node.attribute):
        return  # names inside subgraphs refer to the outside
    names = {value.name: value.name for value in (*graph.input, *graph.output)} | {"": ""}
    for number, node in enumerate(graph.node):
        node.name = f"node{number}"
        for side in (node.input, node.output):
            side[:] = [names.setdefault(name, f"tensor{len(names)}") for name in side]
    for constant in graph.initializer:
        constant.name = names.setdefault(constant.name, f"tensor{len(names)}")
    ordered = sorted(graph.initializer, key=lambda constant: constant.name)
    del graph.initializer[:], graph.value_info[:]
    graph.initializer.extend(ordered)
    for value in (*graph.input, *graph.output):
        if not value.type.tensor_type.shape.dim[0].HasField("dim_value"):
            value.type.tensor_type.shape.dim[0].dim_param = "batch"
