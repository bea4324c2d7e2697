"""Real recordings, where a folder of them is at hand: their stated facts, and every prefix against NeuroKit2.

    ATTUNE_RECORDINGS=DIR python -m pytest tests/processing/real_recordings.py

The folder holds the two sample recordings of the public repository rhenanbartels/hrv (BSD-3-Clause). They are not part
of this project, so this file is not part of the default run.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from acquisition.formats import read
from processing.analysis import analyze
from tests.processing.every_prefix import compare

FOLDER = Path(os.environ.get("ATTUNE_RECORDINGS", "recordings"))
FACTS = {
    "rest_supine_rri.txt": (910, 963.434, 1058.7187, 57.8182, 55.1374),
    "exercise_rri.hrm": (4117, 2561.791, 622.247, 86.2446, 36.4567),
}
"""Beats, sum of RR in s, mean, SDNN (divisor n - 1) and RMSSD of the raw RR in ms."""


@pytest.mark.parametrize("name", FACTS)
def test_a_real_recording_gives_its_stated_facts(name: str) -> None:
    """n, duration, mean, SDNN, RMSSD, as their provenance says."""
    beats, duration_s, mean, sdnn, raw_rmssd = FACTS[name]
    analysis = analyze(read(FOLDER / name).items, correction="none")
    assert analysis.beats == beats
    assert analysis.duration_s == pytest.approx(duration_s, abs=1e-3)
    found = [analysis.indices[key].value for key in ("mean_nn_ms", "sdnn_ms", "rmssd_ms")]
    assert found == pytest.approx([mean, sdnn, raw_rmssd], abs=1e-4)


@pytest.mark.parametrize("name", FACTS)
def test_every_prefix_of_a_real_recording_equals_neurokit2(name: str) -> None:
    """The same on real hearts as on simulated ones."""
    compared, wrong = compare(read(FOLDER / name).items)
    assert compared > 600
    assert wrong == []
