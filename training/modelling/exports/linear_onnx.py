"""ONNX graphs written by hand for models that are not networks: from pixels to probabilities, any batch size."""

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

OPSET = 17
IR_VERSION = 9


class GraphWriter:
    """Collects nodes and constants of a graph with one input "image" and one output "probabilities"."""

    def __init__(self, side: int, outputs: int) -> None:
        self._nodes: list[onnx.NodeProto] = []
        self._constants: list[onnx.TensorProto] = []
        self._input = helper.make_tensor_value_info("image", TensorProto.FLOAT, ["batch", side, side, 3])
        self._output = helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, ["batch", outputs])

    def constant(self, name: str, values: npt.NDArray[np.generic]) -> str:
        """Add a constant and return its name."""
        self._constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def node(self, operator: str, inputs: list[str], output: str, **attributes: Any) -> str:
        """Add a node with one output and return the output's name."""
        self._nodes.append(helper.make_node(operator, inputs, [output], name=output, **attributes))
        return output

    def finish(self) -> onnx.ModelProto:
        """Return the checked model. Raises onnx.checker.ValidationError."""
        graph = helper.make_graph(self._nodes, "touchstone", [self._input], [self._output], self._constants)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], producer_name="touchstone")
        model.ir_version = IR_VERSION
        onnx.checker.check_model(model)
        return model


def linear_graph(
    mean: npt.NDArray[np.float32],
    scale: npt.NDArray[np.float32],
    weights: npt.NDArray[np.float32],
    bias: npt.NDArray[np.float32],
    link: str,
    *,
    side: int,
    grid: int,
    bins: int,
) -> onnx.ModelProto:
    """Return the graph of `baseline_logistic`: cell means and histograms, standardised, linear, softmax or sigmoid.

    mean, scale: (features,), weights: (features, outputs), bias: (outputs,); features as `features_of` orders them.
    """
    graph, cell = GraphWriter(side, len(bias)), side // grid
    cells = graph.constant("cells_shape", np.array([0, grid, cell, grid, cell, 3], dtype=np.int64))
    flat = graph.constant("flat_shape", np.array([0, -1], dtype=np.int64))
    blocks = graph.node("Reshape", ["image", cells], "blocks")
    means = graph.node("ReduceMean", [blocks], "cell_means", axes=[2, 4], keepdims=0)
    means = graph.node("Reshape", [means, flat], "cell_means_flat")
    means = graph.node(
        "Div", [means, graph.constant("white", np.array([255.0], dtype=np.float32))], "cell_means_scaled"
    )
    histogram = _histogram(graph, bins, flat)
    features = graph.node("Concat", [means, histogram], "features", axis=1)
    centred = graph.node("Sub", [features, graph.constant("mean", mean)], "centred")
    standard = graph.node("Div", [centred, graph.constant("scale", scale)], "standardised")
    product = graph.node("MatMul", [standard, graph.constant("weights", weights)], "product")
    logits = graph.node("Add", [product, graph.constant("bias", bias)], "logits")
    if link == "sigmoid":
        graph.node("Sigmoid", [logits], "probabilities")
    else:
        graph.node("Softmax", [logits], "probabilities", axis=1)
    return graph.finish()


def _histogram(graph: GraphWriter, bins: int, flat: str) -> str:
    """Add the histograms: pixels to (batch, pixels, 3, 1), compared with the bin numbers, averaged over pixels."""
    shape = graph.constant("pixels_shape", np.array([0, -1, 3, 1], dtype=np.int64))
    pixels = graph.node("Reshape", ["image", shape], "pixels")
    scaled = graph.node(
        "Mul", [pixels, graph.constant("bins_per_value", np.array([bins / 256], dtype=np.float32))], "pixels_scaled"
    )
    number = graph.node("Floor", [scaled], "bin_number")
    hit = graph.node("Equal", [number, graph.constant("bin_numbers", np.arange(bins, dtype=np.float32))], "in_bin")
    counted = graph.node("Cast", [hit], "in_bin_float", to=TensorProto.FLOAT)
    shares = graph.node("ReduceMean", [counted], "histogram", axes=[1], keepdims=0)
    return graph.node("Reshape", [shares, flat], "histogram_flat")


def constant_graph(probabilities: npt.NDArray[np.float64], side: int) -> onnx.ModelProto:
    """Return a graph that answers every picture with the same (outputs,) probabilities."""
    graph = GraphWriter(side, len(probabilities))
    row = graph.constant("shares", probabilities.astype(np.float32)[None])
    shape = graph.node("Shape", ["image"], "image_shape")
    batch = graph.node("Gather", [shape, graph.constant("first", np.array([0], dtype=np.int64))], "batch_size", axis=0)
    width = graph.constant("outputs", np.array([len(probabilities)], dtype=np.int64))
    target = graph.node("Concat", [batch, width], "target_shape", axis=0)
    graph.node("Expand", [row, target], "probabilities")
    return graph.finish()


def write_graph(model: onnx.ModelProto, path: Path) -> Path:
    """Write a model and return the path."""
    path.write_bytes(model.SerializeToString(deterministic=True))
    return path
