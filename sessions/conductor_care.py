"""What keeps a sitting kind: stop, a lighter moment, feeling unwell, and the limits of the stop rule.

Stop ends the sitting in one press, whatever else is going on.
"""

from __future__ import annotations

from collections.abc import Mapping

from acquisition.errors import BadInput
from sessions import words
from sessions.conductor_waiting import Waiting
from sessions.prompts import LONGEST_TEXT, MEDICAL_SYMPTOMS


class Care(Waiting):
    """Everything that ends a part or the sitting for the person's sake."""

    # -- stop ----------------------------------------------------------------------------------------------------

    def stop(self, time_s: float, why: str = "pressed", notice: str | None = None) -> None:
        """One press ends the sitting; grounding follows, and a further press leaves that too."""
        if self.screen == "ended":
            return
        self._mark(time_s, "stop", why=why)
        if self.screen == "plan":
            self._finish(time_s, "stopped before it began")
        elif self.screen == "closing" and not self.resting:
            self._finish(time_s, "finished")
        elif self.stopped or not self.heart_recorded:
            self._end_recording(time_s, "stopped")
            self._close(time_s)
        else:
            self.stopped = True
            self._leave_phase(time_s, "stopped")
            self._asking((), "")
            self._insert("grounding", time_s, {"why": why})
            self._show("grounding")
            self.notice = notice

    def _close(self, time_s: float) -> None:
        """The last page: rest if distress is high, strap off, the next hour, whom to contact."""
        self.resting = False
        self.clock = None
        self._show("closing")

    def _finish(self, time_s: float, how: str) -> None:
        self._mark(time_s, "end", how)
        self.ledger.close(time_s, "stopped")
        self.clock = None
        self.panel = None
        self.heart_recorded = False
        self._show("ended")

    def abandon(self, time_s: float, how: str = "page closed") -> None:
        """End whole without the person: what is open is closed as interrupted."""
        if not self.ended:
            self._leave_phase(time_s, "interrupted")
            self._finish(time_s, how)

    # -- a lighter moment, and feeling unwell ----------------------------------------------------------------------

    def lighter(self, data: Mapping[str, object], time_s: float) -> None:
        """End this take; then, with the new moment and its size 0 to 10 (each may be left out), begin another."""
        phase = self.phase
        if phase is None or phase.kind != "stressor" or self.screen != "phase":
            return
        size = _size(data.get("size"))
        moment = _moment(data.get("moment"))
        if self.panel != "lighter":
            self._mark(time_s, "lighter")
            self._leave_phase(time_s, "lighter")
            self._insert("pause", time_s, {"why": "lighter"})
            self.panel = "lighter"
            self.version += 1
        if "moment" in data or "size" in data:
            self._mark(time_s, "moment", moment, size=size)
            self._new_take(time_s)

    def unwell(self, time_s: float) -> None:
        """The shape stops at once, and no guide comes back in this sitting."""
        phase = self.phase
        if self.screen != "phase" or phase is None or phase.kind != "paced_breathing" or self.resting:
            return
        self._mark(time_s, "unwell")
        self.pacing_off = True
        self._leave_phase(time_s, "unwell")
        self._ask(("symptoms",), time_s)
        self._tell(words.SHAPE_STOPPED)

    def _limits(self, given: Mapping[str, object], time_s: float) -> bool:
        """The stop rule on fresh answers; True when the sitting has ended by it."""
        rule = self.exercise.stop_rule
        named = _symptoms(given)
        if named & MEDICAL_SYMPTOMS:
            self._stop_by_limit(time_s, "symptoms", words.MEDICAL_NOTICE)
        elif given.get("here") == "no":
            self._stop_by_limit(time_s, "here", None)
        elif "suds" in given and self.last_suds is not None and self.last_suds >= rule.suds_end:
            self._stop_by_limit(time_s, "suds", None)
        elif named:
            self.pacing_off = True
            self._mark(time_s, "limit", rule="symptoms")
            return False
        else:
            return False
        return True

    def _stop_by_limit(self, time_s: float, rule: str, notice: str | None) -> None:
        self._mark(time_s, "limit", rule=rule)
        if self.stopped:  # the grounding has been; the close follows, with the notice
            self._end_recording(time_s, "complete")
            self._close(time_s)
            self.notice = notice
        else:
            self.stop(time_s, why=rule, notice=notice)

    def _wants_offer(self, given: Mapping[str, object]) -> bool:
        """A pause is offered: distress at the mark, or a bit far away."""
        high = "suds" in given and (self.last_suds or 0.0) >= self.exercise.stop_rule.suds_offer_pause
        return high or given.get("here") == "a bit far away"

    @staticmethod
    def _names_symptoms(given: Mapping[str, object]) -> bool:
        return bool(_symptoms(given))


def _symptoms(given: Mapping[str, object]) -> set[str]:
    named = given.get("symptoms")
    return {str(one) for one in named} - {"none"} if isinstance(named, tuple) else set()


def _size(value: object) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 10:
        raise BadInput("the size of a moment is a number from 0 to 10", place="lighter", remedy="choose it again")
    return float(value)


def _moment(value: object) -> str:
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > LONGEST_TEXT:
        raise BadInput("the moment is not a text", place="lighter", remedy="write a few words, or leave it empty")
    return value
