"""``attune synchrony``: whether two people's hearts moved together, with which lag, and what chance gives."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from acquisition.beats import Item
from acquisition.errors import UnreadableFile
from acquisition.formats import RecordingFile
from dashboard.commands.folder import recording_of
from dashboard.commands.printing import put_json
from processing.analysis import judge
from processing.method import RULE_VERSION, versions
from processing.synchrony import METHOD, Person, Span, Synchrony, synchrony

NOT_IN_CONTRACT = ("in_phase_percent", "set_apart")
"""Of the result, what goes to the end of the JSON object."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What it takes."""
    parser.add_argument("file_a", metavar="FILE_A", help="a path, sample:NAME, or an ID of `attune recordings`")
    parser.add_argument("file_b", metavar="FILE_B", help="the other person's; the same again for one of two sensors")
    parser.add_argument("--json", action="store_true", help="one JSON object")


def run(args: argparse.Namespace) -> int:
    """Compare them and say what was found."""
    found = compare(args.file_a, args.file_b, args)
    if args.json:
        put_json(as_json(found))
    else:
        sys.stdout.writelines(f"{line}\n" for line in in_words(found))
    return 0


def compare(name_a: str, name_b: str, args: argparse.Namespace) -> Synchrony:
    """Both people on one clock. Raises UnreadableFile where there is none."""
    one = recording_of(name_a, args)
    if name_a == name_b:
        return _two_streams(one)
    other = recording_of(name_b, args)
    offset_s = _offset_s(one, other)
    apart = _both(_guided(one), [(start + offset_s, end + offset_s) for start, end in _guided(other)])
    return synchrony(_person(one, one.streams[0]), _person(other, other.streams[0], offset_s), apart=apart)


def _two_streams(recording: RecordingFile) -> Synchrony:
    if len(recording.streams) < 2:
        raise UnreadableFile(
            "the recording holds one heart only",
            place=str(recording.path),
            remedy="give the other person's recording as the second file",
        )
    first, second = recording.streams[:2]
    return synchrony(_person(recording, first), _person(recording, second), apart=_guided(recording))


def _offset_s(one: RecordingFile, other: RecordingFile) -> float:
    """Time 0 of the other on the clock of the one, s."""
    if one.clock_origin_s is not None and other.clock_origin_s is not None:
        return other.clock_origin_s - one.clock_origin_s
    if one.started_at is not None and other.started_at is not None:
        if (one.started_at.tzinfo is None) == (other.started_at.tzinfo is None):
            return (other.started_at - one.started_at).total_seconds()
        raise _no_clock(other, "it names a time zone and the other does not, or the other way round")
    for recording in (one, other):
        if recording.started_at is None and recording.clock_origin_s is None:
            raise _no_clock(recording, "it says neither when it began nor the time of each beat")
    raise _no_clock(other, "it tells time in another way than the other one")


def _no_clock(recording: RecordingFile, why: str) -> UnreadableFile:
    return UnreadableFile(
        f"{why}, so the two cannot be laid on one clock",
        place=str(recording.path),
        remedy="give two recordings with their start, or two files of two columns: time on a shared clock, RR",
    )


def _person(recording: RecordingFile, stream: str, offset_s: float = 0.0) -> Person:
    items: list[Item] = [item for item in recording.items if item.stream == stream]
    person = Person.of(judge(items), offset_s)
    if not person.rr_ms.size:
        raise UnreadableFile("it holds no beats", place=str(recording.path), remedy="give another recording")
    return person


def _guided(recording: RecordingFile) -> list[Span]:
    """Spans in which a guide was breathed with, s of the recording."""
    spans = {
        marker.data["seq"]: (marker.data["start_s"], marker.data["end_s"])
        for marker in recording.markers("phase")
        if marker.data.get("pacer_bpm") is not None and marker.data.get("end_s") is not None
    }
    return [(float(str(start)), float(str(end))) for start, end in spans.values()]


def _both(ours: list[Span], theirs: list[Span]) -> Iterator[Span]:
    """Where a span of each overlaps."""
    for start, end in ours:
        for begun, ended in theirs:
            if max(start, begun) < min(end, ended):
                yield max(start, begun), min(end, ended)


def as_json(found: Synchrony) -> dict[str, Any]:
    """The documented shape."""
    values: Mapping[str, Any] = asdict(found)
    shape = {name: value for name, value in values.items() if name not in NOT_IN_CONTRACT}
    method = {"rule_version": RULE_VERSION, "versions": versions(), **METHOD}
    return {**shape, **{name: values[name] for name in NOT_IN_CONTRACT}, "method": method}


def in_words(found: Synchrony) -> Iterator[str]:
    """The same for people; never who led whom."""
    if found.r is None:
        yield f"not compared: {found.reason}"
        return
    yield f"{found.windows} windows of a minute; correlation {found.r:+.2f}, by chance up to {found.chance_r:.2f}"
    if found.linked and found.lag_s is not None:
        yield f"lag of strongest match: {found.lag_s:+.2f} s, give or take {found.lag_uncertainty_s:.2f} s (95 %)"
        yield "plus: the second comes after the first. Turn-taking and shared tasks do this too; it shows no leader."
    else:
        yield f"no linkage beyond chance (p {found.p:.2f})"
    if found.set_apart:
        yield f"{found.set_apart} windows were set apart: both breathed with a guide, which makes any two hearts alike"
