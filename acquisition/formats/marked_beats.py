"""Beats marked in time instead of measured as intervals: the distance of two marks is an interval, or a hole."""

from __future__ import annotations

from collections.abc import Sequence

from acquisition.formats.rr_units import RR_RANGE_MS, SHORTEST_MS
from acquisition.formats.series import Interval, Refusals

HOLE_OVER_MS = RR_RANGE_MS[1]
"""Marks further apart than this (20 beats/min) are no two neighbouring beats: between them beats were not marked."""


def intervals_of(onsets_s: Sequence[float], refusals: Refusals) -> list[Interval]:
    """Intervals between rising marks, s; each keeps the time of its mark. A second mark of the same beat is refused."""
    intervals: list[Interval] = []
    before_s, broken = onsets_s[0], None
    for onset_s in onsets_s[1:]:
        rr_ms = round((onset_s - before_s) * 1000.0, 6)
        if rr_ms < SHORTEST_MS:
            refusals.add(f"{onset_s:g} s", "the beat is marked twice")
            continue
        before_s = onset_s
        if rr_ms > HOLE_OVER_MS:
            broken = "no beat is marked"
            continue
        intervals.append(Interval(rr_ms, onset_s, broken))
        broken = None
    return intervals
