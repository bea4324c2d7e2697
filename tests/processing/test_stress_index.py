"""Baevsky's index against its definition, counted by hand and by another way of making bins."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processing.analysis import analyze
from processing.stress_index import stress_index
from tests.processing.hearts import items, resting


def test_it_is_the_formula_counted_by_hand() -> None:
    """Three of five intervals lie in 800 to 850 ms, the range is 200 ms: 60 % / (2 x 0.825 s x 0.2 s)."""
    assert stress_index(np.array([760.0, 800.0, 849.9, 820.0, 960.0])) == pytest.approx(60 / (2 * 0.825 * 0.2))


def test_of_equally_full_bins_the_lowest_is_taken() -> None:
    """Two in 800 to 850, two in 900 to 950."""
    assert stress_index(np.array([810.0, 820.0, 910.0, 920.0])) == pytest.approx(50 / (2 * 0.825 * 0.11))


def test_equal_intervals_have_none() -> None:
    """No range to divide by, and no interval at all."""
    assert math.isnan(stress_index(np.full(300, 800.0)))
    assert math.isnan(stress_index(np.empty(0)))


@settings(max_examples=50, deadline=None)
@given(st.integers(20, 400), st.integers(0, 10_000), st.floats(2, 120))
def test_it_equals_a_histogram_made_by_numpy(beats: int, seed: int, spread_ms: float) -> None:
    """The same bins as edges handed to ``numpy.histogram``."""
    rr = np.random.default_rng(seed).normal(850, spread_ms, beats).clip(320, 1980)
    counts, edges = np.histogram(rr, np.arange(0.0, 2050.0, 50.0))
    fullest = int(counts.argmax())
    middle_s, span_s = (edges[fullest] + 25.0) / 1000.0, float(np.ptp(rr)) / 1000.0
    assert stress_index(rr) == pytest.approx(100 * counts[fullest] / beats / (2 * middle_s * span_s), rel=1e-12)


def test_an_analysis_gives_it_from_five_minutes_on() -> None:
    """With its window and its beats, and before that why not."""
    long, short = (analyze(items(resting(beats))).indices["stress_index"] for beats in (420, 120))
    assert long.value == pytest.approx(stress_index(resting(420)), rel=1e-9)
    assert long.unit == "%/s²"
    assert (short.value, (short.reason or "").split(":")[0]) == (None, "too_short")
