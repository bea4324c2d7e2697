"""Whatever is pressed or lost, and whenever: the sitting keeps its promises."""

from __future__ import annotations

from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from acquisition.errors import BadInput
from sessions.conductor import ACTIONS, Conductor
from sessions.exercise import load
from sessions.records import PhaseSpan, Rating, SessionRecord
from sessions.session_view import Entrance, Sitting, session_view
from sessions.view import SensorView

SCRIPT = load(Path(__file__).parent / "test-strap.yaml")
SENSOR = SensorView("streaming", "Sensor steady", None, "strap", True, True)
VALUES = st.one_of(
    st.none(), st.booleans(), st.floats(-60, 110), st.sampled_from(["yes", "no", "a bit far away", "rather_not", "x"]),
    st.lists(st.sampled_from(["dizzy", "chest pain", "none"]), max_size=2),
)  # fmt: skip


class Sittings(RuleBasedStateMachine):
    """A person, a sensor and a page that do anything at any moment."""

    @initialize()
    def begin(self) -> None:
        self.conductor = Conductor(SCRIPT)
        self.now = 0.0
        self.records: list[SessionRecord] = []
        self.conductor.begin(0.0)

    @rule(seconds=st.floats(0.1, 5.0), times=st.integers(1, 12))
    def time_passes(self, seconds: float, times: int) -> None:
        for _ in range(times):
            self.now += seconds
            self.conductor.tick(self.now)

    @rule()
    def machine_sleeps(self) -> None:
        self.now += 300.0
        self.conductor.tick(self.now)

    @rule(action=st.sampled_from(sorted(ACTIONS - {"stop", "rate", "share", "pace", "lighter"})))
    def press(self, action: str) -> None:
        assert self.conductor.act(action, {"text": "words", "on": True}, self.now)

    @rule()
    @precondition(lambda self: not self.conductor.stopped)
    def press_stop(self) -> None:
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

    @rule()
    def share(self) -> None:
        self.conductor.act("share", {"scope": "private"}, self.now)

    @rule(present=st.booleans())
    def signal(self, present: bool) -> None:
        self.conductor.signal(present, self.now)

    @rule()
    def page_goes(self) -> None:
        self.conductor.away(self.now)

    @rule()
    def page_comes_back(self) -> None:
        self.conductor.reentered(self.now)
        phase = self.conductor.phase
        in_stressor = self.conductor.screen == "phase" and phase is not None and phase.kind == "stressor"
        assert not in_stressor or self.conductor.panel is not None

    @invariant()
    def spans_tile_the_recorded_time(self) -> None:
        self.records += self.conductor.drain()
        spans = {record.seq: record for record in self.records if isinstance(record, PhaseSpan)}
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
        spans = {record.seq: record for record in self.records if isinstance(record, PhaseSpan)}
        for span in spans.values():
            if "inside" in span.details:
                outer = spans[span.details["inside"]]
                assert outer.start_s <= span.start_s
                assert outer.end_s is None or (span.end_s is not None and span.end_s <= outer.end_s)

    @invariant()
    def parts_come_in_order_and_run_their_length(self) -> None:
        names = [phase.name for phase in SCRIPT.phases]
        spans = {record.seq: record for record in self.records if isinstance(record, PhaseSpan)}
        parts = [span for span in spans.values() if span.name in names]
        places = [(names.index(span.name), span.take) for span in parts]
        assert places == sorted(places)
        assert len(set(places)) == len(places)
        for span in parts:
            if span.ended == "complete" and span.kind != "reflection" and span.end_s is not None:
                waits = [s for s in spans.values() if s.details.get("inside") == span.seq]
                waited = sum((s.end_s or 0.0) - s.start_s for s in waits)
                assert abs(span.end_s - span.start_s - waited - (span.planned_s or 0.0)) < 1e-6

    @invariant()
    def no_heart_and_no_guide_in_a_stressor(self) -> None:
        sitting = Sitting("s", 1, SENSOR, simulated=True, speed=1.0, recording=True, entrance=Entrance())
        view = session_view(self.conductor, sitting, self.now)
        if view.phase is not None and view.phase.kind == "stressor":
            assert not self.conductor.heart_shown
            assert view.pacer is None
        if view.panel == "pause":
            assert view.pause_ways[0] == "resume"
            assert view.pause_ways[-1] == "stop"

    @invariant()
    def answers_belong_to_parts_that_were_asked_about(self) -> None:
        names = {phase.name for phase in SCRIPT.phases} | {"after_stop", "more_rest", "reflection"}
        assert {record.phase for record in self.records if isinstance(record, Rating)} <= names

    def teardown(self) -> None:
        for _ in range(3):
            self.conductor.act("stop", {}, self.now)
        assert self.conductor.ended
        self.records += self.conductor.drain()
        spans = {record.seq: record for record in self.records if isinstance(record, PhaseSpan)}
        assert all(span.end_s is not None for span in spans.values())


TestSittings = Sittings.TestCase
TestSittings.settings = settings(
    max_examples=60, stateful_step_count=40, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
