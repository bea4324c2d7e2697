"""A quiet alert that is told of every second, and what it has said."""

from __future__ import annotations

from processing.alert_settings import AlertSettings
from processing.arousal import BaselineReference
from processing.quiet_alert import (
    AlertEvent,
    QuietAlert,
    RiseSustained,
    RiseWithheld,
    Second,
)

REST = BaselineReference(66.0, 1.9, None, None, 300)
SPOKEN_REST = BaselineReference(78.0, 2.5, None, None, 120, spoken=True)
LINE = 86.0
"""REST and 20 beats/min."""


class Heard:
    """An alert that is told of every second from 0 on."""

    def __init__(self, chosen: AlertSettings | None = None, *, spoken: bool = False, known: bool = True) -> None:
        self.alert = QuietAlert(chosen)
        self.now = 0.0
        self.events: list[AlertEvent] = []
        if known:
            self.alert.rests(REST)
        self.events += self.alert.enter(0.0, spoken=spoken)

    def hear(self, rate: float | None, seconds: int, usable: float = 100.0, *, moving: bool = False) -> Heard:
        for _ in range(seconds):
            self.now += 1.0
            self.events += self.alert.hear(Second(self.now, rate, usable, moving))
        return self

    def of(self, kind: type[AlertEvent]) -> list[AlertEvent]:
        return [event for event in self.events if isinstance(event, kind)]

    def told_at(self) -> list[float]:
        return [event.time_s for event in self.of(RiseSustained)]

    def reasons(self) -> list[str]:
        return [event.reason for event in self.events if isinstance(event, RiseWithheld)]
