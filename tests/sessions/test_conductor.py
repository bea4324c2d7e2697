"""What a sitting does at each press and when time is up: facts of care, one by one."""

from __future__ import annotations

import pytest

from acquisition.errors import BadInput
from sessions import words
from sessions.conductor import Conductor
from sessions.conductor_flow import REST_S
from sessions.exercise import load
from sessions.records import PhaseSpan, Rating, SessionMarker, SessionRecord, SettingsRecord
from sessions.session_view import Entrance, Sitting, session_view, steps
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


def test_a_part_ends_at_its_own_second_and_its_questions_come_after_it() -> None:
    """Twenty seconds of rest, then a span ``rating`` outside it."""
    played = Played().wait(25)
    assert played.view.screen == "rating"
    assert [prompt.id for prompt in played.view.prompts] == ["suds"]
    assert (played.of("rest").end_s, played.of("rest").ended) == (20.0, "complete")
    assert played.of("rating").start_s == 20.0
    played.press("rate", answers={"suds": 30})
    assert played.of("rating").end_s == 25.0
    assert [(r.phase, r.prompt, r.value, r.after_feedback) for r in played.ratings()] == [("rest", "suds", 30.0, False)]


def test_ready_sooner_only_after_the_minimum() -> None:
    """Continue before the minimum does nothing; after it the part is shortened."""
    played = Played().wait(3).press("continue")
    assert played.view.screen == "phase"
    played.wait(3).press("continue")
    assert played.of("rest").ended == "shortened"


def test_continue_never_leaves_questions() -> None:
    """A press meant for the part that has just ended does not skip its questions."""
    played = Played().wait(20).press("continue").press("skip")
    assert played.view.screen == "rating"


def test_skip_goes_on_without_questions_and_a_baseline_is_not_skipped() -> None:
    """ "Skip this part" leads straight on; the baseline stays."""
    played = Played().press("skip")
    assert played.view.phase is not None
    assert played.view.phase.name == "rest"
    played.to("moment").press("skip")
    assert played.view.phase is not None
    assert played.view.phase.name == "breath"
    assert played.of("moment").ended == "skipped"


def test_pause_waits_and_the_time_is_given_back() -> None:
    """The clock stands while paused; the pause is a span inside the part; the part runs its whole length."""
    played = Played().wait(5).press("pause").wait(60)
    assert played.view.panel == "pause"
    assert played.view.phase is not None
    assert not played.view.phase.running
    played.press("pause")
    assert played.view.panel == "pause"
    played.press("resume").wait(15)
    assert played.of("rest").end_s == 80.0
    pause = played.of("pause")
    assert (pause.start_s, pause.end_s) == (5.0, 65.0)


@pytest.mark.parametrize(
    ("part", "ways"),
    [
        ("rest", ("resume", "look_around", "stop")),
        ("moment", ("resume", "look_around", "breathe", "stop")),
        ("breath", ("resume", "breathe_alone", "stop")),
        ("after", ("resume", "look_around", "stop")),
    ],
)
def test_the_ways_on_depend_on_the_page(part: str, ways: tuple[str, ...]) -> None:
    """The protocol: settling offers no pacing, breathing offers own breathing, the exercise offers to breathe."""
    assert Played().to(part).press("pause").view.pause_ways == ways


def test_there_is_no_pause_on_reflect() -> None:
    """Nothing runs there; Esc does nothing."""
    played = Played().to("back").press("pause")
    assert played.view.panel is None
    assert played.view.screen == "reflect"


def test_looking_around_returns_to_the_panel() -> None:
    """Grounding chosen in a pause leads back to the panel, never by itself into the exercise."""
    played = Played().to("moment").press("pause").press("look_around")
    assert played.view.screen == "grounding"
    assert played.view.phase is not None
    assert played.view.phase.instruction == words.LOOK_AROUND
    played.wait(400)
    assert played.view.screen == "grounding"
    played.press("leave_grounding")
    assert (played.view.screen, played.view.panel) == ("phase", "pause")


def test_breathe_leads_to_the_breathing_part() -> None:
    """From a pause in the exercise straight to breathing; what lies between is left out."""
    played = Played().to("moment").press("pause").press("breathe")
    assert played.view.phase is not None
    assert played.view.phase.name == "breath"
    assert played.of("moment").ended == "skipped"


def test_breathing_alone_takes_the_guide_away() -> None:
    """The part goes on without the guide, and the record says when."""
    played = Played().to("breath").press("pause").press("breathe_alone")
    assert played.view.pacer is None
    assert played.view.phase is not None
    assert played.view.phase.running
    settings = [r for r in (*played.records, *played.conductor.drain()) if isinstance(r, SettingsRecord)]
    assert settings[-1].values == {"pacer": None}


def test_one_press_stops_and_another_leaves_the_grounding() -> None:
    """Stop, grounding, its words; a press leads to two questions that may be left, then sharing and the close."""
    played = Played().to("moment").press("stop")
    assert played.view.screen == "grounding"
    assert played.view.phase is not None
    assert played.view.phase.instruction == words.GROUNDING
    assert played.of("moment").ended == "stopped"
    played.press("leave_grounding")
    assert [prompt.id for prompt in played.view.prompts] == ["suds", "here"]
    played.press("rate", answers={})
    assert played.view.screen == "sharing"
    assert not played.conductor.heart_recorded


def test_stop_pressed_again_leads_out_each_time() -> None:
    """From the exercise to the end in three presses of the same button."""
    played = Played().to("moment").press("stop").press("stop")
    assert played.view.screen == "closing"
    played.press("stop")
    assert played.view.screen == "ended"


def test_grounding_after_a_stop_goes_over_into_own_breathing_and_then_on() -> None:
    """90 s of grounding, 120 s of own breathing, then the questions (docs/protocol.md)."""
    played = Played().to("moment").press("stop").wait(100)
    assert played.view.phase is not None
    assert played.view.phase.instruction == words.OWN_BREATHING
    played.wait(110)
    assert played.view.screen == "rating"


def test_a_lighter_moment_ends_this_take_and_begins_another() -> None:
    """A marker, the new moment with its size, a new take with its whole length; takes stay apart."""
    played = Played().to("moment").wait(8).press("lighter")
    assert played.view.panel == "lighter"
    played.wait(30).press("lighter", moment="the bus", size=2)
    assert played.view.panel is None
    takes = [span for span in played.spans() if span.name == "moment"]
    assert [(span.take, span.ended) for span in takes] == [(1, "lighter"), (2, None)]
    assert ("moment", "the bus", {"size": 2.0}) in [(m.kind, m.text, dict(m.data)) for m in played.markers()]
    played.wait(20)
    assert played.of("moment").ended == "complete"
    played.press("rate", answers={"suds": 10})
    assert played.ratings()[-1].take == 2


@pytest.mark.parametrize("size", [-1, 11, "big", True])
def test_a_size_outside_0_to_10_is_refused_and_nothing_changes(size: object) -> None:
    """The take goes on as if nothing had been pressed."""
    played = Played().to("moment")
    with pytest.raises(BadInput):
        played.press("lighter", moment="x", size=size)
    assert played.view.panel is None
    assert played.of("moment").end_s is None


def test_there_is_no_lighter_moment_outside_a_stressor() -> None:
    """Only a stressor can be made lighter."""
    played = Played().press("lighter", moment="x", size=1)
    assert len(played.spans()) == 1


def test_feeling_unwell_stops_the_shape_at_once_and_for_this_sitting() -> None:
    """The guide is gone, the words for over-breathing are there, symptoms are asked, no guide comes back."""
    played = Played().to("breath").press("unwell")
    assert played.view.pacer is None
    assert played.view.notice == words.SHAPE_STOPPED
    assert [prompt.id for prompt in played.view.prompts] == ["symptoms"]
    assert played.of("breath").ended == "unwell"
    assert played.conductor.pacing_off
    played.press("rate", answers={"symptoms": ["dizzy"]})
    assert played.view.notice == words.BREATHE_SMALLER
    assert played.view.phase is not None
    assert played.view.phase.name == "after"


@pytest.mark.parametrize("symptom", ["chest pain", "faint"])
def test_symptoms_that_may_need_help_end_the_sitting_with_the_notice(symptom: str) -> None:
    """Clinical.md 2.2: chest pain or fainting brings the medical notice."""
    played = Played().to("breath").press("unwell").press("rate", answers={"symptoms": [symptom]})
    assert played.view.screen == "grounding"
    assert played.view.notice == words.MEDICAL_NOTICE
    assert played.conductor.stopped


def test_not_being_here_ends_and_grounds() -> None:
    """``here: no`` ends the sitting; grounding follows."""
    played = Played("out-of-reach").to("back-to-rest")
    while played.view.screen != "rating":
        played.wait(1)
    played.press("rate", answers={"here": "no"})
    assert played.view.screen == "grounding"


@pytest.mark.parametrize(
    ("suds", "screen", "panel"), [(95, "grounding", None), (80, "phase", "pause"), (79, "phase", None)]
)
def test_distress_offers_a_pause_and_ends_at_the_limit(suds: int, screen: str, panel: str | None) -> None:
    """From 80 a pause is offered, from 95 the sitting ends (default stop rule)."""
    played = Played().wait(20).press("rate", answers={"suds": suds})
    assert (played.view.screen, played.view.panel) == (screen, panel)


def test_answers_after_the_heart_was_shown_are_marked() -> None:
    """A part that shows the heart is rated ``after_feedback``."""
    played = Played().to("breath")
    while played.view.screen != "rating":
        played.wait(1)
    played.press("rate", answers={"suds": 10})
    assert played.ratings()[-1].after_feedback
    assert not any(rating.after_feedback for rating in played.ratings()[:-1])


def test_own_words_come_before_the_heart() -> None:
    """Reflect asks first; words are kept with the press that leads on; then the heart, then who may see it."""
    played = Played().to("back")
    played.press("see_heart", text="it eased", answers={"note": None})
    assert played.view.screen == "summary"
    assert played.view.feedback_seen
    assert [(r.phase, r.prompt, r.value, r.scale) for r in played.ratings()] == [("back", "note", "it eased", "text")]
    assert not played.conductor.heart_recorded
    played.press("continue")
    assert played.view.screen == "sharing"
    assert played.conductor.scope is None


def test_sharing_starts_unselected_and_takes_only_what_is_on_offer() -> None:
    """Nothing goes on without a choice."""
    played = Played().to("back").press("not_today").press("continue")
    assert played.view.screen == "sharing"
    with pytest.raises(BadInput):
        played.press("share", scope="everyone")
    played.press("share", scope="private")
    assert (played.view.screen, played.conductor.scope) == ("closing", "private")


def test_more_rest_is_offered_above_sixty() -> None:
    """Every session closes; above SUDS 60 more rest is offered, and asked about afterwards."""
    played = Played().to("after")
    while played.view.screen != "rating":
        played.wait(1)
    played.press("rate", answers={"suds": 70}).press("not_today").press("share", scope="private")
    assert played.view.offer_rest
    played.press("more_rest")
    assert played.view.phase is not None
    assert played.view.phase.kind == "rest"
    played.wait(REST_S)
    assert [prompt.id for prompt in played.view.prompts] == ["suds"]
    played.press("rate", answers={"suds": 40})
    assert played.view.screen == "closing"
    assert not played.view.offer_rest
    assert played.press("finish").view.screen == "ended"


def test_a_script_without_a_look_back_gets_one() -> None:
    """Resting start ends in own words too."""
    played = Played("resting-start")
    while played.view.screen != "reflect":
        played.press("rate", answers={}) if played.view.screen == "rating" else played.wait(1)
    assert played.view.phase is not None
    assert played.view.phase.instruction == words.OWN_WORDS
    played.press("keep", text="quiet")
    assert played.ratings()[-1].value == "quiet"


def test_a_machine_that_slept_finds_the_exercise_waiting() -> None:
    """A jump in time is a pause, in full."""
    played = Played().to("moment").wait(5)
    before = played.now
    played.now += 3600
    played.conductor.tick(played.now)
    assert played.view.panel == "pause"
    assert played.of("pause").start_s == before
    played.press("resume").wait(15)
    assert played.of("moment").ended == "complete"


def test_a_lost_sensor_shows_its_card_after_twenty_seconds_and_in_a_stressor_at_its_end() -> None:
    """Only the footer's word changes before."""
    played = Played("out-of-reach").to("out-of-reach").wait(10)
    played.conductor.signal(False, played.now)
    played.wait(100)
    assert played.view.panel is None
    while played.view.screen == "phase":
        played.wait(1)
    played.wait(1)
    assert (played.view.screen, played.view.panel) == ("rating", "sensor_lost")
    played.press("without_sensor")
    assert (played.view.screen, played.view.panel) == ("rating", None)
    played.press("rate", answers={}).wait(60)
    assert played.view.panel is None


def test_steps_are_derived_from_the_script() -> None:
    """Steps that a script does not have are not drawn."""
    assert [step.name for step in steps(load("resting-start"), "Settle")] == ["Connect", "Settle", "Reflect"]
    assert [step.name for step in Played().view.steps] == ["Connect", "Settle", "Exercise", "Breathe", "Reflect"]
    states = [step.state for step in Played().to("moment").view.steps]
    assert states == ["done", "done", "now", "ahead", "ahead"]


def test_an_unknown_press_is_said() -> None:
    """The conductor knows its presses."""
    assert not Conductor(load("tour")).act("dance", {}, 0.0)
