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
        self._gone = 0

    @property
    def count(self) -> int:
        """Points drawn so far, those let go included."""
        return self._gone + self.size

    @property
    def last_s(self) -> float:
        """Time of the last point, minus infinity without any."""
        return float(self._time_s[self.size - 1]) if self.size else -math.inf

    def time_at(self, number: int) -> float:
        """Time of the point that was drawn as number ``number``, counted from 0; NaN when there is none."""
        place = number - self._gone
        return float(self._time_s[place]) if 0 <= place < self.size else math.nan

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

    def rewind(self, count: int) -> None:
        """Take back all points but the first ``count``."""
        self.size = max(0, min(self.size, count - self._gone))

    def samples(self, after_s: float) -> Floats | None:
        """Cubic spline through the points later than ``after_s``, every 0.25 s from the first of them to the last.

        None with fewer than five points.
        """
        first, size = int(self._time_s[: self.size].searchsorted(after_s)), self.size
        if size - first < MIN_POINTS:
            return None
        time_s = self._time_s[first:size]
        begins_s = float(time_s[0])
        along = _GRID_S[: int((float(time_s[-1]) - begins_s) * GRID_HZ + 1e-9) + 1] + begins_s
        piece = time_s[1:-1].searchsorted(along, "right")
        along -= time_s.take(piece)
        constant, linear, square, cubic = self._pieces(first).take(piece, axis=1)
        cubic *= along
        cubic += square
        cubic *= along
        cubic += linear
        cubic *= along
        cubic += constant
        found: Floats = cubic
        return found

    def _pieces(self, first: int) -> Floats:
        """Coefficients of each piece, constant to cubic, shape (4, points); the last column is no piece's."""
        size = self.size
        span, slope = self._span[first : size - 1], self._slope[first : size - 1]
        table = np.empty((4, size - first))
        table[0], table[1] = self._value[first:size], self._tangents(first)
        here, there = table[1, :-1], table[1, 1:]
        square, cubic = table[2, :-1], table[3, :-1]
        np.add(here, there, out=cubic)
        cubic -= slope
        cubic -= slope
        cubic /= span
        np.subtract(slope, here, out=square)
        square /= span
        square -= cubic
        cubic /= span
        return table

    def _tangents(self, first: int) -> Floats:
        """Slopes at the points of the not-a-knot cubic that begins at ``first``."""
        size = self.size
        span, slope = self._span, self._slope
        middle, right = self._middle[first:size].copy(), self._right[first:size].copy()
        lower, upper = span[first + 1 : size].copy(), np.empty(size - first - 1)
        upper[1:] = span[first : size - 2]
        for end, at, inner, beside in ((0, first, first + 1, upper), (-1, size - 2, size - 3, lower)):
            one, two = float(span[at]), float(span[inner])
            both = one + two
            middle[end], beside[end] = two, both
            right[end] = ((one + 2 * both) * two * float(slope[at]) + one * one * float(slope[inner])) / both
        found: Floats = dgtsv(lower, middle, upper, right, 1, 1, 1, 1)[3]
        return found

    def _let_go(self) -> None:
        gone = self.size - KEEP
        for array in (self._time_s, self._value, self._span, self._slope, self._middle, self._right):
            array[:KEEP] = array[gone : self.size]
        self._gone += gone
        self.size = KEEP
