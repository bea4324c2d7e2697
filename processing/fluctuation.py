"""Detrended fluctuation analysis, short-term exponent: how the heart's wandering grows with the time looked at.

Half-overlapping boxes of 4 to 11 beats of the summed series, each freed of its own straight line. Peng et al. 1995
(doi 10.1063/1.166141).
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

Floats = NDArray[np.float64]

BOXES = range(4, 12)
"""Beats to a box."""
_STILL = 1e-8
"""Variance in ms² up to which a box does not move and is left out (as in NeuroKit2)."""


def dfa_alpha1(nn_ms: Floats) -> float:
    """Short-term exponent of normal intervals (ms, shape (n,)); NaN with too few or where nothing moves.

    Equal to NeuroKit2's ``fractal_dfa`` with these boxes.
    """
    if nn_ms.size <= BOXES[-1]:
        return math.nan
    profile = np.cumsum(nn_ms - nn_ms.mean())
    sizes, moves = [], []
    for size in BOXES:
        boxes = sliding_window_view(profile, size)[: profile.size - size : size // 2]
        variance = np.var(boxes @ _without_line(size), axis=1)
        variance = variance[variance > _STILL]
        if variance.size == 0:
            return math.nan
        sizes.append(math.log2(size))
        moves.append(0.5 * math.log2(float(variance.mean())))
    along = np.array(sizes) - sum(sizes) / len(sizes)
    return float(along @ np.array(moves)) / float(along @ along)


@lru_cache(maxsize=len(BOXES))
def _without_line(size: int) -> Floats:
    """What takes the straight line of best fit off a row of ``size`` values, shape (size, size)."""
    place = np.arange(size) - (size - 1) / 2
    matrix: Floats = np.eye(size) - 1 / size - np.outer(place, place) / float(place @ place)
    matrix.setflags(write=False)
    return matrix
