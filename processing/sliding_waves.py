"""Powers of very many windows of one tachogram: what the live path does for two windows, done for dozens at once.

Windows with the same number of samples are taken together, as one system of equations whose blocks do not touch, so
that their samples come out as one array. Each window has a spline of its own beats and a grid from its own first beat.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from processing.spectrum import GRID_HZ, LEAST_WAVES, MIN_POINTS, band_waves
from processing.spline import BEGIN, EDGE, INVERSE, MIDDLE, RIGHT, SLOPE, VALUE, Splines, end_equation, inner_equation

Floats = NDArray[np.float64]
Places = NDArray[np.intp]

TOGETHER = 64
"""Windows taken together: their samples fit in a processor's cache, and their products stay on one thread."""


def inside(first: Places, end: Places) -> tuple[Places, Places]:
    """Every place of each [first, end) in a row, and where each begins in that row; none may be empty."""
    sizes = end - first
    begins = np.cumsum(sizes) - sizes
    return np.arange(int(sizes.sum())) + np.repeat(first - begins, sizes), begins


def band_powers(
    time_s: Floats, value_ms: Floats, first: Places, end: Places, bands: Sequence[tuple[float, float]]
) -> Floats:
    """Power in ms² of points [first, end) for each window and band, shape (windows, bands).

    ``time_s`` and ``value_ms``, shape (n,): a tachogram; equal to ``spectrum.welch(tachogram_4hz(...)).power_ms2`` of
    each window. NaN where there are under five points. No window may reach across a gap.
    """
    powers = np.full((first.size, len(bands)), np.nan)
    drawn = np.flatnonzero(end - first >= MIN_POINTS)
    if drawn.size == 0:
        return powers
    table = _equations(time_s * GRID_HZ, value_ms)
    length = (table[BEGIN, end[drawn] - 1] - table[BEGIN, first[drawn]] + EDGE).astype(np.intp) + 1
    order = np.argsort(length, kind="stable")
    changes = np.flatnonzero(np.diff(length[order])) + 1
    for run in np.split(order, changes):
        for begin in range(0, run.size, TOGETHER):
            chosen = run[begin : begin + TOGETHER]
            windows = drawn[chosen]
            samples = _samples(table, first[windows], end[windows], int(length[chosen[0]]))
            powers[windows] = _powers(samples, bands)
    return powers


def _equations(time: Floats, value: Floats) -> Floats:
    """The rows of ``Tachogram`` for all points at once; times in steps of the grid."""
    table = np.zeros((6, time.size))
    span = np.diff(time)
    inverse = np.divide(1.0, span, out=np.zeros_like(span), where=span > 0)
    slope = np.diff(value) * inverse
    table[BEGIN], table[VALUE] = time, value
    table[SLOPE, :-1], table[INVERSE, :-1] = slope, inverse
    table[MIDDLE, 1:-1], table[RIGHT, 1:-1] = inner_equation(inverse[:-1], inverse[1:], slope[:-1], slope[1:])
    return table


def _samples(table: Floats, first: Places, end: Places, length: int) -> Floats:
    """Splines through windows that all have ``length`` samples, shape (windows, length)."""
    places, begins = inside(first, end)
    splines = Splines(places.size)
    work = table.take(places, axis=1, out=splines.table, mode="clip")  # the mode that needs no copy
    lasts = begins + (end - first) - 1
    _close(work, begins, lasts)
    work[BEGIN] += np.repeat(np.arange(first.size) * length - work[BEGIN, begins] + EDGE, end - first)
    counts = splines.counts()
    counts[lasts[:-1]] = 0  # from one window to the next
    counts[begins] += 1
    return splines.samples(counts).reshape(first.size, length)


def _close(work: Floats, begins: Places, lasts: Places) -> None:
    """Make the equations of first and last points those of ends, coupled to no other window."""
    for ends, outer, inner in ((begins, begins, begins + 1), (lasts, lasts - 1, lasts - 2)):
        work[MIDDLE, ends], work[RIGHT, ends] = end_equation(
            work[INVERSE, outer], work[INVERSE, inner], work[SLOPE, outer], work[SLOPE, inner]
        )
    work[SLOPE, lasts] = work[INVERSE, lasts] = 0.0


def _powers(samples: Floats, bands: Sequence[tuple[float, float]]) -> Floats:
    """Power of each row of 4 Hz samples in each band."""
    powers = np.zeros((samples.shape[0], len(bands)))
    centred = samples - samples.mean(axis=1, keepdims=True)
    for column, band in enumerate(bands):
        places, waves = band_waves(samples.shape[1], band)
        if waves.shape[1] < LEAST_WAVES:
            powers[:, column] = np.nan
            continue
        for start in places[:, 0].tolist():
            parts = centred[:, start : start + places.shape[1]] @ waves
            powers[:, column] += np.einsum("ij,ij->i", parts, parts)
    return powers
