"""The one verdict rule: what is found, what is left alone, and when it is said."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acquisition.beats import Beat
from processing.analysis import analyze, artifacts, judge
from processing.pipeline import BeatUpdate, Revision
from processing.values import Judgement, Verdict
from processing.verdicts import CONFIRM_AFTER, VerdictStream, events
from tests.processing.hearts import STREAM, Floats, items, live, paced, resting, rmssd, with_ectopy, with_faults

HEARTS = {"resting": resting, "paced": paced}
FAULTS = [Verdict.MISSED, Verdict.EXTRA, Verdict.ECTOPIC]


def verdicts(rr_ms: Floats | list[float]) -> list[Verdict]:
    return [judgement.verdict for judgement in judge(items(rr_ms))]


@pytest.mark.parametrize("heart", HEARTS)
@pytest.mark.parametrize("fault", FAULTS)
def test_every_fault_is_found_by_its_name_and_few_good_beats_are_accused(heart: str, fault: Verdict) -> None:
    """Six faults in 300 beats, ten draws: all found on all their intervals, under one false one in 300 good beats."""
    found = wanted = false = good = 0
    for seed in range(10):
        faulty = with_faults(HEARTS[heart](300, seed=seed), fault, seed=seed)
        said = verdicts(faulty.rr_ms)
        wanted += len(faulty.faults)
        found += sum(all(said[place] is fault for place in places) for places in faulty.faults)
        rest = [verdict for place, verdict in enumerate(said) if place not in faulty.touched]
        good += len(rest)
        false += sum(verdict in FAULTS for verdict in rest)
    assert found == wanted
    assert false * 300 <= good


@pytest.mark.parametrize("seed", range(10))
def test_paced_breathing_loses_not_one_good_beat(seed: int) -> None:
    """±150 ms at six a minute: no beat refused, neither by the gate nor by the confirmed verdict."""
    updates, pipeline = live(items(paced(360, seed=seed)))
    assert all(u.verdict is Verdict.NORMAL for u in updates if isinstance(u, BeatUpdate))
    assert all(j.verdict is Verdict.NORMAL for j in pipeline.judgements)
    assert not any(isinstance(u, Revision) for u in updates)


@pytest.mark.parametrize("heart", HEARTS)
@pytest.mark.parametrize("percent", [2, 5, 8, 12, 20, 33])
def test_with_frequent_ectopy_rmssd_is_near_the_truth_or_withheld(heart: str, percent: float) -> None:
    """At most a tenth off, or more than a tenth of the intervals refused, which withholds it; the share of early beats
    within 3 points, or not told."""
    clean = HEARTS[heart](600, seed=3)
    indices = analyze(items(with_ectopy(clean, percent, seed=4).rr_ms)).indices
    found, burden = indices["rmssd_ms"].value, indices["ectopic_percent"].value
    assert (found is None) == (percent >= 8)
    if found is not None:
        assert found == pytest.approx(rmssd(clean), rel=0.10)
    assert (burden is None) == (percent > 20)
    if burden is not None:
        assert burden == pytest.approx(percent, abs=3.0)


def test_a_missed_beat_among_equal_intervals_is_found() -> None:
    """Constant 800 ms and one interval of 1600: nothing varies, and the fault is plain all the same."""
    rr = np.full(60, 800.0)
    rr[30] = 1600.0
    said = verdicts(rr)
    assert said[30] is Verdict.MISSED
    assert said.count(Verdict.NORMAL) == 59


def test_a_missed_beat_longer_than_two_seconds_is_missed_and_not_out_of_range() -> None:
    """The explanation wins over the bound."""
    rr = resting(80, mean_ms=1150.0)
    rr[40] = rr[40] + rr[41]
    assert rr[40] > 2000
    assert verdicts(rr)[40] is Verdict.MISSED


def test_two_missed_beats_in_a_row_are_one_event_mended_to_three_intervals() -> None:
    """The corrected values keep the time that has passed."""
    rr = resting(80)
    rr[40] = 3 * rr[40]
    judgement = judge(items(rr))[40]
    assert judgement.verdict is Verdict.MISSED
    assert len(judgement.corrected_ms) == 3
    assert sum(judgement.corrected_ms) == pytest.approx(judgement.rr_ms)


def test_what_nobody_explains_is_out_of_range_and_has_no_stand_in() -> None:
    """Bounds only speak where nothing else does."""
    rr = np.full(40, 2100.0) + np.tile([0.0, 15.0], 20)
    judged = judge(items(rr))
    assert {j.verdict for j in judged} == {Verdict.OUT_OF_RANGE}
    assert all(j.nn_ms is None and j.corrected_ms == () for j in judged)


@pytest.mark.parametrize("fault", FAULTS)
def test_corrected_values_last_as_long_as_what_they_replace(fault: Verdict) -> None:
    """So that mending moves no later beat."""
    faulty = with_faults(resting(300, seed=2), fault)
    judged = judge(items(faulty.rr_ms))
    for places in faulty.faults:
        mended = sum(sum(judged[place].corrected_ms) for place in places)
        assert mended == pytest.approx(sum(faulty.rr_ms[place] for place in places))


def test_events_count_once_what_touches_two_intervals() -> None:
    """An ectopic beat is one event and two refused intervals."""
    counted = artifacts(judge(items(with_faults(resting(300), Verdict.ECTOPIC).rr_ms)))
    assert counted["ectopic"] == 6
    assert counted["corrected_percent"] == pytest.approx(100 * 12 / 300)
    assert events([Verdict.ECTOPIC] * 3, Verdict.ECTOPIC) == 2


def heart_with_anything() -> st.SearchStrategy[list[float]]:
    """Mostly a resting heart, with any nonsense in between."""
    usual, nonsense = st.floats(700, 1000), st.floats(1, 9000)
    return st.lists(st.one_of(usual, usual, usual, nonsense), min_size=1, max_size=130)


@settings(max_examples=60, deadline=None)
@given(heart_with_anything(), st.sets(st.integers(1, 129), max_size=4))
def test_each_beat_is_judged_once_three_beats_later_and_revised_only_on_a_change(
    rr: list[float], cuts: set[int]
) -> None:
    """Whatever comes: one confirmed verdict a beat, in order, never later than three beats after it."""
    stream, open_beats, published = VerdictStream(), list[int](), dict[int, Judgement]()
    confirmed: list[Judgement] = []
    for seq, value in enumerate(rr):
        if seq in cuts:
            confirmed += stream.gap()
            open_beats.clear()
        *settled, fresh = stream.push(Beat(STREAM, seq, float(seq), value))
        confirmed += settled
        open_beats.append(seq)
        assert fresh.provisional
        published[seq] = fresh
        if len(open_beats) > CONFIRM_AFTER:
            assert confirmed[-1].seq == seq - CONFIRM_AFTER
    confirmed += stream.finish()
    assert [j.seq for j in confirmed] == list(range(len(rr)))
    assert [j.rr_ms for j in confirmed] == rr
    assert not any(j.provisional for j in confirmed)


@settings(max_examples=40, deadline=None)
@given(heart_with_anything(), st.sets(st.integers(1, 129), max_size=3))
def test_a_recording_is_judged_exactly_as_the_stream_was(rr: list[float], cuts: set[int]) -> None:
    """analyze and replay never disagree; the last word of the stream's lines is the recording's verdict."""
    stream = items(rr, gaps_before=dict.fromkeys(cuts, 4.0))
    updates, pipeline = live(stream)
    judged = judge(stream)
    assert tuple(pipeline.judgements) == judged
    last_word = {u.seq: u.verdict for u in updates if isinstance(u, BeatUpdate | Revision)}
    assert last_word == {j.seq: j.verdict for j in judged}


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(1e-3, 1e7), max_size=110))
def test_any_positive_intervals_are_judged_once_and_read_without_fail(rr: list[float]) -> None:
    """From microseconds to hours, in any order: one final verdict each, every number or its reason."""
    analysis = analyze(items(rr))
    assert [judgement.seq for judgement in analysis.judgements] == list(range(len(rr)))
    assert not any(judgement.provisional for judgement in analysis.judgements)
    assert all((index.value is None) != (index.reason is None) for index in analysis.indices.values())


@settings(max_examples=25, deadline=None)
@given(heart_with_anything(), st.integers(0, 130))
def test_a_confirmed_verdict_does_not_know_what_follows(rr: list[float], cut: int) -> None:
    """Whatever comes after its third successor changes nothing."""
    whole, part = judge(items(rr)), judge(items(rr[:cut]))
    certain = max(0, len(part) - CONFIRM_AFTER)
    assert part[:certain] == whole[:certain]


def test_a_lost_contact_is_a_hole_and_is_not_filled() -> None:
    """Eleven missing beats are nobody's intervals."""
    rr = resting(60)
    rr[30] = 10_000.0
    judgement = judge(items(rr))[30]
    assert judgement.verdict is not Verdict.NORMAL
    assert len(judgement.corrected_ms) < 2


def test_a_gap_cuts_every_neighbourhood() -> None:
    """What follows a gap is judged as if nothing had been before: the same verdicts as on its own."""
    first, second = resting(50, seed=1), with_faults(resting(120, seed=2), Verdict.MISSED).rr_ms
    together = judge(items(np.concatenate((first, second)), gaps_before={50: 8.0}))
    assert [j.verdict for j in together[50:]] == verdicts(second)
