"""What a sitting does at each press and when time is up."""

from __future__ import annotations

import pytest

from sessions import words
from sessions.conductor import Conductor
from sessions.exercise import load
from sessions.records import SettingsRecord
from sessions.session_view import steps
from tests.sessions.played import Played


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


def test_a_script_without_a_look_back_gets_one() -> None:
    """Resting start ends in own words too."""
    played = Played("resting-start")
    while played.view.screen != "reflect":
        played.press("rate", answers={}) if played.view.screen == "rating" else played.wait(1)
    assert played.view.phase is not None
    assert played.view.phase.instruction == words.OWN_WORDS
    played.press("keep", text="quiet")
    assert played.ratings()[-1].value == "quiet"


def test_steps_are_derived_from_the_script() -> None:
    """Steps that a script does not have are not drawn."""
    assert [step.name for step in steps(load("resting-start"), "Settle")] == ["Connect", "Settle", "Reflect"]
    assert [step.name for step in Played().view.steps] == ["Connect", "Settle", "Exercise", "Breathe", "Reflect"]
    states = [step.state for step in Played().to("moment").view.steps]
    assert states == ["done", "done", "now", "ahead", "ahead"]


def test_an_unknown_press_is_said() -> None:
    """The conductor knows its presses."""
    assert not Conductor(load("tour")).act("dance", {}, 0.0)
