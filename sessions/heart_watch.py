"""What the heart does in a part where it may matter, held against three rules: quiet alert, soft limit, hard limit.

Pure: it is told each second where the sitting stands and what the heart says, and gives markers to keep with the rules
that were reached. What follows from them, and whether anybody is told, is decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Literal

from processing.alert_settings import AlertSettings
from processing.arousal import BaselineReference
from processing.quiet_alert import AlertEvent, QuietAlert, RiseBegun, RiseEnded, RiseSustained, RiseWithheld, Second
from sessions.records import SessionMarker
from sessions.stop_rule import StopRule

HeartRule = Literal["alert", "hr_soft", "hr_hard"]
WATCHED = frozenset({"stressor", "practice"})
"""Kinds of part in which a rise counts: at rest it is measured, in breathing it swings, on the way back it falls."""
LIMITED = WATCHED | {"control"}
"""Kinds of part that the hard limit ends."""
SPOKEN = frozenset({"speaking", "conversation"})
"""Speech tags whose heart is held against a spoken reference."""
MARKER = "heart_rise"
"""Kind of the markers that log each rise that was told, withheld or over."""


@dataclass(frozen=True, slots=True)
class Stand:
    """Where the sitting stands: which part, in which take, and whether it waits."""

    index: int
    take: int
    kind: str
    speech: str
    waiting: bool


class HeartWatch:
    """One person's heart through one sitting; the quiet alert can be off (solo level 1), the limits cannot."""

    def __init__(self, rule: StopRule, alert: AlertSettings | None = None, *, alert_on: bool = True) -> None:
        self.alert_on = alert_on
        self._alerts: dict[HeartRule, QuietAlert] = {
            "alert": QuietAlert(alert),
            "hr_soft": QuietAlert(rule.soft),
            "hr_hard": QuietAlert(rule.hard),
        }
        self._stands: dict[HeartRule, Stand | None] = {}

    @property
    def settings(self) -> dict[str, object]:
        """Every rule's values, as kept with the recording."""
        rules: dict[str, object] = {name: alert.settings.as_dict() for name, alert in self._alerts.items()}
        return rules | {"alert_on": self.alert_on}

    def rests(self, reference: BaselineReference) -> None:
        """The person's own reference, silent or spoken."""
        for alert in self._alerts.values():
            alert.rests(reference)

    def change(self, alert: AlertSettings, time_s: float) -> list[SessionMarker]:
        """Another quiet alert from now on; the limits stay."""
        return [_marker("alert", event) for event in self._alerts["alert"].change(alert, time_s) if _kept(event)]

    def hear(self, second: Second, stand: Stand | None) -> tuple[list[SessionMarker], list[HeartRule]]:
        """The next second; gives markers to keep, and the rules that were reached in it."""
        markers: list[SessionMarker] = []
        reached: list[HeartRule] = []
        for name, alert in self._alerts.items():
            kinds = LIMITED if name == "hr_hard" else WATCHED
            counts = stand is not None and stand.kind in kinds and (self.alert_on or name != "alert")
            before, self._stands[name] = self._stands.get(name), stand if counts else None
            for event in _events(alert, second, before, self._stands[name]):
                if _kept(event):
                    markers.append(_marker(name, event))
                if isinstance(event, RiseSustained):
                    reached.append(name)
        return markers, reached


def _events(alert: QuietAlert, second: Second, before: Stand | None, now: Stand | None) -> Iterator[AlertEvent]:
    """Tell the alert how the sitting has moved since the second before, then the second itself."""
    time_s = second.time_s
    if now is None:
        yield from alert.leave(time_s) if before is not None else []
    elif before is None or (before.index, before.take) != (now.index, now.take):
        yield from alert.enter(time_s, spoken=now.speech in SPOKEN)
    if now is not None and now.waiting:
        yield from alert.hold(time_s)
    elif now is not None:
        alert.go_on(time_s)
    yield from alert.hear(second)


def _kept(event: AlertEvent) -> bool:
    """A rise that came to nothing leaves no marker; the heart itself is in the recording."""
    return not isinstance(event, RiseBegun) and not (isinstance(event, RiseEnded) and not event.sustained)


def _marker(rule: HeartRule, event: AlertEvent) -> SessionMarker:
    what = {RiseBegun: "begun", RiseSustained: "sustained", RiseEnded: "ended", RiseWithheld: "withheld"}[type(event)]
    figures = {key: value for key, value in asdict(event).items() if key != "time_s"}
    return SessionMarker(event.time_s, MARKER, "", {"rule": rule, "what": what, **figures})
