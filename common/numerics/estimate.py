"""A number with its interval, or the reason why there is none."""

import math
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True)
class Estimate:
    """A point estimate with a confidence interval.

    value, low, high: in the unit of the quantity; None where it could not be computed, and then `reason` says why.
    level: nominal coverage of [low, high], in (0, 1). n: number of observations behind the value.
    method: short name of the method that made it, shown to people. A reason may also accompany a value,
    for example when only the interval is missing.

    Raises ValueError when a number is not finite, when the limits are crossed or half-given, or when something
    is missing without a reason: not-a-number never travels alone.
    """

    value: float | None
    low: float | None
    high: float | None
    level: float
    n: int
    method: str
    reason: str | None = None

    def __post_init__(self) -> None:
        if not 0.0 < self.level < 1.0:
            raise ValueError(f"level must lie between 0 and 1, got {self.level}")
        if self.n < 0:
            raise ValueError(f"n must not be negative, got {self.n}")
        for name, number in (("value", self.value), ("low", self.low), ("high", self.high)):
            if number is not None and not math.isfinite(number):
                raise ValueError(f"{name} must be finite, got {number}; use Estimate.unknown(reason)")
        if (self.low is None) != (self.high is None):
            raise ValueError("an interval needs both limits")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError(f"the limits are crossed: {self.low} > {self.high}")
        if (self.value is None or self.low is None) and not self.reason:
            raise ValueError("a missing value or interval needs a reason")

    @classmethod
    def unknown(cls, reason: str, *, level: float = 0.95, n: int = 0, method: str = "") -> Self:
        """An estimate that could not be made, with the reason in words for people."""
        return cls(value=None, low=None, high=None, level=level, n=n, method=method, reason=reason)

    @classmethod
    def point(cls, value: float, reason: str, *, level: float = 0.95, n: int = 0, method: str = "") -> Self:
        """A value whose interval could not be computed; `reason` says why there is no interval."""
        return cls(value=value, low=None, high=None, level=level, n=n, method=method, reason=reason)

    @property
    def is_known(self) -> bool:
        """Whether there is a value."""
        return self.value is not None

    @property
    def half_width(self) -> float | None:
        """Half the width of the interval, in the unit of the value; None without an interval."""
        if self.low is None or self.high is None:
            return None
        return (self.high - self.low) / 2.0

    def as_json(self) -> dict[str, float | int | str | None]:
        """The contract of the API: value, low, high, level, n, method, reason."""
        return {
            "value": self.value,
            "low": self.low,
            "high": self.high,
            "level": self.level,
            "n": self.n,
            "method": self.method,
            "reason": self.reason,
        }
