"""From bytes to rows: frames, latency, words, and one run through the live pipeline."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acquisition import formats
from acquisition.beats import Item, Notification
from acquisition.formats.recording_file import RecordingFile
from acquisition.samples import sample_path
from dashboard.replay.explain import PlayedBeat, explain
from dashboard.replay.frames import read
from dashboard.replay.latency import Stopwatch
from dashboard.replay.overview import overview
from dashboard.replay.run import Run
from dashboard.replay.sitting import Sitting
from processing.analysis import judge
from processing.values import Verdict
from sessions.told import told


class Clock:
    """A clock that goes on by one microsecond at each reading."""

    def __init__(self) -> None:
        self.ns = 0

    def __call__(self) -> int:
        self.ns += 1000
        return self.ns


def frame(data: bytes, at_s: float = 1.0) -> Notification:
    return Notification("heart-1", at_s, 0, data)


@pytest.fixture(scope="module")
def restless() -> RecordingFile:
    """Five minutes of a strap that slips: gaps, missed and extra beats, frames cut short."""
    return formats.read(sample_path("restless-strap"))


def played(recording: RecordingFile) -> tuple[Run, list[dict[str, Any]]]:
    run = Run(recording.streams[0], Stopwatch(Clock()))
    rows = [row for item in recording.items for row in run.feed(item)]
    return run, [*rows, *run.finish()]


def test_each_byte_of_a_frame_has_its_field() -> None:
    """Flags, a wide rate, energy, and two intervals, low byte first."""
    parts = read(1, frame(bytes([0x1F, 70, 0, 5, 0, 0x8E, 3, 0x84, 3]))).parts()
    assert [part.field for part in parts] == [
        "flags",
        "rate low",
        "rate high",
        "energy low",
        "energy high",
        "RR low",
        "RR high",
        "RR low",
        "RR high",
    ]
    assert [part.rr for part in parts[5:]] == [0, 0, 1, 1]


def test_a_frame_cut_short_is_a_row_with_its_reason() -> None:
    """Malformed frames are shown, not swallowed."""
    cut = read(3, frame(bytes([0x16, 70, 0x8E])))
    assert cut.fault is not None
    assert cut.intervals == 0
    assert [part.field for part in cut.parts()] == ["flags", "rate", "cut short"]


@given(st.binary(max_size=24))
def test_any_bytes_have_one_name_each(data: bytes) -> None:
    """Whatever arrives, every byte is shown and none is named twice."""
    parts = read(1, frame(data)).parts()
    assert [part.hex for part in parts] == [f"{byte:02X}" for byte in data]


def test_the_figures_of_a_stage_are_median_and_95th_percentile() -> None:
    """Of 1 to 100 ms the median is 50.5, the 95th percentile 95.05."""
    watch = Stopwatch(Clock())
    for ms in range(1, 101):
        watch.add("parse", ms * 1_000_000)
    told = watch.figures()["parse"]
    assert (told.samples, told.median_ms, told.p95_ms) == (100, 50.5, pytest.approx(95.05))


def test_a_stage_forgets_what_is_older_than_a_minute() -> None:
    """The figures are of the last 60 s."""
    clock = Clock()
    watch = Stopwatch(clock)
    watch.add("parse", 1_000_000)
    clock.ns += 61_000_000_000
    assert watch.figures() == {}


def test_every_frame_and_beat_becomes_a_row(restless: RecordingFile) -> None:
    """Frames, malformed ones among them, beats, gaps: nothing is left out."""
    run, rows = played(restless)
    frames = [row for row in rows if row["k"] == "frame"]
    assert len(frames) == sum(isinstance(item, Notification) for item in restless.items)
    assert sum(row["bad"] is not None for row in frames) == run.counts.malformed > 0
    assert len([row for row in rows if row["k"] == "beat"]) == len(restless.beats) == run.counts.beats
    assert len([row for row in rows if row["k"] == "gap"]) == len(restless.gaps)


def test_the_final_verdicts_are_those_of_analyze(restless: RecordingFile) -> None:
    """The same file gives the same verdicts on the page as from the command line."""
    _, rows = played(restless)
    final = [(row["q"], row["v"]) for row in rows if row["k"] == "final"]
    assert final == [(judgement.seq, str(judgement.verdict)) for judgement in judge(restless.items)]


def test_no_row_is_later_than_the_playhead(restless: RecordingFile) -> None:
    """At every moment, every row so far lies at or before the head."""
    run = Run(restless.streams[0], Stopwatch(Clock()))
    for item in restless.items:
        for row in run.feed(item):
            assert row.get("t", 0.0) <= run.head_s  # type: ignore[operator] # rows are JSON values


def test_beats_of_one_frame_name_it(restless: RecordingFile) -> None:
    """A frame with several intervals is one group, its beats in order."""
    _, rows = played(restless)
    sizes = {row["f"]: row["rr"] for row in rows if row["k"] == "frame"}
    places: dict[int, list[int]] = {}
    for row in rows:
        if row["k"] == "beat":
            places.setdefault(row["f"], []).append(row["i"])
    assert max(len(each) for each in places.values()) > 1
    for number, each in places.items():
        assert each == list(range(len(each)))
        assert len(each) <= sizes[number]


def test_a_beat_is_first_provisional_and_later_final(restless: RecordingFile) -> None:
    """Both words are there: at once, and three beats later."""
    _, rows = played(restless)
    seen: dict[int, str] = {}
    for row in rows:
        if row["k"] == "beat":
            assert row["p"]
            seen[row["q"]] = row["v"]
        elif row["k"] == "final":
            assert row["q"] in seen
    assert any(row["k"] == "final" and seen[row["q"]] != row["v"] for row in rows)


def test_a_number_without_value_has_its_reason(restless: RecordingFile) -> None:
    """A dash in the table is never without a why."""
    _, rows = played(restless)
    for row in rows:
        if row["k"] == "beat":
            for name in ("hr", "rm", "sw"):
                assert (row[name] is None) == (name + "?" in row)


def beat(**more: Any) -> PlayedBeat:
    plain: dict[str, Any] = {
        "seq": 9, "time_s": 9.0, "rr_ms": 1380.859375, "rr_ticks": 1414, "frame": 8, "place": 0,
        "first": Verdict.NORMAL, "verdict": Verdict.MISSED, "confirmed": True, "nn_ms": None,
        "corrected_ms": (690.4, 690.4),
    }  # fmt: skip
    return PlayedBeat(**{**plain, **more})


def test_a_missed_beat_is_explained_in_words() -> None:
    """Bytes, rule, decision."""
    told = " ".join(explain(beat(), None, [711.0] * 11))
    assert "`0x0586` is 1,414 / 1024 s, so `RR = 1380.9 ms`." in told
    assert "1.94 times the local median of 711 ms" in told
    assert "First taken as normal; three beats later judged missed." in told
    assert "`690 + 690 ms`" in told


@pytest.mark.parametrize("verdict", list(Verdict))
@pytest.mark.parametrize("confirmed", [True, False])
def test_every_verdict_has_words(verdict: Verdict, confirmed: bool) -> None:
    """No beat is left without an explanation."""
    told = explain(beat(verdict=verdict, confirmed=confirmed, rr_ticks=None), None, [])
    assert all(sentence.endswith(".") for sentence in told)
    assert ("three more beats decide" in " ".join(told)) == (not confirmed)


def test_the_run_explains_a_beat_with_its_own_bytes(restless: RecordingFile) -> None:
    """The strong bytes are those of the beat's own interval."""
    run, rows = played(restless)
    second = next(row for row in rows if row["k"] == "beat" and row["i"] == 1)
    told = run.explanation(second["q"])
    assert told is not None
    strong = [part[0] for part in told["bytes"] if part[2]]  # type: ignore[attr-defined] # JSON values
    low, high = (int(byte, 16) for byte in strong)
    assert (high * 256 + low) * 1000 / 1024 == second["rr"]


def test_a_beat_that_has_not_come_has_no_explanation() -> None:
    """Nothing is said of what is not known."""
    assert Run("heart-1", Stopwatch(Clock())).explanation(5) is None


def test_the_overview_holds_phases_gaps_and_a_line() -> None:
    """What the scrubber draws of a whole session."""
    shown = overview(formats.read(sample_path("out-of-reach")))
    script = [phase["title"] for phase in shown.phases if phase["kind"] != "rating"]
    assert script[:3] == ["rest", "plain-scene", "out-of-reach"]
    assert all(a["to"] <= b["from"] for a, b in itertools.pairwise(shown.phases))  # type: ignore[operator] # JSON values
    assert 100 < len(shown.trace) <= 501
    assert shown.frames > 0


def test_the_overview_breaks_its_line_at_a_gap(restless: RecordingFile) -> None:
    """Where there are no beats there is no value."""
    shown = overview(restless)
    from_s, to_s = max(shown.gaps, key=lambda gap: gap[1] - gap[0])
    inside = [value for time_s, value in shown.trace if from_s + 2 < time_s < to_s - 2]
    assert inside
    assert set(inside) == {None}


def test_rr_text_without_frames_has_rows_too(tmp_path: Path) -> None:
    """A file of intervals has beats without bytes."""
    file = tmp_path / "rr.txt"
    file.write_text("\n".join(["800", "810", "790"] * 20), encoding="utf-8")
    recording = formats.read(file)
    run, rows = played(recording)
    beats = [row for row in rows if row["k"] == "beat"]
    assert len(beats) == 60
    assert {row["f"] for row in beats} == {None}
    told = run.explanation(beats[5]["q"])
    assert told is not None
    assert told["bytes"] == []


def test_items_of_another_stream_give_no_rows() -> None:
    """One replay shows one stream."""
    run = Run("heart-1", Stopwatch(Clock()))
    other: Item = Notification("heart-2", 1.0, 0, bytes([0x00, 70]))
    assert list(run.feed(other)) == []


def test_the_guide_and_the_pauses_of_a_sitting_are_known_again() -> None:
    """Swing is read from the guide's own breaths, and numbers rest while the person was asked, as on the day."""
    recording = formats.read(sample_path("out-of-reach"))
    end_s = overview(recording).duration_s
    sitting = told(recording, end_s)
    run = Run(recording.streams[0], Stopwatch(Clock()), sitting=Sitting(sitting))
    rows = [row for item in recording.items for row in run.feed(item) if row["k"] == "beat"]
    asked = [span for span in sitting.inserted if span.end_s is not None]
    within = [row for row in rows if any(span.start_s + 1 < row["t"] < (span.end_s or 0.0) for span in asked)]  # type: ignore[operator] # JSON values
    assert within
    assert all(row["hr"] is None and str(row["hr?"]).startswith("paused") for row in within)
    bare = {row["q"]: row["sw"] for row in played(recording)[1] if row["k"] == "beat"}
    guide = sitting.paced[-1]
    guided = [row for row in rows if guide.from_s + 30 < row["t"] < guide.to_s]  # type: ignore[operator] # JSON values
    assert any(row["sw"] != bare[row["q"]] for row in guided)
