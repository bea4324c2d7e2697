"""The angle between the guide's breath and the heart's wave, the sensor's delay taken off."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processing.heart_breath import NO_GUIDE, phase_index, refused
from processing.pacer import BreathPattern, PacerPlan
from processing.pipeline import BeatUpdate, LivePipeline
from processing.windows import Series
from tests.processing.hearts import Floats, items, normal_judgements

HALVES = BreathPattern(0.5, 0.0, 0.5, 0.0)


def following(
    rate_bpm: float, lag_s: float, *, delay_s: float = 0.0, swing_bpm: float = 7.0, seconds: float = 60.0, seed: int = 0
) -> Floats:
    """A heart fastest when a guide of equal halves is full, ``lag_s`` later; stamped ``delay_s`` late."""
    draw = np.random.default_rng(seed)
    time_s, series = 0.0, []
    while time_s < seconds:
        middle = time_s + 0.43 - lag_s - delay_s
        rate = 70.0 - swing_bpm * np.cos(2 * np.pi * rate_bpm / 60 * middle) + draw.normal(0, 0.3)
        series.append(60_000 / rate)
        time_s += series[-1] / 1000
    return np.array(series)


@settings(max_examples=30, deadline=None)
@given(st.floats(4.5, 7.0), st.floats(-1.0, 3.0), st.floats(0.0, 3.0))
def test_the_phase_is_the_lag_in_degrees_whatever_the_sensors_delay(rate: float, lag_s: float, delay_s: float) -> None:
    """360 degrees a breath; what the sensor is late does not count."""
    series = Series.of(normal_judgements(following(rate, lag_s, delay_s=delay_s)), ())
    index = phase_index(series, PacerPlan.steady(rate, HALVES), 0.0, 58.0, delay_s)
    assert index.value == pytest.approx(360.0 * lag_s * rate / 60, abs=6.0)
    assert index.window_s == pytest.approx(120.0 / rate)


def test_a_heart_that_does_not_follow_has_no_phase() -> None:
    """Noise stands at no angle."""
    series = Series.of(normal_judgements(following(6.0, 0.0, swing_bpm=0.05, seed=4)), ())
    index = phase_index(series, PacerPlan.steady(6.0), 0.0, 58.0)
    assert index.value is None
    assert str(index.reason).startswith("low_confidence")


def test_before_two_breaths_there_is_no_phase() -> None:
    """The reason says what is missing."""
    series = Series.of(normal_judgements(following(6.0, 0.0)), ())
    assert phase_index(series, PacerPlan.steady(6.0), 0.0, 15.0).reason == "warming_up: needs two whole breaths"


def test_without_a_guide_the_phase_is_withheld() -> None:
    """There is nothing to compare the heart with."""
    series = Series.of(normal_judgements(following(6.0, 0.0)), ())
    assert refused(series.window(0.0, 60.0).facts).reason == NO_GUIDE


def test_the_live_phase_is_that_of_the_last_two_whole_breaths() -> None:
    """Read once a breath, as from the recording; without a guide there is none."""
    rr, plan, delay_s = following(6.0, 0.4, delay_s=2.6), PacerPlan.steady(6.0, HALVES), 2.6
    series = Series.of(normal_judgements(rr), ())
    pipeline, values = LivePipeline(delay_s=delay_s), []
    pipeline.set_pacer(plan, 0.0)
    for item in items(rr):
        for update in pipeline.feed(item):
            if isinstance(update, BeatUpdate):
                values.append(update.indices["heart_breath_phase_deg"].value)
                assert values[-1] == pytest.approx(phase_index(series, plan, 0.0, update.time_s, delay_s).value)
    assert len({value for value in values if value is not None}) >= 4
    pipeline.set_pacer(None)
    last = pipeline.feed(items([*rr, 850.0])[-1])
    assert isinstance(last[-1], BeatUpdate)
    assert last[-1].indices["heart_breath_phase_deg"].reason == NO_GUIDE
