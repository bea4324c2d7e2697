"""The own band: silent while learning, wide enough for a whole series, and blind to what is not comparable."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from processing.own_band import LEAST_RESTS, Rest, changes, own_band

values = st.lists(st.floats(20, 200), min_size=LEAST_RESTS, max_size=30)


def rest(value: float, *, comparable: bool = True) -> Rest:
    return Rest({"mean_hr_bpm": value}, comparable)


def test_it_is_the_prediction_interval_of_students_t() -> None:
    """Five rests of 60, 62, 64, 66, 68: mean 64, SD 3.162, t(4) 3.135 at 3.5 %, sqrt(1.2)."""
    band = own_band([60, 62, 64, 66, 68])
    assert band is not None
    assert band.high - 64 == pytest.approx(3.1354747 * math.sqrt(10) * math.sqrt(1.2), rel=1e-6)


def test_it_is_learning_until_five_comparable_rests() -> None:
    """Each session before says how many are missing; the sixth is held against a band."""
    told = [at["mean_hr_bpm"] for at in changes([rest(60 + i % 3) for i in range(6)])]
    assert [each.band is None for each in told] == [True] * LEAST_RESTS + [False]
    assert told[0].reason == "warming_up: still learning, 5 more comparable rests are needed"


def test_a_rest_that_is_not_comparable_is_neither_judged_nor_learnt() -> None:
    """A standing rest among sitting ones says so and leaves the band as it was."""
    sitting = [rest(60 + i % 3) for i in range(6)]
    told = list(changes([*sitting[:5], rest(95, comparable=False), sitting[5]]))
    assert (told[5]["mean_hr_bpm"].reason or "").startswith("low_confidence")
    assert told[6]["mean_hr_bpm"].band == list(changes(sitting))[5]["mean_hr_bpm"].band


def test_a_large_change_is_told() -> None:
    """Twenty beats above five rests within 2 beats of each other."""
    *_, last = changes([rest(60 + i % 3) for i in range(5)] + [rest(82)])
    assert last["mean_hr_bpm"].outside


@given(values, st.integers(1, 20), st.integers(1, 6))
def test_more_looks_and_more_indices_widen_it(before: list[float], looks: int, indices: int) -> None:
    """The chance of a false alarm is shared out, never spent twice."""
    bands = [own_band(before), own_band(before, looks=looks), own_band(before, looks=looks, indices=indices)]
    for narrow, wide in pairwise(bands):
        assert narrow is not None
        assert wide is not None
        assert wide.low <= narrow.low + 1e-9
        assert wide.high >= narrow.high - 1e-9


@given(st.lists(st.floats(20, 200), max_size=LEAST_RESTS - 1))
def test_few_rests_have_no_band(before: list[float]) -> None:
    """Whatever they are."""
    assert own_band(before) is None


def test_values_that_are_no_numbers_are_not_rests() -> None:
    """A withheld index of one session does not count."""
    assert own_band([60, 61, 62, 63, math.nan]) is None


@pytest.mark.parametrize("counts", [{"looks": 0}, {"indices": 0}])
def test_counts_start_at_one(counts: dict[str, int]) -> None:
    """Nothing is looked at no times."""
    with pytest.raises(ValueError, match="count from 1"):
        own_band([1.0] * 5, **counts)


def test_series_without_change_are_told_changed_in_one_of_twenty_at_most() -> None:
    """Four hundred series of eight sessions, two indices; three standard errors of room."""
    rng = np.random.default_rng(7)
    told = sum(
        any(
            each.outside
            for at in changes([Rest({"a": x, "b": y}) for x, y in rng.normal(size=(8, 2))])
            for each in at.values()
        )
        for _ in range(400)
    )
    assert told / 400 <= 0.05 + 3 * math.sqrt(0.05 * 0.95 / 400)
