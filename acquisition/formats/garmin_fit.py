"""Garmin FIT: ``hrv`` messages hold up to five intervals each, without a time; the records around them have one.

An interval's stamp is the time of the next message that has one, which is late but never early. A device writes such
messages only when its owner has switched that on.
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from acquisition.errors import UnreadableFile
from acquisition.formats.clock_words import unix_moment
from acquisition.formats.confined import MOST_INTERVALS, Unparsable
from acquisition.formats.confined import parse as parse_confined
from acquisition.formats.document import Document
from acquisition.formats.recording_file import RecordingFile
from acquisition.formats.rr_units import LONGEST_MS, SHORTEST_MS, decide
from acquisition.formats.series import Interval, Note, Refusals, lay_out, recording

FORMAT = "garmin-fit"
WHY = "the head of the file says .FIT"


def recognises(data: bytes) -> bool:
    """True when the bytes have the head of a FIT file."""
    return data[8:12] == b".FIT"


# ---- in the process of its own ------------------------------------------------------------


def parse(file: io.BytesIO) -> dict[str, Any]:
    """What happened in order: ``["rr", s, ...]``, ``["at", unix]``, ``["lap", unix]``; damage after it in words."""
    from fitdecode import CrcCheck, ErrorHandling, FitDataMessage, FitReader
    from fitdecode.exceptions import FitError

    events: list[list[Any]] = []
    damage, count, checksum = "", 0, True
    reader = FitReader(file, check_crc=CrcCheck.READONLY, error_handling=ErrorHandling.IGNORE)
    try:
        for frame in reader:
            if getattr(frame, "matched", True) is False:
                checksum = False
            event = _event(frame) if isinstance(frame, FitDataMessage) else None
            if event is None:
                continue
            events.append(event)
            count += len(event)
            if count > MOST_INTERVALS:
                raise Unparsable("it holds more intervals than any recording", f"byte {file.tell()}")
    except FitError as error:
        damage = f"{error} (byte {file.tell()})"
    if not any(event[0] == "rr" and len(event) > 1 for event in events):
        raise _without_rr(damage, file.tell())
    return {"events": events, "damage": damage, "checksum": checksum}


def _without_rr(damage: str, at: int) -> Unparsable:
    if damage:
        return Unparsable(f"it breaks off or is damaged before any RR interval ({damage})", f"byte {at}")
    return Unparsable(
        "this activity holds no RR intervals (no hrv messages)",
        remedy="switch on the logging of heart rate variability in the device and record again; "
        "heart rate once a second cannot give heart rate variability",
    )


def _event(frame: Any) -> list[Any] | None:
    if frame.name == "hrv":
        values = frame.get_value("time", fallback=())
        values = values if isinstance(values, (tuple, list)) else (values,)
        return ["rr", *(float(v) for v in values if isinstance(v, (int, float)) and math.isfinite(v))]
    when = frame.get_value("timestamp", fallback=None)
    if not isinstance(when, datetime):
        return None
    return ["lap" if frame.name == "lap" else "at", when.timestamp()]


# ---- in ours ------------------------------------------------------------------------------


def read_document(document: Document) -> RecordingFile:
    """The recording; raises UnreadableFile."""
    path = document.path
    found = parse_confined("garmin_fit", path, document.data)
    events = found["events"]
    refusals = Refusals()
    values = [(float(round(rr_s * 1000)), stamp) for rr_s, stamp in _stamped(events)]
    unit = decide([rr_ms for rr_ms, _ in values], str(path))
    if unit.to_ms != 1.0:
        what = "the values of its hrv messages are no intervals"
        raise UnreadableFile(what, place=str(path), remedy="export the activity again")
    series = lay_out(list(_intervals(values, refusals)), _laps(events))
    start = unix_moment(series.stamps.origin_s) if series.stamps else None
    details = {} if found["checksum"] else {"checksum": "the file's checksum does not match: some value may be wrong"}
    if found["damage"]:
        details["truncated"] = f"it breaks off: {found['damage']}; everything before is used"
    words = "s in steps of 1 ms, by the format"
    return recording(path, FORMAT, words, [series], start=start, refusals=refusals, details=details)


def _stamped(events: Sequence[Sequence[Any]]) -> Iterator[tuple[float, float | None]]:
    """Each interval with the time of the next message that has one, else of the last; None when none has."""
    times = [event[1] if event[0] != "rr" else None for event in events]
    following: list[float | None] = [None] * len(times)
    last: float | None = next((t for t in reversed(times) if t is not None), None)
    for i in range(len(times) - 1, -1, -1):
        last = times[i] if times[i] is not None else last
        following[i] = last
    for event, stamp in zip(events, following, strict=True):
        if event[0] == "rr":
            yield from ((value, stamp) for value in event[1:])


def _intervals(values: Sequence[tuple[float, float | None]], refusals: Refusals) -> Iterator[Interval]:
    broken: str | None = None
    for number, (rr_ms, stamp) in enumerate(values, start=1):
        if SHORTEST_MS <= rr_ms <= LONGEST_MS:
            yield Interval(rr_ms, stamp, broken)
            broken = None
        else:
            refusals.add(f"interval {number}", f"{rr_ms:g} ms is impossible")
            broken = "an interval was impossible"


def _laps(events: Sequence[Sequence[Any]]) -> list[Note]:
    times = [float(event[1]) for event in events if event[0] == "lap"]
    return [Note(time, "lap", f"Lap {number}") for number, time in enumerate(times, start=1)]
