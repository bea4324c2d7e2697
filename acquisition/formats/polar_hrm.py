"""Polar .hrm (HRM 1.0x text): RR intervals in ms, only where ``Interval=238`` says so, with laps as markers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from acquisition.errors import UnreadableFile
from acquisition.formats.file_text import check_rows
from acquisition.formats.recording_file import RecordingFile
from acquisition.formats.rr_units import BROKEN_CHAIN, check_value, decide
from acquisition.formats.series import Interval, Note, lay_out, recording

FORMAT = "polar-hrm"
RR_INTERVAL = "238"
"""The value of Interval that marks a recording of RR; any other is the step of heart rates, s."""
CUT_SHORT_S = 5.0
"""A sum of RR this far below the stated Length is told as truncated; whole recordings agree within a beat or two."""

_SECTION = re.compile(r"\[([^\]]+)\]\s*$")
_CLOCK = re.compile(r"(\d{1,2}):(\d{2}):(\d{2}(?:\.\d+)?)")


@dataclass(frozen=True, slots=True)
class _Section:
    line: int
    rows: tuple[tuple[int, str], ...]
    """Line numbers and texts of its rows, blank ones left out."""


def recognises(text: str) -> bool:
    """True when the text has the head of an .hrm file."""
    first = next((line.strip() for line in text.splitlines() if line.strip()), "")
    return first == "[Params]"


def read_text(path: Path, text: str) -> RecordingFile:
    """The recording in an .hrm text; raises UnreadableFile."""
    check_rows(path, text)
    sections = _sections(text)
    params = dict(row.split("=", 1) for _, row in sections["Params"].rows if "=" in row)
    _require_rr(path, params, sections)
    rr_ms = list(_intervals(path, sections["HRData"]))
    unit = decide(rr_ms, str(path))
    if unit.to_ms != 1.0:
        what = f"the median of HRData is {sorted(rr_ms)[len(rr_ms) // 2]:g}, but .hrm holds ms"
        raise UnreadableFile(what, place=f"{path}:{sections['HRData'].line}", remedy="export the recording again")
    total_s = sum(rr_ms) / 1000.0
    laps = _laps(sections.get("IntTimes"))
    details = {"version": params.get("Version", "?"), "monitor": params.get("Monitor", "?"), "laps": str(len(laps))}
    length_s = _clock_s(params.get("Length", ""))
    if length_s is not None:
        details["length"] = f"stated {length_s:.1f} s, intervals sum to {total_s:.1f} s"
        if total_s < length_s - CUT_SHORT_S:
            details["truncated"] = f"the last {length_s - total_s:.0f} s are missing; everything before is used"
    series = lay_out([Interval(rr) for rr in rr_ms], laps)
    return recording(path, FORMAT, f"{unit.words}; ms by the format", [series], start=_start(params), details=details)


def _sections(text: str) -> dict[str, _Section]:
    found: dict[str, _Section] = {}
    name, line, rows = "", 0, list[tuple[int, str]]()
    for number, row in enumerate([*text.splitlines(), "[]"], start=1):
        head = _SECTION.match(row.strip())
        if head or row == "[]":
            found[name] = _Section(line, tuple(rows))
            name, line, rows = (head[1] if head else ""), number, []
        elif row.strip("\x1a \t"):
            rows.append((number, row.strip()))
    return found


def _require_rr(path: Path, params: Mapping[str, str], sections: Mapping[str, _Section]) -> None:
    interval = params.get("Interval", "").strip()
    if interval != RR_INTERVAL:
        says = f"Interval={interval}" if interval else "no Interval"
        raise UnreadableFile(
            f"{says} means heart rate at fixed steps, not RR intervals (those have Interval=238)",
            place=f"{path}:{sections['Params'].line}",
            remedy="record with the monitor's RR function switched on; heart rate cannot give heart rate variability",
        )
    if not sections.get("HRData", _Section(0, ())).rows:
        what = "there are no intervals under [HRData]"
        raise UnreadableFile(what, place=str(path), remedy="export the recording again")


def _intervals(path: Path, section: _Section) -> Iterator[float]:
    for line, row in section.rows:
        place = f"{path}:{line}"
        if not re.fullmatch(r"-?\d+(\.\d+)?", row):
            raise UnreadableFile(f"{row!r} is not an RR interval in ms", place=place, remedy=BROKEN_CHAIN)
        check_value(float(row), place)
        yield float(row)


def _laps(section: _Section | None) -> list[Note]:
    """Each lap's end; a lap has five lines, of which the first begins with its time."""
    rows = [row.split("\t")[0] for _, row in section.rows] if section else []
    times = [seconds for seconds in map(_clock_s, rows) if seconds is not None]
    return [Note(seconds, "lap", f"Lap {number}") for number, seconds in enumerate(times, start=1)]


def _start(params: Mapping[str, str]) -> datetime | None:
    date, clock_s = params.get("Date", "").strip(), _clock_s(params.get("StartTime", ""))
    if clock_s is None:
        return None
    try:
        return datetime.fromisoformat(date) + timedelta(seconds=clock_s)
    except ValueError:
        return None


def _clock_s(text: str) -> float | None:
    found = _CLOCK.match(text.strip())
    return int(found[1]) * 3600 + int(found[2]) * 60 + float(found[3]) if found else None
