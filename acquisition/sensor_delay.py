"""How much later than the heart's beat a strap tells its interval, by model.

The medians of one published comparison against a synthetic ECG. Nothing is decided by a model's name but this: how far
behind "now" the heart line ends, and by how much two people on two models are apart. A delay that was measured on one's
own strap goes before the table.
"""

from __future__ import annotations

from dataclasses import dataclass

COMPARISON = "Physiological Measurement 46(8) 085001, 2025: median against a synthetic ECG"


@dataclass(frozen=True, slots=True)
class SensorDelay:
    """What is known of one model."""

    part: str
    """Part of the name that the model calls itself by, in lower case."""
    seconds: float
    source: str
    """Where the figure comes from."""


UNKNOWN = SensorDelay("", 0.0, "unknown model: counted as without delay")
DELAYS = (
    SensorDelay("polar h10", 2.6, f"{COMPARISON} (middle half 2.2 to 2.8 s)"),
    SensorDelay("movesense", 0.4, COMPARISON),
    SensorDelay("hrm-dual", 0.7, COMPARISON),
    SensorDelay("trackr", 2.1, COMPARISON),
)


def delay_of(name: str, override_s: float | None = None) -> SensorDelay:
    """Delay of the sensor that calls itself so; ``override_s`` is one's own figure for it.

    >>> delay_of("Polar H10 1234ABCD").seconds
    2.6
    >>> delay_of("Polar H10 1234ABCD", 2.4).source
    'given by the user'
    """
    if override_s is not None:
        return SensorDelay(name.lower(), override_s, "given by the user")
    return next((delay for delay in DELAYS if delay.part in name.lower()), UNKNOWN)


def delay_s(name: str, override_s: float | None = None) -> float:
    """The same in seconds alone; 0 when unknown.

    >>> delay_s("Something Else")
    0.0
    """
    return delay_of(name, override_s).seconds
