"""What a live window lets be told: its facts, why its numbers may not be told, and the numbers themselves."""

from __future__ import annotations

from math import isfinite
from typing import Any

from processing.thresholds import LIVE_NAMES, SPECS, IndexSpec
from processing.values import IndexValue
from processing.windows import WindowFacts, withheld

SHORT = "warming_up"
"""What a live window that is not full yet is called."""
_LABELS = {name: (SPECS[name].unit, SPECS[name].minimum_s) for name in LIVE_NAMES}


class _Open:
    """An ``IndexValue`` that can still be filled: setting a field of a frozen one costs a call."""

    __slots__ = IndexValue.__slots__


def made(
    name: str, value: float | None, unit: str, window_s: float, beats: int, percent: float, reason: str | None = None
) -> IndexValue:
    """``IndexValue(...)`` in half its time, for callers that give either a value or a reason; sixteen come with every
    beat."""
    number: Any = _Open()
    number.name, number.value, number.unit, number.window_s = name, value, unit, window_s
    number.beats, number.corrected_percent, number.reason = beats, percent, reason
    number.__class__ = IndexValue  # filled, it is one: both have the same fields in the same places
    closed: IndexValue = number
    return closed


class View:
    """A window, the place of its first beat, and why numbers of its kind may not be told (None when they may)."""

    __slots__ = ("beats", "first", "percent", "refusal", "window")

    def __init__(self, window: WindowFacts, first: int, limits: IndexSpec) -> None:
        self.window, self.first = window, first
        self.beats, self.percent = window.beats, window.corrected_percent
        self.refusal = withheld(limits, window, short=SHORT)

    def number(self, name: str, value: float) -> IndexValue:
        """A number of this window, or why there is none."""
        if self.refusal is not None:
            return self.refused(name, self.refusal)
        if not isfinite(value):
            return self.refused(name, "no_variability: the intervals do not vary")
        unit, window_s = _LABELS[name]
        return made(name, value, unit, window_s, self.beats, self.percent)

    def refused(self, name: str, reason: str) -> IndexValue:
        """No number of this window, for a reason."""
        unit, window_s = _LABELS[name]
        return made(name, None, unit, window_s, self.beats, self.percent, reason)


def borrowed(name: str, value: float, rate: IndexValue) -> IndexValue:
    """A number made of the heart rate alone: it stands or falls with it."""
    kept = value if rate.value is not None else None
    return made(name, kept, _LABELS[name][0], rate.window_s, rate.beats, rate.corrected_percent, rate.reason)
