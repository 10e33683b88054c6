"""Names of stored objects. Every key starts with its project, so that no tenant can name another's bytes."""

import re

_SHA256 = re.compile(r"^[0-9a-f]{64}$")
_KEY = re.compile(r"^p/\d+/[A-Za-z0-9._/@+-]+$")


def content_key(project_id: int, sha256: str) -> str:
    """Where the bytes with this hash live: `p/<project>/objects/ab/cd/<sha256>`."""
    if not _SHA256.match(sha256):
        raise ValueError(f"{sha256!r} is not a SHA-256 in hexadecimal.")
    return f"p/{project_id}/objects/{sha256[:2]}/{sha256[2:4]}/{sha256}"


def derived_key(project_id: int, kind: str, sha256: str, suffix: str) -> str:
    """Where something computed from those bytes lives: `p/<project>/derived/<kind>/ab/<sha256><suffix>`."""
    if not _SHA256.match(sha256):
        raise ValueError(f"{sha256!r} is not a SHA-256 in hexadecimal.")
    return f"p/{project_id}/derived/{kind}/{sha256[:2]}/{sha256}{suffix}"


def file_key(project_id: int, room: str, name: str) -> str:
    """Where a made file lives: `p/<project>/<room>/<name>`."""
    return checked(f"p/{project_id}/{room}/{name}")


def checked(key: str) -> str:
    """`key` itself, if it is one of ours. Raises ValueError for anything that could leave its folder."""
    if not _KEY.match(key) or ".." in key or "//" in key:
        raise ValueError(f"{key!r} is not a key of this store.")
    return key


def checked_prefix(prefix: str) -> str:
    """A folder-like beginning of keys, ending with a slash. Raises ValueError for anything else."""
    if not prefix.endswith("/"):
        raise ValueError(f"{prefix!r} is no prefix: it must end with a slash.")
    checked(f"{prefix}x")
    return prefix


def belongs_to(key: str, project_id: int) -> bool:
    """Whether the object is the project's."""
    return key.startswith(f"p/{project_id}/")
