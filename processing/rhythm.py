"""How much the heart's rhythm follows one steady wave: the share of slow power that lies at a single frequency.

It looks back over 60 s and answers no faster than that. It says nothing of health, calm or balance.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from processing.spectrum import GRID_HZ, HF_HZ, band_rows, hann, in_small_products, ones

Floats = NDArray[np.float64]

WINDOW_S = 60.0
GRID_BINS_PER_HZ = 1024
"""Frequency grid of 1/1024 Hz, reached by padding to 4096 samples."""
BAND_HZ = (0.04, 0.40)
PEAK_HZ = (0.04, 0.26)
"""Where the wave is looked for when nobody paces it."""
HALF_WIDTH_HZ = 0.015
_NOTHING = 1e-20
"""Power under this share of the samples' own square is rounding."""
_RANK = 1e-14
"""Least strength, against the greatest, of what is kept of the band's waves; the rest is rounding."""
_COLUMNS = 122
"""Half of a minute's samples, and a little more."""
_EDGE = 1e-9
"""Slack, in bins, that keeps band edges inside their band."""


class _Tables(NamedTuple):
    """What turns samples into the density of the band's bins, in small products.

    The first takes the samples, detrended and Hann windowed, to the few numbers (under 40 even and 40 odd about the
    middle) that hold everything a minute can have in this band; ``waves``, shape (2, bins, few), takes those to the
    cosine and the sine of each bin. Their squares are those of the transform of the windowed samples padded to 4096,
    and the few numbers' own squares sum to the band's power. The first table goes on with the rows of the HF band, so
    that one product with the minute answers both.
    """

    to_few: Floats
    """Shape (products, rows, size): rows of the few, then those of HF."""
    few: int
    waves: Floats
    searched: Floats
    """``waves`` of the bins that may count as near the highest, in two halves: one would wake a second thread."""


def rhythm_score(samples_ms: Floats, paced_hz: float | None = None) -> tuple[float, float]:
    """Score from 0 to 1 and the frequency in Hz that it is taken at.

    ``samples_ms``: 60 s of corrected RR at 4 Hz, shape (n,). ``paced_hz`` is the pacing frequency, or None to take the
    highest peak between 0.04 and 0.26 Hz. NaN when the samples do not vary.
    """
    return rhythm_and_hf(samples_ms, paced_hz)[:2]


def rhythm_and_hf(samples_ms: Floats, paced_hz: float | None = None) -> tuple[float, float, float]:
    """``rhythm_score`` and, from the same product, the power in the HF band, equal to ``spectrum.band_power``."""
    tables = _tables(samples_ms.size)
    parts = (tables.to_few @ samples_ms).ravel()
    few, high = parts[: tables.few], parts[tables.few :]
    hf, whole = float(high.dot(high)), float(few.dot(few))
    if not whole > _NOTHING * float(samples_ms.dot(samples_ms)):
        return math.nan, math.nan, hf
    halves = few.reshape(2, 1, -1, 1)
    if paced_hz is not None:
        return float(_density(tables.waves[:, None, _near(paced_hz)], halves).sum()) / whole, paced_hz, hf
    density = _density(tables.searched, halves)
    highest = int(density[:_PEAKS].argmax())
    near = density[_NEAR[highest]]
    return float(near.dot(ones(near.size))) / whole, (_LOW + highest) / GRID_BINS_PER_HZ, hf


def _density(waves: Floats, few: Floats) -> Floats:
    """Power of each bin: the squares of its cosine and its sine."""
    parts = (waves @ few).reshape(2, -1)
    parts *= parts
    density: Floats = parts[0] + parts[1]
    return density


def _near(frequency_hz: float) -> slice:
    """Places in the band of the bins that count as one wave at ``frequency_hz``."""
    first, last = _bins(frequency_hz - HALF_WIDTH_HZ, frequency_hz + HALF_WIDTH_HZ)
    return slice(max(first - _LOW, 0), max(last - _LOW + 1, 0))


def reached_maximum(frequency_hz: float = 0.1) -> float:
    """Score of a perfect sine over 60 s: a Hann window spreads even that beyond ± 0.015 Hz.

    >>> 0.7 < reached_maximum() < 0.9
    True
    """
    time_s = np.arange(int(WINDOW_S * GRID_HZ)) / GRID_HZ
    return rhythm_score(np.sin(2 * np.pi * frequency_hz * time_s), frequency_hz)[0]


def _bins(low_hz: float, high_hz: float) -> tuple[int, int]:
    """First and last bin of a band, both edges inclusive."""
    return math.ceil(low_hz * GRID_BINS_PER_HZ - _EDGE), math.floor(high_hz * GRID_BINS_PER_HZ + _EDGE)


_LOW, _HIGH = _bins(*BAND_HZ)
_PEAKS = _bins(*PEAK_HZ)[1] - _LOW + 1
"""Bins that the highest is looked for in."""
_SEARCHED = -(-_near(PEAK_HZ[1]).stop // 2) * 2
"""Bins that may count as near the highest, in two halves."""
_NEAR = [_near((_LOW + place) / GRID_BINS_PER_HZ) for place in range(_PEAKS)]
"""The same for each of the bins that the highest is looked for in."""


@lru_cache(maxsize=32)
def _tables(size: int) -> _Tables:
    place = np.arange(size, dtype=np.float64) - (size - 1) / 2
    trends = np.full(size, 1 / math.sqrt(size)), place / math.sqrt(float(place @ place))
    columns = (size + 1) // 2
    whole_columns = -(-columns // _COLUMNS) * _COLUMNS
    pairs = [_few(size % 2 == 1, sine, whole_columns) for sine in (False, True)]
    most = max(half.shape[0] for half, _ in pairs)
    to_few, waves = np.zeros((2, most, size)), np.zeros((2, _HIGH - _LOW + 1, most))
    for place_of, (sign, (half, from_few)) in enumerate(zip((1.0, -1.0), pairs, strict=True)):
        half = half[:, :columns]
        # The other side of the middle is the mirror image; a sample in the middle has none.
        projection = np.concatenate((sign * half[:, ::-1][:, : size // 2], half), axis=1) * hann(size)
        for trend in trends:
            projection -= np.outer(projection @ trend, trend)
        to_few[place_of, : len(half)], waves[place_of, :, : len(half)] = projection, from_few
    waves.setflags(write=False)
    rows = np.concatenate((to_few.reshape(-1, size), band_rows(size, HF_HZ)))
    return _Tables(in_small_products(rows), 2 * most, waves, waves[:, :_SEARCHED].reshape(2, 2, _SEARCHED // 2, most))


@lru_cache(maxsize=8)
def _few(odd: bool, sine: bool, columns: int) -> tuple[Floats, Floats]:
    """The band's waves, from the middle outwards, as a product of two thin matrices.

    One serves all sizes of a kind, since a shorter window has the first of its columns.
    """
    outwards = np.arange(columns) + (0.0 if odd else 0.5)
    angle = 2 * np.pi / (GRID_HZ * GRID_BINS_PER_HZ) * np.outer(np.arange(_LOW, _HIGH + 1), outwards)
    left, strength, right = np.linalg.svd(np.sin(angle) if sine else np.cos(angle), full_matrices=False)
    kept = strength > _RANK * strength[0]
    return strength[kept, None] * right[kept], np.ascontiguousarray(left[:, kept])
