"""What a conductor keeps: the clock of a part that can wait, the guide that runs, and the ledger of spans."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise

from processing.pacer import SLIDE_STEP_BPM, BreathPattern, PacerPlan, Stretch
from sessions.exercise import Phase
from sessions.records import HowEnded, PhaseKind, PhaseSpan, SessionRecord

PLAN_AHEAD_S = 2.0
"""A press reaches the sitting up to a tick (1 s) late and its new plan reaches the page a little later still: so much
of the old plan is kept."""


@dataclass(frozen=True, slots=True)
class PhaseClock:
    """The clock of one part; it can wait."""

    start_s: float
    waited_s: float = 0.0
    """Waited so far, without the wait that is going on."""
    held_from_s: float | None = None
    """Since when it waits, or None while it runs."""

    @property
    def running(self) -> bool:
        """Whether it runs."""
        return self.held_from_s is None

    def elapsed(self, time_s: float) -> float:
        """Seconds run at ``time_s``."""
        until = time_s if self.held_from_s is None else self.held_from_s
        return max(0.0, until - self.start_s - self.waited_s)

    def hold(self, time_s: float) -> PhaseClock:
        """The same clock, waiting from ``time_s``."""
        return self if self.held_from_s is not None else replace(self, held_from_s=time_s)

    def go(self, time_s: float) -> PhaseClock:
        """The same clock, running again from ``time_s``."""
        if self.held_from_s is None:
            return self
        return replace(self, waited_s=self.waited_s + time_s - self.held_from_s, held_from_s=None)

    def end_s(self, seconds: float) -> float:
        """When ``seconds`` will have run, if it does not wait any more."""
        return self.start_s + self.waited_s + seconds


@dataclass(frozen=True, slots=True)
class Guide:
    """The breath guide that runs now."""

    plan: PacerPlan
    start_s: float
    """Where the plan's own time begins."""
    target_bpm: float

    def rate_bpm(self, time_s: float) -> float:
        """Breaths a minute at ``time_s``."""
        return self.plan.rate_bpm(time_s - self.start_s)

    def aimed_at(self, target_bpm: float, time_s: float) -> Guide:
        """The same guide on its way to another rate. The breath that runs, and what comes within PLAN_AHEAD_S, is
        finished first, so that the phase never jumps."""
        local = max(0.0, time_s - self.start_s)
        first, last = (self.plan.at(at).breath for at in (local, local + PLAN_AHEAD_S))
        edges = [self.plan.breath_start_s(breath) for breath in range(first, last + 2)]
        kept = [Stretch(a - edges[0], b - a, 1) for a, b in pairwise(edges)]
        rate = 60.0 / kept[-1].period_s
        step = math.copysign(min(SLIDE_STEP_BPM, abs(target_bpm - rate)), target_bpm - rate)
        onward = PacerPlan.sliding(rate + step, target_bpm, pattern=self.pattern).stretches
        stretches = (*kept, *(replace(s, start_s=s.start_s + edges[-1] - edges[0]) for s in onward))
        return Guide(PacerPlan(self.pattern, stretches), self.start_s + edges[0], target_bpm)

    def again(self, held_from_s: float, time_s: float) -> Guide:
        """The guide after a wait: a new first breath, at the rate reached before."""
        plan = PacerPlan.sliding(self.rate_bpm(held_from_s), self.target_bpm, pattern=self.plan.pattern)
        return Guide(plan, time_s, self.target_bpm)

    @property
    def pattern(self) -> BreathPattern:
        """Shares of the breath."""
        return self.plan.pattern


@dataclass(slots=True)
class Ledger:
    """Spans as they open and close. At most one is open, and within it at most one inserted wait."""

    records: list[SessionRecord] = field(default_factory=list)
    outer: PhaseSpan | None = None
    inner: PhaseSpan | None = None
    """A pause or a look around the room, inside ``outer``."""
    _count: int = 0

    def open_phase(self, phase: Phase, time_s: float, take: int, pacer_bpm: float | None) -> None:
        """Begin a part of the script."""
        self._open(
            PhaseSpan(
                self._next(),
                phase.name,
                phase.kind,
                time_s,
                speech=phase.speech,
                feedback=phase.feedback,
                reference=phase.reference,
                planned_s=phase.seconds,
                take=take,
                pacer_bpm=pacer_bpm,
                details={"title": phase.title},
            )
        )

    def open_inserted(self, name: str, kind: PhaseKind, time_s: float, details: Mapping[str, object]) -> None:
        """Begin a span that the sitting inserts between parts."""
        self._open(PhaseSpan(self._next(), name, kind, time_s, details=details))

    def open_inner(self, kind: PhaseKind, time_s: float, details: Mapping[str, object]) -> None:
        """Begin a wait inside the open span (``details["inside"]`` is its number); a wait that was open ends."""
        self.close_inner(time_s)
        inside = self.outer.seq if self.outer is not None else None
        self.inner = PhaseSpan(self._next(), kind, kind, time_s, details={**details, "inside": inside})
        self.records.append(self.inner)

    def close_inner(self, time_s: float) -> None:
        """End the wait, if there is one."""
        if self.inner is not None:
            self.records.append(replace(self.inner, end_s=time_s, ended="complete"))
            self.inner = None

    def close(self, time_s: float, ended: HowEnded) -> None:
        """End the open span and the wait in it, if there is one."""
        self.close_inner(time_s)
        if self.outer is not None:
            self.records.append(replace(self.outer, end_s=time_s, ended=ended))
            self.outer = None

    def drain(self) -> list[SessionRecord]:
        """What has been written since the last call."""
        drained, self.records = self.records, []
        return drained

    def _open(self, span: PhaseSpan) -> None:
        if self.outer is not None:
            raise RuntimeError(f"span {self.outer.name} is still open")
        self.outer = span
        self.records.append(span)

    def _next(self) -> int:
        self._count += 1
        return self._count - 1
