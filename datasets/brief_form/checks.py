"""What the answers may be, what is missing for a signature, and what somebody should know before signing."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from datasets.brief_form.fields import ALWAYS, BY_KEY, DAYS, FIELDS, BriefField, FieldKind
from datasets.brief_form.task_kinds import BY_KEY as KINDS
from datasets.brief_form.task_kinds import Support

Answers = dict[str, Any]
MAX_TEXT = 5000


@dataclass(frozen=True)
class Figures:
    """The answers that others compute with. lifetime_days: days; positive_share: 0 to 1; None where not answered."""

    task_kind: str
    class_of_concern: str
    positive_share: float | None
    cases_per_day: float | None
    lifetime_days: int | None


def clean_answers(raw: Mapping[str, Any]) -> tuple[Answers, dict[str, list[str]]]:
    """Answers by field, empty ones left out, and the mistakes by field."""
    answers: Answers = {}
    errors: dict[str, list[str]] = {}
    for key, value in raw.items():
        field = BY_KEY.get(key)
        if field is None:
            errors[key] = [f"The brief does not ask for {key!r}."]
        elif value not in (None, ""):
            sentence, cleaned = _clean(field, value)
            if sentence:
                errors[key] = [sentence]
            elif cleaned != "":
                answers[key] = cleaned
    return answers, errors


def missing_for_signature(answers: Mapping[str, Any]) -> list[str]:
    """Keys of the fields that a person must fill before signing."""
    kind = KINDS.get(answers.get("task_kind", ""))
    classifies = kind is not None and kind.classifies
    needed = [field.key for field in FIELDS if field.required == ALWAYS or (field.required and classifies)]
    return [key for key in needed if key not in answers]


def warnings(answers: Mapping[str, Any]) -> list[str]:
    """Sentences that stand above the signature."""
    found = []
    kind = KINDS.get(answers.get("task_kind", ""))
    if kind is not None and kind.support is not Support.SUPPORTED:
        found.append(f"{kind.title_en} is {_supported(kind.support)}. {kind.advice}")
    if answers.get("target_is") == "opinion":
        found.append(
            "The target is an opinion about people. A model will repeat the prejudice in it and call it a measurement. "
            "Stop here, or find a fact that serves the same decision."
        )
    if answers.get("sensitivity") == "special":
        found.append(
            "The data are of a special category: exports to devices and browsers stay locked until somebody signs."
        )
    share = answers.get("positive_share")
    if isinstance(share, float | int) and 0 < share < 0.05:
        found.append(f"Only {share:.1%} of the cases are of concern: accuracy would praise a model that never says so.")
    if answers.get("solution_today", "").strip().lower() in ("none", "없음") and kind is not None and kind.classifies:
        found.append("There is no solution today, so always answering the most frequent class is what must be beaten.")
    return found


def figures(answers: Mapping[str, Any]) -> Figures:
    """What releases, audits and schedules compute with."""
    lifetime = answers.get("lifetime")
    days = None if lifetime is None else max(1, round(lifetime * DAYS[answers.get("lifetime_unit", "days")]))
    return Figures(
        answers.get("task_kind", ""),
        answers.get("class_of_concern", ""),
        answers.get("positive_share"),
        answers.get("cases_per_day"),
        days,
    )


def _clean(field: BriefField, value: Any) -> tuple[str, Any]:
    """(what is wrong, cleaned value)."""
    if field.kind is FieldKind.TEXT:
        if not isinstance(value, str) or len(value) > MAX_TEXT:
            return f"Write a text of at most {MAX_TEXT:,} characters.", None
        return "", value.strip()
    if field.kind is FieldKind.CHOICE:
        keys = [option.key for option in field.options]
        return ("", value) if value in keys else (f"Choose one of {', '.join(keys)}.", None)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or value < 0:
        return "Give a number that is not negative.", None
    if field.kind is FieldKind.SHARE and value > 1:
        return "Give a share from 0 to 1, like 0.03 for 3%.", None
    return "", value


def _supported(support: Support) -> str:
    return "planned but not built yet" if support is Support.PLANNED else "not what this server does"
