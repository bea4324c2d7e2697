"""Power of a stretch of beats by frequency, in numpy, equal to NeuroKit2's Welch in absolute units (ms²).

The tachogram is interpolated by a cubic spline (not-a-knot) on a 4 Hz grid from its own first beat to its own last,
never across a gap; lower orders lose power in the breathing band (linear 23 %, quadratic 2 %, cubic 1 %).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.linalg.lapack import dgtsv

Floats = NDArray[np.float64]

GRID_HZ = 4.0
"""Sampling of the tachogram: above twice the highest band, and what Kubios uses."""
LF_HZ = (0.04, 0.15)
HF_HZ = (0.15, 0.40)
VLF_HZ = (0.0033, 0.04)
TOTAL_HZ = (0.0033, 0.40)
"""Bands (Task Force 1996); the lower edge belongs to the band, the upper does not."""
LEAST_WAVES = 4
"""Cosines and sines of two bins: a trapezoid has two sides."""
MIN_POINTS = 5
"""Beats that a not-a-knot cubic is drawn through at least."""


def tachogram_4hz(time_s: Floats, value: Floats) -> Floats:
    """Cubic spline through the beats (shape (n,), n >= 5, times increasing), every 0.25 s from the first to the last.

    >>> tachogram_4hz(np.arange(6.0), np.arange(6.0) ** 2)[:5].round(9)
    array([0.    , 0.0625, 0.25  , 0.5625, 1.    ])
    """
    span = time_s[1:] - time_s[:-1]
    slope = (value[1:] - value[:-1]) / span
    tangent = _tangents(span, slope)
    grid = time_s[0] + np.arange(int((time_s[-1] - time_s[0]) * GRID_HZ + 1e-9) + 1) / GRID_HZ
    piece = np.searchsorted(time_s, grid, side="right") - 1
    np.minimum(piece, span.size - 1, out=piece)
    bend = (tangent[:-1] + tangent[1:] - 2 * slope) / span
    curve = (slope - tangent[:-1]) / span - bend
    offset = grid - time_s[piece]
    cubic: Floats = (bend / span)[piece]
    for coefficient in (curve, tangent, value):
        cubic = cubic * offset + coefficient[piece]
    return cubic


def _tangents(span: Floats, slope: Floats) -> Floats:
    """Slopes of the not-a-knot cubic at its points, from one tridiagonal system."""
    n = span.size + 1
    middle, right, lower, upper = np.empty(n), np.empty(n), np.empty(n - 1), np.empty(n - 1)
    middle[1:-1] = 2 * (span[:-1] + span[1:])
    upper[1:] = span[:-1]
    lower[:-1] = span[1:]
    right[1:-1] = 3 * (span[1:] * slope[:-1] + span[:-1] * slope[1:])
    first, second, d = float(span[0]), float(span[1]), float(span[0] + span[1])
    middle[0], upper[0] = second, d
    right[0] = ((first + 2 * d) * second * slope[0] + first * first * slope[1]) / d
    last, before, d = float(span[-1]), float(span[-2]), float(span[-1] + span[-2])
    middle[-1], lower[-1] = before, d
    right[-1] = (last * last * slope[-2] + (2 * d + last) * before * slope[-1]) / d
    solved = dgtsv(lower, middle, upper, right, 1, 1, 1, 1)
    tangents: Floats = solved[3]
    return tangents


@dataclass(frozen=True, slots=True)
class Spectrum:
    """Density by frequency: Hz, ms²/Hz; shape (n,) each."""

    frequency_hz: Floats
    density_ms2_hz: Floats
    lowest_hz: float
    """Bins below it are left out of every band: two cycles of it fill one segment."""

    def power_ms2(self, band: tuple[float, float]) -> float:
        """Power in a band, trapezoid over the bins inside it; NaN when no two bins are."""
        first = int(np.searchsorted(self.frequency_hz, max(band[0], self.lowest_hz)))
        end = int(np.searchsorted(self.frequency_hz, band[1]))
        if end - first < 2:
            return float("nan")
        inside = self.density_ms2_hz[first:end]
        step = float(self.frequency_hz[1])
        return step * (float(inside.sum()) - 0.5 * float(inside[0] + inside[-1]))

    def peak_hz(self, band: tuple[float, float]) -> float:
        """Frequency of the highest density in a band; NaN when no bin is inside."""
        first = int(np.searchsorted(self.frequency_hz, max(band[0], self.lowest_hz)))
        end = int(np.searchsorted(self.frequency_hz, band[1]))
        if end <= first:
            return float("nan")
        return float(self.frequency_hz[first + int(self.density_ms2_hz[first:end].argmax())])


@lru_cache(maxsize=256)
def hann(size: int) -> Floats:
    """Periodic Hann window of ``size`` samples."""
    window: Floats = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(size) / size)
    window.setflags(write=False)
    return window


@lru_cache(maxsize=256)
def _scale(size: int) -> float:
    window = hann(size)
    return 1.0 / (GRID_HZ * float(window @ window))


@lru_cache(maxsize=256)
def _frequencies(size: int) -> Floats:
    frequencies: Floats = np.arange(size // 2 + 1, dtype=np.float64) * (GRID_HZ / size)
    frequencies.setflags(write=False)
    return frequencies


def welch(samples: Floats) -> Spectrum:
    """Welch of 4 Hz samples as NeuroKit2 does it: Hann segments of half the length, half overlapping, padded to twice
    theirs, only the overall mean taken off."""
    size = samples.size // 2
    if size < 2:
        raise ValueError(f"a spectrum needs at least four samples, not {samples.size}")
    centred = samples - samples.sum() / samples.size
    starts = _segments(samples.size)
    segments = np.empty((len(starts), size))
    window = hann(size)
    for row, start in enumerate(starts):
        np.multiply(centred[start : start + size], window, out=segments[row])
    transformed = np.fft.rfft(segments, 2 * size)
    squared: Floats = transformed.real**2 + transformed.imag**2
    power = _scale(size) / len(starts) * squared.sum(axis=0)
    power[1:-1] *= 2
    return Spectrum(_frequencies(2 * size), power, _lowest_hz(samples.size))


def _segments(samples: int) -> range:
    """Where Welch's segments begin: half the samples long, half overlapping."""
    size = samples // 2
    return range(0, samples - size + 1, size - size // 2)


def _lowest_hz(samples: int) -> float:
    """NeuroKit2's lowest bin: two cycles in half the window."""
    return 2 * GRID_HZ / (samples / 2)


@lru_cache(maxsize=128)
def band_waves(samples: int, band: tuple[float, float]) -> tuple[NDArray[np.intp], Floats]:
    """Where each segment's samples are, shape (segments, size), and the waves of the band, shape (size, 2 * bins).

    A cosine and a sine for each bin of the band, windowed, scaled and weighted for the trapezoid. For a window that
    comes again and again one small product is cheaper than the transforms.
    """
    size, starts = samples // 2, _segments(samples)
    bin_hz = GRID_HZ / (2 * size)
    bins = np.arange(size + 1)
    inside = bins[(bins * bin_hz >= max(band[0], _lowest_hz(samples))) & (bins * bin_hz < band[1])]
    weight = np.full(inside.size, 2.0 * _scale(size) / len(starts) * bin_hz)
    weight[:1] /= 2
    weight[-1:] /= 2
    angle = np.pi / size * np.outer(np.arange(size), inside)
    waves = np.concatenate((np.cos(angle), np.sin(angle)), axis=1) * hann(size)[:, None]
    waves *= np.sqrt(np.concatenate((weight, weight)))
    waves.setflags(write=False)
    return np.add.outer(np.array(starts), np.arange(size)), waves


ONE_THREAD = 9215
"""Most elements of a table in one product: BLAS wakes further threads for more, which costs more than the work."""


def in_small_products(rows: Floats) -> Floats:
    """The rows of a table, shape (n, size), in products that stay on one thread: (products, rows, size), padded with
    zeros, which add nothing to a sum of squares."""
    count, size = rows.shape
    products = math.ceil(count / max(1, ONE_THREAD // size))
    found = np.zeros((products * math.ceil(count / products), size))
    found[:count] = rows
    found.setflags(write=False)
    return found.reshape(products, -1, size)


def band_rows(samples: int, band: tuple[float, float]) -> Floats:
    """Rows of a table that takes samples to numbers whose squares sum to the power in the band, shape (n, samples).

    A row for each wave of ``band_waves`` in each segment, with what a constant would give it taken off, so that the
    samples need not be centred; none when the band has no two bins.
    """
    places, waves = band_waves(samples, band)
    if waves.shape[1] < LEAST_WAVES:
        return np.zeros((0, samples))
    rows = np.zeros((places.shape[0], waves.shape[1], samples))
    for segment, inside in zip(rows, places, strict=True):
        segment[:, inside] = waves.T
    rows -= rows.mean(axis=2, keepdims=True)
    return rows.reshape(-1, samples)


@lru_cache(maxsize=128)
def _band_table(samples: int, band: tuple[float, float]) -> Floats | None:
    rows = band_rows(samples, band)
    return in_small_products(rows) if rows.size else None


def band_power(samples: Floats, band: tuple[float, float]) -> float:
    """Power in one band of 4 Hz samples, equal to ``welch(samples).power_ms2(band)`` to rounding."""
    table = _band_table(samples.size, band)
    if table is None:
        return float("nan")
    parts = (table @ samples).ravel()
    return float(parts.dot(parts))


@lru_cache(maxsize=256)
def ones(size: int) -> Floats:
    """Ones: a product with them is a quicker sum."""
    found = np.ones(size)
    found.setflags(write=False)
    return found
