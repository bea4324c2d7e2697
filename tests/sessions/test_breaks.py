"""A break: called with a time to be back, kept step by step, ended by people and never by a heart."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acquisition.errors import BadInput
from benchmarks.accuracy.coming_back import WayBack
from benchmarks.accuracy.coming_back import beats as beats_of
from processing.windows import Series
from sessions import words
from sessions.break_heart import SETTLED_FOR_S, break_heart
from sessions.breaks import DEFAULT_S, LONGEST_S, MARKER, SHORTEST_S, Break, BreakKeeper, breaks_of
from sessions.exercise_parts import BreakPlan
from sessions.records import SessionMarker
from sessions.unwanted_words import emotion_in, forbidden_in

TWO = ("client", "partner")


def state_of(keeper: BreakKeeper) -> str:
    assert keeper.last is not None
    return keeper.last.state


def test_a_break_is_kept_from_the_call_to_how_things_went_on() -> None:
    """Who called it, the time agreed on, what was done, the check and the outcome; read again from the markers."""
    keeper = BreakKeeper()
    markers = [
        keeper.call("client", DEFAULT_S, 700.0, stressor_end_s=698.0),
        keeper.returned("client", 1870.0, did=["music"], moved=False, suds=25),
        keeper.checked("client", True, 1880.0),
        keeper.close("resumed", 1890.0),
    ]
    (found,) = breaks_of(markers)
    assert found == keeper.last
    assert (found.called_by, found.called_s, found.return_s) == ("client", 700.0, 1900.0)
    assert (found.did, found.moved, found.suds) == ({"client": ("music",)}, {"client": False}, {"client": 25.0})
    assert (found.outcome, found.over_s, found.state) == ("resumed", 1890.0, "over")
    assert found.late_s("client") == 0.0
    assert all(marker.kind == MARKER for marker in markers)


@pytest.mark.parametrize("seconds", [0.0, SHORTEST_S - 1, LONGEST_S + 1, math.nan, math.inf, -5.0])
def test_a_break_needs_a_time_to_be_back(seconds: float) -> None:
    """From 5 to 60 minutes; without one it is no break and nothing is kept."""
    keeper = BreakKeeper()
    with pytest.raises(BadInput, match="needs a time to be back"):
        keeper.call("client", seconds, 10.0)
    assert keeper.last is None


def test_a_script_sets_the_longest_break() -> None:
    """The plan of its part decides."""
    with pytest.raises(BadInput, match="5 to 20 minutes"):
        BreakKeeper(BreakPlan(1200.0)).call("script", 1500.0, 0.0)


def test_either_may_call_it_and_both_must_be_ready() -> None:
    """One who is back and ready does not go on alone."""
    keeper = BreakKeeper()
    keeper.call("partner", DEFAULT_S, 0.0, people=TWO)
    keeper.returned("client", 1000.0)
    keeper.checked("client", True, 1001.0)
    assert state_of(keeper) == "away"
    with pytest.raises(BadInput, match="not everybody is ready"):
        keeper.close("resumed", 1002.0)
    keeper.returned("partner", 1100.0)
    assert state_of(keeper) == "back"
    keeper.checked("partner", True, 1101.0)
    assert state_of(keeper) == "ready"
    keeper.close("changed", 1102.0)
    assert keeper.open is None


def test_not_yet_needs_a_new_time() -> None:
    """And then everybody is away again, until that time."""
    keeper = BreakKeeper()
    keeper.call("client", DEFAULT_S, 0.0)
    keeper.returned("client", 1300.0)
    assert keeper.last is not None
    assert keeper.last.late_s("client") == 100.0
    with pytest.raises(BadInput, match="needs a time to be back"):
        keeper.checked("client", False, 1301.0)
    keeper.checked("client", False, 1301.0, seconds=600.0)
    assert keeper.last.agreed_s == (1200.0, 1901.0)
    assert (keeper.last.state, keeper.last.left_s(1500.0), keeper.last.late_s("client")) == ("away", 401.0, None)


def test_a_break_does_not_last_longer_than_a_day() -> None:
    """However often the time is moved on."""
    keeper = BreakKeeper(BreakPlan(3600.0, return_within_h=2.0))
    keeper.call("client", 3600.0, 0.0)
    keeper.returned("client", 3500.0)
    keeper.checked("client", False, 3500.0, seconds=3600.0)
    keeper.returned("client", 7000.0)
    with pytest.raises(BadInput, match="2 hours at most"):
        keeper.checked("client", False, 7000.0, seconds=3600.0)


def test_ending_needs_nobody() -> None:
    """A break that nobody comes back from is closed as ended."""
    keeper = BreakKeeper()
    keeper.call("client", DEFAULT_S, 0.0)
    keeper.close("ended", 90_000.0)
    assert keeper.last is not None
    assert (keeper.last.outcome, keeper.last.back) == ("ended", {})


def test_nothing_starts_again_by_itself_when_the_time_has_come() -> None:
    """The agreed time passes; the break goes on until somebody is back."""
    keeper = BreakKeeper()
    keeper.call("client", SHORTEST_S, 0.0)
    assert keeper.last is not None
    assert (keeper.last.left_s(1e6), keeper.last.state) == (0.0, "away")


def test_only_one_break_goes_on_at_a_time() -> None:
    """A second call is refused; after the first is over it is the second break."""
    keeper = BreakKeeper()
    keeper.call("client", DEFAULT_S, 0.0)
    with pytest.raises(BadInput, match="cannot be called now"):
        keeper.call("partner", DEFAULT_S, 1.0)
    keeper.close("ended", 2.0)
    keeper.call("clinician", DEFAULT_S, 3.0)
    assert keeper.last is not None
    assert keeper.last.number == 2


@pytest.mark.parametrize("answer", [{"did": ["shouting"]}, {"suds": 101.0}])
def test_an_answer_off_its_scale_is_refused_and_nothing_is_kept(answer: dict[str, object]) -> None:
    """The person is asked again."""
    keeper = BreakKeeper()
    keeper.call("client", DEFAULT_S, 0.0)
    before = keeper.last
    with pytest.raises(BadInput):
        keeper.returned("client", 900.0, **answer)  # type: ignore[arg-type]  # the wrong kind is what is tested
    assert keeper.last is before


@pytest.mark.parametrize(
    ("did", "moved", "walked"),
    [
        ((), None, None),
        (("music",), None, False),
        (("steps",), None, True),
        (("steps",), False, False),
        ((), True, True),
    ],
)
def test_moving_is_asked_and_else_told_by_what_was_done(
    did: tuple[str, ...], moved: bool | None, walked: bool | None
) -> None:
    """The answer counts before the list; with neither it is not known."""
    keeper = BreakKeeper()
    keeper.call("client", DEFAULT_S, 0.0)
    keeper.returned("client", 900.0, did=did, moved=moved)
    assert keeper.last is not None
    assert keeper.last.walked("client") is walked


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["call", "returned", "ready", "not_yet", "resumed", "changed", "ended"]),
        st.sampled_from(TWO),
        st.floats(-100, 4000),
    ),
    max_size=30,
)


@given(steps=STEPS)
@settings(max_examples=40, deadline=None)
def test_whatever_is_said_in_whatever_order_the_record_is_whole(steps: list[tuple[str, str, float]]) -> None:
    """A refusal changes nothing; markers alone give the same breaks; nobody goes on before all are ready."""
    keeper, markers, now = BreakKeeper(), [], 0.0
    for what, who, passed in steps:
        now += passed
        before = keeper.last
        try:
            markers.append(_said(keeper, what, who, now))
        except BadInput:
            assert keeper.last == before
            continue
        after = keeper.last
        assert after is not None
        assert all(back >= after.called_s for back in after.back.values())
        if what in ("resumed", "changed"):
            assert before is not None
            assert before.state == "ready"
            assert after.ready == frozenset(TWO)
    told = breaks_of(markers)
    assert [one.number for one in told] == list(range(1, len(told) + 1))
    assert (told[-1] if told else None) == keeper.last
    assert [marker.time_s for marker in markers] == sorted(marker.time_s for marker in markers)


def _said(keeper: BreakKeeper, what: str, who: str, now: float) -> SessionMarker:
    if what == "call":
        return keeper.call(who, DEFAULT_S, now, people=TWO)
    if what == "returned":
        return keeper.returned(who, now, did=["puzzle"], suds=20)
    if what in ("ready", "not_yet"):
        return keeper.checked(who, what == "ready", now, seconds=SHORTEST_S)
    return keeper.close(what, now)


MADE = WayBack(60.0, 25.0, watched_s=900.0)


def heart_of(*, moved: bool | None, back_s: float = 1140.0) -> tuple[Break, Series]:
    """A heart with a half-time of 60 s, in a break called as the stressor ended."""
    keeper = BreakKeeper()
    keeper.call("client", 600.0, MADE.stressor[1], stressor_end_s=MADE.stressor[1])
    keeper.returned("client", back_s, moved=moved)
    assert keeper.last is not None
    return keeper.last, Series.of(beats_of(MADE, np.random.default_rng(1)), ())


def test_the_heart_of_a_break_comes_down_with_its_half_time() -> None:
    """Half-way back after about a minute, settled after a few, and the curve every 30 s."""
    found, series = heart_of(moved=False)
    heart = break_heart(series, found, "client", baseline=(0.0, 300.0), stressor=MADE.stressor)
    assert heart is not None
    assert heart.half_time.value_s == pytest.approx(60.0, rel=0.15)
    assert [time_s for time_s, _ in heart.way_down] == [30.0 * n for n in range(21)]
    rates = [rate for _, rate in heart.way_down if rate is not None]
    assert rates[0] - rates[-1] == pytest.approx(25.0, abs=5.0)
    assert heart.settled_after_s is not None
    assert 60.0 < heart.settled_after_s < 600.0 - SETTLED_FOR_S


@pytest.mark.parametrize("moved", [True, None])
def test_the_half_time_is_withheld_after_walking(moved: bool | None) -> None:
    """Or when nobody said that they sat; the curve itself stays."""
    found, series = heart_of(moved=moved)
    heart = break_heart(series, found, "client", baseline=(0.0, 300.0), stressor=MADE.stressor)
    assert heart is not None
    assert (heart.half_time.value_s, heart.half_time.fitted_s) == (None, None)
    assert (heart.half_time.reason or "").startswith("low_confidence: ")
    assert heart.way_down != ()


def test_a_heart_that_is_watched_too_shortly_has_not_settled() -> None:
    """Two minutes near the rest are needed before it is said."""
    found, series = heart_of(moved=False, back_s=MADE.stressor[1] + 100.0)
    heart = break_heart(series, found, "client", baseline=(0.0, 300.0), stressor=MADE.stressor)
    assert heart is not None
    assert heart.settled_after_s is None


def test_nothing_is_told_of_somebody_who_is_away() -> None:
    """Their heart is theirs until they are back."""
    keeper = BreakKeeper()
    keeper.call("client", 600.0, 540.0, people=TWO)
    assert keeper.last is not None
    series = Series.of(beats_of(MADE, np.random.default_rng(1)), ())
    assert break_heart(series, keeper.last, "client", baseline=(0.0, 300.0), stressor=MADE.stressor) is None


def test_the_words_of_a_break_blame_nobody() -> None:
    """No feeling, no verdict, no hurry."""
    texts = [words.BREAK_BACK_AT, words.BREAK_DOING, words.BREAK_WELCOME, words.BREAK_NOT_YET, words.BREAK_INFORMATION]
    assert [
        (text, emotion_in(text), forbidden_in(text)) for text in texts if emotion_in(text) or forbidden_in(text)
    ] == []
    assert not any("late" in text for text in texts)
