"""OpenHRV CSV: ``event,value,timestamp``; intervals and annotations among other events.

Text is written as it is, so that an annotation may hold commas: the first and the last cells stand, the rest is value.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from acquisition.formats.clock_words import first_moment, moment, moment_at, seconds
from acquisition.formats.file_text import check_rows
from acquisition.formats.recording_file import RecordingFile
from acquisition.formats.series import Note, Refusals, lay_out, recording
from acquisition.formats.stamped_rows import StampedRow, read_rows
from acquisition.formats.table import first_line

FORMAT = "openhrv"
WHY = "the heading is: event,value,timestamp"
INTERVALS = ("interbeatinterval", "ibi")
ANNOTATION = "annotation"


def recognises(text: str) -> bool:
    """True when the first line is the heading of such a file."""
    return first_line(text).lower().replace(" ", "").startswith("event,value,timestamp")


def read_text(path: Path, text: str) -> RecordingFile:
    """The recording; other events are counted and left aside. Raises UnreadableFile."""
    check_rows(path, text)
    events = list(_events(text))
    rows = [StampedRow(line, stamp, value) for line, name, value, stamp in events if name in INTERVALS]
    read = read_rows(path, rows, lambda stamp: seconds(moment(stamp)))
    notes = list(_notes(events, read.refusals))
    series = lay_out(read.intervals, notes)
    start = moment_at(series.stamps.origin_s, first_moment(row.stamp for row in rows)) if series.stamps else None
    others = sum(name not in (*INTERVALS, ANNOTATION) for _, name, _, _ in events)
    details = {"rows": f"{len(rows)} intervals, {len(notes)} annotations, {others} rows of other events"}
    words = f"{read.unit.words}; ms by the format"
    return recording(path, FORMAT, words, [series], start=start, refusals=read.refusals, details=details)


def _events(text: str) -> Iterator[tuple[int, str, str, str]]:
    """Line, name in lower case, value and stamp of each row; what the heading names after them is left out."""
    lines = text.splitlines()
    head = next(i for i, line in enumerate(lines) if line.strip())
    after = max(lines[head].count(",") - 2, 0)
    for line, row in enumerate(lines[head + 1 :], start=head + 2):
        if not row.strip():
            continue
        name, _, rest = row.partition(",")
        parts = rest.rsplit(",", 1 + after)
        yield line, name.strip().lower(), parts[0].strip(), parts[1].strip() if len(parts) > 1 else ""


def _notes(events: list[tuple[int, str, str, str]], refusals: Refusals) -> Iterator[Note]:
    for line, name, value, stamp in events:
        if name != ANNOTATION:
            continue
        try:
            yield Note(seconds(moment(stamp)), "note", value)
        except ValueError:
            refusals.add(f"line {line}", "the annotation has no time")
