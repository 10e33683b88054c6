"""Names inside archives: what is safe, what is noise, and what a Korean Windows meant."""

import re
import unicodedata

_DRIVE = re.compile(r"^[A-Za-z]:")
_HANGUL = re.compile(r"[\uac00-\ud7a3]")
_MAX_LENGTH = 1024
_SYSTEM_FILES = frozenset({".ds_store", "thumbs.db", "desktop.ini"})


class UnsafeName(Exception):
    """A member name that must not be used. code: stable reason; message: a sentence for a person."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def safe_member_name(name: str) -> str:
    """The name as a relative path with forward slashes, NFC, without "." parts.

    Raises UnsafeName: "absolute-path" (also drive letters and UNC), "path-traversal" (a ".." part),
    "bad-name" (empty, control characters, over 1,024 characters).
    """
    path = unicodedata.normalize("NFC", name.replace("\\", "/"))
    if path.startswith("/") or _DRIVE.match(path):
        raise UnsafeName("absolute-path", "The name is an absolute path; only paths inside the archive are taken.")
    parts = [part for part in path.split("/") if part not in ("", ".")]
    if ".." in parts:
        raise UnsafeName("path-traversal", 'The name leaves the archive with "..".')
    if not parts or len(path) > _MAX_LENGTH or any(unicodedata.category(c) in ("Cc", "Cs") for c in path):
        raise UnsafeName("bad-name", "The name is empty, too long, or has control characters.")
    return "/".join(parts)


def is_system_file(name: str) -> bool:
    """Whether an operating system put the member there by itself (macOS resource forks, thumbnail caches)."""
    parts = name.replace("\\", "/").lower().split("/")
    return parts[0] == "__macosx" or parts[-1] in _SYSTEM_FILES or parts[-1].startswith("._")


def legacy_zip_name(name: str) -> str:
    """Repair a zip name that lacks the UTF-8 flag and was therefore read as code page 437.

    Many programs write UTF-8 or, on a Korean Windows, CP949 without saying so. UTF-8 is taken if the bytes are valid
    UTF-8, CP949 if they are valid CP949 with Hangul in them; otherwise the name is returned as it was.
    """
    if name.isascii():
        return name
    try:
        raw = name.encode("cp437")
    except UnicodeEncodeError:
        return name
    for encoding in ("utf-8", "cp949"):
        try:
            decoded = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding == "utf-8" or _HANGUL.search(decoded):
            return decoded
    return name
