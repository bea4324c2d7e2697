"""A column of time stamps beside the intervals: its unit, its drift against them, and the gaps that it shows."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from acquisition.errors import UnreadableFile

GAP_OVER_S = 2.0
"""A stamp that runs ahead of the intervals by more than this at one row is a gap: stamps of 1 s resolution
wander by up to 1 s, and shorter losses cannot be told from a skipped beat."""
SPAN_AGREES = (0.9, 20.0)
"""Stamps may span this many times the sum of the intervals: a little less by rounding, much more by gaps."""
STAMP_S = 1.0
"""Coarsest stamps: whole seconds."""

_MEND = "give one RR interval a line, or two columns: time (s or ms, rising), RR"


@dataclass(frozen=True, slots=True)
class TimeColumn:
    """What the stamps say beyond the intervals."""

    gaps_s: Mapping[int, float]
    """Length of the gap before the interval of each index that has one, s."""
    words: str


def read_times(stamps: Sequence[Decimal], rr_ms: Sequence[float], places: Sequence[str]) -> TimeColumn:
    """Compare stamps with intervals; ``places`` names each row for messages. Raises UnreadableFile."""
    for i in range(1, len(stamps)):
        if stamps[i] < stamps[i - 1]:
            raise UnreadableFile(f"time goes back from {stamps[i - 1]} to {stamps[i]}", place=places[i], remedy=_MEND)
    rr_s = math.fsum(rr_ms[1:]) / 1000.0
    span = float(stamps[-1] - stamps[0])
    unit, to_s = next(
        ((name, factor) for name, factor in (("s", 1.0), ("ms", 1e-3)) if _agrees(span * factor, rr_s)), ("", 0.0)
    )
    if not unit:
        what = f"the first column spans {span:g}, which fits the intervals ({rr_s:.1f} s) neither in s nor in ms"
        raise UnreadableFile(what, place=places[0], remedy=_MEND)
    gaps: dict[int, float] = {}
    for i in range(1, len(stamps)):
        ahead_s = float(stamps[i] - stamps[i - 1]) * to_s - rr_ms[i] / 1000.0
        if ahead_s > GAP_OVER_S:
            gaps[i] = ahead_s
    drift_s = span * to_s - rr_s - math.fsum(gaps.values())
    return TimeColumn(gaps, f"in {unit}; {len(gaps)} gaps; drifts {drift_s:+.3f} s from the intervals elsewhere")


def _agrees(span_s: float, rr_s: float) -> bool:
    return SPAN_AGREES[0] * rr_s - STAMP_S <= span_s <= SPAN_AGREES[1] * rr_s + STAMP_S
