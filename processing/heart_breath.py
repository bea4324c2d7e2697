"""How far the heart's wave comes after the guide's breath, as an angle, the sensor's delay taken off.

0 degrees: the heart is fastest when the guide is fullest, as near resonance (Shaffer and Meehan 2020, doi
10.3389/fnins.2020.570400). Positive: the heart comes after. Without a breathing channel this is the phase to the guide
("pacer phase"); it holds the lag with which the person follows, which ``processing.resonance`` estimates.
"""

from __future__ import annotations

import cmath
import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from processing.pacer import BreathPattern, PacerPlan
from processing.swing import MIN_BEATS_PER_BREATH, last_breaths
from processing.thresholds import SPECS
from processing.values import IndexValue
from processing.windows import Series, WindowFacts, withheld

Floats = NDArray[np.float64]

NO_GUIDE = "low_confidence: needs a breath guide, or a breathing channel, to be compared with"
NO_BREATHS = "warming_up: needs two whole breaths"
UNSURE_DEG = 30.0
"""Standard error from which an angle is not shown: two of them would be a sixth of the circle to either side."""
_PARAMETERS = 4
_SAMPLES = 256


@dataclass(frozen=True, slots=True)
class HeartBreath:
    """One wave fitted to the heart rate of a few breaths."""

    phase_deg: float
    """Heart's lag behind the guide, -180 to 180."""
    error_deg: float
    """Standard error from what the wave leaves unexplained."""
    amplitude_bpm: float
    """Half of highest minus lowest of the wave."""
    wave: complex
    """Amplitude and angle against the start of the guide's breath: rate = Re(wave * exp(2 pi i breaths))."""
    error_bpm: float
    """Standard error of each part of ``wave``."""


def heart_breath(time_s: Floats, rr_ms: Floats, breaths: Floats, pattern: BreathPattern) -> HeartBreath | None:
    """Fit level, drift and one wave per breath to normal intervals; None with too few of them.

    ``time_s``: ends of the intervals, ``rr_ms``: the intervals, ``breaths``: where in the guide's breaths the middle
    of each lies, counted in breaths. Shape (n,) each. A rate belongs to the middle of its interval.
    """
    if time_s.size < _PARAMETERS + MIN_BEATS_PER_BREATH:
        return None
    angle = 2 * np.pi * breaths
    since = time_s - time_s.mean()
    design = np.column_stack((np.ones(time_s.size), since, np.cos(angle), np.sin(angle)))
    rate = 60_000.0 / rr_ms
    solved, _, rank, _ = np.linalg.lstsq(design, rate, rcond=None)
    if rank < _PARAMETERS:
        return None
    left = rate - design @ solved
    variance = float(left @ left) / (time_s.size - _PARAMETERS)
    error = math.sqrt(variance * float(np.diag(np.linalg.inv(design.T @ design))[2:].mean()))
    wave = complex(solved[2], -solved[3])
    lag = cmath.phase(guide_wave(pattern)) - cmath.phase(wave)
    amplitude = abs(wave)
    unsure = math.degrees(error / amplitude) if amplitude > 0 else math.inf
    return HeartBreath((math.degrees(lag) + 180.0) % 360.0 - 180.0, unsure, amplitude, wave, error)


@lru_cache(maxsize=32)
def guide_wave(pattern: BreathPattern) -> complex:
    """First harmonic of the guide's level over one breath, against the breath's start.

    >>> round(abs(math.degrees(cmath.phase(guide_wave(BreathPattern(0.5, 0.0, 0.5, 0.0))))))
    180
    """
    plan = PacerPlan.steady(60.0, pattern)
    share = np.arange(_SAMPLES) / _SAMPLES
    level = np.array([plan.at(float(each)).level for each in share])
    return complex(2.0 * np.mean(level * np.exp(-2j * np.pi * share)))


def guide_breaths(plan: PacerPlan, start_s: float, time_s: Floats, rr_ms: Floats) -> Floats:
    """Where in the guide's breaths the middle of each interval lies, for a plan begun at ``start_s``.

    A sensor's delay is taken off by adding it to ``start_s``.
    """
    starts = np.array([stretch.start_s for stretch in plan.stretches])
    periods = np.array([stretch.period_s for stretch in plan.stretches])
    before = np.concatenate(([0], np.cumsum([stretch.breaths or 0 for stretch in plan.stretches])))
    middle = time_s - rr_ms / 2000.0 - start_s
    index = np.maximum(np.searchsorted(starts, middle, side="right") - 1, 0)
    found: Floats = before[index] + (middle - starts[index]) / periods[index]
    return found


def phase_index(series: Series, plan: PacerPlan, start_s: float, now_s: float, delay_s: float = 0.0) -> IndexValue:
    """``heart_breath_phase_deg`` of the guide's last two whole breaths before ``now_s``, or why there is none."""
    bounds = last_breaths(plan, start_s + delay_s, now_s)
    if bounds is None:
        return refused(series.window(now_s, now_s).facts, NO_BREATHS)
    window = series.window(bounds[0], bounds[-1])
    time_s, rr = window.time_s[window.normal], window.rr_ms[window.normal]
    return phase_of(time_s, rr, window.facts, plan, start_s + delay_s)


def phase_of(time_s: Floats, rr_ms: Floats, facts: WindowFacts, plan: PacerPlan, start_s: float) -> IndexValue:
    """The index from the normal intervals of two breaths; ``start_s``: the plan's start on the beats' own clock."""
    reason = withheld(SPECS["heart_breath_phase_deg"], facts)
    if reason is not None:
        return refused(facts, reason)
    found = heart_breath(time_s, rr_ms, guide_breaths(plan, start_s, time_s, rr_ms), plan.pattern)
    if found is None or found.error_deg > UNSURE_DEG:
        return refused(facts, "low_confidence: no wave at the guide's rate stands out")
    unit, percent = SPECS["heart_breath_phase_deg"].unit, facts.corrected_percent
    return IndexValue("heart_breath_phase_deg", found.phase_deg, unit, facts.length_s, facts.beats, percent)


def refused(facts: WindowFacts, reason: str = NO_GUIDE) -> IndexValue:
    """The phase withheld."""
    spec = SPECS["heart_breath_phase_deg"]
    return IndexValue(spec.name, None, spec.unit, facts.length_s, facts.beats, facts.corrected_percent, reason)
