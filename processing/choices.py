"""The grid of defensible choices behind a figure, and the figure in each of its ways (a multiverse analysis: Steegen,
Tuerlinckx, Gelman and Vanpaemel 2016, doi 10.1177/1745691616658637).

Four things could have been chosen otherwise: how refused intervals are read, how long a window is, what the reference
is, and how heart rate is averaged or smoothed. Ways that come to the same windows are counted once.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from processing.indices import differences
from processing.own_band import own_band
from processing.readings import Rule
from processing.recovery import Lengths, Span, half_time_of, mean_rate, rest_level
from processing.thresholds import MIN_COVERAGE, SPECS, WITHHELD_OVER_PERCENT
from processing.windows import TOLERANCE_S, Series

WINDOW_SHARES = (1.0, 0.75, 0.5)
"""Shares of the compared window that are tried; the whole part is tried as well."""
AVERAGES: Mapping[str, str] = {
    "mean": "mean over the window",
    "median": "median of what is smoothed (heart rate over 15 s, RMSSD over 30 s)",
}
SMOOTHINGS_S = (10.0, 15.0, 20.0)
PEAKS_S = (15.0, 30.0, 45.0)
RESTS_S = (60.0, 120.0, math.inf)
"""Half-time: smoothing, length of the stressor's end, length of the baseline's end (inf: all of it)."""
LEAST_WAYS = 24
"""Fewer ways than this are no test; two equal minutes alone have 30."""
STEP_S = 5.0
"""A smoothed RMSSD is read so often."""

Quantity = Literal["mean_hr_bpm", "ln_rmssd"]


@dataclass(frozen=True, slots=True)
class Part:
    """A part in one reading, on a clock of its own that starts at 0."""

    series: Series
    length_s: float


@dataclass(frozen=True, slots=True)
class Way:
    """One way of choosing, in words by the name of the choice, and the figure that it gives."""

    choices: Mapping[str, str]
    value: float | None
    """None where the figure is withheld or not defined in this way."""
    censored: bool = False
    """A half-time that is not reached while watched."""


def change_ways(
    quantity: Quantity,
    part: Mapping[Rule, Part],
    references: Mapping[str, Mapping[Rule, Part]],
    compared_s: float,
) -> list[Way]:
    """A part less its reference in every way.

    ``references`` by name, the one that pages use first; its end and the whole of it are both tried, of the others
    the end. ``compared_s`` is the window that pages use at most.
    """
    ways = []
    for rule, own in part.items():
        for average in AVERAGES:
            for window_s, name, reference_s in _windows(quantity, own, references, compared_s):
                other = references[name][rule]
                ours, theirs = (
                    _level(quantity, each, length_s, average)
                    for each, length_s in ((own, window_s), (other, reference_s))
                )
                value = None if ours is None or theirs is None else ours - theirs
                chosen = {
                    "verdicts": rule,
                    "window": f"{window_s:.0f} s",
                    "reference": f"{name}, {reference_s:.0f} s",
                    "average": average,
                }
                ways.append(Way(chosen, value))
    return ways


def half_time_ways(series: Mapping[Rule, Series], baseline: Span, stressor: Span, until_s: float) -> list[Way]:
    """Half-time in every way."""
    ways = []
    for rule, each in series.items():
        for lengths in _lengths(baseline, stressor):
            found = half_time_of(
                each, baseline=baseline, stressor=stressor, until_s=until_s, lengths=lengths, fitted=False
            )
            ways.append(Way(_told(rule, lengths), found.value_s, found.censored))
    return ways


def recovery_ways(series: Mapping[Rule, Series], baseline: Span, stressor: Span, recovery: Span) -> list[Way]:
    """Share of the rise that is gone at the recovery's end, percent, in every way."""
    ways = []
    for rule, each in series.items():
        for lengths in _lengths(baseline, stressor):
            rest = rest_level(each, _end(baseline, lengths.rest_s), lengths.smoothing_s)
            peak, back = (mean_rate(each, _end(span, lengths.peak_s)) for span in (stressor, recovery))
            clear = peak - rest > 0
            ways.append(Way(_told(rule, lengths), 100.0 * (peak - back) / (peak - rest) if clear else None))
    return ways


def band_ways(
    quantity: Quantity,
    today: Mapping[Rule, Part],
    before: Sequence[Mapping[Rule, Part]],
    compared_s: float,
    indices: int,
) -> list[Way]:
    """How far today's rest lies outside the own band of the rests before it, in every way: 0 inside, else the distance.

    ``before``: comparable rests, oldest first; ``indices``: how many indices share the chance of a false alarm.
    """
    ways = []
    for rule, own in today.items():
        for average in AVERAGES:
            for window_s in _lengths_of(quantity, own.length_s, compared_s):
                value = _level(quantity, own, window_s, average)
                earlier = [_level(quantity, rest[rule], min(window_s, rest[rule].length_s), average) for rest in before]
                known = [each for each in earlier if each is not None]
                for looks in (1, len(before)):
                    band = own_band(known, looks=looks, indices=indices)
                    outside = None
                    if band is not None and value is not None:
                        outside = max(band.low - value, value - band.high, 0.0)
                    chosen = {
                        "verdicts": rule,
                        "window": f"{window_s:.0f} s",
                        "reference": f"{len(known)} rests, the chance of a false alarm shared by {looks} looks",
                        "average": average,
                    }
                    ways.append(Way(chosen, outside))
    return ways


def _windows(
    quantity: Quantity, own: Part, references: Mapping[str, Mapping[Rule, Part]], compared_s: float
) -> Iterator[tuple[float, str, float]]:
    """(seconds of the part, reference, seconds of the reference), each once."""
    seen = set()
    for number, (name, reading) in enumerate(references.items()):
        length_s = next(iter(reading.values())).length_s
        for window_s in _lengths_of(quantity, own.length_s, min(compared_s, length_s)):
            ends = (min(window_s, length_s), length_s) if number == 0 else (min(window_s, length_s),)
            for reference_s in ends:
                key = (name, round(window_s), round(reference_s))
                if key not in seen and reference_s >= SPECS[quantity].minimum_s:
                    seen.add(key)
                    yield window_s, name, reference_s


def _lengths_of(quantity: Quantity, length_s: float, compared_s: float) -> list[float]:
    """Windows at the end of a part that are tried, longest first; none is shorter than the index needs."""
    base = min(compared_s, length_s)
    found = {round(length, 3) for length in (length_s, *(share * base for share in WINDOW_SHARES))}
    return sorted((length for length in found if length >= SPECS[quantity].minimum_s), reverse=True)


def _lengths(baseline: Span, stressor: Span) -> Iterator[Lengths]:
    rests = {min(rest, baseline[1] - baseline[0]) for rest in RESTS_S}
    peaks = {min(peak, stressor[1] - stressor[0]) for peak in PEAKS_S}
    for smoothing in SMOOTHINGS_S:
        for peak in sorted(peaks):
            for rest in sorted(rests):
                yield Lengths(smoothing, peak, rest)


def _end(span: Span, length_s: float) -> Span:
    return max(span[0], span[1] - length_s), span[1]


def _told(rule: Rule, lengths: Lengths) -> dict[str, str]:
    return {
        "verdicts": rule,
        "window": f"stressor's last {lengths.peak_s:.0f} s",
        "reference": f"baseline's last {lengths.rest_s:.0f} s",
        "smoothing": f"{lengths.smoothing_s:.0f} s",
    }


def _level(quantity: Quantity, part: Part, window_s: float, average: str) -> float | None:
    """Heart rate or lnRMSSD of a part's last seconds; None where beats are missing or refused too often."""
    span = (max(0.0, part.length_s - window_s), part.length_s)
    facts = part.series.window(*span).facts
    if facts.covered < MIN_COVERAGE or facts.corrected_percent > WITHHELD_OVER_PERCENT:
        return None
    if quantity == "mean_hr_bpm":
        value = mean_rate(part.series, span) if average == "mean" else rest_level(part.series, span)
    else:
        value = _ln_rmssd(part.series, span) if average == "mean" else _rolling_ln_rmssd(part.series, span)
    return value if math.isfinite(value) else None


def _rolling_ln_rmssd(series: Series, span: Span) -> float:
    """Median of lnRMSSD over 30 s, read every few seconds inside the span."""
    width_s = SPECS["rmssd_ms"].minimum_s
    window = series.window(*span)
    pair = np.concatenate(([False], window.normal[1:] & window.normal[:-1] & window.joined[1:]))
    squares = np.where(pair, np.diff(window.rr_ms, prepend=window.rr_ms[:1]) ** 2, 0.0)
    count, total = (np.concatenate(([0.0], np.cumsum(each))) for each in (pair, squares))
    ends = np.arange(span[0] + width_s, span[1] + TOLERANCE_S, STEP_S)
    last = np.searchsorted(window.time_s, ends + TOLERANCE_S)
    # The first interval of a window makes no pair inside it.
    first = np.minimum(np.searchsorted(window.time_s, ends - width_s + TOLERANCE_S) + 1, last)
    pairs, sums = count[last] - count[first], total[last] - total[first]
    given = (pairs > 0) & (sums > 0)
    return float(np.median(0.5 * np.log(sums[given] / pairs[given]))) if given.any() else math.nan


def _ln_rmssd(series: Series, span: Span) -> float:
    window = series.window(*span)
    steps = differences(window.rr_ms, window.normal, window.joined)
    return 0.5 * math.log(float(steps @ steps) / steps.size) if steps.any() else math.nan
