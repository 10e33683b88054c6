import csv
import io
import json
import random
import subprocess
import sys
import tracemalloc
import zipfile
from collections import defaultdict
from dataclasses import replace

import pandas as pd
import pyarrow.parquet as pq
import pytest

from datasets.formats import coco, imagefolder, parquet, tfrecord, zip_stream
from datasets.formats.csv_export import safe_cell, write_csv
from datasets.formats.export_row import ExportContext, UnsupportedExport
from datasets.formats.exports import EXPORT_FORMATS
from datasets.formats.imagefolder import safe_folder
from datasets.formats.manifests import read_manifest
from datasets.formats.tfrecord import write_tfrecord_zip


def written(key, rows, context):
    return b"".join(EXPORT_FORMATS[key].write(rows, context))


def unzipped(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.parametrize("key", EXPORT_FORMATS)
def test_equal_rows_give_equal_bytes_and_disorder_is_refused(key, rows, context):
    assert written(key, rows, context) == written(key, list(rows), context)
    with pytest.raises(ValueError, match="ascend"):
        written(key, rows[::-1], context)
    with pytest.raises(ValueError, match="ascend"):
        written(key, [rows[0], rows[0]], context)
    assert written(key, [], context) or key == "jsonl"  # no line is a whole file there


def test_csv_columns_values_and_safety(rows, context):
    text = written("csv", rows, context).decode()
    records = list(csv.DictReader(io.StringIO(text, newline="")))
    assert len(records) == len(rows)
    for row, record in zip(rows, records, strict=True):
        assert record["item_sha256"] == row.item_sha
        assert record["file_name"] == row.file_name
        assert float(record["weight"]) == row.weight
        assert record["label_key"] == "|".join(label.key for label in row.labels)
        assert float(record["size"]) == row.attributes["size"]
        assert record["attribute_split"] == "x"
        assert not record["note"].startswith(("=", "+"))
    assert records[0]["note"] == "'=HYPERLINK(1)"
    assert records[0]["label_path"] == "animals/고양이"
    assert records[3]["posterior"] == ""


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1"])
def test_no_text_runs_as_a_formula(text):
    assert safe_cell(text) == "'" + text
    assert safe_cell(-1.5) == "-1.5"


def test_csv_for_excel_starts_with_a_byte_order_mark_and_can_be_imported_again(rows, context):
    data = b"".join(write_csv(rows, context, excel=True))
    assert data.startswith(b"\xef\xbb\xbf")
    read = list(read_manifest(io.BytesIO(data)))
    assert [row.file_name for row in read] == [row.file_name for row in rows]
    assert [row.group for row in read] == [row.group for row in rows]


def test_jsonl_holds_everything(rows, context):
    records = [json.loads(line) for line in written("jsonl", rows, context).splitlines()]
    assert [record["item_sha256"] for record in records] == [row.item_sha for row in rows]
    assert records[0]["labels"] == [{"key": "cat", "name": "고양이", "path": ["animals", "고양이"]}]
    assert records[3]["labels"] == []
    assert records[5]["attributes"] == {"size": -2.5, "count": 5, "indoors": False, "note": "줄\n바꿈", "split": "x"}


def test_parquet_types_survive(rows, context):
    frame = pd.read_parquet(io.BytesIO(written("parquet", rows, context)))
    assert frame["weight"].tolist() == [row.weight for row in rows]
    assert frame["count"].dtype == "int64"
    assert frame["indoors"].tolist() == [row.attributes["indoors"] for row in rows]
    assert frame["label_keys"].map(list).tolist() == [[label.key for label in row.labels] for row in rows]
    assert frame["attribute_split"].unique().tolist() == ["x"]


def test_parquet_with_pictures(rows, context, contents):
    table = pq.read_table(io.BytesIO(written("parquet-images", rows, context)))
    images = table.column("image").to_pylist()
    assert [image["bytes"] for image in images] == [data for _, data in contents]
    assert images[0]["path"] == rows[0].stored_name
    assert table.schema.metadata[b"touchstone_version"] == b"pets@v3"


def test_imagefolder_layout(rows, context, contents):
    files = unzipped(written("imagefolder", rows, context))
    by_sha = dict(contents)
    for row in rows:
        folder = f"{row.split}/{safe_folder(row.labels[0].key)}" if row.labels else f"unlabelled/{row.split}"
        assert files.pop(f"{folder}/{row.item_sha}.png") == by_sha[row.item_sha]
    assert {name for name in files if not name.endswith("/")} == {"classes.json", "manifest.csv"}
    assert files["manifest.csv"] == written("csv", rows, context)
    assert [c["key"] for c in json.loads(files["classes.json"])["classes"]] == ["cat", "dog/1", "none"]


def test_imagefolder_refuses_several_labels(rows, context):
    rows[0] = replace(rows[0], labels=context.classes[:2])
    with pytest.raises(UnsupportedExport, match="several labels"):
        written("imagefolder", rows, context)


def test_folder_names_are_safe_and_one_to_one():
    keys = ["a/b", "a%2Fb", "..", ".", "", " a", "a ", "a:b", "고양이", "a", "%", "%2E%2E"]
    folders = [safe_folder(key) for key in keys]
    assert len(set(folders)) == len(keys)
    assert all(f and f not in (".", "..") and not set(f) & set('/\\:*?"<>|') for f in folders)
    assert safe_folder("고양이") == "고양이"


def index_like_pycocotools(document):
    """What COCO.createIndex does."""
    images = {image["id"]: image for image in document["images"]}
    categories = {category["id"]: category for category in document["categories"]}
    annotations = defaultdict(list)
    by_category = defaultdict(list)
    for annotation in document["annotations"]:
        annotations[annotation["image_id"]].append(annotation)
        by_category[annotation["category_id"]].append(annotation["image_id"])
    return images, categories, annotations, by_category


def test_coco(rows, context):
    rows[1] = replace(rows[1], labels=context.classes[:2])
    images, categories, annotations, by_category = index_like_pycocotools(json.loads(written("coco", rows, context)))
    assert [image["sha256"] for image in images.values()] == [row.item_sha for row in rows]
    assert categories[2] == {"id": 2, "name": "Dog", "supercategory": "animals", "key": "dog/1"}
    for number, row in enumerate(rows, start=1):
        assert [categories[a["category_id"]]["key"] for a in annotations[number]] == [label.key for label in row.labels]
        for annotation in annotations[number]:
            assert annotation["bbox"] == [0, 0, row.width, row.height]
            assert annotation["area"] == row.width * row.height
            assert annotation["attributes"] == {"image_level": True}
    assert set(by_category) == {1, 2, 3}
    assert len({a["id"] for group in annotations.values() for a in group}) == sum(len(row.labels) for row in rows)


def test_coco_zip_has_one_document_a_split(rows, context, contents):
    files = unzipped(written("coco-zip", rows, context))
    for split in ("train", "test"):
        document = json.loads(files.pop(f"annotations/instances_{split}.json"))
        names = [image["file_name"] for image in document["images"]]
        assert names == [row.stored_name for row in rows if row.split == split]
    assert sorted(files) == [f"images/{sha}.png" for sha, _ in contents]


def test_coco_refuses_what_is_no_picture(rows, context):
    with pytest.raises(UnsupportedExport, match="pictures only"):
        written("coco", [replace(rows[0], width=None)], context)


def test_tfrecord_shards(rows, context):
    files = unzipped(b"".join(write_tfrecord_zip(rows, context, shard_bytes=1000)))
    assert "classes.json" in files
    assert {name.rpartition("-")[0] for name in files if name.endswith(".tfrecord")} == {"train", "test"}
    assert len(files) > 4


READ_BACK = """
import json, sys, tensorflow as tf
out = []
for record in tf.data.TFRecordDataset(sys.argv[1:]):
    feature = tf.train.Example.FromString(record.numpy()).features.feature
    picture = tf.io.decode_image(feature["image/encoded"].bytes_list.value[0])
    out.append({
        "sha": feature["image/sha256"].bytes_list.value[0].decode(),
        "labels": list(feature["image/class/label"].int64_list.value),
        "names": [v.decode() for v in feature["image/class/text"].bytes_list.value],
        "weight": feature["weight"].float_list.value[0],
        "count": feature["attributes/count"].int64_list.value[0],
        "size": feature["attributes/size"].float_list.value[0],
        "note": [v.decode() for v in feature["attributes/note"].bytes_list.value],
        "shape": list(picture.shape),
        "says": [feature["image/height"].int64_list.value[0], feature["image/width"].int64_list.value[0], 3],
    })
print(json.dumps(out))
"""


@pytest.mark.slow
def test_tensorflow_reads_the_tfrecords(rows, context, tmp_path):
    rows[0] = replace(rows[0], attributes={**rows[0].attributes, "count": -3})
    paths = []
    for name, data in unzipped(written("tfrecord", rows, context)).items():
        if name.endswith(".tfrecord"):
            paths.append(tmp_path / name)
            paths[-1].write_bytes(data)
    command = [sys.executable, "-c", READ_BACK, *map(str, sorted(paths))]
    out = subprocess.run(command, capture_output=True, text=True, check=True, timeout=250)
    records = {record["sha"]: record for record in json.loads(out.stdout.splitlines()[-1])}
    index = context.class_index()
    assert len(records) == len(rows)
    for row in rows:
        record = records[row.item_sha]
        assert record["labels"] == [index[label.key] for label in row.labels]
        assert record["names"] == [label.name for label in row.labels]
        assert record["weight"] == pytest.approx(row.weight, rel=1e-6)
        assert record["count"] == row.attributes["count"]
        assert record["size"] == row.attributes["size"]
        assert record["note"] == ([row.attributes["note"]] if row.attributes["note"] else [])
        assert record["shape"] == record["says"] == [row.height, row.width, 3]


def peak_of(key, template, n_rows, content):
    """Largest traced memory while so many rows are written, and how much was written, in bytes."""
    many = (
        replace(template, item_sha=f"{i:064x}", open_bytes=lambda i=i: io.BytesIO(random.Random(i).randbytes(content)))
        for i in range(n_rows)
    )
    context = ExportContext(name="pets@v3", classes=template.labels, attributes=())
    tracemalloc.start()
    try:
        size = sum(len(piece) for piece in EXPORT_FORMATS[key].write(many, context))
        return tracemalloc.get_traced_memory()[1], size
    finally:
        tracemalloc.stop()


@pytest.mark.slow
@pytest.mark.parametrize("key", EXPORT_FORMATS)
def test_three_times_the_rows_take_no_more_memory(key, rows, monkeypatch):
    """A writer that kept what it wrote would need three times as much."""
    monkeypatch.setattr(parquet, "_GROUP_BYTES", 1_000_000)
    monkeypatch.setattr(parquet, "_GROUP_ROWS", 2_000)
    for module in (coco, imagefolder, zip_stream, tfrecord):
        monkeypatch.setattr(module, "_SPOOL", 50_000)
    n, content = (600, 8_000) if EXPORT_FORMATS[key].with_content else (6_000, 0)
    template = rows[0]
    few, size = peak_of(key, template, n, content)
    many, more = peak_of(key, template, 3 * n, content)
    assert more > 2.5 * size
    assert more > 2 * many or not content  # the file is larger than the memory that made it
    assert many < 1.3 * few + 200_000
