"""Binary files and archives: Garmin FIT, EDF+, XDF, zip and gzip, each parsed in a process of its own."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from pathlib import Path

import pytest

from acquisition.beats import Beat
from acquisition.errors import UnreadableFile
from acquisition.formats import RecordingFile, read
from tests.acquisition import foreign_files as foreign

RR = foreign.heart(100)
TEXT = "\n".join(map(str, RR)).encode()


def _read(tmp_path: Path, data: bytes, name: str = "file.any") -> RecordingFile:
    path = tmp_path / name
    path.write_bytes(data)
    return read(path)


def _refusal(tmp_path: Path, data: bytes) -> UnreadableFile:
    with pytest.raises(UnreadableFile) as caught:
        _read(tmp_path, data)
    assert caught.value.place.startswith(str(tmp_path / "file.any"))
    assert caught.value.remedy
    return caught.value


def _texts(recording: RecordingFile) -> list[tuple[float, object]]:
    return [(round(marker.time_s, 1), marker.data["text"]) for marker in recording.markers("marker")]


# ---- Garmin FIT ---------------------------------------------------------------------------


def test_intervals_of_an_activity_come_with_gaps_and_laps(tmp_path: Path) -> None:
    """Five to a message, unused places empty, a dropout of 15 s raw; the records around them give the time."""
    rr = [*RR[:60], 15000, *RR[60:]]
    recording = _read(tmp_path, foreign.garmin_fit(rr, {40: 20.0}, [30.0]))
    assert recording.format == "garmin-fit"
    assert [beat.rr_ms for beat in recording.beats] == rr
    (gap,) = recording.gaps
    assert gap.to_s - gap.from_s == pytest.approx(20.0, abs=1.0)
    (lap,) = recording.markers("marker")
    assert (lap.time_s, lap.data["text"]) == (pytest.approx(30.0, abs=0.3), "Lap 1")
    assert recording.started_at is not None
    assert abs((recording.started_at - datetime(2026, 4, 24, 14, 10, tzinfo=UTC)).total_seconds()) < 1.0
    assert recording.duration_s == pytest.approx(sum(rr) / 1000 + 20.0, abs=1.0)


def test_an_activity_without_intervals_says_what_to_switch_on(tmp_path: Path) -> None:
    """Most activities hold heart rate once a second only."""
    refusal = _refusal(tmp_path, foreign.garmin_fit(RR, with_hrv=False))
    assert "no RR intervals" in refusal.what
    assert "switch on" in refusal.remedy


def test_an_activity_that_breaks_off_gives_what_is_whole(tmp_path: Path) -> None:
    """And says where it broke off; before any interval it is refused with its place."""
    data = foreign.garmin_fit(RR)
    recording = _read(tmp_path, data[: len(data) // 2])
    assert 10 < len(recording.beats) < len(RR)
    assert [beat.rr_ms for beat in recording.beats] == RR[: len(recording.beats)]
    assert "breaks off" in recording.details["truncated"]
    assert "byte" in _refusal(tmp_path, data[:60]).place


def test_a_wrong_checksum_is_told(tmp_path: Path) -> None:
    """The values stand, with the doubt beside them."""
    data = bytearray(foreign.garmin_fit(RR))
    data[-1] ^= 1
    assert "does not match" in _read(tmp_path, bytes(data)).details["checksum"]


# ---- EDF+ ---------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["QRS", "N"])
def test_marked_beats_of_an_edf_become_intervals(tmp_path: Path, text: str) -> None:
    """Their distances are intervals, holes are gaps, all other annotations are markers."""
    marks = [3.0, *(3.0 + end_s for end_s in foreign.ends_s(RR, {50: 30.0}))]
    recording = _read(tmp_path, foreign.edf_plus(marks, [(20.0, "Eyes closed")], text))
    assert recording.format == "edf-plus"
    # the interval that the hole swallowed cannot be known
    assert [beat.rr_ms for beat in recording.beats] == pytest.approx([*RR[:50], *RR[51:]], abs=1e-3)
    (gap,) = recording.gaps
    assert gap.to_s - gap.from_s == pytest.approx(30.0 + RR[50] / 1000)
    assert _texts(recording) == [(17.0, "Eyes closed")]
    assert recording.started_at == datetime.fromisoformat("2026-04-24T14:10:03")


def test_a_beat_that_is_marked_twice_counts_once(tmp_path: Path) -> None:
    """The second mark is refused and told."""
    marks = foreign.ends_s(RR)
    recording = _read(tmp_path, foreign.edf_plus(sorted([*marks, marks[5] + 0.002])))
    assert len(recording.beats) == len(RR) - 1
    assert recording.rows_refused == 1
    assert "marked twice" in recording.details["refused"]


@pytest.mark.parametrize("data", [foreign.edf_signal(), foreign.edf_plus([], [(1.0, "Lights off"), (2.0, "On")])])
def test_an_edf_without_marked_beats_is_refused(tmp_path: Path, data: bytes) -> None:
    """A signal is no row of intervals."""
    assert "beats" in _refusal(tmp_path, data).what


# ---- XDF ----------------------------------------------------------------------------------


def test_two_people_of_an_xdf_keep_apart_on_one_clock(tmp_path: Path) -> None:
    """Each stream of intervals is a person; text streams are markers; clock offsets are applied; an ECG is left."""
    ends = foreign.ends_s(RR)
    slower = [rr + 100 for rr in RR]
    ben = [(end_s + 5.0, rr) for end_s, rr in zip(foreign.ends_s(slower), slower, strict=True)]
    data = foreign.xdf({"RR Ann": list(zip(ends, RR, strict=True)), "IBI Ben": ben}, [(20.0, "talk")], 0.5)
    recording = _read(tmp_path, data)
    assert recording.streams == ("heart-1", "heart-2")
    streams = {name: [b for b in recording.beats if b.stream == name] for name in recording.streams}
    assert [beat.rr_ms for beat in streams["heart-1"]] == RR
    assert [beat.rr_ms for beat in streams["heart-2"]] == slower
    first = {name: beats[0] for name, beats in streams.items()}
    assert first["heart-2"].time_s - first["heart-1"].time_s == pytest.approx(5.1)
    assert _texts(recording) == [(19.5, "talk")]  # 0.5 s of offset belong to the hearts' clock, not to the markers'
    assert recording.clock_origin_s == pytest.approx(0.5)
    assert "IBI Ben" in recording.details["streams"]
    assert "ECG" in recording.details["others"]


def test_an_xdf_that_breaks_off_gives_what_is_whole(tmp_path: Path) -> None:
    """The damage is told, though the library repairs in silence."""
    rows = [(float(end_s), float(rr)) for end_s, rr in zip(foreign.ends_s(RR), RR, strict=True)]
    data = foreign.xdf({"RR": rows})
    head = data.index(b"<info><name>Markers")
    damaged = data[:head] + data[head:].replace(b"<channel_count>1", b"<channel_count>2", 1)
    recording = _read(tmp_path, damaged[:-40])
    assert [beat.rr_ms for beat in recording.beats] == RR
    assert "damaged" in recording.details["truncated"]


def test_samples_of_an_xdf_that_are_no_intervals_are_counted(tmp_path: Path) -> None:
    """No number, no time, or no interval: refused by name, and no difference is taken across them."""
    rows = [(float(end_s), float(rr)) for end_s, rr in zip(foreign.ends_s(RR), RR, strict=True)]
    rows[10], rows[20], rows[30] = (rows[10][0], math.nan), (math.nan, 800.0), (rows[30][0], 5.0)
    recording = _read(tmp_path, foreign.xdf({"RR": rows}))
    assert (recording.rows_read, recording.rows_refused) == (len(RR) - 3, 3)
    assert len(recording.gaps) == 3
    assert "no time" in recording.details["refused"]


def test_an_xdf_without_intervals_names_what_it_holds(tmp_path: Path) -> None:
    """And says how to publish them."""
    refusal = _refusal(tmp_path, foreign.xdf({"Breath": [(1.0, 800.0)]}).replace(b"<type>RR", b"<type>XX"))
    assert "Breath" in refusal.what


# ---- archives -----------------------------------------------------------------------------


def test_an_elite_archive_is_read_with_the_start_from_the_name_within(tmp_path: Path) -> None:
    """Other files are left aside by name and reason."""
    data = foreign.zipped({"2025-03-15 09-07-33.txt": TEXT, "readme.txt": b"hello", "__MACOSX/._x": b"\0"})
    recording = _read(tmp_path, data)
    assert [beat.rr_ms for beat in recording.beats] == RR
    assert recording.started_at == datetime.fromisoformat("2025-03-15T09:07:33")
    assert recording.details["archive"].startswith("2025-03-15 09-07-33.txt; left aside: readme.txt: no reader knows")


def test_files_that_belong_together_find_each_other_within_an_archive(tmp_path: Path) -> None:
    """A wristband's whole session is one zip: the intervals with their tags, signals left aside."""
    files = {
        "s/IBI.csv": foreign.empatica_ibi(RR),
        "s/tags.csv": b"1777039842.50\n",
        "s/EDA.csv": b"1777039800.000000\n4.000000\n" + b"0.512\n" * 50,
        "s/HR.csv": b"1777039800.000000\n1.000000\n" + b"71.5\n" * 50,
    }
    recording = _read(tmp_path, foreign.zipped(files))
    assert recording.format == "empatica-ibi"
    assert _texts(recording) == [(30.0, "Tag 1")]
    assert "s/EDA.csv: this is another table" in recording.details["archive"]


def test_an_archive_of_tables_gives_the_one_with_intervals(tmp_path: Path) -> None:
    """Stamps of Unix ms beside the intervals, measures and summaries left aside."""
    stamps = [1_777_039_800_000 + round(end_s * 1000) for end_s in foreign.ends_s(RR)]
    files = {
        "rr_intervals.csv": "timestamp_ms,rr_ms\n"
        + "\n".join(f"{stamp},{rr}" for stamp, rr in zip(stamps, RR, strict=True)),
        "metrics_timeline.csv": "timestamp_ms,hr,rmssd,sdnn\n" + "\n".join(f"{s},70,40,50" for s in stamps),
    }
    recording = _read(tmp_path, foreign.zipped({name: text.encode() for name, text in files.items()}))
    assert [beat.rr_ms for beat in recording.beats] == RR
    assert recording.details["columns"] == "time in ms, RR in ms"


def test_an_activity_within_an_archive_is_read(tmp_path: Path) -> None:
    """Watches' makers hand out activities zipped."""
    recording = _read(tmp_path, foreign.zipped({"activity.fit": foreign.garmin_fit(RR)}))
    assert recording.format == "garmin-fit"
    assert all(isinstance(beat, Beat) for beat in recording.beats)


def test_an_archive_of_several_recordings_names_them(tmp_path: Path) -> None:
    """Nobody guesses which one was meant."""
    refusal = _refusal(tmp_path, foreign.zipped({"a.txt": TEXT, "b.txt": TEXT}))
    assert "2 recordings (a.txt, b.txt)" in refusal.what


def test_an_unpacked_gzip_is_read_as_what_it_holds(tmp_path: Path) -> None:
    """One file, whatever its name."""
    assert [beat.rr_ms for beat in _read(tmp_path, foreign.gzipped(TEXT)).beats] == RR


def test_an_office_document_is_told_apart(tmp_path: Path) -> None:
    """A spreadsheet is a zip too."""
    refusal = _refusal(tmp_path, foreign.zipped({"[Content_Types].xml": b"<x/>", "xl/sheet1.xml": b"<x/>"}))
    assert "spreadsheet" in refusal.what
