import csv
import io
import json
import zipfile
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from common.problems import InvalidInput
from common.storage import object_store
from datasets.formats.exports import EXPORT_FORMATS
from datasets.models import DatasetVersion, Export, Item
from datasets.selectors import versions
from datasets.services.exports import request_export
from datasets.services.freezing import request_freeze
from datasets.services.imports import ImportRequest, request_import
from tests.datasets import factories
from tests.datasets.runs import finish

pytestmark = pytest.mark.django_db
COUNT = 12


@pytest.fixture
def version(tmp_path: Path) -> DatasetVersion:
    schema = factories.schema(factories.project())
    lines = ["file,site,label"]
    for seed in range(COUNT):
        (tmp_path / f"{seed}.png").write_bytes(factories.picture(seed))
        lines.append(f"{seed}.png,{'north' if seed % 2 else 'south'},{['cat', 'dog'][seed % 2]}")
    (tmp_path / "manifest.csv").write_text("\n".join(lines))
    request = ImportRequest(path=str(tmp_path), label_schema=schema, question="animal")
    source = factories.source(schema.project)
    finish(request_import(project=schema.project, source=source, request=request, by=None, trusted_path=True).job)
    recipe = {"name": "animals", "schema": str(schema.public_id), "question": "animal"}
    job = finish(request_freeze(project=schema.project, recipe=recipe, by=None))
    return versions.version_for(schema.project, job.result["version"])


def made(version: DatasetVersion, format: str) -> tuple[Export, bytes]:
    export = request_export(version=version, format=format, by=None)
    assert finish(export.job).state == "succeeded", export.job.error
    export.refresh_from_db()
    with object_store().open(export.object_key) as file:
        return export, file.read()


def test_an_imagefolder_holds_the_very_bytes_in_a_folder_of_their_class(version: DatasetVersion) -> None:
    export, data = made(version, "imagefolder")
    assert export.byte_size == len(data)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        pictures = {name: archive.read(name) for name in archive.namelist() if name.endswith(".png")}
    assert len(pictures) == COUNT
    for row in versions.rows(version):
        (name,) = [name for name in pictures if row.sha256 in name]
        assert name.startswith(f"{row.split}/")
        assert row.label_keys[0] in name.lower()
        with object_store().open(row.object_key) as file:
            assert pictures[name] == file.read()


def test_tables_hold_every_row_with_its_label_split_and_attributes(version: DatasetVersion) -> None:
    wanted = {row.sha256: (row.split, row.label_keys[0]) for row in versions.rows(version)}
    _, data = made(version, "csv")
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    assert {row["item_sha256"]: (row["split"], row["label_key"]) for row in rows} == wanted
    assert {row["site"] for row in rows} == {"north", "south"}
    _, data = made(version, "parquet")
    table = pq.read_table(io.BytesIO(data)).to_pylist()
    assert {row["item_sha256"]: (row["split"], row["label_key"]) for row in table} == wanted
    _, data = made(version, "jsonl")
    assert len([json.loads(line) for line in data.splitlines()]) == COUNT


@pytest.mark.parametrize("format", sorted(EXPORT_FORMATS))
def test_every_format_is_written_twice_to_the_same_bytes(version: DatasetVersion, format: str) -> None:
    first, data = made(version, format)
    again = request_export(version=version, format=format, by=None)
    assert (again.pk, again.job_id) == (first.pk, first.job_id)
    Export.objects.filter(pk=first.pk).delete()
    second, repeated = made(version, format)
    assert (second.sha256, len(repeated)) == (first.sha256, len(data))


def test_an_unknown_format_names_the_known_ones(version: DatasetVersion) -> None:
    with pytest.raises(InvalidInput, match="imagefolder"):
        request_export(version=version, format="exe", by=None)


def test_a_failed_export_can_be_asked_for_again(version: DatasetVersion) -> None:
    item = Item.objects.filter(project=version.project).earliest("pk")
    store = object_store()
    with store.open(item.object_key) as file:
        data = file.read()
    store.delete(item.object_key)
    export = request_export(version=version, format="imagefolder", by=None)
    assert finish(export.job).state == "failed"
    store.put(item.object_key, [data])
    again = request_export(version=version, format="imagefolder", by=None)
    assert again.job_id != export.job_id
    assert finish(again.job).state == "succeeded"
