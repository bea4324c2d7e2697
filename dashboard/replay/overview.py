"""A whole recording in a strip 500 points wide: phases, gaps and a mean heart rate for the scrubber. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from acquisition.beats import Beat, Gap, Item, Notification
from acquisition.formats.recording_file import RecordingFile

POINTS = 500
"""Points of the mini trace; a scrubber is seldom wider than twice that in px."""
LEAST_BIN_S = 1.0


@dataclass(frozen=True, slots=True)
class Overview:
    """What a page needs to know of one stream of a recording before it plays."""

    stream: str
    streams: tuple[str, ...]
    """Every stream that carries beats, in order; a page can choose among them."""
    duration_s: float
    beats: int
    frames: int
    phases: tuple[Mapping[str, object], ...]
    gaps: tuple[tuple[float, float], ...]
    trace: tuple[tuple[float, float | None], ...]
    """(time in s, mean heart rate in beats/min or None where there are no beats)."""


def overview(recording: RecordingFile, stream: str | None = None) -> Overview:
    """Sum up one stream of a recording, the first that beats unless another one is named."""
    streams = tuple(dict.fromkeys(beat.stream for beat in recording.beats))
    if stream is None or stream not in streams:
        stream = streams[0] if streams else recording.streams[0]
    beats = [beat for beat in recording.beats if beat.stream == stream]
    end_s = last_time_s(recording)
    gaps = tuple((gap.from_s, gap.to_s) for gap in recording.gaps if gap.stream == stream)
    frames = sum(isinstance(item, Notification) and item.stream == stream for item in recording.items)
    return Overview(stream, streams, end_s, len(beats), frames, _phases(recording, end_s), gaps, _trace(beats, end_s))


def last_time_s(recording: RecordingFile) -> float:
    """When the last item of a recording arrives, s."""
    return max((arrival_s(item) for item in recording.items), default=0.0)


def arrival_s(item: Item) -> float:
    """When an item reaches us: a beat with its frame, a gap when it is over, all else at its own time."""
    if isinstance(item, Beat) and item.arrival_s is not None:
        return max(item.time_s, item.arrival_s)
    return item.to_s if isinstance(item, Gap) else item.time_s


def _phases(recording: RecordingFile, end_s: float) -> tuple[Mapping[str, object], ...]:
    told: dict[object, dict[str, object]] = {}
    for marker in recording.markers("phase"):
        data = marker.data
        start = _seconds(data.get("start_s"), marker.time_s)
        key = data.get("seq", (data.get("name"), start))
        told[key] = {
            "title": str(data.get("name", "")),
            "kind": str(data.get("kind", "")),
            "from": start,
            "to": _seconds(data.get("end_s"), math.nan),
        }
    ordered = sorted(told.values(), key=lambda phase: _seconds(phase["from"], 0.0))
    for at, phase in enumerate(ordered):
        if math.isnan(_seconds(phase["to"], math.nan)):
            phase["to"] = _seconds(ordered[at + 1]["from"], end_s) if at + 1 < len(ordered) else end_s
    return tuple(ordered)


def _seconds(value: object, otherwise: float) -> float:
    return float(value) if isinstance(value, int | float) else otherwise


def _trace(beats: list[Beat], end_s: float) -> tuple[tuple[float, float | None], ...]:
    if not beats or end_s <= 0:
        return ()
    width = max(LEAST_BIN_S, end_s / POINTS)
    sums: dict[int, list[float]] = {}
    for beat in beats:
        if beat.rr_ms > 0:
            sums.setdefault(int(beat.time_s / width), []).append(beat.rr_ms)
    bins = range(int(end_s / width) + 1)
    return tuple(
        ((at + 0.5) * width, 60000.0 * len(sums[at]) / math.fsum(sums[at]) if at in sums else None) for at in bins
    )
