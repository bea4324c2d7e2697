"""Achieved against paced rate."""

from __future__ import annotations

import pytest

from processing.breathing import breathing_indices
from processing.following import following
from processing.windows import Series
from tests.processing.hearts import normal_judgements, paced, resting


def test_a_followed_guide_is_told_as_followed() -> None:
    """Six a minute, as set."""
    series = Series.of(normal_judgements(paced(150, swing_ms=80.0)), ())
    found = following(6.0, breathing_indices(series, 10.0, 110.0)["breathing_rate_bpm"])
    assert (found.finding, found.reason) == ("followed", None)
    assert found.off_bpm == pytest.approx(0.0, abs=0.2)


def test_own_breathing_under_a_slow_guide_is_told() -> None:
    """Fifteen a minute where six were set."""
    series = Series.of(normal_judgements(resting(150)), ())
    found = following(6.0, breathing_indices(series, 10.0, 110.0)["breathing_rate_bpm"])
    assert found.finding == "pacer not followed"
    assert found.achieved_bpm == pytest.approx(15.0, abs=0.5)


def test_where_the_heart_shows_no_breath_nothing_is_said() -> None:
    """The reason is that of the rate."""
    series = Series.of(normal_judgements(resting(40)), ())
    found = following(6.0, breathing_indices(series, 2.0, 32.0)["breathing_rate_bpm"])
    assert (found.finding, found.achieved_bpm, found.off_bpm) == ("not known", None, None)
    assert str(found.reason).startswith("too_short")
