"""Entropy and fluctuation equal NeuroKit2's, and say nothing where there is nothing to say."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processing import neurokit
from processing.entropy import sample_entropy
from processing.fluctuation import dfa_alpha1
from tests.processing.hearts import Floats, paced, resting


@pytest.mark.parametrize(
    "rr", [resting(330, seed=1), resting(1000, seed=2), paced(300), np.round(resting(400, seed=3))], ids=range(4)
)
def test_both_equal_neurokit2(rr: Floats) -> None:
    """To 1e-9, whole milliseconds with many ties among them."""
    assert sample_entropy(rr) == pytest.approx(neurokit.sample_entropy(rr), rel=1e-9)
    assert dfa_alpha1(rr) == pytest.approx(neurokit.dfa_alpha1(rr), rel=1e-9)


@settings(max_examples=25, deadline=None)
@given(st.integers(20, 120), st.integers(0, 10_000), st.floats(1, 200))
def test_both_equal_neurokit2_on_any_series(beats: int, seed: int, spread_ms: float) -> None:
    """Also where hardly anything is alike."""
    rr = np.random.default_rng(seed).normal(900, spread_ms, beats)
    assert sample_entropy(rr) == pytest.approx(neurokit.sample_entropy(rr), rel=1e-9)
    assert dfa_alpha1(rr) == pytest.approx(neurokit.dfa_alpha1(rr), rel=1e-9)


def test_constant_and_short_series_have_no_exponent() -> None:
    """NaN, without a warning."""
    assert math.isnan(dfa_alpha1(np.full(300, 800.0)))
    assert math.isnan(dfa_alpha1(resting(11)))
    assert math.isnan(sample_entropy(resting(3)))


def test_memory_and_blocks_do_not_change_the_count() -> None:
    """A series longer than one block of comparisons, by definition."""
    rr = resting(700, seed=9)
    tolerance = 0.2 * rr.std(ddof=1)
    matches = []
    for length in (2, 3):
        rows = np.array([rr[place : place + length] for place in range(rr.size - 2)])
        distance = np.abs(rows[:, None, :] - rows[None, :, :]).max(axis=2)
        matches.append(int((distance <= tolerance).sum()) - len(rows))
    assert sample_entropy(rr) == pytest.approx(-math.log(matches[1] / matches[0]), rel=1e-12)
