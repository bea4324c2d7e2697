"""Limits of heart rate in a sitting, and what level 1 is spared: logged, and through the quality gate."""

from __future__ import annotations

from dataclasses import replace

import pytest

from acquisition.errors import BadInput
from processing.alert_settings import AlertSettings
from processing.quiet_alert import Second
from sessions import words
from sessions.conductor import Conductor
from sessions.exercise import Exercise, load
from sessions.stop_rule import stop_rule
from tests.sessions.beating import Beating


def test_in_level_1_the_quiet_alert_is_off() -> None:
    """A settling exercise asks nothing because of a heart."""
    played = Beating("kind-wishes").to(_first(load("kind-wishes"), "practice"))
    played.beat(66.0, 45).beat(90.0, 60)
    assert played.told("heart_rise") == []
    assert played.view.offer is None


def _first(exercise: Exercise, kind: str) -> str:
    return next(phase.name for phase in exercise.phases if phase.kind == kind)


def test_in_level_1_the_soft_limit_asks_after_the_part() -> None:
    """Where nothing is offered at fixed times an offer would betray the heart; so it comes as after a high answer."""
    played = Beating("kind-wishes").to(_first(load("kind-wishes"), "practice"))
    played.beat(66.0, 45).beat(98.0, 65)
    assert played.view.offer is None
    assert [m.data["rule"] for m in played.told("limit")] == ["hr_soft"]
    while played.view.screen != "rating":
        played.wait(1)
    played.press("rate", answers={})
    assert (played.view.panel, played.view.notice) == ("pause", words.OFFER_PAUSE)


def test_the_soft_limit_holds_where_the_alert_was_turned_off() -> None:
    """30 beats/min over the own rest for 60 s: the same offer, logged as a limit."""
    played = Beating()
    played.conductor.set_alert(AlertSettings(), 0.0, on=False)
    played.to("out-of-reach").beat(66.0, 45).beat(99.0, 65)
    assert played.whys() == ["hr_soft"]
    assert [m.data["rule"] for m in played.told("limit")] == ["hr_soft"]


def test_the_hard_limit_ends_the_part_and_grounds() -> None:
    """140 beats/min for 30 s, from the first second of the part; with a client's text that names no number."""
    played = Beating().to("out-of-reach").beat(141.0, 32)
    assert played.view.screen == "grounding"
    assert played.view.notice == words.HEART_LIMIT
    assert [m.data["rule"] for m in played.told("limit")] == ["hr_hard"]
    assert [m.data["why"] for m in played.told("stop")] == ["hr_hard"]


def test_the_hard_limit_passes_the_quality_gate() -> None:
    """A slipping strap ends nothing; that it was withheld is kept."""
    played = Beating().to("out-of-reach").beat(180.0, 120, usable=85.0)
    assert played.view.screen == "phase"
    assert "withheld" in [m.data["what"] for m in played.told("heart_rise") if m.data["rule"] == "hr_hard"]


def test_the_hard_limit_needs_no_rest() -> None:
    """It is a rate as such."""
    assert Beating(known=False).to("out-of-reach").beat(150.0, 32).view.screen == "grounding"


def test_a_lost_signal_is_kept_once_and_the_exercise_goes_on() -> None:
    """After 20 s, in a stressor too, where no card is shown; found and lost again it is kept again."""
    played = Beating().to("out-of-reach")
    for _ in range(2):
        played.conductor.signal(False, played.now)
        played.beat(None, 40, usable=0.0)
        played.conductor.signal(True, played.now)
        played.beat(66.0, 5)
    assert [m.data["rule"] for m in played.told("limit")] == ["signal_lost"] * 2
    assert played.view.screen == "phase"


def test_a_script_sets_its_own_limits() -> None:
    """Every value of the stop rule is data."""
    own = stop_rule({"hr_soft_over_bpm": 25, "hr_soft_s": 90, "hr_hard_bpm": 120, "hr_hard_s": 20})
    assert (own.soft.delta_bpm, own.soft.sustain_s) == (25, 90)
    assert (own.hard.absolute_bpm, own.hard.sustain_s) == (120, 20)
    with pytest.raises(BadInput, match="choose a number from"):
        stop_rule({"hr_hard_bpm": 20})


def test_a_heart_that_nobody_hears_ends_nothing() -> None:
    """Silence is no rise."""
    conductor = Conductor(replace(load("out-of-reach")))
    conductor.begin(0.0)
    conductor.heard(Second(1.0, None, 0.0))
    assert conductor.screen == "phase"
