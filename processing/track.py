"""The slow numbers of a whole recording second by second, for timelines and for arousal in review.

The same windows and the same rules as live (a window ends at the last beat), for all seconds at once: sums over a
window are differences of running sums.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from processing.arousal import BaselineReference, reference
from processing.indices import MS_PER_MIN
from processing.thresholds import MIN_COVERAGE, SPECS, STALE_S, IndexSpec
from processing.verdicts import LONGEST_MS
from processing.windows import FIRST, JOINED, TOLERANCE_S, Floats, Series


@dataclass(frozen=True, slots=True)
class Track:
    """One value a second, NaN where it is withheld; shape (n,) each."""

    time_s: Floats
    mean_hr_bpm: Floats
    """Over the last 10 s."""
    rmssd_ms: Floats
    """Over the last 30 s."""
    ln_rmssd_60: Floats
    """Over the last 60 s, as arousal reads it."""

    def reference(self, from_s: float, to_s: float, *, spoken: bool = False) -> BaselineReference | None:
        """The person's own baseline from the seconds in (from_s, to_s]; None with under 30 of them."""
        inside = (self.time_s > from_s) & (self.time_s <= to_s)
        return reference(self.mean_hr_bpm[inside].tolist(), self.ln_rmssd_60[inside].tolist(), spoken=spoken)

    def arousal_sd(self, baseline: BaselineReference, paced: NDArray[np.bool_] | None = None) -> Floats:
        """Mean of both parts in robust SD from ``baseline``; the heart-rate part alone where ``paced`` (shape (n,))."""
        heart: Floats = (self.mean_hr_bpm - baseline.hr_bpm) / baseline.hr_sd_bpm
        if baseline.ln_rmssd is None or baseline.ln_rmssd_sd is None:
            both = np.full_like(heart, np.nan)
        else:
            both = (heart + (baseline.ln_rmssd - self.ln_rmssd_60) / baseline.ln_rmssd_sd) / 2
        return both if paced is None else np.where(paced, heart, both)


def track(series: Series, every_s: float = 1.0) -> Track:
    """Read a judged recording every ``every_s`` from its first interval's start to its last beat."""
    if series.time_s.size == 0:
        empty = np.empty(0)
        return Track(empty, empty, empty, empty)
    begin_s, end_s = series.start_s, float(series.time_s[-1])
    at_s = begin_s + np.arange(1, int((end_s - begin_s) / every_s + TOLERANCE_S) + 1, dtype=np.float64) * every_s
    sums = _Sums(series)
    rate = sums.mean_hr(at_s, SPECS["mean_hr_bpm"])
    with np.errstate(divide="ignore"):  # an RMSSD of 0 has no logarithm; it becomes NaN below
        logged = np.log(sums.rmssd(at_s, SPECS["arousal_ln_rmssd_sd"]))
    logged[~np.isfinite(logged)] = np.nan
    return Track(at_s, rate, sums.rmssd(at_s, SPECS["rmssd_ms"]), logged)


class _Sums:
    """Running sums over all beats, from which any window's numbers follow."""

    def __init__(self, series: Series) -> None:
        rr, normal = series.rr_ms, series.normal
        self._series = series
        self._normal = _running(normal)
        self._normal_ms = _running(np.where(normal, rr, 0.0))
        self._covered_ms = _running(np.minimum(rr, LONGEST_MS))
        pair = np.zeros(rr.size, dtype=bool)
        pair[1:] = normal[1:] & normal[:-1] & (series.follows[1:] == JOINED)
        steps = np.zeros(rr.size)
        steps[1:] = np.where(pair[1:], np.diff(rr), 0.0)
        self._pairs, self._squares = _running(pair), _running(steps**2)

    def mean_hr(self, at_s: Floats, spec: IndexSpec) -> Floats:
        first, end, given = self._window(at_s, spec)
        total = self._normal_ms[end] - self._normal_ms[first]
        total[~given] = np.nan
        rates: Floats = MS_PER_MIN * (self._normal[end] - self._normal[first]) / total
        return rates

    def rmssd(self, at_s: Floats, spec: IndexSpec) -> Floats:
        first, end, given = self._window(at_s, spec)
        # The first interval of a window makes no pair inside it.
        inner = np.minimum(first + 1, end)
        pairs = self._pairs[end] - self._pairs[inner]
        pairs[~given | (pairs == 0)] = np.nan
        return np.sqrt((self._squares[end] - self._squares[inner]) / pairs)

    def _window(self, at_s: Floats, spec: IndexSpec) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.bool_]]:
        """First and end index of each window, and whether the rules of ``windows.withheld`` let it speak."""
        series = self._series
        newest = np.maximum(np.searchsorted(series.time_s, at_s + TOLERANCE_S) - 1, 0)
        fresh = at_s - series.time_s[newest] <= STALE_S
        at_s = np.minimum(series.time_s[newest], at_s)
        start_s = at_s - spec.minimum_s
        first = np.searchsorted(series.time_s, start_s + TOLERANCE_S)
        end = np.searchsorted(series.time_s, at_s + TOLERANCE_S)
        some = np.minimum(first, series.rr_ms.size - 1)
        lead = series.time_s[some] - series.rr_ms[some] / 1000.0 - start_s
        count, kept = end - first, self._normal[end] - self._normal[first]
        covered = (self._covered_ms[end] - self._covered_ms[first]) / 1000.0 + np.minimum(lead, 0.0)
        filled = ~((lead > TOLERANCE_S) & (series.follows[some] == FIRST))
        refused_percent = 100.0 * (count - kept) / np.maximum(count, 1)
        given = fresh & filled & (covered >= MIN_COVERAGE * spec.minimum_s) & (kept >= spec.min_beats)
        return first, end, given & (refused_percent <= spec.rests_above_percent)


def _running(values: NDArray[np.float64] | NDArray[np.bool_]) -> Floats:
    return np.concatenate(([0.0], np.cumsum(values, dtype=np.float64)))
