"""Tachogram, rhythm and swing: what is read from the shape of the heart's waves."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.interpolate import CubicSpline
from scipy.signal import periodogram

from processing.pacer import PacerPlan
from processing.rhythm import _tables, reached_maximum, rhythm_and_hf, rhythm_score
from processing.spectrum import HF_HZ, LF_HZ, band_power, in_small_products, tachogram_4hz, welch
from processing.swing import last_breaths, noise_bpm, paced_swing, turning_points, unpaced_swing
from processing.tachogram import CAPACITY, Tachogram
from tests.processing.hearts import Floats, paced, resting


def drawn(rr_ms: Floats) -> Tachogram:
    tachogram = Tachogram()
    for time_s, value in zip((np.cumsum(rr_ms) / 1000).tolist(), rr_ms.tolist(), strict=True):
        tachogram.push(time_s, value)
    return tachogram


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(300, 2000), min_size=5, max_size=150))
def test_the_tachogram_is_the_not_a_knot_cubic(rr: list[float]) -> None:
    """Every 0.25 s from the first beat to the last, as scipy draws it."""
    values = np.array(rr)
    ends = np.cumsum(values) / 1000
    samples = tachogram_4hz(ends, values)
    grid = ends[0] + np.arange(samples.size) / 4
    assert grid[-1] <= ends[-1] + 1e-6
    assert grid[-1] > ends[-1] - 0.25 - 1e-6
    assert samples == pytest.approx(CubicSpline(ends, values)(grid), rel=1e-7, abs=1e-6)


@settings(max_examples=40, deadline=None)
@given(st.integers(5, 300), st.integers(0, 200), st.integers(0, 3), st.integers(0, 99))
def test_the_ready_tachogram_gives_the_same_samples_from_any_beat_on(
    beats: int, first: int, taken_back: int, seed: int
) -> None:
    """With points taken back and drawn anew in between."""
    rr = resting(beats, seed=seed)
    ends = np.cumsum(rr) / 1000
    tachogram = drawn(rr)
    tachogram.rewind(beats - taken_back)
    for place in range(beats - taken_back, beats):
        tachogram.push(float(ends[place]), float(rr[place]))
    first = min(first, beats - 1)
    samples = tachogram.samples(float(ends[first]) - 1e-6)
    if beats - first < 5:
        assert samples is None
    else:
        assert samples is not None
        assert samples == pytest.approx(tachogram_4hz(ends[first:], rr[first:]), rel=1e-9)


def test_a_long_tachogram_lets_old_points_go_and_draws_on() -> None:
    """Memory does not grow; the last minute is what it was."""
    rr = resting(CAPACITY + 500)
    tachogram, ends = drawn(rr), np.cumsum(rr) / 1000
    samples = tachogram.samples(float(ends[-60]) - 1e-6)
    assert samples == pytest.approx(tachogram_4hz(ends[-60:] - ends[-60], rr[-60:]), rel=1e-7)


def test_a_spectrum_of_under_four_samples_is_refused() -> None:
    """Two segments of two samples are the least that can be transformed."""
    with pytest.raises(ValueError, match="four samples"):
        welch(np.ones(3))


def test_a_band_without_two_bins_has_no_power() -> None:
    """As in Welch's own reading of so short a stretch."""
    samples = np.arange(12.0) ** 2
    assert math.isnan(band_power(samples, LF_HZ))
    assert math.isnan(welch(samples).power_ms2(LF_HZ))


def test_windows_drawn_together_are_those_drawn_alone() -> None:
    """As one system whose blocks do not touch; a window of under five points is none."""
    tachogram, ends = drawn(resting(300)), np.cumsum(resting(300)) / 1000
    starts = [float(ends[-count]) - 1e-6 for count in (140, 3, 70)]
    long, none, short = tachogram.together(*starts)
    assert none is None
    assert long is not None
    assert short is not None
    assert long == pytest.approx(tachogram_4hz(ends[-140:], resting(300)[-140:]), rel=1e-9)
    assert short == pytest.approx(tachogram_4hz(ends[-70:], resting(300)[-70:]), rel=1e-9)
    assert tachogram.together() == []


def test_products_are_so_small_that_one_thread_does_them() -> None:
    """BLAS wakes further threads for a matrix of 9216 elements and more."""
    tables = _tables(240)
    assert tables.to_few.shape[1] * tables.to_few.shape[2] < 9216
    assert tables.searched.shape[2] * tables.searched.shape[3] < 9216


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 200), st.integers(1, 500))
def test_a_table_in_small_products_is_the_whole_table(rows: int, size: int) -> None:
    """One product with its parts gives what the table gives, and noughts behind."""
    table = np.arange(rows * size, dtype=np.float64).reshape(rows, size)
    parts = in_small_products(table)
    assert parts.shape[1] * parts.shape[2] < 9216
    given_back = parts.reshape(-1, size)
    assert np.array_equal(given_back[:rows], table)
    assert not given_back[rows:].any()


@pytest.mark.parametrize("samples", [233, 238, 240])
def test_hf_beside_the_rhythm_is_hf_alone(samples: int) -> None:
    """One product answers both; the score beside it is the score alone."""
    minute = 850 + 30 * np.random.default_rng(samples).normal(size=samples)
    score, frequency_hz, hf = rhythm_and_hf(minute)
    assert hf == pytest.approx(welch(minute).power_ms2(HF_HZ), rel=1e-9)
    assert (score, frequency_hz) == rhythm_score(minute)


def test_a_level_far_above_the_waves_costs_no_digit() -> None:
    """Rows that a constant gives nothing to need no centred samples: 2 s of RR, and 0.01 ms of change in it."""
    slight = 2000.0 + 0.01 * np.random.default_rng(3).normal(size=240)
    assert band_power(slight, HF_HZ) == pytest.approx(welch(slight).power_ms2(HF_HZ), rel=1e-9)
    assert band_power(np.full(240, 2000.0), HF_HZ) < 1e-18


def by_scipy(samples: Floats, paced_hz: float | None) -> tuple[float, float]:
    """The definition once more, straight from a periodogram."""
    frequency, density = periodogram(samples, fs=4.0, window="hann", nfft=4096, detrend="linear")
    band = (frequency >= 0.04) & (frequency <= 0.40)
    if paced_hz is None:
        slow = (frequency >= 0.04) & (frequency <= 0.26)
        paced_hz = float(frequency[slow][density[slow].argmax()])
    near = band & (np.abs(frequency - paced_hz) <= 0.015 + 1e-12)
    return float(density[near].sum() / density[band].sum()), paced_hz


@pytest.mark.parametrize("paced_hz", [None, 0.1, 0.05, 0.25])
@pytest.mark.parametrize("seconds", [57, 59.75, 60])
def test_rhythm_is_one_hann_segment_detrended_on_a_fine_grid(paced_hz: float | None, seconds: float) -> None:
    """Edges inclusive; the peak is looked for between 0.04 and 0.26 Hz when nobody paces."""
    time_s = np.arange(int(seconds * 4)) / 4
    draw = np.random.default_rng(1)
    samples = 800 + 2 * time_s + 50 * np.sin(0.63 * time_s) + 20 * np.sin(1.7 * time_s) + draw.normal(0, 9, time_s.size)
    assert rhythm_score(samples, paced_hz) == pytest.approx(by_scipy(samples, paced_hz), rel=1e-9)


def test_one_steady_wave_reaches_the_stated_maximum_and_noise_stays_far_below() -> None:
    """The score's range is 0 to that maximum, not to 1."""
    steady = paced(80, swing_ms=60)
    samples = tachogram_4hz(np.cumsum(steady) / 1000, steady)[:240]
    assert rhythm_score(samples, 0.1)[0] == pytest.approx(reached_maximum(), abs=0.05)
    noise = np.random.default_rng(0).normal(800, 30, 240)
    assert rhythm_score(noise)[0] < 0.4


def test_samples_that_do_not_vary_have_no_rhythm() -> None:
    """A straight line has nothing in any band."""
    assert math.isnan(rhythm_score(np.full(240, 812.5))[0])


def ends_and_rates(rr_ms: Floats) -> tuple[list[float], list[float]]:
    return (np.cumsum(rr_ms) / 1000).tolist(), (60000 / rr_ms).tolist()


def test_unpaced_swing_is_the_mean_height_between_the_last_turning_points() -> None:
    """A sine breath of ±60 ms, four beats or more to a breath."""
    ends, rates = ends_and_rates(paced(60, swing_ms=60, per_minute=7))
    swing = unpaced_swing(ends, rates, noise_bpm(rates))
    assert swing is not None
    assert swing.bpm == pytest.approx(60000 / 740 - 60000 / 860, rel=0.05)
    assert swing.stands_out


@pytest.mark.parametrize("seed", range(10))
def test_mere_noise_does_not_stand_out(seed: int) -> None:
    """A swing that the beat-to-beat noise could make is not shown: mostly, as noise goes."""
    rr = np.random.default_rng(seed).normal(850, 25, 60)
    ends, rates = ends_and_rates(rr)
    noise = noise_bpm(rates)
    swing = paced_swing(ends, rates, (ends[-1] - 20, ends[-1] - 10, ends[-1]), noise)
    assert swing is not None
    assert not swing.stands_out


def test_swing_shows_a_change_whole_after_two_breaths() -> None:
    """Three times the depth from one breath to the next."""
    plan, ends, rates = PacerPlan.steady(6.0), [], []
    time_s = 0.0
    while time_s < 100:
        depth = 20 if time_s < 60 else 60
        value = 800 + depth * math.sin(2 * math.pi * time_s / 10)
        time_s += value / 1000
        ends.append(time_s)
        rates.append(60000 / value)
    told = {}
    for now_s in (59.0, 80.5):
        bounds = last_breaths(plan, 0.0, now_s)
        assert bounds is not None
        found = paced_swing(ends, rates, bounds, noise_bpm(rates))
        assert found is not None
        told[now_s] = found.bpm
    assert told[80.5] == pytest.approx(3 * told[59.0], rel=0.1)


def test_two_whole_breaths_must_have_passed() -> None:
    """Before the plan's start and in its first two breaths there are none."""
    plan = PacerPlan.steady(6.0)
    assert last_breaths(plan, 10.0, 5.0) is None
    assert last_breaths(plan, 10.0, 29.9) is None
    assert last_breaths(plan, 10.0, 30.1) == pytest.approx((10.0, 20.0, 30.0))


def test_a_breath_with_fewer_than_three_beats_has_no_swing() -> None:
    """Two beats cannot show a top and a bottom."""
    assert paced_swing([0.5, 1.0, 4.0, 11.0], [60.0, 61.0, 62.0, 63.0], (0.0, 10.0, 20.0), 0.1) is None


@given(st.lists(st.floats(40, 160), min_size=1, max_size=80), st.floats(0.5, 20))
def test_turning_points_alternate_and_stand_apart(values: list[float], least: float) -> None:
    """Tops and bottoms by turns, each at least the threshold from the last."""
    turns = turning_points(values, least)
    heights = [values[two] - values[one] for one, two in itertools.pairwise(turns)]
    assert all(abs(height) >= least for height in heights)
    assert all(one * two < 0 for one, two in itertools.pairwise(heights))
    assert turning_points(values, least, 2) == turns[:2]
