"""Text files of other programs: each trap of a format is a fact here."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from acquisition.beats import Marker
from acquisition.errors import UnreadableFile
from acquisition.formats import RecordingFile, read
from tests.acquisition import foreign_files as foreign

RR = foreign.heart(120)
LOST = {50: 12.0}


def _read(tmp_path: Path, data: bytes | str, name: str = "file.any", **beside: bytes) -> RecordingFile:
    path = tmp_path / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    for other, content in beside.items():
        (tmp_path / other.replace("__", ".")).write_bytes(content)
    return read(path)


def _rr(recording: RecordingFile) -> list[float]:
    return [beat.rr_ms for beat in recording.beats]


def _texts(recording: RecordingFile) -> list[tuple[float, object]]:
    return [(round(marker.time_s, 1), marker.data["text"]) for marker in recording.markers("marker")]


def _refusal(tmp_path: Path, data: bytes | str, name: str = "file.any") -> UnreadableFile:
    with pytest.raises(UnreadableFile) as caught:
        _read(tmp_path, data, name)
    assert caught.value.place.startswith(str(tmp_path / name))
    assert caught.value.remedy
    return caught.value


@pytest.mark.parametrize(
    ("data", "fmt", "because"),
    [
        (foreign.polar_sensor_logger(RR), "polar-sensor-logger", "RR-interval"),
        (foreign.hrv_logger(RR), "hrv-logger", "since start"),
        (foreign.vns_analyse(RR), "vns-analyse", "RR-Intervalle"),
        (foreign.openhrv(RR), "openhrv", "event,value,timestamp"),
        (foreign.empatica_ibi(RR), "empatica-ibi", "IBI"),
        (foreign.emwave(RR), "emwave", "rawIBI"),
        (foreign.kubios_report(RR), "kubios-report", "Kubios"),
        (foreign.hrm(RR), "polar-hrm", "[Params]"),
        ("\n".join(map(str, RR)).encode(), "rr-text", "one or two columns"),
    ],
)
def test_format_and_unit_are_decided_by_content_and_told_with_the_reason(
    tmp_path: Path, data: bytes, fmt: str, because: str
) -> None:
    """The file's name says nothing here; the report says what it was taken for and why."""
    recording = _read(tmp_path, data)
    assert recording.format == fmt
    assert because in recording.details["recognised_by"]
    assert recording.unit_decision.startswith(("ms (the median", "s (the median"))
    assert len(recording.beats) == recording.rows_read == len(RR)


# ---- Kubios -------------------------------------------------------------------------------


@pytest.mark.parametrize("unit", [1.0, 1e-3])
def test_kubios_import_files_have_one_column_or_time_and_interval(tmp_path: Path, unit: float) -> None:
    """In both types, in s and in ms; the first time of type 2 is the first interval; ``#`` lines are notes."""
    notes = "# Kubios HRV\n# RR interval data\n"
    one = notes + "\n".join(f"{rr * unit:.3f}" for rr in RR)
    ends = foreign.ends_s(RR)
    two = notes + "\n".join(f"{at_s * 1000 * unit:.3f} {rr * unit:.3f}" for at_s, rr in zip(ends, RR, strict=True))
    for text in (one, two):
        recording = _read(tmp_path, text)
        assert recording.format == "rr-text"
        assert _rr(recording) == pytest.approx(RR)
        assert recording.gaps == ()


@pytest.mark.parametrize("beside", [False, True])
def test_of_a_kubios_report_only_intervals_and_version_are_taken(tmp_path: Path, beside: bool) -> None:
    """Measures above and another table beside the intervals are left aside."""
    recording = _read(tmp_path, foreign.kubios_report(RR, beside))
    assert _rr(recording) == pytest.approx(RR)
    assert recording.details["software"] == "Kubios HRV Standard 3.5.0"
    assert recording.started_at == datetime.fromisoformat("2026-04-24T14:10:00")


def test_a_kubios_report_without_intervals_is_refused(tmp_path: Path) -> None:
    """Measures alone give no beats."""
    text = "Software:,Kubios HRV 3.5\nMean RR interval (ms):,850.1\nRMSSD (ms):,40\n"
    assert "no table of RR intervals" in _refusal(tmp_path, text).what


# ---- Polar --------------------------------------------------------------------------------


@pytest.mark.parametrize(("mark", "end"), [(";", ""), (";", ";"), (",", ""), ("\t", "")])
def test_polar_sensor_logger_is_read_with_every_separator(tmp_path: Path, mark: str, end: str) -> None:
    """The genuine file has semicolons; some are told of with commas, some end each row with the mark."""
    recording = _read(tmp_path, foreign.polar_sensor_logger(RR, mark=mark, end=end))
    assert _rr(recording) == RR
    assert recording.started_at is not None
    assert recording.started_at.tzinfo is None
    assert abs((recording.started_at - foreign.START).total_seconds()) < 0.3


def test_stamps_of_arrival_stay_beside_the_beats(tmp_path: Path) -> None:
    """Time runs along the intervals; the phone's clock is kept, and its drift against them is told."""
    recording = _read(tmp_path, foreign.polar_sensor_logger(RR))
    for beat, end_s in zip(recording.beats, foreign.ends_s(RR), strict=True):
        assert beat.time_s == pytest.approx(end_s)
        assert beat.arrival_s == pytest.approx(foreign.packet_s(end_s), abs=0.3)
    assert "drifts" in recording.details["time_stamps"]


@pytest.mark.parametrize(
    "text",
    [
        "Phone timestamp;HR [bpm];HRV [ms];Breathing interval [rpm];\n2026-04-24T14:10:16.752;70;;;\n",
        "Phone timestamp;sensor timestamp [ns];timestamp [ms];ecg [uV]\n2026-04-24T14:10:16.752;1;2;3\n",
    ],
)
def test_other_tables_of_polar_sensor_logger_are_refused(tmp_path: Path, text: str) -> None:
    """Heart rate and ECG lie beside the file that is wanted."""
    assert "_RR.txt" in _refusal(tmp_path, text).remedy


def test_polar_flow_intervals_are_two_columns_without_heading(tmp_path: Path) -> None:
    """Elapsed seconds, a tab, the interval in ms."""
    text = "\n".join(f"{at_s:.3f}\t{rr}" for at_s, rr in zip(foreign.ends_s(RR, LOST), RR, strict=True))
    recording = _read(tmp_path, text)
    assert _rr(recording) == RR
    assert [(round(gap.from_s, 1), round(gap.to_s - gap.from_s, 1)) for gap in recording.gaps] == [
        (round(sum(RR[:50]) / 1000, 1), 12.0)
    ]


def test_a_polar_flow_session_is_refused(tmp_path: Path) -> None:
    """Heart rate once a second under two stacked headings is no row of intervals."""
    rows = "".join(f",00:00:{i:02d},{70 + i % 4},,,,,,,,\n" for i in range(60))
    text = "Name,Sport,Date,Start time,Duration\nX,OTHER,24-04-2026,14:10:00,00:01:00\nSample rate,Time,HR (bpm)\n"
    assert "heart-rate table" in _refusal(tmp_path, text + rows).what


# ---- HRV Logger ---------------------------------------------------------------------------


def test_hrv_logger_beats_that_share_a_second_stay_in_order(tmp_path: Path) -> None:
    """Dates have whole seconds and blanks after commas; the ms of since start tell more."""
    recording = _read(tmp_path, foreign.hrv_logger(RR, LOST))
    assert _rr(recording) == RR
    (gap,) = recording.gaps
    assert gap.to_s - gap.from_s == pytest.approx(12.0, abs=0.01)
    assert recording.started_at is not None
    assert abs((recording.started_at.replace(tzinfo=None) - foreign.START).total_seconds()) < 1.0
    assert recording.started_at.utcoffset() == UTC.utcoffset(None)


def test_a_pause_that_only_the_dates_show_stays_a_gap(tmp_path: Path) -> None:
    """Where since start counts beats and not time, the dates are the clock."""
    recording = _read(tmp_path, foreign.hrv_logger(RR, LOST, pauses_told=False))
    (gap,) = recording.gaps
    assert gap.to_s - gap.from_s == pytest.approx(12.0, abs=0.3)
    assert recording.details["clock"].startswith("date")


def test_a_row_written_twice_is_refused_and_told(tmp_path: Path) -> None:
    """Exact copies occur; the beats are the same as without them."""
    lines = foreign.hrv_logger(RR).decode().splitlines()
    doubled = [*lines[:10], lines[9], *lines[10:]]
    recording = _read(tmp_path, "\n".join(doubled))
    assert _rr(recording) == RR
    assert (recording.rows_read, recording.rows_refused) == (len(RR), 1)
    assert recording.details["refused"] == "1 rows: line 11 (a copy of the row before it)"


@pytest.mark.parametrize("unit", ["s", "ms"])
def test_hrv_logger_events_are_markers_in_either_unit(tmp_path: Path, unit: str) -> None:
    """Versions differ in the unit of the timestamp and in the word for manual; the dates decide."""
    events = foreign.hrv_logger_events([(20.0, "Start Ruhe"), (45.5, "talk, with comma")], unit)
    recording = _read(tmp_path, foreign.hrv_logger(RR), "p1_RR_a.csv", p1_Events_a__csv=events)
    assert _texts(recording) == [(20.0, "Start Ruhe"), (45.5, "talk, with comma")]
    assert f"their times in {unit}" in recording.details["events"]


def test_events_that_cannot_be_read_do_not_spoil_the_recording(tmp_path: Path) -> None:
    """They are told, the beats stand."""
    recording = _read(tmp_path, foreign.hrv_logger(RR), "p1_RR_a.csv", p1_Events_a__csv=b"\x00\x01")
    assert len(recording.beats) == len(RR)
    assert "cannot be used" in recording.details["events"]


def test_events_alone_are_refused_with_the_name_of_what_is_wanted(tmp_path: Path) -> None:
    """The pair is opened by its intervals."""
    assert "_RR_" in _refusal(tmp_path, foreign.hrv_logger_events([(1.0, "a")])).remedy


# ---- VNS Analyse, OpenHRV -----------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_vns_intervals_are_read_once_with_their_notes(tmp_path: Path, encoding: str) -> None:
    """Raw and corrected intervals stand in one file; only the raw ones count, and Notiz is a marker."""
    name = "VNS - 01 - 15.03.2025 09.07 Langzeit, 1h 46min.txt"
    recording = _read(tmp_path, foreign.vns_analyse(RR, {0: "Start Ruhe", 60: "Übung"}, encoding), name)
    assert _rr(recording) == RR
    assert [text for _, text in _texts(recording)] == ["Start Ruhe", "Übung"]
    assert recording.started_at == datetime.fromisoformat("2025-03-15T09:07:00")
    assert "120 corrected ones left aside" in recording.details["blocks"]


def test_vns_without_raw_intervals_is_refused(tmp_path: Path) -> None:
    """What another program corrected is not what was measured."""
    text = foreign.vns_analyse(RR).decode().replace("Rohwerte (Nicht aktiv)\r\n0", "Rohwerte (Nicht aktiv)\r\nx")
    only = text[text.index("RR-Intervalle - Korr") :]
    assert "only corrected ones" in _refusal(tmp_path, only).what


def test_commas_within_an_openhrv_annotation_belong_to_it(tmp_path: Path) -> None:
    """Text is written as it is, without quotes."""
    recording = _read(tmp_path, foreign.openhrv(RR, {30: "breathe, slowly, now"}))
    assert _rr(recording) == RR
    assert [text for _, text in _texts(recording)] == ["breathe, slowly, now"]
    assert "8 rows of other events" in recording.details["rows"]


# ---- optical sensors ----------------------------------------------------------------------


def test_beats_that_a_wristband_lost_are_gaps(tmp_path: Path) -> None:
    """Offsets show each hole, even of a single beat; time 0 is the first interval, and tags are markers."""
    data = foreign.empatica_ibi(RR, {10: 0.9, 50: 30.0})
    recording = _read(tmp_path, data, "IBI.csv", tags__csv=b"1777039842.50\n1777039862.50\n")
    assert [round(gap.to_s - gap.from_s, 1) for gap in recording.gaps] == [0.9, 30.0]
    assert recording.started_at == datetime(2026, 4, 24, 14, 10, 12, 500_000, UTC)
    assert _texts(recording) == [(30.0, "Tag 1"), (50.0, "Tag 2")]
    assert "pulse rate variability" in recording.details["signal"]


@pytest.mark.parametrize(
    "text",
    [
        "1777039800.000000\n4.000000\n0.512\n0.515\n",
        "1777039800.0, 1777039800.0, 1777039800.0\n32.0, 32.0, 32.0\n1,2,3\n",
    ],
)
def test_other_tables_of_a_wristband_are_refused(tmp_path: Path, text: str) -> None:
    """Skin conductance of 0.5 would pass for intervals of half a second."""
    assert "IBI.csv" in _refusal(tmp_path, text).remedy


def test_raw_ibi_is_a_column_of_its_own(tmp_path: Path) -> None:
    """It ends before the others, and times of rows are not its times."""
    recording = _read(tmp_path, foreign.emwave(RR))
    assert _rr(recording) == RR
    assert recording.duration_s == pytest.approx(sum(RR) / 1000)
    assert "120 of 240 rows" in recording.details["rows"]


def test_a_database_with_names_in_it_is_not_opened(tmp_path: Path) -> None:
    """emWave keeps clients' names and passwords beside their sessions."""
    assert "database" in _refusal(tmp_path, b"SQLite format 3\x00" + bytes(200)).what


@pytest.mark.parametrize(
    "heading",
    [
        "timestamp_measurement,HR,AVNN,SDNN,rMSSD,pNN50",
        "Datetime,HR,Rmssd,Sdnn",
        "date,time,HR,rMSSD_lying",
    ],
)
def test_a_table_of_measures_is_refused(tmp_path: Path, heading: str) -> None:
    """A day a row is no recording."""
    row = "2026-04-24 07:00:00,60,1000,50,40,20"
    assert "measures" in _refusal(tmp_path, f"{heading}\n{row}\n{row}\n").what


# ---- rows that cannot be used -------------------------------------------------------------


@pytest.mark.parametrize(
    ("bad", "why"), [("70;;", "not a number"), ("-812", "impossible"), ("99999", "impossible"), ("", "not a number")]
)
def test_a_row_that_cannot_be_used_is_counted_named_and_a_gap(tmp_path: Path, bad: str, why: str) -> None:
    """Stamps keep the place, so that one row does not spoil a file; no difference is taken across it."""
    lines = foreign.hrv_logger(RR).decode().splitlines()
    date, _, since = lines[60].split(", ")
    lines[60] = f"{date}, {bad}, {since}"
    recording = _read(tmp_path, "\n".join(lines))
    assert (recording.rows_read, recording.rows_refused) == (len(RR) - 1, 1)
    assert recording.details["refused"].startswith("1 rows: line 61 (")
    assert why in recording.details["refused"]
    (gap,) = recording.gaps
    assert gap.to_s - gap.from_s == pytest.approx(RR[59] / 1000, abs=0.002)
    assert recording.beats[-1].time_s == pytest.approx(sum(RR) / 1000, abs=0.002)


def test_a_file_with_more_bad_rows_than_good_is_refused(tmp_path: Path) -> None:
    """The place is the first of them."""
    lines = foreign.polar_sensor_logger(RR).decode().splitlines()
    lines[5:] = ["2026-04-24T14:10:00;x"] * 50
    refusal = _refusal(tmp_path, "\n".join(lines))
    assert refusal.place.endswith(":6")
    assert "50 rows" in refusal.what


def test_many_refused_rows_are_counted_and_a_few_named(tmp_path: Path) -> None:
    """The report stays readable."""
    lines = foreign.polar_sensor_logger(RR).decode().splitlines()
    lines[10:20] = ["?;?"] * 10
    recording = _read(tmp_path, "\n".join(lines))
    assert recording.rows_refused == 10
    assert recording.details["refused"].endswith("and 5 more")


def test_a_marker_before_the_first_beat_is_kept_at_the_beginning(tmp_path: Path) -> None:
    """With the time that the file gives."""
    recording = _read(tmp_path, foreign.empatica_ibi(RR), "IBI.csv", tags__csv=b"1777039802.50\n")
    (tag,) = [item for item in recording.items if isinstance(item, Marker)]
    assert tag.time_s == 0.0
    assert tag.data["data"] == {"source_time_s": pytest.approx(-10.0)}


def test_weeks_of_time_are_refused(tmp_path: Path) -> None:
    """A stamp of another year is damage, and no tick a second is made up to it."""
    lines = foreign.polar_sensor_logger(RR).decode().splitlines()
    lines[60] = lines[60].replace("2026", "2036")
    for i in range(61, len(lines)):
        lines[i] = lines[i].replace("2026", "2036")
    assert "days" in _refusal(tmp_path, "\n".join(lines)).what


def test_a_text_with_too_many_rows_is_refused_before_it_is_taken_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every reader of text looks at the number of rows first."""
    monkeypatch.setattr("acquisition.formats.file_text.MAX_ROWS", 50)
    for data in (foreign.hrm(RR), foreign.hrv_logger(RR), foreign.vns_analyse(RR), b"800 " * 100, b"800\n" * 100):
        assert "more than 50 rows" in _refusal(tmp_path, data).what
