"""Time stamps beside intervals: where they run ahead of the intervals lies a gap, what is left is drift.

Stamps of beats follow the intervals to a few ms, so that a single lost beat shows. Stamps of arrival (a phone's clock,
whole seconds) wander by a packet and more, but are only ever late: there the lowest lead of the rows around counts, so
that a burst of late packets is no gap, and a loss shorter than a packet's wander stays in the drift.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FOLLOWS_S = 0.02
"""Stamps whose median distance from the intervals is at most this follow the beats (ms and 1/64 s do)."""
BEAT_LOST_S = 0.25
"""Lead of a stamp that follows the beats above which a beat is missing: the shortest believed interval."""
PACKETS_LOST_S = 1.5
"""Rise of the lowest lead of arrival stamps above which packets are missing: packets of 1 s wander by a second."""
AROUND_ROWS = 60
"""Rows before and after that tell the lowest lead: at 59 beats/min beats and packets of 1 s drift through one another
in a minute."""
SET_BACK_S = 1.0
"""A stamp this far before the one above it: the clock was set back."""


@dataclass(frozen=True, slots=True)
class Stamps:
    """What the stamps say beyond the intervals."""

    gaps_s: Mapping[int, float]
    """Length of the gap before the interval of each index that has one, s."""
    set_back: frozenset[int]
    """Indices at which the clock was set back."""
    follow_beats: bool
    """True for stamps of beats, False for stamps of arrival."""
    origin_s: float
    """The stamps' clock at the beginning of the first interval."""
    drift_s: float
    """How much longer the stamps span than intervals and gaps together."""

    @property
    def words(self) -> str:
        """The same for people."""
        kind = "stamps of beats" if self.follow_beats else "stamps of arrival"
        back = f"; the clock was set back {len(self.set_back)} times" if self.set_back else ""
        return f"{kind}; {len(self.gaps_s)} gaps; drifts {self.drift_s:+.3f} s from the intervals elsewhere{back}"


def compare(stamps_s: Sequence[float], rr_s: Sequence[float]) -> Stamps:
    """Compare stamps with the intervals that end at them; both of one length, at least 1."""
    stamps, rr = np.asarray(stamps_s, dtype=np.float64), np.asarray(rr_s, dtype=np.float64)
    steps = np.diff(stamps)
    set_back = frozenset((np.flatnonzero(steps < -SET_BACK_S) + 1).tolist())
    ahead = np.concatenate([[0.0], steps - rr[1:]])
    ahead[list(set_back)] = 0.0
    follow = len(ahead) < 2 or float(np.median(np.abs(ahead[1:]))) <= FOLLOWS_S
    gaps = _lost_beats(ahead) if follow else _lost_packets(ahead)
    first = min([*gaps, *set_back, len(ahead), AROUND_ROWS])
    lead = np.cumsum(ahead)
    origin_s = float(stamps[0] - rr[0] + np.min(lead[: max(first, 1)]))
    return Stamps(gaps, set_back, follow, origin_s, float(lead[-1]) - sum(gaps.values()))


def _lost_beats(ahead: NDArray[np.float64]) -> dict[int, float]:
    return {int(i): float(ahead[i]) for i in np.flatnonzero(ahead > BEAT_LOST_S)}


def _lost_packets(ahead: NDArray[np.float64]) -> dict[int, float]:
    """Rows at which the lowest lead rises and stays up."""
    lead = np.cumsum(ahead)
    gaps: dict[int, float] = {}
    since = 0
    for i in np.flatnonzero(ahead > BEAT_LOST_S).tolist():
        before = lead[max(since, i - AROUND_ROWS) : i]
        rise = float(np.min(lead[i : i + AROUND_ROWS]) - np.min(before)) if len(before) else 0.0
        if rise > PACKETS_LOST_S:
            gaps[i] = rise
            since = i
    return gaps
