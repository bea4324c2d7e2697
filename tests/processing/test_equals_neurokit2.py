"""Our kernels and NeuroKit2 give the same numbers, live at every prefix and for whole recordings."""

from __future__ import annotations

import math

import neurokit2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processing import neurokit
from processing.indices import time_domain
from processing.spectrum import HF_HZ, LF_HZ, TOTAL_HZ, VLF_HZ, band_power, tachogram_4hz, welch
from processing.values import Verdict
from tests.processing.every_prefix import compare
from tests.processing.hearts import items, resting, with_ectopy, with_faults

"""Folder of real recordings; without it the generated series are compared alone."""
BANDS = (LF_HZ, HF_HZ, VLF_HZ, TOTAL_HZ)


def test_every_prefix_of_a_heart_with_faults_and_gaps_equals_neurokit2() -> None:
    """Each number that is told is NeuroKit2's to 1e-9, and none is told before its window is full."""
    rr = np.concatenate(
        (
            with_faults(resting(230, seed=1), Verdict.MISSED).rr_ms,
            with_faults(resting(180, seed=2), Verdict.ECTOPIC).rr_ms,
            with_faults(resting(190, seed=3), Verdict.EXTRA).rr_ms,
            with_ectopy(resting(160, seed=4), 4).rr_ms,
        )
    )
    compared, wrong = compare(items(rr, gaps_before={140: 3.0, 300: 12.0, 304: 20.0, 520: 40.0}))
    assert compared > 600
    assert wrong == []


@settings(max_examples=40, deadline=None)
@given(st.integers(4, 200), st.integers(0, 10_000), st.floats(0, 0.3))
def test_the_kernel_equals_neurokit2_on_any_window(beats: int, seed: int, refused: float) -> None:
    """With any intervals refused, by kept intervals at their own times."""
    rr = resting(beats, seed=seed)
    draw = np.random.default_rng(seed)
    normal = draw.uniform(size=beats) >= refused
    normal[:3] = True
    ours = time_domain(rr, normal, np.ones(beats, dtype=bool))
    theirs = neurokit.time_domain(rr[normal], (np.cumsum(rr) / 1000)[normal])
    converted = {
        "MeanNN": ours.mean_nn_ms,
        "SDNN": ours.sdnn_ms,
        "RMSSD": ours.rmssd_ms,
        "SDSD": ours.sdsd_ms,
        "pNN50": ours.pnn50_percent * ours.pairs / (ours.pairs + 1),
        "pNN20": ours.pnn20_percent * ours.pairs / (ours.pairs + 1),
    }
    assert converted == pytest.approx({name: theirs[name] for name in converted}, rel=1e-9, abs=1e-9, nan_ok=True)


@pytest.mark.filterwarnings("ignore::neurokit2.misc.NeuroKitWarning")  # its nonlinear table warns of short data
def test_poincare_numbers_are_neurokit2s() -> None:
    """SD1 and SD2 of a whole series."""
    rr = resting(200)
    ours = time_domain(rr, np.ones(200, dtype=bool), np.ones(200, dtype=bool))
    table = neurokit2.hrv_nonlinear({"RRI": rr, "RRI_Time": np.cumsum(rr) / 1000})
    assert (ours.sd1_ms, ours.sd2_ms) == pytest.approx((table["HRV_SD1"].item(), table["HRV_SD2"].item()), rel=1e-9)


@pytest.mark.parametrize("seconds", [60, 90, 120, 300, 901])
def test_welch_equals_neurokit2_in_every_band(seconds: int) -> None:
    """NaN in the same places, and the small products of the live path give the same power."""
    rr = resting(int(seconds / 0.9), seed=seconds)
    samples = tachogram_4hz(np.cumsum(rr) / 1000, rr)
    theirs = neurokit.band_powers(samples, BANDS)
    spectrum = welch(samples)
    assert [spectrum.power_ms2(band) for band in BANDS] == pytest.approx(theirs, rel=1e-9, nan_ok=True)
    assert [band_power(samples, band) for band in (LF_HZ, HF_HZ)] == pytest.approx(theirs[:2], rel=1e-9)
    frequency, density = neurokit.density(samples)
    own = spectrum.density_ms2_hz[spectrum.frequency_hz >= spectrum.lowest_hz]
    assert own == pytest.approx(density, rel=1e-9)
    assert spectrum.peak_hz(HF_HZ) == pytest.approx(_highest(frequency, density, HF_HZ))


def _highest(frequency: np.ndarray, density: np.ndarray, band: tuple[float, float]) -> float:
    inside = (frequency >= band[0]) & (frequency < band[1])
    return float(frequency[inside][density[inside].argmax()])


def test_twice_the_amplitude_is_four_times_the_power() -> None:
    """Nothing is normalised: the trap of NeuroKit2's default."""
    rr = resting(300)
    samples = tachogram_4hz(np.cumsum(rr) / 1000, rr)
    louder = samples.mean() + 2 * (samples - samples.mean())
    assert neurokit.band_powers(louder, BANDS[:2]) == pytest.approx(
        [4 * power for power in neurokit.band_powers(samples, BANDS[:2])]
    )


@pytest.mark.parametrize("seconds", [120, 300])
def test_two_waves_of_known_power_are_read_within_two_percent(seconds: int) -> None:
    """200 ms² at 0.1 Hz and 450 ms² at 0.25 Hz at a mean RR of 800 ms."""
    time_s, ends, rr = 0.0, [], []
    while time_s < seconds:
        waves = math.sqrt(400) * math.sin(2 * math.pi * 0.1 * time_s) + 30 * math.sin(2 * math.pi * 0.25 * time_s)
        rr.append(800 + waves)
        time_s += rr[-1] / 1000
        ends.append(time_s)
    # The wave is sampled where an interval begins; its end is where the tachogram puts it.
    spectrum = welch(tachogram_4hz(np.array(ends), np.array(rr)))
    assert spectrum.power_ms2(LF_HZ) == pytest.approx(200, rel=0.02)
    assert spectrum.power_ms2(HF_HZ) == pytest.approx(450, rel=0.02)


def test_nothing_that_neurokit2_warns_of_is_kept_silent() -> None:
    """The wrapper has no filter of its own: a warning reaches the caller (here an error, as in all tests)."""
    with pytest.raises(RuntimeWarning, match="empty slice"):
        neurokit.time_domain(np.array([]), np.array([]))
