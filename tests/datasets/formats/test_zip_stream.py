import io
import random
import shutil
import subprocess
import tracemalloc
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datasets.formats.zip_stream import ZipStream


def make(members, compress=False, **options):
    stream = ZipStream(**options)
    pieces = [piece for name, data in members for piece in stream.add(name, [data], compress=compress)]
    return b"".join([*pieces, *stream.finish()])


names = st.text(st.characters(codec="utf-8", exclude_characters="\0/\\"), min_size=1, max_size=20)


@settings(max_examples=50, deadline=None)
@given(
    st.dictionaries(names, st.binary(max_size=3000), max_size=8),
    st.booleans(),
    st.sampled_from([0xFFFFFFFF, 1000, 0]),
)
def test_python_reads_back_what_was_written_also_as_zip64(members, compress, zip64_from):
    data = make(members.items(), compress, zip64_from=zip64_from)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        assert {info.filename: archive.read(info) for info in archive.infolist()} == members


@pytest.mark.parametrize("zip64_from", [0xFFFFFFFF, 0])
@pytest.mark.skipif(shutil.which("unzip") is None, reason="unzip is not installed")
def test_info_zip_finds_no_fault(tmp_path, zip64_from):
    path = tmp_path / "a.zip"
    path.write_bytes(make([("고양이/a.bin", b"x" * 100), ("b", b"")], True, zip64_from=zip64_from))
    out = subprocess.run(["unzip", "-t", str(path)], capture_output=True, text=True, check=False)
    assert out.returncode == 0, out.stdout + out.stderr


def test_more_members_than_the_old_format_counts():
    data = make((f"{i}", b"") for i in range(70_000))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert len(archive.infolist()) == 70_000


def test_bytes_depend_on_content_only_and_files_are_closed():
    file = io.BytesIO(b"abc")
    stream = ZipStream()
    data = b"".join([*stream.add("a", file), *stream.finish()])
    assert file.closed
    assert data == make([("a", b"abc")])


def test_memory_does_not_grow_with_the_archive():
    rng = random.Random(0)
    stream, total = ZipStream(), 0
    tracemalloc.start()
    for i in range(3_000):
        total += sum(len(piece) for piece in stream.add(f"{i:060d}", [rng.randbytes(20_000)]))
    total += sum(len(piece) for piece in stream.finish())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert total > 60_000_000
    assert peak < 3_000_000
