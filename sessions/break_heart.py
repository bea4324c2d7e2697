"""The heart in a break: its way down, when it had settled, and the half-time unless somebody walked or moved.

Information for afterwards. Nobody is asked to wait for a heart, and none decides whether to go on.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from processing.recovery import STEP_S, Floats, HalfTime, Span, grid, half_time_of, rest_level, smoothed
from processing.windows import Series
from sessions.breaks import Break

EVERY_S = 30.0
"""The way down is told so often: enough for a line, too little to read beats from."""
SETTLED_WITHIN_BPM = 5.0
"""Beats/min from the own rest within which a heart has settled; less than what posture changes."""
SETTLED_FOR_S = 120.0
"""It stays there so long; a deep breath or a glance at the clock is over sooner."""


@dataclass(frozen=True, slots=True)
class BreakHeart:
    """What the heart did from the stressor's end to the return."""

    half_time: HalfTime
    way_down: tuple[tuple[float, float | None], ...]
    """(seconds since the break was called, heart rate smoothed over 15 s), None where nothing was heard."""
    settled_after_s: float | None
    """Seconds from the call until the heart had settled and stayed so, or None: not while it was heard."""


def break_heart(series: Series, found: Break, who: str, *, baseline: Span, stressor: Span) -> BreakHeart | None:
    """The heart of one person in a break that they have come back from; None while they are away.

    ``series`` is that person's, ``baseline`` and ``stressor`` are spans in seconds of the recording.
    """
    back_s = found.back.get(who)
    if back_s is None:
        return None
    end_s = found.stressor_end_s if found.stressor_end_s is not None else stressor[1]
    half = half_time_of(series, baseline=baseline, stressor=(stressor[0], end_s), until_s=back_s)
    at_s = grid(found.called_s, back_s)
    rates = smoothed(series, at_s)
    step = round(EVERY_S / STEP_S)
    points = zip(at_s[::step] - found.called_s, rates[::step], strict=True)
    return BreakHeart(
        _unless_moved(half, found.walked(who)),
        tuple((float(time_s), float(rate) if np.isfinite(rate) else None) for time_s, rate in points),
        _settled(rates, rest_level(series, baseline)),
    )


def _unless_moved(half: HalfTime, moved: bool | None) -> HalfTime:
    """A heart that was walked about comes down otherwise; whoever did not say has not said that they sat."""
    if moved is False or half.reason is not None:
        return half
    why = "they walked or moved" if moved else "whether they moved was not said"
    return replace(half, value_s=None, censored=False, fitted_s=None, reason=f"low_confidence: {why}")


def _settled(rates: Floats, rest_bpm: float) -> float | None:
    """First moment from which the heart stays near its rest for long enough, s; seconds without a beat are not near."""
    near = np.abs(rates - rest_bpm) <= SETTLED_WITHIN_BPM
    steps = round(SETTLED_FOR_S / STEP_S) + 1
    runs = np.cumsum(np.concatenate(([0], near.astype(np.int64))))
    held = np.flatnonzero(runs[steps:] - runs[:-steps] == steps) if near.size >= steps else np.zeros(0, dtype=np.int64)
    return float(held[0]) * STEP_S if held.size else None
