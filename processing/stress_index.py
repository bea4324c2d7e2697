"""Baevsky's stress index: how narrow and how tall the histogram of normal intervals is.

The name is the literature's. It is a shape of a histogram, larger for an even heart; it says nothing of what a person
feels, and no page shows it. NeuroKit2 has none. Baevsky and Chernikova 2017 (doi 10.12710/cardiometry.2017.10.6676).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

BIN_MS = 50.0
"""Width of a bin; edges lie at whole multiples of it. The index is only comparable at one width."""


def stress_index(nn_ms: Floats) -> float:
    """Stress index in %/s² of normal intervals (ms, shape (n,)): AMo / (2 Mo MxDMn).

    AMo is the percentage in the fullest bin, Mo that bin's middle in s (the lowest of several as full), MxDMn the
    longest less the shortest interval in s. NaN without intervals or where all are equal.

    >>> round(stress_index(np.array([760.0, 810.0, 820.0, 840.0, 960.0])), 2)  # 60 / (2 * 0.825 * 0.2)
    181.82
    """
    if nn_ms.size == 0:
        return math.nan
    span_s = float(nn_ms.max() - nn_ms.min()) / 1000.0
    if span_s == 0.0:
        return math.nan
    bins, counts = np.unique(np.floor(nn_ms / BIN_MS), return_counts=True)
    fullest = int(counts.argmax())
    middle_s = (float(bins[fullest]) + 0.5) * BIN_MS / 1000.0
    return 100.0 * int(counts[fullest]) / nn_ms.size / (2.0 * middle_s * span_s)
