"""Pictures that are hard to label or to learn from: dark, bright, flat, blurred, oddly shaped, tiny."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class IssueCode(StrEnum):
    """Stable names of image issues."""

    DARK = "dark"
    BRIGHT = "bright"
    FLAT = "flat"
    BLURRY = "blurry"
    ODD_RATIO = "odd-ratio"
    TINY = "tiny"


@dataclass(frozen=True, kw_only=True)
class IssueThresholds:
    """Limits beyond which a picture is named. Units are those of `image_statistics`; max_ratio: long side / short side.

    min_sharpness is in squared 0..255 steps and fits photographs of at least 512 pixels; icons and drawings have
    far more. Set a field to 0 (or max_ratio to infinity) to switch a check off.
    """

    dark_below: float = 0.12
    bright_above: float = 0.92
    flat_below: float = 0.03
    min_sharpness: float = 30.0
    max_ratio: float = 3.0
    min_megapixels: float = 0.001


@dataclass(frozen=True)
class ImageIssue:
    """One finding. value: the statistic; limit: what it was held against; both in the statistic's unit."""

    code: IssueCode
    value: float
    limit: float
    message: str


def image_issues(
    statistics: Mapping[str, float], *, thresholds: IssueThresholds | None = None
) -> tuple[ImageIssue, ...]:
    """Issues of one picture from its statistics, in a fixed order; empty if there are none.

    statistics: the dict of `image_statistics`; raises KeyError if a needed key is missing. A flat picture is not
    also called blurry, and a dark or bright picture not also flat: one cause, one message.
    Rules of thumb, not tests: they choose what a person looks at.
    """
    t = thresholds or IssueThresholds()
    brightness, contrast = statistics["brightness_mean"], statistics["contrast"]
    ratio = max(statistics["aspect_ratio"], 1 / statistics["aspect_ratio"])
    found: list[ImageIssue] = []
    if brightness < t.dark_below:
        found.append(ImageIssue(IssueCode.DARK, brightness, t.dark_below, "The picture is very dark."))
    elif brightness > t.bright_above:
        found.append(ImageIssue(IssueCode.BRIGHT, brightness, t.bright_above, "The picture is nearly white."))
    elif contrast < t.flat_below:
        found.append(ImageIssue(IssueCode.FLAT, contrast, t.flat_below, "The picture has almost no contrast."))
    if contrast >= t.flat_below and statistics["sharpness"] < t.min_sharpness:
        message = "The picture is blurred, or shows nothing with edges."
        found.append(ImageIssue(IssueCode.BLURRY, statistics["sharpness"], t.min_sharpness, message))
    if ratio > t.max_ratio:
        message = f"The long side is {ratio:.1f} times the short side."
        found.append(ImageIssue(IssueCode.ODD_RATIO, ratio, t.max_ratio, message))
    if statistics["megapixels"] < t.min_megapixels:
        message = f"The picture has only {statistics['megapixels'] * 1e6:,.0f} pixels."
        found.append(ImageIssue(IssueCode.TINY, statistics["megapixels"], t.min_megapixels, message))
    return tuple(found)
