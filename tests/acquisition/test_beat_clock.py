"""Placing of beats on the arrival clock, against the known truth of a strap made of numbers."""

from __future__ import annotations

import statistics
from collections.abc import Iterable
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acquisition.beat_clock import (
    DRIFT,
    LONGEST_STEP_BEATS,
    MEMORY_FRAMES,
    MISSING,
    STEP_LEAN_S,
    BeatClock,
    Lately,
    PlacedFrame,
)
from tests.acquisition.radio import SentFrame, frames

PACES_S = (0.5, 0.7, 0.85, 1.2)
SETTLED_BEATS = 120


def place(sent: Iterable[SentFrame]) -> tuple[list[PlacedFrame], list[float]]:
    """Frames as placed, and the true time of each of their intervals."""
    clock, placed, truth = BeatClock(), [], []
    for frame in sent:
        if frame.rr_ticks:
            truth += frame.ready_s
            placed += clock.push(frame.arrival_s, frame.rr_ticks)
    return placed, truth


def times(placed: Iterable[PlacedFrame]) -> list[float]:
    return [time_s for frame in placed for time_s in frame.times_s]


@pytest.mark.parametrize("mean_s", PACES_S)
@pytest.mark.parametrize("seed", range(3))
def test_settled_beats_lie_within_40_ms_of_a_constant_delay(mean_s: float, seed: int) -> None:
    """Late frames move no beat; what remains is the radio's usual delay."""
    placed, truth = place(frames(seed, mean_s=mean_s))
    errors = [at_s - true_s for at_s, true_s in zip(times(placed), truth, strict=False)][SETTLED_BEATS:]
    middle = statistics.median(errors)
    spread = sorted(abs(error - middle) for error in errors)
    assert 0 <= middle < 0.08
    assert spread[int(0.95 * len(spread))] < 0.04


@pytest.mark.parametrize("mean_s", PACES_S)
def test_settled_spacing_is_the_interval_but_for_small_corrections(mean_s: float) -> None:
    """Beat times differ by RR within a few ms, whatever the arrival did."""
    placed, _ = place(frames(5, mean_s=mean_s))
    ticks = [t for frame in placed for t in frame.rr_ticks]
    at_s = times(placed)
    corrections = [abs(b - a - t / 1024) for a, b, t in zip(at_s, at_s[1:], ticks[1:], strict=False)][SETTLED_BEATS:]
    assert statistics.mean(corrections) < 0.003
    assert max(corrections) < 0.06


@pytest.mark.parametrize("mean_s", [*PACES_S, 1.0, 60 / 59, 60 / 61])
def test_the_uncertainty_holds_the_truth_in_95_percent_of_beats(mean_s: float) -> None:
    """Also at the pace of the frames themselves, where the phase of the beat cannot be seen for minutes."""
    held = total = 0
    for seed in range(3):
        placed, truth = place(frames(seed, mean_s=mean_s))
        limits = [frame.uncertainty_ms / 1000 for frame in placed for _ in frame.rr_ticks]
        held += sum(abs(a - t) <= limit for a, t, limit in zip(times(placed), truth, limits, strict=False))
        total += len(limits)
    assert held / total >= 0.94


def test_the_uncertainty_falls_as_the_phase_is_seen() -> None:
    """It starts at about one beat and ends at the placing error."""
    placed, _ = place(frames(1, mean_s=0.85))
    assert placed[0].uncertainty_ms > 800
    assert placed[-1].uncertainty_ms < 120


@pytest.mark.parametrize("ppm", [-100, 100])
def test_a_strap_clock_that_is_off_does_not_drift_away(ppm: float) -> None:
    """After ten minutes at 100 ppm the beats are still within 60 ms."""
    placed, truth = place(frames(2, minutes=10, strap_clock_ppm=ppm))
    errors = [a - t for a, t in zip(times(placed), truth, strict=False)][SETTLED_BEATS:]
    assert max(map(abs, errors)) < 0.1
    assert not any(frame.gap for frame in placed)


def test_a_stall_and_its_burst_lose_nothing() -> None:
    """Frames held up for 6 s are placed where they belong, and no gap is claimed."""
    placed, truth = place(frames(3, stalled=(100.0, 106.0)))
    errors = [a - t for a, t in zip(times(placed), truth, strict=False)][SETTLED_BEATS:]
    assert not any(frame.gap for frame in placed)
    assert max(map(abs, errors)) < 0.1


@pytest.mark.parametrize("lost_s", [3, 4, 8, 20])
def test_beats_lost_without_a_word_become_one_gap_where_they_were(lost_s: int) -> None:
    """The first interval after the loss is the one behind the gap."""
    sent = [f for f in frames(4, late_share=0, lost=(100.0, 100.0 + lost_s)) if f.rr_ticks]
    placed, _ = place(sent)
    gaps = [frame for frame in placed if frame.gap]
    assert [frame.gap for frame in gaps] == [MISSING]
    assert gaps[0].rr_ticks == next(f.rr_ticks for f in sent if f.arrival_s >= 100.0)
    before = placed[placed.index(gaps[0]) - 1]
    assert gaps[0].begins_s - before.times_s[-1] == pytest.approx(lost_s, abs=1.7)


@pytest.mark.parametrize("beats", range(2, LONGEST_STEP_BEATS + 1))
def test_a_short_loss_keeps_the_phase_of_the_beat(beats: int) -> None:
    """It is stepped over by whole mean beats."""
    clock = BeatClock()
    at_s = 0.0
    for _ in range(30):
        at_s += 0.875
        clock.push(at_s, (896,))
    at_s += 0.875 * beats
    held = clock.push(at_s + 0.875, (896,)) + clock.push(at_s + 1.75, (896,))
    assert clock.settle() == []
    assert times(held) == pytest.approx([at_s + 0.875, at_s + 1.75], abs=STEP_LEAN_S + 0.001)


def offsets(placed: Iterable[PlacedFrame]) -> list[tuple[float, float]]:
    """After each frame: sum of intervals so far, and how far the last beat lies from it."""
    sums, chain_s = [], 0.0
    for frame in placed:
        chain_s += sum(frame.rr_ticks) / 1024
        sums.append((chain_s, frame.times_s[-1] - chain_s))
    return sums


@pytest.mark.parametrize("ppm", [-100, 0, 100])
def test_the_offset_rises_no_faster_than_two_crystals_drift_apart(ppm: float) -> None:
    """200 ppm at most, whatever the radio does; a fall is taken at once."""
    falls = 0
    for (chain_s, before_s), (next_s, after_s) in pairwise(offsets(place(frames(8, strap_clock_ppm=ppm))[0])):
        assert after_s - before_s <= DRIFT * (next_s - chain_s) + 1e-9
        falls += after_s < before_s
    assert falls > 2


def test_a_smaller_lag_is_believed_at_once() -> None:
    """A first frame that came late is put right by the next one in time."""
    clock = BeatClock()
    clock.push(1.6, (1024,))
    (frame,) = clock.push(2.0, (1024,))
    assert frame.times_s == (2.0,)


def test_a_missing_beat_is_taken_to_be_as_long_as_its_neighbours() -> None:
    """Breathing moves the heart within seconds, so the two next to the loss know it better than the last ten."""
    clock, at_s, placed = BeatClock(), 0.0, list[PlacedFrame]()
    for ticks in range(700, 1040, 10):
        at_s += ticks / 1024
        if ticks not in (1000, 1010):
            placed += clock.push(at_s, (ticks,))
    held = placed[-2:]
    assert [frame.gap for frame in held] == [MISSING, None]
    assert times(held)[-1] == pytest.approx(at_s, abs=0.02)


@given(st.lists(st.floats(-1, 5, allow_nan=False), min_size=1, max_size=2 * MEMORY_FRAMES), st.floats(0, 1))
def test_quantiles_are_those_of_the_newest_values(values: list[float], share: float) -> None:
    """The same as sorting them anew."""
    lately = Lately()
    for value in values:
        lately.add(value)
    newest = sorted(values[-MEMORY_FRAMES:])
    assert lately.quantile(share) == newest[int(share * (len(newest) - 1))]


def test_a_heart_slower_than_the_frames_is_placed_within_a_frame() -> None:
    """At 45/min lags fill one frame of a second, not one beat; that is no sign of a phase unseen."""
    placed, _ = place(frames(3, mean_s=60 / 45))
    assert statistics.median(frame.uncertainty_ms for frame in placed[60:]) < 150


def test_a_cut_begins_a_new_segment_with_its_reason() -> None:
    """The first frame after it carries the reason, the second none."""
    clock = BeatClock()
    clock.push(1.0, (1024,))
    assert clock.cut("link lost") == []
    assert clock.push(9.0, (1024,))[0].gap == "link lost"
    assert clock.push(10.0, (1024,))[0].gap is None


def test_a_cut_before_the_first_beat_is_no_gap() -> None:
    """There is nothing that a gap could follow."""
    clock = BeatClock()
    clock.cut("link lost")
    assert clock.push(9.0, (1024,))[0].gap is None


def test_an_interval_that_began_before_the_loss_begins_at_the_last_beat() -> None:
    """A strap that counts through a short drop sends an interval longer than the gap; time never overlaps."""
    clock = BeatClock()
    (first,) = clock.push(1.0, (1024,))
    clock.cut("link lost")
    (after,) = clock.push(3.0, (4096,))
    assert after.begins_s == first.times_s[-1] == 1.0
    assert after.times_s == (3.0,)


def test_short_intervals_keep_their_place_and_move_nothing() -> None:
    """An interval under 150 ms lies right behind the beat before it; the next beat is where it would have been."""
    clock = BeatClock()
    clock.push(1.0, (1024,))
    (frame,) = clock.push(2.9, (1024, 52, 0, 921))
    a, b, c, d = frame.times_s
    assert (a, d) == (pytest.approx(2.0, abs=0.001), pytest.approx(2.0 + 921 / 1024, abs=0.001))
    assert a < b < c < a + 0.01


def test_intervals_that_cannot_be_true_end_the_segment() -> None:
    """64 s within one second is no heart; the chain starts anew and stays on time."""
    clock = BeatClock()
    for second in range(1, 20):
        clock.push(float(second), (1024,))
    (absurd,) = clock.push(20.0, (0xFFFF,))
    assert absurd.gap is not None
    assert absurd.times_s == (20.0,)
    assert clock.push(21.0, (1024,))[0].times_s == (21.0,)


ARRIVALS = st.lists(
    st.tuples(
        st.floats(0, 20, allow_nan=False),
        st.lists(st.integers(0, 0xFFFF), min_size=1, max_size=9),
        st.sampled_from(["", "", "", "cut", "doubt", "settle"]),
    ),
    max_size=40,
)


@given(ARRIVALS)
@settings(max_examples=200)
def test_whatever_comes_no_interval_is_lost_and_time_rises(arrivals: list[tuple[float, list[int], str]]) -> None:
    """Every interval is placed once, in order, strictly after the one before."""
    clock, placed, now_s = BeatClock(), list[PlacedFrame](), 0.0
    for wait_s, ticks, event in arrivals:
        now_s += wait_s
        placed += clock.push(now_s, tuple(ticks))
        if event == "settle":
            placed += clock.settle()
        elif event:
            placed += getattr(clock, event)(event)
    placed += clock.settle()
    assert [t for frame in placed for t in frame.rr_ticks] == [t for _, ticks, _ in arrivals for t in ticks]
    assert all(earlier < later for earlier, later in pairwise(times(placed)))
    for before, frame in pairwise(placed):
        assert frame.gap is None or before.times_s[-1] <= frame.begins_s <= frame.times_s[-1]


def test_the_same_frames_give_the_same_beats() -> None:
    """Placing is a pure function of what came."""
    assert place(frames(9)) == place(frames(9))
