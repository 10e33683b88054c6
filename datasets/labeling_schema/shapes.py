"""Shapes of an answer, checked against question and picture and brought into one canonical form.

The drawing engine's `model/json.ts` and `model/validate.ts` read and check the same; the contract is
docs/label-format.md.
"""

import math
import re
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from datasets.geometry import faults as geometry
from datasets.geometry.rle import counts_from_string, counts_to_string, plain_counts
from datasets.labeling_schema.attribute_values import canonical_attributes
from datasets.labeling_schema.document import TOOLS, Question
from datasets.labeling_schema.refusal import AnswerFault, InvalidAnswer, refusal
from datasets.labeling_schema.shape_words import said_of, told

MAX_SHAPES = 20_000
MAX_NUMBERS = 20_000  # coordinates of one shape
MAX_FAULTS = 20
_ID = re.compile(r"[A-Za-z0-9_.:-]{1,64}")

Shape = dict[str, Any]
Size = tuple[int, int]


def canonical_shapes(question: Question, value: object, size: Size | None) -> list[Shape]:
    """The shapes, lowest first. Raises InvalidAnswer with up to 20 faults, each at its shape."""
    if size is None:
        raise InvalidAnswer("Shapes can only be drawn on a picture whose size is known.", code="no_picture")
    if not isinstance(value, list) or not value:
        raise InvalidAnswer(f'Draw at least one shape to answer "{question.key}".', code="empty")
    most = question.max_shapes or MAX_SHAPES
    if len(value) > most:
        sentence = f'"{question.key}" takes at most {most:,} shapes, not {len(value):,}. Delete some.'
        raise InvalidAnswer(sentence, code="too_many_shapes")
    found: list[Shape] = []
    faults: list[AnswerFault] = []
    ids: set[str] = set()
    for index, raw in enumerate(value):
        try:
            shape = _ShapeReader(question, raw, size).read()
            if shape["id"] in ids:
                raise ShapeFault("duplicate_id", field="id")
        except ShapeFault as fault:
            faults.append(_told(question, raw, index, fault, size))
            if len(faults) == MAX_FAULTS:
                break
            continue
        ids.add(shape["id"])
        found.append(shape)
    if faults:
        raise InvalidAnswer(faults[0].sentence, faults=faults)
    return found


class ShapeFault(Exception):
    def __init__(
        self, code: str, *, field: str = "", detail: str = "", at: tuple[float, float] | None = None,
        vertex: int | None = None, ring: int | None = None,
    ) -> None:  # fmt: skip
        super().__init__(code)
        self.code, self.field, self.detail, self.at, self.vertex, self.ring = code, field, detail, at, vertex, ring


def _told(question: Question, raw: object, index: int, fault: ShapeFault, size: Size) -> AnswerFault:
    sentence = told(
        fault.code, shape=said_of(question, raw, index), detail=fault.detail, field=fault.field, at=fault.at, size=size,
        vertex=fault.vertex, ring=fault.ring, tools=question.tools,
    )  # fmt: skip
    return AnswerFault(place=f"answer.shapes[{index}]", code=fault.code, sentence=sentence, at=fault.at)


def hundredths(value: float) -> int | float:
    """To hundredths of a pixel, halves upwards as JavaScript rounds; whole numbers as int."""
    rounded = math.floor(value * 100 + 0.5) / 100
    return int(rounded) if rounded.is_integer() else rounded


def normal_angle(degrees: float) -> float:
    """The same angle, above -180 up to 180."""
    turned = math.fmod(degrees, 360)
    if turned <= -180:
        return turned + 360
    return turned - 360 if turned > 180 else turned


class _ShapeReader:
    def __init__(self, question: Question, raw: object, size: Size) -> None:
        if not isinstance(raw, Mapping):
            raise ShapeFault("not_a_shape")
        self.question, self.raw, self.size = question, raw, size

    def read(self) -> Shape:
        raw, kind = self.raw, self.raw.get("type")
        if not isinstance(kind, str) or kind not in TOOLS:
            raise ShapeFault("unknown_type", detail=repr(kind))
        if kind not in self.question.tools:
            raise ShapeFault("tool_not_allowed", detail=kind)
        if not isinstance(raw.get("id"), str) or not _ID.fullmatch(raw["id"]):
            raise ShapeFault("bad_field", field="id")
        key = raw.get("class")
        if key in (None, ""):
            raise ShapeFault("no_class")
        code, sentence = refusal(self.question, key)
        if code:
            raise ShapeFault(code, detail=sentence)
        readers: Mapping[str, Callable[[], dict[str, Any]]] = {
            "box": self.box, "rotated_box": self.rotated_box, "polygon": self.polygon, "polyline": self.polyline,
            "point": self.point, "keypoints": self.keypoints, "mask": self.mask,
        }  # fmt: skip
        shape: Shape = {"id": raw["id"], "type": kind, "class": key, **readers[kind]()}
        if attributes := self.attributes(str(key)):
            shape["attributes"] = attributes
        return shape

    def attributes(self, key: str) -> dict[str, Any]:
        try:
            return canonical_attributes(self.question, key, self.raw.get("attributes", {}))
        except InvalidAnswer as error:
            raise ShapeFault("bad_attribute", detail=str(error)) from None

    def box(self) -> dict[str, Any]:
        box = self.numbers("box", 4)
        self.check(geometry.box_fault(box, self.size))
        return {"box": [hundredths(one) for one in box]}

    def rotated_box(self) -> dict[str, Any]:
        box = self.numbers("box", 5)
        self.check(geometry.rotated_box_fault(box, self.size))
        return {"box": [*(hundredths(one) for one in box[:4]), hundredths(normal_angle(hundredths(box[4])))]}

    def polygon(self) -> dict[str, Any]:
        rings = self.raw.get("rings")
        if not isinstance(rings, list) or not all(isinstance(ring, list) for ring in rings):
            raise ShapeFault("bad_field", field="rings")
        if sum(map(len, rings)) > MAX_NUMBERS:
            raise ShapeFault("too_many_points")
        flat = [self.rounded("rings", ring) for ring in rings]
        self.check(geometry.polygon_fault([_pairs(ring, "rings") for ring in flat], self.size))
        return {"rings": flat}

    def polyline(self) -> dict[str, Any]:
        points = self.rounded("points", self.numbers("points"))
        self.check(geometry.polyline_fault(_pairs(points, "points"), self.size))
        return {"points": points}

    def point(self) -> dict[str, Any]:
        points = self.rounded("points", self.numbers("points", 2))
        self.check(geometry.outside_fault(_pairs(points, "points"), self.size))
        return {"points": points}

    def keypoints(self) -> dict[str, Any]:
        template = self.raw.get("template")
        skeleton = self.question.skeleton_by_key.get(template) if isinstance(template, str) else None
        if skeleton is None:
            raise ShapeFault("unknown_template", detail=repr(template))
        raw = self.numbers("points")
        if len(raw) % 3 or any(seen not in (0, 1, 2) for seen in raw[2::3]):
            raise ShapeFault("bad_field", field="points")
        if len(raw) != 3 * len(skeleton.names):
            raise ShapeFault("key_point_count", detail=f"{len(skeleton.names)}|{len(raw) // 3}")
        points: list[int | float] = []
        for x, y, seen in zip(raw[::3], raw[1::3], raw[2::3], strict=True):
            points += [hundredths(x), hundredths(y), int(seen)] if seen else [0, 0, 0]
        there = [(x, y) for x, y, seen in zip(points[::3], points[1::3], points[2::3], strict=True) if seen]
        if not there:
            raise ShapeFault("key_points_absent")
        self.check(geometry.outside_fault(np.array(there, dtype=np.float64), self.size))
        return {"template": template, "points": points}

    def mask(self) -> dict[str, Any]:
        rle = self.raw.get("rle")
        size, counts = (rle.get("size"), rle.get("counts")) if isinstance(rle, Mapping) else (None, None)
        if isinstance(counts, str):
            counts = counts_from_string(counts)
        whole = isinstance(counts, list) and all(type(one) is int for one in counts)
        sized = isinstance(size, list) and len(size) == 2 and all(type(one) is int for one in size)
        if not whole or not sized or not isinstance(counts, list) or not isinstance(size, list):
            raise ShapeFault("bad_field", field="rle")
        height, width = size
        fault = geometry.mask_fault((width, height), counts, self.size)
        if fault is not None:
            raise ShapeFault(fault.code, detail=f"{width} x {height}")
        return {"rle": {"size": size, "counts": counts_to_string(plain_counts(counts))}}

    def check(self, fault: geometry.Fault | None) -> None:
        if fault is not None:
            raise ShapeFault(fault.code, at=fault.at, vertex=fault.vertex, ring=fault.ring)

    def numbers(self, field: str, length: int | None = None) -> list[float]:
        value = self.raw.get(field)
        if not isinstance(value, list) or (length is not None and len(value) != length):
            raise ShapeFault("bad_field", field=field)
        if len(value) > MAX_NUMBERS:
            raise ShapeFault("too_many_points")
        _finite(value, field)
        return value

    def rounded(self, field: str, value: list[Any]) -> list[int | float]:
        _finite(value, field)
        return [hundredths(one) for one in value]


def _finite(value: list[Any], field: str) -> None:
    for one in value:
        if type(one) is not int and type(one) is not float:
            raise ShapeFault("bad_field", field=field)
        if not -1e9 < one < 1e9:  # nan too
            raise ShapeFault("not_a_number", field=field)


def _pairs(flat: list[int | float], field: str) -> NDArray[np.float64]:
    if len(flat) % 2:
        raise ShapeFault("bad_field", field=field)
    return np.array(flat, dtype=np.float64).reshape(-1, 2)
