"""The ingest benchmark still runs; what it measures is never a test."""

from __future__ import annotations

import pytest

from benchmarks import ingest

pytestmark = pytest.mark.bluetooth


def test_the_ingest_benchmark_measures_frames_of_both_kinds() -> None:
    """The short form of ``python -m benchmarks.ingest``: two sensors with heart rate and ECG."""
    found = ingest.measure(1.5, first_s=0.2).summary()
    assert set(found) == {"heart_rate", "ecg"}
    for figures in found.values():
        assert figures["n"] >= 1
        assert 0 < figures["p50_ms"] <= figures["p95_ms"] <= figures["max_ms"]


def test_the_cost_of_r_peaks_is_measured_on_an_ecg_with_beats() -> None:
    """Processor time and the beats that it bought."""
    found = ingest.r_peak_cost(6.0)
    assert found["cpu_ms_per_ecg_second"] > 0
    assert found["beats"] >= 3
