"""pandas in and out: the same numbers as everywhere, with what is withheld missing and its reason beside it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from acquisition.beats import Beat
from processing.analysis import analyze
from processing.frames import beats_of, index_frame, judgement_frame, phase_frame, rr_series, window_frame
from tests.processing.hearts import resting

RR = pd.Series(resting(500, seed=6))
PHASES = pd.DataFrame({"name": ["rest", "task"], "start_s": [0.0, 200.0], "end_s": [200.0, 240.0]})


def test_a_phase_table_comes_from_plain_intervals() -> None:
    """One row a phase, with the numbers of the analysis of that stretch; what is too short is missing and says why."""
    table = phase_frame(RR, PHASES)
    assert list(table.index) == ["rest", "task"]
    ends = RR.to_numpy().cumsum() / 1000.0
    inside = RR[ends <= 200.0]
    assert table.loc["rest", "mean_hr_bpm"] == pytest.approx(60_000 / inside.mean(), rel=1e-9)
    assert table.loc["rest", "rmssd_ms"] == pytest.approx(np.sqrt((inside.diff().dropna() ** 2).mean()), rel=1e-9)
    assert np.isnan(table.loc["task", "sdnn_ms"])
    assert table.loc["task", "reasons"]["sdnn_ms"].startswith("too_short")


def test_a_recordings_intervals_are_a_series_by_time() -> None:
    """Of its first stream alone."""
    other = Beat("other", 0, 0.5, 500.0)
    found = rr_series([*beats_of(RR), other])
    assert found.tolist() == RR.tolist()
    assert found.index[0] == pytest.approx(RR[0] / 1000.0)
    assert rr_series([]).empty


def test_windows_and_verdicts_are_frames_too() -> None:
    """A row a window, a row an interval."""
    found = analyze(beats_of(RR), window_s=60.0, step_s=30.0)
    windows = window_frame(found)
    assert len(windows) == len(found.windows)
    assert windows["mean_hr_bpm"].tolist() == [one.indices["mean_hr_bpm"].value for one in found.windows]
    judged = judgement_frame(found.judgements)
    assert judged["rr_ms"].tolist() == RR.tolist()
    assert set(judged["verdict"]) == {"normal"}


def test_a_frame_of_numbers_carries_method_cards() -> None:
    """Definition, divisor, source and pipeline in every row."""
    table = index_frame(analyze(beats_of(RR)).indices)
    assert table.loc["sdnn_ms", "divisor"] == "n - 1"
    assert table["source"].str.len().min() > 0
    assert table["value"].isna().tolist() == [reason is not None for reason in table["reason"]]


def test_what_cannot_be_intervals_is_refused() -> None:
    """Not above 0, not numbers, or phases without a start."""
    for bad in ([800.0, 0.0], [800.0, float("nan")]):
        with pytest.raises(ValueError, match="above 0"):
            beats_of(pd.Series(bad))
    with pytest.raises(ValueError, match="phases lack start_s"):
        phase_frame(RR, PHASES.drop(columns="start_s"))
