"""Two hearts: their lag is found whatever was lost, strangers stay strangers, and what cannot be told is withheld."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.accuracy.two_hearts import Pair, pair
from processing.synchrony import Person, synchrony


def two(seed: int = 1, **made: float) -> tuple[Person, Person]:
    return pair(Pair(**made), np.random.default_rng(seed))  # type: ignore[arg-type]  # counts and seconds alike


def moved(person: Person, by_s: float) -> Person:
    return replace(person, time_s=person.time_s + by_s)


@pytest.mark.parametrize("dropped", [0, 2, 10])
def test_lost_beats_do_not_move_the_lag(dropped: int) -> None:
    """Beats stand at their own time, so that nothing slides when some are missing."""
    found = synchrony(*two(dropped=dropped))
    assert found.linked
    assert found.lag_s == pytest.approx(2.0, abs=0.25)


def test_the_one_that_comes_later_has_the_sign() -> None:
    """Swapped people have the opposite lag and the same correlation."""
    first, second = two()
    one, other = synchrony(first, second), synchrony(second, first)
    assert one.lag_s is not None
    assert other.lag_s == pytest.approx(-one.lag_s, abs=0.05)
    assert other.r == pytest.approx(one.r, abs=0.05)


def test_a_moved_clock_moves_the_lag_by_as_much() -> None:
    """Half a second later on the shared clock is half a second more lag."""
    first, second = two()
    before, after = synchrony(first, second).lag_s, synchrony(first, moved(second, 0.5)).lag_s
    assert before is not None
    assert after == pytest.approx(before + 0.5, abs=0.08)


def test_hearts_that_go_opposite_ways_are_linked_with_a_negative_r() -> None:
    """The second heart is the first one's mirror image about its mean."""
    first, _ = two(rsa_bpm=0.0)
    beats = Person(first.time_s, first.rr_ms, first.normal)
    rate = 60_000.0 / beats.rr_ms
    mirrored = np.interp(np.arange(beats.time_s[0], beats.time_s[-1], 1 / 32), beats.time_s, 2 * rate.mean() - rate)
    phase = np.cumsum(mirrored / 60 / 32)
    at_s = np.interp(np.arange(1, int(phase[-1])), phase, np.arange(phase.size) / 32 + beats.time_s[0])
    opposite = Person(at_s[1:], 1000.0 * np.diff(at_s), np.ones(at_s.size - 1, dtype=bool))
    found = synchrony(beats, opposite)
    assert found.linked
    assert found.r is not None
    assert found.r < -0.6
    assert found.in_phase_percent == pytest.approx(0.0, abs=20.0)


def test_strangers_have_no_lag_and_the_reason_says_so() -> None:
    """Of a pair without anything in common the correlation is told with what chance gives, and nothing else."""
    found = synchrony(*two(seed=4, shared=0.0))
    assert not found.linked
    assert (found.lag_s, found.lag_uncertainty_s) == (None, None)
    assert (found.reason or "").startswith("low_confidence")
    assert found.chance_r is not None


@pytest.mark.parametrize("length_s", [20.0, 60.0, 200.0])
def test_a_short_time_together_is_withheld(length_s: float) -> None:
    """Under five minutes no other alignments are left to compare with."""
    found = synchrony(*two(length_s=length_s))
    assert (found.r, found.linked, found.p) == (None, None, None)
    assert (found.reason or "").startswith("too_short")


def test_a_long_hole_leaves_its_windows_out() -> None:
    """Windows in which a fifth is missing are not counted; the rest still speaks."""
    first, second = two()
    hole = (second.time_s > 300) & (second.time_s < 420)
    holed = Person(second.time_s[~hole], second.rr_ms[~hole], second.normal[~hole])
    whole, found = synchrony(first, second), synchrony(first, holed)
    assert found.windows <= whole.windows
    assert found.lag_s == pytest.approx(2.0, abs=0.3)


def test_guided_breathing_is_set_apart() -> None:
    """Windows in which both breathed with a guide are counted apart and decide nothing."""
    first, second = two()
    found = synchrony(first, second, apart=[(200.0, 500.0)])
    assert found.set_apart >= 20
    everything = synchrony(first, second, apart=[(0.0, 1000.0)])
    assert everything.r is None
    assert (everything.reason or "").startswith("paused")


def test_refused_beats_have_no_say() -> None:
    """Absurd intervals that are marked refused change the lag by less than its grid."""
    first, second = two()
    normal = second.normal.copy()
    normal[100:104] = False
    wrong = second.rr_ms.copy()
    wrong[100:104] = 5000.0
    found = synchrony(first, Person(second.time_s, wrong, normal))
    assert found.lag_s == pytest.approx(2.0, abs=0.25)


@given(st.integers(0, 40), st.floats(300.0, 2000.0), st.floats(0.0, 100.0))
def test_any_two_rows_of_beats_give_an_answer_or_a_reason(beats: int, rr_ms: float, offset_s: float) -> None:
    """Constant, empty and disjoint rows end in a reason, never in an error."""
    rr = np.full(beats, rr_ms)
    one = Person(np.cumsum(rr) / 1000.0, rr, np.ones(beats, dtype=bool))
    found = synchrony(one, moved(one, offset_s))
    assert found.reason is not None


def test_hearts_that_do_not_vary_have_nothing_to_compare() -> None:
    """Ten minutes of equal intervals leave no window with a shape."""
    rr = np.full(800, 800.0)
    one = Person(np.cumsum(rr) / 1000.0, rr, np.ones(800, dtype=bool))
    assert synchrony(one, one).r is None
