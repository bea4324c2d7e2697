"""XDF (recordings of LSL streams): streams of intervals, and text streams as markers, on one clock.

Clock offsets are applied by the library. Two streams of intervals are two people. A stream at a fixed rate is none.
"""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Mapping, Sequence
from typing import Any

from acquisition.errors import UnreadableFile
from acquisition.formats.confined import MOST_INTERVALS, Unparsable
from acquisition.formats.confined import parse as parse_confined
from acquisition.formats.document import Document
from acquisition.formats.recording_file import RecordingFile
from acquisition.formats.rr_units import LONGEST_MS, SHORTEST_MS, UnitDecision, decide
from acquisition.formats.series import Interval, Note, Refusals, lay_out, recording

FORMAT = "xdf"
WHY = "the file begins with XDF:"
NAMED = re.compile(r"(?<![a-z])(rr|rri|ibi|ppi|nn|r-r|interbeat|inter-beat)(?![a-z])", re.I)
"""Names and types under which streams of intervals are published."""

MOST_PEOPLE = 8
"""Streams of intervals; a family has fewer."""


def recognises(data: bytes) -> bool:
    """True when the bytes begin as XDF does."""
    return data[:4] == b"XDF:"


# ---- in the process of its own ------------------------------------------------------------


class _Told(logging.Handler):
    """Keeps what the library logs of damage: it repairs in silence otherwise."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.words: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.words.append(record.getMessage()[:160])


def parse(file: io.BytesIO) -> dict[str, Any]:
    """Streams of intervals, texts of markers, names of the other streams, damage in words, and the date written."""
    from pyxdf import load_xdf

    told = _Told()
    log = logging.getLogger("pyxdf")
    log.handlers, log.propagate = [told], False
    found, header = load_xdf(file, dejitter_timestamps=False)
    beats, markers, others = [], [], []
    for stream in found:
        kind = _kind(stream)
        if kind == "beats":
            beats.append(_numbers(stream))
        elif kind == "markers":
            markers += [[float(t), " ".join(map(str, row))] for t, row in _rows(stream)]
        else:
            others.append(_named(stream))
    if len(beats) > MOST_PEOPLE:
        raise Unparsable(
            f"it holds {len(beats)} streams of intervals", remedy=f"keep those of {MOST_PEOPLE} people at most"
        )
    if not beats:
        raise Unparsable(f"no stream holds intervals (there are: {', '.join(others)[:200] or 'none'})", remedy=_PUBLISH)
    if sum(len(one["values"]) for one in beats) + len(markers) > MOST_INTERVALS:
        raise Unparsable("it holds more intervals than any recording")
    written = str((header or {}).get("info", {}).get("datetime", [""])[0])
    damage = list(dict.fromkeys(told.words))[:3]
    return {"beats": beats, "markers": markers, "others": others, "damage": damage, "written": written}


_PUBLISH = "record a stream of irregular rate with one channel of RR intervals in ms, named RR"


def _named(stream: Mapping[str, Any]) -> str:
    info = stream["info"]
    return f"{info['name'][0]} ({info['type'][0]})"


def _kind(stream: Mapping[str, Any]) -> str:
    info = stream["info"]
    if info["channel_format"][0] == "string":
        return "markers"
    alone = float(info["nominal_srate"][0]) == 0.0 and int(info["channel_count"][0]) == 1
    return "beats" if alone and NAMED.search(_named(stream)) else "other"


def _rows(stream: Mapping[str, Any]) -> Sequence[tuple[Any, Any]]:
    from math import isfinite

    return [(t, row) for t, row in zip(stream["time_stamps"], stream["time_series"], strict=True) if isfinite(t)]


def _numbers(stream: Mapping[str, Any]) -> dict[str, Any]:
    rows = sorted(((float(t), float(row[0])) for t, row in _rows(stream)), key=lambda row: row[0])
    values = [value if abs(value) < 1e9 else None for _, value in rows]  # JSON has no nan and no infinity
    lost = len(stream["time_stamps"]) - len(rows)
    return {"name": _named(stream), "values": values, "stamps": [t for t, _ in rows], "lost": lost}


# ---- in ours ------------------------------------------------------------------------------


def read_document(document: Document) -> RecordingFile:
    """The recording, a stream for each person; raises UnreadableFile."""
    path = document.path
    found = parse_confined("xdf", path, document.data)
    refusals = Refusals()
    people = [one for one in found["beats"] if one["values"]]
    if not people:
        what = "its streams of intervals are empty"
        raise UnreadableFile(what, place=str(path), remedy=_PUBLISH)
    units = [decide([v for v in one["values"] if v is not None] or [0.0], f"{path}, {one['name']}") for one in people]
    read = [_intervals(one, unit, refusals) for one, unit in zip(people, units, strict=True)]
    if not all(read):
        raise UnreadableFile("a stream of intervals holds none", place=str(path), remedy=_PUBLISH)
    notes = [Note(float(t), "event", text) for t, text in found["markers"]]
    zero_s = min(alone.stamps.origin_s for one in read if (alone := lay_out(one)).stamps)
    numbered = enumerate(read, start=1)
    series = [lay_out(one, notes if n == 1 else (), f"heart-{n}", zero_s) for n, one in numbered]
    details = {
        "streams": ", ".join(f"heart-{i} is {one['name']}" for i, one in enumerate(people, start=1)),
        "others": ", ".join(found["others"]) or "none",
        "written": found["written"] or "not said",
    }
    if found["damage"]:
        details["truncated"] = f"parts are damaged and left out: {'; '.join(found['damage'])}"
    words = units[0].words
    return recording(path, FORMAT, words, series, refusals=refusals, details=details, clock_origin_s=zero_s)


def _intervals(one: Mapping[str, Any], unit: UnitDecision, refusals: Refusals) -> list[Interval]:
    intervals: list[Interval] = []
    broken: str | None = None
    for _ in range(one["lost"]):
        refusals.add(f"{one['name']}, a sample", "it has no time")
    for number, (value, stamp) in enumerate(zip(one["values"], one["stamps"], strict=True), start=1):
        rr_ms = None if value is None else unit.ms(value)
        if rr_ms is not None and SHORTEST_MS <= rr_ms <= LONGEST_MS:
            intervals.append(Interval(rr_ms, stamp, broken))
            broken = None
        else:
            refusals.add(f"{one['name']}, sample {number}", "no number" if rr_ms is None else f"{rr_ms:g} ms")
            broken = "a sample was no interval"
    return intervals
