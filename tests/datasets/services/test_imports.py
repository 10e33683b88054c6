import errno
import io
import json
import os
import struct
import tarfile
import unicodedata
import zipfile
import zlib
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from accounts.models import Job, Project
from accounts.services import jobs
from accounts.services.jobs import Claim
from common.models import OutboxEvent
from common.problems import InvalidInput
from common.storage import object_store
from common.storage.folder import FolderStore
from datasets.models import Import, ImportFile, Item, Occurrence, Upload
from datasets.services import derivation, uploads
from datasets.services.imports import ImportRequest, request_import
from tests.datasets import factories
from tests.datasets.imports import fill, outcomes, run, start
from tests.datasets.runs import finish

pytestmark = pytest.mark.django_db


def huge_png() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
    )


def hostile_zip(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("good.png", factories.picture(900))
        archive.writestr("../../etc/passwd", "root:x:0:0")
        archive.writestr("bomb.png", b"\0" * 60_000_000)
        archive.writestr("also/good.png", factories.picture(901))


def test_every_hostile_file_is_a_row_and_everything_else_is_imported(tmp_path: Path) -> None:
    project = factories.project()
    fill(tmp_path, 3)
    jpeg = factories.picture(50, width=600, height=500, format="JPEG")
    (tmp_path / "cut.jpg").write_bytes(jpeg[: len(jpeg) // 2])
    (tmp_path / "huge.png").write_bytes(huge_png())
    (tmp_path / "text.jpg").write_text("I am no picture.")
    (tmp_path / "drawing.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    (tmp_path / "again.png").write_bytes(factories.picture(0))
    hostile_zip(tmp_path / "pack.zip")
    found = run(project, tmp_path)
    told = outcomes(found)
    assert told["cut.jpg"] == ("rejected", "truncated-image")
    assert told["huge.png"] == ("rejected", "too-many-pixels")
    assert told["text.jpg"] == ("rejected", "not-an-image")
    assert told["drawing.svg"] == ("rejected", "svg-refused")
    assert told["pack.zip/../../etc/passwd"] == ("rejected", "path-traversal")
    assert told["pack.zip/bomb.png"] == ("rejected", "archive-bomb")
    assert told["pack.zip/good.png"] == told["pack.zip/also/good.png"] == ("imported", "")
    assert (found.imported, found.duplicates, found.rejected) == (5, 1, 6)
    assert all(row.message for row in found.files.filter(outcome="rejected"))
    assert Item.objects.filter(project=project).count() == 5


def test_the_same_bytes_are_one_item_met_twice(tmp_path: Path) -> None:
    project = factories.project()
    fill(tmp_path / "a", 1)
    (tmp_path / "b.png").write_bytes(factories.picture(0))
    run(project, tmp_path)
    (item,) = Item.objects.filter(project=project)
    assert sorted(item.occurrences.values_list("name", flat=True)) == ["a/0000.png", "b.png"]
    assert object_store().size(item.object_key) == item.byte_size
    other = factories.project()
    run(other, tmp_path)
    assert Item.objects.get(project=other).object_key != item.object_key  # no tenant shares a key with another


def test_facts_of_a_picture_are_kept(tmp_path: Path) -> None:
    picture = Image.new("RGB", (40, 20), "teal")
    exif = Image.Exif()
    exif[0x0112] = 6
    exif.get_ifd(0x8769)[0x9003] = "2024:05:31 14:00:00"
    exif.get_ifd(0x8825).update({1: "N", 2: (37.0, 30.0, 0.0), 3: "E", 4: (127.0, 0.0, 0.0)})
    picture.save(tmp_path / "turned.jpg", exif=exif)
    project = factories.project()
    run(project, tmp_path)
    item = Item.objects.get(project=project)
    occurrence = item.occurrences.get()
    assert (item.width, item.height) == (20, 40)
    assert (occurrence.captured_at, occurrence.captured_local) == (None, "2024-05-31T14:00:00")
    assert (occurrence.latitude, occurrence.longitude) == (37.5, 127.0)


def test_thumbnails_and_statistics_follow_in_a_job_of_their_own(tmp_path: Path) -> None:
    project = factories.project()
    fill(tmp_path, 2)
    run(project, tmp_path)
    job = Job.objects.get(project=project, kind="datasets.derive")
    assert finish(job).result == {"derived": 2, "failed": 0}
    for item in Item.objects.filter(project=project):
        assert item.derived == "done"
        assert item.statistics["megapixels"] == pytest.approx(48 * 40 / 1e6)
        with object_store().open(derivation.thumbnail_key(project.pk, item.sha256, 128)) as file:
            assert Image.open(io.BytesIO(file.read())).format == "WEBP"
    assert derivation.request_derivation(project=project) is None


def test_those_above_hear_of_new_items(tmp_path: Path) -> None:
    project = factories.project()
    fill(tmp_path, 2)
    found = run(project, tmp_path)
    event = OutboxEvent.objects.get(name="ItemsImported")
    ids = sorted(Item.objects.filter(project=project).values_list("pk", flat=True))
    assert event.payload == {
        "project_id": project.pk, "import_id": found.pk, "first_item_id": ids[0], "last_item_id": ids[-1],
    }  # fmt: skip


def test_a_second_import_of_a_source_reads_only_what_is_new(tmp_path: Path) -> None:
    project = factories.project()
    source = factories.source(project)
    fill(tmp_path, 3)
    run(project, tmp_path, source)
    fill(tmp_path, 1, first=7)
    (tmp_path / "0001.png").write_bytes(factories.picture(8))
    again = run(project, tmp_path, source)
    assert outcomes(again) == {
        "0000.png": ("known", ""), "0002.png": ("known", ""),
        "0001.png": ("imported", ""), "0007.png": ("imported", ""),
    }  # fmt: skip
    assert Item.objects.filter(project=project).count() == 5


def test_a_tar_in_the_browser_arrives_in_chunks(tmp_path: Path) -> None:
    project = factories.project()
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for seed in range(3):
            data = factories.picture(seed)
            info = tarfile.TarInfo(f"{seed}.png")
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    content = buffer.getvalue()
    (upload,) = uploads.announce_uploads(
        project=project, files=[uploads.Announced("many.tar.gz", len(content))], by=None
    )
    half = len(content) // 2
    uploads.append_chunk(upload=upload, offset=0, data=content[:half])
    with pytest.raises(InvalidInput, match="Send the rest first"):
        start(project, uploads=[str(upload.public_id)])
    uploads.append_chunk(upload=upload, offset=half, data=content[half:])
    found = run(project, uploads=[str(upload.public_id)])
    assert sorted(outcomes(found)) == ["many.tar.gz/0.png", "many.tar.gz/1.png", "many.tar.gz/2.png"]


def test_a_path_outside_of_the_roots_is_refused(tmp_path: Path, settings: Any) -> None:
    settings.IMPORT_ROOTS = (tmp_path / "allowed",)
    (tmp_path / "allowed").mkdir()
    (tmp_path / "allowed" / "door").symlink_to(tmp_path)
    project = factories.project()
    for path in (tmp_path, tmp_path / "allowed" / ".." / "x", tmp_path / "allowed" / "door"):
        with pytest.raises(InvalidInput, match="these folders of the server only"):
            request_import(
                project=project, source=factories.source(project), request=ImportRequest(path=str(path)), by=None
            )
    assert not Import.objects.exists()


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    fill(tmp_path / "outside", 1)
    fill(tmp_path / "inside", 1, first=5)
    (tmp_path / "inside" / "stolen.png").symlink_to(tmp_path / "outside" / "0000.png")
    found = run(factories.project(), tmp_path / "inside")
    assert list(outcomes(found)) == ["0005.png"]


def test_a_cancelled_import_keeps_what_it_has_and_can_be_done_again(tmp_path: Path) -> None:
    project = factories.project()
    source = factories.source(project)
    fill(tmp_path, 3)
    found = start(project, tmp_path, source)
    assert found.job is not None
    Job.objects.filter(pk=found.job.pk).update(cancel_requested=True)
    assert finish(found.job).state == "cancelled"
    assert run(project, tmp_path, source).imported == 3


def test_the_report_is_written_once_although_the_import_runs_twice(tmp_path: Path) -> None:
    project = factories.project()
    fill(tmp_path, 5)
    found = run(project, tmp_path)
    Job.objects.filter(pk=found.job_id).update(state="queued")
    Import.objects.filter(pk=found.pk).update(finished_at=None)
    finish(found.job)
    found.refresh_from_db()
    assert (found.imported, found.duplicates, found.known) == (5, 0, 0)
    assert ImportFile.objects.filter(run=found).count() == 5


def test_names_and_values_that_a_database_cannot_keep_do_not_stop_an_import(tmp_path: Path) -> None:
    project = factories.project()
    fill(tmp_path, 2)
    bad = bytes(tmp_path) + b"/\xff\xfe.png"
    with open(bad, "wb") as file:
        file.write(factories.picture(70))
    decomposed = unicodedata.normalize("NFD", "고양이.png")
    (tmp_path / decomposed).write_bytes(factories.picture(71))
    rows = [
        {"file_name": "0000.png", "note": "a\u0000b", "external_id": "x\u0000y"},
        {"file_name": "0001.png", "note": "\ud800"},
        {"file_name": "고양이.png", "note": "cat"},
        {"file_name": "gone\u0000.png", "note": "gone"},
    ]
    (tmp_path / "manifest.jsonl").write_text("\n".join(json.dumps(row) for row in rows))
    found = run(project, tmp_path)
    assert (found.imported, found.rejected) == (3, 2)
    assert {row.code for row in found.files.filter(outcome="rejected")} == {"bad-name", "file-not-found"}
    notes = dict(Occurrence.objects.filter(project=project).values_list("name", "attributes__note"))
    assert notes == {"0000.png": "ab", "0001.png": "?", decomposed: "cat"}
    again = run(project, tmp_path, found.source)
    assert (again.imported, again.known) == (0, 3)


def upload_of(project: Project, name: str, content: bytes) -> Upload:
    (upload,) = uploads.announce_uploads(project=project, files=[uploads.Announced(name, len(content))], by=None)
    return uploads.append_chunk(upload=upload, offset=0, data=content)


def test_two_imports_do_not_share_an_upload(tmp_path: Path) -> None:
    project = factories.project()
    upload = upload_of(project, "a.png", factories.picture(1))
    first = start(project, uploads=[str(upload.public_id)])
    with pytest.raises(InvalidInput, match="is being imported already"):
        start(project, uploads=[str(upload.public_id)])
    assert finish(first.job).result["imported"] == 1
    with pytest.raises(InvalidInput, match="was imported before"):
        start(project, uploads=[str(upload.public_id)])


def test_the_uploads_of_an_import_that_failed_can_be_imported_again(tmp_path: Path) -> None:
    project = factories.project()
    ids = [str(upload_of(project, name, data).public_id) for name, data in [
        ("a.png", factories.picture(1)), ("manifest.csv", "file_name,이름\na.png,고양이".encode("cp949")),
    ]]  # fmt: skip
    job = finish(start(project, uploads=ids).job)
    assert job.state == "failed"
    assert "looks like CP949" in job.error["detail"]
    assert run(project, uploads=ids, encoding="cp949").imported == 1
    assert Occurrence.objects.get(project=project).attributes == {"이름": "고양이"}


def test_an_encoding_that_is_not_offered_is_refused(tmp_path: Path) -> None:
    fill(tmp_path, 1)
    with pytest.raises(InvalidInput, match="utf-8 or cp949, not as latin-1"):
        start(factories.project(), tmp_path, encoding="latin-1")


def test_a_worker_killed_after_the_last_file_is_followed_by_one_that_only_tidies_up(tmp_path: Path) -> None:
    """Between the end of an import and the end of its job the uploads' bytes go: a second look would not find them."""
    project = factories.project()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("1.png", factories.picture(1))
    ids = [
        str(upload_of(project, "a.zip", buffer.getvalue()).public_id),
        str(upload_of(project, "manifest.csv", b"file_name,x\na.zip/1.png,1").public_id),
    ]
    found = run(project, uploads=ids)
    before = outcomes(found)
    Job.objects.filter(pk=found.job_id).update(state="queued")
    assert finish(found.job).state == "succeeded"
    assert outcomes(found) == before
    assert not list(object_store().iter_keys(f"p/{project.pk}/uploads/"))


def test_a_full_disk_ends_the_import_with_a_sentence_and_blames_no_file(tmp_path: Path, monkeypatch: Any) -> None:
    project = factories.project()
    source = factories.source(project)
    fill(tmp_path, 3)

    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(FolderStore, "put", full)
        found = start(project, tmp_path, source)
        job = finish(found.job)
    assert (job.state, job.error["code"]) == ("failed", "storage-failed")
    assert "No space left on device" in job.error["detail"]
    assert not found.files.exists()
    assert run(project, tmp_path, source).imported == 3


def test_a_folder_that_may_not_be_read_is_a_row_and_the_rest_is_imported(tmp_path: Path, monkeypatch: Any) -> None:
    fill(tmp_path / "open", 2)
    fill(tmp_path / "shut", 1)
    scandir = os.scandir

    def guarded(path: Any) -> Any:
        if Path(path).name == "shut":
            raise PermissionError(errno.EACCES, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", guarded)
    found = run(factories.project(), tmp_path)
    assert (found.imported, found.rejected) == (2, 1)
    assert outcomes(found)["shut"] == ("rejected", "unreadable-file")


def test_a_long_batch_shows_life(tmp_path: Path, monkeypatch: Any) -> None:
    """A batch that takes longer than a silent worker is waited for would be taken over again and again."""
    monkeypatch.setattr(jobs, "PULSE_SECONDS", 0.0)
    beats: list[Any] = []
    beat = Claim.beat
    monkeypatch.setattr(Claim, "beat", lambda self, *given: (beats.append(given), beat(self, *given)))
    fill(tmp_path, 30)
    run(factories.project(), tmp_path)
    assert len([given for given in beats if not given]) >= 30
