"""The corrected tachogram of the last minutes, ready to be interpolated from any beat to its newest.

The spline's equations are kept beside the points as they come, so that a window pays only for its own solution, and
windows asked for together are solved as one system whose blocks do not touch. Gives what ``spectrum.tachogram_4hz``
gives for the same points.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from itertools import pairwise
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.linalg.lapack import dgtsv

from processing.spectrum import GRID_HZ, MIN_POINTS

Floats = NDArray[np.float64]
Number = TypeVar("Number", float, Floats)

CAPACITY = 4096
"""Points held at most; then all but the last KEEP are let go."""
KEEP = 1024
"""Two minutes at 300 beats a minute are 600 points."""
MOST_SAMPLES = 4096
"""Samples of all windows asked for together, with room to spare."""

BEGIN, VALUE, RIGHT, MIDDLE, UPPER, LOWER, SPAN, SLOPE = range(8)
"""Rows kept for each point: its time in steps of the grid and its value; its equation (right side and diagonals,
``LOWER`` being that of the next point's equation); span and slope of the piece that begins at it. Of a solved system
the rows up to ``UPPER`` are each piece's begin and its coefficients from constant to cubic."""
_STEPS = np.arange(MOST_SAMPLES, dtype=np.float64)
EDGE = 1e-9
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
        points[BEGIN, n], points[VALUE, n] = time_s * GRID_HZ, value
        if n == 0:
            return
        last = n - 1
        span = (time_s - self._times[last]) * GRID_HZ
        slope = (value - points.item(VALUE, last)) / span
        points[SPAN, last], points[SLOPE, last] = span, slope
        if n == 1:
            return
        before, rise = points.item(SPAN, n - 2), points.item(SLOPE, n - 2)
        points[LOWER, n - 2], points[MIDDLE, last], points[UPPER, last] = span, 2.0 * (before + span), before
        points[RIGHT, last] = 3.0 * (span * rise + before * slope)
        # So far this point is the end, and the cubic of the last two pieces is one (not a knot).
        points[LOWER, last], points[MIDDLE, n] = span + before, before
        points[RIGHT, n] = end_equation(span, before, slope, rise)
        points[LOWER, n] = points[UPPER, n] = 0.0

    def rewind(self, count: int) -> None:
        """Take back all points but the first ``count``."""
        held = count - self._gone
        if 0 < held < len(self._times):
            time_s, value = self._times[held - 1], self._points.item(VALUE, held - 1)
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
        counts = _samples_of_pieces(work[BEGIN], begins[:-1])
        solve(work)
        values = evaluated(work[: UPPER + 1, :-1].repeat(counts, axis=1))
        found = [values[one:two] for one, two in pairwise(steps)]
        return [found.pop(0) if size - first >= MIN_POINTS else None for first in firsts]

    def _let_go(self) -> None:
        gone = len(self._times) - KEEP
        self._points[:, :KEEP] = self._points[:, gone : gone + KEEP]
        del self._times[:gone]
        self._gone += gone


def end_equation(outer: Number, inner: Number, outer_slope: Number, inner_slope: Number) -> Number:
    """Right side of the equation of an end, from the two pieces next to it."""
    both = outer + inner
    return ((outer + 2.0 * both) * inner * outer_slope + outer * outer * inner_slope) / both


def _begin_block(work: Floats, first: int, end: int, step: int) -> int:
    """Make a point's equation that of a window's first and its time ``step``; gives the step after its last sample."""
    item = work.item
    one, two, begun = item(SPAN, first), item(SPAN, first + 1), item(BEGIN, first)
    work[MIDDLE, first], work[UPPER, first] = two, one + two
    work[RIGHT, first] = end_equation(one, two, item(SLOPE, first), item(SLOPE, first + 1))
    length = int(item(BEGIN, end - 1) - begun + EDGE) + 1
    time = work[BEGIN, first:end]
    np.add(time, step - begun, time)
    return step + length


def _samples_of_pieces(time: Floats, begins: list[int]) -> NDArray[np.intp]:
    """How many samples lie on the piece behind each point; the first of each block lies on its first point."""
    whole = (time + EDGE).astype(np.intp)
    counts = whole[1:] - whole[:-1]
    for begin in begins:
        if begin:
            counts[begin - 1] = 0  # from one block to the next
        counts[begin] += 1
    return counts


def solve(work: Floats) -> None:
    """Turn the equations of all blocks into the coefficients of their pieces, in place."""
    tangent, square, cubic, span, slope = work[RIGHT], work[MIDDLE], work[UPPER], work[SPAN], work[SLOPE]
    tangent[:] = dgtsv(work[LOWER, :-1], square, cubic[:-1], tangent, 1, 1, 1, 1)[3]
    np.subtract(slope, tangent, square)
    np.subtract(tangent[1:], slope[:-1], cubic[:-1])
    np.subtract(cubic, square, cubic)
    np.divide(cubic, span, cubic)
    np.divide(square, span, square)
    np.subtract(square, cubic, square)
    np.divide(cubic, span, cubic)


def evaluated(pieces: Floats, steps: Floats = _STEPS) -> Floats:
    """Each sample, from the begin and the four coefficients of its piece, shape (5, samples); ``steps`` counts up."""
    begin: Floats = pieces[BEGIN]
    value: Floats = pieces[UPPER]
    along = np.subtract(steps[: begin.size], begin, begin)
    for row in (MIDDLE, RIGHT, VALUE):
        np.multiply(value, along, value)
        np.add(value, pieces[row], value)
    return value
