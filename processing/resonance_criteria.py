"""The six published signs of a resonance, trial by trial, in their order, and the sum of their ranks.

Order after Lehrer (2013) as laid out by Shaffer and Meehan (2020, doi 10.3389/fnins.2020.570400); no weights are
published, so 6 to 1 are this project's own and stand beside the result. Without a breathing channel the first sign is
taken against the guide ("pacer phase") and holds the person's lag.
"""

from __future__ import annotations

import cmath
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from processing.breathing import breathing_between
from processing.indices import MS_PER_MIN
from processing.pacer import PacerPlan
from processing.resonance_fit import answers_between
from processing.spectrum import LF_HZ, MIN_POINTS, Spectrum, tachogram_4hz, welch
from processing.swing import noise_bpm, paced_swing
from processing.thresholds import SHOWN_UP_TO_PERCENT
from processing.windows import Series

DISCARDED_S = 30.0
"""Start of a trial that is left out: the heart takes so long to answer a new rate."""
LEAST_CLEAN_S = 120.0
"""Seconds of normal intervals that a full trial needs."""
LEAST_LOCKING = 0.6
"""Locking of the heart's phase to the guide under which the breath did not keep to it: a rate that is off by 0.2/min
over two and a half minutes brings it there, one that is off by 0.5 or more near 0."""
SMOOTH_BAND_HZ, SMOOTH_HALF_WIDTH_HZ = (0.03, 0.40), 0.015
PEAK_SHARE = 0.10
"""A local maximum counts as a peak of LF from this share of the highest."""
_BREATHS_PER_ANGLE = 2


@dataclass(frozen=True, slots=True)
class PacedTrial:
    """Some minutes at one rate."""

    rate_bpm: float
    start_s: float
    """Start of its first breath, on the clock of the guide."""
    end_s: float
    plan: PacerPlan
    plan_start_s: float
    """Where the plan's own time begins."""


@dataclass(frozen=True, slots=True)
class Signs:
    """The six criteria of one trial, in their order."""

    phase_synchrony: float
    """Phase locking (0 to 1) times the cosine of the heart's phase to the guide; 1 is best."""
    peak_trough_bpm: float
    lf_ms2: float
    lf_peak_ms2_hz: float
    smoothness: float
    """Share of 0.03 to 0.40 Hz power within 0.015 Hz of the guide's rate."""
    lf_peaks: int
    phase_deg: float
    """Pacer phase: the heart's lag behind the guide."""
    locking: float


@dataclass(frozen=True, slots=True)
class Criterion:
    """One of the six."""

    name: str
    weight: float
    better: Callable[[Signs], float]
    """The larger the better."""


CRITERIA = (
    Criterion("phase synchrony", 6.0, lambda signs: signs.phase_synchrony),
    Criterion("peak-trough", 5.0, lambda signs: signs.peak_trough_bpm),
    Criterion("LF power", 4.0, lambda signs: signs.lf_ms2),
    Criterion("LF peak", 3.0, lambda signs: signs.lf_peak_ms2_hz),
    Criterion("smoothness", 2.0, lambda signs: signs.smoothness),
    Criterion("fewest LF peaks", 1.0, lambda signs: -float(signs.lf_peaks)),
)


def invalid_because(series: Series, trial: PacedTrial, delay_s: float, least_clean_s: float) -> str | None:
    """Why a trial may not be compared with others, or None when it may."""
    from_s, to_s = trial.start_s + delay_s + DISCARDED_S, trial.end_s + delay_s
    window = series.window(from_s, to_s)
    if window.facts.hole is not None:
        return f"{window.facts.hole}: needs a stretch without a gap"
    if window.facts.corrected_percent > SHOWN_UP_TO_PERCENT:
        return f"too_many_corrected: {window.facts.corrected_percent:.0f} % of the intervals are refused"
    clean_s = float(window.rr_ms[window.normal].sum()) / 1000.0
    if clean_s < least_clean_s - 2.0:
        return f"too_short: needs {least_clean_s:g} s of clean beats, has {clean_s:.0f} s"
    together = _together(series, trial, delay_s)
    if together is None or abs(together) >= LEAST_LOCKING:
        return None
    achieved, _ = breathing_between(series, from_s, to_s)
    about = f", about {achieved.rate_bpm:.1f} breaths a minute" if achieved.sure else ""
    return f"low_confidence: pacer not followed{about}"


def signs_of(series: Series, trial: PacedTrial, delay_s: float) -> Signs | None:
    """The six criteria of a trial, without its first seconds; None when no wave or spectrum can be read."""
    from_s, to_s, zero_s = trial.start_s + delay_s + DISCARDED_S, trial.end_s + delay_s, trial.plan_start_s + delay_s
    together = _together(series, trial, delay_s)
    time_s, value = series.tachogram(from_s, to_s)
    swing = _peak_trough(series, trial, zero_s, from_s, to_s)
    if together is None or swing is None or time_s.size < MIN_POINTS:
        return None
    spectrum, hz = welch(tachogram_4hz(time_s, value)), trial.rate_bpm / 60.0
    near = spectrum.power_ms2((hz - SMOOTH_HALF_WIDTH_HZ, hz + SMOOTH_HALF_WIDTH_HZ))
    highest, peaks = _lf_peaks(spectrum)
    return Signs(
        phase_synchrony=together.real,
        peak_trough_bpm=swing,
        lf_ms2=spectrum.power_ms2(LF_HZ),
        lf_peak_ms2_hz=highest,
        smoothness=near / spectrum.power_ms2(SMOOTH_BAND_HZ),
        lf_peaks=peaks,
        phase_deg=-math.degrees(cmath.phase(together)),
        locking=abs(together),
    )


def rank_sums(signs: Sequence[Signs]) -> list[float]:
    """Weighted sum of ranks of each trial, 1 for the least and the number of trials for the best; ties share ranks."""
    sums = [0.0] * len(signs)
    for criterion in CRITERIA:
        values = [criterion.better(each) for each in signs]
        for place, value in enumerate(values):
            below = sum(1 for other in values if other < value)
            equal = sum(1 for other in values if other == value)
            sums[place] += criterion.weight * (below + (equal + 1) / 2)
    return sums


def _together(series: Series, trial: PacedTrial, delay_s: float) -> complex | None:
    """Mean of the unit answers: its size is the phase locking, its angle the phase; None without any answer."""
    from_s, zero_s = trial.start_s + delay_s + DISCARDED_S, trial.plan_start_s + delay_s
    answers = answers_between(series, trial.plan, zero_s, from_s, trial.end_s + delay_s, _BREATHS_PER_ANGLE)
    units = [cmath.rect(1.0, cmath.phase(answer.wave)) for answer in answers]
    return sum(units) / len(units) if units else None


def _peak_trough(series: Series, trial: PacedTrial, zero_s: float, from_s: float, to_s: float) -> float | None:
    """Mean over whole breaths of highest minus lowest heart rate."""
    first = math.ceil(trial.plan.breaths_between(0.0, from_s - zero_s) - 1e-6)
    last = math.floor(trial.plan.breaths_between(0.0, to_s - zero_s) + 1e-6)
    bounds = [zero_s + trial.plan.breath_start_s(breath) for breath in range(first, last + 1)]
    inside = (series.time_s > from_s) & (series.time_s <= to_s) & series.normal
    rates = (MS_PER_MIN / series.rr_ms[inside]).tolist()
    if len(bounds) < 2:
        return None
    found = paced_swing(series.time_s[inside].tolist(), rates, bounds, noise_bpm(rates))
    return None if found is None else found.bpm


def _lf_peaks(spectrum: Spectrum) -> tuple[float, int]:
    """Highest density in LF, ms²/Hz, and how many local maxima reach a tenth of it."""
    low, high = np.searchsorted(spectrum.frequency_hz, LF_HZ)
    density = spectrum.density_ms2_hz[max(low - 1, 0) : high + 1]
    inside = density[1:-1]
    local = inside[(inside > density[:-2]) & (inside >= density[2:])]
    highest = float(inside.max())
    return highest, int(np.count_nonzero(local >= PEAK_SHARE * highest))
