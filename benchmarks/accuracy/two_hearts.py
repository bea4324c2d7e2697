"""Two hearts on one clock that share a known part of their slow waves, for the proof about lags.

Not the project's simulated heart: rates are sums of sines and filtered noise, integrated until they beat.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from processing.synchrony import Person

Floats = NDArray[np.float64]

STEP_S = 1 / 32
SLOW_BPM, WAVE_BPM = 2.0, 1.5
"""SD of the slow noise and of the 0.1 Hz waves."""
RSA_BPM = 2.5
"""Amplitude of each one's own breathing."""


@dataclass(frozen=True, slots=True)
class Pair:
    """How two hearts are made."""

    length_s: float = 900.0
    lag_s: float = 2.0
    """How much later the second follows."""
    shared: float = 1.0
    """Share of the slow variation's power that is shared."""
    rsa_bpm: float = RSA_BPM
    dropped: int = 0
    """Beats lost per person."""
    offset_s: float = 0.8
    """How much later the second recording begins."""


def pair(made: Pair, rng: np.random.Generator) -> tuple[Person, Person]:
    """Both on the first one's clock."""
    margin_s = 20.0
    time_s = np.arange(0.0, made.length_s + 2 * margin_s, STEP_S)
    common = _slow(time_s.size, rng)
    people = []
    for lag_s, start_s in ((0.0, 0.0), (made.lag_s, made.offset_s)):
        shifted = np.interp(time_s - lag_s, time_s, common)
        slow = math.sqrt(made.shared) * shifted + math.sqrt(1 - made.shared) * _slow(time_s.size, rng)
        rate = rng.uniform(60, 85) + slow + made.rsa_bpm * _breath(time_s.size, rng)
        people.append(_beats(time_s - margin_s, rate, start_s, made.length_s, made.dropped, rng))
    return people[0], people[1]


def _slow(size: int, rng: np.random.Generator) -> Floats:
    """Noise with power falling to 0.04 Hz and waves about 0.1 Hz, beats/min."""
    hz = np.fft.rfftfreq(size, STEP_S)
    draw = rng.normal(size=hz.size) + 1j * rng.normal(size=hz.size)
    slow = np.fft.irfft(draw * (hz > 0.003) / np.maximum(hz, 0.003) * (hz < 0.06), size)
    wave = np.fft.irfft(draw * np.exp(-0.5 * ((hz - 0.1) / 0.012) ** 2), size)
    return np.asarray(SLOW_BPM * slow / slow.std() + WAVE_BPM * wave / wave.std(), dtype=np.float64)


def _breath(size: int, rng: np.random.Generator) -> Floats:
    """A breath whose rate wanders a little about 11 to 18 a minute."""
    rate_hz = rng.uniform(11, 18) / 60
    wander = np.cumsum(rng.normal(size=size)) * STEP_S * 0.02
    return np.asarray(np.sin(2 * np.pi * np.cumsum(rate_hz * (1 + 0.1 * np.tanh(wander))) * STEP_S), dtype=np.float64)


def _beats(
    time_s: Floats, rate: Floats, start_s: float, length_s: float, dropped: int, rng: np.random.Generator
) -> Person:
    phase = np.cumsum(rate / 60 * STEP_S)
    beats = np.interp(np.arange(math.ceil(phase[0]), math.floor(phase[-1])), phase, time_s)
    beats = beats[(beats >= start_s) & (beats <= start_s + length_s)]
    ends, rr_ms = beats[1:], 1000.0 * np.diff(beats)
    kept = np.ones(ends.size, dtype=bool)
    kept[rng.choice(ends.size, dropped, replace=False)] = False
    return Person(ends[kept], rr_ms[kept], np.ones(int(kept.sum()), dtype=bool))
