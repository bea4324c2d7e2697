"""Every defensible way of coming to a figure: how many there are, that the product's own is one, and that none is
counted twice."""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import pairwise

import numpy as np
import pytest

from acquisition.beats import Gap
from processing.analysis import judge
from processing.choices import LEAST_WAYS, Part, Way, band_ways, change_ways, half_time_ways, recovery_ways
from processing.readings import RULES, Rule, mended, readings
from processing.recovery import half_time_of
from processing.values import Judgement, Verdict
from processing.windows import Series
from tests.processing.hearts import Floats, items, normal_judgements, resting, with_ectopy

BASELINE, STRESSOR, UNTIL_S = (0.0, 300.0), (300.0, 480.0), 780.0


def in_each(rr: Floats) -> dict[Rule, Part]:
    """One stretch of intervals, the same in each reading."""
    series = Series.of(normal_judgements(rr.tolist()), ())
    return {rule: Part(series, float(series.time_s[-1])) for rule in RULES}


def session() -> dict[Rule, Series]:
    """70, 90 for three minutes, and half-way back after a minute."""
    time_s, rr = 0.0, []
    while time_s < 800:
        rate = 70.0 if time_s < 300 else 90.0
        if time_s >= 480:
            rate = 70 + 20 * math.exp(-(time_s - 480) * math.log(2) / 60)
        rr.append(60000 / (rate + 2 * math.sin(2 * math.pi * 0.25 * time_s)))
        time_s += rr[-1] / 1000
    series = Series.of(normal_judgements(rr), ())
    return dict.fromkeys(RULES, series)


def distinct(ways: list[Way]) -> bool:
    return len({tuple(sorted(way.choices.items())) for way in ways}) == len(ways)


@pytest.mark.parametrize("length_s", [62.0, 130.0, 300.0])
@pytest.mark.parametrize("quantity", ["mean_hr_bpm", "ln_rmssd"])
def test_a_change_has_at_least_twenty_four_ways_and_each_once(quantity: str, length_s: float) -> None:
    """Also when both parts are a minute long; every choice of the four is told."""
    part, reference = (in_each(resting(600, seed=seed)) for seed in (1, 2))
    part, reference = (cut(each, length_s) for each in (part, reference))
    ways = change_ways(quantity, part, {"Rest": reference}, 120.0)  # type: ignore[arg-type]  # one of two names
    assert len(ways) >= LEAST_WAYS
    assert distinct(ways)
    assert all(set(way.choices) == {"verdicts", "window", "reference", "average"} for way in ways)
    assert all(way.value is not None for way in ways)


def cut(part: Mapping[Rule, Part], length_s: float) -> dict[Rule, Part]:
    return {rule: Part(each.series, length_s) for rule, each in part.items()}


def test_the_products_own_way_is_among_them() -> None:
    """Refused left out, mean, the last two minutes of both."""
    part, rest = in_each(60000 / (82.0 + np.zeros(500))), in_each(60000 / (70.0 + np.zeros(500)))
    ways = change_ways("mean_hr_bpm", cut(part, 300.0), {"Rest": cut(rest, 300.0)}, 120.0)
    own = {"verdicts": "left out", "window": "120 s", "reference": "Rest, 120 s", "average": "mean"}
    assert [way.value for way in ways if way.choices == own] == [pytest.approx(12.0, abs=1e-6)]


def test_another_reference_adds_ways() -> None:
    """The baseline before, where the named reference is another part."""
    part, plain, rest = (cut(in_each(resting(500, seed=seed)), 200.0) for seed in (1, 2, 3))
    one = change_ways("mean_hr_bpm", part, {"Plain": plain}, 120.0)
    two = change_ways("mean_hr_bpm", part, {"Plain": plain, "Rest": rest}, 120.0)
    assert len(two) > len(one)
    assert distinct(two)


def test_half_time_agrees_with_itself_where_nothing_hangs_on_the_choice() -> None:
    """A clean fall: all ways within the smoothing, and the defined one among them."""
    series = session()
    ways = half_time_ways(series, BASELINE, STRESSOR, UNTIL_S)
    defined = half_time_of(series["left out"], baseline=BASELINE, stressor=STRESSOR, until_s=UNTIL_S).value_s
    assert len(ways) >= LEAST_WAYS
    assert distinct(ways)
    assert defined in [way.value for way in ways]
    assert all(way.value == pytest.approx(60.0, abs=10.0) for way in ways)


def test_a_recovery_cut_short_is_censored_in_every_way() -> None:
    """Half a minute is too short to come half-way back from a minute's half-time."""
    ways = half_time_ways(session(), BASELINE, STRESSOR, 515.0)
    assert all(way.censored and way.value is None for way in ways)


def test_shares_of_the_way_have_as_many_ways() -> None:
    """Nearly all of the rise is gone after five minutes."""
    ways = recovery_ways(session(), BASELINE, STRESSOR, (480.0, UNTIL_S))
    assert len(ways) >= LEAST_WAYS
    assert all(way.value == pytest.approx(97.0, abs=6.0) for way in ways)


def test_a_band_is_left_only_where_the_rest_lies_outside() -> None:
    """Eight rests about 65; one more at 65 is inside in every way, one at 90 outside in every way."""
    rng = np.random.default_rng(4)
    before = [cut(in_each(60000 / (65 + rng.normal() + np.zeros(300))), 200.0) for _ in range(8)]
    for rate, inside in ((65.0, True), (90.0, False)):
        ways = band_ways("mean_hr_bpm", cut(in_each(60000 / (rate + np.zeros(400))), 200.0), before, 120.0, 2)
        assert len(ways) >= LEAST_WAYS
        assert distinct(ways)
        assert all((way.value == 0.0) is inside for way in ways)


def test_mended_intervals_take_the_time_of_those_they_stand_for() -> None:
    """Missed, extra and premature beats mended: as long as what came, without a break, and none left over 1.6 times."""
    rr = with_ectopy(resting(300, seed=5), 0.05).rr_ms.copy()
    rr[100] *= 2
    judged = judge(items(rr))
    assert any(j.verdict is not Verdict.NORMAL for j in judged)
    found = mended(judged)
    assert sum(j.rr_ms for j in found) == pytest.approx(rr.sum(), rel=0.002)
    assert all(two.seq == one.seq + 1 for one, two in pairwise(found))
    assert max(j.rr_ms for j in found) < 1.6 * float(np.median(rr))


def test_what_cannot_be_mended_breaks_the_stretch() -> None:
    """No difference is taken over an interval that nobody explains, nor over a gap."""
    rr = resting(60)
    judged = list(normal_judgements(rr.tolist()))
    odd = judged[30]
    judged[30] = Judgement(odd.seq, odd.time_s, 250.0, Verdict.OUT_OF_RANGE, False)
    found = mended(judged)
    assert len(found) == 59
    assert found[30].seq > found[29].seq + 1
    gap = Gap("rr", judged[29].time_s, judged[30].time_s - 0.2, "lost")
    broken = readings(normal_judgements(rr.tolist()), (gap,))["kubios"]
    assert sum(two.seq != one.seq + 1 for one, two in pairwise(broken)) == 1


def test_on_a_clean_rest_all_readings_are_the_same() -> None:
    """Nothing is refused, so nothing is mended."""
    judged = judge(items(resting(200, seed=3)))
    found = readings(judged, ())
    assert set(found) == set(RULES)
    assert [j.rr_ms for j in found["mended"]] == [j.rr_ms for j in judged]
    assert [j.rr_ms for j in found["kubios"]] == pytest.approx([j.rr_ms for j in judged], abs=1e-3)
