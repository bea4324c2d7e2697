"""The way through a script: parts in order, questions at the end of each, the look back, the close.

Time comes in from outside with every call and never runs backwards. Spans tile the sitting from Begin to the end of
the look back: every second belongs to exactly one of them, and a wait lies inside the span that waits.
"""

from __future__ import annotations

from itertools import dropwhile

from acquisition.beats import Stimulus
from processing.pacer import START_RATE_LIMIT_BPM, PacerPlan
from sessions import prompts, words
from sessions.conductor_state import Guide, Ledger, PhaseClock
from sessions.exercise import Exercise, Phase
from sessions.records import HowEnded, PhaseKind, Rating, SessionMarker, SessionRecord, SettingsRecord
from sessions.view import Panel, Screen

REST_S = 120.0
"""More rest offered at the close, a stretch at a time: as long as the own breathing after a stop."""

_STIMULI: dict[str, Stimulus] = {
    "baseline": Stimulus("rest"),
    "control": Stimulus("control"),
    "stressor": Stimulus("stress"),
    "practice": Stimulus("control"),
    "reflection": Stimulus("control"),
}


class Flow:
    """State and steps of a sitting; what a person may do at any moment is added on top of it."""

    def __init__(self, exercise: Exercise) -> None:
        self.exercise = exercise
        self.ledger = Ledger()
        self.screen: Screen = "plan"
        self.panel: Panel | None = None
        self.index = -1
        """Place of the running part in the script, -1 before the first."""
        self.take = 1
        self.clock: PhaseClock | None = None
        self.guide: Guide | None = None
        self.asked: tuple[str, ...] = ()
        self.asked_about = ""
        """Name of the part that the questions are about."""
        self.notice: str | None = None
        self.numbers_shown = False
        self.feedback_seen = False
        self.stopped = False
        """The person pressed stop, or a limit ended the sitting."""
        self.pacing_off = False
        """No guide any more in this sitting: symptoms were named."""
        self.own_rate_bpm: float | None = None
        """The person's own resting rate, or None while unknown."""
        self.last_suds: float | None = None
        self.scope: str | None = None
        """Who can see the session, once chosen."""
        self.heart_recorded = False
        self.resting = False
        """More rest runs, at the close."""
        self.version = 0
        """Counts every change of what a page shows."""
        self.now_s = 0.0

    @property
    def phase(self) -> Phase | None:
        """The part that runs or has just been asked about, or None before and after the script."""
        return self.exercise.phases[self.index] if 0 <= self.index < len(self.exercise.phases) else None

    @property
    def ended(self) -> bool:
        """The sitting is over."""
        return self.screen == "ended"

    @property
    def heart_shown(self) -> bool:
        """The page may have heartbeats now: only in a running part that shows them."""
        phase = self.phase
        return self.screen == "phase" and self.panel is None and phase is not None and phase.shows_heart

    def drain(self) -> list[SessionRecord]:
        """Records written since the last call, in order."""
        return self.ledger.drain()

    def begin(self, time_s: float) -> None:
        """Begin the first part; recording begins with it."""
        self.now_s = time_s
        self.heart_recorded = True
        self._start_phase(0, time_s)

    def stimulus(self, time_s: float) -> Stimulus:
        """What the person is asked to do now."""
        phase = self.phase
        if self.screen == "phase" and phase is not None and not self.resting and self.clock and self.clock.running:
            if self.guide is not None:
                return Stimulus("paced", self.guide.rate_bpm(time_s))
            return _STIMULI.get(phase.kind, Stimulus("recovery"))
        return Stimulus("recovery") if self.index > 0 else Stimulus("rest")

    def _start_phase(self, index: int, time_s: float, take: int = 1) -> None:
        if index >= len(self.exercise.phases):
            self._reflect_without_script(time_s)
            return
        self.index, self.take = index, take
        phase = self.exercise.phases[index]
        target = phase.pacer.target_bpm if phase.pacer and phase.feedback != "none" and not self.pacing_off else None
        self.ledger.open_phase(phase, time_s, take, target)
        self.clock = PhaseClock(time_s)
        self._set_guide(self._first_guide(phase, time_s) if target is not None else None, time_s)
        last = index == len(self.exercise.phases) - 1
        self._show("reflect" if phase.kind == "reflection" and last else "phase")
        self._asking(phase.prompts if self.screen == "reflect" else (), phase.asks_about or phase.name)

    def _first_guide(self, phase: Phase, time_s: float) -> Guide | None:
        if phase.pacer is None:
            return None
        start = self.own_rate_bpm if self.own_rate_bpm is not None else START_RATE_LIMIT_BPM
        target = phase.pacer.target_bpm
        plan = PacerPlan.sliding(max(start, target), target, pattern=phase.pacer.pattern)
        return Guide(plan, time_s, target)

    def _set_guide(self, guide: Guide | None, time_s: float) -> None:
        if guide is None and self.guide is None:
            return
        self.guide = guide
        self.ledger.records.append(SettingsRecord(time_s, {"pacer": pacer_record(guide)}))

    def _leave_phase(self, time_s: float, ended: HowEnded) -> None:
        """The part is over; nothing has followed yet."""
        self._set_guide(None, time_s)
        self.ledger.close(time_s, ended)
        self.clock = None
        self.panel = None

    def _ask(self, names: tuple[str, ...], time_s: float) -> None:
        """Questions about the part that has just ended; without questions, onward."""
        if not names:
            self._start_phase(self.index + 1, time_s)
            return
        phase = self.phase
        self._rate(names, (phase.asks_about or phase.name) if phase is not None else "", time_s)

    def _rate(self, names: tuple[str, ...], about: str, time_s: float) -> None:
        """Questions, in a span of their own outside every index."""
        self._asking(names, about)
        self._insert("rating", time_s, {"of": about, "take": self.take})
        self._show("rating")

    def _asking(self, names: tuple[str, ...], about: str) -> None:
        self.asked, self.asked_about = names, about

    def _insert(self, kind: PhaseKind, time_s: float, details: dict[str, object]) -> None:
        self.ledger.open_inserted(kind, kind, time_s, details)

    def _keep_answers(self, answers: dict[str, object], time_s: float) -> dict[str, object]:
        """Keep what was answered; gives the answers by prompt. Raises BadInput, and then nothing is kept."""
        accepted = prompts.accept(answers, self.asked)
        seen = self._heart_seen_since(self.asked_about)
        for one in accepted:
            self.ledger.records.append(
                Rating(
                    time_s,
                    self.asked_about,
                    one.prompt,
                    one.value,
                    one.scale,
                    after_feedback=seen or self.feedback_seen,
                    take=self.take,
                )
            )
        given = {one.prompt: one.value for one in accepted}
        suds = given.get("suds")
        if isinstance(suds, float):
            self.last_suds = suds
        return given

    def _heart_seen_since(self, about: str) -> bool:
        """Whether the heart was shown in the part asked about, or in one since then."""
        parts = self.exercise.phases[: self.index + 1]
        return any(phase.shows_heart for phase in dropwhile(lambda phase: phase.name != about, parts))

    def _after_stop(self, time_s: float) -> None:
        """The two questions after a stop, each of which may be left."""
        self.ledger.close(time_s, "complete")
        self._rate(self.exercise.stop_rule.after_stop_prompts, "after_stop", time_s)

    def _new_take(self, time_s: float) -> None:
        """The same part from its start, after a lighter moment was chosen."""
        self.ledger.close(time_s, "complete")
        self.panel = None
        self._start_phase(self.index, time_s, self.take + 1)

    def _reflect_without_script(self, time_s: float) -> None:
        """The look back of a script that brings none of its own."""
        self.index = len(self.exercise.phases)
        self.take = 1
        self._insert("reflection", time_s, {"title": "Look back"})
        self.clock = PhaseClock(time_s)
        self._asking(("note",), "reflection")
        self._show("reflect")

    def _end_recording(self, time_s: float, ended: HowEnded) -> None:
        """From here on no heartbeat is kept."""
        self._leave_phase(time_s, ended)
        self._asking((), "")
        self.heart_recorded = False

    def _show(self, screen: Screen) -> None:
        self.screen = screen
        self.notice = None
        self.version += 1

    def _mark(self, time_s: float, kind: str, text: str = "", **data: object) -> None:
        self.ledger.records.append(SessionMarker(time_s, kind, text, data))

    def _tell(self, notice: str) -> None:
        self.notice = notice
        self.version += 1

    def soft_line(self, time_s: float) -> str | None:
        """The line under the guide, another one every two minutes; None where nothing is paced."""
        if self.guide is None or self.clock is None:
            return None
        turn = int(self.clock.elapsed(time_s) // words.SOFT_BREATH_EVERY_S)
        return words.SOFT_BREATH_LINES[turn % len(words.SOFT_BREATH_LINES)]


def pacer_record(guide: Guide | None) -> dict[str, object] | None:
    """The guide as kept with the recording, so that every breath of it can be computed again."""
    if guide is None:
        return None
    pattern = guide.pattern
    return {
        "start_s": guide.start_s,
        "target_bpm": guide.target_bpm,
        "pattern": [pattern.inhale, pattern.hold_in, pattern.exhale, pattern.hold_out],
        "stretches": [[s.start_s, s.period_s, s.breaths] for s in guide.plan.stretches],
    }
