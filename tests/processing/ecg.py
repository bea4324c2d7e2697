"""A small ECG for tests: known R peaks, as samples and as chunks of a sensor."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from acquisition.beats import SampleChunk

Floats = NDArray[np.float64]
RATE_HZ = 130.0


def peaks_of(rr_ms: Sequence[float], first_s: float = 0.5) -> Floats:
    """Times of the R peaks, s."""
    return first_s + np.concatenate(([0.0], np.cumsum(rr_ms))) / 1000


def ecg_of(
    peaks_s: Floats, seconds: float, *, rate_hz: float = RATE_HZ, noise_uv: float = 0.0, seed: int = 1
) -> Floats:
    """Microvolts: R of 1000 uV between Q and S, a broad T, a slow baseline and white noise."""
    time_s = np.arange(round(seconds * rate_hz)) / rate_hz
    signal = 200 * np.sin(2 * np.pi * 0.1 * time_s)
    for height, place_s, width_s in (
        (-120, -0.026, 0.009),
        (1000, 0.0, 0.010),
        (-200, 0.026, 0.009),
        (250, 0.27, 0.04),
    ):
        since = (time_s[:, None] - peaks_s - place_s) / width_s
        signal += height * np.exp(-0.5 * since**2).sum(axis=1)
    return np.asarray(signal + np.random.default_rng(seed).normal(0, noise_uv, time_s.size), dtype=np.float64)


def chunks_of(
    microvolts: Floats, *, rate_hz: float = RATE_HZ, size: int = 146, from_s: float = 0.0, first_seq: int = 0
) -> list[SampleChunk]:
    """As a sensor gives them; the first sample is one spacing after ``from_s``."""
    made = []
    for number, start in enumerate(range(0, len(microvolts), size)):
        part = microvolts[start : start + size]
        end_s = from_s + (start + len(part)) / rate_hz
        made.append(SampleChunk("ecg-1", first_seq + number, end_s, "ecg", rate_hz, "uV", part))
    return made
