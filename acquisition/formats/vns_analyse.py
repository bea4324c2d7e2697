"""VNS Analyse (German text): the block of raw intervals, in s, with notes beside them; the start is in the file's name.

The same intervals stand there twice, raw and corrected by that program; only the raw ones are read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from acquisition.errors import UnreadableFile
from acquisition.formats.file_text import check_rows
from acquisition.formats.recording_file import RecordingFile
from acquisition.formats.rr_units import BROKEN_CHAIN, check_value, decide
from acquisition.formats.series import Interval, Note, lay_out, recording
from acquisition.formats.stamped_rows import number

FORMAT = "vns-analyse"
WHY = "a block is headed RR-Intervalle"
_RAW = "RR-Intervalle - Rohwerte"
_CORRECTED = "RR-Intervalle - Korrigierte Werte"
_NOTE = re.compile(r"Notiz:\s*(.*)")
_NAME_DATE = re.compile(r"(\d{2})\.(\d{2})\.(\d{4}) (\d{2})[.:](\d{2})")
"""Day, month, year, hour and minute, as this program names its files."""


def recognises(text: str) -> bool:
    """True when a block of intervals has the heading of this program."""
    return re.search(r"^RR-Intervalle - (Rohwerte|Korrigierte Werte)", text, re.M) is not None


def read_text(path: Path, text: str) -> RecordingFile:
    """The recording; raises UnreadableFile."""
    check_rows(path, text)
    lines = [(number, line.rstrip()) for number, line in enumerate(text.splitlines(), start=1)]
    raw, corrected = _block(lines, _RAW), _block(lines, _CORRECTED)
    if not raw:
        what = "there is no block of raw intervals (Rohwerte)" + (", only corrected ones" if corrected else "")
        remedy = "export the recording again, with raw values"
        raise UnreadableFile(what, place=str(path), remedy=remedy)
    values = [_value(path, line, row) for line, row in raw]
    unit = decide(values, str(path))
    for (line, _), value in zip(raw, values, strict=True):
        check_value(unit.ms(value), f"{path}:{line}")
    notes, total_s = [], 0.0
    for (_, row), value in zip(raw, values, strict=True):
        total_s += unit.ms(value) / 1000.0
        found = _NOTE.search(row)
        if found:
            notes.append(Note(total_s, "note", found[1].strip()))
    series = lay_out([Interval(unit.ms(value)) for value in values], notes)
    details = {
        "blocks": f"{len(raw)} raw intervals used, {len(corrected)} corrected ones left aside",
        "notes": str(len(notes)),
    }
    words = f"{unit.words}; s by the format"
    return recording(path, FORMAT, words, [series], start=_start(path), details=details)


def _block(lines: Sequence[tuple[int, str]], title: str) -> list[tuple[int, str]]:
    """Rows under a title, up to the next title; blank ones left out."""
    begin = next((i for i, (_, line) in enumerate(lines) if line.startswith(title)), None)
    rows: list[tuple[int, str]] = []
    for number_, line in lines[begin + 1 :] if begin is not None else ():
        if line[:1].isalpha():
            break
        if line.strip("\x1a \t"):
            rows.append((number_, line))
    return rows


def _value(path: Path, line: int, row: str) -> float:
    try:
        return number(row.split("\t")[0].strip())
    except ValueError as error:
        raise UnreadableFile(str(error), place=f"{path}:{line}", remedy=BROKEN_CHAIN) from error


def _start(path: Path) -> datetime | None:
    found = _NAME_DATE.search(path.name)
    if found is None:
        return None
    day, month, year, hour, minute = map(int, found.groups())
    try:
        return datetime(year, month, day, hour, minute)  # noqa: DTZ001 # the name carries local time without a zone
    except ValueError:
        return None
