"""The corrected tachogram of the last minutes, ready to be interpolated from any beat to its newest.

The spline's equations are kept beside the points as they come, so that a window pays only for its own solution, and
windows asked for together are solved as one system whose blocks do not touch. Gives what ``spectrum.tachogram_4hz``
gives for the same points.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.linalg.lapack import dgtsv

from processing.spectrum import GRID_HZ, MIN_POINTS

Floats = NDArray[np.float64]

CAPACITY = 4096
"""Points held at most; then all but the last KEEP are let go."""
KEEP = 1024
"""Two minutes at 300 beats a minute are 600 points."""
MOST_SAMPLES = 4096
"""Samples of all windows asked for together, with room to spare."""

_BEGIN, _VALUE, _RIGHT, _MIDDLE, _UPPER, _LOWER, _SPAN, _SLOPE = range(8)
"""Rows kept for each point: its time in steps of the grid and its value; its equation (right side and diagonals,
``_LOWER`` being that of the next point's equation); span and slope of the piece that begins at it. Of a solved system
the rows up to ``_UPPER`` are each piece's begin and its coefficients from constant to cubic."""
_STEPS = np.arange(MOST_SAMPLES, dtype=np.float64)
_EDGE = 1e-9
"""Steps by which rounding may put the last sample beyond the last point."""


class Tachogram:
    """Points in the order of their time; the tail may be taken back and drawn anew."""

    def __init__(self) -> None:
        self._points = np.ones((8, CAPACITY))
        self._times: list[float] = []
        self._gone = 0

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
        n, points = len(self._times), self._points
        self._times.append(time_s)
        points[_BEGIN, n], points[_VALUE, n] = time_s * GRID_HZ, value
        if n == 0:
            return
        last = n - 1
        span = (time_s - self._times[last]) * GRID_HZ
        slope = (value - points.item(_VALUE, last)) / span
        points[_SPAN, last], points[_SLOPE, last] = span, slope
        if n == 1:
            return
        before, rise = points.item(_SPAN, n - 2), points.item(_SLOPE, n - 2)
        points[_LOWER, n - 2], points[_MIDDLE, last], points[_UPPER, last] = span, 2.0 * (before + span), before
        points[_RIGHT, last] = 3.0 * (span * rise + before * slope)
        # So far this point is the end, and the cubic of the last two pieces is one (not a knot).
        points[_LOWER, last], points[_MIDDLE, n] = span + before, before
        points[_RIGHT, n] = _end(span, before, slope, rise)
        points[_LOWER, n] = points[_UPPER, n] = 0.0

    def rewind(self, count: int) -> None:
        """Take back all points but the first ``count``."""
        held = count - self._gone
        if 0 < held < len(self._times):
            time_s, value = self._times[held - 1], self._points.item(_VALUE, held - 1)
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
        """``samples`` for several windows, as one system: most of its cost is that of calls, not of numbers."""
        size = len(self._times)
        firsts = [bisect_left(self._times, time_s) for time_s in after_s]
        drawn = [first for first in firsts if size - first >= MIN_POINTS]
        if not drawn:
            return [None] * len(firsts)
        work = np.concatenate([self._points[:, first:size] for first in drawn], axis=1)
        begins, steps = [0], [0]
        for first in drawn:
            begins.append(begins[-1] + size - first)
            steps.append(_begin_block(work, begins[-2], begins[-1], steps[-1]))
        counts = _samples_of_pieces(work[_BEGIN], begins[:-1])
        _solve(work)
        values = _evaluated(work[: _UPPER + 1, :-1].repeat(counts, axis=1))
        found = [values[one:two] for one, two in pairwise(steps)]
        return [found.pop(0) if size - first >= MIN_POINTS else None for first in firsts]

    def _let_go(self) -> None:
        gone = len(self._times) - KEEP
        self._points[:, :KEEP] = self._points[:, gone : gone + KEEP]
        del self._times[:gone]
        self._gone += gone


def _end(outer: float, inner: float, outer_slope: float, inner_slope: float) -> float:
    """Right side of the equation of an end, from the two pieces next to it."""
    both = outer + inner
    return ((outer + 2.0 * both) * inner * outer_slope + outer * outer * inner_slope) / both


def _begin_block(work: Floats, first: int, end: int, step: int) -> int:
    """Make a point's equation that of a window's first and its time ``step``; gives the step after its last sample."""
    item = work.item
    one, two, begun = item(_SPAN, first), item(_SPAN, first + 1), item(_BEGIN, first)
    work[_MIDDLE, first], work[_UPPER, first] = two, one + two
    work[_RIGHT, first] = _end(one, two, item(_SLOPE, first), item(_SLOPE, first + 1))
    length = int(item(_BEGIN, end - 1) - begun + _EDGE) + 1
    time = work[_BEGIN, first:end]
    np.add(time, step - begun, time)
    return step + length


def _samples_of_pieces(time: Floats, begins: list[int]) -> NDArray[np.intp]:
    """How many samples lie on the piece behind each point; the first of each block lies on its first point."""
    whole = (time + _EDGE).astype(np.intp)
    counts = whole[1:] - whole[:-1]
    for begin in begins:
        if begin:
            counts[begin - 1] = 0  # from one block to the next
        counts[begin] += 1
    return counts


def _solve(work: Floats) -> None:
    """Turn the equations of all blocks into the coefficients of their pieces, in place."""
    tangent, square, cubic, span, slope = work[_RIGHT], work[_MIDDLE], work[_UPPER], work[_SPAN], work[_SLOPE]
    tangent[:] = dgtsv(work[_LOWER, :-1], square, cubic[:-1], tangent, 1, 1, 1, 1)[3]
    np.subtract(slope, tangent, square)
    np.subtract(tangent[1:], slope[:-1], cubic[:-1])
    np.subtract(cubic, square, cubic)
    np.divide(cubic, span, cubic)
    np.divide(square, span, square)
    np.subtract(square, cubic, square)
    np.divide(cubic, span, cubic)


def _evaluated(pieces: Floats) -> Floats:
    """Each sample, from the begin and the four coefficients of its piece, shape (5, samples)."""
    begin: Floats = pieces[_BEGIN]
    value: Floats = pieces[_UPPER]
    along = np.subtract(_STEPS[: begin.size], begin, begin)
    for row in (_MIDDLE, _RIGHT, _VALUE):
        np.multiply(value, along, value)
        np.add(value, pieces[row], value)
    return value
