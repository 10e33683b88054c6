"""The code that loads an export is run, as it is shown, on files that were really exported."""

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from datasets.formats.export_row import ExportContext, ExportLabel, ExportRow
from datasets.formats.exports import EXPORT_FORMATS
from datasets.formats.loading import Content, Into, loading_of

CLASSES = tuple(ExportLabel(key, key.title(), (key.title(),)) for key in ("dog", "cat", "cow"))
SPLITS = ("train", "train", "test")


def picture(n: int, format: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (20 + n, 16), (n * 9, 80, 200)).save(out, format)
    return out.getvalue()


def row(n: int, data: bytes, media_type: str, labels: tuple[ExportLabel, ...]) -> ExportRow:
    size = (20 + n, 16) if media_type.startswith("image/") else (None, None)
    return ExportRow(
        item_sha=f"{n:064x}", media_type=media_type, file_name=f"사진 {n}", split=SPLITS[n % 3], group=f"{n:064x}",
        labels=labels, width=size[0], height=size[1], open_bytes=lambda: io.BytesIO(data), attributes={"site": "북"},
    )  # fmt: skip


def pictures(formats: tuple[str, ...] = ("PNG", "JPEG"), *, several: bool = False) -> list[ExportRow]:
    """Cows are in the training split only; the last two pictures, one a split, have no label."""
    found = []
    for n in range(12):
        format = formats[n % len(formats)]
        labels = () if n >= 10 else (CLASSES[2],) if n == 0 else (CLASSES[n % 2],)
        if several and n % 4 == 1:
            labels = (CLASSES[0], CLASSES[1])
        found.append(row(n, picture(n, format), f"image/{format.lower()}", labels))
    return found


def texts() -> list[ExportRow]:
    return [row(n, f"글 {n}".encode(), "text/plain", (CLASSES[n % 2],)) for n in range(12)]


def exported(folder: Path, rows: list[ExportRow], key: str) -> Path:
    """The file where a person has it: a zip is unpacked into a folder of its name."""
    chosen = EXPORT_FORMATS[key]
    file = folder / f"things-{key}{chosen.extension}"
    file.write_bytes(b"".join(chosen.write(rows, ExportContext(name="things@v1", classes=CLASSES))))
    if chosen.extension != ".zip":
        return file
    subprocess.run([sys.executable, "-m", "zipfile", "-e", str(file), str(file.with_suffix(""))], check=True)
    return file.with_suffix("")


RUN = """
import json, sys
found = {}
for name, program in json.load(open(sys.argv[1])).items():
    scope = {}
    exec(program, scope)
    dataset = scope["dataset"]
    class_names = getattr(dataset, "class_names", None)
    if class_names is not None:
        dataset = dataset.unbatch()
    rows = []
    for one in dataset.as_numpy_iterator():
        parts = list(one.values()) if isinstance(one, dict) else list(one)
        rows.append([list(p.shape) if getattr(p, "ndim", 0) > 1 else p.tolist() if hasattr(p, "tolist") else p
                     for p in parts])
    keys = list(one) if isinstance(one, dict) else None
    found[name] = {"rows": rows, "keys": keys, "classes": class_names}
print(json.dumps(found, default=lambda value: value.decode()))
"""


def loaded(tmp_path: Path, cases: dict[str, tuple[str, list[ExportRow], Content]]) -> dict[str, Any]:
    """What each program for tf.data yields, run in one process, since importing TensorFlow takes seconds."""
    programs = {}
    for name, (key, rows, content) in cases.items():
        folder = tmp_path / name
        folder.mkdir()
        loading = loading_of(key, content, str(exported(folder, rows, key)))[0]
        assert loading.into is Into.TF_DATA
        programs[name] = loading.program()
    (tmp_path / "programs.json").write_text(json.dumps(programs))
    (tmp_path / "run.py").write_text(RUN)
    command = [sys.executable, str(tmp_path / "run.py"), str(tmp_path / "programs.json")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=280, check=False, cwd=tmp_path)
    assert done.returncode == 0, done.stderr[-3000:]
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.mark.slow
def test_every_format_loads_into_tf_data_with_the_code_that_is_shown(tmp_path: Path) -> None:
    rows, plain = pictures(), Content()
    cases = {key: (key, rows, plain) for key in EXPORT_FORMATS}
    cases |= {
        "tfrecord-several": ("tfrecord", pictures(several=True), Content(several=True)),
        "tfrecord-texts": ("tfrecord", texts(), Content(texts=True)),
        "imagefolder-texts": ("imagefolder", texts(), Content(texts=True)),
        "parquet-images-webp": ("parquet-images", pictures(("WEBP", "PNG")), Content(beyond_tensorflow=True)),
    }
    found = loaded(tmp_path, cases)
    assert set(found) == set(cases)
    train = [one for one in rows if one.split == "train"]
    shas, index = [one.item_sha for one in rows], {label.key: i for i, label in enumerate(CLASSES)}

    folder = found["imagefolder"]
    assert folder["classes"] == ["cat", "cow", "dog"]
    by_class = sorted(folder["classes"][label] for _, label in folder["rows"])
    assert by_class == sorted(one.labels[0].key for one in train if one.labels)
    assert all(shape == [224, 224, 3] for shape, _ in folder["rows"])

    for key in ("csv", "csv-excel"):
        at = found[key]["keys"].index
        assert [one[at("item_sha256")] for one in found[key]["rows"]] == shas
        assert [one[at("label_key")] for one in found[key]["rows"]][:2] == ["cow", "cat"]
    assert found["jsonl"]["rows"] == [[one.item_sha, [label.key for label in one.labels]] for one in rows]
    assert found["parquet"]["keys"] == ["item_sha256", "split", "weight", "label_key"]
    assert found["parquet"]["rows"][11] == [shas[11], "test", 1.0, ""]

    labelled = [one for one in rows if one.labels]
    assert found["coco"]["rows"] == [[one.stored_name, index[one.labels[0].key] + 1] for one in labelled]
    shaped = [[[one.height, one.width, 3], one.labels[0].key if one.labels else ""] for one in rows]
    assert found["parquet-images"]["rows"] == found["parquet-images-webp"]["rows"] == shaped
    in_train = [[[one.height, one.width, 3], index[one.labels[0].key] if one.labels else -1] for one in train]
    assert found["tfrecord"]["rows"] == in_train
    assert in_train[-1][1] == -1
    assert found["coco-zip"]["rows"] == [[shape, label + 1] for shape, label in in_train[:-1]]
    assert found["tfrecord-several"]["rows"][1] == [[16, 21, 3], [0, 1]]
    assert found["tfrecord-texts"]["rows"][0] == ["글 0", 0]
    assert len(found["imagefolder-texts"]["rows"]) == len(train)


@pytest.mark.slow
def test_a_class_has_the_same_number_in_every_split(tmp_path: Path) -> None:
    """Keras counts the folders: without one for cows, dogs would be class 2 in training and class 1 in the test."""
    rows = pictures()
    path = exported(tmp_path, rows, "imagefolder")
    assert {one.name for one in path.iterdir() if one.is_dir()} == {"train", "test", "unlabelled"}
    assert [sorted(one.name for one in (path / split).iterdir()) for split in ("train", "test")] == [
        ["cat", "cow", "dog"]
    ] * 2
    assert list((path / "test" / "cow").iterdir()) == []


def test_pandas_reads_what_it_is_said_to_read(tmp_path: Path) -> None:
    rows = pictures()
    for key in ("csv", "csv-excel", "jsonl", "parquet"):
        lines = loading_of(key, Content(), str(exported(tmp_path, rows, key)))
        (loading,) = [one for one in lines if one.into is Into.PANDAS]
        scope: dict[str, Any] = {}
        exec(loading.program(), scope)
        assert scope["dataset"]["item_sha256"].tolist() == [one.item_sha for one in rows]


@pytest.mark.parametrize("key", EXPORT_FORMATS)
def test_every_format_has_code_that_imports_what_it_uses(key: str) -> None:
    lines = loading_of(key, Content(), "x")
    assert lines[0].into is Into.TF_DATA
    for loading in lines:
        names = {name for line in loading.imports for name in line.replace("import ", "").split(", ")}
        compile(loading.code, key, "eval")
        assert any(loading.code.count(name.split(".")[0] + ".") or " as tf" in name for name in names)


def test_what_a_format_cannot_load_is_not_offered() -> None:
    several, webp = Content(several=True), Content.of(["image/webp", "image/png"], several=False)
    assert webp.beyond_tensorflow
    assert loading_of("imagefolder", several, "x") == ()
    assert loading_of("imagefolder", webp, "x") == loading_of("tfrecord", webp, "x") == ()
    assert [one.into for one in loading_of("coco-zip", webp, "x")] == [Into.TORCHVISION]
    assert Content.of(["text/plain"], several=False) == Content(texts=True)
    assert loading_of("coco", Content(texts=True), "x") == ()
    assert Content.of([], several=False) == Content()
