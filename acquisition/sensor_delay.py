"""How much later than the heart's beat a strap tells its interval, by model.

Medians of one published comparison against a synthetic ECG (Physiological Measurement 46(8) 085001, 2025). Nothing is
decided by a model's name but this: how far behind "now" the heart line ends. Unknown models count as without delay.
"""

from __future__ import annotations

DELAYS_S = (
    ("polar h10", 2.6),
    ("movesense", 0.4),
    ("hrm-dual", 0.7),
    ("trackr", 2.1),
)
"""Part of the name in lower case, seconds."""


def delay_s(name: str) -> float:
    """Delay of the sensor that calls itself so, in seconds; 0 when unknown.

    >>> delay_s("Polar H10 1234ABCD")
    2.6
    """
    return next((delay for part, delay in DELAYS_S if part in name.lower()), 0.0)
