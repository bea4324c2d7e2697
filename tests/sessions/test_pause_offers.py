"""Offers of a pause and limits of heart rate in a sitting: equal, unexplained, logged, and never a stopped clock."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acquisition.errors import BadInput
from processing.alert_settings import AlertSettings
from processing.arousal import BaselineReference
from processing.quiet_alert import Second
from sessions import words
from sessions.conductor import Conductor
from sessions.exercise import Exercise, load
from sessions.heart_watch import WATCHED, Stand
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
from sessions.records import SessionMarker, SettingsRecord
from sessions.stop_rule import stop_rule
from sessions.unwanted_words import emotion_in, forbidden_in
from tests.sessions.played import Played

REST = BaselineReference(66.0, 1.9, None, None, 300)


class Beating(Played):
    """A sitting whose conductor hears a heart each second, as it does from a live one."""

    def __init__(self, script: str = "out-of-reach", *, without_fixed: bool = True, known: bool = True) -> None:
        self.conductor = Conductor(_quick(load(script)))
        self.now = 0.0
        self.records = []
        self.press("begin")
        self.rate: float | None = 66.0
        self.usable = 100.0
        if known:
            self.conductor.rests(REST)
        if without_fixed and self.conductor.offers.fixed:
            self.conductor.offers = _NoFixedTimes(fixed=True)

    def wait(self, seconds: float) -> Beating:
        for _ in range(int(seconds)):
            super().wait(1)
            self.conductor.heard(Second(self.now, self.rate, self.usable))
        return self

    def to(self, name: str) -> Beating:
        super().to(name)
        return self

    def beat(self, rate: float | None, seconds: float, usable: float = 100.0) -> Beating:
        self.rate, self.usable = rate, usable
        return self.wait(seconds)

    def press(self, action: str, **data: object) -> Beating:
        super().press(action, **data)
        return self

    def told(self, kind: str) -> list[SessionMarker]:
        return [marker for marker in self.markers() if marker.kind == kind]

    def whys(self) -> list[object]:
        return [marker.data["why"] for marker in self.told("offer")]

    def answers(self) -> list[object]:
        return [marker.data["answer"] for marker in self.told("offer_answer")]


def _quick(exercise: Exercise) -> Exercise:
    """The same script, soon at its parts in which an offer may come."""
    return replace(
        exercise,
        phases=tuple(
            phase if phase.kind in WATCHED else replace(phase, seconds=3.0, min_seconds=0.0, prompts=())
            for phase in exercise.phases
        ),
    )


class _NoFixedTimes(PauseOffers):
    def enter(self, seed: str, seconds: float) -> tuple[float, ...]:
        super().enter(seed, seconds)
        self._times = ()
        return ()


def offered() -> Beating:
    """A stressor in which the heart has been up for long enough."""
    return Beating().to("out-of-reach").beat(66.0, 45).beat(95.0, 50)


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


@pytest.mark.parametrize(("answers", "rule"), [({"suds": 80}, "suds"), ({"here": "a bit far away"}, "here")])
def test_an_offer_after_an_answer_is_kept_with_its_rule(answers: dict[str, object], rule: str) -> None:
    """From 80 of 100, or a bit far away."""
    played = Beating().to("out-of-reach").wait(245).press("rate", answers=answers)
    assert played.view.panel == "pause"
    assert [(m.data["rule"], m.data["then"]) for m in played.told("limit")] == [(rule, "offer")]


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


def test_a_heart_that_nobody_hears_ends_nothing() -> None:
    """Silence is no rise."""
    conductor = Conductor(replace(load("out-of-reach")))
    conductor.begin(0.0)
    conductor.heard(Second(1.0, None, 0.0))
    assert conductor.screen == "phase"
