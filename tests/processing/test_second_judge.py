"""The judge that knows no thresholds of spread: ratios to the local median, each case by its name."""

from __future__ import annotations

import numpy as np
import pytest

from processing.analysis import judge
from processing.second_judge import local_median, opinion, pair_begins, parts_begin, stands_out
from processing.values import Verdict
from tests.processing.hearts import items

QUIET = [800.0] * 12


@pytest.mark.parametrize(
    ("intervals", "verdict", "taken", "beats"),
    [
        ([1600.0], Verdict.MISSED, 1, 2),
        ([2400.0], Verdict.MISSED, 1, 3),
        ([300.0, 500.0], Verdict.EXTRA, 2, 1),
        ([560.0, 1040.0], Verdict.ECTOPIC, 2, 2),
        ([640.0, 900.0], Verdict.ECTOPIC, 2, 2),
    ],
)
def test_each_fault_is_told_by_its_ratios(intervals: list[float], verdict: Verdict, taken: int, beats: int) -> None:
    """What it is, how many intervals it takes, and how many true ones lie in them."""
    found = opinion([*QUIET, *intervals, *QUIET], len(QUIET))
    assert found is not None
    assert (found.verdict, found.intervals, found.beats) == (verdict, taken, beats)


@pytest.mark.parametrize("interval", [650.0, 720.0, 900.0, 1200.0, 1300.0])
def test_what_is_no_whole_number_and_no_pair_is_left_alone(interval: float) -> None:
    """A single odd interval has no cause that ratios can name."""
    assert opinion([*QUIET, interval, *QUIET], len(QUIET)) is None


def test_a_suspect_interval_is_asked_only_for_its_cause() -> None:
    """1.8 would do for two; 1.7 does when it is known to be wrong. An early beat needs no pause then."""
    long, early = [*QUIET, 1370.0, *QUIET], [*QUIET, 560.0, 790.0, *QUIET]
    assert opinion(long, 12) is None
    assert opinion(early, 12) is None
    assert getattr(opinion(long, 12, suspect=True), "verdict", None) is Verdict.MISSED
    assert getattr(opinion(early, 12, suspect=True), "verdict", None) is Verdict.ECTOPIC


def test_with_few_neighbours_nothing_is_said() -> None:
    """Five intervals are the least to have a median of."""
    assert local_median([800.0] * 4, 3) is None
    assert opinion([800.0, 1600.0, 800.0], 1) is None
    assert stands_out([800.0, 1600.0], 1, set())
    assert parts_begin([300.0, 500.0], 0)


def test_the_median_outlives_every_third_beat_being_early() -> None:
    """Short, long, normal in turn: the normal one is in the middle."""
    assert local_median([560.0, 1040.0, 800.0] * 5, 11) == 800.0


def test_the_pair_is_named_by_its_first_interval_on_a_rising_rhythm() -> None:
    """A step before the early beat must not draw the pair to itself."""
    rr = [*[1000.0] * 11, 822.0, 1012.0, 720.0, 1288.0, 1036.0, *[1000.0] * 6]
    assert [pair_begins(rr, place) for place in (12, 13, 14)] == [False, True, False]


def test_in_the_trough_of_a_breath_a_missed_beat_is_not_an_early_one() -> None:
    """684, 1307, 674: short because the breath is, long for want of a beat."""
    rr = [900.0, 950.0, 942.0, 890.0, 813.0, 738.0, 684.0, 1307.0, 674.0, 718.0, 781.0, 853.0]
    assert opinion(rr, 6) is None
    assert not pair_begins(rr, 6)
    assert getattr(opinion(rr, 7), "verdict", None) is Verdict.MISSED


def test_parts_belong_to_the_pair_that_fits_its_neighbours() -> None:
    """823 is whole in its trough; 298 and 550 are the parts."""
    rr = [*[1050.0] * 8, 1057.0, 976.0, 823.0, 298.0, 550.0, 868.0, 1057.0, 1102.0]
    assert [parts_begin(rr, place) for place in (10, 11)] == [False, True]


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("depth_ms", [80, 150])
def test_the_first_deep_breaths_after_quiet_rest_lose_no_beat(seed: int, depth_ms: float) -> None:
    """The thresholds of rest are narrow; a wave's beats lie between their neighbours all the same."""
    draw = np.random.default_rng(seed)
    noise, time_s, rr = draw.uniform(1, 7), 0.0, []
    while time_s < 240:
        depth = 0.0 if time_s < 96 else min(1.0, (time_s - 96) / 5) * depth_ms
        rr.append(800 + depth * np.sin(2 * np.pi * 0.1 * (time_s - 96)) + draw.normal(0, noise))
        time_s += rr[-1] / 1000
    assert {judgement.verdict for judgement in judge(items(rr))} == {Verdict.NORMAL}
