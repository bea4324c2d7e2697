"""How much the heart's rhythm follows one steady wave: the share of slow power that lies at a single frequency.

It looks back over 60 s and answers no faster than that. It says nothing of health, calm or balance.
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from processing.spectrum import GRID_HZ, blocks, hann

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
_EDGE = 1e-9
"""Slack, in bins, that keeps band edges inside their band."""


def rhythm_score(samples_ms: Floats, paced_hz: float | None = None) -> tuple[float, float]:
    """Score from 0 to 1 and the frequency in Hz that it is taken at.

    ``samples_ms``: 60 s of corrected RR at 4 Hz, shape (n,). ``paced_hz`` is the pacing frequency, or None to take the
    highest peak between 0.04 and 0.26 Hz. NaN when the samples do not vary.
    """
    density = _density(samples_ms)
    whole = float(density.sum())
    if not whole > _NOTHING * float(samples_ms @ samples_ms):
        return math.nan, math.nan
    if paced_hz is None:
        first, last = _bins(*PEAK_HZ)
        paced_hz = (first + int(density[first - _LOW : last - _LOW + 1].argmax())) / GRID_BINS_PER_HZ
    first, last = _bins(paced_hz - HALF_WIDTH_HZ, paced_hz + HALF_WIDTH_HZ)
    near = density[max(first - _LOW, 0) : max(last - _LOW + 1, 0)]
    return float(near.sum()) / whole, paced_hz


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
_BINS = _HIGH - _LOW + 1


def _density(samples: Floats) -> Floats:
    """Density of the band's bins, in no unit: as of the detrended, windowed samples padded to 4096.

    Taken about the middle of the window the samples fall into an even and an odd half, of which the one has no sines
    and the other no cosines.
    """
    ramp, steepness, cosines, sines = _tables(samples.size)
    windowed = samples - ramp * (float(ramp @ samples) / steepness)
    windowed -= float(windowed.sum()) / windowed.size
    windowed *= hann(samples.size)
    half = samples.size // 2
    ahead, back = windowed[-half:], windowed[half - 1 :: -1]
    even = ahead + back
    if samples.size % 2:
        even = np.concatenate((windowed[half : half + 1], even))
    density: Floats = (cosines @ even).ravel()[:_BINS]
    density *= density
    waves = (sines @ (ahead - back)).ravel()[:_BINS]
    waves *= waves
    density += waves
    return density


@lru_cache(maxsize=32)
def _tables(size: int) -> tuple[Floats, float, Floats, Floats]:
    """Ramp about the middle and its square sum; cosines and sines of the band's bins from the middle outwards."""
    ramp = np.arange(size, dtype=np.float64) - (size - 1) / 2
    half = size // 2
    angle = 2 * np.pi / (GRID_HZ * GRID_BINS_PER_HZ) * np.outer(np.arange(_LOW, _HIGH + 1), ramp)
    ramp.setflags(write=False)
    return ramp, float(ramp @ ramp), blocks(np.cos(angle[:, half:])), blocks(np.sin(angle[:, size - half :]))
