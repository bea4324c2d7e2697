"""Finds sensors that count RR in milliseconds where 1/1024 s is due: their intervals add up to less than the time.

The lag of a frame (arrival minus the sum of intervals) then rises by 2.3 % of the time, along a line within the width
of one beat, for as long as one looks. A strap that loses as many beats lets it rise, too, but in steps of whole beats,
which are off any line sooner or later.
"""

from __future__ import annotations

from collections import deque

from acquisition.beats import TICKS_PER_S

MS_PER_S = 1000
RISE = 1 - MS_PER_S / TICKS_PER_S
"""How much the lag rises a second when milliseconds are taken for 1/1024 s."""
RISE_ERROR = 0.007
"""Where the heart beats at the pace of the frames, the lag may drift by most of a beat within the window."""
WINDOW_S = 120.0
LOOK_EVERY_S = 10.0
LOOKS = 13
"""So many looks in a row must agree: another two minutes."""
WIDTH_BEATS = 1.1
"""Middle nine tenths of the lags lie within this many beats of the line; steps by whole beats make it 1.5."""
MIDDLE = (5, 95)
"""Per cent; some frames are late."""


class UnitWatch:
    """Follows one segment of frames."""

    def __init__(self) -> None:
        self._chain_s = 0.0
        self._look_s: float | None = None
        self._agreed = 0
        self._seen: deque[tuple[float, float, int]] = deque()
        """Arrival, lag and number of intervals of each frame in the window."""

    def feed(self, arrival_s: float, rr_s: float, intervals: int) -> bool:
        """Take a frame whose intervals add up to ``rr_s`` if they are 1/1024 s; whether they are milliseconds."""
        self._chain_s += rr_s
        self._seen.append((arrival_s, arrival_s - self._chain_s, intervals))
        if self._look_s is None:
            self._look_s = arrival_s + WINDOW_S
        if arrival_s < self._look_s:
            return False
        self._look_s = arrival_s + LOOK_EVERY_S
        while self._seen[0][0] < arrival_s - WINDOW_S:
            self._seen.popleft()
        self._agreed = self._agreed + 1 if self._rises_evenly() else 0
        return self._agreed >= LOOKS

    def _rises_evenly(self) -> bool:
        if len(self._seen) < WINDOW_S / LOOK_EVERY_S:
            return False
        import numpy as np  # asked of live straps only; a beat is named in places that do without it

        arrivals_s, lags_s, intervals = np.array(self._seen).T
        slope, start_s = np.polyfit(arrivals_s - arrivals_s[0], lags_s, 1)
        if abs(slope - RISE) > RISE_ERROR:
            return False
        low_s, high_s = np.percentile(lags_s - start_s - slope * (arrivals_s - arrivals_s[0]), MIDDLE)
        return bool(high_s - low_s <= WIDTH_BEATS * (arrivals_s[-1] - arrivals_s[0]) / intervals[1:].sum())
