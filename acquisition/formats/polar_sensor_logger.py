"""Polar Sensor Logger ``*_RR.txt``: the phone's clock and the interval in ms, parted by semicolons (or commas)."""

from __future__ import annotations

from pathlib import Path

from acquisition.formats.clock_words import first_moment, moment, moment_at, seconds
from acquisition.formats.file_text import check_rows
from acquisition.formats.recording_file import RecordingFile
from acquisition.formats.series import lay_out, recording
from acquisition.formats.stamped_rows import StampedRow, read_rows
from acquisition.formats.table import first_line, read_table

FORMAT = "polar-sensor-logger"
WHY = "the heading names a phone's clock and RR-interval"


def recognises(text: str) -> bool:
    """True when the first line is the heading of such a file."""
    head = first_line(text).lower()
    return head.startswith("phone timestamp") and "rr-interval" in head


def read_text(path: Path, text: str) -> RecordingFile:
    """The recording; its stamps are the phone's, local and without a zone. Raises UnreadableFile."""
    check_rows(path, text)
    table = read_table(text)
    at = table.column("rr-interval") or 1
    rows = (StampedRow(line, cells[0], cells[at] if at < len(cells) else "") for line, cells in table.rows)
    read = read_rows(path, rows, lambda stamp: seconds(moment(stamp)))
    series = lay_out(read.intervals)
    like = first_moment(cells[0] for _, cells in table.rows)
    start = moment_at(series.stamps.origin_s, like) if series.stamps else None
    words = f"{read.unit.words}; ms by the heading"
    return recording(path, FORMAT, words, [series], start=start, refusals=read.refusals)
