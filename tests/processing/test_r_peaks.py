"""R peaks of an ECG: found, timed between samples, told once, and the same in chunks as in the whole."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processing.r_peaks import LATEST_S, REFRACTORY_S, RPeakStream, r_peaks
from tests.processing.ecg import RATE_HZ, ecg_of, peaks_of

SECONDS = 24.0
RR_MS = [820 + 60 * np.sin(0.5 * k) for k in range(28)]
PEAKS_S = peaks_of(RR_MS)
NOISY = ecg_of(PEAKS_S, SECONDS, noise_uv=60)


def told_by(stream: RPeakStream, samples: np.ndarray, sizes: list[int]) -> np.ndarray:
    """Everything that a stream tells of samples cut into parts of these sizes, over and over."""
    told, at = [], 0
    while at < samples.size:
        for size in sizes:
            told += [look.places for look in stream.push(samples[at : at + size])]
            at += size
    return np.concatenate([*told, stream.finish().places])


def test_every_beat_is_found_between_samples() -> None:
    """Within 2 ms of the truth, at samples 7.7 ms apart: no beat too many, none too few but at the very end."""
    clean = ecg_of(PEAKS_S, SECONDS)
    found_s = r_peaks(clean, RATE_HZ).places / RATE_HZ
    inside_s = PEAKS_S[(PEAKS_S > 0.3) & (PEAKS_S < SECONDS - 0.3)]
    assert len(found_s) == len(inside_s)
    assert found_s == pytest.approx(inside_s, abs=0.002)


@settings(max_examples=6, deadline=None)
@given(st.lists(st.integers(1, 400), min_size=1, max_size=6))
def test_chunks_of_any_size_tell_the_same_peaks(sizes: list[int]) -> None:
    """To the last digit: where it looks is fixed by the count of samples."""
    part = NOISY[:1040]
    whole = told_by(RPeakStream(RATE_HZ), part, [part.size])
    assert whole.size > 7
    assert told_by(RPeakStream(RATE_HZ), part, sizes).tolist() == whole.tolist()


def test_the_stream_tells_what_the_whole_recording_tells() -> None:
    """The same peaks within a tenth of a sample: once each and in order."""
    streamed = told_by(RPeakStream(RATE_HZ), NOISY, [146])
    whole = r_peaks(NOISY, RATE_HZ).places
    assert len(whole) > 25
    assert streamed == pytest.approx(whole, abs=0.1)
    assert np.diff(streamed).min() > REFRACTORY_S * RATE_HZ


def test_a_peak_is_told_within_the_stated_delay() -> None:
    """Fed sample by sample, each is told at most so long after its own sample."""
    stream = RPeakStream(RATE_HZ)
    waits = []
    for at in range(0, NOISY.size, 13):
        for look in stream.push(NOISY[at : at + 13]):
            waits += [(at + 13 - place) / RATE_HZ for place in look.places if at > 5 * RATE_HZ]
    assert len(waits) > 20
    assert max(waits) <= LATEST_S + 0.1


def test_an_ecg_worn_upside_down_gives_the_same_peaks() -> None:
    """The R wave points down, and is found where it is."""
    upright, turned = r_peaks(NOISY, RATE_HZ), r_peaks(-NOISY, RATE_HZ)
    assert (upright.upside_down, turned.upside_down) == (False, True)
    assert turned.places.tolist() == upright.places.tolist()


def test_beats_that_point_the_other_way_are_beats() -> None:
    """Every fourth comes early, wide and downwards: none is left out, each within 10 ms."""
    early_s = PEAKS_S[3:-1:4] - 0.15
    rest_s = np.setdiff1d(PEAKS_S, PEAKS_S[3:-1:4])
    time_s = np.arange(NOISY.size) / RATE_HZ
    wide = -1800 * np.exp(-0.5 * ((time_s[:, None] - early_s) / 0.03) ** 2).sum(axis=1)
    found_s = r_peaks(ecg_of(rest_s, SECONDS, noise_uv=20) + wide, RATE_HZ).places / RATE_HZ
    true_s = np.sort(np.concatenate((rest_s, early_s)))
    true_s = true_s[(true_s > 0.3) & (true_s < SECONDS - 0.3)]
    assert len(early_s) >= 5
    assert found_s == pytest.approx(true_s, abs=0.01)


def test_flat_noise_between_beats_is_no_beat() -> None:
    """A pause with hum in it has no peaks, though slopes rise above those around them."""
    paused_s = PEAKS_S[(PEAKS_S < 10) | (PEAKS_S > 16)]
    found_s = r_peaks(ecg_of(paused_s, SECONDS, noise_uv=20), RATE_HZ).places / RATE_HZ
    assert len(found_s) > 15
    assert not ((found_s > 10.1) & (found_s < 15.9)).any()


@pytest.mark.parametrize("samples", [np.zeros(0), np.zeros(1300), np.full(1300, np.nan), NOISY[:200]])
def test_an_ecg_without_beats_or_too_short_has_no_peaks(samples: np.ndarray) -> None:
    """Nothing, a lead that is off, samples that are no numbers, less than two seconds."""
    assert r_peaks(samples, RATE_HZ).places.size == 0


def test_more_than_one_lead_and_too_few_samples_a_second_are_refused() -> None:
    """Before anything is computed."""
    with pytest.raises(ValueError, match="one ECG lead"):
        r_peaks(np.zeros((1300, 2)), RATE_HZ)
    with pytest.raises(ValueError, match="too coarse"):
        r_peaks(np.zeros(1300), 50.0)
