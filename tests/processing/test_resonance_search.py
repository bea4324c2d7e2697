"""The search asks where it learns most, keeps to its time, and states what it knows."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processing.resonance import assess_search
from processing.resonance_fit import Answer, resonance_of
from processing.resonance_search import FIRST_BPM, LONGEST_S, OFFERED_BPM, ResonanceSearch, expected_gain
from tests.processing.followers import HALVES, intervals, series_of


def searched(peak_bpm: float, *, noise_bpm: float = 0.7, delay_s: float = 0.0, seed: int = 0) -> ResonanceSearch:
    search = ResonanceSearch(HALVES)
    while not search.over:
        until_s = search.decides_s + delay_s
        heart = intervals(search.plan, until_s, peak_bpm=peak_bpm, noise_bpm=noise_bpm, delay_s=delay_s, seed=seed)
        search.go_on(series_of(heart), delay_s)
    return search


@pytest.mark.parametrize("peak_bpm", [4.7, 5.4, 6.2])
def test_the_search_finds_the_peak_in_twelve_minutes_and_states_them(peak_bpm: float) -> None:
    """Within a quarter of a breath, and the range holds it."""
    search = searched(peak_bpm)
    heart = series_of(intervals(search.plan, 60 * search.minutes, peak_bpm=peak_bpm))
    found = assess_search(heart, search, 0.0)
    assert found.resonance is not None
    assert found.resonance.rate_bpm == pytest.approx(peak_bpm, abs=0.25)
    assert found.resonance.low_bpm <= peak_bpm <= found.resonance.high_bpm
    assert found.minutes == search.minutes <= LONGEST_S / 60


def test_the_search_begins_with_three_rates_and_offers_none_outside() -> None:
    """From easy to slow; then where it learns most."""
    rates = [trial.rate_bpm for trial in searched(5.4).trials]
    assert tuple(rates[:3]) == FIRST_BPM
    assert set(rates) <= {*FIRST_BPM, *OFFERED_BPM}


def test_a_clear_heart_is_not_kept_for_the_whole_time() -> None:
    """It ends as soon as the range is narrow."""
    search = searched(5.4, noise_bpm=0.05)
    assert search.minutes < 6.0
    assert search.found is not None
    assert search.found.high_bpm - search.found.low_bpm <= 0.4


def test_a_sensors_delay_is_taken_off() -> None:
    """The same heart, stamped 2.6 s late."""
    search = searched(5.4, delay_s=2.6)
    assert search.found is not None
    assert search.found.rate_bpm == pytest.approx(5.4, abs=0.25)


def test_without_beats_the_search_still_ends() -> None:
    """In time, and with nothing found."""
    search = ResonanceSearch()
    for _ in range(30):
        if not search.over:
            search.go_on(series_of(np.full(3, 900.0)))
    assert search.over
    assert search.found is None


def answers(peak_bpm: float, rates: list[float], noise: float, seed: int = 0) -> list[Answer]:
    draw = np.random.default_rng(seed)
    clean = [7 / (1 + 3j * (rate / peak_bpm - peak_bpm / rate)) for rate in rates]
    return [Answer(rate, wave + noise * complex(*draw.normal(size=2))) for rate, wave in zip(rates, clean, strict=True)]


@settings(max_examples=25, deadline=None)
@given(st.floats(4.4, 6.6), st.floats(0.05, 2.0), st.integers(0, 99))
def test_the_range_is_in_order_and_nothing_is_expected_to_be_lost(peak_bpm: float, noise: float, seed: int) -> None:
    """Low, middle, high; more answers never raise the expected variance."""
    found = resonance_of(answers(peak_bpm, [6.5, 6.5, 5.5, 5.5, 4.5, 4.5], noise, seed))
    assert found is not None
    assert found.low_bpm <= found.rate_bpm <= found.high_bpm
    assert found.weight.sum() == pytest.approx(1.0)
    few, many = (expected_gain(found, OFFERED_BPM, count) for count in (1, 8))
    assert (few >= -1e-12).all()
    assert (many >= few - 1e-12).all()


def test_under_six_answers_or_three_rates_there_is_no_shape() -> None:
    """A peak needs a rise and a fall."""
    assert resonance_of(answers(5.5, [6.5, 5.5, 4.5], 0.1)) is None
    assert resonance_of(answers(5.5, [6.0, 5.0] * 5, 0.1)) is None


def test_the_range_is_told_outward_to_a_tenth() -> None:
    """It is never told narrower than it is."""
    found = resonance_of(answers(5.5, [6.5, 6.5, 5.5, 5.5, 4.5, 4.5], 0.5))
    assert found is not None
    low, high = (float(word) for word in found.words.removeprefix("about ").split(" to "))
    assert low <= found.low_bpm < low + 0.1
    assert high - 0.1 < found.high_bpm <= high
