"""What every test of two samples gives back."""

from dataclasses import dataclass


@dataclass(frozen=True)
class TwoSampleTest:
    """A test that two samples come from one distribution.

    statistic, effect: in the units that `method` and `effect_name` say; effect does not grow with the sample sizes.
    p_value: in [0, 1]. n_reference, n_current: values used. All three numbers are None, with a reason, where the test
    cannot be made.
    """

    method: str
    statistic: float | None
    p_value: float | None
    effect: float | None
    effect_name: str
    n_reference: int
    n_current: int
    reason: str | None = None
