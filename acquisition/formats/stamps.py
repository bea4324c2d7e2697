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
AROUND_ROWS = 30
"""Rows before and after that tell the lowest lead: a phone that stalls catches up within them, and a clock that is
2.4 % off (ms taken for 1/1024 s) does not rise to a loss within them."""
ENOUGH_ROWS = 5
"""With fewer rows after it a rise must be twice as high: the last packets of a file may simply be late."""
STEADY = (0.5, 1e-3)
"""Stamps that follow the beats stay within this of the intervals, gaps left out: s, and s per s (five times the drift
of a bad clock). Stamps of arrival near 60 beats/min follow for a minute, fall behind by a packet, and jump."""
FIRST_ROWS = 10
"""Rows from which the beginning is taken, by the lowest lead."""
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
    follow = _follow(ahead, float(np.sum(rr)))
    gaps = _lost_beats(ahead) if follow else _lost_packets(ahead)
    first = min([*gaps, *set_back, len(ahead), FIRST_ROWS])
    lead = np.cumsum(ahead)
    origin_s = float(stamps[0] - rr[0] + np.min(lead[: max(first, 1)]))
    return Stamps(gaps, set_back, follow, origin_s, float(lead[-1]) - sum(gaps.values()))


def _follow(ahead: NDArray[np.float64], rr_s: float) -> bool:
    """True for stamps of beats."""
    if len(ahead) < 2:
        return True
    elsewhere_s = float(np.sum(ahead[ahead <= BEAT_LOST_S]))
    near = float(np.median(np.abs(ahead[1:]))) <= FOLLOWS_S
    return near and abs(elsewhere_s) <= max(STEADY[0], STEADY[1] * rr_s)


def _lost_beats(ahead: NDArray[np.float64]) -> dict[int, float]:
    return {int(i): float(ahead[i]) for i in np.flatnonzero(ahead > BEAT_LOST_S)}


def _lost_packets(ahead: NDArray[np.float64]) -> dict[int, float]:
    """Rows at which the lowest lead rises and stays up."""
    lead = np.cumsum(ahead)
    gaps: dict[int, float] = {}
    since = 0
    for i in np.flatnonzero(ahead > BEAT_LOST_S).tolist():
        before = lead[max(since, i - AROUND_ROWS) : i]
        after = lead[i : i + AROUND_ROWS]
        rise = float(np.min(after) - np.min(before)) if len(before) else 0.0
        if rise > (PACKETS_LOST_S if len(after) >= ENOUGH_ROWS else 2 * PACKETS_LOST_S):
            gaps[i] = rise
            since = i
    return gaps
