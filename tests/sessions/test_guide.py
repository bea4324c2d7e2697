"""The breath guide of a sitting: it starts where the person is, slides, and its phase never jumps."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processing.pacer import BreathPattern, PacerPlan
from sessions.conductor import Conductor
from sessions.conductor_state import PLAN_AHEAD_S, Guide
from sessions.exercise import load


def guide_from(rate_bpm: float, target_bpm: float = 6.0) -> Guide:
    return Guide(PacerPlan.sliding(rate_bpm, target_bpm), 100.0, target_bpm)


@given(st.floats(0.0, 400.0), st.floats(3.0, 12.0), st.floats(6.0, 12.0))
def test_another_target_never_makes_the_phase_jump(after_s: float, target_bpm: float, start_bpm: float) -> None:
    """Where the breath is stays where it was until what was planned ahead is over, and it ends at a whole breath."""
    before = guide_from(start_bpm)
    press_s = 100.0 + after_s
    after = before.aimed_at(target_bpm, press_s)
    for ahead in (0.0, 0.5, 1.0, PLAN_AHEAD_S):
        old = before.plan.at(press_s + ahead - before.start_s)
        new = after.plan.at(press_s + ahead - after.start_s)
        assert new.level == pytest.approx(old.level, abs=1e-6)
        assert new.rate_bpm == pytest.approx(old.rate_bpm)


@given(st.floats(0.0, 400.0), st.floats(3.0, 12.0))
def test_another_target_is_reached_in_steps_of_half_a_breath(after_s: float, target_bpm: float) -> None:
    """Rates differ by at most 0.5 from one stretch to the next, and the last is the target."""
    after = guide_from(12.0).aimed_at(target_bpm, 100.0 + after_s)
    rates = [60.0 / stretch.period_s for stretch in after.plan.stretches]
    assert rates[-1] == pytest.approx(target_bpm)
    assert all(abs(a - b) <= 0.5 + 1e-9 for a, b in itertools.pairwise(rates))


@given(st.floats(0.0, 400.0), st.floats(0.0, 300.0))
def test_after_a_wait_the_guide_begins_a_new_breath_at_the_rate_reached(after_s: float, wait_s: float) -> None:
    """Nobody is sent back to the start of the slide."""
    before = guide_from(12.0)
    held_s = 100.0 + after_s
    again = before.again(held_s, held_s + wait_s)
    state = again.plan.at(0.0)
    assert (state.phase, state.fraction) == ("inhale", 0.0)
    assert state.rate_bpm == pytest.approx(before.rate_bpm(held_s))


@pytest.mark.parametrize(("own", "first"), [(None, 12.0), (9.0, 9.0), (15.0, 12.0), (5.0, 6.0)])
def test_the_guide_starts_at_the_own_rate_at_most_twelve(own: float | None, first: float) -> None:
    """min(12, own resting rate), and never below the target (docs/protocol.md)."""
    conductor = Conductor(load("tour"))
    conductor.own_rate_bpm = own
    conductor.begin(0.0)
    now = 0.0
    while conductor.guide is None:
        now += 1.0
        conductor.tick(now)
        if conductor.screen == "rating":
            conductor.act("rate", {"answers": {}}, now)
    assert conductor.guide.rate_bpm(now) == pytest.approx(first)
    assert conductor.guide.target_bpm == 6.0
    assert conductor.guide.pattern == BreathPattern(0.4, 0.0, 0.6, 0.0)
