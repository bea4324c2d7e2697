"""What a sitting does for somebody who stops, feels unwell, wants less, or loses touch."""

from __future__ import annotations

import pytest

from acquisition.errors import BadInput
from sessions import words
from sessions.conductor_flow import REST_S
from tests.sessions.played import Played


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
    """docs/protocol.md: chest pain or fainting brings the medical notice."""
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
