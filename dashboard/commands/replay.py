"""``attune replay``: a recording told again through the live pipeline, the same to the last digit at every speed."""

from __future__ import annotations

import argparse
import asyncio
import math
import sys
from collections.abc import Callable
from typing import TypeAlias

from acquisition.formats import RecordingFile
from acquisition.replay import ReplaySource
from dashboard.commands.folder import recording_of
from dashboard.commands.numbers import speed
from dashboard.commands.printing import MISSING, line_of
from dashboard.commands.stream_lines import SCHEMA, Line, Teller, update_line

REAL_TIME = 1.0
HEADS = "  time s     RR ms  verdict       bpm   RMSSD"
Put: TypeAlias = Callable[[Line], None]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What it takes."""
    parser.add_argument("file", metavar="FILE", help="a path, sample:NAME, or an ID of `attune recordings`")
    parser.add_argument(
        "--speed",
        type=speed,
        default=REAL_TIME,
        metavar="N|max",
        help="so many times real time, or at once (default 1)",
    )
    parser.add_argument("--jsonl", action="store_true", help="one JSON object a line")


def run(args: argparse.Namespace) -> int:
    """Tell it, line by line."""
    recording = recording_of(args.file, args)
    write = line_of if args.jsonl else words_of
    flushed = math.isfinite(args.speed)  # a line must be seen when its beat falls; at once, nobody waits for one

    def put(line: Line) -> None:
        sys.stdout.write(write(line))
        if flushed:
            sys.stdout.flush()

    asyncio.run(tell(recording, args.file, args.speed, put))
    sys.stdout.flush()
    return 0


async def tell(recording: RecordingFile, name: str, at_speed: float, put: Put) -> None:
    """Every line of the replay, in order; lines name their stream only where there are several."""
    several = len(recording.streams) > 1
    source = ReplaySource(recording, at_speed)
    teller = Teller(recording.streams, source.info.delay_s)

    def put_update(stream: str, line: Line | None) -> None:
        if line is not None:
            put({**line, "stream": stream} if several else line)

    put(start_line(recording, name))
    async for item in source:
        for update in teller.feed(item):
            put_update(item.stream, update_line(update))
    for stream, update in teller.finish():
        put_update(stream, update_line(update))
    put({"kind": "end", "beats": teller.beats, "duration_s": recording.duration_s})


def start_line(recording: RecordingFile, name: str) -> Line:
    """What is replayed; nothing in it depends on when, where or how fast."""
    return {
        "kind": "start",
        "schema": SCHEMA,
        "file": name,
        "format": recording.format,
        "unit_decision": recording.unit_decision,
        "started_at": recording.started_at.isoformat() if recording.started_at else None,
        "streams": list(recording.streams),
        "rows_read": recording.rows_read,
        "rows_refused": recording.rows_refused,
    }


def words_of(line: Line) -> str:
    """The same line for people."""
    match line["kind"]:
        case "start":
            return f"{line['file']}: {line['format']}, {line['unit_decision']}\n{HEADS}\n"
        case "beat":
            shown = "  ".join(_shown(line, name) for name in ("mean_hr_bpm", "rmssd_ms"))
            return f"{line['time_s']:8.2f}  {line['rr_ms']:8.2f}  {line['verdict']:<12}{shown}\n"
        case "revision":
            return f"{line['time_s']:8.2f}            {line['verdict']} after all\n"
        case "gap":
            return f"{line['from_s']:8.2f}            no beats until {line['to_s']:.2f}: {line['reason']}\n"
        case _:
            return f"{line['beats']} beats, {line['duration_s']:.1f} s\n"


def _shown(line: Line, name: str) -> str:
    indices = line["indices"]
    value = indices.get(name, {}).get("value") if isinstance(indices, dict) else None
    return f"{MISSING:>6}" if value is None else f"{value:6.1f}"
