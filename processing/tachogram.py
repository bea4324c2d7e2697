"""The corrected tachogram of the last minutes, ready to be interpolated from any beat to its newest.

The spline's equations are kept beside the points as they come, so that a window pays only for its own solution. Gives
what ``spectrum.tachogram_4hz`` gives for the same points.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy.linalg.lapack import dgtsv

from processing.spectrum import GRID_HZ, MIN_POINTS

Floats = NDArray[np.float64]

CAPACITY = 4096
"""Points held at most; then all but the last KEEP are let go."""
KEEP = 1024
"""Two minutes at 300 beats a minute are 600 points."""
MOST_SAMPLES = 2048
"""Samples of the longest window, with room to spare."""

_GRID_S = np.arange(MOST_SAMPLES, dtype=np.float64) / GRID_HZ


class Tachogram:
    """Points in the order of their time; the tail may be taken back and drawn anew."""

    def __init__(self) -> None:
        self._time_s = np.empty(CAPACITY)
        self._value = np.empty(CAPACITY)
        self._span, self._slope = np.empty(CAPACITY), np.empty(CAPACITY)
        self._middle, self._right = np.empty(CAPACITY), np.empty(CAPACITY)
        self.size = 0

    @property
    def last_s(self) -> float:
        """Time of the last point, minus infinity without any."""
        return float(self._time_s[self.size - 1]) if self.size else -math.inf

    def push(self, time_s: float, value: float) -> None:
        """Draw a point after the last one."""
        if self.size == CAPACITY:
            self._let_go()
        n = self.size
        self._time_s[n], self._value[n] = time_s, value
        self.size = n + 1
        if n == 0:
            return
        span = time_s - float(self._time_s[n - 1])
        slope = (value - float(self._value[n - 1])) / span
        self._span[n - 1], self._slope[n - 1] = span, slope
        if n > 1:
            before = float(self._span[n - 2])
            self._middle[n - 1] = 2.0 * (before + span)
            self._right[n - 1] = 3.0 * (span * float(self._slope[n - 2]) + before * slope)

    def rewind(self, size: int) -> None:
        """Take back all points but the first ``size``."""
        self.size = min(self.size, size)

    def samples(self, after_s: float) -> Floats | None:
        """Cubic spline through the points later than ``after_s``, every 0.25 s from the first of them to the last.

        None with fewer than five points.
        """
        first = int(self._time_s[: self.size].searchsorted(after_s))
        if self.size - first < MIN_POINTS:
            return None
        time_s, value = self._time_s[first : self.size], self._value[first : self.size]
        span, slope = self._span[first : self.size - 1], self._slope[first : self.size - 1]
        tangent = self._tangents(first, span, slope)
        count = int((float(time_s[-1]) - float(time_s[0])) * GRID_HZ + 1e-9) + 1
        grid = _GRID_S[:count] + time_s[0]
        piece = time_s[1:-1].searchsorted(grid, "right")
        table = np.empty((5, span.size))
        table[0], table[1], table[2] = time_s[:-1], value[:-1], tangent[:-1]
        bend = tangent[:-1] + tangent[1:]
        bend -= slope
        bend -= slope
        bend /= span
        curve = slope - tangent[:-1]
        curve /= span
        curve -= bend
        bend /= span
        table[3], table[4] = curve, bend
        begin, constant, linear, square, cubic = table.take(piece, axis=1)
        grid -= begin
        cubic *= grid
        cubic += square
        cubic *= grid
        cubic += linear
        cubic *= grid
        cubic += constant
        found: Floats = cubic
        return found

    def _tangents(self, first: int, span: Floats, slope: Floats) -> Floats:
        middle, right = self._middle[first : self.size].copy(), self._right[first : self.size].copy()
        lower, upper = span.copy(), span.copy()
        lower[:-1] = span[1:]
        upper[1:] = span[:-1]
        for end, edge, inner in ((0, 0, 1), (-1, -1, -2)):
            one, two = float(span[edge]), float(span[inner])
            both = one + two
            middle[end] = two
            right[end] = ((one + 2 * both) * two * float(slope[edge]) + one * one * float(slope[inner])) / both
            (upper if end == 0 else lower)[end] = both
        solved = dgtsv(lower, middle, upper, right, 1, 1, 1, 1)
        tangents: Floats = solved[3]
        return tangents

    def _let_go(self) -> None:
        gone = self.size - KEEP
        for array in (self._time_s, self._value, self._span, self._slope, self._middle, self._right):
            array[:KEEP] = array[gone : self.size]
        self.size = KEEP
