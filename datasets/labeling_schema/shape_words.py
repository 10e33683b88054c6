"""The sentence for each fault of a shape: which shape, where, and what to do about it."""

from collections.abc import Mapping, Sequence

from datasets.labeling_schema.document import Question

_SENTENCES: Mapping[str, str] = {
    "not_a_shape": "{shape} is not an object. Draw it again.",
    "unknown_type": "{shape} has the type {detail}, which does not exist. Draw it with one of {tools}.",
    "tool_not_allowed": "{shape} was drawn as {detail}, which this question does not take. Draw it as one of {tools}.",
    "bad_field": "{shape} cannot be read: its field {field!r} is missing or of the wrong form. Draw it again.",
    "not_a_number": "{shape} has a coordinate that is no number a picture could have. Draw it again.",
    "duplicate_id": "{shape} has the id of another shape. Copy it again, so that it gets its own.",
    "no_class": "{shape} has no class. Choose one.",
    "unknown_class": "{shape}: {detail} Choose another class.",
    "retired_class": "{shape}: {detail}",
    "bad_attribute": "{shape}: {detail}",
    "outside_image": "{shape} reaches out of the picture{where}, which is {width} x {height} pixels. Move it inside.",
    "too_small": "{shape} is smaller than half a pixel{where}. Enlarge or delete it.",
    "too_few_points": "{shape} has too few points{where}: a polygon needs 3, a line 2. Add points or delete it.",
    "too_many_points": "{shape} has more than 10,000 points. Simplify it or paint it as a mask.",
    "self_crossing": "{shape} crosses itself{where}. Move or delete that point.",
    "rings_crossing": "{shape} has a hole that crosses its outline or another hole{where}. Move it.",
    "hole_outside": "{shape} has a hole that does not lie in it{where}. Move or delete the hole.",
    "mask_size": "{shape} is a mask of {detail} pixels, the picture is {width} x {height}. Paint it on this picture.",
    "mask_counts": "{shape} is a mask whose run lengths do not add up to {width} x {height} pixels. Paint it again.",
    "mask_empty": "{shape} is a mask without any ink. Paint it or delete it.",
    "unknown_template": "{shape} follows the skeleton {detail}, which this question does not have. Place it anew.",
    "key_point_count": "{shape} has {second} key points, its skeleton {first}. Place it anew.",
    "key_points_absent": "{shape} has no key point that is there. Place at least one or delete it.",
}


def said_of(question: Question, raw: object, index: int) -> str:
    """How a person finds the shape: its number in the list, and its class."""
    key = raw.get("class") if isinstance(raw, Mapping) else None
    found = question.by_key.get(key) if isinstance(key, str) else None
    return f"Shape {index + 1}" + (f" (“{found.names.get('en', found.key)}”)" if found else "")


def told(
    code: str, *, shape: str, detail: str, field: str, at: tuple[float, float] | None, size: tuple[int, int],
    vertex: int | None, ring: int | None, tools: Sequence[str],
) -> str:  # fmt: skip
    """The sentence. detail: what the code needs; two values are joined by "|"."""
    first, _, second = detail.partition("|")
    where = f" at point {vertex + 1}" if vertex is not None else ""
    where += f" of hole {ring}" if ring else ""
    where += f" ({at[0]:g}, {at[1]:g})" if at else ""
    return _SENTENCES[code].format(
        shape=shape, detail=detail, first=first, second=second, field=field, where=where, width=size[0],
        height=size[1], tools=", ".join(tools),
    )  # fmt: skip
