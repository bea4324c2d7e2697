"""What makes a sitting wait and go on again: a press, a lost sensor, a page that has gone, a machine that slept.

Pause waits and can be carried on; nobody is put back into a stressor by anything but their own press (docs/protocol.md,
stop, break).
"""

from __future__ import annotations

from sessions import words
from sessions.conductor_flow import Flow
from sessions.exercise import Exercise
from sessions.view import Screen

STOOD_STILL_S = 30.0
"""A jump between two ticks longer than this means that the machine slept; ticks come every second."""


class Waiting(Flow):
    """Pause and its ways on, and the waits that nobody pressed for."""

    def __init__(self, exercise: Exercise) -> None:
        super().__init__(exercise)
        self.with_sensor = True
        self.lost_since_s: float | None = None
        """Since when no heart is heard, or None."""
        self._came_from: Screen = "phase"
        """The page that waits while the person looks around."""

    @property
    def pause_ways(self) -> tuple[str, ...]:
        """What the panel offers, in order and equal in rank."""
        if self.panel == "sensor_lost":
            return ("try_again", "without_sensor", "stop")
        if self.panel != "pause":
            return ()
        phase = self.phase
        if self.screen == "phase" and phase is not None and not self.resting:
            if phase.kind == "paced_breathing":
                return ("resume", "breathe_alone", "stop") if self.guide else ("resume", "look_around", "stop")
            if phase.kind != "baseline" and self._next_breathing() is not None:
                return ("resume", "look_around", "breathe", "stop")
        return ("resume", "look_around", "stop")

    # -- pause ---------------------------------------------------------------------------------------------------

    def pause(self, time_s: float, why: str = "pressed", notice: str | None = None) -> None:
        """Open the panel: clock, guide and questions wait; the heart goes on being recorded. Never closes it."""
        if self.panel is not None or self.screen not in ("phase", "rating"):
            return
        self._wait(time_s, why)
        self.panel = "pause"
        self.notice = notice
        self.version += 1

    def resume(self, time_s: float) -> None:
        """Carry on, from the panel or from looking around; from a lighter moment it begins the new take."""
        if self.panel == "lighter":
            self._new_take(time_s)
        elif self.panel == "pause" or self.looking_around:
            self._mark(time_s, "resume")
            self._go_on(time_s)

    @property
    def looking_around(self) -> bool:
        """Grounding chosen in a pause (grounding after a stop is another thing)."""
        inner = self.ledger.inner
        return self.screen == "grounding" and inner is not None and inner.kind == "grounding"

    def look_around(self, time_s: float) -> None:
        """From the panel to the grounding words; the exercise goes on waiting."""
        if self.panel == "pause" and "look_around" in self.pause_ways:
            self.ledger.open_inner("grounding", time_s, {"why": "pause"})
            self._came_from = self.screen
            self.panel = None
            self._show("grounding")

    def grounding_text(self, time_s: float) -> str:
        """The words on the grounding page now."""
        if self.looking_around:
            return words.LOOK_AROUND
        outer = self.ledger.outer
        since_s = time_s - outer.start_s if outer is not None else 0.0
        return words.GROUNDING if since_s < self.exercise.stop_rule.grounding_s else words.OWN_BREATHING

    @property
    def grounding_seconds(self) -> float:
        """How long the grounding stays by itself; 0 when it stays until left."""
        rule = self.exercise.stop_rule
        return 0.0 if self.looking_around else rule.grounding_s + rule.natural_breathing_s

    def leave_grounding(self, time_s: float) -> None:
        """Back to the panel, or on from the grounding after a stop."""
        if self.looking_around:
            self.ledger.open_inner("pause", time_s, {"why": "looked around"})
            self._show(self._came_from)
            self.panel = "pause"
        elif self.screen == "grounding":
            self._after_stop(time_s)

    def breathe(self, time_s: float) -> None:
        """Leave this part for the next breathing part of the script."""
        following = self._next_breathing()
        if self.panel == "pause" and "breathe" in self.pause_ways and following is not None:
            self._mark(time_s, "breathe")
            self._leave_phase(time_s, "skipped")
            self._start_phase(following, time_s)

    def breathe_alone(self, time_s: float) -> None:
        """Go on in this part without the guide."""
        if self.panel == "pause" and "breathe_alone" in self.pause_ways:
            self._mark(time_s, "breathe_alone")
            self._set_guide(None, time_s)
            self._go_on(time_s)

    def _wait(self, time_s: float, why: str) -> None:
        self.ledger.open_inner("pause", time_s, {"why": why})
        self.clock = self.clock.hold(time_s) if self.clock is not None else None

    def _go_on(self, time_s: float) -> None:
        """The clock runs again; the guide begins a new breath at the rate it had reached."""
        if self.screen == "grounding":
            self.screen = self._came_from
        held = self.clock.held_from_s if self.clock is not None else None
        if self.guide is not None and held is not None:
            self._set_guide(self.guide.again(held, time_s), time_s)
        self.ledger.close_inner(time_s)
        self.clock = self.clock.go(time_s) if self.clock is not None else None
        self.panel = None
        self.notice = None
        self.version += 1

    def _next_breathing(self) -> int | None:
        if self.pacing_off:
            return None
        rest = range(self.index + 1, len(self.exercise.phases))
        return next((i for i in rest if self.exercise.phases[i].kind == "paced_breathing"), None)

    # -- what is lost and found --------------------------------------------------------------------------------------

    def signal(self, present: bool, time_s: float) -> None:
        """Whether the heart is heard; the card waits its time, and in a stressor for its end."""
        if not present:
            self.lost_since_s = self.lost_since_s if self.lost_since_s is not None else time_s
            return
        if self.lost_since_s is not None:
            self.lost_since_s = None
            if self.panel == "sensor_lost":
                self.panel = "pause"
                self._tell(words.SENSOR_BACK)

    def _check_signal(self, time_s: float) -> None:
        lost = self.lost_since_s
        if not self.with_sensor or lost is None or time_s - lost < self.exercise.stop_rule.signal_lost_s:
            return
        phase = self.phase
        in_stressor = self.screen == "phase" and phase is not None and phase.kind == "stressor"
        if self.screen in ("phase", "rating") and self.panel is None and not in_stressor and self.heart_recorded:
            self._mark(time_s, "sensor_lost")
            self._wait(time_s, "sensor lost")
            self.panel = "sensor_lost"
            self.version += 1

    def try_again(self, time_s: float) -> None:
        """The person asks for the sensor again; the source itself looks for it."""
        if self.panel == "sensor_lost":
            self._mark(time_s, "try_again")

    def without_sensor(self, time_s: float) -> None:
        """Go on without a heart."""
        self.with_sensor = False
        self._mark(time_s, "without_sensor")
        if self.panel == "sensor_lost":
            self.panel = "pause"
            self._go_on(time_s)
        self._tell(words.WITHOUT_SENSOR)

    def away(self, time_s: float) -> None:
        """No page has been open for a while: everything waits."""
        self.pause(time_s, "page gone", words.WAITED_FOR_YOU)

    def reentered(self, time_s: float) -> None:
        """A new page has come in place of one that went: in a stressor the panel opens first."""
        phase = self.phase
        if self.screen == "phase" and phase is not None and phase.kind == "stressor":
            self.pause(time_s, "page opened again", words.WAITED_FOR_YOU)

    def _stood_still(self, last_s: float, time_s: float) -> bool:
        """After a jump in time a running part waits since before the jump; True when it did so."""
        running = self.clock is not None and self.clock.running and self.screen == "phase"
        if time_s - last_s <= STOOD_STILL_S or not running:
            return False
        self.pause(last_s, "stood still", words.STOOD_STILL)
        return True
