"""Polar .hrm: RR only where Interval=238 says so."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from acquisition.errors import UnreadableFile
from acquisition.formats import read


def _hrm(tmp_path: Path, interval: str = "Interval=238", rows: str = "800\r\n810\r\n790\r\n", length: str = "") -> Path:
    path = tmp_path / "ride.txt"
    head = f"[Params]\r\nVersion=106\r\nMonitor=13\r\nDate=20080208\r\nStartTime=08:50:31.5\r\n{length}{interval}\r\n"
    laps = "[IntTimes]\r\n00:00:01.2\t83\t38\r\n0\t0\t0\r\n0\t0\r\n0\t0\r\n0\t0\r\n00:00:02.4\t83\t38\r\n"
    path.write_bytes(f"{head}\r\n{laps}\r\n[HRData]\r\n{rows}".encode())
    return path


def test_intervals_start_and_laps_are_read(tmp_path: Path) -> None:
    """HRData are ms, Params carry the start, IntTimes become markers in order."""
    recording = read(_hrm(tmp_path))
    assert recording.format == "polar-hrm"
    assert [beat.rr_ms for beat in recording.beats] == [800.0, 810.0, 790.0]
    assert recording.started_at == datetime.fromisoformat("2008-02-08T08:50:31.500")
    laps = recording.markers("marker")
    assert [(lap.time_s, lap.data["text"]) for lap in laps] == [(1.2, "Lap 1"), (2.4, "Lap 2")]
    times = [item.time_s for item in recording.items]
    assert times == sorted(times)


@pytest.mark.parametrize("interval", ["Interval=1", "Interval=5", "Interval=15", "Interval=204", "Mode=0"])
def test_any_other_interval_is_refused_as_heart_rate(tmp_path: Path, interval: str) -> None:
    """Reading 1 Hz heart rate as RR is the mistake of other programs."""
    with pytest.raises(UnreadableFile, match="238") as caught:
        read(_hrm(tmp_path, interval))
    assert "heart rate" in caught.value.what


@pytest.mark.parametrize(("rows", "line"), [("800\r\n-5\r\n", 18), ("800\r\n801\r\n1\t2\r\n", 19), ("70\r\n0\r\n", 18)])
def test_a_bad_row_is_refused_with_its_line(tmp_path: Path, rows: str, line: int) -> None:
    """No row of HRData is dropped."""
    with pytest.raises(UnreadableFile) as caught:
        read(_hrm(tmp_path, rows=rows))
    assert caught.value.place.endswith(f":{line}")


@pytest.mark.parametrize("rows", ["", "72\r\n71\r\n73\r\n", "0.8\r\n0.8\r\n"])
def test_rows_that_are_no_intervals_are_refused(tmp_path: Path, rows: str) -> None:
    """Empty data, heart rates and other units say so."""
    with pytest.raises(UnreadableFile):
        read(_hrm(tmp_path, rows=rows))


def test_a_truncated_file_gives_what_is_whole_and_says_so(tmp_path: Path) -> None:
    """The stated Length is more than the intervals sum to."""
    recording = read(_hrm(tmp_path, length="Length=00:10:00.0\r\n"))
    assert len(recording.beats) == 3
    assert "598 s are missing" in recording.details["truncated"]
