"""Lines of an untrusted text file in bounded memory, with help for files that are not UTF-8."""

import codecs
from collections.abc import Iterator
from typing import BinaryIO

from datasets.formats.manifest_row import UnreadableManifest

MAX_LINE_BYTES = 4 * 1024 * 1024
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def text_lines(file: BinaryIO, *, encoding: str = "utf-8") -> Iterator[str]:
    """Lines with their line ends, decoded. A UTF-8 byte order mark is dropped.

    Raises UnreadableManifest: "line-too-long" (over 4 MiB), "not-utf8" with the likely encoding and what to do.
    """
    number = 0
    while raw := file.readline(MAX_LINE_BYTES + 1):
        number += 1
        if len(raw) > MAX_LINE_BYTES:
            raise UnreadableManifest("line-too-long", "A line has more than 4 MiB.", line=number)
        if number == 1:
            if raw.startswith(_UTF16):
                raise UnreadableManifest(
                    "not-utf8",
                    'The file is UTF-16 ("Unicode text" in Excel). Save it as "CSV UTF-8 (comma delimited)".',
                    line=1,
                )
            raw = raw.removeprefix(codecs.BOM_UTF8)
        try:
            yield raw.decode(encoding)
        except UnicodeDecodeError as error:
            raise UnreadableManifest("not-utf8", _advice(raw, encoding), line=number) from error


def _advice(raw: bytes, encoding: str) -> str:
    if encoding != "utf-8":
        return f"A line is not valid {encoding}. Save the file as UTF-8."
    try:
        text = raw.decode("cp949")
    except UnicodeDecodeError:
        return "The file is not UTF-8. Save it as UTF-8 and try again."
    sample = text.strip()[:30]
    return (
        f'The file is not UTF-8 but looks like CP949, as a Korean Excel saves it ("{sample}"). '
        'Save it as "CSV UTF-8 (comma delimited)", or choose the encoding CP949.'
    )
