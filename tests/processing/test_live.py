"""The live numbers: each stands on its own window and on its own window's limits."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import FrozenInstanceError, replace

import numpy as np
import pytest

from processing.live import LiveIndices
from processing.live_view import made
from processing.spectrum import HF_HZ, LF_HZ, band_power, tachogram_4hz
from processing.thresholds import LIVE_NAMES, SPECS
from processing.values import IndexValue, Judgement, Verdict
from tests.processing.hearts import resting


def told_after(rr_ms: np.ndarray, refused: Collection[int] = ()) -> dict[str, IndexValue]:
    """The numbers after the last beat, where the confirmed verdict of some intervals is ``long``."""
    live, time_s = LiveIndices(), 0.0
    for seq, value in enumerate(rr_ms.tolist()):
        time_s += value / 1000
        verdict, corrected = (Verdict.LONG, (value - 1.0,)) if seq in refused else (Verdict.NORMAL, ())
        live.add(Judgement(seq, time_s, value, Verdict.NORMAL, True))
        live.settle(Judgement(seq, time_s, value, verdict, False, corrected))
    return live.numbers()


@pytest.mark.parametrize(
    "names",
    [
        ("rmssd_ms", "ln_rmssd"),
        ("sdnn_ms", "pnn50_percent", "arousal_ln_rmssd_sd", "arousal_sd"),
        ("mean_hr_bpm", "arousal_hr_sd"),
        ("hf_ms2", "rhythm_score"),
    ],
)
def test_numbers_of_one_window_share_its_limits(names: tuple[str, ...]) -> None:
    """So that the question whether they may be told is asked once for all of them."""
    limits = {
        (spec.minimum_s, spec.min_beats, spec.rests_above_percent, spec.spectral)
        for spec in (SPECS[name] for name in names)
    }
    assert len(limits) == 1


def test_hf_and_lf_are_those_of_their_own_windows() -> None:
    """The last 60 s and the last 120 s, each with a spline of its own."""
    rr = resting(300)
    ends, told = np.cumsum(rr) / 1000, told_after(rr)
    for name, band, seconds in (("hf_ms2", HF_HZ, 60.0), ("lf_ms2", LF_HZ, 120.0)):
        inside = ends > ends[-1] - seconds + 1e-6
        expected = band_power(tachogram_4hz(ends[inside], rr[inside]), band)
        assert told[name].value == pytest.approx(expected, rel=1e-9)
    assert tuple(told) == LIVE_NAMES


def test_refused_beats_of_the_last_minute_silence_that_minute_and_not_the_two() -> None:
    """Four of 67 are over 5 percent, four of 134 are not: HF rests and LF is told."""
    told = told_after(resting(300), {250, 260, 270, 280})
    assert (told["hf_ms2"].reason or "").startswith("too_many_corrected")
    assert (told["rhythm_score"].reason or "").startswith("too_many_corrected")
    assert told["lf_ms2"].value is not None
    assert told["sdnn_ms"].value is not None


@pytest.mark.parametrize("given", [(71.5, None), (None, "gap: no beats for 6 s")])
def test_a_number_made_at_once_is_the_same_frozen_number(given: tuple[float | None, str | None]) -> None:
    """Equal to one of the constructor in class and fields, hashed alike, and no field of it can be set."""
    value, reason = given
    number = made("mean_hr_bpm", value, "beats/min", 10.0, 11, 8.5, reason)
    expected = IndexValue("mean_hr_bpm", value, "beats/min", 10.0, 11, 8.5, reason)
    assert type(number) is IndexValue
    assert number == expected
    assert hash(number) == hash(expected)
    with pytest.raises(FrozenInstanceError):
        number.value = 60.0  # type: ignore[misc]  # that it may not be set is what is tested
    assert replace(number, beats=12) == replace(expected, beats=12)
