"""Plain RR text: one interval a line (or all on one line), or a time column and an RR column."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

from acquisition.errors import UnreadableFile
from acquisition.formats.file_text import READABLE, check_rows
from acquisition.formats.recording_file import RecordingFile
from acquisition.formats.rr_columns import stamps_in_s
from acquisition.formats.rr_units import BROKEN_CHAIN, check_value, decide
from acquisition.formats.series import Interval, lay_out, recording

FORMAT = "rr-text"
COMMENTS = ("#", "%", "//")
"""Lines that begin so are notes by the program that wrote the file (Kubios and its kin use ``#``)."""

RISING_S = 3
"""Stamps in whole s that rise by this are no decimal commas: intervals never rise so far beat by beat."""
_MARKUP = ("{", "[", "<")
"""JSON and XML may hold more numbers than words, but are no plain text."""
_NUMBER = re.compile(r"[+-]?(\d+[.,]?\d*|[.,]\d+)([eE][+-]?\d{1,2})?")
LONGEST_NUMBER = 40
"""Letters of the longest number that is looked at; longer ones are damage."""
_NAME_DATE = re.compile(r"(\d{4}-\d{2}-\d{2})[ _T](\d{2})-(\d{2})-(\d{2})")
"""Elite HRV carries the start in the file's name: ``YYYY-MM-DD HH-MM-SS.txt``."""


@dataclass(frozen=True, slots=True)
class _Row:
    line: int
    text: str
    fields: tuple[str, ...] = ()


def read_text(path: Path, text: str) -> RecordingFile:
    """The recording in a text of intervals; raises UnreadableFile."""
    check_rows(path, text)
    notes, rows = _rows(path, text)
    columns = _numbers(path, rows)
    unit = decide([float(value) for value in columns[-1]], str(path))
    rr_ms = [float(value.scaleb(3) if unit.to_ms == 1000.0 else value) for value in columns[-1]]
    places = [f"{path}:{row.line}" for row in rows]
    for place, value in zip(places, rr_ms, strict=True):
        check_value(value, place)
    details = {"rows": f"{len(rows)} intervals, {notes} other lines (comments, headings)"}
    intervals = [Interval(value) for value in rr_ms]
    if len(columns) == 2:
        stamps_s, stamp_unit = stamps_in_s(columns[0], rr_ms, places)
        intervals = [Interval(value, stamp) for value, stamp in zip(rr_ms, stamps_s, strict=True)]
        details["columns"] = f"time in {stamp_unit}, RR in {'s' if unit.to_ms == 1000.0 else 'ms'}"
    series, start = lay_out(intervals), start_from_name(path)
    origin_s = series.stamps.origin_s if series.stamps else None
    return recording(path, FORMAT, unit.words, [series], start=start, details=details, clock_origin_s=origin_s)


def _rows(path: Path, text: str) -> tuple[int, list[_Row]]:
    """How many lines are notes, and the rows of numbers, split into fields."""
    lines = [_Row(number, line.strip()) for number, line in enumerate(text.splitlines(), start=1)]
    lines = [row for row in lines if row.text.strip("\x1a")]
    rows = [row for row in lines if not row.text.startswith(COMMENTS)]
    if rows and not _looks_numeric(rows[0].text):
        rows = rows[1:]
    if text.lstrip().startswith(_MARKUP) or 2 * sum(_looks_numeric(row.text) for row in rows) <= len(rows):
        raise UnreadableFile("no reader knows this file", place=str(path), remedy=READABLE)
    separator = _separator([row.text for row in rows])
    split = [_Row(row.line, row.text, _fields(row.text, separator)) for row in rows]
    if len(split) == 1:
        split = [_Row(split[0].line, field, (field,)) for field in split[0].fields]
    return len(lines) - len(rows), split


def _numbers(path: Path, rows: Sequence[_Row]) -> list[list[Decimal]]:
    """One or two columns of numbers; raises UnreadableFile at the first row that is none."""
    width = len(rows[0].fields)
    for row in rows:
        bad = next((field for field in row.fields if not _is_number(field)), None)
        if bad is not None:
            raise UnreadableFile(
                f"{bad[:LONGEST_NUMBER]!r} is not a number", place=f"{path}:{row.line}", remedy=BROKEN_CHAIN
            )
        if len(row.fields) != width or width > 2:
            raise UnreadableFile(
                f"the row has {len(row.fields)} columns",
                place=f"{path}:{row.line}",
                remedy="give one RR interval a line, or two columns: time, RR",
            )
    return [[Decimal(row.fields[i].replace(",", ".")) for row in rows] for i in range(width)]


def _is_number(field: str) -> bool:
    return len(field) <= LONGEST_NUMBER and _NUMBER.fullmatch(field) is not None


def _looks_numeric(text: str) -> bool:
    fields = re.split(r"[;\s]+|,(?=\s)", text.strip(";, \t"))
    return all(_is_number(field) for field in fields if field) or all(map(_is_number, text.split(",")))


def _separator(rows: Sequence[str]) -> str | None:
    """What parts the columns; None for blanks. A comma may be a decimal comma instead."""
    for mark in (";", "\t", ", "):
        if all(mark in row for row in rows):
            return mark
    if any(" " in row or "," not in row for row in rows):
        return None
    if any("." in row or row.strip(",").count(",") > 1 for row in rows) or _is_time_and_rr(rows):
        return ","
    return None


def _is_time_and_rr(rows: Sequence[str]) -> bool:
    """True where "1812,830" are two whole numbers: most first ones differ by the second, in ms, or in whole s."""
    pairs = [row.split(",")[:2] for row in rows]
    if len(pairs) < 2 or not all(first.isdigit() and second.isdigit() for first, second in pairs):
        return False
    times, rr = [int(first) for first, _ in pairs], [int(second) for _, second in pairs]
    if times != sorted(times):
        return False
    if times[-1] - times[0] >= RISING_S and abs(times[-1] - times[0] - sum(rr[1:]) / 1000) <= RISING_S:
        return True
    steps = zip(pairwise(times), rr[1:], strict=True)
    return 2 * sum(abs(later - earlier - interval) <= 2 for (earlier, later), interval in steps) >= len(times) - 1


def _fields(text: str, separator: str | None) -> tuple[str, ...]:
    parts = text.split(separator)
    while len(parts) > 1 and not parts[-1].strip():
        parts.pop()
    return tuple(part.strip() for part in parts)


def start_from_name(path: Path) -> datetime | None:
    """The start that a file name carries as Elite HRV writes it, without a zone, or None."""
    found = _NAME_DATE.search(path.name)
    if found is None:
        return None
    day, hour, minute, second = found.groups()
    try:
        return datetime.fromisoformat(f"{day}T{hour}:{minute}:{second}")
    except ValueError:
        return None
