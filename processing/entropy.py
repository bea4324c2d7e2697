"""Sample entropy: how often beats that were alike for two intervals are no longer alike at the third.

The count is made directly, block by block of a matrix of comparisons; for the few hundred beats of five minutes that
is quicker than a search tree. Richman and Moorman 2000 (doi 10.1152/ajpheart.2000.278.6.H2039).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

TOLERANCE_SD = 0.2
"""Distance up to which two intervals are alike, in standard deviations (divisor n - 1)."""
MIN_BEATS = 4
"""Two stretches of three intervals."""
_ROWS = 256
"""Rows of the matrix compared at a time, so that memory does not grow with the square of the beats."""
_NONE = 1e-8
"""Share of alike pairs that is none (as in NeuroKit2)."""


def sample_entropy(nn_ms: Floats) -> float:
    """Sample entropy in nats of normal intervals (ms, shape (n,)), m 2, r 0.2 standard deviations.

    Infinite when nothing stays alike, minus infinity when nothing is alike, NaN under four intervals; equal to
    NeuroKit2's ``entropy_sample``.
    """
    if nn_ms.size < MIN_BEATS:
        return math.nan
    tolerance = TOLERANCE_SD * float(np.std(nn_ms, ddof=1))
    places = nn_ms.size - 2
    two = three = 0
    for row in range(0, places, _ROWS):
        end = min(row + _ROWS, places)
        alike = np.abs(nn_ms[row : end + 2, None] - nn_ms) <= tolerance
        for_two = alike[:-2, :-2] & alike[1:-1, 1:-1]
        two += int(np.count_nonzero(for_two))
        three += int(np.count_nonzero(for_two & alike[2:, 2:]))
    pairs = places * (places - 1)
    share, stays = (two - places) / pairs, (three - places) / pairs
    if share <= _NONE:
        return -math.inf
    return math.inf if stays / share <= _NONE else -math.log(stays / share)
