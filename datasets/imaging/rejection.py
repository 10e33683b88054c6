"""The one way in which a file is refused as a picture: a stable code and a sentence for a person."""

from enum import StrEnum


class RejectionCode(StrEnum):
    """Stable reasons; clients translate them, so a value never changes its meaning."""

    EMPTY_FILE = "empty-file"
    FILE_TOO_LARGE = "file-too-large"
    NOT_AN_IMAGE = "not-an-image"
    SVG_REFUSED = "svg-refused"
    UNSUPPORTED_FORMAT = "unsupported-format"
    TOO_MANY_PIXELS = "too-many-pixels"
    TRUNCATED_IMAGE = "truncated-image"
    DAMAGED_IMAGE = "damaged-image"


class RejectedImage(Exception):
    """A file that is not taken in as a picture.

    code: a `RejectionCode`. message: what is wrong and what to do, one or two English sentences, no file name in it.
    """

    def __init__(self, code: RejectionCode, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
