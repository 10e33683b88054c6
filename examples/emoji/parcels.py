"""The drawings packed as a person would bring them: an archive, a manifest, the hash of a file."""

import hashlib
import io
import zipfile
from pathlib import Path

from examples.emoji.catalogue import Picture


def sha256_of(path: Path) -> str:
    """What the server calls the item of this file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def phone_manifest(pictures: list[Picture]) -> str:
    """What the phones know of a drawing: which thing it is one of, and its skin tone."""
    lines = [f"{picture.file},{picture.thing},{picture.skin}" for picture in pictures]
    return "file,group,skin_tone\n" + "\n".join(lines) + "\n"


def pictures_zip(pictures: list[Picture], style: str, *, with_broken: bool) -> bytes:
    """The drawings as an archive; some planted files are broken, so that the import report has something to say."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for picture in pictures:
            archive.writestr(zipfile.ZipInfo(picture.file), picture.path(style).read_bytes())
        if with_broken:
            whole = pictures[0].path(style).read_bytes()
            archive.writestr(zipfile.ZipInfo("planted/cut-off.png"), whole[: len(whole) // 2])
            archive.writestr(zipfile.ZipInfo("planted/notes.jpg"), b"These are notes, not a picture.\n")
            archive.writestr(zipfile.ZipInfo("planted/logo.svg"), b"<svg xmlns='http://www.w3.org/2000/svg'/>")
            archive.writestr(zipfile.ZipInfo("planted/empty.png"), b"")
    return out.getvalue()
