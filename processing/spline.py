"""Cubics through several runs of points at once: one system whose blocks do not touch, one row of samples.

Most of the cost of a small spline is that of calls, not of numbers; so runs are solved together, arrays and the views
of their parts are made once for a number of points, and every step writes into them.
"""

from __future__ import annotations

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.linalg.lapack import dptsv

Floats = NDArray[np.float64]
Number = TypeVar("Number", float, Floats)

BEGIN, VALUE, RIGHT, MIDDLE, SLOPE, INVERSE = range(6)
"""Rows kept for each point: its time in steps of the grid and its value; its equation (right side and diagonal); slope
and inverse length of the piece that begins at it, 0 for the last of a run.

An equation is divided by the lengths of its two pieces. Then the inverse length between two points is all that couples
them, in both directions: a symmetric system, solved without pivots."""
EDGE = 1e-9
"""Steps by which all times in a table are late, so that rounding leaves no sample beyond the last point."""
_STEPS = np.arange(4096) + EDGE
"""When each sample is, as late as the points; longer rows are made when asked for."""


def inner_equation(before: Number, after: Number, rise: Number, slope: Number) -> tuple[Number, Number]:
    """Diagonal and right side of a point's equation, from inverse lengths and slopes of the pieces beside it."""
    return 2.0 * (before + after), 3.0 * (before * rise + after * slope)


def end_equation(outer: Number, inner: Number, outer_slope: Number, inner_slope: Number) -> tuple[Number, Number]:
    """The same for an end: the outer two pieces are one cubic (not a knot)."""
    far = inner / (outer + inner)
    near = 1.0 - far
    return outer * near, outer * ((2.0 + far) * near * outer_slope + far * far * inner_slope)


class Splines:
    """Room for so many points in runs of five and more, in the rows of ``table``, each run on a grid of its own.

    ``table`` is filled from outside, a run's first time being the number of its first sample, plus ``EDGE``; ``counts``
    and then ``samples`` read it, which uses it up.
    """

    def __init__(self, points: int) -> None:
        self.table: Floats = np.zeros((6, points))
        # A view of the memory itself reads and writes a single number in half of numpy's time.
        self.middles, self.rights = self.table[MIDDLE].data, self.table[RIGHT].data
        self._begin, self._tangent, self._square = self.table[BEGIN], self.table[RIGHT], self.table[MIDDLE]
        self._cubic, self._inverse = self.table[SLOPE], self.table[INVERSE]
        self._later_tangent, self._slope, self._coupling = self._tangent[1:], self._cubic[:-1], self._inverse[:-1]
        self._pieces = self.table[:INVERSE, :-1]

    def counts(self) -> NDArray[np.intp]:
        """How many samples lie on the piece behind each point, without the first of each run, which lies on its point;
        from run to run the number means nothing."""
        whole = self._begin.astype(np.intp)
        counts: NDArray[np.intp] = whole[1:] - whole[:-1]
        return counts

    def samples(self, counts: NDArray[np.intp]) -> Floats:
        """The samples of all runs in a row, ``counts`` on each piece."""
        self._solve()
        pieces = self._pieces.repeat(counts, axis=1)
        along: Floats = pieces[BEGIN]
        value: Floats = pieces[SLOPE]
        steps = _STEPS[: along.size] if along.size <= _STEPS.size else np.arange(along.size) + EDGE
        np.subtract(steps, along, along)
        for row in (MIDDLE, RIGHT, VALUE):
            np.multiply(value, along, value)
            np.add(value, pieces[row], value)
        return value

    def _solve(self) -> None:
        """Turn equations into coefficients: the rows up to ``SLOPE`` become each piece's begin, constant to cubic."""
        tangent, square, cubic, inverse = self._tangent, self._square, self._cubic, self._inverse
        tangent[:] = dptsv(square, self._coupling, tangent, 1, 0, 1)[2]
        np.subtract(cubic, tangent, square)
        np.subtract(self._later_tangent, self._slope, self._slope)
        np.subtract(cubic, square, cubic)
        np.multiply(cubic, inverse, cubic)
        np.multiply(square, inverse, square)
        np.subtract(square, cubic, square)
        np.multiply(cubic, inverse, cubic)
