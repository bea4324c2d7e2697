"""The conductor: takes presses and ticks with their times, and says what the page shows and what is kept.

A state machine without a clock: the same presses at the same times give the same sitting, at any speed.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from acquisition.errors import BadInput
from sessions import words
from sessions.conductor_flow import REST_S
from sessions.conductor_offers import Offering
from sessions.conductor_state import PhaseClock
from sessions.lint_rules.part import FASTEST_BPM, SLOWEST_BPM
from sessions.prompts import LONGEST_TEXT

Data = Mapping[str, object]


class Conductor(Offering):
    """One sitting from the plan to the end."""

    def tick(self, time_s: float) -> None:
        """Time has passed. A part ends at its own second, however late the tick comes."""
        last, self.now_s = self.now_s, max(self.now_s, time_s)
        if self._stood_still(last, self.now_s):
            return
        before = self._line(last)
        while (due := self._due_s()) is not None and due <= self.now_s:
            self._time_is_up(due)
        self._reply_if_due(self.now_s)
        self._check_signal(self.now_s)
        if self._line(self.now_s) != before:
            self.version += 1

    def _line(self, time_s: float) -> str | None:
        """The words that change with time alone."""
        return self.grounding_text(time_s) if self.screen == "grounding" else self.soft_line(time_s)

    def act(self, action: str, data: Data, time_s: float) -> bool:
        """Do what is asked; False when there is no such action. Without a place for it now, nothing happens.

        Raises BadInput for unusable data; then nothing has changed.
        """
        handler = _ACTIONS.get(action)
        if handler is None:
            return False
        self.tick(time_s)
        handler(self, data, self.now_s)
        return True

    @property
    def offer_rest(self) -> bool:
        """Distress was above the script's limit when last asked."""
        return self.last_suds is not None and self.last_suds > self.exercise.stop_rule.no_finish_above_suds

    @property
    def seconds(self) -> float:
        """Planned length of what runs now."""
        if self.resting:
            return REST_S
        return self.phase.seconds if self.phase is not None else 0.0

    def progress(self, time_s: float) -> tuple[float, float]:
        """(elapsed, left) of what runs now, in seconds; (0, 0) where nothing runs by the clock."""
        due_s, outer = self._due_s(), self.ledger.outer
        if self.clock is not None:
            elapsed = self.clock.elapsed(time_s)
            return elapsed, max(0.0, self.seconds - elapsed)
        if due_s is not None and outer is not None:
            return time_s - outer.start_s, max(0.0, due_s - time_s)
        return 0.0, 0.0

    def _due_s(self) -> float | None:
        """When what runs now ends by itself, or None when it waits for the person."""
        if self.clock is not None and self.clock.running and self.screen == "phase":
            return self.clock.end_s(self.seconds)
        outer = self.ledger.outer
        if self.screen == "grounding" and not self.looking_around and outer is not None:
            return outer.start_s + self.grounding_seconds
        return None

    def _time_is_up(self, time_s: float) -> None:
        if self.screen == "grounding":
            self._after_stop(time_s)
        elif self.resting:
            self._rested(time_s)
        else:
            phase = self.phase
            self._leave_phase(time_s, "complete")
            self._ask(phase.prompts if phase is not None else (), time_s)

    # -- presses ---------------------------------------------------------------------------------------------------

    def _press_begin(self, _data: Data, time_s: float) -> None:
        if self.screen == "plan":
            self.begin(time_s)

    def _press_continue(self, _data: Data, time_s: float) -> None:
        """Go on before the end, once the part's minimum is over. Questions are left by answering none of them, never
        by this press, which may have been meant for the part that has just ended by itself."""
        phase = self.phase
        if self.resting:
            self._rested(time_s)
        elif self.screen == "phase" and self.panel is None and phase is not None and self.clock is not None:
            if self.clock.elapsed(time_s) >= phase.min_seconds:
                self._leave_phase(time_s, "shortened")
                self._ask(phase.prompts, time_s)
        elif self.screen == "summary":
            self._show("sharing")

    def _press_skip(self, _data: Data, time_s: float) -> None:
        phase = self.phase
        if self.screen == "reflect":
            self._press_not_today({}, time_s)
        elif (
            self.screen == "phase"
            and self.panel in (None, "lighter")
            and phase is not None
            and phase.skippable
            and not self.resting
        ):
            self._mark(time_s, "skip")
            self._leave_phase(time_s, "skipped")
            self._start_phase(self.index + 1, time_s)

    def _press_rate(self, data: Data, time_s: float) -> None:
        if self.screen not in ("rating", "reflect") or self.panel is not None:
            return
        answers = data.get("answers", {})
        if not isinstance(answers, Mapping):
            raise BadInput("answers are not a list of questions and values", place="rate", remedy="answer again")
        given = self._keep_answers(dict(answers), time_s)
        if self.screen == "reflect":
            self._limits(given, time_s)
            return
        if self._limits(given, time_s):
            return
        self.ledger.close(time_s, "complete")
        if self.stopped:
            self._end_recording(time_s, "complete")
            self._show("sharing")
        elif self.heart_recorded:
            self._start_phase(self.index + 1, time_s)
            if self._names_symptoms(given):
                self._tell(words.BREATHE_SMALLER)
            if self._wants_offer(given):
                self.pause(time_s, "offered", words.OFFER_PAUSE)
        else:
            self._close(time_s)

    def _press_keep(self, data: Data, time_s: float) -> None:
        text = data.get("text", "")
        if not isinstance(text, str) or len(text) > LONGEST_TEXT:
            raise BadInput(
                f"the words are not a text of up to {LONGEST_TEXT} characters", place="keep", remedy="shorten them"
            )
        if self.screen == "reflect" and text.strip():
            self.asked = self.asked if "note" in self.asked else (*self.asked, "note")
            self._keep_answers({"note": text}, time_s)
            self.version += 1

    def _keep_reflection(self, data: Data, time_s: float) -> bool:
        """Keep the answers and words that came with the press; False when they ended the sitting."""
        if "text" in data:
            self._press_keep(data, time_s)
        if "answers" in data:
            self._press_rate(data, time_s)
        return self.screen == "reflect"

    def _press_see_heart(self, data: Data, time_s: float) -> None:
        if self.screen == "reflect" and self._keep_reflection(data, time_s):
            self._end_recording(time_s, "complete")
            self.feedback_seen = True
            self._mark(time_s, "see_heart")
            self._show("summary")

    def _press_not_today(self, data: Data, time_s: float) -> None:
        if self.screen == "reflect" and self._keep_reflection(data, time_s):
            self._end_recording(time_s, "complete")
            self._mark(time_s, "not_today")
            self._show("sharing")

    def _press_share(self, data: Data, time_s: float) -> None:
        scope = data.get("scope")
        if self.screen not in ("sharing", "summary"):
            return
        if scope not in words.SHARE_SCOPES:
            raise BadInput("that choice is not on offer", place="share", remedy="choose who can see the session")
        self.scope = str(scope)
        self._mark(time_s, "share", self.scope)
        self._close(time_s)

    def _press_more_rest(self, _data: Data, time_s: float) -> None:
        if self.screen == "closing":
            self._insert("rest", time_s, {"title": "A little more rest"})
            self._show("phase")
            self.resting = True
            self.clock = PhaseClock(time_s)

    def _rested(self, time_s: float) -> None:
        self._leave_phase(time_s, "complete")
        self.resting = False
        self._rate(("suds",), "more_rest", time_s)

    def _press_finish(self, _data: Data, time_s: float) -> None:
        if self.screen == "closing":
            self._finish(time_s, "finished")

    def _press_pace(self, data: Data, time_s: float) -> None:
        target = data.get("bpm")
        if isinstance(target, bool) or not isinstance(target, int | float) or not math.isfinite(target):
            raise BadInput("the pace is not a number", place="pace", remedy="choose slower or faster")
        if self.guide is not None and self.panel is None:
            aim = min(FASTEST_BPM, max(SLOWEST_BPM, float(target)))
            self._set_guide(self.guide.aimed_at(aim, time_s), time_s)
            self._mark(time_s, "pace", bpm=aim)
            self.version += 1

    def _press_numbers(self, data: Data, _time_s: float) -> None:
        self.numbers_shown = data.get("on") is True
        self.version += 1

    def _press_marker(self, data: Data, time_s: float) -> None:
        text = data.get("text", "")
        if not isinstance(text, str) or len(text) > LONGEST_TEXT:
            raise BadInput("the note is not a text", place="marker", remedy="write it again")
        if not self.ended:
            self._mark(time_s, "marker", text)


_ACTIONS: Mapping[str, Callable[[Conductor, Data, float], None]] = {
    "begin": Conductor._press_begin,
    "continue": Conductor._press_continue,
    "pause": lambda c, _data, t: c.pause(t),
    "resume": lambda c, _data, t: c.resume(t),
    "carry_on": lambda c, _data, t: c.carry_on(t),
    "look_around": lambda c, _data, t: c.look_around(t),
    "leave_grounding": lambda c, _data, t: c.leave_grounding(t),
    "breathe": lambda c, _data, t: c.breathe(t),
    "breathe_alone": lambda c, _data, t: c.breathe_alone(t),
    "skip": Conductor._press_skip,
    "stop": lambda c, _data, t: c.stop(t),
    "lighter": lambda c, data, t: c.lighter(data, t),
    "unwell": lambda c, _data, t: c.unwell(t),
    "rate": Conductor._press_rate,
    "pace": Conductor._press_pace,
    "numbers": Conductor._press_numbers,
    "try_again": lambda c, _data, t: c.try_again(t),
    "without_sensor": lambda c, _data, t: c.without_sensor(t),
    "keep": Conductor._press_keep,
    "see_heart": Conductor._press_see_heart,
    "not_today": Conductor._press_not_today,
    "share": Conductor._press_share,
    "more_rest": Conductor._press_more_rest,
    "finish": Conductor._press_finish,
    "marker": Conductor._press_marker,
    "write": lambda c, data, t: c.write(data, t),
    "say": lambda c, data, t: c.say(data, t),
}

ACTIONS = frozenset(_ACTIONS)
"""Every press that a conductor knows."""
