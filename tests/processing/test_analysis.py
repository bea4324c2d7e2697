"""Recordings as a whole: every number or its reason, three corrections, windows, and the way to compute it again."""

from __future__ import annotations

import json

import numpy as np
import pytest

from acquisition.beats import Item
from processing.analysis import analyze, judge, span_indices
from processing.batch import stretch_indices
from processing.method import Correction
from processing.thresholds import SPECS
from processing.values import REASONS, Verdict
from processing.windows import Series
from tests.processing.hearts import items, normal_judgements, resting, rmssd, with_ectopy, with_faults


def test_a_five_minute_rest_has_every_number() -> None:
    """Nothing is missing from a clean recording but the phase to a guide that it did not have."""
    analysis = analyze(items(resting(400)))
    missing = {name for name, index in analysis.indices.items() if index.value is None}
    assert missing == {"heart_breath_phase_deg"}
    assert all(index.unit == SPECS[name].unit for name, index in analysis.indices.items())


def test_without_correction_the_numbers_are_those_of_the_raw_intervals() -> None:
    """Faults and all."""
    rr = with_faults(resting(300), Verdict.MISSED).rr_ms
    indices = analyze(items(rr), correction="none").indices
    assert indices["mean_nn_ms"].value == pytest.approx(rr.mean())
    assert indices["sdnn_ms"].value == pytest.approx(rr.std(ddof=1))
    assert indices["rmssd_ms"].value == pytest.approx(rmssd(rr))


@pytest.mark.parametrize("fault", [Verdict.MISSED, Verdict.EXTRA, Verdict.ECTOPIC])
def test_our_correction_brings_rmssd_back_to_the_truth(fault: Verdict) -> None:
    """Refused intervals are left out, and six events are counted."""
    clean = resting(300, seed=8)
    analysis = analyze(items(with_faults(clean, fault).rr_ms))
    assert analysis.indices["rmssd_ms"].value == pytest.approx(rmssd(clean), rel=0.02)
    assert analysis.artifacts[str(fault)] == 6


@pytest.mark.parametrize("fault", [Verdict.MISSED, Verdict.EXTRA, Verdict.ECTOPIC])
def test_neurokit2s_whole_pass_counts_nearly_the_same_events(fault: Verdict) -> None:
    """The second, named method; it mends an ectopic beat only in part, for it moves the beat after it."""
    clean = resting(300, seed=8)
    faulty = with_faults(clean, fault).rr_ms
    analysis = analyze(items(faulty), correction="kubios")
    assert analysis.artifacts[str(fault)] in (6, 7)
    found = analysis.indices["rmssd_ms"].value
    assert found is not None
    assert abs(found - rmssd(clean)) < 0.5 * abs(rmssd(faulty) - rmssd(clean))


@pytest.mark.parametrize("correction", ["attune", "kubios"])
@pytest.mark.parametrize("percent", [2, 5, 8])
def test_the_share_of_ectopic_beats_is_told_under_both_corrections(correction: Correction, percent: float) -> None:
    """It is read from the verdicts, not from what is left once they are mended; the same events as in the counts."""
    analysis = analyze(items(with_ectopy(resting(400), percent).rr_ms), correction=correction)
    assert analysis.indices["ectopic_percent"].value == pytest.approx(analysis.artifacts["ectopic"] / 4, abs=0.3)
    assert analysis.indices["ectopic_percent"].value == pytest.approx(percent, abs=0.3 if correction == "attune" else 3)


def test_analyze_has_exactly_the_final_verdicts_of_judge() -> None:
    """One rule everywhere."""
    made = items(with_ectopy(resting(300), 6).rr_ms, gaps_before={100: 5.0})
    assert analyze(made).judgements == judge(made)


def test_frequent_ectopy_is_withheld_with_its_share() -> None:
    """12 % early beats are 24 % refused intervals."""
    index = analyze(items(with_ectopy(resting(400), 12).rr_ms)).indices["rmssd_ms"]
    assert index.value is None
    assert (index.reason or "").startswith("too_many_corrected: 24 %")


def test_between_five_and_ten_percent_time_is_shown_and_waves_rest() -> None:
    """The one table of limits."""
    indices = analyze(items(with_ectopy(resting(400), 4).rr_ms)).indices
    assert 5 < indices["rmssd_ms"].corrected_percent < 10
    assert indices["rmssd_ms"].value is not None
    for name in ("hf_ms2", "lf_ms2", "rhythm_score", "sample_entropy"):
        assert (indices[name].reason or "").startswith("too_many_corrected")


def test_a_gap_withholds_the_spectrum_and_counts_in_the_duration() -> None:
    """Sum of RR plus gaps; no wave is read across one."""
    rr = resting(400)
    analysis = analyze(items(rr, gaps_before={200: 8.0}))
    assert analysis.duration_s == pytest.approx(rr.sum() / 1000 + 8.0)
    assert analysis.gaps[0].to_s - analysis.gaps[0].from_s == pytest.approx(8.0)
    assert (analysis.indices["hf_ms2"].reason or "").startswith("gap")
    assert analysis.indices["rmssd_ms"].value is not None


@pytest.mark.parametrize("lost_from", [150, 399])
def test_a_part_that_ends_in_silence_is_not_told_from_its_beginning(lost_from: int) -> None:
    """The strap is lost at half of the part, with beats after it or none: half a window is no window."""
    rr = resting(400)
    analysis = analyze(items(rr[: lost_from + 1] if lost_from == 399 else rr, gaps_before={lost_from: 200.0}))
    series = Series.of(analysis.judgements, analysis.gaps)
    lost_s = float(series.time_s[lost_from - 1])
    part = stretch_indices(series, lost_s - 100.0, lost_s + 100.0)
    for name in ("mean_hr_bpm", "rmssd_ms", "hf_ms2"):
        assert (part[name].reason or "").startswith("gap")
    barely = stretch_indices(series, lost_s - 100.0, lost_s + 1.0)
    assert barely["mean_hr_bpm"].value is not None


@pytest.mark.parametrize("beats", [0, 1, 2, 5, 30])
@pytest.mark.parametrize("correction", ["attune", "kubios", "none"])
def test_a_short_recording_is_read_and_says_why_it_has_no_numbers(beats: int, correction: str) -> None:
    """Short is not unusable."""
    analysis = analyze(items(resting(40)[:beats]), correction=correction)  # type: ignore[arg-type]  # a str
    assert analysis.beats == beats
    reasons = [index.reason for index in analysis.indices.values() if index.reason]
    assert reasons
    assert {reason.split(":")[0] for reason in reasons} <= set(REASONS)
    json.dumps(analysis.as_dict())


def test_equal_intervals_have_no_logarithm_and_say_so() -> None:
    """A number that does not exist is not minus infinity."""
    indices = analyze(items(np.full(120, 800.0)), correction="none").indices
    assert indices["rmssd_ms"].value == 0.0
    for name in ("ln_rmssd", "ln_hf", "rhythm_score"):
        assert (indices[name].reason or "").startswith("no_variability")


def test_sliding_windows_are_those_of_the_whole_reading() -> None:
    """A window's numbers are those of the same span taken by NeuroKit2."""
    made: list[Item] = items(with_ectopy(resting(400), 2).rr_ms)
    analysis = analyze(made, window_s=90.0, step_s=30.0)
    assert [window.start_s for window in analysis.windows[:3]] == pytest.approx([0.0, 30.0, 60.0])
    assert analysis.windows[-1].end_s <= analysis.duration_s
    window = analysis.windows[3]
    same = span_indices(analysis.judgements, analysis.gaps, window.start_s, window.end_s)
    for name, index in window.indices.items():
        assert (index.value is None, index.reason) == (same[name].value is None, same[name].reason)
        if index.value is not None:
            assert index.value == pytest.approx(same[name].value, rel=1e-9)


def test_windows_and_steps_must_be_above_zero() -> None:
    """A step of nothing would never end."""
    with pytest.raises(ValueError, match="above 0 s"):
        analyze(items(resting(20)), window_s=60.0, step_s=0.0)


def test_the_method_names_everything_needed_to_compute_it_again() -> None:
    """Versions, thresholds, windows and definitions, as JSON."""
    method = json.loads(json.dumps(analyze(items(resting(40)), window_s=10.0).method))
    assert method["versions"]["neurokit2"] == "0.2.13"
    assert method["window_s"] == method["step_s"] == 10.0
    assert method["verdicts"]["lipponen_tarvainen"]["window_beats"] == 91
    assert set(method["indices"]) == set(SPECS)


def test_a_series_breaks_where_gaps_lie_and_counts_time_in_raw_intervals() -> None:
    """Beat time is the sum of raw intervals in each stretch, never arrival."""
    judged = normal_judgements(resting(50))
    late = [judged[0], *judged[1:]]
    series = Series.of(late, [])
    assert series.time_s == pytest.approx([judgement.time_s for judgement in judged])
    assert series.start_s == pytest.approx(0.0)
    empty = stretch_indices(Series.of([], []), 0.0, 0.0)
    assert all(index.value is None for index in empty.values())
