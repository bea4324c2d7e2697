"""The breath guide: where in the breath one is, as a pure function of time and plan.

A plan is a row of stretches, each a whole number of breaths at one rate, so that a sliding rate changes between
breaths and the phase never jumps. The page animates the same stretches on its own clock.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import dataclass
from typing import Literal

BreathPhase = Literal["inhale", "hold-in", "exhale", "hold-out"]

SLIDE_STEP_BPM = 0.5
"""Breaths a minute taken off at each step of the slide (protocol default, docs/protocol.md)."""
SLIDE_EVERY_S = 30.0
"""Seconds between two steps of the slide (protocol default, docs/protocol.md)."""
START_RATE_LIMIT_BPM = 12.0
"""A guide starts at the person's own rate, at most this (protocol default, docs/protocol.md)."""


@dataclass(frozen=True, slots=True)
class BreathPattern:
    """Shares of one breath; they sum to 1. The default 40:60 is 4 s in and 6 s out at six a minute."""

    inhale: float = 0.4
    hold_in: float = 0.0
    exhale: float = 0.6
    hold_out: float = 0.0

    def __post_init__(self) -> None:
        parts = (self.inhale, self.hold_in, self.exhale, self.hold_out)
        if min(parts) < 0 or self.inhale <= 0 or self.exhale <= 0 or not math.isclose(sum(parts), 1.0):
            raise ValueError(f"a breath pattern needs shares that sum to 1, with an in and an out breath: {parts}")


@dataclass(frozen=True, slots=True)
class Stretch:
    """Breaths of one length in a row."""

    start_s: float
    period_s: float
    breaths: int | None
    """How many, or None for the last stretch, which goes on."""


@dataclass(frozen=True, slots=True)
class BreathState:
    """Where in the breath one is."""

    phase: BreathPhase
    fraction: float
    """0 to 1 through this part of the breath."""
    level: float
    """0 empty to 1 full, smooth at both ends."""
    rate_bpm: float
    breath: int
    """Counts breaths from 0."""


@dataclass(frozen=True, slots=True)
class PacerPlan:
    """A pattern and its stretches; times are seconds since the plan's own start."""

    pattern: BreathPattern
    stretches: tuple[Stretch, ...]

    @classmethod
    def steady(cls, rate_bpm: float, pattern: BreathPattern | None = None) -> PacerPlan:
        """One rate from start to end."""
        return cls(pattern or BreathPattern(), (Stretch(0.0, 60.0 / rate_bpm, None),))

    @classmethod
    def sliding(
        cls,
        start_bpm: float,
        target_bpm: float,
        *,
        pattern: BreathPattern | None = None,
        step_bpm: float = SLIDE_STEP_BPM,
        every_s: float = SLIDE_EVERY_S,
    ) -> PacerPlan:
        """From the person's own rate (capped) to the target, a step at the first breath after each ``every_s``."""
        rate = min(start_bpm, START_RATE_LIMIT_BPM)
        direction = math.copysign(step_bpm, target_bpm - rate)
        stretches: list[Stretch] = []
        start = 0.0
        while abs(rate - target_bpm) > 1e-9:
            period = 60.0 / rate
            breaths = max(1, math.ceil(every_s / period - 1e-9))
            stretches.append(Stretch(start, period, breaths))
            start += breaths * period
            left = target_bpm - rate
            rate = target_bpm if abs(left) <= step_bpm else rate + direction
        stretches.append(Stretch(start, 60.0 / target_bpm, None))
        return cls(pattern or BreathPattern(), tuple(stretches))

    def at(self, time_s: float) -> BreathState:
        """State at ``time_s`` after the plan's start (negative times belong to the first breath's stretch)."""
        index = max(0, bisect_right([s.start_s for s in self.stretches], time_s) - 1)
        before = sum(s.breaths or 0 for s in self.stretches[:index])
        stretch = self.stretches[index]
        cycles = (time_s - stretch.start_s) / stretch.period_s
        whole = math.floor(cycles)
        phase, fraction, level = _within(self.pattern, cycles - whole)
        return BreathState(phase, fraction, level, 60.0 / stretch.period_s, before + whole)

    def breath_start_s(self, breath: int) -> float:
        """When breath number ``breath`` begins, seconds after the plan's start.

        >>> PacerPlan.steady(6.0).breath_start_s(3)
        30.0
        """
        before = 0
        for stretch in self.stretches:
            if stretch.breaths is None or breath < before + stretch.breaths:
                break
            before += stretch.breaths
        return stretch.start_s + (breath - before) * stretch.period_s

    def breaths_between(self, start_s: float, end_s: float) -> float:
        """Breaths, whole and in parts, from one time to another.

        >>> PacerPlan.steady(6.0).breaths_between(5.0, 25.0)
        2.0
        """
        return self._breaths_at(end_s) - self._breaths_at(start_s)

    def _breaths_at(self, time_s: float) -> float:
        index = max(0, bisect_right([s.start_s for s in self.stretches], time_s) - 1)
        before = sum(s.breaths or 0 for s in self.stretches[:index])
        stretch = self.stretches[index]
        return before + (time_s - stretch.start_s) / stretch.period_s

    def rate_bpm(self, time_s: float) -> float:
        """Breaths a minute at ``time_s``."""
        return self.at(time_s).rate_bpm


def _within(pattern: BreathPattern, share: float) -> tuple[BreathPhase, float, float]:
    if share < pattern.inhale:
        part = share / pattern.inhale
        return "inhale", part, 0.5 - 0.5 * math.cos(math.pi * part)
    share -= pattern.inhale
    if share < pattern.hold_in:
        return "hold-in", share / pattern.hold_in, 1.0
    share -= pattern.hold_in
    if share < pattern.exhale or pattern.hold_out == 0.0:
        part = min(1.0, share / pattern.exhale)
        return "exhale", part, 0.5 + 0.5 * math.cos(math.pi * part)
    return "hold-out", min(1.0, (share - pattern.exhale) / pattern.hold_out), 0.0
