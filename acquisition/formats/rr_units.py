"""Are these numbers RR intervals, and in which unit? Decided from the median, and the decision is told."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from acquisition.errors import UnreadableFile

RR_RANGE_MS = (250.0, 3000.0)
"""A median interval in this range is believed: 20 to 240 beats/min, wider than any awake heart holds for minutes."""
HEART_RATE_RANGE_BPM = (20.0, 250.0)
"""A median in this range is no interval in ms or s, but the usual range of heart rates in beats/min."""
SHORTEST_MS = 10.0
"""Shorter values are not intervals but a slip of unit: no strap sends one (bogus 51 ms are on record)."""
LONGEST_MS = 60_000.0
"""Longer values are not intervals but a slip of unit or a clock reading; dropouts of 15 s are on record."""

BROKEN_CHAIN = "correct the line, or split the file there (leaving it out would join beats that were no neighbours)"
"""The remedy of every single value that cannot be used: dropping it silently would bend the time of all later beats."""


@dataclass(frozen=True, slots=True)
class UnitDecision:
    """How to make ms of the numbers in a file, and why."""

    to_ms: float
    """Factor from the file's unit to ms."""
    words: str

    def ms(self, value: float) -> float:
        """A value of the file in ms, without the noise of binary fractions.

        >>> UnitDecision(1000.0, "s").ms(1.011)
        1011.0
        """
        return value if self.to_ms == 1.0 else float(Decimal(repr(value)) * 1000)


def decide(values: Sequence[float], place: str) -> UnitDecision:
    """The unit of a non-empty series; raises UnreadableFile when it is heart rate or no known unit."""
    median = statistics.median(values)
    if RR_RANGE_MS[0] <= median <= RR_RANGE_MS[1]:
        return UnitDecision(1.0, f"ms (the median {median:g} is an interval in ms)")
    if RR_RANGE_MS[0] <= median * 1000 <= RR_RANGE_MS[1]:
        return UnitDecision(1000.0, f"s (the median {median:g} is an interval in s)")
    if HEART_RATE_RANGE_BPM[0] <= median <= HEART_RATE_RANGE_BPM[1]:
        raise UnreadableFile(
            f"the median is {median:g}, which is heart rate in beats/min and not RR intervals",
            place=place,
            remedy="export the RR (beat-to-beat) intervals; heart rate cannot give heart rate variability",
        )
    raise UnreadableFile(
        f"the median is {median:g}, which is no RR interval in ms (250 to 3000) or in s (0.25 to 3)",
        place=place,
        remedy="convert the intervals to ms",
    )


def check_value(rr_ms: float, place: str) -> None:
    """Raise UnreadableFile when one value of a believed series cannot be an interval."""
    if SHORTEST_MS <= rr_ms <= LONGEST_MS:
        return
    if rr_ms <= 0:
        what = f"an interval of {rr_ms:g} ms is impossible"
    else:
        what = f"an interval of {rr_ms:g} ms is impossible; its unit seems to differ from the rest of the file"
    raise UnreadableFile(what, place=place, remedy=BROKEN_CHAIN)
