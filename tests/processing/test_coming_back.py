"""Slope, excess and shares of the way back, on hearts whose way back is known, and where they are not defined."""

from __future__ import annotations

import math

import numpy as np
import pytest

from processing.coming_back import (
    breathing_change,
    breathing_effect,
    excess,
    recovery_ln_rmssd_percent,
    recovery_percent,
    slope,
)
from processing.review_figures import FIGURES
from processing.values import IndexValue
from processing.windows import Series
from tests.processing.hearts import normal_judgements

BASELINE, STRESSOR, RECOVERY = (0.0, 180.0), (180.0, 360.0), (360.0, 660.0)


def heart(fall_bpm_per_min: float = -4.0, *, rise: float = 16.0, rsa: tuple[float, float] = (3.0, 1.0)) -> Series:
    """70 beats/min, a stressor 16 above it, then a straight way down; breath of ``rsa`` at rest and in the stressor."""
    time_s, rr = 0.0, []
    while time_s < 662.0:
        level = 70.0
        depth = rsa[1] if 180 <= time_s < 360 else rsa[0]
        if 180 <= time_s < 360:
            level += rise
        elif time_s >= 360:
            level += rise + fall_bpm_per_min * (time_s - 360) / 60
        rr.append(60000 / (level + depth * math.sin(2 * math.pi * 0.25 * time_s)))
        time_s += rr[-1] / 1000
    return Series.of(normal_judgements(rr), ())


def test_the_slope_of_a_straight_fall_is_that_fall() -> None:
    """Over its first two minutes, with the breath on top."""
    found = slope(heart(-4.0), RECOVERY)
    assert found.value == pytest.approx(-4.0, abs=0.25)
    assert (found.window_s, found.unit) == (120.0, "beats/min per min")


def test_one_beat_in_ten_gone_astray_does_not_turn_the_slope() -> None:
    """Least squares would follow them."""
    series = heart(-4.0)
    astray = series.rr_ms.copy()
    astray[::10] *= 0.7
    odd = Series(
        series.time_s,
        astray,
        series.normal,
        series.follows,
        series.ectopic,
        series.tachogram_s,
        series.tachogram_ms,
        series.irregular,
    )
    assert slope(odd, RECOVERY).value == pytest.approx(-4.0, abs=0.7)


def test_recovery_percent_is_the_share_of_the_rise_that_is_gone() -> None:
    """16 up, 4 a minute down over 5 minutes: the last 30 s lie 19 below the peak, 119 % of the rise."""
    found = recovery_percent(heart(-4.0), BASELINE, STRESSOR, RECOVERY)
    assert found.value == pytest.approx(100 * 19 / 16, abs=5)
    half = recovery_percent(heart(-4.0), BASELINE, STRESSOR, (360.0, 495.0))
    assert half.value == pytest.approx(100 * 8 / 16, abs=5)
    assert half.window_s == 30.0


def test_excess_is_the_mean_over_rest() -> None:
    """From 16 above to 4 below, in the middle 6 above; time-weighted."""
    assert excess(heart(-4.0), BASELINE, RECOVERY).value == pytest.approx(6.0, abs=0.4)


def test_without_a_clear_rise_the_share_is_not_defined() -> None:
    """Named as such, with the rise."""
    found = recovery_percent(heart(0.0, rise=2.0), BASELINE, STRESSOR, RECOVERY)
    assert found.value is None
    assert (found.reason or "").startswith("low_confidence: no clear rise, 2.0")


def test_rmssd_comes_back_as_a_share_of_its_fall() -> None:
    """Breath of the same depth after as before; withheld under a guide; undefined where it never fell."""
    back = recovery_ln_rmssd_percent(heart(0.0, rise=0.0), BASELINE, STRESSOR, RECOVERY)
    assert back.value == pytest.approx(100.0, abs=10)
    guided = recovery_ln_rmssd_percent(heart(0.0, rise=0.0), BASELINE, STRESSOR, RECOVERY, guided=True)
    assert (guided.reason or "").startswith("breathing_outside_hf")
    same = recovery_ln_rmssd_percent(heart(0.0, rise=0.0, rsa=(3.0, 3.0)), BASELINE, STRESSOR, RECOVERY)
    assert (same.reason or "").startswith("low_confidence: no clear fall")


@pytest.mark.parametrize("short", [(360.0, 400.0), (360.0, 361.0)])
def test_a_short_way_back_has_no_figures(short: tuple[float, float]) -> None:
    """Each says what it needs."""
    series = heart()
    for found in (
        slope(series, short),
        excess(series, BASELINE, short),
        recovery_percent(series, BASELINE, STRESSOR, short),
        recovery_ln_rmssd_percent(series, BASELINE, STRESSOR, short),
        breathing_change(series, STRESSOR, short),
    ):
        assert (found.reason or "").startswith("too_short: needs 60 s")
        assert found.unit == FIGURES[found.name].unit


def test_breathing_change_compares_both_ends() -> None:
    """After two minutes at 4 a minute down: 7 below the stressor's end, by the middle of the last 30 s."""
    assert breathing_change(heart(-4.0), STRESSOR, (360.0, 480.0)).value == pytest.approx(-7.0, abs=0.4)


def test_the_effect_of_breathing_needs_three_sessions_of_each() -> None:
    """Then it is the difference of medians; a session without a slope does not count."""

    def told(value: float | None) -> IndexValue:
        reason = None if value is not None else "gap: x"
        return IndexValue("recovery_slope_bpm_per_min", value, "beats/min per min", 120.0, 140, 1.0, reason)

    guided, free = [told(-5.0), told(-6.0), told(-9.0), told(None)], [told(-2.0), told(-3.0), told(-2.5)]
    assert breathing_effect(guided, free).value == pytest.approx(-6.0 + 2.5)
    assert (breathing_effect(guided, free[:2]).reason or "").startswith("too_short: needs 3 sessions")


def test_beats_missing_at_an_end_withhold_the_share() -> None:
    """A hole over the stressor's end."""
    series = heart()
    kept = (series.time_s <= 330) | (series.time_s > 355)
    judged = [j for j, keep in zip(normal_judgements(series.rr_ms.tolist()), kept.tolist(), strict=True) if keep]
    found = recovery_percent(Series.of(judged, ()), BASELINE, STRESSOR, RECOVERY)
    assert (found.reason or "").startswith("gap")
    assert np.isfinite(found.window_s)
