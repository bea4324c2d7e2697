"""Offers of a pause and limits of heart rate in a sitting: equal, unexplained, logged, and never a stopped clock."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processing.alert_settings import AlertSettings
from processing.quiet_alert import Second
from sessions import words
from sessions.conductor import Conductor
from sessions.exercise import load
from sessions.heart_watch import Stand
from sessions.pause_offers import (
    APART_S,
    CLINICIAN_FIRST_S,
    FIRST_S,
    LAST_S,
    STAYS_S,
    PauseOffers,
    Why,
    fixed_times,
)
from sessions.records import SettingsRecord
from sessions.unwanted_words import emotion_in, forbidden_in
from tests.sessions.beating import REST, Beating, offered


def test_a_sustained_rise_offers_a_pause_beside_the_running_exercise() -> None:
    """No panel opens and the clock goes on: who has closed their eyes must not wait for ever."""
    played = offered()
    assert played.view.offer == words.QUIET_OFFER
    assert played.view.panel is None
    assert played.view.phase is not None
    assert played.view.phase.running
    assert played.whys() == ["alert"]


def test_a_pause_can_be_taken() -> None:
    """The panel opens as it does from the button, and the answer is kept."""
    played = offered().press("pause")
    assert played.view.panel == "pause"
    assert played.view.offer is None
    assert played.answers() == ["pause"]


def test_the_exercise_can_be_carried_on() -> None:
    """One press, nothing else changes, and the same rise asks no second time."""
    played = offered().press("carry_on")
    assert (played.view.offer, played.view.panel) == (None, None)
    assert played.answers() == ["carry_on"]
    played.beat(95.0, 100)
    assert played.whys() == ["alert"]


def test_an_unanswered_offer_leaves_by_itself() -> None:
    """Without a consequence."""
    played = offered().wait(STAYS_S)
    assert played.view.offer is None
    assert played.answers() == ["left"]
    assert played.view.screen == "phase"


def test_an_offer_does_not_outlast_its_part() -> None:
    """It is gone with the part's end, and kept as left."""
    played = offered().press("skip").wait(2)
    assert played.view.offer is None
    assert played.answers() == ["left"]


@pytest.mark.parametrize("press", ["stop", "look_around", "carry_on", "resume"])
def test_nothing_is_answered_where_nothing_is_offered(press: str) -> None:
    """A press without an offer leaves no answer."""
    assert Beating().to("out-of-reach").press(press).wait(1).answers() == []


def test_each_rise_is_kept_with_its_rule_and_figures() -> None:
    """Told and over, for the clinician; that it was withheld too, with the reason."""
    played = offered().press("carry_on").beat(66.0, 65)
    told = [(m.data["rule"], m.data["what"]) for m in played.told("heart_rise")]
    assert told == [("alert", "sustained"), ("alert", "ended")]
    first = played.told("heart_rise")[0].data
    assert (first["hr_bpm"], first["over_bpm"]) == (95.0, 29.0)
    poor = Beating().to("out-of-reach").beat(66.0, 45).beat(95.0, 60, usable=80.0)
    assert [(m.data["what"], m.data["reason"]) for m in poor.told("heart_rise")] == [("withheld", "quality")]
    assert poor.whys() == []


def test_the_rules_in_force_are_kept_with_the_recording() -> None:
    """So that everything can be computed again."""
    played = offered()
    played.markers()
    (kept,) = [r for r in played.records if isinstance(r, SettingsRecord) and "heart_rules" in r.values]
    rules = kept.values["heart_rules"]
    assert isinstance(rules, dict)
    assert (rules["alert"]["delta_bpm"], rules["hr_soft"]["delta_bpm"], rules["hr_hard"]["absolute_bpm"]) == (
        20,
        30,
        140,
    )


def test_at_rest_in_breathing_and_on_the_way_back_nothing_is_offered() -> None:
    """There the heart is measured, swings, or falls."""
    quick = Conductor(load("out-of-reach"))
    for index, phase in enumerate(quick.exercise.phases):
        quick.heart.rests(REST)
        stand = Stand(index, 1, phase.kind, phase.speech, False)
        heard = [quick.heart.hear(Second(1000.0 * index + at, 120.0, 100.0), stand) for at in range(120)]
        reached = {rule for _, rules in heard for rule in rules}
        assert reached == ({"alert", "hr_soft"} if phase.kind == "stressor" else set())


@pytest.mark.parametrize(("answers", "rule"), [({"suds": 80}, "suds"), ({"here": "a bit far away"}, "here")])
def test_an_offer_after_an_answer_is_kept_with_its_rule(answers: dict[str, object], rule: str) -> None:
    """From 80 of 100, or a bit far away."""
    played = Beating().to("out-of-reach").wait(245).press("rate", answers=answers)
    assert played.view.panel == "pause"
    assert [(m.data["rule"], m.data["then"]) for m in played.told("limit")] == [(rule, "offer")]


def test_levels_2_and_3_offer_a_pause_whatever_the_heart_does() -> None:
    """At times drawn before the part begins; a heart that stays at rest and no heart at all are offered alike."""
    quiet, none = (Beating(without_fixed=False) for _ in range(2))
    for played, rate in ((quiet, 66.0), (none, None)):
        played.to("out-of-reach").beat(rate, 235)
        (planned,) = played.told("offers_planned")
        offers = played.told("offer")
        assert [m.data["why"] for m in offers] == ["fixed"] * len(planned.data["at_s"])  # type: ignore[arg-type]  # a list
        assert 1 <= len(offers) <= 2
    assert [m.time_s for m in quiet.told("offer")] == [m.time_s for m in none.told("offer")]


def test_offers_come_at_other_times_in_another_sitting() -> None:
    """Else a person who knows the script could tell which offer the heart has made."""
    drawn = {fixed_times(f"script out-of-reach 1 {begun:.6f}", 240.0) for begun in (401.2, 402.7, 399.8, 450.1)}
    assert len(drawn) == 4
    assert {len(times) for times in (fixed_times(str(n), 300.0) for n in range(40))} == {1, 2}


@given(seed=st.text(max_size=20), seconds=st.floats(0, 2000))
@settings(max_examples=50, deadline=None)
def test_fixed_times_lie_well_within_their_part_and_apart(seed: str, seconds: float) -> None:
    """Not before a minute, not in the last 20 s, and a minute between two."""
    times = fixed_times(seed, seconds)
    assert all(FIRST_S <= at <= seconds - LAST_S for at in times)
    assert bool(times) == (seconds >= FIRST_S + LAST_S)
    assert len(times) < 2 or times[1] - times[0] >= APART_S


@given(
    rises=st.lists(st.tuples(st.integers(0, 400), st.sampled_from(["alert", "hr_soft"])), max_size=8),
    answers=st.lists(st.integers(1, 60), max_size=10),
    seed=st.integers(0, 99),
)
@settings(max_examples=25, deadline=None)
def test_offers_keep_their_distance_and_a_rise_is_asked_about(
    rises: list[tuple[int, Why]], answers: list[int], seed: int
) -> None:
    """Whatever rises and whenever an answer comes: never two within a minute, never two at once."""
    offers = PauseOffers(fixed=True)
    offers.enter(str(seed), 400.0)
    due = sorted(rises)
    told: list[float] = []
    for second in range(500):
        while due and due[0][0] == second:
            offers.rose(due.pop(0)[1], float(second))
        stood = offers.open
        if stood is not None and (offers.stale(second) or second - stood.time_s in answers):
            assert offers.answered() == stood
        offer = offers.due(float(second), float(second))
        if offer is not None:
            assert not told or second - told[-1] >= APART_S
            assert offer.number == len(told) + 1
            told.append(second)
    assert not rises or told
    for at, _ in rises:
        assert any(at - APART_S <= one <= at + APART_S + 1 for one in told)


def test_a_clinician_who_is_there_hears_first() -> None:
    """Twenty seconds later, unanswered, the offer goes to the client; taken in hand, it does not."""
    for taken in (False, True):
        played = Beating()
        played.conductor.offers.clinician_there = True
        played.to("out-of-reach").beat(66.0, 45).beat(95.0, 47)
        assert played.told("heart_rise") != []
        assert played.view.offer is None
        if taken:
            played.conductor.offers.clinician_took_it()
        played.wait(CLINICIAN_FIRST_S)
        assert (played.view.offer is None) == taken


def test_a_clinicians_other_line_holds_at_once() -> None:
    """And it is kept from when."""
    played = Beating().to("out-of-reach").wait(10)
    played.conductor.set_alert(AlertSettings(delta_bpm=40.0), played.now)
    assert played.beat(95.0, 150).whys() == []
    kept = [r for r in played.records if isinstance(r, SettingsRecord) and "heart_rules" in r.values]
    assert [record.time_s for record in kept][-1] == played.now - 150


def test_a_wait_in_the_part_breaks_a_rise() -> None:
    """Nothing is offered over the pause panel, and the person orients themselves anew after it."""
    played = Beating().to("out-of-reach").beat(66.0, 45).beat(95.0, 20).press("pause").beat(95.0, 100)
    assert played.view.offer is None
    played.press("resume").beat(95.0, 80)
    assert played.whys() == []
    assert played.beat(95.0, 15).whys() == ["alert"]


def test_the_words_of_an_offer_name_no_feeling_and_no_number() -> None:
    """Warm, plain and the same each time."""
    for text in (words.QUIET_OFFER, words.HEART_LIMIT):
        assert (emotion_in(text), forbidden_in(text)) == ((), ())
        assert not any(sign.isdigit() for sign in text)


def test_the_same_presses_and_the_same_heart_give_the_same_sitting() -> None:
    """Drawn times come from the sitting itself, from no clock and no chance of the machine."""
    twice = []
    for _ in range(2):
        played = Beating(without_fixed=False).to("out-of-reach").beat(66.0, 50).beat(95.0, 120)
        twice.append([(m.time_s, m.kind, dict(m.data)) for m in played.markers()])
    assert twice[0] == twice[1]


def test_a_new_take_has_offers_of_its_own() -> None:
    """A lighter moment begins the part anew: what counted before counts no more."""
    played = Beating().to("out-of-reach").beat(66.0, 45).beat(95.0, 30)
    played.press("lighter", moment="the bus", size=2).wait(1)
    assert played.beat(95.0, 60).whys() == []
