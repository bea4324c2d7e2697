"""Artefacts in one window of RR intervals after Lipponen and Tarvainen (2019, doi 10.1080/03091902.2019.1640306).

One pass, as in NeuroKit2's ``signal_fixpeaks(method="kubios", iterative=False)`` with both thresholds taken over the
whole window that is handed in. Nothing here knows of streams or of time.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

ALPHA = 5.2
"""Quartile deviations to a threshold: covers 99.95 % of normally distributed beats (the paper's choice)."""
C1, C2 = 0.13, 0.17
"""Slope and intercept of the ectopic region (the paper's figure 1)."""
MEDIAN_BEATS = 11
"""Width of the median filter (the paper's choice)."""
MIN_INTERVALS = 4
"""With fewer there is no neighbourhood to judge from."""

REACH = 1
"""Intervals after a step over the threshold that the walk may name on its account."""
ROUNDING = 1e-6
"""Share by which two ways of adding up one threshold may differ."""

Floats = NDArray[np.float64]


class Kind(Enum):
    """What the pass finds; ``LONG_SHORT`` is what it can tell to be wrong but not why."""

    ECTOPIC = "ectopic"
    MISSED = "missed"
    EXTRA = "extra"
    LONG_SHORT = "long_short"


def find(rr_ms: Floats, floor_ms: float = 0.0) -> dict[int, Kind]:
    """Artefacts by the index of their interval in ``rr_ms`` (shape (n,), ms).

    ``floor_ms`` is the least value of both thresholds; 0 gives the published method, which is blind to any fault in
    intervals without variability. An ectopic beat is named by the second of its two intervals, an extra beat by the
    first.
    """
    if rr_ms.size < MIN_INTERVALS:
        return {}
    # The published series starts with one made-up interval, the mean; it shifts all indices by one.
    series = np.empty(rr_ms.size + 1)
    series[1:] = rr_ms
    series[0] = rr_ms.sum() / rr_ms.size
    steps = np.empty_like(series)
    np.subtract(series[1:], series[:-1], out=steps[1:])
    steps[0] = steps[1:].sum() / rr_ms.size
    limit = max(_threshold(np.abs(steps)), floor_ms)
    if limit == 0.0:
        return {}
    steps /= limit
    suspects = np.flatnonzero(np.abs(steps) > 1.0)
    if suspects.size == 0:
        return {}
    medians = _running_median(series)
    deviations = series - medians
    deviations[deviations < 0] *= 2
    deviation_limit = max(_threshold(np.abs(deviations)), floor_ms)
    if deviation_limit > 0.0:
        deviations /= deviation_limit
    else:
        deviations[:] = np.nan
    walk = _Walk(series.tolist(), steps.tolist(), medians.tolist(), deviations.tolist(), deviation_limit)
    return walk.run(suspects.tolist())


def may_find(rr_ms: Sequence[float], floor_ms: float, last: int) -> bool:
    """Whether ``find`` can name one of the ``last`` intervals at all: only if a step to one of them is over the
    threshold. Told at a tenth of the cost, and true in case of doubt."""
    if len(rr_ms) < MIN_INTERVALS:
        return False
    mean_step = (rr_ms[-1] - sum(rr_ms) / len(rr_ms)) / len(rr_ms)
    steps = [abs(mean_step), abs(rr_ms[0] - sum(rr_ms) / len(rr_ms))]
    steps += [abs(after - before) for before, after in pairwise(rr_ms)]
    largest = max(steps[-last:])
    return largest >= max(_threshold_of(sorted(steps)), floor_ms) * (1 - ROUNDING)


class _Walk:
    """The paper's flow chart over one window, step by step in the same order as NeuroKit2."""

    def __init__(
        self, series: list[float], steps: list[float], medians: list[float], deviations: list[float], limit: float
    ) -> None:
        self.series, self.medians, self.deviations, self.limit = series, medians, deviations, limit
        self.steps = steps
        self.found: dict[int, Kind] = {}

    def run(self, suspects: list[int]) -> dict[int, Kind]:
        last = len(self.series) - 3
        following = 0
        for index in suspects:
            if following <= index <= last:
                following = self._visit(index)
        return {index - 1: kind for index, kind in self.found.items() if index > 0}

    def _visit(self, index: int) -> int:
        """Judge ``index`` and perhaps the next; gives the index at which the walk goes on."""
        if self._is_ectopic(index):
            self.found[index] = Kind.ECTOPIC
            return index + 1
        candidates = [index]
        if abs(self._step(index + 1)) < abs(self._step(index + 2)):
            candidates.append(index + 1)
        for candidate in candidates:
            kind = self._long_or_short(candidate)
            if kind is not None:
                self.found[candidate] = kind
        return index + len(candidates)

    def _step(self, index: int) -> float:
        """Normalised step, mirrored at both ends of the window."""
        size = len(self.steps)
        if index < 0:
            index = -index
        elif index >= size:
            index = 2 * (size - 1) - index
        return self.steps[index]

    def _is_ectopic(self, index: int) -> bool:
        step = self.steps[index]
        around = self._step(index - 1), self._step(index + 1)
        if step > 0:
            return max(around) < -C1 * step - C2
        return min(around) > -C1 * step + C2

    def _long_or_short(self, index: int) -> Kind | None:
        step, after = self.steps[index], (self._step(index + 1), self._step(index + 2))
        long = step > 1 and min(after) < -1
        short = step < -1 and max(after) > 1
        if not (long or short or abs(self.deviations[index]) > 3):
            return None
        interval, median = self.series[index], self.medians[index]
        if short and abs(interval + self.series[index + 1] - median) < self.limit:
            return Kind.EXTRA
        if long and abs(interval / 2 - median) < self.limit:
            return Kind.MISSED
        return Kind.LONG_SHORT


def _threshold(magnitudes: Floats) -> float:
    return _threshold_of(np.sort(magnitudes).tolist())


def _threshold_of(ordered: Sequence[float]) -> float:
    return ALPHA * (_quantile(ordered, 0.75) - _quantile(ordered, 0.25)) / 2


def _quantile(ordered: Sequence[float], share: float) -> float:
    place = share * (len(ordered) - 1)
    below = int(place)
    low = ordered[below]
    return low if below == place else low + (ordered[below + 1] - low) * (place - below)


def _running_median(series: Floats) -> Floats:
    """Centred median of 11, narrower at both ends."""
    half = MEDIAN_BEATS // 2
    size = series.size
    medians = np.empty(size)
    if size >= MEDIAN_BEATS:
        windows = np.lib.stride_tricks.sliding_window_view(series, MEDIAN_BEATS)
        medians[half : size - half] = np.partition(windows, half, axis=1)[:, half]
    values = series.tolist()
    for index in [*range(min(half, size)), *range(max(half, size - half), size)]:
        medians[index] = _median(values[max(0, index - half) : index + half + 1])
    return medians


def _median(values: list[float]) -> float:
    ordered = sorted(values)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2
