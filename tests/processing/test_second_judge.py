"""The judge that knows no thresholds of spread: steps in units of the local median, each case by its name."""

from __future__ import annotations

import numpy as np
import pytest

from processing.analysis import judge
from processing.second_judge import local_median, misplaced, opinion, stands_out
from processing.values import Verdict
from tests.processing.hearts import items

QUIET = [800.0] * 12


@pytest.mark.parametrize(
    ("intervals", "verdict", "taken", "beats"),
    [
        ([1600.0], Verdict.MISSED, 1, 2),
        ([2400.0], Verdict.MISSED, 1, 3),
        ([300.0, 500.0], Verdict.EXTRA, 2, 1),
        ([400.0, 400.0], Verdict.EXTRA, 2, 1),
        ([560.0, 1040.0], Verdict.ECTOPIC, 2, 2),
        ([640.0, 900.0], Verdict.ECTOPIC, 2, 2),
        ([560.0, 800.0], Verdict.ECTOPIC, 2, 2),
    ],
)
def test_each_fault_is_told_by_its_steps(intervals: list[float], verdict: Verdict, taken: int, beats: int) -> None:
    """What it is, how many intervals it takes, and how many true ones lie in them; an early beat needs no pause."""
    found = opinion([*QUIET, *intervals, *QUIET], len(QUIET))
    assert found is not None
    assert (found.verdict, found.intervals, found.beats) == (verdict, taken, beats)


@pytest.mark.parametrize("interval", [650.0, 720.0, 900.0, 1200.0, 1270.0])
def test_a_single_odd_interval_has_no_cause(interval: float) -> None:
    """Neither long enough for two, nor early enough for a premature beat."""
    assert opinion([*QUIET, interval, *QUIET], len(QUIET)) is None


def test_with_few_neighbours_nothing_is_said() -> None:
    """Four intervals are the least to have a median of."""
    assert local_median([800.0] * 3, 2) is None
    assert opinion([800.0, 1600.0, 800.0], 1) is None
    assert not misplaced([700.0, 900.0], 0)
    assert stands_out([800.0, 1600.0], 1, set())


def test_the_median_outlives_every_third_beat_being_early() -> None:
    """Short, long, normal in turn: the normal one is in the middle."""
    assert local_median([560.0, 1040.0, 800.0] * 5, 11) == 800.0


def test_a_beat_little_out_of_place_is_named_by_its_first_interval() -> None:
    """An eighth of an interval early, or late, and not the pair beside it."""
    early = [*[1000.0] * 11, 1010.0, 870.0, 1130.0, 995.0, *[1000.0] * 6]
    late = [*[1000.0] * 11, 1010.0, 1130.0, 870.0, 995.0, *[1000.0] * 6]
    for rr in (early, late):
        assert [misplaced(rr, place) for place in (11, 12, 13)] == [False, True, False]


def test_a_beat_a_tenth_out_of_place_is_named_in_a_calm_heart_only() -> None:
    """Where steps of 5 % are usual, it is one of them."""
    calm = [1000.0, 1010.0] * 6
    lively = [1000.0, 1050.0] * 6
    early = [900.0, 1100.0, 1000.0, 1000.0]
    assert misplaced([*calm, *early], 12)
    assert not misplaced([*lively, *early], 12)


def test_a_trough_between_breaths_is_no_early_beat() -> None:
    """As at rest: one falls over three beats, the other rises from a beat no shorter than its neighbours."""
    fall = [1140.0, 1110.0, 1150.0, 1140.0, 1050.0, 940.0, 885.0, 1100.0, 1050.0, 1140.0]
    rise = [1040.0, 1090.0, 1020.0, 1100.0, 1045.0, 965.0, 1115.0, 995.0, 940.0, 1165.0, 1080.0, 1150.0]
    for rr, place in ((fall, 6), (rise, 8)):
        assert opinion(rr, place) is None
        assert not misplaced(rr, place)


def test_in_the_trough_of_a_breath_a_missed_beat_is_not_an_early_one() -> None:
    """684, 1307, 674: short because the breath is, long for want of a beat."""
    rr = [900.0, 950.0, 942.0, 890.0, 813.0, 738.0, 684.0, 1307.0, 674.0, 718.0, 781.0, 853.0]
    assert opinion(rr, 6) is None
    assert not misplaced(rr, 6)
    assert getattr(opinion(rr, 7), "verdict", None) is Verdict.MISSED


def test_a_dip_of_the_breath_before_a_missed_beat_is_not_an_early_beat_with_its_pause() -> None:
    """853, 1615: two beats' time is 1985 here, three are 2978, and they last 2468."""
    rr = [1090.0, 1015.0, 1030.0, 1055.0, 965.0, 940.0, 853.0, 1615.0, 1045.0, 1010.0, 1090.0]
    assert opinion(rr, 6) is None
    assert getattr(opinion(rr, 7), "verdict", None) is Verdict.MISSED


def test_parts_belong_to_the_pair_that_fits_its_neighbours() -> None:
    """823 is whole in its trough; 298 and 550 are the parts."""
    rr = [*[1050.0] * 8, 1057.0, 976.0, 823.0, 298.0, 550.0, 868.0, 1057.0, 1102.0]
    assert opinion(rr, 10) is None
    assert getattr(opinion(rr, 11), "verdict", None) is Verdict.EXTRA


def test_an_extra_beat_on_the_crest_of_a_deep_breath_is_seen_by_its_neighbours() -> None:
    """The median still lies in the trough; 343 and 586 are one interval of the 888 and 936 beside them."""
    rr = [603.0, 590.0, 585.0, 603.0, 633.0, 666.0, 729.0, 796.0, 888.0, 343.0, 586.0, 936.0, 869.0]
    assert getattr(opinion(rr, 9), "verdict", None) is Verdict.EXTRA


def test_the_next_early_beat_does_not_make_the_first_look_like_a_missed_one() -> None:
    """A neighbour that leaps is a fault itself and sets no level."""
    rr = [815.0, 818.0, 828.0, 855.0, 860.0, 864.0, 821.0, 600.0, 1167.0, 625.0, 1135.0]
    assert getattr(opinion(rr, 7), "verdict", None) is Verdict.ECTOPIC


def test_a_step_to_a_new_level_is_no_long_interval() -> None:
    """The second after the step goes with the first."""
    rr = [*[600.0] * 12, *[780.0] * 6]
    assert not stands_out(rr, 12, {12})
    assert stands_out([*[600.0] * 12, 780.0, *[600.0] * 6], 12, {12})


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
