"""How far the heart is from the person's own baseline, in the baseline's own robust standard deviations.

Two parts, both kept: heart rate (10 s) and -lnRMSSD (60 s), read each second in baseline and live alike. It is no
measure of sympathetic activity, and clients never see the word.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

MAD_TO_SD = 1.4826
"""Median absolute deviation to standard deviation of a normal distribution."""
LEAST_MAD_BPM = 1.0
"""Floor of the baseline's heart-rate MAD: a very even baseline must not make one beat a minute look large."""
LEAST_MAD_LN = 0.1
"""Floor of the baseline's lnRMSSD MAD."""
MIN_SECONDS = 30
"""Seconds with a value that a baseline needs to have a median worth the name."""
DRAWN_WITHIN_SD = 4.0
"""Pages draw within ± 4 SD and write "over 4" beyond."""


@dataclass(frozen=True, slots=True)
class BaselineReference:
    """Where the person's heart was at rest, and how much it moved there."""

    hr_bpm: float
    """Median of heart rate (10 s) over the baseline's seconds."""
    hr_sd_bpm: float
    """1.4826 times the MAD, floored."""
    ln_rmssd: float | None
    """Median of lnRMSSD (60 s), or None when the baseline was too short for it."""
    ln_rmssd_sd: float | None
    seconds: int
    """Seconds that had a heart rate."""
    spoken: bool = False
    """Whether the person spoke; spoken and silent parts are never compared."""


def reference(hr_bpm: Sequence[float], ln_rmssd: Sequence[float], *, spoken: bool = False) -> BaselineReference | None:
    """Reference from the per-second values of a baseline (NaN left out); None with under 30 seconds of heart rate."""
    rates = np.array([v for v in hr_bpm if math.isfinite(v)])
    if rates.size < MIN_SECONDS:
        return None
    logs = np.array([v for v in ln_rmssd if math.isfinite(v)])
    middle, sd = _robust(rates, LEAST_MAD_BPM)
    if logs.size < MIN_SECONDS:
        return BaselineReference(middle, sd, None, None, rates.size, spoken)
    ln_middle, ln_sd = _robust(logs, LEAST_MAD_LN)
    return BaselineReference(middle, sd, ln_middle, ln_sd, rates.size, spoken)


def _robust(values: NDArray[np.float64], least_mad: float) -> tuple[float, float]:
    middle = float(np.median(values))
    return middle, MAD_TO_SD * max(float(np.median(np.abs(values - middle))), least_mad)


def heart_part(hr_bpm: float, baseline: BaselineReference) -> float:
    """Heart rate in SD above the baseline."""
    return (hr_bpm - baseline.hr_bpm) / baseline.hr_sd_bpm


def ln_rmssd_part(ln_rmssd: float, baseline: BaselineReference) -> float | None:
    """-lnRMSSD in SD above the baseline: positive when variability is lower; None when the baseline has none."""
    if baseline.ln_rmssd is None or baseline.ln_rmssd_sd is None:
        return None
    return (baseline.ln_rmssd - ln_rmssd) / baseline.ln_rmssd_sd
