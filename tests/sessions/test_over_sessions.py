"""Several sessions of one person together."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from acquisition import formats
from acquisition.samples import resolve
from sessions.over_sessions import SLOPE, over_sessions
from sessions.review import Review, review


@cache
def sessions(count: int, *, guided: bool = True) -> tuple[Review, ...]:
    """The same sitting so many times, under ids of their own; without the guide its span is no longer told."""
    found = review(None, formats.read(resolve("sample:out-of-reach")))
    if not guided:
        found = replace(found, told=replace(found.told, paced=()))
    return tuple(replace(found, id=f"{guided}-{number}") for number in range(count))


def test_one_session_says_nothing_over_sessions() -> None:
    """Both are withheld with what they need."""
    found = over_sessions(sessions(1))
    assert (found.concordance.reason or "").startswith("too_short: needs 4 sessions and 12 parts")
    assert (found.breathing_effect.reason or "").startswith("too_short: needs 3 sessions")


def test_from_four_sessions_and_twelve_parts_on_words_and_heart_are_compared() -> None:
    """Only parts that were rated before the heart was shown."""
    one = sum(pair.left_out is None for pair in sessions(1)[0].pairs)
    found = over_sessions(sessions(5)).concordance
    assert (found.sessions, found.parts) == (5, 5 * one)
    assert found.value is not None
    assert found.low is not None
    assert found.low <= found.value


def test_the_guides_effect_is_the_difference_of_median_slopes() -> None:
    """Three sessions with it and three without; the same slopes give none."""
    both = (*sessions(3), *sessions(3, guided=False))
    assert over_sessions(both).breathing_effect.value == pytest.approx(0.0)
    first = next(iter(both[0].coming_back))
    slower = [
        replace(one, coming_back={first: {SLOPE: replace(one.coming_back[first][SLOPE], value=-1.0)}})
        for one in sessions(3, guided=False)
    ]
    slope = both[0].coming_back[first][SLOPE].value
    assert slope is not None
    assert over_sessions([*sessions(3), *slower]).breathing_effect.value == pytest.approx(slope + 1.0)
