"""How the heart came back, in figures beside half-time: how steeply, by how much, and what is left.

``recovery_percent`` is Laborde 2017's (doi 10.3389/fpsyg.2017.00213) with the windows of half-time; the slope is Theil
and Sen's, which a few odd beats cannot turn (Sen 1968, doi 10.1080/01621459.1968.10480934). Where a figure is not
defined its reason says so.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from processing.indices import MS_PER_MIN, time_domain
from processing.recovery import LEAST_RISE_BPM, PEAK_S, REST_S, mean_rate, rest_level
from processing.review_figures import FIGURES
from processing.thresholds import MIN_COVERAGE, WITHHELD_OVER_PERCENT
from processing.values import IndexValue
from processing.windows import Series, WindowFacts

Span = tuple[float, float]

SLOPE_S = 120.0
"""The slope looks at so many first seconds: later the way back has bent."""
LN_END_S = 60.0
"""lnRMSSD of an end is that of its last so many seconds; heart rate needs no more than ``PEAK_S``."""
LEAST_FALL_LN = 0.10
"""Under this fall of lnRMSSD there is nothing to come back from (docs/protocol.md: "no clear rise")."""
LEAST_SESSIONS = 3
"""Slopes with a guide, and as many without, that a median of either needs to outlive one odd session."""


def slope(series: Series, span: Span) -> IndexValue:
    """``recovery_slope_bpm_per_min`` of the part's first two minutes; below 0 when the heart comes down."""
    window = series.window(span[0], min(span[1], span[0] + SLOPE_S))
    reason = _withheld("recovery_slope_bpm_per_min", window.facts)
    if reason is not None:
        return _value("recovery_slope_bpm_per_min", None, (window.facts,), reason)
    rr = window.rr_ms[window.normal]
    at_min = (window.time_s[window.normal] - rr / 2000.0) / 60.0
    one, two = np.triu_indices(rr.size, 1)
    steepness = (MS_PER_MIN / rr[two] - MS_PER_MIN / rr[one]) / (at_min[two] - at_min[one])
    return _value("recovery_slope_bpm_per_min", float(np.median(steepness)), (window.facts,))


def excess(series: Series, baseline: Span, span: Span) -> IndexValue:
    """``recovery_excess_bpm``: mean heart rate of the part over rest."""
    window, rest = series.window(*span).facts, series.window(*_last(baseline, REST_S)).facts
    reason = _withheld("recovery_excess_bpm", window) or _rest_withheld(rest)
    number = None if reason else mean_rate(series, span) - rest_level(series, _last(baseline, REST_S))
    return _value("recovery_excess_bpm", number, (window, rest), reason)


def recovery_percent(series: Series, baseline: Span, stressor: Span, recovery: Span) -> IndexValue:
    """``recovery_percent`` of heart rate: 100 is back at rest, above it lower than rest."""
    name, ends = "recovery_percent", (_last(stressor, PEAK_S), _last(recovery, PEAK_S))
    facts = (*(series.window(*end).facts for end in ends), series.window(*_last(baseline, REST_S)).facts)
    reason = _too_short(name, recovery) or _ends_withheld(facts)
    if reason is not None:
        return _value(name, None, facts, reason)
    peak, back = (mean_rate(series, end) for end in ends)
    rise = peak - rest_level(series, _last(baseline, REST_S))
    if rise < LEAST_RISE_BPM:
        return _value(name, None, facts, f"low_confidence: no clear rise, {rise:.1f} beats/min")
    return _value(name, 100.0 * (peak - back) / rise, facts)


def recovery_ln_rmssd_percent(
    series: Series, baseline: Span, stressor: Span, recovery: Span, *, guided: bool = False
) -> IndexValue:
    """``recovery_ln_rmssd_percent``; withheld when a guide ran at the recovery's end (``guided``)."""
    name = "recovery_ln_rmssd_percent"
    ends = (_last(stressor, LN_END_S), _last(recovery, LN_END_S), _last(baseline, REST_S))
    facts = tuple(series.window(*end).facts for end in ends)
    reason = "breathing_outside_hf: slow breathing with a guide raises RMSSD by itself" if guided else None
    reason = reason or _too_short(name, recovery) or _too_short(name, stressor) or _ends_withheld(facts)
    if reason is not None:
        return _value(name, None, facts, reason)
    low, back, rest = (_ln_rmssd(series, end) for end in ends)
    if not all(math.isfinite(each) for each in (low, back, rest)):
        return _value(name, None, facts, "no_variability: the intervals do not vary enough to have one")
    if rest - low < LEAST_FALL_LN:
        return _value(name, None, facts, f"low_confidence: no clear fall, {rest - low:.2f} ln")
    return _value(name, 100.0 * (back - low) / (rest - low), facts)


def breathing_change(series: Series, stressor: Span, breathing: Span) -> IndexValue:
    """``breathing_change_bpm``: heart rate at the end of breathing less that at the stressor's end."""
    name, ends = "breathing_change_bpm", (_last(stressor, PEAK_S), _last(breathing, PEAK_S))
    facts = tuple(series.window(*end).facts for end in ends)
    reason = _too_short(name, breathing) or _ends_withheld(facts)
    number = None if reason else mean_rate(series, ends[1]) - mean_rate(series, ends[0])
    return _value(name, number, facts, reason)


def breathing_effect(guided: Sequence[IndexValue], unguided: Sequence[IndexValue]) -> IndexValue:
    """``breathing_effect_bpm_per_min`` from the slopes of one person's sessions with a guide and without.

    Below 0 when the heart came down faster with the guide. No session is compared with another person's.
    """
    name = "breathing_effect_bpm_per_min"
    given, free = ([one.value for one in slopes if one.value is not None] for slopes in (guided, unguided))
    every = [one for one in (*guided, *unguided) if one.value is not None]
    length_s = min((one.window_s for one in every), default=0.0)
    beats, percent = sum(one.beats for one in every), max((one.corrected_percent for one in every), default=0.0)
    reason = None
    if min(len(given), len(free)) < LEAST_SESSIONS:
        reason = f"too_short: needs {LEAST_SESSIONS} sessions with and without, has {len(given)} and {len(free)}"
    number = None if reason else float(np.median(given) - np.median(free))
    return IndexValue(name, number, FIGURES[name].unit, length_s, beats, percent, reason)


def _last(span: Span, length_s: float) -> Span:
    return max(span[0], span[1] - length_s), span[1]


def _ln_rmssd(series: Series, span: Span) -> float:
    window = series.window(*span)
    return time_domain(window.rr_ms, window.normal, window.joined).ln_rmssd


def _too_short(name: str, span: Span) -> str | None:
    least, has = FIGURES[name].minimum_s, span[1] - span[0]
    return None if has >= least else f"too_short: needs {least:g} s, has {has:.0f} s"


def _withheld(name: str, facts: WindowFacts) -> str | None:
    return _too_short(name, (facts.start_s, facts.end_s)) or _ends_withheld((facts,))


def _rest_withheld(rest: WindowFacts) -> str | None:
    return _too_short("change_mean_hr_bpm", (rest.start_s, rest.end_s)) or _ends_withheld((rest,))


def _ends_withheld(windows: Sequence[WindowFacts]) -> str | None:
    for facts in windows:
        if facts.covered < MIN_COVERAGE:
            return f"gap: beats cover {100 * facts.covered:.0f} % of the window"
        if facts.corrected_percent > WITHHELD_OVER_PERCENT:
            return f"too_many_corrected: {facts.corrected_percent:.0f} % of the intervals are refused"
    return None


def _value(name: str, number: float | None, windows: Sequence[WindowFacts], reason: str | None = None) -> IndexValue:
    """With the first window's length, all windows' normal intervals, and the largest share refused."""
    beats = sum(facts.beats for facts in windows)
    percent = max(facts.corrected_percent for facts in windows)
    return IndexValue(name, number, FIGURES[name].unit, windows[0].length_s, beats, percent, reason)
