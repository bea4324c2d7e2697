"""HRV Logger, a pair of files: ``*_RR_*.csv`` with intervals, ``*_Events_*.csv`` beside it with what was marked.

``date`` has whole seconds, so that many beats share one; ``since start`` has ms. Rows may stand there twice. The unit
of an event's ``timestamp`` differs by version (s or ms) and is seen from its date.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from acquisition.formats.clock_words import first_moment, moment, moment_at, seconds
from acquisition.formats.document import Document
from acquisition.formats.file_text import check_rows
from acquisition.formats.recording_file import RecordingFile
from acquisition.formats.series import Note, lay_out, recording
from acquisition.formats.stamped_rows import StampedRow, number, read_rows
from acquisition.formats.table import Table, first_line, read_table

FORMAT = "hrv-logger"
WHY = "the heading is: date, rr, since start"
DATES_TELL_MORE_S = 3.0
"""Dates that span so much more than ``since start`` (which may leave pauses out) are the better clock; whole seconds
at both ends explain 2 s."""


def recognises(text: str) -> bool:
    """True when the first line is the heading of intervals."""
    names = [name.strip().lower() for name in first_line(text).split(",")]
    return names[:2] == ["date", "rr"] and "since start" in names


def read_document(document: Document, text: str) -> RecordingFile:
    """The recording, with the events of the file beside it. Raises UnreadableFile."""
    path = document.path
    check_rows(path, text)
    table = read_table(text)
    clock = _clock(table)
    rows = (StampedRow(line, _cell(row, clock.column), _cell(row, 1), str(row)) for line, row in table.rows)
    read = read_rows(path, rows, clock.stamp_s)
    notes, told = _events(document, clock)
    series = lay_out(read.intervals, notes)
    origin_s = series.stamps.origin_s if series.stamps else 0.0
    details = {"clock": clock.words, "events": told}
    start = moment_at(origin_s + clock.date_zero_s, first_moment(row[0] for _, row in table.rows))
    words = f"{read.unit.words}; ms by the format"
    return recording(path, FORMAT, words, [series], start=start, refusals=read.refusals, details=details)


@dataclass(frozen=True, slots=True)
class _Clock:
    """Which of the two columns is the stamps' clock."""

    column: int
    stamp_s: Callable[[str], float]
    since_zero_s: float
    """This clock where ``since start`` is 0."""
    date_zero_s: float
    """``seconds`` of the date where this clock is 0."""
    words: str


def _clock(table: Table) -> _Clock:
    dates, since = [], []
    for _, row in table.rows:
        try:
            dates.append(_date(row[0]))
            since.append(number(_cell(row, 2)) / 1000.0)
        except ValueError:
            del dates[len(since) :]
    if not since:
        return _Clock(0, _date, 0.0, 0.0, "date (since start cannot be read)")
    more_s = (dates[-1] - dates[0]) - (since[-1] - since[0])
    zero_s = dates[0] - since[0]
    if more_s > DATES_TELL_MORE_S:
        words = f"date, which spans {more_s:.0f} s more than since start"
        return _Clock(0, _date, zero_s, 0.0, words)
    return _Clock(2, lambda since: number(since) / 1000.0, 0.0, zero_s, "since start, in ms")


def _date(text: str) -> float:
    return seconds(moment(text))


def _cell(row: Sequence[str], at: int) -> str:
    return row[at] if at < len(row) else ""


# ---- events -------------------------------------------------------------------------------


def _events(document: Document, clock: _Clock) -> tuple[list[Note], str]:
    name = document.path.name
    if "_RR_" not in name:
        return [], "none looked for (the file's name has no _RR_)"
    text, told = document.companion(name.replace("_RR_", "_Events_"))
    if text is None:
        return [], told
    rows: list[tuple[float, float, str]] = []
    left = 0
    for _, row in read_table(text).rows:
        try:
            rows.append((_date(row[0]), number(_cell(row, 1)), ", ".join(row[2:-1]).strip()))
        except ValueError:
            left += 1
    factor, unit = _unit(rows, clock)
    notes = [Note(clock.since_zero_s + at * factor, "event", words) for _, at, words in rows]
    lost = f", {left} rows could not be read" if left else ""
    return notes, f"{told}: {len(notes)} events, their times in {unit}{lost}"


def _unit(rows: Sequence[tuple[float, float, str]], clock: _Clock) -> tuple[float, str]:
    """Factor to s, and its name: the unit with which times agree with dates."""
    if not rows:
        return 1.0, "s"
    zero_s = clock.since_zero_s + clock.date_zero_s
    off = {
        unit: statistics.median(abs(date - zero_s - at * factor) for date, at, _ in rows)
        for unit, factor in (("s", 1.0), ("ms", 1e-3))
    }
    return (1.0, "s") if off["s"] <= off["ms"] else (1e-3, "ms")
