"""A person's resonance from how their heart answered breaths at several rates: a posterior, never one number alone.

Each few breaths give one answer, a complex number: the heart's wave against the guide's. Answers are compared with
those of a resonance with a peak, a sharpness and a lag, once with the turn of phase that a resonance makes (Vaschillo
2006, doi 10.1007/s10484-006-9009-3) and once without, since a breath that follows loosely may hide it; the answers
themselves say which fits. Peak and range come from the whole posterior, so a flat or noisy response widens the range.
"""

from __future__ import annotations

import cmath
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from processing.heart_breath import guide_breaths, guide_wave, heart_breath
from processing.pacer import PacerPlan
from processing.windows import Series

Floats = NDArray[np.float64]
Complexes = NDArray[np.complex128]

BREATHS_PER_ANSWER = 3
"""Breaths that one answer is read from: fewer cannot be told from slow drift, more blur a sliding rate."""
PEAKS_BPM = (3.6, 7.8, 0.05)
"""Peaks considered, first, last, step: adults' lie about 4.5 to 6.5 (Shaffer and Meehan 2020)."""
ADULTS_BPM, BEYOND_SD_BPM = (4.5, 6.5), 0.4
"""Where adults' peaks lie, all alike likely, and how fast the likelihood falls beyond."""
SHARPNESS = (1.2, 1.8, 2.5, 3.3, 4.4, 6.0)
"""Quality factors considered."""
COMMON_SHARPNESS, SHARPNESS_SD_LN = 2.8, 0.45
"""What is common, and the spread of its logarithm: two thirds lie between 1.8 and 4.4."""
LAGS_S = (-0.2, 1.3, 0.15)
"""Lags of the person behind the guide that are considered."""
COMMON_LAG_S, LAG_SD_S = 0.3, 0.3
"""A person is behind the guide by about this; answers alone can hardly tell it from the heart's own phase."""
OFFSET_SD_DEG = 20.0
"""How far the heart's phase at its peak may be from the guide's, beside the lag."""
TEMPER = 0.5
"""Share of the answers that count as independent: neighbours share the same slow waves."""
RANGE_SHARE = 0.90
"""Share of the posterior in the stated range."""
LEAST_ANSWERS = 6
"""Fewer answers than this, from fewer than three rates, have no shape."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the heart did in a few breaths at one rate."""

    rate_bpm: float
    wave: complex
    """Heart rate's wave in beats/min against the guide's level: real when in phase, angle below 0 when it lags."""


class Models(NamedTuple):
    """Every resonance that is considered, shape (models,) each."""

    peak_bpm: Floats
    sharpness: Floats
    lag_s: Floats
    turns: Floats
    """1 where phase turns at the peak, 0 where it does not."""

    def response(self, rate_bpm: Floats) -> Complexes:
        """Answer of each to each rate with gain 1, shape (models, rates)."""
        detuning = rate_bpm / self.peak_bpm[:, None] - self.peak_bpm[:, None] / rate_bpm
        plain = 1.0 / (1.0 + 1j * self.sharpness[:, None] * detuning)
        turned = np.where(self.turns[:, None] > 0, plain, np.abs(plain))
        return np.asarray(turned * np.exp(-2j * np.pi / 60 * rate_bpm * self.lag_s[:, None]), dtype=np.complex128)


@dataclass(frozen=True, slots=True)
class Resonance:
    """The posterior over the peak, and what goes with it."""

    rate_bpm: float
    """Middle of the posterior, breaths a minute."""
    low_bpm: float
    high_bpm: float
    """Bounds that leave out a twentieth of the posterior on either side."""
    lag_s: float
    """Mean lag of the person behind the guide; without a breathing channel it holds the heart's own delay too."""
    answers: int
    models: Models
    weight: Floats
    gain: Complexes
    noise_bpm: float
    """SD of one answer's parts about the likeliest model."""

    @property
    def words(self) -> str:
        """The range as told.

        Both ends to a tenth, outward.
        """
        low, high = math.floor(self.low_bpm * 10 + 1e-9) / 10, math.ceil(self.high_bpm * 10 - 1e-9) / 10
        return f"about {low:g} to {high:g}"


def answers_between(
    series: Series, plan: PacerPlan, start_s: float, from_s: float, to_s: float, per: int = BREATHS_PER_ANSWER
) -> list[Answer]:
    """Answers of the whole groups of ``per`` breaths in (from_s, to_s] of a guide begun at ``start_s``.

    All times on the clock of the beats: a sensor's delay is added to them beforehand. Groups with a gap are left out.
    """
    first = math.ceil(plan.breaths_between(0.0, max(0.0, from_s - start_s)) - 1e-6)
    last = math.floor(plan.breaths_between(0.0, to_s - start_s) + 1e-6)
    found = []
    for breath in range(first, last - per + 1, per):
        begins, ends = (start_s + plan.breath_start_s(b) for b in (breath, breath + per))
        window = series.window(begins, ends)
        time_s, rr = window.time_s[window.normal], window.rr_ms[window.normal]
        if window.facts.hole is not None or time_s.size < 0.8 * window.facts.intervals:
            continue
        fitted = heart_breath(time_s, rr, guide_breaths(plan, start_s, time_s, rr), plan.pattern)
        if fitted is not None:
            against = cmath.rect(1.0, -cmath.phase(guide_wave(plan.pattern)))
            found.append(Answer(60.0 * per / (ends - begins), fitted.wave * against))
    return found


def resonance_of(answers: Sequence[Answer]) -> Resonance | None:
    """Posterior of the peak from answers at three rates or more; None with fewer, or with under six answers."""
    if len(answers) < LEAST_ANSWERS or len({round(a.rate_bpm, 2) for a in answers}) < 3:
        return None
    tried, place, times = np.unique(np.round([a.rate_bpm for a in answers], 6), return_inverse=True, return_counts=True)
    waves = np.array([a.wave for a in answers])
    at_each = np.bincount(place, waves.real) + 1j * np.bincount(place, waves.imag)
    models = _models()
    shapes = models.response(tried)
    power = ((shapes.real**2 + shapes.imag**2) * times).sum(axis=1)
    gain: Complexes = (shapes.conj() * at_each).sum(axis=1) / power
    left = float(np.vdot(waves, waves).real) - np.abs(gain) ** 2 * power
    free = 2 * len(answers) - 2
    offset = np.degrees(np.angle(gain)) / OFFSET_SD_DEG
    log = _prior() - 0.5 * TEMPER * free * np.log(np.maximum(left, 1e-9)) - 0.5 * offset**2
    weight = np.exp(log - log.max())
    weight /= weight.sum()
    low, middle, high = _quantiles(models.peak_bpm, weight, ((1 - RANGE_SHARE) / 2, 0.5, (1 + RANGE_SHARE) / 2))
    noise = math.sqrt(max(float(left[int(weight.argmax())]), 0.0) / free)
    return Resonance(middle, low, high, float(weight @ models.lag_s), len(answers), models, weight, gain, noise)


@lru_cache(maxsize=1)
def _models() -> Models:
    axes = (_steps(*PEAKS_BPM), np.array(SHARPNESS), _steps(*LAGS_S), np.array([0.0, 1.0]))
    return Models(*(axis.ravel() for axis in np.meshgrid(*axes, indexing="ij")))


@lru_cache(maxsize=1)
def _prior() -> Floats:
    """Logarithm of how likely each is before any answer."""
    models = _models()
    beyond = models.peak_bpm - np.clip(models.peak_bpm, *ADULTS_BPM)
    odd = np.log(models.sharpness / COMMON_SHARPNESS)
    late = (models.lag_s - COMMON_LAG_S) / LAG_SD_S
    return np.asarray(-0.5 * ((beyond / BEYOND_SD_BPM) ** 2 + (odd / SHARPNESS_SD_LN) ** 2 + late**2), dtype=np.float64)


def _steps(first: float, last: float, step: float) -> Floats:
    return np.asarray(first + step * np.arange(round((last - first) / step) + 1), dtype=np.float64)


def _quantiles(value: Floats, weight: Floats, shares: Sequence[float]) -> list[float]:
    """Of a distribution over a grid, each grid point standing for the step about it."""
    points, place = np.unique(value, return_inverse=True)
    step = float(points[1] - points[0])
    edges = np.concatenate(([points[0] - step / 2], points + step / 2))
    sums = np.concatenate(([0.0], np.cumsum(np.bincount(place, weights=weight))))
    return [float(np.interp(share, sums, edges)) for share in shares]
