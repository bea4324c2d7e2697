"""Text files of other programs: each trap of a format is a fact here."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.acquisition import foreign_files as foreign
from tests.acquisition.foreign_reading import LOST, RR, read_as, refusal_of, rr_of, texts_of


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
    recording = read_as(tmp_path, data)
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
        recording = read_as(tmp_path, text)
        assert recording.format == "rr-text"
        assert rr_of(recording) == pytest.approx(RR)
        assert recording.gaps == ()


@pytest.mark.parametrize("beside", [False, True])
def test_of_a_kubios_report_only_intervals_and_version_are_taken(tmp_path: Path, beside: bool) -> None:
    """Measures above and another table beside the intervals are left aside."""
    recording = read_as(tmp_path, foreign.kubios_report(RR, beside))
    assert rr_of(recording) == pytest.approx(RR)
    assert recording.details["software"] == "Kubios HRV Standard 3.5.0"
    assert recording.started_at == datetime.fromisoformat("2026-04-24T14:10:00")


def test_a_kubios_report_without_intervals_is_refused(tmp_path: Path) -> None:
    """Measures alone give no beats."""
    text = "Software:,Kubios HRV 3.5\nMean RR interval (ms):,850.1\nRMSSD (ms):,40\n"
    assert "no table of RR intervals" in refusal_of(tmp_path, text).what


# ---- Polar --------------------------------------------------------------------------------


@pytest.mark.parametrize(("mark", "end"), [(";", ""), (";", ";"), (",", ""), ("\t", "")])
def test_polar_sensor_logger_is_read_with_every_separator(tmp_path: Path, mark: str, end: str) -> None:
    """The genuine file has semicolons; some are told of with commas, some end each row with the mark."""
    recording = read_as(tmp_path, foreign.polar_sensor_logger(RR, mark=mark, end=end))
    assert rr_of(recording) == RR
    assert recording.started_at is not None
    assert recording.started_at.tzinfo is None
    assert abs((recording.started_at - foreign.START).total_seconds()) < 0.3


def test_stamps_of_arrival_stay_beside_the_beats(tmp_path: Path) -> None:
    """Time runs along the intervals; the phone's clock is kept, and its drift against them is told."""
    recording = read_as(tmp_path, foreign.polar_sensor_logger(RR))
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
    assert "_RR.txt" in refusal_of(tmp_path, text).remedy


def test_polar_flow_intervals_are_two_columns_without_heading(tmp_path: Path) -> None:
    """Elapsed seconds, a tab, the interval in ms."""
    text = "\n".join(f"{at_s:.3f}\t{rr}" for at_s, rr in zip(foreign.ends_s(RR, LOST), RR, strict=True))
    recording = read_as(tmp_path, text)
    assert rr_of(recording) == RR
    assert [(round(gap.from_s, 1), round(gap.to_s - gap.from_s, 1)) for gap in recording.gaps] == [
        (round(sum(RR[:50]) / 1000, 1), 12.0)
    ]


def test_a_polar_flow_session_is_refused(tmp_path: Path) -> None:
    """Heart rate once a second under two stacked headings is no row of intervals."""
    rows = "".join(f",00:00:{i:02d},{70 + i % 4},,,,,,,,\n" for i in range(60))
    text = "Name,Sport,Date,Start time,Duration\nX,OTHER,24-04-2026,14:10:00,00:01:00\nSample rate,Time,HR (bpm)\n"
    assert "heart-rate table" in refusal_of(tmp_path, text + rows).what


# ---- HRV Logger ---------------------------------------------------------------------------


def test_hrv_logger_beats_that_share_a_second_stay_in_order(tmp_path: Path) -> None:
    """Dates have whole seconds and blanks after commas; the ms of since start tell more."""
    recording = read_as(tmp_path, foreign.hrv_logger(RR, LOST))
    assert rr_of(recording) == RR
    (gap,) = recording.gaps
    assert gap.to_s - gap.from_s == pytest.approx(12.0, abs=0.01)
    assert recording.started_at is not None
    assert abs((recording.started_at.replace(tzinfo=None) - foreign.START).total_seconds()) < 1.0
    assert recording.started_at.utcoffset() == UTC.utcoffset(None)


def test_a_pause_that_only_the_dates_show_stays_a_gap(tmp_path: Path) -> None:
    """Where since start counts beats and not time, the dates are the clock."""
    recording = read_as(tmp_path, foreign.hrv_logger(RR, LOST, pauses_told=False))
    (gap,) = recording.gaps
    assert gap.to_s - gap.from_s == pytest.approx(12.0, abs=0.3)
    assert recording.details["clock"].startswith("date")


def test_a_row_written_twice_is_refused_and_told(tmp_path: Path) -> None:
    """Exact copies occur; the beats are the same as without them."""
    lines = foreign.hrv_logger(RR).decode().splitlines()
    doubled = [*lines[:10], lines[9], *lines[10:]]
    recording = read_as(tmp_path, "\n".join(doubled))
    assert rr_of(recording) == RR
    assert (recording.rows_read, recording.rows_refused) == (len(RR), 1)
    assert recording.details["refused"] == "1 rows: line 11 (a copy of the row before it)"


@pytest.mark.parametrize("unit", ["s", "ms"])
def test_hrv_logger_events_are_markers_in_either_unit(tmp_path: Path, unit: str) -> None:
    """Versions differ in the unit of the timestamp and in the word for manual; the dates decide."""
    events = foreign.hrv_logger_events([(20.0, "Start Ruhe"), (45.5, "talk, with comma")], unit)
    recording = read_as(tmp_path, foreign.hrv_logger(RR), "p1_RR_a.csv", p1_Events_a__csv=events)
    assert texts_of(recording) == [(20.0, "Start Ruhe"), (45.5, "talk, with comma")]
    assert f"their times in {unit}" in recording.details["events"]


def test_events_that_cannot_be_read_do_not_spoil_the_recording(tmp_path: Path) -> None:
    """They are told, the beats stand."""
    recording = read_as(tmp_path, foreign.hrv_logger(RR), "p1_RR_a.csv", p1_Events_a__csv=b"\x00\x01")
    assert len(recording.beats) == len(RR)
    assert "cannot be used" in recording.details["events"]


def test_events_alone_are_refused_with_the_name_of_what_is_wanted(tmp_path: Path) -> None:
    """The pair is opened by its intervals."""
    assert "_RR_" in refusal_of(tmp_path, foreign.hrv_logger_events([(1.0, "a")])).remedy


# ---- VNS Analyse, OpenHRV -----------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_vns_intervals_are_read_once_with_their_notes(tmp_path: Path, encoding: str) -> None:
    """Raw and corrected intervals stand in one file; only the raw ones count, and Notiz is a marker."""
    name = "VNS - 01 - 15.03.2025 09.07 Langzeit, 1h 46min.txt"
    recording = read_as(tmp_path, foreign.vns_analyse(RR, {0: "Start Ruhe", 60: "Übung"}, encoding), name)
    assert rr_of(recording) == RR
    assert [text for _, text in texts_of(recording)] == ["Start Ruhe", "Übung"]
    assert recording.started_at == datetime.fromisoformat("2025-03-15T09:07:00")
    assert "120 corrected ones left aside" in recording.details["blocks"]


def test_vns_without_raw_intervals_is_refused(tmp_path: Path) -> None:
    """What another program corrected is not what was measured."""
    text = foreign.vns_analyse(RR).decode().replace("Rohwerte (Nicht aktiv)\r\n0", "Rohwerte (Nicht aktiv)\r\nx")
    only = text[text.index("RR-Intervalle - Korr") :]
    assert "only corrected ones" in refusal_of(tmp_path, only).what


def test_commas_within_an_openhrv_annotation_belong_to_it(tmp_path: Path) -> None:
    """Text is written as it is, without quotes."""
    recording = read_as(tmp_path, foreign.openhrv(RR, {30: "breathe, slowly, now"}))
    assert rr_of(recording) == RR
    assert [text for _, text in texts_of(recording)] == ["breathe, slowly, now"]
    assert "8 rows of other events" in recording.details["rows"]


# ---- optical sensors ----------------------------------------------------------------------


def test_beats_that_a_wristband_lost_are_gaps(tmp_path: Path) -> None:
    """Offsets show each hole, even of a single beat; time 0 is the first interval, and tags are markers."""
    data = foreign.empatica_ibi(RR, {10: 0.9, 50: 30.0})
    recording = read_as(tmp_path, data, "IBI.csv", tags__csv=b"1777039842.50\n1777039862.50\n")
    assert [round(gap.to_s - gap.from_s, 1) for gap in recording.gaps] == [0.9, 30.0]
    assert recording.started_at == datetime(2026, 4, 24, 14, 10, 12, 500_000, UTC)
    assert texts_of(recording) == [(30.0, "Tag 1"), (50.0, "Tag 2")]
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
    assert "IBI.csv" in refusal_of(tmp_path, text).remedy


def test_raw_ibi_is_a_column_of_its_own(tmp_path: Path) -> None:
    """It ends before the others, and times of rows are not its times."""
    recording = read_as(tmp_path, foreign.emwave(RR))
    assert rr_of(recording) == RR
    assert recording.duration_s == pytest.approx(sum(RR) / 1000)
    assert "120 of 240 rows" in recording.details["rows"]


def test_a_database_with_names_in_it_is_not_opened(tmp_path: Path) -> None:
    """emWave keeps clients' names and passwords beside their sessions."""
    assert "database" in refusal_of(tmp_path, b"SQLite format 3\x00" + bytes(200)).what


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
    assert "measures" in refusal_of(tmp_path, f"{heading}\n{row}\n{row}\n").what


# ---- rows that cannot be used -------------------------------------------------------------
