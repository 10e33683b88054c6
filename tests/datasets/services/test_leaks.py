"""Each way in which the recording of a picture can give its label away, planted in real files."""

import io
import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from PIL.ExifTags import GPS, IFD, Base

from accounts.models import Project
from datasets.models import Report
from datasets.selectors.reports import latest
from datasets.services.attributes import define_attribute
from datasets.services.imports import ImportRequest, request_import
from datasets.services.understanding import request_understanding
from tests.datasets import factories
from tests.datasets.runs import finish

pytestmark = pytest.mark.django_db
COUNT = 60


def photo(seed: int, side: str) -> bytes:
    """A picture as the camera of one side takes it: its size, its place, and its clock, which knows no zone."""
    left = side == "left"
    rng = np.random.default_rng(seed)
    coarse = Image.fromarray(rng.integers(0, 256, (6, 6, 3), dtype=np.uint8))
    image = coarse.resize((64, 40) if left else (48, 48), Image.Resampling.BICUBIC)
    exif = Image.Exif()
    taken = exif.get_ifd(IFD.Exif)
    taken[Base.DateTimeOriginal] = f"{2019 if left else 2022}:03:{seed % 28 + 1:02} 10:00:00"
    place = exif.get_ifd(IFD.GPSInfo)
    place[GPS.GPSLatitudeRef], place[GPS.GPSLatitude] = "N", (37.0 if left else 35.0, float(seed % 60), 0.0)
    place[GPS.GPSLongitudeRef], place[GPS.GPSLongitude] = "E", (127.0 if left else 129.0, float(seed % 60), 0.0)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=95 if left else 40, exif=exif)
    return out.getvalue()


def judged(tmp_path: Path, *, planted: bool) -> tuple[Project, dict[str, Any]]:
    """The findings of two sources of pictures, whose labels follow the side, or nothing at all."""
    schema = factories.schema(factories.project())
    rng = random.Random(5)
    for side in ("left", "right"):
        lines = ["file,label,ward,batch"]
        (tmp_path / side).mkdir()
        for n in range(COUNT):
            left = side == "left"
            name = f"{side}-{rng.randrange(10_000):05}.jpg"
            (tmp_path / side / name).write_bytes(photo(n if left else 1000 + n, side))
            label = ("cat" if left else "dog") if planted else rng.choice(["cat", "dog"])
            lines.append(f"{name},{label},{rng.choice('AB')},{'early' if left else 'late'}")
        (tmp_path / side / "manifest.csv").write_text("\n".join(lines))
        request = ImportRequest(path=str(tmp_path / side), label_schema=schema, question="animal")
        source = factories.source(schema.project, name=f"Camera {side}")
        run = request_import(project=schema.project, source=source, request=request, by=None, trusted_path=True)
        assert finish(run.job).state == "succeeded"
    define_attribute(project=schema.project, name="batch", known_at_prediction="no")
    assert finish(request_understanding(project=schema.project).job).state == "succeeded"
    report = latest(schema.project, Report.Kind.UNDERSTAND)
    assert report is not None
    return schema.project, report.result["leaks"]


RECORDED = [
    "source", "file name: first word", "file name: words", "file size", "width", "height", "time taken", "latitude",
    "longitude", "order of import",
]  # fmt: skip


def test_every_way_of_recording_that_gives_the_label_away_is_named(tmp_path: Path) -> None:
    _, leaks = judged(tmp_path, planted=True)
    found = {one["name"]: one for one in leaks["findings"]}
    assert {name: found[name]["judgement"] for name in RECORDED} == dict.fromkeys(RECORDED, "shortcut")
    assert found["batch"]["judgement"] == "leak"
    assert found["ward"]["judgement"] == "nothing"
    assert all(found[name]["p_value"] <= 0.001 for name in [*RECORDED, "batch"])
    assert found["ward"]["p_value"] > 0.05
    assert (leaks["not_known"], leaks["undecided"]) == (["batch"], ["ward"])
    assert leaks["verdict"].startswith("1 likely target leak: “batch”.")


def test_the_same_recording_gives_nothing_away_when_labels_do_not_follow_it(tmp_path: Path) -> None:
    """The control: the columns differ as before, and none is called a leak or a shortcut."""
    _, leaks = judged(tmp_path, planted=False)
    assert {one["judgement"] for one in leaks["findings"]} <= {"nothing", "not-tested"}
    assert all(one["p_value"] is not None for one in leaks["findings"] if one["name"] in RECORDED)
    assert leaks["not_known"] == ["batch"]
    tested = sum(one["p_value"] is not None for one in leaks["findings"])
    assert leaks["verdict"] == f"No target leak found in {tested} columns, each tested alone."


def test_an_attribute_may_have_the_name_of_a_technical_column(tmp_path: Path) -> None:
    schema = factories.schema(factories.project())
    lines = ["file,label,source,width,border_mean,labelled by"]
    for n in range(24):
        (tmp_path / f"{n}.png").write_bytes(factories.picture(n))
        lines.append(f"{n}.png,{'cat' if n % 2 else 'dog'},{'east' if n % 3 else 'west'},{n % 4},{n % 5},ann{n % 2}")
    (tmp_path / "manifest.csv").write_text("\n".join(lines))
    request = ImportRequest(path=str(tmp_path), label_schema=schema, question="animal")
    source = factories.source(schema.project)
    finish(request_import(project=schema.project, source=source, request=request, by=None, trusted_path=True).job)
    job = finish(request_understanding(project=schema.project).job)
    assert job.state == "succeeded", job.error
    report = latest(schema.project, Report.Kind.UNDERSTAND)
    assert report is not None
    names = [one["name"] for one in report.result["leaks"]["findings"]]
    assert len(names) == len(set(names))
    assert {"source", "source (of the file)", "width", "width (of the file)", "border_mean", "labelled by"} <= set(
        names
    )
