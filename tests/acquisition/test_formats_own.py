"""Our own file: what is written is read back, raw frames decide, and a cut-off file gives what is whole."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from acquisition.beats import (
    Beat,
    Gap,
    Item,
    LinkChange,
    LinkState,
    Marker,
    Notification,
    SampleChunk,
    SensorFact,
    Tick,
)
from acquisition.errors import EnvironmentFault, UnreadableFile
from acquisition.formats import own, read
from acquisition.simulated_faults import Faults, Outage
from acquisition.simulated_strap import SimulatedStrap

HEADER = own.make_header(start=None, source="test", seed=1, software={"test": "1"})
S = "heart-1"

times = st.floats(0, 50, allow_nan=False)
words = st.text(max_size=12)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-1000, 1000) | st.floats(-1e6, 1e6) | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=5,
)
any_item = st.one_of(
    st.builds(
        Beat,
        st.just(S),
        st.integers(0, 9999),
        times,
        st.floats(0, 70000),
        st.none() | st.integers(0, 65535),
        st.none() | times,
        st.none() | times,
    ),
    st.builds(lambda a, b, r: Gap(S, min(a, b), max(a, b), r), times, times, words),
    st.builds(LinkChange, st.just(S), times, st.sampled_from(LinkState), st.none() | words),
    st.builds(SensorFact, st.just(S), times, words, words),
    st.builds(
        Marker, st.just(S), times, st.sampled_from(["phase", "rating", "marker"]), st.dictionaries(words, json_values)
    ),
)


def _without_ticks(items: tuple[Item, ...]) -> list[Item]:
    return [item for item in items if not isinstance(item, Tick)]


def _simulated(seconds: int, faults: Faults | None = None, seed: int = 5) -> list[Item]:
    strap = SimulatedStrap(seed, faults=faults)
    return [item for _ in range(seconds) for item in strap.next_second()]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.lists(any_item, max_size=15))
def test_every_item_is_read_back_as_it_was(tmp_path: Path, items: list[Item]) -> None:
    """Without raw frames the lines are the recording, to the last digit."""
    path = tmp_path / "any.attune.jsonl"
    own.write(path, HEADER, items)
    recording = read(path)
    assert _without_ticks(recording.items) == items
    assert recording.rows_read == len(items)
    assert "truncated" not in recording.details


@pytest.mark.parametrize(
    "faults",
    [
        Faults(),
        Faults(0.1, 0.02, 0.02, 0.05),
        Faults(outages=(Outage(20, 8, "link"), Outage(50, 9, "contact"), Outage(80.5, 14.2, "link"))),
    ],
)
def test_a_recording_with_raw_frames_is_read_back_whole_with_its_ticks(tmp_path: Path, faults: Faults) -> None:
    """Beats, gaps and link changes are derived again from the frames and equal those of the source."""
    items = _simulated(120, faults)
    path = tmp_path / "raw.attune.jsonl"
    own.write(path, HEADER, items)
    recording = read(path)
    assert list(recording.items) == items
    assert recording.details["derived"].endswith("equal to the file's lines")


def test_raw_frames_decide_over_beat_lines(tmp_path: Path) -> None:
    """A beat line that was changed does not change the beats, and the difference is told."""
    path = tmp_path / "changed.attune.jsonl"
    own.write(path, HEADER, _simulated(30))
    before = read(path).beats
    path.write_text(path.read_text().replace(f'"rr_ms":{before[4].rr_ms}', '"rr_ms":5.0', 1))
    recording = read(path)
    assert recording.beats == before
    assert "raw frames, which decide" in recording.details["derived"]


def test_two_streams_keep_apart(tmp_path: Path) -> None:
    """Each stream has its own frames, beats and ticks; duration is that of the longer."""
    a, b = (SimulatedStrap(seed, stream=name) for seed, name in ((1, "heart-1"), (2, "heart-2")))
    items: list[Item] = []
    for _ in range(20):
        both = a.next_second() + b.next_second()
        items += [item for item in both if not isinstance(item, Tick)] + [i for i in both if isinstance(i, Tick)]
    path = tmp_path / "two.attune.jsonl"
    header = own.make_header(start=None, source="x", seed=None, software={}, streams=("heart-1", "heart-2"))
    own.write(path, header, items)
    recording = read(path)
    assert recording.streams == ("heart-1", "heart-2")
    for name in recording.streams:
        assert [i for i in recording.items if i.stream == name] == [i for i in items if i.stream == name]


def test_chunks_of_samples_are_read_back(tmp_path: Path) -> None:
    """Shape and values of an ECG chunk and of an acceleration chunk stay."""
    chunks = [
        SampleChunk("ecg-1", 0, 1.0, "ecg", 130.0, "uV", np.arange(5.0)),
        SampleChunk("acc-1", 0, 1.0, "acc", 50.0, "mg", np.arange(6.0).reshape(2, 3)),
    ]
    path = tmp_path / "chunks.attune.jsonl"
    own.write(path, HEADER, chunks)
    found = [item for item in read(path).items if isinstance(item, SampleChunk)]
    assert [(c.stream, c.kind, c.samples.tolist()) for c in found] == [
        (c.stream, c.kind, c.samples.tolist()) for c in chunks
    ]


def test_the_header_carries_start_source_seed_and_software(tmp_path: Path) -> None:
    """What the contract names stands in the first line and comes back with the recording."""
    start = datetime(2026, 1, 5, 9, tzinfo=UTC)
    path = tmp_path / "h.attune.jsonl"
    own.write(path, own.make_header(start=start, source="s", seed=3, software={"a": "1"}, exercise="x"), [])
    first = json.loads(path.read_text().splitlines()[0])
    assert first["kind"] == "header"
    assert {"schema", "start", "source", "seed", "software"} <= first.keys()
    recording = read(path)
    assert recording.started_at == start
    assert recording.header["exercise"] == "x"


def test_every_cut_of_a_file_gives_all_whole_lines(tmp_path: Path) -> None:
    """Wherever the writing stopped, what stands before is used, and the cut is told."""
    path, cut = tmp_path / "whole.attune.jsonl", tmp_path / "cut.attune.jsonl"
    own.write(path, HEADER, _simulated(12))
    data = path.read_bytes()
    whole = _without_ticks(read(path).items)
    for size in range(data.index(b"\n"), len(data) - 1, 37):
        cut.write_bytes(data[:size])
        recording = read(cut)
        assert "truncated" in recording.details
        assert recording.rows_refused in (0, 1)
        found = _without_ticks(recording.items)
        assert found == whole[: len(found)]
        lines = [json.loads(line)["kind"] for line in data[:size].decode().split("\n")[1:-1]]
        assert len(found) >= len([kind for kind in lines if kind not in ("beat", "gap")])


def test_a_cut_within_a_letter_spoils_no_other_letter(tmp_path: Path) -> None:
    """The last letter of a cut file may be half; the others stay what they are."""
    path = tmp_path / "letters.attune.jsonl"
    own.write(path, HEADER, [SensorFact(S, 1.0, "model", "Gürtel"), SensorFact(S, 2.0, "model", "Gürtel")])
    data = path.read_bytes()
    path.write_bytes(data[: data.rindex("ü".encode()) + 1])
    (fact,) = _without_ticks(read(path).items)
    assert fact == SensorFact(S, 1.0, "model", "Gürtel")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("not json", "not a JSON object"),
        ("[1, 2]", "not a JSON object"),
        ("[" * 100_000, "not a JSON object"),
        ('{"kind": "beat", "seq": 1, "time_s": 2}', "'rr_ms' is missing"),
        ('{"kind": "beat", "seq": 1, "time_s": 2, "rr_ms": -800}', "impossible"),
        ('{"kind": "beat", "seq": 1, "time_s": 2, "rr_ms": NaN}', "not a JSON object"),
        ('{"kind": "beat", "seq": 1, "time_s": 2, "rr_ms": true}', "not a number"),
        ('{"kind": "beat", "seq": 1.5, "time_s": 2, "rr_ms": 800}', "not a whole number"),
        ('{"kind": "gap", "from_s": 9, "to_s": 2, "reason": "x"}', "before it begins"),
        ('{"kind": "link", "time_s": 1, "state": "dancing"}', "dancing"),
        ('{"kind": "notification", "time_s": 1, "arrival_ns": 1, "data": "zz"}', "hex"),
        ('{"kind": "chunk", "seq": 1, "time_s": 1, "signal": "ecg", "sampling_rate_hz": 1, "unit": "V"}', "samples"),
        ('{"kind": "phase", "time_s": 1, "data": [1]}', "not an object"),
        ('{"kind": "riddle"}', "unknown kind"),
        ('{"seq": 1}', "'kind' is missing"),
        ('{"kind": "end", "beats": 0}', "after the end"),
    ],
)
def test_a_damaged_line_in_the_middle_is_refused_with_its_place(tmp_path: Path, line: str, words: str) -> None:
    """Only the end of a file may be missing; elsewhere times would bend silently."""
    good = '{"kind":"beat","seq":0,"time_s":1.0,"rr_ms":800.0}'
    path = tmp_path / "damaged.attune.jsonl"
    path.write_text("\n".join([json.dumps(HEADER), good, line, good, good]) + "\n")
    with pytest.raises(UnreadableFile) as caught:
        read(path)
    assert words in caught.value.what
    assert caught.value.place in (f"{path}:3", f"{path}:4")


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ({"kind": "header", "schema": 99}, "newer"),
        ({"kind": "header", "schema": "one"}, "no version"),
        ({"kind": "header", "schema": 1, "start": "yesterday"}, "no date"),
        ({"kind": "start", "schema": 1, "file": "x"}, "no header"),
        ({"kind": "beat"}, "no header"),
    ],
)
def test_a_wrong_header_is_refused(tmp_path: Path, header: dict[str, object], words: str) -> None:
    """Newer files, other outputs of ours and broken heads are told apart."""
    path = tmp_path / "head.attune.jsonl"
    path.write_text(json.dumps(header) + "\n")
    with pytest.raises(UnreadableFile, match=words):
        read(path)


def test_other_json_is_an_unknown_file(tmp_path: Path) -> None:
    """JSON without a kind is not ours."""
    path = tmp_path / "x.json"
    path.write_text('{"hello": 1}\n')
    with pytest.raises(UnreadableFile, match="no reader knows"):
        read(path)


def test_a_folder_that_cannot_be_written_is_told_and_nothing_is_left(tmp_path: Path) -> None:
    """A file is written whole or not at all."""
    with pytest.raises(EnvironmentFault):
        own.write(tmp_path / "missing" / "x.attune.jsonl", HEADER, [])
    with pytest.raises(ValueError, match="no line for markers"):
        own.write(tmp_path / "x.attune.jsonl", HEADER, [Marker(S, 0.0, "unheard-of")])


def test_unknown_bytes_in_frames_are_kept(tmp_path: Path) -> None:
    """Malformed and empty frames are raw data too."""
    items: list[Item] = [Notification(S, 0.5, 500, b""), Notification(S, 0.9, 900, b"\xff\x00")]
    path = tmp_path / "odd.attune.jsonl"
    own.write(path, HEADER, items)
    assert [i for i in read(path).items if isinstance(i, Notification)] == items
