"""Intervals and markers of another program's file → items in order, with gaps, ticks and a report.

Time runs along the intervals, as in every recording; stamps that the file carries are kept beside as ``arrival_s`` and
show where it jumps. A row that cannot be used is named and counted, and no difference is taken across its place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from acquisition.beats import Beat, Gap, Item, Marker
from acquisition.errors import UnreadableFile
from acquisition.formats.recording_file import MAX_DURATION_S, ONE_STREAM, RecordingFile, with_ticks
from acquisition.formats.stamps import Stamps, compare

FEW = 5
"""So many refused rows are told one by one; the rest is counted."""


@dataclass(frozen=True, slots=True)
class Interval:
    """One interval of a file."""

    rr_ms: float
    stamp_s: float | None = None
    """The file's own stamp of its end, s on the file's clock; all intervals of a series have one, or none has."""
    broken: str | None = None
    """Why it does not follow on the one before, or None when it does."""


@dataclass(frozen=True, slots=True)
class Note:
    """Something that the file marks at a time."""

    stamp_s: float
    """On the clock of the intervals' stamps; where they have none, s from the beginning of the first interval."""
    kind: str
    """``lap``, ``note``, ``event``, ``tag``."""
    text: str


@dataclass(slots=True)
class Refusals:
    """Rows that cannot be used, counted and named."""

    count: int = 0
    named: list[str] = field(default_factory=list)

    def add(self, place: str, why: str) -> None:
        """One more."""
        self.count += 1
        if len(self.named) < FEW:
            self.named.append(f"{place} ({why})")

    def details(self) -> dict[str, str]:
        """``refused`` in words, or nothing when no row was refused."""
        if not self.count:
            return {}
        more = f", and {self.count - len(self.named)} more" if self.count > len(self.named) else ""
        return {"refused": f"{self.count} rows: {', '.join(self.named)}{more}"}


@dataclass(frozen=True, slots=True)
class Series:
    """One person's intervals, laid out in time."""

    items: tuple[Item, ...]
    end_s: float
    stamps: Stamps | None


def lay_out(
    intervals: Sequence[Interval],
    notes: Sequence[Note] = (),
    stream: str = ONE_STREAM,
    origin_s: float | None = None,
) -> Series:
    """Beats, gaps and markers in order, without ticks. At least one interval.

    ``origin_s``: the file's clock at time 0; without it time 0 is the beginning of the first interval.
    """
    stamps_s = [interval.stamp_s for interval in intervals if interval.stamp_s is not None]
    stamps = compare(stamps_s, [i.rr_ms / 1000.0 for i in intervals]) if stamps_s else None
    first_s = stamps.origin_s if stamps else 0.0
    zero_s = first_s if origin_s is None else origin_s
    beats = list(_beats(intervals, stamps, stream, zero_s, first_s - zero_s))
    items = tuple(_merged(beats, sorted(_markers(notes, stream, zero_s), key=lambda marker: marker.time_s)))
    return Series(items, max(item.time_s for item in items), stamps)


def recording(
    path: Path,
    fmt: str,
    unit: str,
    series: Sequence[Series],
    *,
    start: datetime | None = None,
    refusals: Refusals | None = None,
    details: Mapping[str, str] | None = None,
    clock_origin_s: float | None = None,
) -> RecordingFile:
    """The recording of one or more people on one clock. Raises UnreadableFile when it would last for days."""
    end_s = max(one.end_s for one in series)
    if end_s > MAX_DURATION_S:
        what = f"by its times the recording lasts {end_s / 86400:.0f} days"
        raise UnreadableFile(what, place=str(path), remedy="correct the times, or cut the file into parts")
    streams = [item.stream for one in series for item in one.items[:1]]
    items = [item for one in series for item in one.items]
    if len(series) > 1:
        items.sort(key=lambda item: item.from_s if isinstance(item, Gap) else item.time_s)
    stamps = next((one.stamps for one in series if one.stamps), None)
    told = {"time_stamps": stamps.words} if stamps else {}
    refusals = refusals or Refusals()
    read = sum(isinstance(item, Beat) for item in items)
    told |= {**(details or {}), **refusals.details()}
    ticked = tuple(with_ticks(items, streams, end_s))
    return RecordingFile(path, fmt, unit, start, ticked, read, refusals.count, told, clock_origin_s=clock_origin_s)


def _beats(
    intervals: Sequence[Interval], stamps: Stamps | None, stream: str, zero_s: float, begin_s: float
) -> Iterator[Beat | Gap]:
    total_ms, away_s = 0.0, begin_s
    for seq, interval in enumerate(intervals):
        gap_s = stamps.gaps_s.get(seq, 0.0) if stamps else 0.0
        back = stamps is not None and seq in stamps.set_back
        if seq and (gap_s or back or interval.broken):
            from_s = total_ms / 1000.0 + away_s
            away_s += gap_s
            reason = interval.broken or ("the file's clock was set back" if back else "the file's time jumps")
            yield Gap(stream, from_s, from_s + gap_s, reason)
        total_ms += interval.rr_ms
        arrival_s = None if interval.stamp_s is None else interval.stamp_s - zero_s
        yield Beat(stream, seq, total_ms / 1000.0 + away_s, interval.rr_ms, arrival_s=arrival_s)


def _markers(notes: Iterable[Note], stream: str, zero_s: float) -> Iterator[Marker]:
    """What comes before time 0 is kept at 0, with the time that the file gives."""
    for note in notes:
        time_s = note.stamp_s - zero_s
        data: dict[str, object] = {"source_time_s": time_s} if time_s < 0 else {}
        yield Marker(stream, max(time_s, 0.0), "marker", {"kind": note.kind, "text": note.text, "data": data})


def _merged(beats: Sequence[Beat | Gap], markers: Sequence[Marker]) -> Iterator[Item]:
    """A marker comes before the first beat that ends after it, and before the gap that belongs to that beat."""
    at = 0
    for i, item in enumerate(beats):
        beat = beats[i + 1] if isinstance(item, Gap) else item
        while at < len(markers) and markers[at].time_s < beat.time_s:
            yield markers[at]
            at += 1
        yield item
    yield from markers[at:]
