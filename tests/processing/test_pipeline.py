"""The live way: what is published, in which order, and when numbers fall silent."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acquisition.beats import Beat, Gap, Item, Tick
from processing.arousal import BaselineReference
from processing.pacer import PacerPlan
from processing.pipeline import BeatUpdate, GapUpdate, LivePipeline, Revision, SecondUpdate
from processing.thresholds import LIVE_NAMES, SPECS
from processing.values import REASONS, Verdict
from tests.processing.hearts import STREAM, Floats, items, live, paced, resting, with_ectopy, with_faults


def with_ticks(made: list[Item], until_s: float | None = None) -> list[Item]:
    """The items with a tick at each whole second between them."""
    ticked: list[Item] = []
    second = 1
    for item in [*made, Tick(STREAM, until_s)] if until_s else made:
        while second <= item.time_s:
            ticked.append(Tick(STREAM, float(second)))
            second += 1
        ticked.append(item)
    return ticked


def last_beat(rr: Floats, **told: object) -> BeatUpdate:
    updates, _ = live(items(rr, **told))  # type: ignore[arg-type]  # gaps_before is the only keyword
    return [update for update in updates if isinstance(update, BeatUpdate)][-1]


def test_every_beat_carries_every_live_number_with_its_window_and_share() -> None:
    """A number or its reason, by name and in one order."""
    beat = last_beat(resting(200))
    assert tuple(beat.indices) == LIVE_NAMES
    for name, index in beat.indices.items():
        assert (index.value is None) == (index.reason is not None)
        assert index.unit == SPECS[name].unit
        assert index.window_s > 0
        assert 0 <= index.corrected_percent <= 100
    assert beat.indices["lf_ms2"].value is not None


@pytest.mark.parametrize(
    "name", ["mean_hr_bpm", "rmssd_ms", "ln_rmssd", "sdnn_ms", "pnn50_percent", "hf_ms2", "lf_ms2"]
)
def test_a_number_waits_for_its_own_window_and_no_longer(name: str) -> None:
    """At intervals of exactly one second: silent up to the beat before, told from the beat that fills the window."""
    rr = 1000.0 + np.tile([-30.0, 30.0, 20.0, -20.0], 40)
    updates, _ = live(items(rr))
    beats = [update for update in updates if isinstance(update, BeatUpdate)]
    needed = int(SPECS[name].minimum_s)
    early, ready = beats[needed - 2].indices[name], beats[needed - 1 + 1].indices[name]
    assert early.value is None
    assert (early.reason or "").startswith("warming_up: needs")
    assert ready.value is not None


def test_reasons_begin_with_a_word_of_the_list() -> None:
    """Pages and programs can act on the first word."""
    rr = with_ectopy(resting(400), 9).rr_ms
    updates, _ = live(with_ticks(items(rr, gaps_before={200: 30.0}), until_s=500.0))
    reasons = {
        index.reason.split(":")[0]
        for update in updates
        if isinstance(update, BeatUpdate | SecondUpdate)
        for index in update.indices.values()
        if index.reason
    }
    assert reasons <= set(REASONS)
    assert {"gap", "warming_up", "too_many_corrected"} <= reasons


def test_revisions_come_before_the_beat_that_brought_them_and_only_on_a_change() -> None:
    """A reader of the lines who applies them in order holds exactly what the numbers were taken from."""
    faulty = with_faults(resting(300), Verdict.ECTOPIC)
    updates, _ = live(items(faulty.rr_ms))
    said: dict[int, Verdict] = {}
    for update in updates:
        if isinstance(update, Revision):
            assert said[update.seq] is not update.verdict
            assert (update.nn_ms is None) == (update.verdict is not Verdict.NORMAL)
        if isinstance(update, BeatUpdate):
            window = [v for seq, v in said.items() if seq > update.seq - 10]
            assert len(window) <= 10
        if isinstance(update, BeatUpdate | Revision):
            said[update.seq] = update.verdict
    assert {seq for seq, verdict in said.items() if verdict is Verdict.ECTOPIC} == faulty.touched


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 1000), st.sets(st.integers(1, 159), max_size=3), st.integers(20, 159))
def test_a_prefix_of_the_items_gives_a_prefix_of_the_updates(seed: int, cuts: set[int], until: int) -> None:
    """Nothing that comes later changes what was published."""
    made = with_ticks(items(with_ectopy(resting(160, seed=seed), 5, seed).rr_ms, gaps_before=dict.fromkeys(cuts, 3.0)))
    whole, part = LivePipeline(), LivePipeline()
    everything = [update for item in made for update in whole.feed(item)]
    beginning = [update for item in made[:until] for update in part.feed(item)]
    assert everything[: len(beginning)] == beginning


def test_a_gap_is_told_after_the_beats_before_it_are_settled() -> None:
    """Neighbours end at a gap, so nothing is left to wait for."""
    rr = resting(60)
    rr[29] *= 2
    updates, _ = live(items(rr, gaps_before={30: 8.0}))
    at = next(place for place, update in enumerate(updates) if isinstance(update, GapUpdate))
    revision = updates[at - 1]
    assert isinstance(revision, Revision)
    assert (revision.seq, revision.verdict) == (29, Verdict.MISSED)


def test_no_difference_is_taken_across_a_gap() -> None:
    """A level that jumps by 300 ms over a short gap leaves RMSSD as it was on both sides."""
    one, two = resting(100, seed=1), resting(100, mean_ms=1200, seed=2)
    across = last_beat(np.concatenate((one, two[:12])), gaps_before={100: 1.0}).indices["rmssd_ms"]
    assert across.value is not None
    assert across.value < 60


def test_a_window_with_a_gap_gives_no_spectrum() -> None:
    """HF, LF, swing and rhythm wait until their window is whole again."""
    beat = last_beat(resting(200), gaps_before={185: 1.0})
    for name in ("hf_ms2", "lf_ms2", "rhythm_score", "swing_bpm"):
        assert (beat.indices[name].reason or "").startswith("gap")
    assert beat.indices["sdnn_ms"].value is not None


def test_a_lost_number_in_the_count_breaks_the_stretch_like_a_gap() -> None:
    """A hole in seq is a lost beat: no pair is made across it."""
    made = [item for item in items(resting(120)) if not (isinstance(item, Beat) and item.seq == 100)]
    updates, _ = live(made)
    assert (updates[-1].indices["hf_ms2"].reason or "").startswith("gap")  # type: ignore[union-attr]  # the last is a beat


def test_numbers_go_blank_in_silence_and_come_back() -> None:
    """After five seconds without a beat every number says so, second by second."""
    made = with_ticks(items(resting(100)))
    end_s = made[-1].time_s
    pipeline = LivePipeline()
    for item in made:
        pipeline.feed(item)
    (within,) = pipeline.feed(Tick(STREAM, end_s + 4.0))
    (silent,) = pipeline.feed(Tick(STREAM, end_s + 7.0))
    assert isinstance(within, SecondUpdate)
    assert within.indices["mean_hr_bpm"].value is not None
    assert isinstance(silent, SecondUpdate)
    assert {index.reason for index in silent.indices.values()} == {"gap: no beats for 7 s"}


def test_a_pause_is_judged_and_lies_outside_every_number() -> None:
    """Beats of the pause are published with their verdicts, numbers say paused, and none of them is ever counted."""
    quiet, wild = resting(90, seed=1), resting(40, mean_ms=500, seed=2)
    made = items(np.concatenate((quiet, wild, resting(90, seed=3))))
    start_s, end_s = made[89].time_s, made[129].time_s
    pipeline = LivePipeline()
    updates = []
    for place, item in enumerate(made):
        if place == 90:
            pipeline.pause(start_s)
        if place == 130:
            pipeline.resume(end_s)
        updates += [update for update in pipeline.feed(item) if isinstance(update, BeatUpdate)]
    assert {index.reason for index in updates[110].indices.values()} == {"paused: the exercise waits"}
    rates = [u.indices["mean_hr_bpm"].value for u in updates[130:]]
    assert all(rate is None or rate < 80 for rate in rates)
    assert (updates[131].indices["mean_hr_bpm"].reason or "").startswith("paused")
    assert rates[-1] is not None
    assert len(pipeline.judgements) == len(made) - 3


def test_other_streams_and_items_say_nothing() -> None:
    """A pipeline follows one stream; with none named, the first that beats."""
    pipeline = LivePipeline("heart-2")
    assert pipeline.feed(Beat("heart-1", 0, 1.0, 900.0)) == []
    assert pipeline.feed(Gap("heart-1", 1.0, 2.0, "link lost")) == []
    assert pipeline.feed(Tick("heart-1", 2.0)) == []
    assert len(pipeline.feed(Beat("heart-2", 0, 1.0, 900.0))) == 1


def test_arousal_is_both_parts_and_in_paced_breathing_the_heart_rate_alone() -> None:
    """Slow breath lifts RMSSD by itself, so its part is withheld then."""
    pipeline = LivePipeline()
    for item in items(resting(120)):
        pipeline.feed(item)
    pipeline.set_baseline(BaselineReference(60.0, 2.0, 4.0, 0.2, 120))
    (tick,) = pipeline.feed(Tick(STREAM, 108.0))
    assert isinstance(tick, SecondUpdate)
    parts = [tick.indices[name].value for name in ("arousal_hr_sd", "arousal_ln_rmssd_sd")]
    assert tick.indices["arousal_sd"].value == pytest.approx(sum(part for part in parts if part is not None) / 2)
    pipeline.set_pacer(PacerPlan.steady(6.0), 100.0)
    (tick,) = pipeline.feed(Tick(STREAM, 109.0))
    assert isinstance(tick, SecondUpdate)
    assert tick.indices["arousal_sd"].value == parts[0]
    assert (tick.indices["arousal_ln_rmssd_sd"].reason or "").startswith("breathing_outside_hf")


def test_the_live_baseline_is_made_of_the_ticks_between_two_times() -> None:
    """Median and floored MAD of what was read each second; too few seconds give none."""
    pipeline = LivePipeline()
    for item in with_ticks(items(resting(200))):
        pipeline.feed(item)
    baseline = pipeline.baseline_between(60.0, 160.0)
    assert baseline is not None
    assert baseline.seconds == 100
    assert baseline.hr_bpm == pytest.approx(60000 / resting(200)[70:175].mean(), abs=1)
    assert baseline.hr_sd_bpm >= 1.4826
    assert pipeline.baseline_between(60.0, 80.0) is None


def test_swing_is_read_within_the_pacers_cycles_shifted_by_the_sensors_delay() -> None:
    """Two whole breaths of ±60 ms about 800 ms: from 60000/860 to 60000/740."""
    pipeline = LivePipeline(delay_s=2.6)
    pipeline.set_pacer(PacerPlan.steady(6.0), 0.0)
    told = []
    for item in items(paced(200, swing_ms=60)):
        (update,) = pipeline.feed(item)
        assert isinstance(update, BeatUpdate)
        told.append((update.time_s, update.indices["swing_bpm"]))
    assert next(time_s for time_s, index in told if index.value is not None) == pytest.approx(22.6, abs=1.0)
    assert told[-1][1].value == pytest.approx(60000 / 740 - 60000 / 860, rel=0.05)
    assert told[-1][1].window_s == pytest.approx(20.0)


def test_cost_and_memory_of_the_numbers_do_not_grow_with_the_session() -> None:
    """The beats that numbers are taken from are let go; what is told does not notice."""
    rr = resting(5000, seed=5)
    updates, pipeline = live(items(rr))
    assert len(pipeline._live._beats.rr_ms) <= 2048
    beats = [update for update in updates if isinstance(update, BeatUpdate)]
    fresh, _ = live([item for item in items(rr) if isinstance(item, Beat) and item.seq >= 4600])
    again = [update for update in fresh if isinstance(update, BeatUpdate)][-1]
    for name in ("rmssd_ms", "sdnn_ms", "hf_ms2", "lf_ms2", "rhythm_score"):
        assert beats[-1].indices[name].value == pytest.approx(again.indices[name].value, rel=1e-9)


def test_importing_processing_loads_none_of_the_heavy_libraries() -> None:
    """NeuroKit2 takes seconds; it waits until it is asked."""
    heavy = ("neurokit2", "bleak", "dash", "sqlalchemy", "pandas", "matplotlib")
    code = f"import processing, sys; sys.exit(any(name in sys.modules for name in {heavy!r}))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
