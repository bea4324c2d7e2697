"""Half-time after a stressor, the slow numbers second by second, and the own baseline."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from acquisition.beats import Gap, Tick
from processing.arousal import LEAST_MAD_BPM, MAD_TO_SD, heart_part, ln_rmssd_part, reference
from processing.pipeline import LivePipeline, SecondUpdate
from processing.recovery import HalfTime, half_time
from processing.track import track
from processing.values import Judgement, Verdict
from processing.windows import Series
from tests.processing.hearts import STREAM, items, live, normal_judgements, resting, with_ectopy

BASELINE, STRESSOR, UNTIL_S = (0.0, 120.0), (120.0, 300.0), 720.0


def session(half_s: float, *, rise: float = 20.0, rsa: float = 3.0, until_s: float = 740.0) -> tuple[Judgement, ...]:
    """70 beats/min, a stressor that lifts it by ``rise``, and an exponential way back; breath at 15 a minute."""
    time_s, series = 0.0, []
    while time_s < until_s:
        if time_s < 120:
            rate = 70.0
        elif time_s < 300:
            rate = 70 + rise * (1 - math.exp(-(time_s - 120) / 20))
        else:
            rate = 70 + rise * math.exp(-(time_s - 300) * math.log(2) / half_s)
        series.append(60000 / (rate + rsa * math.sin(2 * math.pi * 0.25 * time_s)))
        time_s += series[-1] / 1000
    return normal_judgements(series)


def told(judged: tuple[Judgement, ...], gaps: tuple[Gap, ...] = (), **changes: object) -> HalfTime:
    spans = {"baseline": BASELINE, "stressor": STRESSOR, "until_s": UNTIL_S, **changes}
    return half_time(judged, gaps, **spans)  # type: ignore[arg-type]  # spans by name


@pytest.mark.parametrize("half_s", [30, 45, 90, 180])
def test_a_known_half_time_is_read_within_a_tenth(half_s: float) -> None:
    """By definition and by the fit, with nothing but the breath on top."""
    found = told(session(half_s))
    assert found.value_s == pytest.approx(half_s, rel=0.1, abs=3)
    assert found.fitted_s == pytest.approx(half_s, rel=0.1)
    assert (found.rest_bpm, found.peak_bpm) == pytest.approx((70, 90), abs=1)
    assert found.reason is None
    assert not found.censored


def test_a_heart_that_does_not_come_back_while_watched_is_censored() -> None:
    """Not reached is said as such; the fit may still say what it was heading for."""
    found = told(session(900), until_s=500.0)
    assert (found.value_s, found.censored, found.reason) == (None, True, None)
    assert found.watched_s == 200.0


def test_half_way_back_counts_only_when_held_for_fifteen_seconds() -> None:
    """Reached ten seconds before the end is not reached."""
    judged = session(60)
    assert told(judged, until_s=300 + 60 + 10.0).censored
    assert told(judged, until_s=300 + 60 + 30.0).value_s == pytest.approx(60, abs=4)


def test_without_a_clear_rise_there_is_nothing_to_come_back_from() -> None:
    """Under three beats a minute."""
    assert (told(session(60, rise=2.0)).reason or "").startswith("low_confidence: no clear rise")


def test_a_baseline_under_two_minutes_is_remarked_on() -> None:
    """And under half a minute there is no rest to speak of."""
    judged = session(60)
    assert told(judged, baseline=(60.0, 120.0)).short_baseline_s == 60.0
    assert told(judged).short_baseline_s is None
    assert (told(judged, baseline=(100.0, 120.0)).reason or "").startswith("too_short: the baseline")
    assert (told(judged, stressor=(295.0, 300.0)).reason or "").startswith("too_short: the stressor")
    assert (told(judged, until_s=305.0).reason or "").startswith("too_short: 5 s were recorded")


def test_beats_missing_on_the_way_back_withhold_it() -> None:
    """A half-time through a gap would be a guess; a gap after it does no harm."""
    judged = session(60)
    early = tuple(j for j in judged if not 320 < j.time_s < 350)
    late = tuple(j for j in judged if not 420 < j.time_s < 450)
    assert (told(early, (Gap(STREAM, 320, 350, "link lost"),)).reason or "").startswith("gap")
    assert told(late, (Gap(STREAM, 420, 450, "link lost"),)).value_s == pytest.approx(60, abs=4)
    none = tuple(j for j in judged if not 10 < j.time_s < 100)
    assert (told(none, (Gap(STREAM, 10, 100, "link lost"),)).reason or "").startswith("gap: beats cover")


def test_too_many_refused_beats_withhold_it() -> None:
    """Over a tenth in any of the three parts."""
    judged = tuple(
        replace(j, verdict=Verdict.ECTOPIC) if 270 < j.time_s < 300 and j.seq % 5 == 0 else j for j in session(60)
    )
    assert (told(judged).reason or "").startswith("too_many_corrected")


def test_pacing_is_carried_along() -> None:
    """A paced way back is no spontaneous recovery."""
    assert told(session(60), paced=True).paced


def test_the_track_has_the_live_numbers_of_each_second() -> None:
    """Timelines in review and live pages never disagree, once verdicts are confirmed."""
    made = items(with_ectopy(resting(500, seed=6), 0.4, seed=7).rr_ms, gaps_before={250: 9.0})
    _, pipeline = live(made)
    series = Series.of(pipeline.judgements, [item for item in made if isinstance(item, Gap)])
    whole = track(series)
    again, second, compared = LivePipeline(), 1, 0
    for item in made:
        while second <= item.time_s:
            (update,) = again.feed(Tick(STREAM, float(second)))
            assert isinstance(update, SecondUpdate)
            settled = all(
                j.verdict is Verdict.NORMAL for j in pipeline.judgements if second - 66 < j.time_s < second + 4
            )
            for name, values in (("mean_hr_bpm", whole.mean_hr_bpm), ("rmssd_ms", whole.rmssd_ms)):
                value = update.indices[name].value
                if settled and second < whole.time_s.size:
                    compared += 1
                    assert values[second - 1] == pytest.approx(math.nan if value is None else value, nan_ok=True)
            second += 1
        again.feed(item)
    assert compared > 100
    assert whole.time_s[:3] == pytest.approx([1.0, 2.0, 3.0])


def test_an_empty_recording_has_an_empty_track() -> None:
    """No seconds, no values, no baseline."""
    empty = track(Series.of([], []))
    assert empty.time_s.size == 0
    assert empty.reference(0, 100) is None


def test_arousal_of_a_track_is_zero_in_the_middle_of_the_own_baseline() -> None:
    """And where breathing is paced it is the heart-rate part alone."""
    whole = track(Series.of(normal_judgements(resting(400)), []))
    own = whole.reference(60.0, 200.0)
    assert own is not None
    level = whole.arousal_sd(own)
    assert np.nanmedian(level[60:200]) == pytest.approx(0.0, abs=0.5)
    paced = np.ones(level.size, dtype=bool)
    assert whole.arousal_sd(own, paced)[100] == pytest.approx(heart_part(float(whole.mean_hr_bpm[100]), own))


def test_a_very_even_baseline_does_not_make_one_beat_look_large() -> None:
    """The spread has a floor of 1 beat/min and 0.1 ln."""
    own = reference([60.0] * 90, [4.0] * 90)
    assert own is not None
    assert own.hr_sd_bpm == MAD_TO_SD * LEAST_MAD_BPM
    assert heart_part(61.0, own) == pytest.approx(1 / 1.4826)
    assert ln_rmssd_part(3.9, own) == pytest.approx(1 / 1.4826)


def test_a_baseline_without_rmssd_has_the_heart_rate_part_alone() -> None:
    """Half a minute of heart rate is enough for one part, not for both."""
    own = reference([60.0] * 40, [math.nan] * 40)
    assert own is not None
    assert ln_rmssd_part(3.9, own) is None
    whole = track(Series.of(normal_judgements(resting(200)), []))
    assert np.isnan(whole.arousal_sd(own)).all()
    assert reference([60.0] * 29, [4.0] * 29) is None
