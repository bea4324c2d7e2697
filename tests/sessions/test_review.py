"""A review against the known truth of generated sittings, and on files that hold no sitting at all."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from acquisition import formats
from acquisition.beats import Beat, Gap, Marker, Tick
from acquisition.formats.recording_file import RecordingFile
from acquisition.samples import resolve
from processing.values import REASONS
from sessions.review import Review, review
from sessions.review_json import as_json
from sessions.summary import HEADINGS, summary_view

FORBIDDEN = ("arousal", "stress", "calm", "anxious", "score", "good", "bad", "better", "worse", "normal")
"""Words that no sentence of the client's summary holds."""


@cache
def sample(name: str) -> RecordingFile:
    return formats.read(resolve(f"sample:{name}"))


@cache
def reviewed(name: str) -> Review:
    return review(None, sample(name))


def truth(name: str) -> dict[str, Any]:
    path = Path(str(resolve(f"sample:{name}")) + ".answers.json")
    found: dict[str, Any] = json.loads(path.read_text())
    return found


def row(found: Review, name: str) -> dict[str, Any]:
    phases = as_json(found)["phases"]
    assert isinstance(phases, list)
    return next(phase for phase in phases if phase["name"] == name)


@pytest.mark.parametrize("name", ["out-of-reach", "calm-words-body-up"])
def test_half_time_is_that_of_the_model(name: str) -> None:
    """Within the smoothing of the true half-time, from the stressor's last second, and labelled as paced."""
    half, true = reviewed(name).half_time, truth(name)["half_time"]
    assert half.value_s == pytest.approx(true["value_s"], abs=15.0)
    assert half.paced is true["paced"]
    assert not half.censored


def test_every_part_has_the_heart_rate_of_the_truth() -> None:
    """Mean heart rate within 0.5 beats/min of the model's own beats, RMSSD within 5 %."""
    for part in truth("out-of-reach")["phases"]:
        indices = row(reviewed("out-of-reach"), part["name"])["indices"]
        assert indices["mean_hr_bpm"]["value"] == pytest.approx(part["mean_hr_bpm"], abs=0.5)
        assert indices["rmssd_ms"]["value"] == pytest.approx(part["rmssd_ms"], rel=0.05)


def test_swing_of_the_breathing_part_is_read_in_the_guides_own_breaths() -> None:
    """Paced at 6 a minute the swing is that of the model."""
    true = next(p for p in truth("paced-6")["phases"] if p["kind"] == "paced_breathing")
    assert row(reviewed("paced-6"), "soft-breath")["indices"]["swing_bpm"]["value"] == pytest.approx(
        true["swing_bpm"], rel=0.1
    )


def test_reactivity_names_its_reference_and_looks_at_equal_windows() -> None:
    """The stressor against the plain scene that its script names, the last two minutes of each."""
    change = row(reviewed("out-of-reach"), "out-of-reach")["reactivity"]
    assert (change["reference"], change["speech"], change["named"]) == ("plain-scene", "silent", True)
    assert change["mean_hr_bpm"]["window_s"] == 120.0
    assert change["mean_hr_bpm"]["value"] == pytest.approx(14.0, abs=2.0)
    assert change["ln_rmssd"]["value"] < -0.5


def test_paced_breathing_has_no_change_of_rmssd() -> None:
    """Slow breathing lifts RMSSD by itself: the reason says so."""
    change = row(reviewed("out-of-reach"), "soft-breath")["reactivity"]
    assert change["ln_rmssd"]["value"] is None
    assert change["ln_rmssd"]["reason"].startswith("breathing_outside_hf")
    assert change["mean_hr_bpm"]["value"] is not None


def test_says_calm_heart_up_is_found_and_never_judged() -> None:
    """The split shows in its part alone, with the fixed caveat in the method."""
    says = {pair.name: pair.says for pair in reviewed("calm-words-body-up").pairs if pair.says}
    assert says == {"plain-scene": "both steady", "out-of-reach": "heart up, said calm", "back-to-rest": "both steady"}
    assert {p.name: p.says for p in reviewed("out-of-reach").pairs}["out-of-reach"] == "heart up, said up"
    assert "A steady heart does not show that nothing was felt" in str(reviewed("out-of-reach").method)


def test_answers_after_the_heart_was_shown_are_left_out() -> None:
    """The breathing part has no place in felt and heart."""
    pair = next(pair for pair in reviewed("out-of-reach").pairs if pair.name == "soft-breath")
    assert pair.left_out == "answered after the heart was shown"


def test_no_coefficient_is_given_for_one_sitting() -> None:
    """Under 12 parts there is none, under any name."""
    assert "coefficient" not in json.dumps(as_json(reviewed("out-of-reach")))


def test_refused_beats_withhold_with_a_reason() -> None:
    """At 12 % ectopic beats every number of the part is a dash with a reason that pages know."""
    indices = row(reviewed("ectopic-12"), "rest")["indices"]
    assert indices["rmssd_ms"]["value"] is None
    for index in indices.values():
        assert (index["value"] is None) != (index["reason"] is None)
        assert index["reason"] is None or index["reason"].split(":")[0] in REASONS


def test_gaps_are_counted_and_said() -> None:
    """As many as the truth has, in the row and in the flags."""
    found = reviewed("restless-strap")
    assert row(found, "rest")["gaps"] == len(found.timeline.gaps) > 0
    assert any("nothing is bridged" in flag for flag in found.flags)


def test_there_are_always_the_same_five_key_figures() -> None:
    """Each with a value or a reason."""
    for name in ("out-of-reach", "clean-rest", "ectopic-12"):
        figures = reviewed(name).key_figures
        assert [figure.id for figure in figures] == ["reactivity", "half_time", "swing", "felt_and_heart", "usable"]
        assert all((figure.value is None) == (figure.reason is not None) for figure in figures)


def test_arousal_is_near_zero_at_rest_and_high_in_the_stressor() -> None:
    """Robust SD from the own baseline; outside every part there is none."""
    found = reviewed("out-of-reach")
    at = dict(found.timeline.arousal_sd)
    median = sorted(v for t, v in at.items() if 120 < t < 300 and v is not None)
    assert abs(median[len(median) // 2]) < 0.7
    assert max(v for t, v in at.items() if 560 < t < 700 and v is not None) > 3
    assert all(v is None for t, v in at.items() if 303 < t < 319)


def test_a_plain_file_has_a_review_without_parts() -> None:
    """Intervals alone: numbers of the whole, usable share, no part, no half-time, and each says why."""
    beats = [Beat("rr", n, (n + 1) * 0.9, 900.0 + 10 * (n % 3)) for n in range(200)]
    plain = RecordingFile(Path("plain.txt"), "rr-text", "ms", None, tuple(beats), 200, 0)
    found = as_json(review(None, plain))
    assert found["phases"] == []
    half, indices = found["half_time"], found["indices"]
    assert isinstance(half, dict)
    assert half["reason"].split(":")[0] in REASONS
    assert isinstance(indices, dict)
    assert indices["mean_hr_bpm"]["value"] == pytest.approx(66.0, abs=1.0)
    usable = found["key_figures"][-1]  # type: ignore[index]  # a list
    assert usable["value"] > 95


def test_a_recording_without_a_heart_says_so() -> None:
    """Nothing but ticks and a part: every number has its reason and nothing fails."""
    span = {"seq": 0, "name": "rest", "kind": "baseline", "start_s": 0.0, "end_s": 60.0}
    items = (Marker("h", 0.0, "phase", span), *(Tick("h", float(s)) for s in range(1, 61)))
    found = review(None, RecordingFile(Path("none"), "attune", "ms", None, items, 61, 0))
    assert "No heart was recorded." in found.flags
    assert summary_view(found).start_bpm is None


def _with_phase(pause: tuple[float, float] | None) -> RecordingFile:
    """Five minutes of rest from the clean sample, with a pause inside or none."""
    clean = sample("clean-rest")
    items = [item for item in clean.items if not isinstance(item, Marker)]
    span: Mapping[str, object] = {"seq": 0, "name": "rest", "kind": "baseline", "start_s": 0.0, "end_s": 290.0}
    marks = [Marker(clean.streams[0], 0.0, "phase", span)]
    if pause is not None:
        inner = {"seq": 1, "name": "pause", "kind": "pause", "start_s": pause[0], "end_s": pause[1]}
        marks.append(Marker(clean.streams[0], pause[0], "phase", inner))
    return replace(clean, items=(*marks, *items))


def test_a_pause_lies_outside_every_number() -> None:
    """Beats within the pause count nowhere, the part is as much shorter, and numbers stay near those without."""
    whole, paused = (review(None, _with_phase(pause)) for pause in (None, (100.0, 160.0)))
    assert paused.phases[0].used_s == pytest.approx(whole.phases[0].used_s - 60.0)
    inside = [j for j in whole.timeline.judgements if 100.0 < j.time_s <= 160.0]
    assert whole.phases[0].beats - paused.phases[0].beats in (len(inside), len(inside) + 1)
    for name in ("mean_hr_bpm", "rmssd_ms"):
        here, there = paused.phases[0].indices[name].value, whole.phases[0].indices[name].value
        assert here is not None
        assert here == pytest.approx(there, rel=0.2)
    assert "The sitting was paused; pauses lie outside every number." in paused.flags


def test_a_short_part_has_no_rmssd_in_the_table() -> None:
    """Under 60 s RMSSD is withheld although live it needs 30."""
    clean = sample("clean-rest")
    span = {"seq": 0, "name": "rest", "kind": "baseline", "start_s": 100.0, "end_s": 145.0}
    items = (Marker(clean.streams[0], 100.0, "phase", span), *(i for i in clean.items if not isinstance(i, Marker)))
    found = review(None, replace(clean, items=items))
    assert found.phases[0].indices["rmssd_ms"].reason == "too_short: needs 60 s, has 45 s"
    assert any("lasted 45 s; 120 s are its minimum" in flag for flag in found.flags)


def test_the_json_is_json() -> None:
    """No infinity, no tuple of our own types."""
    for name in ("out-of-reach", "restless-strap", "clean-rest"):
        json.dumps(as_json(reviewed(name)), allow_nan=False)


@pytest.mark.parametrize("name", ["out-of-reach", "calm-words-body-up", "clean-rest", "ectopic-12", "paced-6"])
def test_the_persons_summary_has_the_same_headings_and_grades_nothing(name: str) -> None:
    """Three neutral headings every time, sentences from numbers, none of the words that judge."""
    seen = summary_view(reviewed(name))
    assert tuple(note.heading for note in seen.notes) == HEADINGS
    for note in seen.notes:
        assert note.text.endswith(".")
        assert not any(word in note.text.lower() for word in FORBIDDEN)
    assert all(rate is None or math.isfinite(rate) for _, rate in seen.curve)
    assert len(seen.curve) <= 600


def test_client_and_clinician_read_the_same_numbers() -> None:
    """One definition of each figure for both."""
    found = reviewed("out-of-reach")
    seen = summary_view(found)
    reactivity, half, swing, *_ = found.key_figures
    assert f"about {reactivity.value:.0f} beats a minute faster" in seen.notes[0].text
    assert half.value is not None
    assert f"{half.value // 60:.0f} min {half.value % 60:.0f} s" in seen.notes[1].text
    assert f"about {swing.value:.0f} beats" in seen.notes[2].text


def test_a_gap_in_a_part_lowers_its_usable_share() -> None:
    """Usable is the share of the part's own time that normal intervals cover."""
    clean = sample("clean-rest")
    stream = clean.streams[0]
    kept = [i for i in clean.items if not (isinstance(i, Beat) and 100 < i.time_s <= 130) and not isinstance(i, Marker)]
    span = {"seq": 0, "name": "rest", "kind": "baseline", "start_s": 0.0, "end_s": 290.0}
    items = (Marker(stream, 0.0, "phase", span), Gap(stream, 100.0, 130.0, "link lost"), *kept)
    found = review(None, replace(clean, items=items))
    assert found.phases[0].usable_percent == pytest.approx(100 * 260 / 290, abs=1.5)
    assert found.phases[0].gaps == 1
