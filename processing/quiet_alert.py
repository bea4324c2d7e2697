"""Whether the heart has risen over the person's own line and stayed there: an invitation to ask, never a verdict.

A state machine that is told of each second and of each part, and reads no clock. What it says are events with times and
figures; none of them is a word for a feeling, and a heart that has not risen says nothing about how somebody feels.
A second costs the same however long the sitting lasts.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass
from typing import Literal, TypeAlias

from processing.alert_settings import AlertSettings
from processing.arousal import BaselineReference
from processing.values import IndexValue

DIP_S = 10.0
"""A rise whose heart stays under the line for longer is over; a shorter dip takes away as much time as it lasts. One
slow breath lasts as long, and so does the window that heart rate is read on."""
HOLE_S = 15.0
"""A rise during which no heart rate is read for longer is given up. One refused beat can empty the 10 s window for as
long as that."""
STEP_MOST_S = 2.0
"""One second's word stands for at most so long; ticks come once a second, and time without any is nobody's rise."""

EndReason = Literal["came_back", "signal_lost", "cut_off"]
WithheldReason = Literal["quality", "refractory", "no_reference", "no_matched_reference"]


@dataclass(frozen=True, slots=True)
class Second:
    """What the last seconds say of the heart."""

    time_s: float
    hr_bpm: float | None
    """Heart rate (10 s), or None when it is withheld."""
    usable_percent: float
    """Usable intervals of that window, 0 to 100; 0 in silence."""
    moving: bool = False
    """True while the sensor's own motion says that the person moves or stands up; such a second does not count."""

    @classmethod
    def of(cls, time_s: float, rate: IndexValue) -> Second:
        """From the live heart rate; without beats nothing is usable.

        >>> Second.of(4.0, IndexValue("mean_hr_bpm", 70.0, "beats/min", 10.0, 12, 5.0)).usable_percent
        95.0
        """
        heard = rate.value is not None or (rate.reason or "").startswith("too_many_corrected")
        return cls(time_s, rate.value, 100.0 - rate.corrected_percent if heard else 0.0)


@dataclass(frozen=True, slots=True)
class RiseBegun:
    """The heart has crossed the line."""

    time_s: float
    hr_bpm: float
    line_bpm: float


@dataclass(frozen=True, slots=True)
class RiseSustained:
    """It has stayed there long enough: a pause may be offered now."""

    time_s: float
    began_s: float
    hr_bpm: float
    line_bpm: float
    over_bpm: float | None
    """Beats/min over the own reference, or None with a fixed line alone."""
    over_sd: float | None


@dataclass(frozen=True, slots=True)
class RiseEnded:
    """The rise is over, or can be followed no further (``cut_off``: by a part's end, a wait, speech, new settings)."""

    time_s: float
    began_s: float
    sustained: bool
    reason: EndReason


@dataclass(frozen=True, slots=True)
class RiseWithheld:
    """Nothing is told although the heart may be up; each reason once in a rise, or once in a part without a rise."""

    time_s: float
    reason: WithheldReason


AlertEvent: TypeAlias = RiseBegun | RiseSustained | RiseEnded | RiseWithheld


@dataclass(slots=True)
class _Rise:
    began_s: float
    held_s: float = 0.0
    under_s: float = 0.0
    blank_s: float = 0.0
    sustained: bool = False
    withheld: frozenset[WithheldReason] = frozenset()


class _Quality:
    """Mean usable share of the last seconds; one running sum, so that a second costs the same at any length."""

    def __init__(self, window_s: float) -> None:
        self._window_s = window_s
        self._seconds: deque[tuple[float, float, float]] = deque()
        self._sum = self._length_s = 0.0

    def add(self, time_s: float, length_s: float, percent: float) -> None:
        self._seconds.append((time_s, length_s, percent))
        self._sum += length_s * percent
        self._length_s += length_s
        while self._seconds and self._seconds[0][0] <= time_s - self._window_s:
            _, old_s, old = self._seconds.popleft()
            self._sum -= old_s * old
            self._length_s -= old_s

    @property
    def percent(self) -> float:
        return self._sum / self._length_s if self._length_s > 0 else 0.0


class QuietAlert:
    """Follows one heart through a sitting.

    ``enter`` begins a part, ``leave`` ends it, ``hold`` and ``go_on`` bound a wait in it, ``speech_begins`` tells of an
    onset within it; ``hear`` takes each second. Times never run backwards: an earlier one counts as the last.
    """

    def __init__(self, settings: AlertSettings | None = None) -> None:
        self.settings = settings or AlertSettings()
        self._references: dict[bool, BaselineReference] = {}
        self._inside = self._held = self._spoken = False
        self._now_s = self._heard_s = -math.inf
        self._deaf_until_s = -math.inf
        self._told_s = -math.inf
        self._rise: _Rise | None = None
        self._no_line_told = False
        self._quality = _Quality(self.settings.sustain_s)

    # -- what it is told of ------------------------------------------------------------------------------------------

    def change(self, settings: AlertSettings, time_s: float) -> list[AlertEvent]:
        """Other settings from now on; a rise that is under way begins anew."""
        events = self._drop(self._at(time_s), "cut_off")
        self.settings = settings
        self._quality = _Quality(settings.sustain_s)
        return events

    def rests(self, reference: BaselineReference) -> None:
        """The person's own reference: silent parts are held against a silent one, spoken parts against a spoken one."""
        self._references[reference.spoken] = reference

    def enter(self, time_s: float, *, spoken: bool) -> list[AlertEvent]:
        """A part begins in which rises count."""
        events = self.leave(time_s)
        self._inside, self._spoken, self._no_line_told = True, spoken, False
        self._deaf(self.settings.ignore_first_s)
        return events

    def leave(self, time_s: float) -> list[AlertEvent]:
        """The part is over, or rises do not count any more."""
        events = self._drop(self._at(time_s), "cut_off")
        self._inside = self._held = False
        return events

    def hold(self, time_s: float) -> list[AlertEvent]:
        """The part waits."""
        events = self._drop(self._at(time_s), "cut_off") if not self._held else []
        self._held = True
        return events

    def go_on(self, time_s: float) -> None:
        """The part goes on; the person orients themselves anew."""
        self._at(time_s)
        if self._held:
            self._held = False
            self._deaf(self.settings.ignore_first_s)

    def speech_begins(self, time_s: float) -> list[AlertEvent]:
        """The person begins to speak; a rise that was not told yet begins anew after it."""
        now_s = self._at(time_s)
        self._deaf(self.settings.ignore_onset_s)
        return [] if self._rise is not None and self._rise.sustained else self._drop(now_s, "cut_off")

    def hear(self, second: Second) -> list[AlertEvent]:
        """The next second, with what follows from it."""
        before_s, now_s = self._heard_s, self._at(second.time_s)
        self._heard_s = now_s
        length_s = min(now_s - before_s, STEP_MOST_S) if math.isfinite(before_s) else 0.0
        self._quality.add(now_s, length_s, second.usable_percent)
        if not self._inside or self._held or now_s < self._deaf_until_s:
            return []
        line = self.line_bpm
        if line is None:
            return self._without_line(now_s)
        rate = None if second.moving else second.hr_bpm
        if rate is None:
            return self._blank(now_s, length_s)
        if self._rise is not None:
            self._rise.blank_s = 0.0
        if self._rise is not None and self._rise.sustained:
            return self._coming_back(now_s, length_s, rate < line - self.settings.clear_under_line_bpm)
        return self._rising(now_s, length_s, rate, line)

    # -- what it says ------------------------------------------------------------------------------------------------

    @property
    def line_bpm(self) -> float | None:
        """Heart rate that must be reached now, or None without a reference that fits the part."""
        settings = self.settings
        if not settings.needs_reference:
            return settings.absolute_bpm
        own = self._references.get(self._spoken)
        if own is None:
            return None
        line = own.hr_bpm + max(settings.delta_bpm, settings.delta_sd * own.hr_sd_bpm)
        return line if settings.mode == "personal" else max(line, settings.absolute_bpm)

    @property
    def risen(self) -> bool:
        """A told rise is still going on."""
        return self._rise is not None and self._rise.sustained

    # -- steps ------------------------------------------------------------------------------------------------------

    def _at(self, time_s: float) -> float:
        self._now_s = max(self._now_s, time_s)
        return self._now_s

    def _deaf(self, seconds: float) -> None:
        self._deaf_until_s = max(self._deaf_until_s, self._now_s + seconds)

    def _drop(self, now_s: float, reason: EndReason) -> list[AlertEvent]:
        rise, self._rise = self._rise, None
        return [] if rise is None else [RiseEnded(now_s, rise.began_s, rise.sustained, reason)]

    def _without_line(self, now_s: float) -> list[AlertEvent]:
        if self._no_line_told:
            return []
        self._no_line_told = True
        return [RiseWithheld(now_s, "no_matched_reference" if self._references else "no_reference")]

    def _blank(self, now_s: float, length_s: float) -> list[AlertEvent]:
        """Nothing is heard: time neither counts for the rise nor against it, until it is too long to bridge."""
        rise = self._rise
        if rise is None or rise.sustained:
            return []
        rise.blank_s += length_s
        return self._drop(now_s, "signal_lost") if rise.blank_s > HOLE_S else []

    def _rising(self, now_s: float, length_s: float, rate: float, line: float) -> list[AlertEvent]:
        rise = self._rise
        if rate < line:
            if rise is None:
                return []
            rise.under_s += length_s
            rise.held_s = max(0.0, rise.held_s - length_s)
            return self._drop(now_s, "came_back") if rise.under_s > DIP_S else []
        if rise is None:
            self._rise = _Rise(now_s)
            return [RiseBegun(now_s, rate, line)]
        rise.under_s = 0.0
        rise.held_s += length_s
        return self._decide(rise, now_s, rate, line) if rise.held_s >= self.settings.sustain_s else []

    def _decide(self, rise: _Rise, now_s: float, rate: float, line: float) -> list[AlertEvent]:
        reason: WithheldReason | None = None
        if self._quality.percent < self.settings.least_quality_percent:
            reason = "quality"
        elif now_s - self._told_s < self.settings.refractory_s:
            reason = "refractory"
        if reason is not None:
            known, rise.withheld = rise.withheld, rise.withheld | {reason}
            return [] if reason in known else [RiseWithheld(now_s, reason)]
        rise.sustained, rise.under_s, self._told_s = True, 0.0, now_s
        own = self._references.get(self._spoken) if self.settings.needs_reference else None
        over = None if own is None else rate - own.hr_bpm
        over_sd = None if own is None or over is None else over / own.hr_sd_bpm
        return [RiseSustained(now_s, rise.began_s, rate, line, over, over_sd)]

    def _coming_back(self, now_s: float, length_s: float, under: bool) -> list[AlertEvent]:
        rise = self._rise
        if rise is None or not under:
            if rise is not None:
                rise.under_s = 0.0
            return []
        rise.under_s += length_s
        return self._drop(now_s, "came_back") if rise.under_s >= self.settings.clear_s else []
