"""The only caller of NeuroKit2: numbers of recordings and phases, R peaks of an ECG, and the oracle of tests.

Imported when first used (it takes seconds and 100 MB), never when ``processing`` is. Powers are never normalised:
NeuroKit2's default divides the density by its own maximum, after which amplitude is gone.
"""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from importlib import metadata
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from processing.spectrum import GRID_HZ

if TYPE_CHECKING:
    from types import ModuleType

Floats = NDArray[np.float64]
Places = NDArray[np.int64]

FINE_HZ = 1_000_000
"""Sampling rate that peaks are handed over in: correction rounds them to whole samples, here microseconds."""
DFA_BEATS = np.arange(4, 12)
"""Box sizes of the short-term exponent (NeuroKit2's own default, 4 to 11)."""


def _neurokit2() -> ModuleType:
    return importlib.import_module("neurokit2")


def version() -> str:
    """Installed version, read without importing it."""
    return metadata.version("neurokit2")


def load() -> None:
    """Import it now, on the thread that asks, so that a later call does not take seconds."""
    _neurokit2()


def time_domain(nn_ms: Floats, time_s: Floats) -> dict[str, float]:
    """``hrv_time`` of normal intervals (shape (n,), n >= 3) at their own times, the sum of raw intervals.

    Keys are NeuroKit2's without ``HRV_``. Times must not be arrival times: a pair further than 10 ms from adjoining is
    not compared. Its pNN divide by pairs + 1.
    """
    table = _neurokit2().hrv_time({"RRI": nn_ms, "RRI_Time": time_s})
    return _row(table)


def band_powers(samples_ms: Floats, bands: Sequence[tuple[float, float]]) -> tuple[float, ...]:
    """Power in ms² of 4 Hz samples in each band, Welch; NaN where no bin lies inside."""
    table = _neurokit2().signal_power(
        samples_ms, frequency_band=list(bands), sampling_rate=int(GRID_HZ), method="welch", normalize=False
    )
    return tuple(float(value) for value in table.iloc[0])


def density(samples_ms: Floats) -> tuple[Floats, Floats]:
    """Welch density of 4 Hz samples: Hz and ms²/Hz, from two cycles per segment upwards."""
    table = _neurokit2().signal_psd(samples_ms, sampling_rate=int(GRID_HZ), method="welch", normalize=False)
    return table["Frequency"].to_numpy(dtype=float), table["Power"].to_numpy(dtype=float)


def sample_entropy(nn_ms: Floats) -> float:
    """Sample entropy, m 2, r 0.2 standard deviations (divisor n - 1)."""
    tolerance = 0.2 * float(np.std(nn_ms, ddof=1))
    return float(_neurokit2().entropy_sample(nn_ms, delay=1, dimension=2, tolerance=tolerance)[0])


def dfa_alpha1(nn_ms: Floats) -> float:
    """Short-term exponent of detrended fluctuation analysis, boxes of 4 to 11 beats."""
    return float(_neurokit2().fractal_dfa(nn_ms, scale=DFA_BEATS, multifractal=False)[0])


def fix_peaks(rr_ms: Floats) -> tuple[dict[str, list[int]], Floats]:
    """Whole-stretch pass of Lipponen and Tarvainen: artefacts by interval index, and corrected intervals in ms.

    One pass only: repeated passes report the artefacts of the last one.
    """
    peaks = np.concatenate(([0.0], np.cumsum(rr_ms))) * (FINE_HZ / 1000)
    info, fixed = _neurokit2().signal_fixpeaks(peaks, sampling_rate=FINE_HZ, method="kubios", iterative=False)
    found = {kind: [int(i) - 1 for i in info[kind] if i > 0] for kind in ("ectopic", "missed", "extra", "longshort")}
    intervals: Floats = np.diff(np.asarray(fixed, dtype=float)) * (1000 / FINE_HZ)
    return found, intervals


def clean_ecg(microvolts: Floats, rate_hz: int) -> Floats:
    """``ecg_clean`` of evenly spaced samples (shape (n,)): baseline and mains hum taken off, same shape."""
    return np.asarray(_neurokit2().ecg_clean(microvolts, sampling_rate=rate_hz), dtype=np.float64)


def ecg_peaks(clean: Floats, rate_hz: int) -> Places:
    """``ecg_peaks`` of a cleaned ECG with upright R waves: indices of the R peaks in rising order, perhaps none."""
    _, found = _neurokit2().ecg_peaks(clean, sampling_rate=rate_hz)
    return np.asarray(found["ECG_R_Peaks"], dtype=np.int64)


def _row(table: Any) -> dict[str, float]:  # a pandas frame; NeuroKit2 ships no types
    return {str(name).removeprefix("HRV_"): float(value) for name, value in table.iloc[0].items()}
