import io
import json
import tracemalloc
from datetime import UTC, datetime

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasets.formats.manifest_row import ColumnRoles, ManifestRow, RejectedRow, UnreadableManifest
from datasets.formats.manifests import ManifestFormat, manifest_format, read_manifest


def rows_of(data, **options):
    data = data.encode() if isinstance(data, str) else data
    return list(read_manifest(io.BytesIO(data), **options))


def code_of(data, **options):
    with pytest.raises(UnreadableManifest) as caught:
        rows_of(data, **options)
    return caught.value


def test_csv_roles_attributes_and_line_numbers():
    rows = rows_of('File Name,id,group,label,colour,weight\na.png,1,g1,cat,red,2.5\n\n"b, c.png",2,,"big\ndog",,7\n')
    assert rows == [
        ManifestRow(2, "a.png", "1", "g1", "cat", {"colour": "red", "weight": "2.5"}),
        ManifestRow(5, "b, c.png", "2", None, "big\ndog", {"colour": None, "weight": "7"}),
    ]


def test_bad_rows_are_reported_and_the_rest_is_read():
    rows = rows_of('file_name,x\na,1\nb\nc,1,2\n"d"e,4\n,5\nf,6\n"open,7\n')
    good = [row.file_name for row in rows if isinstance(row, ManifestRow)]
    bad = [(row.line, row.code) for row in rows if isinstance(row, RejectedRow)]
    assert good == ["a", "f"]
    assert bad == [
        (3, "wrong-number-of-cells"),
        (4, "wrong-number-of-cells"),
        (5, "bad-row"),
        (6, "no-file-or-id"),
        (8, "bad-row"),
    ]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_delimiters_and_bom(delimiter):
    text = f"file_name{delimiter}label\n고양이.png{delimiter}고양이\n"
    (row,) = rows_of(b"\xef\xbb\xbf" + text.encode())
    assert (row.file_name, row.label) == ("고양이.png", "고양이")


def test_a_korean_excel_file_gets_a_hint_and_can_be_read_when_told():
    data = "파일명,라벨\n사진.png,고양이\n".encode("cp949")
    error = code_of(data)
    assert error.code == "not-utf8"
    assert "CP949" in error.message
    (row,) = rows_of(data, encoding="cp949")
    assert (row.file_name, row.label) == ("사진.png", "고양이")
    assert code_of("file_name,a\n".encode("utf-16")).code == "not-utf8"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ("", "empty-file"),
        ("colour,size\nred,1\n", "no-file-or-id-column"),
        ("file_name,a,a\n", "duplicate-column"),
        ("file_name,,b\n", "bad-column-name"),
        ("file_name\n" + "x" * 5_000_000, "line-too-long"),
        (b"PAR1 and then nonsense", "not-parquet"),
    ],
)
def test_unreadable_manifests(data, code):
    assert code_of(data).code == code


def test_roles_can_be_given():
    (row,) = rows_of("a,b,c\nx,y,z\n", roles=ColumnRoles(file_name="c", label="a"))
    assert (row.file_name, row.label, row.attributes) == ("z", "x", {"b": "y"})
    assert code_of("a\n1\n", roles=ColumnRoles(file_name="nope")).code == "unknown-column"


def test_jsonl_keeps_types_and_merges_attributes():
    lines = [
        json.dumps({"file_name": "a", "size": 3, "ok": True, "attributes": {"w": 1.5}}),
        "not json",
        "",
        json.dumps([1]),
        json.dumps({"file_name": "b", "tags": ["x"]}),
        '{"file_name": "c", "x": NaN}',
        json.dumps({"id": 17, "label": "dog"}),
        json.dumps({"file_name": "d", "": 1}),
    ]
    rows = rows_of("\n".join(lines))
    assert rows[0] == ManifestRow(1, "a", None, None, None, {"w": 1.5, "size": 3, "ok": True})
    assert [(r.line, r.code) for r in rows if isinstance(r, RejectedRow)] == [
        (2, "bad-row"),
        (4, "bad-row"),
        (5, "nested-value"),
        (6, "bad-row"),
        (8, "bad-column-name"),
    ]
    assert rows[5] == ManifestRow(7, None, "17", None, "dog", {})


def test_parquet_round_trip_with_pandas():
    frame = pd.DataFrame(
        {
            "path": ["a", "b", None],
            "size": [1.0, float("nan"), 2.0],
            "when": pd.to_datetime([datetime(2024, 1, 2, tzinfo=UTC)] * 3),
        }
    )
    out = io.BytesIO()
    frame.to_parquet(out)
    rows = rows_of(out.getvalue())
    assert rows[0].attributes == {"size": 1.0, "when": "2024-01-02T00:00:00+00:00"}
    assert rows[1].attributes["size"] is None
    assert rows[2] == RejectedRow(3, "no-file-or-id", "The row names neither a file nor an external id.")


def test_parquet_nested_values_are_rejected_by_row():
    out = io.BytesIO()
    pq.write_table(pa.table({"file_name": ["a", "b"], "tags": [["x"], None]}), out)
    assert [type(row) for row in rows_of(out.getvalue())] == [RejectedRow, ManifestRow]


def test_format_by_name():
    assert manifest_format("A.CSV") is ManifestFormat.CSV
    assert manifest_format("a.ndjson") is ManifestFormat.JSONL
    assert manifest_format("a.png") is None


def test_a_long_manifest_is_streamed():
    def generated():
        yield b"file_name,label\n"
        for i in range(200_000):
            yield b"%d.png,cat\n" % i

    data = io.BytesIO(b"".join(generated()))
    tracemalloc.start()
    count = sum(1 for _ in read_manifest(data))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 200_000
    assert peak < 1_000_000


cells = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1, max_size=12).filter(
    lambda s: s.strip() == s and s.lower() not in {"na", "n/a", "nan", "null", "#n/a"}
)


@given(st.lists(st.tuples(cells, cells), max_size=8))
def test_csv_written_by_pandas_is_read_back(pairs):
    frame = pd.DataFrame({"file_name": [a for a, _ in pairs], "x": [b for _, b in pairs]})
    rows = rows_of(frame.to_csv(index=False))
    assert len(rows) == len(pairs)
    assert all(isinstance(row, ManifestRow) for row in rows)
    assert [row.attributes["x"] for row in rows] == [b for _, b in pairs]
