"""Breaths a minute from the rhythm: found under a larger wave of other origin, hidden where it does not show."""

from __future__ import annotations

import numpy as np
import pytest

from acquisition.beats import Gap
from processing.breathing import EVERY_S, STEP_S, WINDOW_S, breathing_between, breathing_indices, breathing_of
from processing.pipeline import BeatUpdate
from processing.spectrum import tachogram_4hz
from processing.windows import Series
from tests.processing.hearts import Floats, items, live, normal_judgements

MEAN_MS = 850.0


def heart(
    waves: dict[float, float], *, seconds: float = 75.0, jitter_ms: float = 4.0, seed: int = 0, mean_ms: float = MEAN_MS
) -> Floats:
    """RR with a sine for each rate a minute, of the amplitude in ms beside it."""
    draw = np.random.default_rng(seed)
    starts = {rate: draw.uniform(0, 2 * np.pi) for rate in waves}
    time_s, series = 0.0, []
    while time_s < seconds:
        moving = sum(size * np.sin(2 * np.pi * rate / 60 * time_s + starts[rate]) for rate, size in waves.items())
        series.append(mean_ms + moving + draw.normal(0, jitter_ms))
        time_s += series[-1] / 1000
    return np.array(series)


def series_of(rr_ms: Floats, gaps: tuple[Gap, ...] = ()) -> Series:
    return Series.of(normal_judgements(rr_ms), gaps)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    ("rate", "size_ms"), [(4, 70), (5, 70), (6, 90), (7, 70), (8, 60), (10, 45), (12, 35), (15, 25), (20, 16)]
)
def test_the_breath_is_found_beside_a_pressure_wave(rate: float, size_ms: float, seed: int) -> None:
    """Waves of 20 ms at 0.1 Hz are always there; the rate is within half a breath a minute."""
    rr = heart({rate: size_ms, 6.02: 20.0} if rate != 6 else {6.0: size_ms}, seed=seed)
    found, _ = breathing_between(series_of(rr), 10.0, 70.0)
    assert found.sure
    assert found.rate_bpm == pytest.approx(rate, abs=0.5)


@pytest.mark.parametrize("seed", range(3))
def test_the_strongest_wave_is_not_the_breath_when_a_faster_one_stands_out(seed: int) -> None:
    """The pressure wave is twice as large as the breath."""
    found, _ = breathing_between(series_of(heart({6.0: 36.0, 16.0: 18.0}, seed=seed)), 10.0, 70.0)
    assert found.sure
    assert found.rate_bpm == pytest.approx(16.0, abs=0.5)


@pytest.mark.parametrize("size_ms", [8.0, 20.0, 28.0])
def test_a_common_pressure_wave_alone_is_never_shown_as_a_breath(size_ms: float) -> None:
    """The breath may be too fast and too small to be seen."""
    found, _ = breathing_between(series_of(heart({6.0: size_ms})), 10.0, 70.0)
    assert not found.sure


def test_overtones_of_a_slow_breath_are_not_taken_for_a_fast_one() -> None:
    """A breath of 5 a minute with sharp turns has waves at 10, 15 and 20."""
    rr = heart({5.0: 80.0, 10.0: 24.0, 15.0: 14.0, 20.0: 8.0}, jitter_ms=1.0)
    found, _ = breathing_between(series_of(rr), 10.0, 70.0)
    assert found.sure
    assert found.rate_bpm == pytest.approx(5.0, abs=0.3)


def test_two_waves_alike_are_not_told_apart() -> None:
    """Which of them is the breath is not said."""
    found, _ = breathing_between(series_of(heart({11.0: 20.0, 17.0: 19.0})), 10.0, 70.0)
    assert not found.sure


def test_noise_has_no_breath() -> None:
    """In at most one minute of twenty does noise alone look like one."""
    sure = sum(
        breathing_between(series_of(heart({}, jitter_ms=15.0, seed=seed)), 10.0, 70.0)[0].sure for seed in range(60)
    )
    assert sure <= 3


def test_a_heart_that_does_not_vary_has_no_breath() -> None:
    """Equal intervals have no wave."""
    indices = breathing_indices(series_of(np.full(90, 800.0)), 5.0, 65.0)
    assert indices["breathing_rate_bpm"].value is None
    assert indices["breathing_confidence"].value == 0.0


def test_of_one_minute_the_stretch_says_what_the_minute_says() -> None:
    """The reading of a recording is the live reading of the same window."""
    rr = heart({14.0: 30.0, 6.0: 20.0})
    ends = np.cumsum(rr) / 1000
    inside = (ends > 10.0) & (ends <= 70.0)
    live = breathing_of(tachogram_4hz(ends[inside], rr[inside]))
    found, _ = breathing_between(series_of(rr), 10.0, 70.0)
    assert (found.rate_bpm, found.confidence) == pytest.approx((live.rate_bpm, live.confidence))


def test_the_live_reading_is_that_of_its_last_minute_made_anew_every_five_seconds() -> None:
    """At each reading it equals the reading of the recording so far."""
    rr = heart({14.0: 30.0, 6.0: 20.0}, seconds=100.0)
    series, read_s, expected, compared = series_of(rr), -np.inf, None, 0
    for update in live(items(rr))[0]:
        if not isinstance(update, BeatUpdate) or update.indices["breathing_confidence"].value is None:
            continue
        if update.time_s - read_s >= EVERY_S:
            read_s, expected = update.time_s, breathing_between(series, update.time_s - 60.0, update.time_s)[0]
        assert expected is not None
        assert update.indices["breathing_confidence"].value == pytest.approx(expected.confidence)
        rate = update.indices["breathing_rate_bpm"].value
        assert rate == (pytest.approx(expected.rate_bpm) if expected.sure else None)
        compared += 1
    assert compared > 40


def test_a_longer_stretch_is_the_middle_of_its_minutes() -> None:
    """Half of the minutes and more decide."""
    series = series_of(heart({14.0: 30.0, 6.0: 20.0}, seconds=185.0))
    minutes = [breathing_between(series, end - WINDOW_S, end)[0] for end in np.arange(180.0, 59.0, -STEP_S)]
    found, _ = breathing_between(series, 0.0, 180.0)
    assert found.rate_bpm == pytest.approx(np.median([each.rate_bpm for each in minutes if each.sure]))
    assert found.confidence == pytest.approx(np.median([each.confidence for each in minutes]))


def test_under_a_minute_the_reason_says_so() -> None:
    """Thirty seconds hold too few breaths."""
    indices = breathing_indices(series_of(heart({14.0: 30.0})), 10.0, 40.0)
    assert indices["breathing_rate_bpm"].reason == "too_short: needs 60 s, has 30 s"
    assert indices["breathing_confidence"].reason == indices["breathing_rate_bpm"].reason


def test_a_minute_with_a_gap_is_not_read() -> None:
    """No wave is followed across a gap; the reason names it."""
    rr = heart({14.0: 30.0, 6.0: 20.0})
    ends = np.cumsum(rr) / 1000
    gap = Gap("heart-1", float(ends[40]) + 1e-3, float(ends[40]) + 2e-3, "link lost")
    indices = breathing_indices(series_of(rr, (gap,)), 10.0, 70.0)
    assert str(indices["breathing_rate_bpm"].reason).startswith("gap")


def test_a_wave_of_two_beats_is_not_looked_for() -> None:
    """A heart of 40 beats a minute cannot show 20 breaths."""
    rr = heart({19.5: 30.0}, mean_ms=1500.0)
    found, _ = breathing_between(series_of(rr), 10.0, 70.0)
    assert not found.sure or found.rate_bpm < 40.0 / 2.2
