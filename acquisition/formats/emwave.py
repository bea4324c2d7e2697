"""emWave Pro table: ``rawIBI`` is a column of its own, in ms, and ends before the others.

The other columns are resampled twice a second; what stands in the same row as an interval has nothing to do with it.
"""

from __future__ import annotations

from pathlib import Path

from acquisition.errors import UnreadableFile
from acquisition.formats.file_text import check_rows
from acquisition.formats.recording_file import RecordingFile
from acquisition.formats.rr_units import BROKEN_CHAIN, check_value, decide
from acquisition.formats.series import Interval, lay_out, recording
from acquisition.formats.stamped_rows import number
from acquisition.formats.table import cells, delimiter_of, read_table

FORMAT = "emwave"
WHY = "a column is named rawIBI"
HEADING_WITHIN = 40
"""Lines from the top in which the heading of columns stands; above it lie notes on the session."""


def recognises(text: str) -> bool:
    """True when a heading names the column."""
    return _heading(text) is not None


def read_text(path: Path, text: str) -> RecordingFile:
    """The recording; raises UnreadableFile."""
    check_rows(path, text)
    table = read_table(text, _heading(text) or 0)
    at = next(i for i, name in enumerate(table.heading) if _is_ibi(name))
    found = [(line, row[at]) for line, row in table.rows if at < len(row) and row[at]]
    if not found:
        what = "the column rawIBI is empty"
        raise UnreadableFile(what, place=str(path), remedy="export a session that was recorded with a sensor")
    values = [_value(path, line, cell) for line, cell in found]
    unit = decide(values, str(path))
    for (line, _), value in zip(found, values, strict=True):
        check_value(unit.ms(value), f"{path}:{line}")
    details = {
        "signal": "pulse intervals of an optical sensor: pulse rate variability, not RR intervals of an ECG",
        "rows": f"{len(found)} of {len(table.rows)} rows hold an interval; times of rows are not theirs and unused",
    }
    series = lay_out([Interval(unit.ms(value)) for value in values])
    return recording(path, FORMAT, f"{unit.words}; ms by the format", [series], details=details)


def _heading(text: str) -> int | None:
    for i, line in enumerate(text[:20_000].splitlines()[:HEADING_WITHIN]):
        if any(map(_is_ibi, cells(line.lower(), delimiter_of(line)))):
            return i
    return None


def _is_ibi(name: str) -> bool:
    return name.replace(" ", "").replace("_", "").startswith("rawibi")


def _value(path: Path, line: int, cell: str) -> float:
    try:
        return number(cell)
    except ValueError as error:
        raise UnreadableFile(str(error), place=f"{path}:{line}", remedy=BROKEN_CHAIN) from error
