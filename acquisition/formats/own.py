"""Our own file, NAME.attune.jsonl: a header, then a line for each thing that happened, raw frames included.

Where a stream has notifications they decide: its beats and gaps are derived from them again, by the same state machine
as live, and compared with the lines. A file that was cut off is read up to its last whole line and says so.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from acquisition.beats import Beat, Gap, Item, Notification
from acquisition.errors import EnvironmentFault, UnreadableFile
from acquisition.formats.own_lines import to_item, to_line
from acquisition.formats.recording_file import MAX_DURATION_S, ONE_STREAM, RecordingFile, with_ticks
from acquisition.heart_rate_stream import HeartRateStream

FORMAT = "attune"
SCHEMA = 1
"""Version of the lines; a reader refuses higher ones."""
SUFFIX = ".attune.jsonl"

_HINTS = {
    "start": "this is what `attune record --jsonl` or `attune replay --jsonl` prints, not a recording; "
    "use `attune export ID --format attune`"
}
"""First lines of our other outputs, and what to do instead."""


@dataclass(frozen=True, slots=True)
class _Lines:
    """The lines of a file, as far as they are whole."""

    header: Mapping[str, object]
    items: tuple[Item, ...]
    end: Mapping[str, object] | None
    cut_line: int | None
    """Number of the last line when it breaks off, else None."""


def make_header(
    *,
    start: datetime | None,
    source: str,
    seed: int | None,
    software: Mapping[str, str],
    streams: Sequence[str] = (ONE_STREAM,),
    **more: object,
) -> dict[str, object]:
    """A header for ``write``; ``more`` (exercise, simulated, delay_s, ...) is kept as it is and must be JSON-ready."""
    return {
        "kind": "header",
        "schema": SCHEMA,
        "start": None if start is None else start.isoformat(),
        "source": source,
        "seed": seed,
        "software": dict(software),
        "streams": list(streams),
        **more,
    }


def write(path: Path, header: Mapping[str, object], items: Iterable[Item]) -> None:
    """Write a whole file, or none: it is written beside ``path`` and then put in its place.

    Ticks are left out (readers make them); raises EnvironmentFault when the folder cannot be written.
    """
    beside = path.with_name(path.name + ".part")
    try:
        with beside.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(f"{_json(line)}\n" for line in _all_lines(header, items))
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        what = f"the recording cannot be written ({error.strerror or error})"
        remedy = "choose a folder that can be written and has room"
        raise EnvironmentFault(what, place=str(path), remedy=remedy) from error


def recognises(text: str) -> bool:
    """True when the first line is a JSON object with a ``kind``."""
    first = _parsed(text.lstrip().split("\n", 1)[0])
    return first is not None and "kind" in first


def read_text(path: Path, text: str) -> RecordingFile:
    """The recording in one of our own files; raises UnreadableFile."""
    lines = _read_lines(path, text)
    streams = _streams(lines)
    end_s = max((item.time_s for item in lines.items), default=0.0)
    if lines.end is not None:
        end_s = max(end_s, _end_time(lines.end))
    items, details = _derived(with_ticks(_raw(lines.items), streams, end_s), lines.items, streams)
    if lines.end is None:
        beats = sum(isinstance(item, Beat) for item in items)
        rest = f"; line {lines.cut_line} breaks off" if lines.cut_line else ""
        details["truncated"] = f"the end is missing{rest}; {beats} beats up to {end_s:.1f} s are whole and used"
    return RecordingFile(
        path,
        FORMAT,
        "ms, from 1/1024 s where the sensor counts so (own format)",
        _start(path, lines.header),
        tuple(items),
        len(lines.items),
        1 if lines.cut_line else 0,
        details,
        lines.header,
    )


# ---- writing ------------------------------------------------------------------------------


def _all_lines(header: Mapping[str, object], items: Iterable[Item]) -> Iterator[Mapping[str, object]]:
    yield header
    streams = header.get("streams")
    first = streams[0] if isinstance(streams, (list, tuple)) and streams else ONE_STREAM
    beats, end_s = 0, 0.0
    for item in items:
        beats += isinstance(item, Beat)
        end_s = max(end_s, item.time_s)
        line = to_line(item)
        if line is not None:
            if line["stream"] == first:
                del line["stream"]
            yield line
    yield {"kind": "end", "time_s": end_s, "beats": beats}


def _json(line: Mapping[str, object]) -> str:
    return json.dumps(line, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


# ---- reading ------------------------------------------------------------------------------


def _parsed(row: str) -> dict[str, object] | None:
    """The JSON object in a row, or None when it is none."""
    try:
        value = json.loads(row, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is not a number")


def _read_lines(path: Path, text: str) -> _Lines:
    rows = [(number, row) for number, row in enumerate(text.split("\n"), start=1) if row.strip()]
    header = _parsed(rows[0][1]) or {}
    _check_header(path, header)
    stream = _first_stream(header)
    items: list[Item] = []
    for number, row in rows[1:]:
        line = _parsed(row)
        if line is None:
            if number == rows[-1][0]:
                return _Lines(header, tuple(items), None, number)
            raise _damaged(path, number, "the line is not a JSON object")
        if line.get("kind") == "end":
            if number != rows[-1][0]:
                raise _damaged(path, number + 1, "there are lines after the end")
            return _Lines(header, tuple(items), line, None)
        try:
            items.append(to_item(line, stream))
        except KeyError as error:
            raise _damaged(path, number, f"the field {error} is missing") from error
        except (TypeError, ValueError) as error:
            raise _damaged(path, number, str(error)) from error
    return _Lines(header, tuple(items), None, None)


def _check_header(path: Path, header: Mapping[str, object]) -> None:
    place = f"{path}:1"
    kind, schema = header.get("kind"), header.get("schema")
    if kind != "header":
        remedy = _HINTS.get(str(kind), "give a recording ending in .attune.jsonl, whole from its first line")
        raise UnreadableFile(f"the first line is no header but {kind!r}", place=place, remedy=remedy)
    if isinstance(schema, bool) or not isinstance(schema, int) or schema < 1:
        raise _damaged(path, 1, f"schema {schema!r} is no version")
    if schema > SCHEMA:
        what = f"the file has schema {schema}, newer than {SCHEMA}, the newest known here"
        raise UnreadableFile(what, place=place, remedy="read it with the newer version of attune that wrote it")


def _damaged(path: Path, line: int, what: str) -> UnreadableFile:
    remedy = "the file was damaged or edited; restore it, or cut it off before this line to use what is whole"
    return UnreadableFile(what, place=f"{path}:{line}", remedy=remedy)


def _first_stream(header: Mapping[str, object]) -> str:
    streams = header.get("streams")
    if isinstance(streams, list) and streams and all(isinstance(name, str) for name in streams):
        return str(streams[0])
    return ONE_STREAM


def _streams(lines: _Lines) -> tuple[str, ...]:
    """Streams of the header, then others that lines name."""
    named = lines.header.get("streams")
    first = [str(name) for name in named] if isinstance(named, list) and named else [ONE_STREAM]
    return tuple(dict.fromkeys([*first, *(item.stream for item in lines.items)]))


def _end_time(end: Mapping[str, object]) -> float:
    time_s = end.get("time_s", 0.0)
    return float(min(time_s, MAX_DURATION_S)) if isinstance(time_s, (int, float)) else 0.0


def _raw(items: Sequence[Item]) -> Iterator[Item]:
    """What sources sent: beats and gaps of streams with notifications are derived again."""
    framed = {item.stream for item in items if isinstance(item, Notification)}
    return (item for item in items if item.stream not in framed or not isinstance(item, (Beat, Gap)))


def _derived(raw: Iterator[Item], written: Sequence[Item], streams: Sequence[str]) -> tuple[list[Item], dict[str, str]]:
    """All items, with what follows from the notifications, and how that compares with the written lines."""
    framed = {item.stream for item in written if isinstance(item, Notification)}
    decoders = {stream: HeartRateStream(stream) for stream in streams if stream in framed}
    items: list[Item] = []
    for item in raw:
        decoder = decoders.get(item.stream)
        items.extend(decoder.feed(item) if decoder else [item])
    if not framed:
        return items, {}
    now, then = _beats_and_gaps(items, framed), _beats_and_gaps(written, framed)
    if now == then:
        return items, {"derived": f"{len(now)} beats and gaps from raw frames, equal to the file's lines"}
    same = sum(a == b for a, b in zip(now, then, strict=False))
    words = (
        f"{len(now)} beats and gaps from raw frames, which decide; {same} of the file's {len(then)} lines equal them"
    )
    return items, {"derived": words}


def _beats_and_gaps(items: Iterable[Item], streams: set[str]) -> list[Beat | Gap]:
    return [item for item in items if isinstance(item, (Beat, Gap)) and item.stream in streams]


def _start(path: Path, header: Mapping[str, object]) -> datetime | None:
    start = header.get("start")
    if start is None:
        return None
    try:
        return datetime.fromisoformat(str(start))
    except ValueError as error:
        raise _damaged(path, 1, f"start {start!r} is no date") from error
