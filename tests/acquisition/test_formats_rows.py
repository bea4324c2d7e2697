"""Rows that cannot be used, too many rows, and times that cannot be: counted, named, or refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from acquisition.beats import Marker
from tests.acquisition import foreign_files as foreign
from tests.acquisition.foreign_reading import RR, read_as, refusal_of


@pytest.mark.parametrize(
    ("bad", "why"), [("70;;", "not a number"), ("-812", "impossible"), ("99999", "impossible"), ("", "not a number")]
)
def test_a_row_that_cannot_be_used_is_counted_named_and_a_gap(tmp_path: Path, bad: str, why: str) -> None:
    """Stamps keep the place, so that one row does not spoil a file; no difference is taken across it."""
    lines = foreign.hrv_logger(RR).decode().splitlines()
    date, _, since = lines[60].split(", ")
    lines[60] = f"{date}, {bad}, {since}"
    recording = read_as(tmp_path, "\n".join(lines))
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
    refusal = refusal_of(tmp_path, "\n".join(lines))
    assert refusal.place.endswith(":6")
    assert "50 rows" in refusal.what


def test_many_refused_rows_are_counted_and_a_few_named(tmp_path: Path) -> None:
    """The report stays readable."""
    lines = foreign.polar_sensor_logger(RR).decode().splitlines()
    lines[10:20] = ["?;?"] * 10
    recording = read_as(tmp_path, "\n".join(lines))
    assert recording.rows_refused == 10
    assert recording.details["refused"].endswith("and 5 more")


def test_a_marker_before_the_first_beat_is_kept_at_the_beginning(tmp_path: Path) -> None:
    """With the time that the file gives."""
    recording = read_as(tmp_path, foreign.empatica_ibi(RR), "IBI.csv", tags__csv=b"1777039802.50\n")
    (tag,) = [item for item in recording.items if isinstance(item, Marker)]
    assert tag.time_s == 0.0
    assert tag.data["data"] == {"source_time_s": pytest.approx(-10.0)}


def test_weeks_of_time_are_refused(tmp_path: Path) -> None:
    """A stamp of another year is damage, and no tick a second is made up to it."""
    lines = foreign.polar_sensor_logger(RR).decode().splitlines()
    lines[60] = lines[60].replace("2026", "2036")
    for i in range(61, len(lines)):
        lines[i] = lines[i].replace("2026", "2036")
    assert "days" in refusal_of(tmp_path, "\n".join(lines)).what


def test_a_text_with_too_many_rows_is_refused_before_it_is_taken_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every reader of text looks at the number of rows first."""
    monkeypatch.setattr("acquisition.formats.file_text.MAX_ROWS", 50)
    for data in (foreign.hrm(RR), foreign.hrv_logger(RR), foreign.vns_analyse(RR), b"800 " * 100, b"800\n" * 100):
        assert "more than 50 rows" in refusal_of(tmp_path, data).what
