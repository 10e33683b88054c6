"""Where a model should run: on the server, on a device or in the browser, advised from the brief with the reason."""

from dataclasses import dataclass
from typing import Any

from common.said import Phrase, Said
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
    said: Said
    reasons_said: list[Said]
    blocked: str
    format: str
    fits: bool | None

    @property
    def sentence(self) -> str:
        """English: where, and the reason that decides."""
        return self.said.sentence

    @property
    def reasons(self) -> list[str]:
        """English, the deciding one first."""
        return [reason.sentence for reason in self.reasons_said]

    def as_json(self) -> dict[str, Any]:
        return {
            "place": self.place,
            "sentence": self.sentence,
            "said": self.said.as_json(),
            "reasons": self.reasons,
            "reasons_said": [reason.as_json() for reason in self.reasons_said],
            "blocked": self.blocked,
            "format": self.format,
            "fits": self.fits,
        }


PLACES = {
    "rest": Phrase("where.rest", "Run it on the server and ask it over REST."),
    "device": Phrase("where.device", "Run it on the device."),
    "browser": Phrase("where.browser", "Run it in the browser."),
}
NOTHING_AGAINST = Phrase(
    "where.nothingAgainst",
    "Nothing in the brief rules the server out, and there the model can be replaced and watched at any time.",
)
ENOUGH_TIME = Phrase("where.enoughTime", "The brief allows {ms:g} ms, which leaves time for the network.")
FITS = Phrase("where.fits", "The {format} file of {size:.2f} MB fits into the {allowed:g} MB that the brief allows.")
TOO_LARGE = Phrase(
    "where.tooLarge", "The {format} file of {size:.2f} MB does not fit into the {allowed:g} MB that the brief allows."
)
WANTED = {
    "browser": Phrase("where.inBrowser", "The brief wants it in the browser."),
    "phone": Phrase("where.onPhone", "The brief wants it on a phone."),
    "machine": Phrase("where.onMachine", "The brief wants it on a machine on site."),
}
CONNECTION = {
    "never": Phrase("where.neverConnected", "It works where there is never a connection."),
    "sometimes": Phrase("where.sometimesConnected", "It works where the connection comes and goes."),
}
NO_TIME = Phrase("where.noTime", "An answer within {ms:g} ms leaves no time for a network.")
PRIVACY = Phrase("where.privacy", "On privacy the brief says: {text}")


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
        reasons = [NOTHING_AGAINST()]
        if terms.latency_ms is not None:
            reasons.append(ENOUGH_TIME(ms=terms.latency_ms))
        return Advice("rest", PLACES["rest"]() + reasons[0], reasons, blocked, "onnx", None)
    place = "browser" if terms.device == "browser" else "device"
    format = "onnx" if place == "browser" or "litert_int8" not in sizes else "litert_int8"
    fits = None if terms.memory_mb is None or format not in sizes else sizes[format] <= terms.memory_mb * 1e6
    reasons = list(away)
    if fits is not None:
        told = FITS if fits else TOO_LARGE
        reasons.append(told(format=format, size=sizes[format] / 1e6, allowed=terms.memory_mb))
    return Advice(place, PLACES[place]() + away[0], reasons, blocked, format, fits)


def _reasons_against_server(terms: BriefTerms) -> list[Said]:
    reasons = []
    if terms.device in WANTED:
        reasons.append(WANTED[terms.device]())
    if terms.connection in CONNECTION:
        reasons.append(CONNECTION[terms.connection]())
    if terms.latency_ms is not None and terms.latency_ms < NETWORK_MS:
        reasons.append(NO_TIME(ms=terms.latency_ms))
    if reasons and terms.privacy:
        reasons.append(PRIVACY(text=terms.privacy))
    return reasons
