"""How much the heart's rhythm follows one steady wave: the share of slow power that lies at a single frequency.

It looks back over 60 s and answers no faster than that. It says nothing of health, calm or balance.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from processing.spectrum import GRID_HZ, hann

Floats = NDArray[np.float64]

WINDOW_S = 60.0
GRID_BINS_PER_HZ = 1024
"""Frequency grid of 1/1024 Hz, reached by padding to 4096 samples."""
BAND_HZ = (0.04, 0.40)
PEAK_HZ = (0.04, 0.26)
"""Where the wave is looked for when nobody paces it."""
HALF_WIDTH_HZ = 0.015
_EDGE = 1e-9
"""Slack, in bins, that keeps band edges inside their band."""


def rhythm_score(samples_ms: Floats, paced_hz: float | None = None) -> tuple[float, float]:
    """Score from 0 to 1 and the frequency in Hz that it is taken at.

    ``samples_ms``: 60 s of corrected RR at 4 Hz, shape (n,). ``paced_hz`` is the pacing frequency, or None to take the
    highest peak between 0.04 and 0.26 Hz. NaN when the samples do not vary.
    """
    density = _density(samples_ms)
    low, high = _bins(*BAND_HZ)
    whole = float(density[low : high + 1].sum())
    if whole <= 0.0 or not math.isfinite(whole):
        return math.nan, math.nan
    if paced_hz is None:
        first, last = _bins(*PEAK_HZ)
        paced_hz = (first + int(density[first : last + 1].argmax())) / GRID_BINS_PER_HZ
    first, last = _bins(paced_hz - HALF_WIDTH_HZ, paced_hz + HALF_WIDTH_HZ)
    return float(density[max(first, low) : min(last, high) + 1].sum()) / whole, paced_hz


def reached_maximum(frequency_hz: float = 0.1) -> float:
    """Score of a perfect sine over 60 s: a Hann window spreads even that beyond ± 0.015 Hz.

    >>> 0.7 < reached_maximum() < 0.9
    True
    """
    time_s = np.arange(int(WINDOW_S * GRID_HZ)) / GRID_HZ
    return rhythm_score(np.sin(2 * np.pi * frequency_hz * time_s), frequency_hz)[0]


def _density(samples: Floats) -> Floats:
    size = samples.size
    ramp = np.arange(size) - (size - 1) / 2
    level = samples.sum() / size
    tilt = float(ramp @ samples) / (size * (size * size - 1) / 12)
    detrended = (samples - level - tilt * ramp) * hann(size)
    transformed = np.fft.rfft(detrended, int(GRID_HZ * GRID_BINS_PER_HZ))
    density: Floats = transformed.real**2 + transformed.imag**2
    return density


def _bins(low_hz: float, high_hz: float) -> tuple[int, int]:
    """First and last bin of a band, both edges inclusive."""
    return math.ceil(low_hz * GRID_BINS_PER_HZ - _EDGE), math.floor(high_hz * GRID_BINS_PER_HZ + _EDGE)
