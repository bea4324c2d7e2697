"""Rhythms without order: refused live and in recordings; deep breaths and early beats are not taken for them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processing.analysis import analyze, judge
from processing.irregular import BLOCK_BEATS, HOLD_S, STILL_TOLD, IrregularRhythm, marked, without_order
from processing.pipeline import BeatUpdate
from tests.processing.hearts import Floats, items, live, normal_judgements, paced, resting, with_ectopy


def unordered(beats: int, seed: int = 0, variation: float = 0.2) -> Floats:
    """Each interval drawn for itself."""
    return np.maximum(300.0, np.random.default_rng(seed).normal(750, 750 * variation, beats))


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("variation", [0.13, 0.2, 0.25])
def test_intervals_drawn_for_themselves_are_without_order(seed: int, variation: float) -> None:
    """As in atrial fibrillation."""
    assert without_order(unordered(BLOCK_BEATS, seed, variation).tolist())


@pytest.mark.parametrize("seed", range(5))
def test_breath_and_early_beats_have_order(seed: int) -> None:
    """However deep the one and frequent the others."""
    rest, breath = resting(300, seed=seed), paced(300, seed=seed)
    for rr in (rest, breath, with_ectopy(rest, 20, seed).rr_ms, with_ectopy(breath, 8, seed).rr_ms):
        assert not marked(judge(items(rr)), np.arange(rr.size) == 0).any()


def test_a_breath_that_moves_the_heart_as_far_as_fibrillation_has_order() -> None:
    """RMSSD 100 ms and entropy above the cut, but the next interval can be told from those before."""
    time_s, rr = 0.0, []
    draw = np.random.default_rng(3)
    for _ in range(BLOCK_BEATS):
        rr.append(950 + 130 * np.sin(2 * np.pi * 0.22 * time_s) + draw.normal(0, 15))
        time_s += rr[-1] / 1000
    assert np.sqrt(np.mean(np.diff(rr) ** 2)) > 95
    assert not without_order(rr)


def test_a_recording_without_order_has_a_rate_and_no_variability() -> None:
    """Every number of variability says why; the number of intervals refused stays told beside it."""
    indices = analyze(items(unordered(300))).indices
    for name, index in indices.items():
        if name not in STILL_TOLD:
            assert (index.reason or "").startswith("irregular_rhythm"), name
    assert not (indices["mean_hr_bpm"].reason or "").startswith("irregular_rhythm")


@pytest.mark.parametrize("correction", ["none", "kubios"])
def test_no_correction_makes_a_rhythm_of_it(correction: str) -> None:
    """The question is put to the intervals as they came."""
    found = analyze(items(unordered(300)), correction=correction)  # type: ignore[arg-type]  # a str
    assert (found.indices["rmssd_ms"].reason or "").startswith("irregular_rhythm")
    assert found.indices["mean_hr_bpm"].value is not None or correction == "attune"


def test_live_numbers_stay_away_until_no_window_holds_such_beats() -> None:
    """Once 64 intervals of disorder are there, and for two minutes after order is back."""
    rr = np.concatenate((unordered(100), resting(300)))
    updates, _ = live(items(rr))
    refused = [
        (u.indices["rmssd_ms"].reason or "").startswith("irregular_rhythm")
        for u in updates
        if isinstance(u, BeatUpdate)
    ]
    first, last = refused.index(True), len(refused) - refused[::-1].index(True)
    assert BLOCK_BEATS <= first < 100
    assert all(refused[first:last])
    assert HOLD_S <= rr[100:last].sum() / 1000 <= HOLD_S + BLOCK_BEATS
    assert not refused[-1]


def test_nothing_is_said_of_fewer_beats_or_across_a_gap() -> None:
    """A block is 64 intervals that follow one another."""
    rhythm = IrregularRhythm()
    said = [rhythm.push(judgement) for judgement in normal_judgements(unordered(BLOCK_BEATS - 1))]
    rhythm.gap()
    said += [rhythm.push(judgement) for judgement in normal_judgements(unordered(BLOCK_BEATS - 1, seed=1))]
    assert not any(said)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(1e-3, 1e7), min_size=BLOCK_BEATS, max_size=BLOCK_BEATS))
def test_any_intervals_have_an_answer(rr: list[float]) -> None:
    """Even those that no heart makes."""
    assert without_order(rr) in (True, False)
