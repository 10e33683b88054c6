import pytest

from training.selectors.brief_terms import BriefTerms
from training.selectors.where_to_run import advise

SIZES = {"onnx": 400_000, "litert_int8": 120_000}


@pytest.mark.parametrize(
    ("terms", "place", "format", "reason"),
    [
        (BriefTerms(), "rest", "onnx", "Nothing in the brief rules the server out"),
        (BriefTerms(device="server", latency_ms=2000, connection="always"), "rest", "onnx", "2000 ms"),
        (BriefTerms(device="machine", connection="never"), "device", "litert_int8", "on a machine on site"),
        (BriefTerms(device="browser"), "browser", "onnx", "in the browser"),
        (BriefTerms(latency_ms=50), "device", "litert_int8", "no time for a network"),
        (BriefTerms(device="phone", privacy="log no input"), "device", "litert_int8", "log no input"),
    ],
)
def test_the_constraint_decides_and_is_the_reason(terms, place, format, reason):
    advice = advise(terms, SIZES)
    assert (advice.place, advice.format) == (place, format)
    assert any(reason in one for one in advice.reasons)
    assert advice.reasons[0] in advice.sentence


def test_memory_is_held_against_the_file():
    small = advise(BriefTerms(device="phone", memory_mb=0.1), SIZES, blocked="Not yet.")
    assert (small.fits, small.blocked) == (False, "Not yet.")
    assert advise(BriefTerms(device="phone", memory_mb=1), SIZES).fits is True
    assert advise(BriefTerms(device="phone"), SIZES).blocked == ""
    assert advise(BriefTerms(device="phone"), {"onnx": 10}).format == "onnx"
