"""A window that slides along a whole recording: the numbers of every position at once, those of the one-window path.

Sums are taken window by window, not as differences of running sums, so that no digit is lost however long the
recording; a number is NaN where ``batch.stretch_indices`` withholds it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from processing.indices import MS_PER_MIN
from processing.irregular import AT_MOST_PERCENT, STILL_TOLD
from processing.sliding_waves import Places, band_powers, inside
from processing.spectrum import HF_HZ, LF_HZ
from processing.thresholds import MIN_COVERAGE, SPECS, IndexSpec
from processing.verdicts import LONGEST_MS
from processing.windows import FIRST, HOLE_WORDS, JOINED, SILENCE_S, TOLERANCE_S, Floats, Mask, Series

POWERS = {"lf_ms2": LF_HZ, "hf_ms2": HF_HZ}


@dataclass(frozen=True, slots=True)
class Sliding:
    """Numbers by name, one a window, NaN where withheld; shape (n,) each."""

    end_s: Floats
    """Where each window ends."""
    values: dict[str, Floats]


def sliding(series: Series, window_s: float = 60.0, step_s: float = 1.0, *, withhold: bool = True) -> Sliding:
    """Time domain, LF and HF of windows of ``window_s`` that end every ``step_s``, the first one whole window long.

    With ``withhold=False`` powers are given below their minimum windows too, for comparison with other programs; a
    gap withholds them all the same.
    """
    start_s, rr = series.start_s, series.rr_ms
    last_s = float(series.time_s[-1]) if rr.size else start_s
    count = int((last_s - start_s - window_s + TOLERANCE_S) // step_s) + 1
    end_s: Floats = start_s + window_s + np.arange(max(count, 0), dtype=np.float64) * step_s
    first = np.searchsorted(series.time_s, end_s - window_s + TOLERANCE_S)
    end = np.searchsorted(series.time_s, end_s + TOLERANCE_S)
    some = np.flatnonzero(end > first)
    facts = _Facts(series, first[some], end[some], end_s[some], window_s)
    found = _time_domain(series, first[some], end[some])
    found |= _spectrum(series, facts, end_s[some], window_s, withhold=withhold)
    values = {}
    for name, numbers in found.items():
        limits = SPECS[name]
        told = np.ones(some.size, bool) if name in POWERS and not withhold else facts.allow(limits)
        if name not in STILL_TOLD:
            told &= ~facts.irregular
        values[name] = np.full(end_s.size, np.nan)
        values[name][some] = np.where(told & np.isfinite(numbers), numbers, np.nan)
    return Sliding(end_s, values)


class _Facts:
    """``windows.WindowFacts`` of many windows, none of them empty."""

    def __init__(self, series: Series, first: Places, end: Places, end_s: Floats, window_s: float) -> None:
        places, begins = inside(first, end)
        self.window_s, self.intervals = window_s, end - first
        lead = series.time_s[first] - series.rr_ms[first] / 1000.0 - (end_s - window_s)
        covered = np.minimum(series.rr_ms, LONGEST_MS)[places]
        self.covered = (np.add.reduceat(covered, begins) / 1000.0 + np.minimum(lead, 0.0)) / window_s
        self.beats = np.add.reduceat(series.normal[places], begins, dtype=np.intp)
        broken = (series.follows != JOINED)[places]
        broken[begins] = False
        late, how = lead > TOLERANCE_S, series.follows[first]
        self.filled = ~(late & (how == FIRST))
        self.hole = np.add.reduceat(broken, begins, dtype=np.intp) > 0
        self.hole |= late & np.isin(how, list(HOLE_WORDS))
        followed = np.append(series.follows == JOINED, False)[end]
        self.hole |= (end_s - series.time_s[end - 1] > SILENCE_S) & ~followed
        self.irregular = np.zeros(first.size, dtype=bool)
        if series.irregular.size:
            count = np.add.reduceat(series.irregular[places], begins, dtype=np.intp)
            self.irregular = 100 * count > AT_MOST_PERCENT * self.intervals

    def allow(self, spec: IndexSpec) -> Mask:
        """Which windows may tell a number, by the rules of ``windows.withheld``."""
        if self.window_s < spec.minimum_s - TOLERANCE_S:
            return np.zeros(self.intervals.size, dtype=bool)
        refused_percent = 100.0 * (self.intervals - self.beats) / self.intervals
        whole = self.filled & ~(self.hole & (spec.spectral | (self.covered < MIN_COVERAGE)))
        told: Mask = whole & (self.beats >= spec.min_beats) & (refused_percent <= spec.rests_above_percent)
        return told


def _time_domain(series: Series, first: Places, end: Places) -> dict[str, Floats]:
    """``indices.time_domain`` of each window."""
    rr, normal = series.rr_ms, series.normal
    pair = np.zeros(rr.size, dtype=bool)
    pair[1:] = normal[1:] & normal[:-1] & (series.follows[1:] == JOINED)
    before = np.concatenate((rr[:1], rr[:-1]))
    places, begins = inside(first, end)
    paired = pair[places]
    paired[begins] = False  # its other half lies outside
    steps = (rr - before)[places]
    mean, sdnn = _mean_and_spread(rr[places], normal[places], begins)
    _, sdsd = _mean_and_spread(steps, paired, begins)
    _, sums = _mean_and_spread((rr + before)[places], paired, begins)
    pairs = _count(paired, begins)
    size = np.abs(steps)
    rmssd = np.sqrt(np.add.reduceat(np.where(paired, steps * steps, 0.0), begins) / pairs)
    with np.errstate(divide="ignore"):  # an RMSSD of 0 has no logarithm; it is withheld
        logged = np.log(rmssd)
    return {
        "mean_nn_ms": mean,
        "mean_hr_bpm": MS_PER_MIN / mean,
        "sdnn_ms": sdnn,
        "rmssd_ms": rmssd,
        "ln_rmssd": logged,
        "sdsd_ms": sdsd,
        "pnn50_percent": 100.0 * np.add.reduceat(paired & (size > 50.0), begins, dtype=np.intp) / pairs,
        "pnn20_percent": 100.0 * np.add.reduceat(paired & (size > 20.0), begins, dtype=np.intp) / pairs,
        "sd1_ms": sdsd / np.sqrt(2.0),
        "sd2_ms": sums / np.sqrt(2.0),
    }


def _count(kept: Mask, begins: Places) -> Floats:
    """How many are kept in each window; NaN for none."""
    count = np.add.reduceat(kept, begins, dtype=np.float64)
    count[count == 0] = np.nan
    return count


def _mean_and_spread(values: Floats, kept: Mask, begins: Places) -> tuple[Floats, Floats]:
    """Mean, and standard deviation with divisor n - 1, of what is kept in each window; NaN where there is none."""
    count = _count(kept, begins)
    mean = np.add.reduceat(np.where(kept, values, 0.0), begins) / count
    sizes = np.diff(begins, append=values.size)
    centred = np.where(kept, values - np.repeat(mean, sizes), 0.0)
    squares = np.add.reduceat(centred * centred, begins)
    divisor = np.where(count > 1, count - 1, np.nan)
    return mean, np.sqrt(squares / divisor)


def _spectrum(series: Series, facts: _Facts, end_s: Floats, window_s: float, *, withhold: bool) -> dict[str, Floats]:
    """Powers of the windows that may have one."""
    drawn = facts.allow(SPECS["hf_ms2"]) if withhold else ~facts.hole & facts.filled
    first = np.searchsorted(series.tachogram_s, end_s[drawn] - window_s + TOLERANCE_S)
    end = np.searchsorted(series.tachogram_s, end_s[drawn] + TOLERANCE_S)
    powers = np.full((end_s.size, len(POWERS)), np.nan)
    powers[drawn] = band_powers(series.tachogram_s, series.tachogram_ms, first, end, tuple(POWERS.values()))
    found = dict(zip(POWERS, powers.T, strict=True))
    with np.errstate(divide="ignore"):  # no power has no logarithm; it is withheld
        found["ln_hf"] = np.log(found["hf_ms2"])
    return found
