"""Time-domain numbers of a window: the kernel that live stream and tests share, equal to NeuroKit2's to 1e-9.

NN intervals keep their place: a difference is taken only between two normal intervals that follow one another, never
across a refused interval or a gap.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

MS_PER_MIN = 60_000.0


@dataclass(frozen=True, slots=True)
class TimeDomain:
    """All time-domain numbers of one window; NaN where there are too few intervals to have one."""

    beats: int
    """Normal intervals."""
    pairs: int
    """Pairs of normal neighbours, the divisor of RMSSD and pNN50."""
    mean_nn_ms: float
    sdnn_ms: float
    rmssd_ms: float
    sdsd_ms: float
    pnn50_percent: float
    pnn20_percent: float
    sd1_ms: float
    sd2_ms: float

    @property
    def mean_hr_bpm(self) -> float:
        """60000 over the mean normal interval."""
        return MS_PER_MIN / self.mean_nn_ms

    @property
    def ln_rmssd(self) -> float:
        """Natural logarithm of RMSSD; minus infinity when RMSSD is 0."""
        return math.log(self.rmssd_ms) if self.rmssd_ms > 0 else -math.inf


def differences(rr_ms: Floats, normal: Mask, joined: Mask) -> Floats:
    """Successive differences in ms of the pairs that may be compared.

    ``joined[i]`` says that interval ``i`` follows ``i - 1`` without a gap; all three have shape (n,).
    """
    kept = normal[1:] & normal[:-1] & joined[1:]
    return (rr_ms[1:] - rr_ms[:-1])[kept]


def spread(values: Floats) -> float:
    """Standard deviation with divisor n - 1; NaN under two values."""
    if values.size < 2:
        return math.nan
    centred = values - values.sum() / values.size
    return math.sqrt(float(centred @ centred) / (values.size - 1))


def time_domain(rr_ms: Floats, normal: Mask, joined: Mask) -> TimeDomain:
    """Numbers of one window given as raw intervals (ms), which are normal, and which follow without a gap."""
    kept = rr_ms[normal]
    steps = differences(rr_ms, normal, joined)
    size = np.abs(steps)
    pairs = steps.size
    sums = (rr_ms[1:] + rr_ms[:-1])[normal[1:] & normal[:-1] & joined[1:]]
    sdsd = spread(steps)
    return TimeDomain(
        beats=kept.size,
        pairs=pairs,
        mean_nn_ms=float(kept.sum()) / kept.size if kept.size else math.nan,
        sdnn_ms=spread(kept),
        rmssd_ms=math.sqrt(float(steps @ steps) / pairs) if pairs else math.nan,
        sdsd_ms=sdsd,
        pnn50_percent=100.0 * int(np.count_nonzero(size > 50.0)) / pairs if pairs else math.nan,
        pnn20_percent=100.0 * int(np.count_nonzero(size > 20.0)) / pairs if pairs else math.nan,
        sd1_ms=sdsd / math.sqrt(2.0),
        sd2_ms=spread(sums) / math.sqrt(2.0),
    )
