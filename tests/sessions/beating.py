"""A sitting whose conductor hears a heart each second."""

from __future__ import annotations

from dataclasses import replace

from processing.arousal import BaselineReference
from processing.quiet_alert import Second
from sessions.conductor import Conductor
from sessions.exercise import Exercise, load
from sessions.heart_watch import WATCHED
from sessions.pause_offers import (
    PauseOffers,
)
from sessions.records import SessionMarker
from tests.sessions.played import Played

REST = BaselineReference(66.0, 1.9, None, None, 300)


class Beating(Played):
    """A sitting whose conductor hears a heart each second, as it does from a live one."""

    def __init__(self, script: str = "out-of-reach", *, without_fixed: bool = True, known: bool = True) -> None:
        self.conductor = Conductor(_quick(load(script)))
        self.now = 0.0
        self.records = []
        self.press("begin")
        self.rate: float | None = 66.0
        self.usable = 100.0
        if known:
            self.conductor.rests(REST)
        if without_fixed and self.conductor.offers.fixed:
            self.conductor.offers = _NoFixedTimes(fixed=True)

    def wait(self, seconds: float) -> Beating:
        for _ in range(int(seconds)):
            super().wait(1)
            self.conductor.heard(Second(self.now, self.rate, self.usable))
        return self

    def to(self, name: str) -> Beating:
        super().to(name)
        return self

    def beat(self, rate: float | None, seconds: float, usable: float = 100.0) -> Beating:
        self.rate, self.usable = rate, usable
        return self.wait(seconds)

    def press(self, action: str, **data: object) -> Beating:
        super().press(action, **data)
        return self

    def told(self, kind: str) -> list[SessionMarker]:
        return [marker for marker in self.markers() if marker.kind == kind]

    def whys(self) -> list[object]:
        return [marker.data["why"] for marker in self.told("offer")]

    def answers(self) -> list[object]:
        return [marker.data["answer"] for marker in self.told("offer_answer")]


def _quick(exercise: Exercise) -> Exercise:
    """The same script, soon at its parts in which an offer may come."""
    return replace(
        exercise,
        phases=tuple(
            phase if phase.kind in WATCHED else replace(phase, seconds=3.0, min_seconds=0.0, prompts=())
            for phase in exercise.phases
        ),
    )


class _NoFixedTimes(PauseOffers):
    def enter(self, seed: str, seconds: float) -> tuple[float, ...]:
        super().enter(seed, seconds)
        self._times = ()
        return ()


def offered() -> Beating:
    """A stressor in which the heart has been up for long enough."""
    return Beating().to("out-of-reach").beat(66.0, 45).beat(95.0, 50)
