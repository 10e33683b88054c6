"""Run lengths of a mask as COCO writes them: down the columns of the whole picture, zeros first.

Source: maskApi.c of pycocotools (rleToString, rleFrString). The drawing engine has the same in `mask/rle.ts`.
"""

from collections.abc import Sequence
from itertools import accumulate

MAX_SHIFT = 30  # more bits than a picture of a billion pixels needs


def counts_to_string(counts: Sequence[int]) -> str:
    """COCO's string: differences to the count two places back, five bits a character from the lowest, sign last.

    >>> counts_to_string([6, 1, 40, 4, 5, 4, 5, 4, 21])
    '61X13mN000`0'
    """
    text: list[str] = []
    for i, count in enumerate(counts):
        rest = count - counts[i - 2] if i > 2 else count
        more = True
        while more:
            code = rest & 0x1F
            rest >>= 5
            more = rest != -1 if code & 0x10 else rest != 0
            text.append(chr((code | 0x20 if more else code) + 48))
    return "".join(text)


def counts_from_string(text: str) -> list[int] | None:
    """The counts in COCO's string, or None when it is none. They may be nonsense: see `mask_fault`.

    >>> counts_from_string("61X13mN000`0")
    [6, 1, 40, 4, 5, 4, 5, 4, 21]
    """
    counts: list[int] = []
    value = shift = 0
    for sign in text:
        code = ord(sign) - 48
        if not 0 <= code < 64 or shift > MAX_SHIFT:
            return None
        value |= (code & 0x1F) << shift
        shift += 5
        if code & 0x20:
            continue
        if code & 0x10:
            value |= -1 << shift
        counts.append(value + counts[-2] if len(counts) > 2 else value)
        value = shift = 0
    return counts if shift == 0 else None


def plain_counts(counts: Sequence[int]) -> list[int]:
    """The same mask with no run of length zero but, where the first pixel has ink, the first one."""
    merged: list[int] = []
    for place, count in enumerate(counts):
        if count == 0 and place > 0:
            continue
        if merged and place % 2 == (len(merged) - 1) % 2:
            merged[-1] += count
        else:
            merged.append(count)
    return merged


def ink_of(counts: Sequence[int]) -> int:
    """How many pixels have ink."""
    return sum(counts[1::2])


def mask_bounds(counts: Sequence[int], height: int) -> tuple[int, int, int, int] | None:
    """(x, y, width, height) in pixels of the smallest box around the ink, None without ink. height: of the picture."""
    ends = list(accumulate(counts))
    runs = [(end - count, end - 1) for count, end in zip(counts[1::2], ends[1::2], strict=True) if count > 0]
    if not runs:
        return None
    columns = [(first // height, last // height) for first, last in runs]
    left, right = min(a for a, _ in columns), max(b for _, b in columns)
    # A run over the edge of a column touches the bottom of one and the top of the next.
    wraps = any(a != b for a, b in columns)
    top = 0 if wraps else min(first % height for first, _ in runs)
    bottom = height - 1 if wraps else max(last % height for _, last in runs)
    return left, top, right - left + 1, bottom - top + 1
