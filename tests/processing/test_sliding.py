"""Windows by the thousand give what each gives alone."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest

from acquisition.beats import Gap, Item
from processing.batch import stretch_indices
from processing.sliding import sliding
from processing.spectrum import HF_HZ, LF_HZ, tachogram_4hz, welch
from processing.windows import Series
from tests.processing.hearts import Floats, items, live, normal_judgements, resting, with_ectopy


def judged(stream: list[Item]) -> Series:
    """A recording as it is read back: confirmed judgements, and its gaps."""
    _, pipeline = live(stream)
    return Series.of(pipeline.judgements, [item for item in stream if isinstance(item, Gap)])


def without_order(beats: int) -> Floats:
    return np.random.default_rng(5).normal(700, 130, beats).clip(350, 1400)


CASES: dict[str, tuple[Callable[[], Series], float]] = {
    "rest": (lambda: judged(items(resting(260, seed=1))), 60.0),
    "two minutes": (lambda: judged(items(resting(300, seed=2))), 120.0),
    "ectopy": (lambda: judged(items(with_ectopy(resting(300, seed=3), 3).rr_ms)), 60.0),
    "gaps": (lambda: judged(items(resting(420, seed=4), gaps_before={150: 4.0, 230: 45.0, 233: 80.0})), 60.0),
    "too short to tell much": (lambda: judged(items(resting(120, seed=6))), 20.0),
    "no order": (lambda: judged(items(without_order(260))), 60.0),
    "constant": (lambda: Series.of(normal_judgements([800.0] * 150), []), 60.0),
}


@pytest.mark.parametrize("case", CASES)
def test_each_window_has_the_numbers_of_the_one_window_path(case: str) -> None:
    """To 1e-9 in the time domain, 1e-6 in powers, and withheld in the same places."""
    made, window_s = CASES[case]
    series = made()
    slid = sliding(series, window_s)
    assert slid.end_s.size > 10
    for place in range(0, slid.end_s.size, 5):
        end_s = float(slid.end_s[place])
        alone = stretch_indices(series, end_s - window_s, end_s, oracle=False)
        for name, values in slid.values.items():
            expected = alone[name].value
            close = 1e-6 if name in ("lf_ms2", "hf_ms2", "ln_hf") else 1e-9
            assert values[place] == pytest.approx(
                math.nan if expected is None else expected, rel=close, abs=1e-9, nan_ok=True
            ), (name, place, alone[name].reason)


def test_windows_end_every_step_and_none_reaches_before_the_start() -> None:
    """Twenty seconds of beats hold eleven windows of ten seconds, a second apart."""
    slid = sliding(Series.of(normal_judgements([1000.0] * 20), []), 10.0)
    assert slid.end_s == pytest.approx(np.arange(10.0, 20.5))
    assert np.isfinite(slid.values["mean_hr_bpm"]).all()


@pytest.mark.parametrize("beats", [0, 1, 9])
def test_a_recording_shorter_than_the_window_has_none(beats: int) -> None:
    """And nothing breaks."""
    slid = sliding(Series.of(normal_judgements([1000.0] * beats), []), 10.0)
    assert slid.end_s.size == 0
    assert all(values.size == 0 for values in slid.values.values())


def test_for_comparison_powers_are_given_below_their_minimum() -> None:
    """LF of a minute, as other programs would tell it."""
    rr = resting(120)
    slid, ends = sliding(Series.of(normal_judgements(rr), []), withhold=False), np.cumsum(rr) / 1000
    inside = (ends > slid.end_s[7] - 60 + 1e-6) & (ends <= slid.end_s[7] + 1e-6)
    spectrum = welch(tachogram_4hz(ends[inside], rr[inside]))
    assert slid.values["lf_ms2"][7] == pytest.approx(spectrum.power_ms2(LF_HZ), rel=1e-9)
    assert slid.values["hf_ms2"][7] == pytest.approx(spectrum.power_ms2(HF_HZ), rel=1e-9)
