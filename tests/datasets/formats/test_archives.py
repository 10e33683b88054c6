import contextlib
import io
import random
import struct
import tarfile
import tracemalloc
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datasets.formats.archive_walk import iterate_archive
from datasets.formats.archives import ArchiveLimits, ArchiveMember, RejectedMember, UnreadableArchive
from datasets.formats.member_names import UnsafeName, legacy_zip_name, safe_member_name


def make_zip(members, compression=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return out.getvalue()


def make_tar(members, mode="w"):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as archive:
        for name, data in members:
            info = name if isinstance(name, tarfile.TarInfo) else tarfile.TarInfo(name)
            if isinstance(data, bytes):
                info.size = len(data)
            archive.addfile(info, io.BytesIO(data) if isinstance(data, bytes) else None)
    return out.getvalue()


def walk(data, **limits):
    """name -> bytes of what was taken, name -> code of what was refused."""
    taken, refused = {}, {}
    for member in iterate_archive(io.BytesIO(data), limits=ArchiveLimits(**limits)):
        if isinstance(member, ArchiveMember):
            taken[member.name] = member.file.read()
            assert len(taken[member.name]) == member.size
        else:
            assert member.message.endswith((".", ")"))
            refused[member.name] = member.code
    return taken, refused


NASTY = ["../../etc/passwd", "/etc/shadow", "a/../../b", "C:\\Windows\\x", "\\\\host\\share\\x", "..\\up"]


def test_dangerous_names_are_refused_and_the_rest_is_taken():
    members = [("good/a.png", b"A"), *((name, b"x") for name in NASTY), ("good/b.png", b"B")]
    for data in (make_zip(members), make_tar(members)):
        taken, refused = walk(data)
        assert taken == {"good/a.png": b"A", "good/b.png": b"B"}
        assert len(refused) == len(NASTY)
        assert set(refused.values()) == {"path-traversal", "absolute-path"}


@pytest.mark.parametrize("mode", ["w", "w:gz", "w:bz2", "w:xz"])
def test_tar_in_every_packing(mode):
    members = [(f"d/{i}.bin", random.Random(i).randbytes(i * 1000)) for i in range(30)]
    taken, refused = walk(make_tar(members, mode))
    assert taken == dict(members)
    assert refused == {}


def test_links_and_devices_are_refused():
    link, hard, fifo, device = (tarfile.TarInfo(n) for n in ("link", "hard", "fifo", "device"))
    link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
    hard.type, hard.linkname = tarfile.LNKTYPE, "a"
    fifo.type, device.type = tarfile.FIFOTYPE, tarfile.CHRTYPE
    taken, refused = walk(
        make_tar([("a", b"1"), (link, None), (hard, None), (fifo, None), (device, None), ("b", b"2")])
    )
    assert set(taken) == {"a", "b"}
    assert refused == dict.fromkeys(("link", "hard", "fifo", "device"), "not-a-file")
    symlink = zipfile.ZipInfo("link")
    symlink.external_attr = 0o120777 << 16
    taken, refused = walk(make_zip([(symlink, b"/etc/passwd"), ("a", b"1")]))
    assert set(taken) == {"a"}
    assert refused == {"link": "not-a-file"}


def test_a_zip_bomb_is_refused_from_its_header_and_the_rest_goes_on():
    taken, refused = walk(make_zip([("bomb.png", b"\0" * 30_000_000), ("a.png", b"A")]))
    assert taken == {"a.png": b"A"}
    assert refused == {"bomb.png": "archive-bomb"}


def test_a_zip_that_lies_about_its_size_is_noticed_while_reading():
    data = bytearray(make_zip([("bomb.png", b"\0" * 30_000_000), ("a.png", b"A")]))
    at = data.rfind(b"PK\x01\x02", 0, data.rfind(b"PK\x01\x02"))
    data[at + 24 : at + 28] = struct.pack("<L", 1000)  # declared size in the directory
    taken, refused = walk(bytes(data))
    assert taken.keys() == {"a.png"}
    assert refused.keys() == {"bomb.png"}


def test_overlapping_members_are_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a", b"A" * 500)
        archive.writestr("b", b"B" * 500)
        archive.infolist()[1].header_offset = archive.infolist()[0].header_offset
    taken, refused = walk(out.getvalue())
    assert "archive-bomb" in refused.values()
    assert len(taken) < 2


def test_a_tar_bomb_ends_the_walk_but_keeps_what_came_before():
    members = [("a.png", random.Random(0).randbytes(5000)), ("bomb.png", b"\0" * 60_000_000), ("c", b"C")]
    taken, refused = walk(make_tar(members, "w:gz"))
    assert taken == {"a.png": members[0][1]}
    assert "archive-bomb" in refused.values()


def test_a_tar_header_that_claims_gigabytes_is_not_read():
    pax = tarfile.TarInfo("x")
    pax.pax_headers = {"comment": "y" * 8_000_000}
    data = make_tar([("a", b"A"), (pax, b"1"), ("b", b"B")])
    taken, refused = walk(data, max_header_bytes=1_000_000)
    assert taken == {"a": b"A"}
    assert set(refused.values()) == {"archive-bomb"}


def test_limits_on_members_sizes_and_total():
    members = [(f"{i}", bytes([i]) * 1000) for i in range(5)]
    for data in (make_zip(members), make_tar(members)):
        taken, refused = walk(data, max_members=3)
        assert len(taken) == 3
        assert set(refused.values()) == {"too-many-members"}
        taken, refused = walk(data, max_member_bytes=999)
        assert not taken
        assert set(refused.values()) == {"member-too-large"}
        taken, refused = walk(data, max_member_bytes=1000, max_total_bytes=1500)
        assert len(taken) == 1
        assert set(refused.values()) == {"archive-too-large"}


def test_encrypted_and_damaged_members_are_named_and_the_rest_is_taken():
    data = bytearray(make_zip([("secret", b"S" * 50), ("broken", b"B" * 50), ("fine", b"F")], zipfile.ZIP_STORED))
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.find(signature) + flags] |= 1
    at = data.find(b"B" * 50)
    data[at : at + 5] = b"XXXXX"
    taken, refused = walk(bytes(data))
    assert taken == {"fine": b"F"}
    assert refused == {"secret": "encrypted", "broken": "member-damaged"}


def test_a_cut_tar_gives_what_is_whole():
    members = [(f"{i}", random.Random(i).randbytes(20_000)) for i in range(5)]
    for mode in ("w", "w:gz"):
        data = make_tar(members, mode)
        taken, refused = walk(data[: len(data) // 2])
        assert taken.items() <= dict(members).items()
        assert len(taken) >= 1
        assert set(refused.values()) <= {"archive-damaged", "member-damaged"}
        assert refused


@pytest.mark.parametrize("data", [b"", b"not an archive at all", b"PK\x03\x04 cut"])
def test_what_is_no_archive_is_said_at_once(data):
    with pytest.raises(UnreadableArchive) as caught:
        list(iterate_archive(io.BytesIO(data)))
    assert caught.value.code in ("empty-file", "not-an-archive", "archive-damaged")


def test_system_files_and_folders_are_left_out():
    assert walk(make_zip([("d/", b""), ("__MACOSX/._a", b"x"), ("d/.DS_Store", b"x"), ("d/a", b"A")]))[0] == {
        "d/a": b"A"
    }


def test_korean_names_from_a_windows_zip_are_repaired():
    korean = "고양이/사진 1.png"
    assert legacy_zip_name(korean.encode("cp949").decode("cp437")) == korean
    assert legacy_zip_name(korean.encode("utf-8").decode("cp437")) == korean
    assert legacy_zip_name("café.png") == "café.png"
    assert legacy_zip_name("plain.png") == "plain.png"


def test_memory_stays_bounded():
    big = random.Random(0).randbytes(30_000_000)
    for data in (make_zip([("a", big), ("b", big)], zipfile.ZIP_STORED), make_tar([("a", big), ("b", big)])):
        tracemalloc.start()
        for member in iterate_archive(io.BytesIO(data)):
            assert isinstance(member, ArchiveMember)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 12_000_000


@given(st.text(max_size=40))
def test_a_safe_name_stays_inside_and_is_stable(name):
    try:
        safe = safe_member_name(name)
    except UnsafeName:
        return
    assert not safe.startswith("/")
    assert ".." not in safe.split("/")
    assert "\\" not in safe
    assert safe_member_name(safe) == safe


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(["zip", "tar", "gz"]), st.lists(st.tuples(st.integers(0, 5000), st.binary(min_size=1, max_size=6)))
)
def test_hostile_bytes_never_raise_anything_else(kind, changes):
    members = [("사진/b.txt", b"hello" * 50), ("c", b"x" * 300)]
    data = bytearray({"zip": make_zip, "tar": make_tar, "gz": lambda m: make_tar(m, "w:gz")}[kind](members))
    for at, garbage in changes:
        at %= len(data)
        data[at : at + len(garbage)] = garbage
    with contextlib.suppress(UnreadableArchive):
        for member in iterate_archive(io.BytesIO(bytes(data))):
            assert isinstance(member, (ArchiveMember, RejectedMember))


def test_a_zip_whose_two_headers_disagree_about_the_encoding_costs_one_member():
    data = bytearray(make_zip([("사진.png", b"A" * 40), ("good.png", b"B")]))
    data[30:32] = b"\xff\xfe"  # the name in the member's own header, where the directory says UTF-8
    taken, refused = walk(bytes(data))
    assert taken == {"good.png": b"B"}
    assert refused == {"사진.png": "member-damaged"}


def test_a_zip_member_without_a_name_costs_one_member():
    data = make_zip([("x", b"A"), ("good.png", b"B")])
    at = data.index(b"PK\x01\x02")
    nameless = bytearray(data)
    nameless[at + 46 : at + 47] = b""
    nameless[at + 28 : at + 30] = b"\0\0"
    end = nameless.index(b"PK\x05\x06")
    struct.pack_into("<L", nameless, end + 12, struct.unpack_from("<L", nameless, end + 12)[0] - 1)
    taken, refused = walk(bytes(nameless))
    assert taken == {"good.png": b"B"}
    assert refused == {"": "bad-name"}


@pytest.mark.parametrize("broken", ["checksum", "cut"])
def test_a_header_that_cannot_be_read_is_no_silent_end(broken):
    good = make_tar([("good.png", b"A")])[:1024]
    rest = make_tar([("broken.png", b"B"), ("late.png", b"C")])
    taken, refused = walk(good + (rest[:148] + b"9" * 6 + rest[154:] if broken == "checksum" else rest[:100]))
    assert taken == {"good.png": b"A"}
    assert refused == {"": "archive-damaged"}


def test_a_header_of_attributes_that_makes_no_sense_is_no_silent_end():
    header = tarfile.TarInfo("x")
    header.type, header.size = tarfile.XHDTYPE, 512
    nonsense = header.tobuf(tarfile.GNU_FORMAT) + b"0 comment=a\n".ljust(512, b"\0")
    before = make_tar([("good.png", b"A")])[:1024]
    taken, refused = walk(before + nonsense + make_tar([("late.png", b"B")]))
    assert taken == {"good.png": b"A"}
    assert refused == {"": "archive-damaged"}


@pytest.mark.parametrize("kind", [tarfile.GNUTYPE_LONGNAME, tarfile.XHDTYPE])
def test_a_tar_with_a_thousand_headers_for_one_member_ends_the_walk_with_a_row(kind):
    header = tarfile.TarInfo("x")
    header.type, header.size = kind, 512
    body = b"a" * 511 + b"\0" if kind == tarfile.GNUTYPE_LONGNAME else b"21 comment=aaaaaaaaa\n".ljust(512, b"\0")
    chain = (header.tobuf(tarfile.GNU_FORMAT) + body) * 1500
    before = make_tar([("good.png", b"A")])[:1024]
    taken, refused = walk(before + chain + make_tar([("late.png", b"B")]))
    assert taken == {"good.png": b"A"}
    assert refused == {"": "archive-damaged"}
