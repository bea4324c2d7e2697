"""Finds sensors that count RR in milliseconds where 1/1024 s is due: their intervals add up to less than the time.

The smallest lag (arrival minus sum of intervals) of each block of frames then rises from block to block, evenly. A
strap that loses beats lets it rise, too, but by whole beats and now and then.
"""

from __future__ import annotations

from collections import deque
from itertools import pairwise

from acquisition.beats import TICKS_PER_S

BLOCK_S = 10.0
"""Frames of so long give one smallest lag; at rest it holds eight beats or more."""
BLOCKS = 12
"""So many rises in a row must fit: two minutes."""
MS_PER_S = 1000
RISE = 1 - MS_PER_S / TICKS_PER_S
"""How much the lag rises a second when milliseconds are taken for 1/1024 s."""
UNEVEN_S = 0.2
"""Half a beat at 150/min: a block's rise may differ by this; a whole lost beat may not pass for one."""
ALL_UNEVEN_S = 0.5
"""The rise over all blocks may differ by this: less than a beat, and far from a true clock's 0 s."""


class UnitWatch:
    """Follows one segment of frames."""

    def __init__(self) -> None:
        self._chain_s = 0.0
        self._until_s: float | None = None
        self._lowest_s = 0.0
        self._lows: deque[float] = deque(maxlen=BLOCKS + 1)

    def feed(self, arrival_s: float, rr_s: float) -> bool:
        """Take a frame whose intervals add up to ``rr_s`` if they are 1/1024 s; whether they are milliseconds."""
        self._chain_s += rr_s
        lag_s = arrival_s - self._chain_s
        if self._until_s is None:
            self._until_s, self._lowest_s = arrival_s + BLOCK_S, lag_s
        if arrival_s < self._until_s:
            self._lowest_s = min(self._lowest_s, lag_s)
            return False
        self._lows.append(self._lowest_s)
        self._until_s, self._lowest_s = self._until_s + BLOCK_S, lag_s
        return self._rises_evenly()

    def _rises_evenly(self) -> bool:
        if len(self._lows) <= BLOCKS:
            return False
        whole_s = self._lows[-1] - self._lows[0]
        uneven = (abs(after - before - RISE * BLOCK_S) for before, after in pairwise(self._lows))
        return abs(whole_s - BLOCKS * RISE * BLOCK_S) <= ALL_UNEVEN_S and max(uneven) <= UNEVEN_S
