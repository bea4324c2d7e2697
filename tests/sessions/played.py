"""A conductor played second by second, for the tests of what a sitting does."""

from __future__ import annotations

from sessions.conductor import Conductor
from sessions.exercise import load
from sessions.records import PhaseSpan, Rating, SessionMarker, SessionRecord
from sessions.session_view import Entrance, Sitting, session_view
from sessions.view import SensorView, SessionView
from tests.sessions.scripts import TEST_STRAP

SENSOR = SensorView("streaming", "Sensor steady", None, "strap", beats_arriving=True, settled=True)


class Played:
    """A conductor that is told of every second."""

    def __init__(self, script: str | None = None) -> None:
        self.conductor = Conductor(load(script or str(TEST_STRAP)))
        self.now = 0.0
        self.records: list[SessionRecord] = []
        self.press("begin")

    def wait(self, seconds: float) -> Played:
        for _ in range(int(seconds)):
            self.now += 1.0
            self.conductor.tick(self.now)
        return self

    def press(self, action: str, **data: object) -> Played:
        assert self.conductor.act(action, data, self.now)
        return self

    def to(self, name: str) -> Played:
        """Answer and wait until this part runs."""
        while not (self.view.screen in ("phase", "reflect") and self.view.phase and self.view.phase.name == name):
            if self.view.screen == "rating":
                self.press("rate", answers={})
            else:
                self.wait(1)
            assert self.now < 3600
        return self

    @property
    def view(self) -> SessionView:
        sitting = Sitting("s", 1, SENSOR, simulated=True, speed=1.0, recording=True, entrance=Entrance())
        return session_view(self.conductor, sitting, self.now)

    def spans(self) -> list[PhaseSpan]:
        self.records += self.conductor.drain()
        return list({r.seq: r for r in self.records if isinstance(r, PhaseSpan)}.values())

    def of(self, name: str) -> PhaseSpan:
        return [span for span in self.spans() if span.name == name][-1]

    def markers(self) -> list[SessionMarker]:
        self.records += self.conductor.drain()
        return [r for r in self.records if isinstance(r, SessionMarker)]

    def ratings(self) -> list[Rating]:
        self.records += self.conductor.drain()
        return [r for r in self.records if isinstance(r, Rating)]
