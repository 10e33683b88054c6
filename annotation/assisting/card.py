"""What an operator writes beside the weights: which inputs the two halves take and what they are made for."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

MAX_BYTES = 64 * 1024
MAX_SIDE = 2048
MAX_CONSTANT = 4_000_000  # numbers in an input that is filled with one value
MAX_DIMENSIONS = 8
LARGEST = 1e30  # well within float32


class CardRefused(Exception):
    """The card cannot be used; the message is a sentence for the operator."""


@dataclass(frozen=True, kw_only=True)
class Constant:
    """An input of the decoder that is the same for every hint, e.g. “no earlier mask”: float32, filled with `value`."""

    name: str
    shape: tuple[int, ...]
    value: float


@dataclass(frozen=True, kw_only=True)
class ModelCard:
    """How a pair is asked.

    The encoder takes `image`: float32 (1, 3, side, side) or, by `channels_last`, (1, side, side, 3): the upright RGB
    picture with its longest side scaled to `side`, each channel minus `mean` through `std` (units of 0 to 255), zeros
    right of it and below. `embeddings` are its outputs with the inputs of the decoder that take them. The decoder takes
    `points`: float32 (1, n, 2) in pixels of that frame, and `labels`: float32 (1, n) with 1 inside, 0 outside, 2 and 3
    the corners of the box. It gives `masks`: (1, k, h, h) logits over the frame, and perhaps `scores`: (1, k).
    """

    name: str
    licence: str
    side: int
    mean: tuple[float, float, float]
    std: tuple[float, float, float]
    image: str
    channels_last: bool
    embeddings: tuple[tuple[str, str], ...]
    points: str
    labels: str
    masks: str
    scores: str | None
    constants: tuple[Constant, ...]


def read_card(content: bytes) -> ModelCard:
    """The card in a JSON document (docs/labeling.md). Raises CardRefused."""
    if len(content) > MAX_BYTES:
        raise CardRefused("card.json is larger than 64 KiB.")
    try:
        document = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise CardRefused(f"card.json is no JSON ({error}).") from error
    top = _Part(document, "")
    picture, encoder, decoder = top.part("input"), top.part("encoder"), top.part("decoder")
    pairs = encoder.part("embeddings").given
    if not pairs or not all(isinstance(one, str) and one for pair in pairs.items() for one in pair):
        raise CardRefused("card.json: encoder.embeddings must name outputs of the encoder and inputs of the decoder.")
    if len(set(pairs.values())) < len(pairs):
        raise CardRefused("card.json: encoder.embeddings gives one input of the decoder two outputs.")
    return ModelCard(
        name=top.text("name"),
        licence=top.text("licence"),
        side=_side(picture),
        mean=picture.three("mean"),
        std=_positive(picture.three("std")),
        image=encoder.text("image"),
        channels_last=encoder.given.get("channels_last", False) is True,
        embeddings=tuple(pairs.items()),
        points=decoder.text("points"),
        labels=decoder.text("labels"),
        masks=decoder.text("masks"),
        scores=decoder.text("scores") if "scores" in decoder.given else None,
        constants=tuple(_constant(name, given) for name, given in decoder.part("constants", {}).given.items()),
    )


class _Part:
    """An object of the document, and where it is."""

    def __init__(self, given: Any, place: str) -> None:
        if not isinstance(given, Mapping):
            raise CardRefused(f"card.json: {place or 'the whole'} must be an object.")
        self.given = given
        self.place = place

    def part(self, key: str, default: Any = None) -> "_Part":
        return _Part(self.given.get(key, default), f"{self.place}{key}")

    def text(self, key: str) -> str:
        value = self.given.get(key)
        if not isinstance(value, str) or not 0 < len(value.strip()) <= 200:
            raise CardRefused(f"card.json: {self._at(key)} must be a text of 1 to 200 characters.")
        return value.strip()

    def three(self, key: str) -> tuple[float, float, float]:
        value = self.given.get(key)
        if not isinstance(value, list) or len(value) != 3 or not all(_is_number(one) for one in value):
            raise CardRefused(f"card.json: {self._at(key)} must be three numbers, for red, green and blue.")
        return float(value[0]), float(value[1]), float(value[2])

    def _at(self, key: str) -> str:
        return f"{self.place}.{key}" if self.place else key


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < LARGEST


def _side(picture: _Part) -> int:
    side = picture.given.get("side")
    if not isinstance(side, int) or isinstance(side, bool) or not 16 <= side <= MAX_SIDE:
        raise CardRefused(f"card.json: input.side must be a whole number from 16 to {MAX_SIDE}.")
    return side


def _positive(values: tuple[float, float, float]) -> tuple[float, float, float]:
    if min(values) <= 0:
        raise CardRefused("card.json: input.std must be above zero.")
    return values


def _constant(name: str, given: Any) -> Constant:
    part = _Part(given, f"decoder.constants.{name}")
    shape, value = part.given.get("shape"), part.given.get("value", 0)
    usable = isinstance(shape, list) and all(isinstance(n, int) and not isinstance(n, bool) and n > 0 for n in shape)
    if not isinstance(shape, list) or not usable or len(shape) > MAX_DIMENSIONS or math.prod(shape) > MAX_CONSTANT:
        raise CardRefused(f"card.json: {part.place} must have a shape of up to {MAX_DIMENSIONS} whole numbers.")
    if not _is_number(value):
        raise CardRefused(f"card.json: {part.place}.value must be a number.")
    return Constant(name=name, shape=tuple(shape), value=float(value))
