import csv
import json
from pathlib import Path
from typing import Any

import pytest

from datasets.models import AttributeDefinition, Item, Label, Occurrence
from tests.datasets import factories
from tests.datasets.imports import fill, outcomes, run

pytestmark = pytest.mark.django_db


def manifest(folder: Path, rows: list[dict[str, Any]], name: str = "manifest.csv") -> None:
    with (folder / name).open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def test_a_manifest_brings_attributes_groups_and_labels(tmp_path: Path) -> None:
    project = factories.project()
    schema = factories.schema(project)
    fill(tmp_path / "pictures", 4)
    manifest(
        tmp_path,
        [
            {"file": "pictures/0000.png", "site": "north", "age": 4, "group": "g1", "label": "cat"},
            {"file": "pictures/0001.png", "site": "south", "age": 7, "group": "g1", "label": "고양이"},
            {"file": "pictures/0002.png", "site": "north", "age": "", "group": "", "label": "unicorn"},
            {"file": "pictures/gone.png", "site": "north", "age": 1, "group": "", "label": "dog"},
            {"file": "pictures/0002.png", "site": "south", "age": 2, "group": "", "label": ""},
        ],
    )
    found = run(project, tmp_path, label_schema=schema, question="animal")
    told = outcomes(found)
    assert told["pictures/gone.png"] == ("rejected", "file-not-found")
    assert told["pictures/0003.png"] == ("imported", "")
    codes = list(found.files.filter(name="pictures/0002.png").order_by("pk").values_list("outcome", "code"))
    assert codes == [("imported", "unknown-label"), ("duplicate", "")]
    types = dict(AttributeDefinition.objects.filter(project=project).values_list("name", "type"))
    assert types == {"site": "category", "age": "integer"}
    first = Occurrence.objects.get(project=project, name="pictures/0000.png")
    assert (first.attributes, first.item.group_key) == ({"site": "north", "age": 4}, "g1")
    labels = Label.objects.filter(project=project).order_by("item_id")
    assert [label.answer for label in labels] == [{"choice": "cat"}, {"choice": "cat"}]
    assert {label.origin for label in labels} == {"import"}


def test_only_listed_leaves_the_rest_out(tmp_path: Path) -> None:
    project = factories.project()
    fill(tmp_path, 3)
    (tmp_path / "list.jsonl").write_text(json.dumps({"file_name": "0001.png", "mood": "calm"}) + "\n")
    found = run(project, tmp_path, manifest="list.jsonl", only_listed=True)
    assert outcomes(found) == {"0001.png": ("imported", "")}


def test_equal_records_with_different_ids_are_two_cases(tmp_path: Path) -> None:
    project = factories.project()
    manifest(tmp_path, [{"id": n, "amount": 12.5} for n in ("a", "b", "a")])
    found = run(project, tmp_path)
    assert (found.imported, found.duplicates) == (2, 1)
    item = Item.objects.filter(project=project).earliest("pk")
    assert (item.kind, item.record) == ("record", {"amount": 12.5})


def test_a_column_of_texts_needs_no_id_and_keeps_every_space(tmp_path: Path) -> None:
    project = factories.project()
    words = "  First line\n\tindented\n\n" + "long " * 30_000
    manifest(tmp_path, [{"text": words, "author": "Kim"}, {"text": " "}, {"text": "x" * 1_000_001}])
    found = run(project, tmp_path)
    assert (found.imported, found.rejected) == (1, 2)
    item = Item.objects.get(project=project)
    assert (item.kind, item.text, item.record) == ("text", words, None)
    assert item.occurrences.get().attributes == {"author": "Kim"}


def test_a_text_file_is_an_item_when_a_row_names_it_and_a_read_me_when_none_does(tmp_path: Path) -> None:
    project = factories.project()
    (tmp_path / "a.txt").write_bytes("\ufeff안녕\r\n  there".encode())
    (tmp_path / "b.txt").write_bytes("안녕".encode("cp949"))
    (tmp_path / "empty.md").write_text(" \n")
    (tmp_path / "readme.txt").write_text("About these files.")
    manifest(tmp_path, [{"file_name": name} for name in ("a.txt", "b.txt", "empty.md")])
    found = run(project, tmp_path)
    assert outcomes(found) == {
        "a.txt": ("imported", ""),
        "b.txt": ("rejected", "not-utf8"),
        "empty.md": ("rejected", "empty-text"),
        "readme.txt": ("rejected", "not-an-image"),
    }
    assert Item.objects.get(project=project).text == "안녕\r\n  there"


def test_a_manifest_of_nothing_but_bad_rows_is_reported_row_by_row(tmp_path: Path) -> None:
    fill(tmp_path, 1)
    rows = "".join(f"{n},too,many\n" for n in range(2500))
    (tmp_path / "manifest.csv").write_text(f"file_name,x\n{rows}")
    found = run(factories.project(), tmp_path)
    assert (found.imported, found.rejected) == (1, 2500)
    assert found.files.filter(code="wrong-number-of-cells").count() == 2500
