"""Where a model should run: on the server, on a device or in the browser, advised from the brief with the reason."""

from dataclasses import dataclass
from typing import Any

from training.models import ModelVersion
from training.selectors.brief_terms import BriefTerms, terms_of
from training.selectors.leaving import blocked

NETWORK_MS = 100.0  # a round trip over a mobile network seldom takes less


@dataclass(frozen=True)
class Advice:
    """place: rest, device or browser.

    blocked: a sentence when somebody has to sign before files may leave the server.
    """

    place: str
    sentence: str
    reasons: list[str]
    blocked: str
    format: str
    fits: bool | None

    def as_json(self) -> dict[str, Any]:
        return {
            "place": self.place,
            "sentence": self.sentence,
            "reasons": self.reasons,
            "blocked": self.blocked,
            "format": self.format,
            "fits": self.fits,
        }


PLACES = {
    "rest": "Run it on the server and ask it over REST.",
    "device": "Run it on the device.",
    "browser": "Run it in the browser.",
}


def where_to_run(model: ModelVersion) -> Advice:
    """Advice for a model of a project with its brief."""
    sizes = {export.format: export.size for export in model.exports.all()}
    return advise(terms_of(model.project), sizes, blocked=blocked(model))


def advise(terms: BriefTerms, sizes: dict[str, int], *, blocked: str = "") -> Advice:
    """sizes: bytes of each exported format.

    The first constraint that rules the server out decides; without one it is REST.
    """
    away = _reasons_against_server(terms)
    if not away:
        reasons = [
            "Nothing in the brief rules the server out, and there the model can be replaced and watched at any time."
        ]
        if terms.latency_ms is not None:
            reasons.append(f"The brief allows {terms.latency_ms:g} ms, which leaves time for the network.")
        return Advice("rest", f"{PLACES['rest']} {reasons[0]}", reasons, blocked, "onnx", None)
    place = "browser" if terms.device == "browser" else "device"
    format = "onnx" if place == "browser" or "litert_int8" not in sizes else "litert_int8"
    fits = None if terms.memory_mb is None or format not in sizes else sizes[format] <= terms.memory_mb * 1e6
    reasons = list(away)
    if fits is not None:
        size = sizes[format] / 1e6
        word = "fits into" if fits else "does not fit into"
        reasons.append(f"The {format} file of {size:.2f} MB {word} the {terms.memory_mb:g} MB that the brief allows.")
    return Advice(place, f"{PLACES[place]} {away[0]}", reasons, blocked, format, fits)


def _reasons_against_server(terms: BriefTerms) -> list[str]:
    reasons = []
    where = {"browser": "in the browser", "phone": "on a phone", "machine": "on a machine on site"}.get(terms.device)
    if where:
        reasons.append(f"The brief wants it {where}.")
    if terms.connection in ("never", "sometimes"):
        how = "there is never a connection" if terms.connection == "never" else "the connection comes and goes"
        reasons.append(f"It works where {how}.")
    if terms.latency_ms is not None and terms.latency_ms < NETWORK_MS:
        reasons.append(f"An answer within {terms.latency_ms:g} ms leaves no time for a network.")
    if reasons and terms.privacy:
        reasons.append(f"On privacy the brief says: {terms.privacy}")
    return reasons
