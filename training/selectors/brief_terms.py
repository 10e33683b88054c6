"""What the brief promises and fears, as numbers that models are held against."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from accounts.models import Project
from datasets.brief_form.fields import FIELDS, FieldKind
from datasets.selectors.briefs import current, signed
from training.evaluation.expectations import Wording


@dataclass(frozen=True, kw_only=True)
class BriefTerms:
    """What is None or empty the brief does not say.

    positive_share: of the class of concern in production, 0 to 1. Costs are a case, in cost_unit. answers: as stored.
    """

    class_of_concern: str = ""
    cases_per_day: float | None = None
    positive_share: float | None = None
    false_positive_cost: float | None = None
    false_negative_cost: float | None = None
    cost_unit: str = ""
    target_metric: str = ""
    target_value: float | None = None
    latency_ms: float | None = None
    memory_mb: float | None = None
    device: str = ""
    connection: str = ""
    privacy: str = ""
    sensitivity: str = ""
    who_is_harmed: str = ""
    signed_name: str = ""
    answers: Mapping[str, Any] = field(default_factory=dict)

    def wording(self, concern: str, other: str = "") -> Wording:
        """Words for the sentence of expectations. other: the only other class, when there is one."""
        return Wording(concern=concern, other=other)

    def told(self) -> list[tuple[str, str]]:
        """The answers in words, in the order of the form."""
        found = []
        for one in FIELDS:
            value = self.answers.get(one.key)
            if value in (None, ""):
                continue
            if one.kind == FieldKind.CHOICE:
                value = next((option.en for option in one.options if option.key == value), value)
            found.append((one.en, f"{value:,} {one.unit}".strip() if isinstance(value, int | float) else str(value)))
        return found


def terms_of(project: Project) -> BriefTerms:
    """The terms of the signed brief, or of the draft while none is signed; all silent without one."""
    brief = signed(project) or current(project)
    if brief is None:
        return BriefTerms()
    answers: Mapping[str, Any] = brief.answers

    def text(name: str) -> str:
        return str(answers.get(name) or "")

    def number(name: str) -> float | None:
        return None if answers.get(name) in (None, "") else float(answers[name])

    return BriefTerms(
        class_of_concern=text("class_of_concern"),
        cases_per_day=number("cases_per_day"),
        positive_share=number("positive_share"),
        false_positive_cost=number("false_positive_cost"),
        false_negative_cost=number("false_negative_cost"),
        cost_unit=text("cost_unit"),
        target_metric=text("target_metric"),
        target_value=number("target_value"),
        latency_ms=number("latency_ms"),
        memory_mb=number("memory_mb"),
        device=text("device"),
        connection=text("connection"),
        privacy=text("privacy"),
        sensitivity=text("sensitivity"),
        who_is_harmed=text("who_is_harmed"),
        signed_name=brief.signed_name,
        answers=answers,
    )
