"""What a queue does on its own: early stop, skips, limits of a person, pauses. Checked before they are stored."""

from collections.abc import Mapping, Sequence
from typing import Any

from annotation.models import SkipTo
from annotation.services.asking import is_counted
from common.problems import InvalidInput
from datasets.labeling_schema.document import Question

RULES = ("skip_to", "stop_at", "stop_min", "gold_misses", "day_limit", "person_limit", "share_limit")
MOST = 2_000_000_000


def check_rules(rules: Mapping[str, Any], *, is_audit: bool, asked: Sequence[Question]) -> None:
    """Raises InvalidInput that names the rule. rules: some or all of RULES. asked: all that the queue asks."""
    if rules.get("skip_to", SkipTo.OTHERS) not in SkipTo.values:
        raise _wrong("skip_to", f"A skipped item goes to one of {', '.join(SkipTo.values)}.")
    stop_at = rules.get("stop_at")
    if stop_at is not None:
        if not 0.5 < stop_at < 1:
            raise _wrong("stop_at", "Stop early at a probability above 0.5 and below 1, or not at all.")
        if is_audit:
            raise _wrong("stop_at", "An audit measures with all its answers. It cannot stop early.")
        if not is_counted(asked):
            raise _wrong(
                "stop_at",
                "Only answers that choose classes can be weighed against each other, so nothing here can stop early.",
            )
    if rules.get("gold_misses") is not None and not is_counted(asked):
        raise _wrong("gold_misses", "This queue can have no gold, so none of it can be missed.")
    _in_range(rules, "stop_min", 1, 100, "answers at least before an item is finished early", optional=False)
    _in_range(rules, "gold_misses", 1, 100, "known answers missed in a row before a pause is suggested")
    _in_range(rules, "day_limit", 1, MOST, "answers of one person a day")
    _in_range(rules, "person_limit", 1, MOST, "answers of one person in all")
    share = rules.get("share_limit")
    if share is not None and not 0 < share <= 1:
        raise _wrong("share_limit", "The largest share of one person is above 0 and at most 1.")


def _in_range(rules: Mapping[str, Any], name: str, low: int, high: int, what: str, *, optional: bool = True) -> None:
    if name not in rules or (optional and rules[name] is None):
        return
    value = rules[name]
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise _wrong(name, f"Give from {low} to {high:,} {what}{', or nothing' if optional else ''}.")


def _wrong(name: str, sentence: str) -> InvalidInput:
    return InvalidInput(sentence, errors={name: [sentence]})
