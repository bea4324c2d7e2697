"""A heart that rises under stress and comes back with a known half-time, for the proof about recovery.

Not the project's simulated heart: a sum of an exponential, a breath, waves and filtered noise, integrated until it
beats.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from processing.values import Judgement, Verdict

Floats = NDArray[np.float64]

STEP_S = 1 / 16
REST_S, STRESS_S = 300.0, 240.0
"""Lengths of baseline and stressor."""
ONSET_S = 15.0
"""Time constant of the rise."""


@dataclass(frozen=True, slots=True)
class WayBack:
    """How the heart is made."""

    half_time_s: float
    rise_bpm: float
    rsa_bpm: float = 3.0
    slow_bpm: float = 0.0
    """SD of noise with power falling from 0.003 Hz on."""
    wave_bpm: float = 0.0
    """SD of waves about 0.1 Hz."""
    watched_s: float = 600.0

    @property
    def stressor(self) -> tuple[float, float]:
        """Its span, s."""
        return REST_S, REST_S + STRESS_S

    @property
    def until_s(self) -> float:
        """End of the way back."""
        return REST_S + STRESS_S + self.watched_s


def beats(made: WayBack, rng: np.random.Generator) -> tuple[Judgement, ...]:
    """All beats, each normal."""
    time_s = np.arange(0.0, made.until_s + 5.0, STEP_S)
    start, end = made.stressor
    rising = made.rise_bpm * -np.expm1(-np.clip(time_s - start, 0.0, None) / ONSET_S)
    top = made.rise_bpm * -math.expm1(-STRESS_S / ONSET_S)
    shift = np.where(time_s < end, rising, top * 0.5 ** ((time_s - end) / made.half_time_s))
    breath = made.rsa_bpm * np.sin(2 * np.pi * np.cumsum(_wander(time_s.size, rng) * 14 / 60) * STEP_S)
    rate = rng.uniform(60, 75) + shift + breath + _noise(time_s.size, made, rng)
    phase = np.cumsum(rate / 60 * STEP_S)
    ends = np.interp(np.arange(1, int(phase[-1])), phase, time_s)
    return tuple(
        Judgement(seq, float(end_s), float(1000 * rr_s), Verdict.NORMAL, False)
        for seq, (end_s, rr_s) in enumerate(zip(ends[1:], np.diff(ends), strict=True))
    )


def _wander(size: int, rng: np.random.Generator) -> Floats:
    """A factor about 1 that drifts slowly, for breaths that are not all alike."""
    return 1 + 0.08 * np.tanh(np.cumsum(rng.normal(size=size)) * 0.02)


def _noise(size: int, made: WayBack, rng: np.random.Generator) -> Floats:
    hz = np.fft.rfftfreq(size, STEP_S)
    draw = rng.normal(size=hz.size) + 1j * rng.normal(size=hz.size)
    slow = np.fft.irfft(draw * (hz > 0) / np.sqrt(np.maximum(hz, 0.003)) * (hz < 0.06), size)
    wave = np.fft.irfft(draw * np.exp(-0.5 * ((hz - 0.1) / 0.012) ** 2), size)
    return np.asarray(made.slow_bpm * slow / slow.std() + made.wave_bpm * wave / wave.std(), dtype=np.float64)
