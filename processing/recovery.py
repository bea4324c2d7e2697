"""How long the heart takes to come half-way back after a stressor, by definition and by a fitted exponential.

Definition: the first moment after the stressor's last second at which heart rate, smoothed over 15 s, is at or under
rest + half the rise, and stays there for 15 s. Not reached while watched is said as such, never guessed.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from acquisition.beats import Gap
from processing.indices import MS_PER_MIN
from processing.thresholds import MIN_COVERAGE, WITHHELD_OVER_PERCENT
from processing.values import Judgement
from processing.windows import Series

Floats = NDArray[np.float64]

SMOOTHING_S = 15.0
"""Width of the centred mean."""
PEAK_S = 30.0
"""The peak is the mean of the stressor's last so many seconds."""
REST_S = 120.0
"""Rest is the median of the baseline's last so many seconds; also the shortest baseline that is not remarked on."""
HELD_S = 15.0
"""The heart must stay half-way back so long."""
STEP_S = 0.5
"""Grid that the smoothed heart rate is read on."""
LEAST_RISE_BPM = 3.0
"""Under this rise there is nothing to come back from (docs/protocol.md: "no clear rise")."""
LEAST_BASELINE_S, LEAST_STRESSOR_S = 30.0, 10.0
"""Under these there is no rest and no peak to speak of."""
LEAST_BEATS_BACK = 10
"""Beats on the way back that a fit needs."""
FIT_S = (5.0, 1200.0)
"""Time constants that the fit may find; at either bound it has found none."""

Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Lengths:
    """The lengths that a half-time is read with; the product's own unless it is asked how much hangs on them."""

    smoothing_s: float = SMOOTHING_S
    peak_s: float = PEAK_S
    rest_s: float = REST_S


DEFINED = Lengths()
"""The definition that pages, reports and exports use."""


@dataclass(frozen=True, slots=True)
class HalfTime:
    """The way back from a stressor."""

    value_s: float | None
    """Seconds from the stressor's end, or None when not reached or withheld."""
    censored: bool
    """True when the heart did not come half-way back while it was watched."""
    paced: bool
    """Whether breathing was paced meanwhile: then it is no spontaneous recovery."""
    fitted_s: float | None
    """Half-time of the fitted exponential, or None when none fits."""
    reason: str | None
    """Why there is no half-time, or None when there is one or it is censored."""
    rest_bpm: float | None = None
    peak_bpm: float | None = None
    watched_s: float = 0.0
    """How long after the stressor the heart was followed."""
    short_baseline_s: float | None = None
    """Length of a baseline under two minutes, else None."""
    beats: int = 0
    """Normal intervals on the way back."""
    corrected_percent: float = 0.0
    """Refused intervals per hundred on the way back."""


def half_time(
    judgements: Sequence[Judgement],
    gaps: Sequence[Gap],
    *,
    baseline: Span,
    stressor: Span,
    until_s: float,
    paced: bool = False,
) -> HalfTime:
    """Half-time after ``stressor`` against ``baseline``, followed until ``until_s`` (all in seconds of the stream).

    Time counts from the stressor's last second; a rating in between belongs to the way back.
    """
    series = Series.of(judgements, gaps)
    return half_time_of(series, baseline=baseline, stressor=stressor, until_s=until_s, paced=paced)


def half_time_of(
    series: Series,
    *,
    baseline: Span,
    stressor: Span,
    until_s: float,
    paced: bool = False,
    lengths: Lengths = DEFINED,
    fitted: bool = True,
) -> HalfTime:
    """The same of a series already made; ``fitted`` False leaves the exponential out, which takes most of the time."""
    length_s = baseline[1] - baseline[0]
    back = series.window(stressor[1], max(until_s, stressor[1])).facts
    found = HalfTime(
        value_s=None,
        censored=False,
        paced=paced,
        fitted_s=None,
        reason=None,
        watched_s=back.length_s,
        short_baseline_s=length_s if length_s < REST_S else None,
        beats=back.beats,
        corrected_percent=back.corrected_percent,
    )
    rest_span = (max(baseline[0], baseline[1] - lengths.rest_s), baseline[1])
    peak_span = (max(stressor[0], stressor[1] - lengths.peak_s), stressor[1])
    reason = _unusable(series, rest_span, peak_span, (stressor[1], until_s))
    if reason is not None:
        return replace(found, reason=reason)
    rest = rest_level(series, rest_span, lengths.smoothing_s)
    peak = mean_rate(series, peak_span)
    found = replace(found, rest_bpm=rest, peak_bpm=peak)
    if not peak - rest >= LEAST_RISE_BPM:
        return replace(found, reason=f"low_confidence: no clear rise, {peak - rest:.1f} beats/min")
    at_s = grid(stressor[1], until_s)
    way_back = smoothed(series, at_s, lengths.smoothing_s)
    at = _first_held(way_back <= rest + (peak - rest) / 2, round(HELD_S / STEP_S))
    seen = way_back if at is None else way_back[: at + round(HELD_S / STEP_S) + 1]
    if not np.isfinite(seen).all():
        return replace(found, reason="gap: beats are missing on the way back")
    if fitted:
        found = replace(found, fitted_s=fitted_half_time(series, rest_span, peak_span, until_s))
    return replace(found, censored=True) if at is None else replace(found, value_s=float(at_s[at] - stressor[1]))


def rest_level(series: Series, span: Span, smoothing_s: float = SMOOTHING_S) -> float:
    """Median of the smoothed heart rate over a span of rest, beats/min; NaN without beats."""
    rates = smoothed(series, grid(*span), smoothing_s)
    return float(np.nanmedian(rates)) if np.isfinite(rates).any() else math.nan


def mean_rate(series: Series, span: Span) -> float:
    """60000 over the mean normal interval that ends in the span, beats/min; NaN without one."""
    inside = series.window(*span)
    return MS_PER_MIN / float(inside.rr_ms[inside.normal].mean()) if inside.facts.beats else math.nan


def fitted_half_time(series: Series, rest: Span, peak: Span, until_s: float) -> float | None:
    """Half-time of the exponential nearest to the beats of ``rest``, ``peak`` and the way back, or None.

    One rest level holds before and long after, one height holds at the peak, and from its end on the height falls by
    one time constant. Level and height are free: fixing them beforehand hands their error on to the half-time.
    """
    time_s, rate = series.time_s[series.normal], MS_PER_MIN / series.rr_ms[series.normal]
    before = (time_s > rest[0]) & (time_s <= rest[1])
    risen = (time_s > peak[0]) & (time_s <= peak[1])
    back = (time_s > peak[1]) & (time_s <= until_s)
    if np.count_nonzero(back) < LEAST_BEATS_BACK:
        return None
    used = before | risen | back
    since, rate = time_s[used] - peak[1], rate[used] - rate[used].mean()
    constants = np.geomspace(*FIT_S, 400)
    curves = np.exp(-np.clip(since, 0.0, None) / constants[:, None])
    curves[:, before[used]] = 0.0
    curves -= curves.mean(axis=1, keepdims=True)
    heights = (curves @ rate) / np.einsum("ij,ij->i", curves, curves)
    best = int((heights * (curves @ rate)).argmax())
    if best in (0, constants.size - 1) or heights[best] < LEAST_RISE_BPM:
        return None
    return float(constants[best]) * math.log(2.0)


def _unusable(series: Series, rest: Span, peak: Span, back: Span) -> str | None:
    for name, span, least in (("baseline", rest, LEAST_BASELINE_S), ("stressor", peak, LEAST_STRESSOR_S)):
        if span[1] - span[0] < least:
            return f"too_short: the {name} lasts {span[1] - span[0]:.0f} s"
    if back[1] - back[0] < HELD_S:
        return f"too_short: {back[1] - back[0]:.0f} s were recorded after the stressor"
    for name, span in (("baseline", rest), ("stressor", peak), ("way back", back)):
        window = series.window(*span).facts
        if window.covered < MIN_COVERAGE and name != "way back":
            return f"gap: beats cover {100 * window.covered:.0f} % of the {name}"
        if window.corrected_percent > WITHHELD_OVER_PERCENT:
            return f"too_many_corrected: {window.corrected_percent:.0f} % of the intervals in the {name} are refused"
    return None


def grid(start_s: float, end_s: float) -> Floats:
    """Moments every half second, from the first on."""
    return start_s + np.arange(int((end_s - start_s) / STEP_S + 1e-9) + 1, dtype=np.float64) * STEP_S


def smoothed(series: Series, at_s: Floats, width_s: float = SMOOTHING_S) -> Floats:
    """Heart rate of the normal beats within half of ``width_s`` on either side of each moment, shape (n,).

    NaN where they cover less than a third of it.
    """
    time_s, rr = series.time_s[series.normal], series.rr_ms[series.normal]
    sums = np.concatenate(([0.0], np.cumsum(rr)))
    first = np.searchsorted(time_s, at_s - width_s / 2, side="right")
    end = np.searchsorted(time_s, at_s + width_s / 2, side="right")
    total, count = sums[end] - sums[first], end - first
    total[total < 1000.0 * width_s / 3] = np.nan
    rates: Floats = MS_PER_MIN * count.astype(np.float64) / total
    return rates


def _first_held(below: NDArray[np.bool_], steps: int) -> int | None:
    """First index from which ``below`` holds for ``steps`` steps on, or None."""
    runs = np.cumsum(np.concatenate(([0], below.astype(np.int64))))
    held = np.flatnonzero(runs[steps + 1 :] - runs[: -steps - 1] == steps + 1)
    return int(held[0]) if held.size else None
