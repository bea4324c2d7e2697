"""The text report that Kubios HRV exports: the block of RR intervals and the version, nothing that was computed.

The layout differs by version, so that only two things are taken for granted: the program names itself near the top, and
the intervals stand under a heading with the words "RR interval".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from acquisition.errors import UnreadableFile
from acquisition.formats.file_text import check_rows
from acquisition.formats.recording_file import RecordingFile
from acquisition.formats.rr_columns import stamps_in_s
from acquisition.formats.rr_units import check_value, decide
from acquisition.formats.series import Interval, lay_out, recording
from acquisition.formats.table import first_line

FORMAT = "kubios-report"
WHY = "Kubios HRV names itself near the top, and a heading says RR interval"
TOP = 4096
"""Letters in which the program names itself."""
HEADING_LINES = 6
"""Lines of headings, units or blanks that may stand between the heading and the first interval."""
_HEADING = re.compile(r"^[^#\n]*RR[ -]interval[^\n]*$", re.I | re.M)
_NUMBER = re.compile(r"[+-]?\d{1,12}(\.\d{1,9})?")
_VERSION = re.compile(r"Software:?\s*,?\s*([^\n]{0,80})", re.I)
_DATE = re.compile(r"(?:Measurement date|Recording date|Date)\s*:\s*,?\s*([^\n]{0,60})", re.I)


@dataclass(frozen=True, slots=True)
class _Row:
    line: int
    numbers: tuple[Decimal, ...]


def recognises(text: str) -> bool:
    """True when it is such a report (and not plain intervals that Kubios commented with ``#``)."""
    return "kubios" in text[:TOP].lower() and not first_line(text).startswith("#") and bool(_HEADING.search(text))


def read_text(path: Path, text: str) -> RecordingFile:
    """The recording; raises UnreadableFile."""
    check_rows(path, text)
    lines = text.splitlines()
    headings = [i for i, line in enumerate(lines) if _HEADING.match(line)]
    blocks = [list(_block(lines, i)) for i in headings]
    rows = max(blocks, key=len, default=[])
    if len(rows) < 2:
        what = "the report holds no table of RR intervals"
        raise UnreadableFile(
            what, place=str(path), remedy="export it again with the RR data, or export the RR intervals"
        )
    intervals, words = _intervals(path, rows)
    software = _VERSION.search(text[:TOP])
    details = {
        "software": _clean(software[1]) if software else "Kubios HRV",
        "rows": f"lines {rows[0].line} to {rows[-1].line}; all computed values of the report are left aside",
    }
    return recording(path, FORMAT, words, [lay_out(intervals)], start=_start(text), details=details)


def _block(lines: Sequence[str], heading: int) -> Iterator[_Row]:
    """The rows of numbers under a heading."""
    begun = False
    for i in range(heading + 1, len(lines)):
        numbers = _numbers(lines[i])
        if numbers:
            begun = True
            yield _Row(i + 1, numbers)
        elif begun or i > heading + HEADING_LINES:
            return


def _numbers(line: str) -> tuple[Decimal, ...]:
    """The first run of cells that are numbers; empty cells before it are passed over. At most two."""
    found: list[Decimal] = []
    for cell in re.split(r"[;,\t]", line[:400]):
        text = cell.strip()
        if _NUMBER.fullmatch(text):
            found.append(Decimal(text))
        elif text or found:
            break
    return tuple(found[:2])


def _intervals(path: Path, rows: Sequence[_Row]) -> tuple[list[Interval], str]:
    width = min(len(row.numbers) for row in rows)
    values = [row.numbers[width - 1] for row in rows]
    places = [f"{path}:{row.line}" for row in rows]
    unit = decide([float(value) for value in values], str(path))
    rr_ms = [float(value.scaleb(3) if unit.to_ms == 1000.0 else value) for value in values]
    for place, value in zip(places, rr_ms, strict=True):
        check_value(value, place)
    if width == 1:
        return [Interval(value) for value in rr_ms], unit.words
    stamps_s, stamp_unit = stamps_in_s([row.numbers[0] for row in rows], rr_ms, places)
    words = f"{unit.words}; times beside them in {stamp_unit}"
    return [Interval(value, stamp) for value, stamp in zip(rr_ms, stamps_s, strict=True)], words


def _clean(text: str) -> str:
    return text.strip(' ,;"').strip()


def _start(text: str) -> datetime | None:
    found = _DATE.search(text[:TOP])
    words = _clean(found[1]) if found else ""
    for form in ("%d-%b-%Y %H:%M:%S", "%d.%m.%Y %H:%M:%S", "%Y-%m-%d %H:%M:%S"):
        try:
            return datetime.strptime(words, form)  # noqa: DTZ007 # the report carries local time without a zone
        except ValueError:
            continue
    return None
