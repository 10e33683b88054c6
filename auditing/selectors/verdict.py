"""Is the model still right? One verdict out of the latest drift report and the latest audit."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from django.utils import timezone

from auditing.models import Audit

Light = Literal["good", "warning", "bad", "empty"]
FRESH_FOR = timedelta(days=35)
MATTERS = 0.02  # a fall of the accuracy by two points or more is worth a warning


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """light: for colour and shape; code: for translations; sentence: the reason in words."""

    light: Light
    code: str
    sentence: str


def still_right(*, audit: Audit | None, expected: dict[str, Any] | None, look: str | None) -> Verdict:
    """The verdict, with its reason.

    audit: latest finished random audit of the model in charge; expected: its accuracy on the test split at release, an
    estimate as JSON; look: "alike" or "different" of the latest comparison with its training data, None without one.
    An audit outweighs any drift report: drift says that the inputs changed, the audit whether that matters.
    """
    if audit is None:
        if look == "different":
            return Verdict(
                light="warning",
                code="drifted-unaudited",
                sentence="Production has drifted from the training data; nobody has checked whether it is still right.",
            )
        return Verdict(
            light="empty", code="unaudited", sentence="Nobody has checked production yet. An audit gives the number."
        )
    accuracy = (audit.result or {})["accuracy"]
    told = f"{accuracy['value']:.1%} ({accuracy['low']:.1%} to {accuracy['high']:.1%})"
    if _is_old(audit.window_to):
        return Verdict(
            light="warning", code="audit-old", sentence=f"The last audit said {told}, but it is more than a month old."
        )
    return _compared((audit.result or {})["model_accuracy"], expected, look, told)


def _compared(accuracy: dict[str, Any], expected: dict[str, Any] | None, look: str | None, told: str) -> Verdict:
    if expected is None or expected.get("value") is None:
        return Verdict(
            light="warning",
            code="audited-no-expectation",
            sentence=f"The accuracy in production is {told}; the model was released without a test to compare with.",
        )
    promised = f"{expected['value']:.1%}"
    lost = expected["value"] - accuracy["value"]
    if accuracy["high"] < (expected.get("low") or expected["value"]) and lost >= MATTERS:
        return Verdict(
            light="bad",
            code="fell",
            sentence=f"The accuracy in production is {told}; the test promised {promised}. That is not chance.",
        )
    if lost >= MATTERS:
        return Verdict(
            light="warning",
            code="maybe-fell",
            sentence=f"The accuracy in production is {told}, below the promised {promised}; it may be chance.",
        )
    if look == "different":
        return Verdict(
            light="good",
            code="drifted-still-right",
            sentence=f"Production has drifted, but the model is still right: {told}.",
        )
    return Verdict(light="good", code="still-right", sentence=f"The model is still right: {told} in production.")


def _is_old(when: datetime) -> bool:
    return timezone.now() - when > FRESH_FOR
