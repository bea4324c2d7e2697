"""The pass over one window is NeuroKit2's, beat by beat."""

from __future__ import annotations

import neurokit2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processing.lipponen_tarvainen import REACH, Kind, find, may_find
from processing.values import Verdict
from tests.processing.hearts import Floats, paced, resting, with_faults

NAMES = {"ectopic": Kind.ECTOPIC, "missed": Kind.MISSED, "extra": Kind.EXTRA, "longshort": Kind.LONG_SHORT}
MICROSECONDS = 1_000_000


def by_neurokit2(rr_ms: Floats) -> dict[int, Kind]:
    """Single pass with thresholds over the whole window: a rolling width of at least twice its length."""
    peaks = np.concatenate(([0], np.cumsum(np.round(rr_ms * 1000))))
    info, _ = neurokit2.signal_fixpeaks(
        peaks, sampling_rate=MICROSECONDS, method="kubios", iterative=False, window_width=2 * rr_ms.size + 17
    )
    return {int(i) - 1: kind for name, kind in NAMES.items() for i in info[name] if i > 0}


@pytest.mark.parametrize("kind", [Verdict.MISSED, Verdict.EXTRA, Verdict.ECTOPIC])
@pytest.mark.parametrize("seed", range(12))
def test_a_window_with_faults_reads_as_in_neurokit2(kind: Verdict, seed: int) -> None:
    """Same artefacts at the same places, for windows of every kind of fault."""
    rr = np.round(with_faults(resting(95, seed=seed), kind, 4, seed).rr_ms[:91], 3)
    assert find(rr) == by_neurokit2(rr)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(300_000, 1_900_000), min_size=4, max_size=91).filter(lambda values: len(set(values)) > 2))
def test_any_window_reads_as_in_neurokit2(microseconds: list[int]) -> None:
    """Even of intervals that no heart makes."""
    rr = np.array(microseconds) / 1000.0
    assert find(rr) == by_neurokit2(rr)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.floats(300, 1900), min_size=1, max_size=91), st.sampled_from([0.0, 20.0, 90.0]), st.integers(1, 6))
def test_what_may_not_be_found_is_not_found(rr_ms: list[float], floor_ms: float, open_beats: int) -> None:
    """The quick look spares the pass only where the pass would say nothing of the open intervals."""
    if not may_find(rr_ms, floor_ms, last=open_beats + REACH):
        assert all(index < len(rr_ms) - open_beats for index in find(np.array(rr_ms), floor_ms))


def test_the_quick_look_spares_quiet_windows_and_no_other() -> None:
    """A step over the threshold is seen while it can concern an open interval, and no longer."""
    rr = [*(800.0 + 10 * (at % 3) for at in range(60)), 1600.0, *(800.0 + 10 * (at % 3) for at in range(8))]
    assert [may_find(rr[:size], 20.0, last=4) for size in (60, 61, 64, 68)] == [False, True, True, False]


def test_the_published_pass_is_blind_without_variability_and_the_floor_opens_its_eyes() -> None:
    """A doubled interval among equal ones has a threshold of zero; with a floor it is a missed beat."""
    rr = np.full(40, 800.0)
    rr[20] = 1600.0
    assert find(rr) == {}
    assert find(rr, floor_ms=20.0)[20] is Kind.MISSED


def test_slow_deep_breathing_holds_no_artefact() -> None:
    """±150 ms at six a minute is a heart at its best."""
    assert all(find(paced(91, seed=seed)) == {} for seed in range(20))


def test_fewer_than_four_intervals_are_not_judged() -> None:
    """There is no neighbourhood to judge from."""
    assert find(np.array([800.0, 2400.0, 800.0])) == {}
