"""The corrected tachogram of the last minutes, ready to be interpolated from any beat to its newest.

The spline's equations are kept beside the points as they come, so that a window pays only for its own solution. Gives
what ``spectrum.tachogram_4hz`` gives for the same points.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from processing.spectrum import GRID_HZ, MIN_POINTS
from processing.spline import BEGIN, EDGE, VALUE, Splines, end_equation, inner_equation

Floats = NDArray[np.float64]

CAPACITY = 4096
"""Points held at most; then all but the last KEEP are let go."""
KEEP = 1024
"""Two minutes at 300 beats a minute are 600 points."""
SIZES = 16
"""Sizes of systems that room is kept for: windows of a steady heart differ by a few points from beat to beat."""


class Tachogram:
    """Points in the order of their time; the tail may be taken back and drawn anew."""

    def __init__(self) -> None:
        self._points: Floats = np.zeros((6, CAPACITY))
        # A view of the memory itself reads and writes a single number in half of numpy's time.
        self._rows = [row.data for row in self._points]
        self._times: list[float] = []
        self._gone = 0
        self._splines = lru_cache(maxsize=SIZES)(Splines)

    @property
    def count(self) -> int:
        """Points drawn so far, those let go included."""
        return self._gone + len(self._times)

    @property
    def last_s(self) -> float:
        """Time of the last point, minus infinity without any."""
        return self._times[-1] if self._times else -math.inf

    def time_at(self, number: int) -> float:
        """Time of the point that was drawn as number ``number``, counted from 0; NaN when there is none."""
        place = number - self._gone
        return self._times[place] if 0 <= place < len(self._times) else math.nan

    def push(self, time_s: float, value: float) -> None:
        """Draw a point after the last one."""
        if len(self._times) == CAPACITY:
            self._let_go()
        times, (begins, values, right, middle, slopes, inverses) = self._times, self._rows
        n = len(times)
        times.append(time_s)
        begins[n], values[n] = time_s * GRID_HZ, value
        slopes[n] = inverses[n] = 0.0
        if n == 0:
            return
        inverse = 1.0 / ((time_s - times[n - 1]) * GRID_HZ)
        slope = (value - values[n - 1]) * inverse
        slopes[n - 1], inverses[n - 1] = slope, inverse
        if n == 1:
            return
        before, rise = inverses[n - 2], slopes[n - 2]
        middle[n - 1], right[n - 1] = inner_equation(before, inverse, rise, slope)
        middle[n], right[n] = end_equation(inverse, before, slope, rise)  # so far this point is the end

    def rewind(self, count: int) -> None:
        """Take back all points but the first ``count``."""
        held = count - self._gone
        if 0 < held < len(self._times):
            time_s, value = self._times[held - 1], self._rows[VALUE][held - 1]
            del self._times[held - 1 :]
            self.push(time_s, value)  # it is the end once more
        elif held <= 0:
            self._times.clear()

    def samples(self, after_s: float) -> Floats | None:
        """Cubic spline through the points later than ``after_s``, every 0.25 s from the first of them to the last.

        None with fewer than five points.
        """
        return self.together(after_s)[0]

    def together(self, *after_s: float) -> list[Floats | None]:
        """``samples`` for several windows, solved as one system."""
        size = len(self._times)
        firsts = [bisect_left(self._times, time_s) for time_s in after_s]
        drawn = [first for first in firsts if size - first >= MIN_POINTS]
        if not drawn:
            return [None] * len(firsts)
        splines = self._splines(len(drawn) * size - sum(drawn))
        places, steps = [0], [0]
        for first in drawn:
            steps.append(self._fill(splines, places[-1], first, steps[-1]))
            places.append(places[-1] + size - first)
        counts = splines.counts()
        on_piece = counts.data
        on_piece[0] += 1
        for place in places[1:-1]:
            on_piece[place - 1] = 0  # from one window to the next
            on_piece[place] += 1
        values = splines.samples(counts)
        return [None if first not in drawn else values[steps.pop(0) : steps[0]] for first in firsts]

    def _fill(self, splines: Splines, place: int, first: int, step: int) -> int:
        """Write the window from point ``first`` on to the table from ``place`` on, its first sample being number
        ``step``; gives the number after its last."""
        begins, _, _, _, slopes, inverses = self._rows
        size, begun = len(self._times), begins[first]
        end = place + size - first
        table = splines.table
        table[:, place:end] = self._points[:, first:size]
        splines.middles[place], splines.rights[place] = end_equation(
            inverses[first], inverses[first + 1], slopes[first], slopes[first + 1]
        )
        time = table[BEGIN, place:end]
        np.add(time, step - begun + EDGE, time)
        return step + int(begins[size - 1] - begun + EDGE) + 1

    def _let_go(self) -> None:
        gone = len(self._times) - KEEP
        self._points[:, :KEEP] = self._points[:, gone : gone + KEEP]
        del self._times[:gone]
        self._gone += gone
