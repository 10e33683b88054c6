"""A tiny pair that does what a large one does: the encoder thins a picture, the decoder finds what is red in a box."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

SIDE = 64
CELLS = 16

CARD: dict[str, Any] = {
    "name": "Red things",
    "licence": "CC0-1.0",
    "input": {"side": SIDE, "mean": [127.5, 127.5, 127.5], "std": [127.5, 127.5, 127.5]},
    "encoder": {"image": "picture", "embeddings": {"thin": "features"}},
    "decoder": {
        "points": "point_coords",
        "labels": "point_labels",
        "masks": "low_res_masks",
        "scores": "quality",
        "constants": {"shift": {"shape": [1], "value": 0.0}},
    },
}


def write_pair(folder: Path, card: dict[str, Any] | None = None) -> Path:
    """encoder.onnx, decoder.onnx and card.json in a folder of their own."""
    folder.mkdir(parents=True, exist_ok=True)
    onnx.save(_encoder(), folder / "encoder.onnx")
    onnx.save(_decoder(), folder / "decoder.onnx")
    (folder / "card.json").write_text(json.dumps(card or CARD))
    return folder


def _value(name: str, *shape: Any, kind: int = TensorProto.FLOAT) -> Any:
    return helper.make_tensor_value_info(name, kind, list(shape))


def _model(nodes: list[Any], inputs: list[Any], outputs: list[Any], constants: dict[str, Any]) -> Any:
    initial = [numpy_helper.from_array(np.asarray(value), name) for name, value in constants.items()]
    graph = helper.make_graph(nodes, "tiny", inputs, outputs, initial)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=8)


def _encoder() -> Any:
    step = SIDE // CELLS
    thin = helper.make_node("AveragePool", ["picture"], ["thin"], kernel_shape=[step, step], strides=[step, step])
    return _model([thin], [_value("picture", 1, 3, SIDE, SIDE)], [_value("thin", 1, 3, CELLS, CELLS)], {})


def _decoder() -> Any:
    """Mask 0 is what is not red, with the lower score; mask 1 what is red, in the box: the last two points.

    The first point, where there are three, empties the mask when its label is 0.
    """
    centres = (np.arange(CELLS, dtype=np.float32) + 0.5) * (SIDE / CELLS)
    node = helper.make_node
    nodes = [
        node("Split", ["features"], ["red", "green", "blue"], axis=1, num_outputs=3),
        node("Sub", ["red", "green"], ["redness"]),
        node("Add", ["redness", "shift"], ["shifted"]),
        node("Slice", ["point_coords", "minus_two", "minus_one", "axis_one"], ["low"]),
        node("Slice", ["point_coords", "minus_one", "far", "axis_one"], ["high"]),
        node("Reshape", ["low", "two"], ["low2"]),
        node("Reshape", ["high", "two"], ["high2"]),
        node("Split", ["low2"], ["x0", "y0"], axis=0, num_outputs=2),
        node("Split", ["high2"], ["x1", "y1"], axis=0, num_outputs=2),
        node("Greater", ["columns", "x0"], ["right_of"]),
        node("Less", ["columns", "x1"], ["left_of"]),
        node("Greater", ["rows", "y0"], ["below"]),
        node("Less", ["rows", "y1"], ["above"]),
        node("And", ["right_of", "left_of"], ["across"]),
        node("And", ["below", "above"], ["down"]),
        node("And", ["across", "down"], ["within"]),
        node("ReduceMin", ["point_labels"], ["least"], keepdims=0),
        node("Greater", ["least", "half"], ["wanted"]),
        node("And", ["within", "wanted"], ["asked"]),
        node("Where", ["asked", "shifted", "outside"], ["found"]),
        node("Neg", ["redness"], ["rest"]),
        node("Concat", ["rest", "found"], ["low_res_masks"], axis=1),
        node("Identity", ["scores"], ["quality"]),
    ]
    constants = {
        "columns": centres.reshape(1, 1, 1, CELLS), "rows": centres.reshape(1, 1, CELLS, 1),
        "minus_two": np.int64([-2]), "minus_one": np.int64([-1]), "far": np.int64([1000]), "axis_one": np.int64([1]),
        "two": np.int64([2]), "half": np.float32(0.5), "outside": np.float32(-1), "scores": np.float32([[0.3, 0.9]]),
    }  # fmt: skip
    inputs = [
        _value("features", 1, 3, CELLS, CELLS), _value("point_coords", 1, "n", 2), _value("point_labels", 1, "n"),
        _value("shift", 1),
    ]  # fmt: skip
    return _model(nodes, inputs, [_value("low_res_masks", 1, 2, CELLS, CELLS), _value("quality", 1, 2)], constants)
