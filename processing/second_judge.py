"""A second opinion on an interval, from ratios to its local median and from nothing else.

The thresholds of Lipponen and Tarvainen grow with the spread that they are measured in: at 20 % premature beats they
find none. Ratios to a median do not move while fewer than half of the beats are out of place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from processing.values import Verdict

BEFORE, AFTER = 11, 3
"""Neighbours that the local median is taken from; the median of 15 outlives seven faults."""
MIN_NEIGHBOURS = 5
"""With fewer around it no interval is judged."""
PREMATURE = 0.80
"""A beat is premature at 20 % before its time (the usual clinical mark); the breath does not shorten a single
interval so much against its local median."""
PAUSE = 1.10
"""The interval after a premature beat is longer than its neighbours."""
PAIR_AT_MOST = 2.25
"""Both intervals of a premature beat last about two normal ones."""
WHOLE_TOLERANCE = 0.2
"""How far, in normal intervals, a sum may be from a whole number of them."""
PART_AT_MOST = 0.75
"""Each part of an interval that an extra beat has split."""
NEIGHBOUR_AT_MOST = 1.4
"""A missed beat stands out from both neighbours; a slow heart does not."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """What an interval, and perhaps the next with it, is held to be."""

    verdict: Verdict
    intervals: int
    """How many intervals the event takes: 1 or 2."""
    beats: int
    """How many true intervals lie in them."""


def local_median(rr_ms: Sequence[float], index: int) -> float | None:
    """Median of the intervals around ``index``, or None with too few of them."""
    around = sorted(rr_ms[max(0, index - BEFORE) : index + AFTER + 1])
    return around[len(around) // 2] if len(around) >= MIN_NEIGHBOURS else None


def opinion(rr_ms: Sequence[float], index: int) -> Opinion | None:
    """Judge the interval at ``index`` of a gap-free run; None when it looks normal."""
    usual = local_median(rr_ms, index)
    if usual is None or usual <= 0:
        return None
    this = rr_ms[index] / usual
    before = rr_ms[index - 1] / usual if index > 0 else 1.0
    after = rr_ms[index + 1] / usual if index + 1 < len(rr_ms) else None
    whole = round(this)
    if whole >= 2 and abs(this - whole) <= WHOLE_TOLERANCE and max(before, after or 1.0) <= NEIGHBOUR_AT_MOST:
        return Opinion(Verdict.MISSED, 1, whole)
    if after is None:
        return None
    if max(this, after) <= PART_AT_MOST and abs(this + after - 1.0) <= WHOLE_TOLERANCE:
        return Opinion(Verdict.EXTRA, 2, 1)
    if this <= PREMATURE and after >= PAUSE and this + after <= PAIR_AT_MOST:
        return Opinion(Verdict.ECTOPIC, 2, 2)
    return None
