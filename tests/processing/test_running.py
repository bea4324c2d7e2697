"""Running sums tell the same as the plain kernel over the same beats."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processing.indices import time_domain
from processing.running import CAPACITY, RunningBeats
from processing.swing import noise_bpm
from processing.thresholds import SPECS
from processing.values import Judgement, Verdict
from processing.windows import AFTER_GAP, AFTER_PAUSE, FIRST, JOINED, Series, WindowFacts, withheld
from tests.processing.hearts import resting


@settings(max_examples=40, deadline=None)
@given(st.integers(3, 250), st.integers(0, 10_000), st.sampled_from([10.0, 30.0, 60.0, 120.0]))
def test_any_window_has_the_kernels_numbers_and_the_series_facts(beats: int, seed: int, seconds: float) -> None:
    """With refused beats, gaps, pauses and verdicts that change after the beat was added."""
    rr, draw = resting(beats, seed=seed), np.random.default_rng(seed)
    normal = draw.uniform(size=beats) > 0.1
    follows = draw.choice([JOINED] * 18 + [AFTER_GAP, AFTER_PAUSE], beats)
    follows[0] = FIRST
    ends = np.cumsum(rr) / 1000 + np.cumsum(follows != JOINED) * 2.0
    running = RunningBeats()
    for place in range(beats):
        running.add(float(ends[place]), float(rr[place]), bool(draw.uniform() > 0.5), int(follows[place]))
        back = max(0, place - 3)
        running.change(back, normal=bool(normal[back]), follows=int(follows[back]))
    for place in range(max(0, beats - 4), beats):
        running.change(place, normal=bool(normal[place]), follows=int(follows[place]))
    facts, first = running.window(seconds)
    series = Series(ends, rr, normal, follows.astype(np.int8), normal, ends, rr)
    window = series.window(float(ends[-1]) - seconds, float(ends[-1]))
    assert facts == pytest.approx(window.facts)
    assert first == window.first
    kernel = time_domain(window.rr_ms, window.normal, window.joined)
    expected = (kernel.mean_hr_bpm, kernel.sdnn_ms, kernel.rmssd_ms, kernel.pnn50_percent)
    sums = (running.mean_hr_bpm, running.sdnn_ms, running.rmssd_ms, running.pnn50_percent)
    assert tuple(each(first) for each in sums) == pytest.approx(expected, rel=1e-9, abs=1e-9, nan_ok=True)


def test_the_sums_lose_no_digits_over_a_day() -> None:
    """After 100,000 beats at a level far from the first, a steady heart's few milliseconds are still exact."""
    draw = np.random.default_rng(0)
    rr = np.where(np.arange(100_000) < 50_000, 1100.0, 350.0) + draw.normal(0, 3, 100_000)
    running, time_s = RunningBeats(), 0.0
    for value in rr.tolist():
        time_s += value / 1000
        running.add(time_s, value, True, JOINED)
    _, first = running.window(60.0)
    tail = rr[-(len(running.rr_ms) - first) :]
    assert len(running.rr_ms) <= CAPACITY
    assert running.sdnn_ms(first) == pytest.approx(tail.std(ddof=1), rel=1e-9)
    assert running.rmssd_ms(first) == pytest.approx(np.sqrt(np.mean(np.diff(tail) ** 2)), rel=1e-9)


def test_noise_is_that_of_the_beats_of_the_window() -> None:
    """Second differences of the heart rate, none across a refused beat."""
    running, time_s = RunningBeats(), 0.0
    for value in resting(60).tolist():
        time_s += value / 1000
        running.add(time_s, value, True, JOINED)
    assert running.noise_bpm(20) == pytest.approx(noise_bpm(running.rate_bpm[20:]))


def facts(**changes: object) -> WindowFacts:
    whole = WindowFacts(0.0, 60.0, 70, 70, 0.0, 1.0, True, None)
    return whole._replace(**changes)


@pytest.mark.parametrize(
    ("name", "window", "word"),
    [
        ("sdnn_ms", facts(), None),
        ("sdnn_ms", facts(end_s=59.0), "too_short"),
        ("sdnn_ms", facts(filled=False, covered=0.5), "too_short"),
        ("sdnn_ms", facts(hole="gap", covered=0.79), "gap"),
        ("sdnn_ms", facts(hole="gap", covered=0.81), None),
        ("sdnn_ms", facts(hole="paused", covered=0.5), "paused"),
        ("hf_ms2", facts(hole="gap", covered=0.99), "gap"),
        ("sdnn_ms", facts(intervals=19, beats=19), "too_few_beats"),
        ("sdnn_ms", facts(beats=63, corrected_percent=10.0), None),
        ("sdnn_ms", facts(beats=62, corrected_percent=10.1), "too_many_corrected"),
        ("hf_ms2", facts(beats=66, corrected_percent=5.0), None),
        ("hf_ms2", facts(beats=66, corrected_percent=5.1), "too_many_corrected"),
        ("lf_ms2", facts(), "too_short"),
    ],
)
def test_the_one_table_decides_what_is_told(name: str, window: WindowFacts, word: str | None) -> None:
    """Limits are inclusive: up to 5 and 10 percent is told, more is not."""
    reason = withheld(SPECS[name], window)
    assert (reason.split(":")[0] if reason else None) == word


def test_an_interval_that_nobody_explains_is_a_hole_for_waves() -> None:
    """Ten seconds without a beat must not be drawn through, even when the source noticed no gap."""
    judged = [Judgement(seq, float(seq + 1), 1000.0, Verdict.NORMAL, False) for seq in range(40)]
    judged[20] = Judgement(20, 30.0, 10_000.0, Verdict.OUT_OF_RANGE, False)
    series = Series.of(judged, [])
    assert series.window(0.0, float(series.time_s[-1])).facts.hole == "gap"
