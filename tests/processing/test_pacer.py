"""The breath guide: phase is a pure function of time and plan, and never jumps."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processing.pacer import START_RATE_LIMIT_BPM, BreathPattern, PacerPlan

rates = st.floats(4.0, 12.0).map(lambda rate: round(rate * 2) / 2)


@st.composite
def patterns(draw: st.DrawFn) -> BreathPattern:
    parts = [draw(st.integers(1, 10)), draw(st.integers(0, 4)), draw(st.integers(1, 10)), draw(st.integers(0, 4))]
    inhale, hold_in, exhale, hold_out = (part / sum(parts) for part in parts)
    return BreathPattern(inhale, hold_in, exhale, hold_out)


@st.composite
def plans(draw: st.DrawFn) -> PacerPlan:
    pattern = draw(patterns())
    if draw(st.booleans()):
        return PacerPlan(pattern, PacerPlan.steady(draw(rates)).stretches)
    return PacerPlan.sliding(draw(st.floats(4.0, 25.0)), draw(rates), pattern=pattern)


def test_forty_to_sixty_at_six_a_minute_is_four_seconds_in_and_six_out() -> None:
    """Full at 4 s, empty at 10 s."""
    plan = PacerPlan.steady(6.0)
    assert (plan.at(3.999).phase, plan.at(4.0).phase, plan.at(9.999).phase, plan.at(10.0).phase) == (
        "inhale",
        "exhale",
        "exhale",
        "inhale",
    )
    assert plan.at(4.0).level == pytest.approx(1.0)
    assert plan.at(10.0).level == pytest.approx(0.0)


@settings(max_examples=60)
@given(plans(), st.floats(0, 400))
def test_the_level_never_jumps(plan: PacerPlan, time_s: float) -> None:
    """In a millisecond the shape moves by no more than its steepest slope, through every change of rate too."""
    fastest = min(stretch.period_s for stretch in plan.stretches)
    steepest = 1.6 / (min(plan.pattern.inhale, plan.pattern.exhale) * fastest)
    step_s = 0.001
    assert abs(plan.at(time_s + step_s).level - plan.at(time_s).level) <= steepest * step_s + 1e-9


@settings(max_examples=60)
@given(plans(), st.lists(st.floats(0, 600), min_size=2, max_size=20))
def test_breaths_are_counted_without_a_hole(plan: PacerPlan, times: list[float]) -> None:
    """The number of the breath never falls, and each begins where it says."""
    breaths = [plan.at(time_s).breath for time_s in sorted(times)]
    assert breaths == sorted(breaths)
    for breath in range(breaths[-1] + 1):
        begins = plan.breath_start_s(breath)
        assert plan.at(begins + 1e-6).breath == breath
        assert plan.at(begins + 1e-6).phase == "inhale"
        if breath:
            assert plan.at(begins - 1e-6).breath == breath - 1


@given(plans(), st.floats(0, 300), st.floats(0, 300))
def test_breaths_between_two_times_add_up(plan: PacerPlan, one: float, two: float) -> None:
    """Whole and part breaths, in whatever pieces they are counted."""
    assert plan.breaths_between(0, one) + plan.breaths_between(one, one + two) == pytest.approx(
        plan.breaths_between(0, one + two), abs=1e-6
    )


@given(st.floats(4.0, 25.0), rates)
def test_a_slide_starts_at_the_own_rate_and_takes_half_a_breath_a_minute_at_a_time(own: float, target: float) -> None:
    """Capped at 12, never faster than a step in 30 s, and it ends at the target for good."""
    plan = PacerPlan.sliding(own, target)
    found = [60 / stretch.period_s for stretch in plan.stretches]
    assert found[0] == pytest.approx(min(own, START_RATE_LIMIT_BPM))
    assert found[-1] == pytest.approx(target)
    assert plan.stretches[-1].breaths is None
    for (one, two), (before, after) in zip(
        itertools.pairwise(found), zip(plan.stretches, plan.stretches[1:], strict=False), strict=True
    ):
        assert abs(two - one) <= 0.5 + 1e-9
        assert after.start_s - before.start_s >= 30.0 - 1e-6
        assert after.start_s == pytest.approx(before.start_s + (before.breaths or 0) * before.period_s)


@given(patterns(), rates, st.floats(0, 60))
def test_holds_hold(pattern: BreathPattern, rate: float, time_s: float) -> None:
    """Full while holding in, empty while holding out; fraction runs from 0 to 1 in each part."""
    state = PacerPlan(pattern, PacerPlan.steady(rate).stretches).at(time_s)
    assert 0.0 <= state.fraction <= 1.0
    assert 0.0 <= state.level <= 1.0
    if state.phase == "hold-in":
        assert state.level == 1.0
    if state.phase == "hold-out":
        assert state.level == 0.0


@pytest.mark.parametrize("shares", [(0.5, 0.0, 0.6, 0.0), (0.0, 0.0, 1.0, 0.0), (1.2, 0.0, -0.2, 0.0)])
def test_a_pattern_must_be_a_whole_breath(shares: tuple[float, float, float, float]) -> None:
    """Shares sum to 1, with an in and an out breath."""
    with pytest.raises(ValueError, match="sum to 1"):
        BreathPattern(*shares)
