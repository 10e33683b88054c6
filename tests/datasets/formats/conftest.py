import hashlib
import io

import pytest
from PIL import Image

from datasets.formats.attributes import AttributeSpec, AttributeType
from datasets.formats.export_row import ExportContext, ExportLabel, ExportRow

CAT = ExportLabel("cat", "고양이", ("animals", "고양이"))
DOG = ExportLabel("dog/1", "Dog", ("animals", "Dog"))
NONE = ExportLabel("none", "None of these", ("None of these",))


def png(number):
    out = io.BytesIO()
    Image.new("RGB", (8 + number, 6), (number * 7 % 256, 40, 90)).save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def context():
    attributes = (
        AttributeSpec("size", AttributeType.NUMBER),
        AttributeSpec("count", AttributeType.INTEGER),
        AttributeSpec("indoors", AttributeType.BOOLEAN),
        AttributeSpec("note", AttributeType.TEXT),
        AttributeSpec("split", AttributeType.CATEGORY),  # the name of a base column
    )
    return ExportContext(name="pets@v3", classes=(CAT, DOG, NONE), attributes=attributes)


@pytest.fixture
def contents():
    return sorted((hashlib.sha256(png(i)).hexdigest(), png(i)) for i in range(12))


@pytest.fixture
def rows(contents):
    notes = ["=HYPERLINK(1)", "plain", 'quote " and, comma', None, "+1", "줄\n바꿈"]
    return [
        ExportRow(
            item_sha=sha,
            media_type="image/png",
            file_name=f"사진 {i}.png",
            split=("train", "train", "test")[i % 3],
            weight=1 + i / 7,
            group=contents[i - i % 2][0],
            labels=((CAT,), (DOG,), (NONE,), ())[i % 4],
            posterior=None if i == 3 else 0.5 + i / 40,
            width=Image.open(io.BytesIO(data)).width,
            height=6,
            attributes={"size": -i / 2, "count": i, "indoors": i % 2 == 0, "note": notes[i % 6], "split": "x"},
            open_bytes=lambda data=data: io.BytesIO(data),
        )
        for i, (sha, data) in enumerate(contents)
    ]
