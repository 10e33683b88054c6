"""A second queue of the demo: two questions at once, the second asked only where there is something to draw."""

from typing import Any

QUEUE = "Where are its parts?"
PICTURES = 40

_COUNT = {
    "key": "parts",
    "kind": "single_choice",
    "title": {"en": "Does the thing have parts?", "ko": "부분으로 나눌 수 있나요?"},
    "allow_none": False,
    "allow_cannot_tell": True,
    "classes": [
        {"key": "one", "names": {"en": "It is of one piece", "ko": "한 덩어리입니다"}},
        {"key": "several", "names": {"en": "It has parts", "ko": "부분이 있습니다"}},
    ],
}

_OUTLINES = {
    "key": "outlines",
    "kind": "shapes",
    "title": {"en": "Outline each part", "ko": "각 부분의 윤곽을 그려 주세요"},
    "when": {"question": "parts", "has": ["several"]},
    "tools": ["box", "rotated_box", "polygon", "polyline", "point", "mask"],
    "allow_none": True,
    "allow_cannot_tell": True,
    "classes": [
        {"key": "body", "names": {"en": "The largest part", "ko": "가장 큰 부분"}},
        {"key": "other", "names": {"en": "Another part", "ko": "다른 부분"}},
    ],
    "attributes": [
        {
            "key": "hidden",
            "kind": "single_choice",
            "title": {"en": "How much is hidden?", "ko": "얼마나 가려졌나요?"},
            "required": False,
            "for_classes": ["other"],
            "classes": [
                {"key": "nothing", "names": {"en": "Nothing", "ko": "가려지지 않음"}},
                {"key": "some", "names": {"en": "Some", "ko": "일부"}},
            ],
        }
    ],
}

SCHEMA = {"questions": [_COUNT, _OUTLINES]}


def queue(schema: str, source: str, seed: int) -> dict[str, Any]:
    """What is asked of the server: a small sample of one source, one answer a picture."""
    return {
        "name": QUEUE,
        "schema": schema,
        "questions": ["parts", "outlines"],
        "redundancy": 1,
        "instructions": "Draw along the edge as you see it. A part that is half hidden counts, as far as one sees it.",
        "selection": {"sources": [source], "sample": PICTURES, "seed": seed},
    }
