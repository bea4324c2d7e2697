"""What a part with a breath guide adds: the swing in the guide's own breaths, the heart's angle to them, and whether
the guide was followed at all."""

from __future__ import annotations

import cmath
import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np

from processing.following import Following, following
from processing.heart_breath import UNSURE_DEG, HeartBreath, guide_breaths, guide_wave, heart_breath
from processing.indices import MS_PER_MIN
from processing.swing import BREATHS, LEAST_BPM, noise_bpm, paced_swing
from processing.thresholds import SHOWN_UP_TO_PERCENT, SPECS
from processing.values import IndexValue, Indices
from processing.windows import Series
from sessions.records import PhaseSpan
from sessions.told import PacedSpan, Told

LEAST_PAIRS = 3
"""Pairs of breaths that an angle over a part is told from: their own scatter is then its uncertainty."""
SAME_RATE = 0.02
"""Share by which breaths may differ in length and still be at the guide's last rate."""
MINUTE_S = 60.0

_NO_SWING = "low_confidence: no wave in time with the guide stands out of the beat-to-beat noise"
_NO_ANGLE = "low_confidence: no wave at the guide's last rate stands out"


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two whole breaths that the guide gave, on the clock of the beats."""

    guide: PacedSpan
    bounds: tuple[float, ...]


def guided_indices(told: Told, span: PhaseSpan, series: Series, delay_s: float) -> Indices:
    """``swing_bpm`` and ``heart_breath_phase_deg`` of a part in which a guide ran; empty for any other part.

    ``series`` is the whole recording's; a sensor's delay is taken off by shifting the guide.
    """
    if span.end_s is None or span.kind != "paced_breathing":
        return {}
    facts = series.window(span.start_s, span.end_s).facts
    refused = None
    if facts.corrected_percent > SHOWN_UP_TO_PERCENT:
        share = f"{facts.corrected_percent:.0f} % of the intervals are refused"
        refused = f"too_many_corrected: {share}, the limit is {SHOWN_UP_TO_PERCENT:g} %"
    pairs = [pair for guide in told.guides_in(span.start_s, span.end_s) for pair in _pairs(guide, delay_s)]
    found = {
        "swing_bpm": (_swing(pairs, series), _NO_SWING),
        "heart_breath_phase_deg": (_angle(pairs, series, delay_s), _NO_ANGLE),
    }
    return {
        name: IndexValue(
            name,
            number if refused is None else None,
            SPECS[name].unit,
            facts.length_s,
            facts.beats,
            facts.corrected_percent,
            refused or (None if number is not None else reason),
        )
        for name, (number, reason) in found.items()
    }


def guide_followed(told: Told, span: PhaseSpan, breathing_rate: IndexValue) -> Following | None:
    """Achieved against the guide's rate, both as the middle of the part's minutes; None where no guide ran."""
    if span.end_s is None or span.kind != "paced_breathing":
        return None
    rates = [rate for guide in told.guides_in(span.start_s, span.end_s) for rate in _minute_rates(guide)]
    return following(median(rates), breathing_rate) if rates else None


def _minute_rates(guide: PacedSpan) -> list[float]:
    """The guide's mean rate in each of its minutes, or in all of a shorter stretch."""
    length_s = guide.to_s - guide.from_s
    count = max(1, int(length_s / MINUTE_S))
    each_s = min(MINUTE_S, length_s)
    starts = [guide.to_s - guide.plan_start_s - each_s * number for number in range(count, 0, -1)]
    return [MINUTE_S / each_s * guide.plan.breaths_between(start, start + each_s) for start in starts]


def shown_breaths(told: Told, span: PhaseSpan, series: Series, delay_s: float) -> list[tuple[float, ...]]:
    """Bounds, in seconds of the recording, of each pair of breaths that a guided part's swing is the mean of."""
    guides = told.guides_in(span.start_s, span.end_s if span.end_s is not None else span.start_s)
    pairs = [pair for guide in guides for pair in _pairs(guide, delay_s)]
    return [pair.bounds for pair in pairs if _pair_swing(pair, series) is not None]


def _swing(pairs: Sequence[_Pair], series: Series) -> float | None:
    """Mean swing of the pairs of breaths whose swing stands out, beats/min."""
    swings = [swing for pair in pairs if (swing := _pair_swing(pair, series)) is not None]
    return sum(swings) / len(swings) if swings else None


def _pair_swing(pair: _Pair, series: Series) -> float | None:
    """Swing of a pair of breaths without a hole, where it stands out of its own noise."""
    window = series.window(pair.bounds[0], pair.bounds[-1])
    if window.facts.hole is not None:
        return None
    rates = (MS_PER_MIN / window.rr_ms[window.normal]).tolist()
    found = paced_swing(window.time_s[window.normal].tolist(), rates, pair.bounds, noise_bpm(rates))
    return found.bpm if found is not None and found.stands_out else None


def _angle(pairs: Sequence[_Pair], series: Series, delay_s: float) -> float | None:
    """Angle of the mean of the heart's waves at the guide's last rate, degrees behind the guide."""
    if not pairs:
        return None
    last_s = pairs[-1].bounds[-1] - pairs[-1].bounds[0]
    alike = [pair for pair in pairs if abs(pair.bounds[-1] - pair.bounds[0] - last_s) <= SAME_RATE * last_s]
    read = [(pair, _wave(pair, series, delay_s)) for pair in alike]
    waves = np.array([wave.wave for _, wave in read if wave is not None])
    if waves.size < LEAST_PAIRS:
        return None
    mean = complex(waves.mean())
    error = math.sqrt(float(np.var(waves, ddof=1)) / 2 / waves.size)
    if abs(mean) < LEAST_BPM / 2 or math.degrees(error / abs(mean)) > UNSURE_DEG:
        return None
    lag = cmath.phase(guide_wave(alike[-1].guide.plan.pattern)) - cmath.phase(mean)
    return (math.degrees(lag) + 180.0) % 360.0 - 180.0


def _wave(pair: _Pair, series: Series, delay_s: float) -> HeartBreath | None:
    window = series.window(pair.bounds[0], pair.bounds[-1])
    if window.facts.hole is not None:
        return None
    time_s, rr = window.time_s[window.normal], window.rr_ms[window.normal]
    plan = pair.guide.plan
    return heart_breath(time_s, rr, guide_breaths(plan, pair.guide.plan_start_s + delay_s, time_s, rr), plan.pattern)


def _pairs(guide: PacedSpan, delay_s: float) -> list[_Pair]:
    """Each pair of whole breaths that a guide gave, on the clock of the beats."""
    found: list[_Pair] = []
    breath = guide.plan.at(guide.from_s - guide.plan_start_s).breath
    while True:
        edges = [guide.plan_start_s + guide.plan.breath_start_s(n) for n in range(breath, breath + BREATHS + 1)]
        if edges[-1] > guide.to_s:
            return found
        if edges[0] >= guide.from_s - 1e-9:
            found.append(_Pair(guide, tuple(edge + delay_s for edge in edges)))
        breath += BREATHS
