"""Numbers and texts of answers and attributes in their one written form."""

import math
import unicodedata
from decimal import Decimal

from datasets.labeling_schema.document import MAX_LENGTH, Question
from datasets.labeling_schema.refusal import InvalidAnswer

LARGEST = 1e15
DECIMALS = Decimal("0.000000001")


def canonical_number(question: Question, value: object) -> int | float:
    """A number on a step within the question's limits, whole ones as int, at most 9 decimals. Raises InvalidAnswer."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise InvalidAnswer(f'The answer to "{question.key}" must be a number.', code="not_a_number")
    unit = f" {question.unit}" if question.unit else ""
    low, high, step = question.minimum, question.maximum, question.step
    if abs(value) > LARGEST:
        raise InvalidAnswer(f'{value} is too large an answer to "{question.key}".', code="out_of_range")
    if low is not None and value < low:
        raise InvalidAnswer(f'"{question.key}" is at least {low}{unit}, not {value}.', code="out_of_range")
    if high is not None and value > high:
        raise InvalidAnswer(f'"{question.key}" is at most {high}{unit}, not {value}.', code="out_of_range")
    exact = Decimal(repr(value)).quantize(DECIMALS) if isinstance(value, float) else Decimal(value)
    if step is not None and (exact - Decimal(repr(low or 0))) % Decimal(repr(step)) != 0:
        start = f" from {low}" if low else ""
        raise InvalidAnswer(
            f'"{question.key}" goes in steps of {step}{start}; {value} is between two.', code="off_step"
        )
    return int(exact) if exact == exact.to_integral_value() else float(exact)


def canonical_text(question: Question, value: object) -> str:
    """NFC, line ends as LF, no blanks at the ends. Raises InvalidAnswer."""
    if not isinstance(value, str):
        raise InvalidAnswer(f'The answer to "{question.key}" must be a text.', code="not_a_text")
    said = unicodedata.normalize("NFC", value).replace("\r\n", "\n").replace("\r", "\n").strip()
    longest = question.max_length or MAX_LENGTH
    if not said:
        raise InvalidAnswer(f'The answer to "{question.key}" is empty. Write something.', code="empty")
    if len(said) > longest:
        raise InvalidAnswer(
            f'The answer to "{question.key}" has {len(said):,} characters; at most {longest:,} fit. Shorten it.',
            code="too_long",
        )
    if "\x00" in said:
        raise InvalidAnswer(f'The answer to "{question.key}" holds a null character. Take it out.', code="not_a_text")
    return said
