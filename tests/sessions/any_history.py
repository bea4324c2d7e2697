"""Sittings in which anything is pressed or lost at any moment, and the promises that hold in every one of them."""

from __future__ import annotations

import copy
from collections import Counter
from dataclasses import replace
from typing import ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from acquisition.errors import BadInput
from sessions.conductor import Conductor
from sessions.exercise import Exercise
from sessions.records import PhaseSpan, Rating, SessionMarker, SessionRecord
from sessions.session_view import session_view
from tests.sessions.anything_pressed import (
    LONGEST_WAY,
    MOST_STOPS,
    PART_S,
    PRESSES,
    SCRIPTS,
    SITTING,
    STOPPED_TO,
    VALUES,
)


class Sittings(RuleBasedStateMachine):
    """A person, a sensor and a page that do anything at any moment."""

    seen: ClassVar[Counter[str]] = Counter()
    """What histories have come by, for the long form's report."""

    @initialize(script=st.sampled_from(SCRIPTS), where=st.integers(0, LONGEST_WAY))
    def begin(self, script: Exercise, where: int) -> None:
        self.script = script
        self.conductor = Conductor(script)
        self.now = 0.0
        self.records: list[SessionRecord] = []
        self.recorded_before = True
        self.frozen_s: float | None = None
        self.conductor.begin(0.0)
        self.seen["histories"] += 1
        self.seen[f"script {script.id}"] += 1
        self.walk_to(where if where < len(script.phases) else self.first_stressor())

    # -- what may happen -------------------------------------------------------------------------------------------

    @rule(seconds=st.floats(0.1, 5.0), times=st.integers(1, 12))
    def time_passes(self, seconds: float, times: int) -> None:
        for _ in range(times):
            self.now += seconds
            self.conductor.tick(self.now)

    @rule(rarely=st.integers(0, 2))
    def a_part_passes(self, rarely: int) -> None:
        if not rarely:
            self.walk_to(self.conductor.index + 1)

    @rule()
    def machine_sleeps(self) -> None:
        was_in = self.in_stressor()
        self.now += 300.0
        self.conductor.tick(self.now)
        assert not was_in or self.conductor.panel is not None

    @rule()
    def clock_is_set_back(self) -> None:
        self.conductor.tick(self.now - 60.0)
        assert self.conductor.now_s == max(self.now, self.conductor.now_s)

    @rule(action=st.sampled_from(PRESSES))
    def press(self, action: str) -> None:
        self.seen[f"press {action}"] += 1
        assert self.conductor.act(action, {"text": "words", "on": True}, self.now)

    @rule(rarely=st.integers(0, 5))
    @precondition(lambda self: not self.conductor.stopped)
    def press_stop(self, rarely: int) -> None:
        if rarely:  # tried at every moment anyway, below; here it must not end every history early
            return
        self.seen["press stop"] += 1
        was_recorded = self.conductor.heart_recorded
        self.conductor.act("stop", {}, self.now)
        assert self.conductor.screen == ("grounding" if was_recorded else self.conductor.screen)

    @rule(value=VALUES)
    def answer(self, value: object) -> None:
        answers = dict.fromkeys(self.conductor.asked, value)
        before = len(self.records) + len(self.conductor.ledger.records)
        screen = self.conductor.screen
        try:
            self.conductor.act("rate", {"answers": answers}, self.now)
        except BadInput:
            assert self.conductor.screen == screen
            assert len(self.records) + len(self.conductor.ledger.records) == before

    @rule(size=st.one_of(st.none(), st.floats(0, 10)), asks_first=st.booleans())
    def choose_lighter(self, size: float | None, asks_first: bool) -> None:
        self.conductor.act("lighter", {} if asks_first else {"moment": "bus", "size": size}, self.now)

    @rule(bpm=st.floats(2, 20))
    def change_pace(self, bpm: float) -> None:
        self.conductor.act("pace", {"bpm": bpm}, self.now)

    @rule(
        field=st.sampled_from(["when", "did", "trigger", "sign", "x"]), value=st.sampled_from(["a word", "pressed", 7])
    )
    def write(self, field: str, value: object) -> None:
        before = len(self.conductor.ledger.records)
        try:
            self.conductor.act("write", {"field": field, "value": value}, self.now)
        except BadInput:
            assert len(self.conductor.ledger.records) == before

    @rule()
    def share(self) -> None:
        self.conductor.act("share", {"scope": "private"}, self.now)

    @rule(present=st.booleans())
    def signal(self, present: bool) -> None:
        self.conductor.signal(present, self.now)

    @rule()
    def page_goes(self) -> None:
        was_in = self.in_stressor()
        self.conductor.away(self.now)
        assert not was_in or self.conductor.panel is not None

    @rule()
    def page_comes_back(self) -> None:
        self.conductor.reentered(self.now)
        assert not self.in_stressor() or self.conductor.panel is not None

    # -- what always holds -----------------------------------------------------------------------------------------

    @invariant()
    def every_second_is_accounted_for(self) -> None:
        self.records += self.conductor.drain()
        spans = self.spans()
        outer = [span for span in spans.values() if "inside" not in span.details]
        recorded = [span for span in outer if span.details.get("of") != "more_rest" and span.kind != "rest"]
        edge = 0.0
        for span in recorded:
            assert abs(span.start_s - edge) < 1e-6
            edge = span.end_s if span.end_s is not None else self.now
        if self.conductor.heart_recorded:
            assert recorded[-1].end_s is None

    @invariant()
    def waits_lie_inside_the_span_that_waits(self) -> None:
        spans = self.spans()
        for span in spans.values():
            if "inside" in span.details:
                outer = spans[span.details["inside"]]
                assert outer.start_s <= span.start_s
                assert outer.end_s is None or (span.end_s is not None and span.end_s <= outer.end_s)

    @invariant()
    def parts_come_in_order_and_run_their_length(self) -> None:
        names = [phase.name for phase in self.script.phases]
        spans = self.spans()
        parts = [span for span in spans.values() if span.planned_s is not None]
        places = [(names.index(span.name), span.take) for span in parts]
        assert places == sorted(places)
        assert len(set(places)) == len(places)
        for span in parts:
            if span.ended == "complete" and span.kind != "reflection" and span.end_s is not None:
                waits = [s for s in spans.values() if s.details.get("inside") == span.seq]
                waited = sum((s.end_s or 0.0) - s.start_s for s in waits)
                assert abs(span.end_s - span.start_s - waited - (span.planned_s or 0.0)) < 1e-6

    @invariant()
    def a_reply_comes_once_and_before_its_part_is_over(self) -> None:
        replies = Counter(
            record.data["part"]
            for record in self.records
            if isinstance(record, SessionMarker) and record.kind == "chat" and record.data["side"] == "script"
        )
        for phase in self.script.phases:
            if phase.chat is not None and phase.chat.reply is not None:
                takes = [span for span in self.spans().values() if span.name == phase.name]
                over = sum(span.ended in ("complete", "shortened") for span in takes)
                assert over <= replies[phase.name] <= len(takes)

    @invariant()
    def no_heart_and_no_guide_in_a_stressor(self) -> None:
        view = session_view(self.conductor, SITTING, self.now)
        self.seen[f"page {view.screen}"] += 1
        if view.phase is not None:
            self.seen[f"part {view.phase.kind}"] += 1
        if view.phase is not None and view.phase.kind in ("stressor", "control", "baseline"):
            assert not self.conductor.heart_shown
            assert view.pacer is None
            assert view.phase.feedback == "none"
        if view.panel == "pause":
            assert view.pause_ways[0] == "resume"
            assert view.pause_ways[-1] == "stop"

    @invariant()
    def a_panel_stops_the_clock(self) -> None:
        clock = self.conductor.clock
        if self.conductor.panel in ("pause", "sensor_lost") and clock is not None:
            elapsed = clock.elapsed(self.now)
            assert self.frozen_s is None or clock.elapsed(self.now + 100.0) == elapsed
            self.frozen_s = elapsed
        else:
            self.frozen_s = None

    @invariant()
    def no_guide_comes_back_after_symptoms(self) -> None:
        assert not (self.conductor.pacing_off and self.conductor.guide is not None)

    @invariant()
    def recording_ends_once(self) -> None:
        assert self.recorded_before or not self.conductor.heart_recorded
        self.recorded_before = self.conductor.heart_recorded

    @invariant()
    def stop_always_works(self) -> None:
        if self.conductor.ended:
            return
        other = copy.copy(self.conductor)
        other.ledger = replace(self.conductor.ledger, records=[])
        for name, value in vars(self.conductor).items():
            if isinstance(value, dict | set | list):
                setattr(other, name, copy.deepcopy(value))
        for press in range(MOST_STOPS):
            other.act("stop", {}, self.now)
            assert other.screen in STOPPED_TO
            assert other.panel is None
            if press == MOST_STOPS - 1:
                assert other.ended

    @invariant()
    def answers_belong_to_parts_that_were_asked_about(self) -> None:
        shown = {phase.name for phase in self.script.phases if phase.shows_heart}
        names = {phase.name for phase in self.script.phases} | {"after_stop", "more_rest", "reflection"}
        for record in self.records:
            if isinstance(record, Rating):
                assert record.phase in names
                assert record.after_feedback or record.phase not in shown

    @invariant()
    def markers_never_run_ahead(self) -> None:
        assert all(record.time_s <= self.now + 1e-9 for record in self.records if isinstance(record, SessionMarker))

    def teardown(self) -> None:
        for _ in range(MOST_STOPS):
            self.conductor.act("stop", {}, self.now)
        assert self.conductor.ended
        self.records += self.conductor.drain()
        assert all(span.end_s is not None for span in self.spans().values())

    def walk_to(self, index: int) -> None:
        """Parts run to their end and their questions are left, for as long as nothing waits for the person."""
        while self.conductor.index < index and self.conductor.panel is None:
            if self.conductor.screen == "rating":
                self.conductor.act("rate", {"answers": {}}, self.now)
            elif self.conductor.screen == "phase" and not self.conductor.resting:
                self.now += PART_S / 4
                self.conductor.tick(self.now)
            else:
                return

    def first_stressor(self) -> int:
        """Place of the first stressor, or of the first part where there is none."""
        kinds = [phase.kind for phase in self.script.phases]
        return kinds.index("stressor") if "stressor" in kinds else 0

    def spans(self) -> dict[object, PhaseSpan]:
        """Every span by its number, in its newest form."""
        return {record.seq: record for record in self.records if isinstance(record, PhaseSpan)}

    def in_stressor(self) -> bool:
        """A stressor is on the page."""
        phase = self.conductor.phase
        return self.conductor.screen == "phase" and phase is not None and phase.kind == "stressor"
