import json
import math

import pytest

from common.numerics.estimate import Estimate


def test_json_has_exactly_the_fields_of_the_contract():
    estimate = Estimate(value=0.5, low=0.4, high=0.7, level=0.95, n=10, method="wilson")
    assert json.loads(json.dumps(estimate.as_json())) == {
        "value": 0.5,
        "low": 0.4,
        "high": 0.7,
        "level": 0.95,
        "n": 10,
        "method": "wilson",
        "reason": None,
    }
    assert estimate.half_width == pytest.approx(0.15)


def test_unknown_carries_its_reason():
    estimate = Estimate.unknown("no answers yet", n=3)
    assert not estimate.is_known
    assert estimate.half_width is None
    assert estimate.as_json()["reason"] == "no answers yet"


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"value": math.nan}, "value must be finite"),
        ({"high": math.inf}, "high must be finite"),
        ({"low": None}, "both limits"),
        ({"low": 0.8}, "crossed"),
        ({"level": 95}, "level"),
        ({"n": -1}, "n must not be negative"),
        ({"value": None, "low": None, "high": None}, "needs a reason"),
        ({"low": None, "high": None}, "needs a reason"),
    ],
)
def test_refuses_what_would_mislead(change, problem):
    good = {"value": 0.5, "low": 0.4, "high": 0.7, "level": 0.95, "n": 10, "method": "wilson"}
    with pytest.raises(ValueError, match=problem):
        Estimate(**{**good, **change})
