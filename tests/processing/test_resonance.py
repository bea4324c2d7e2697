"""Assessing a resonance: what is found on hearts with a known one, what is invalid, and how it is told."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from acquisition.beats import Gap
from processing.pacer import PacerPlan
from processing.resonance import (
    SLIDING_BREATHS,
    STEPPED_BPM,
    assess_sliding,
    assess_stepped,
    recheck_rates,
    sliding_plan,
)
from processing.resonance_criteria import CRITERIA, Signs, rank_sums
from tests.processing.followers import HALVES, intervals, series_of, steps


@pytest.mark.parametrize("peak_bpm", [4.7, 5.3, 6.1])
def test_the_stepped_assessment_finds_the_peak_and_its_range_holds_it(peak_bpm: float) -> None:
    """Five rates of three minutes; the best trial is next to the peak."""
    plan, trials = steps(STEPPED_BPM)
    found = assess_stepped(series_of(intervals(plan, trials[-1].end_s, peak_bpm=peak_bpm)), trials)
    assert found.resonance is not None
    assert found.resonance.rate_bpm == pytest.approx(peak_bpm, abs=0.25)
    assert found.resonance.low_bpm <= peak_bpm <= found.resonance.high_bpm
    assert found.published_bpm == pytest.approx(peak_bpm, abs=0.51)
    assert [trial.invalid for trial in found.trials] == [None] * 5
    assert found.minutes == pytest.approx(15.0, abs=0.3)
    assert str(found.words).startswith("about ")


def test_the_six_criteria_stand_in_their_published_order() -> None:
    """Weighted 6 to 1."""
    assert [(criterion.name, criterion.weight) for criterion in CRITERIA] == [
        ("phase synchrony", 6.0), ("peak-trough", 5.0), ("LF power", 4.0),
        ("LF peak", 3.0), ("smoothness", 2.0), ("fewest LF peaks", 1.0),
    ]  # fmt: skip


def test_ranks_are_summed_by_weight_and_ties_share_them() -> None:
    """Best in all: 3 x 21; fewer LF peaks are better."""
    best = Signs(0.9, 14.0, 900.0, 9000.0, 0.8, 1, 5.0, 0.95)
    middle = replace(best, phase_synchrony=0.8, peak_trough_bpm=12.0, lf_ms2=800.0, lf_peak_ms2_hz=8000.0)
    worst = Signs(0.2, 8.0, 300.0, 3000.0, 0.4, 3, 60.0, 0.6)
    assert rank_sums([worst, best, middle]) == [21.0, 3 * 18 + 2.5 * 3, 2 * 18 + 2.5 * 3]


def test_phase_synchrony_is_best_where_the_heart_follows_without_lag() -> None:
    """At the peak the phase is that of the lag alone; faster breath lags, slower leads."""
    plan, trials = steps(STEPPED_BPM)
    found = assess_stepped(series_of(intervals(plan, trials[-1].end_s, lag_s=0.0)), trials)
    phases = [trial.signs.phase_deg for trial in found.trials if trial.signs is not None]
    assert phases == sorted(phases, reverse=True)
    assert phases[2] == pytest.approx(0.0, abs=5.0)


def test_the_sensors_delay_makes_no_difference() -> None:
    """Beats stamped 2.6 s late, and said to be so."""
    plan, trials = steps(STEPPED_BPM)
    late = intervals(plan, trials[-1].end_s + 5.0, delay_s=2.6)
    found = assess_stepped(series_of(late), trials, 2.6)
    assert found.resonance is not None
    assert found.resonance.rate_bpm == pytest.approx(5.5, abs=0.2)


def test_a_person_who_follows_later_has_a_longer_lag() -> None:
    """It is estimated, not assumed."""
    plan, trials = steps(STEPPED_BPM)
    lags = [
        assess_stepped(series_of(intervals(plan, trials[-1].end_s, lag_s=lag_s)), trials).lag_s
        for lag_s in (0.0, 0.6, 1.2)
    ]
    assert None not in lags
    assert lags == sorted(lags, key=lambda lag: lag or 0.0)
    assert (lags[2] or 0.0) - (lags[0] or 0.0) > 0.4


def test_a_trial_in_which_the_guide_was_not_followed_is_named_and_left_out() -> None:
    """The person breathed 12 a minute while 6 were set."""
    plan, trials = steps(STEPPED_BPM)
    breathed = [replace(s, period_s=5.0) if n == 1 else s for n, s in enumerate(plan.stretches)]
    breathed[1] = replace(breathed[1], breaths=36)
    heart = intervals(PacerPlan(HALVES, tuple(breathed)), trials[-1].end_s, q=1.0)
    found = assess_stepped(series_of(heart), trials)
    assert "pacer not followed" in str(found.trials[1].invalid)
    assert found.trials[1].rank_sum is None
    assert found.resonance is not None
    assert found.resonance.rate_bpm == pytest.approx(5.5, abs=0.4)


def test_a_trial_with_a_gap_is_named() -> None:
    """The others go on counting."""
    plan, trials = steps(STEPPED_BPM)
    gap = Gap("heart-1", 450.0, 450.5, "link lost")
    found = assess_stepped(series_of(intervals(plan, trials[-1].end_s), gaps=(gap,)), trials)
    assert [str(trial.invalid).split(":")[0] for trial in found.trials] == ["None", "None", "gap", "None", "None"]
    assert found.resonance is not None


def test_without_three_valid_trials_there_is_no_result() -> None:
    """Every twelfth beat refused: nothing can be compared, and the reason says so."""
    plan, trials = steps(STEPPED_BPM)
    found = assess_stepped(series_of(intervals(plan, trials[-1].end_s), refused=12), trials)
    assert all(str(trial.invalid).startswith("too_many_corrected") for trial in found.trials)
    assert (found.resonance, found.words, found.lag_s, found.published_bpm) == (None, None, None, None)
    assert found.keeps(5.5) is None
    assert found.reason == "low_confidence: 0 valid trials, needs 3"


def test_a_short_trial_is_named() -> None:
    """Ninety seconds, of which the first thirty are left out."""
    plan, trials = steps(STEPPED_BPM, 90.0)
    found = assess_stepped(series_of(intervals(plan, trials[-1].end_s)), trials)
    assert all(str(trial.invalid).startswith("too_short: needs 120 s") for trial in found.trials)


@pytest.mark.parametrize(("peak_bpm", "beyond"), [(4.3, 4.0), (5.5, None), (6.9, 7.0)])
def test_when_the_best_rate_lies_at_an_end_one_beyond_is_asked_for(peak_bpm: float, beyond: float | None) -> None:
    """The peak may lie outside of what was tried."""
    plan, trials = steps(STEPPED_BPM)
    found = assess_stepped(series_of(intervals(plan, trials[-1].end_s, peak_bpm=peak_bpm)), trials)
    assert found.try_also_bpm == beyond


def test_a_recheck_keeps_a_rate_that_still_holds() -> None:
    """Three rates of two minutes."""
    plan, trials = steps(recheck_rates(5.5), 120.0)
    found = assess_stepped(series_of(intervals(plan, trials[-1].end_s)), trials, method="recheck")
    assert (found.method, found.try_also_bpm) == ("recheck", None)
    assert found.keeps(5.5) is True


def test_a_recheck_does_not_keep_a_rate_that_has_moved() -> None:
    """The peak went from 4.8 to 6.2; a faster rate is asked for, and then it is clear."""
    plan, trials = steps(recheck_rates(4.8), 120.0)
    first = assess_stepped(series_of(intervals(plan, trials[-1].end_s, peak_bpm=6.2)), trials, method="recheck")
    assert first.try_also_bpm == pytest.approx(5.8)
    plan, trials = steps((*recheck_rates(4.8), 5.8), 120.0)
    found = assess_stepped(series_of(intervals(plan, trials[-1].end_s, peak_bpm=6.2)), trials, method="recheck")
    assert found.keeps(4.8) is False


def test_the_slide_is_the_published_one() -> None:
    """78 breaths from 6.75 to 4.25 a minute, each 67.04 ms longer, about fifteen minutes."""
    plan = sliding_plan()
    periods = np.array([stretch.period_s for stretch in plan.stretches])
    assert np.diff(periods) == pytest.approx(0.06704)
    assert plan.stretches[-1].start_s / 60 == pytest.approx(14.9, abs=0.1)
    assert sum(stretch.breaths or 0 for stretch in plan.stretches) == SLIDING_BREATHS
    assert 60 / periods[-1] == pytest.approx(4.25, abs=0.01)


@pytest.mark.parametrize("peak_bpm", [4.8, 5.6, 6.3])
def test_the_sliding_assessment_finds_the_peak(peak_bpm: float) -> None:
    """Fitted, and as published: the middle of the minute that swings most."""
    plan = sliding_plan(HALVES)
    end_s = plan.stretches[-1].start_s
    found = assess_sliding(series_of(intervals(plan, end_s, peak_bpm=peak_bpm)), plan, 0.0, end_s)
    assert found.resonance is not None
    assert found.resonance.rate_bpm == pytest.approx(peak_bpm, abs=0.25)
    assert found.published_bpm == pytest.approx(peak_bpm, abs=0.5)


def test_a_slide_with_many_refused_beats_is_not_read() -> None:
    """The reason names the share."""
    plan = sliding_plan(HALVES)
    found = assess_sliding(series_of(intervals(plan, 300.0), refused=12), plan, 0.0, 300.0)
    assert (found.resonance, str(found.reason).split(":")[0]) == (None, "too_many_corrected")
