"""Is the model still right? One verdict out of the latest drift report and the latest audit."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from django.utils import timezone

from auditing.models import Audit
from common.said import Phrase, Said

Light = Literal["good", "warning", "bad", "empty"]
FRESH_FOR = timedelta(days=35)
MATTERS = 0.02  # a fall of the accuracy by two points or more is worth a warning


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """light: for colour and shape; code: which verdict; said: the reason."""

    light: Light
    code: str
    said: Said

    @property
    def sentence(self) -> str:
        return self.said.sentence


def _of(light: Light, code: str, **params: Any) -> Verdict:
    return Verdict(light=light, code=code, said=PHRASES[code](**params))


TOLD = Phrase("verdict.told", "{value:.1%} ({low:.1%} to {high:.1%})")
PHRASES = {
    code: Phrase(f"verdict.{code}", english)
    for code, english in {
        "unaudited": "Nobody has checked production yet. An audit gives the number.",
        "drifted-unaudited": (
            "Production has drifted from the training data; nobody has checked whether it is still right."
        ),
        "audit-old": "The last audit said {told}, but it is more than a month old.",
        "audited-no-expectation": (
            "The accuracy in production is {told}; the model was released without a test to compare with."
        ),
        "fell": "The accuracy in production is {told}; the test promised {promised:.1%}. That is not chance.",
        "maybe-fell": "The accuracy in production is {told}, below the promised {promised:.1%}; it may be chance.",
        "drifted-still-right": "Production has drifted, but the model is still right: {told}.",
        "still-right": "The model is still right: {told} in production.",
    }.items()
}


def still_right(*, audit: Audit | None, expected: dict[str, Any] | None, look: str | None) -> Verdict:
    """The verdict, with its reason.

    audit: latest finished random audit of the model in charge; expected: its accuracy on the test split at release, an
    estimate as JSON; look: "alike" or "different" of the latest comparison with its training data, None without one.
    An audit outweighs any drift report: drift says that the inputs changed, the audit whether that matters.
    """
    if audit is None:
        return _of("warning", "drifted-unaudited") if look == "different" else _of("empty", "unaudited")
    accuracy = (audit.result or {})["accuracy"]
    told = TOLD(value=accuracy["value"], low=accuracy["low"], high=accuracy["high"])
    if _is_old(audit.window_to):
        return _of("warning", "audit-old", told=told)
    return _compared((audit.result or {})["model_accuracy"], expected, look, told)


def _compared(accuracy: dict[str, Any], expected: dict[str, Any] | None, look: str | None, told: Said) -> Verdict:
    if expected is None or expected.get("value") is None:
        return _of("warning", "audited-no-expectation", told=told)
    lost = expected["value"] - accuracy["value"]
    if accuracy["high"] < (expected.get("low") or expected["value"]) and lost >= MATTERS:
        return _of("bad", "fell", told=told, promised=expected["value"])
    if lost >= MATTERS:
        return _of("warning", "maybe-fell", told=told, promised=expected["value"])
    if look == "different":
        return _of("good", "drifted-still-right", told=told)
    return _of("good", "still-right", told=told)


def _is_old(when: datetime) -> bool:
    return timezone.now() - when > FRESH_FOR
