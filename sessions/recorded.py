"""A stored recording as a RecordingFile and as a source: told again from its raw frames, as it was heard.

The same state machine as live turns frames and link changes into beats once more. They are what was stored, and this
file looks whether they are. Where they are not (a recording begun in the middle of a stream, a time in which nothing
was to be stored, imported intervals without frames), the stored beats are told, and ``details`` says so.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path

from acquisition.beats import Beat, Gap, Item, Marker, Notification
from acquisition.formats.own import FORMAT, make_header
from acquisition.formats.recording_file import ONE_STREAM, RecordingFile, with_ticks
from acquisition.heart_rate_stream import HeartRateStream
from acquisition.replay import ReplaySource
from processing.hand_corrections import Correction
from sessions.kept import StoredRecording
from sessions.records import Consent, PhaseSpan, Rating, SessionMarker, SessionRecord, SettingsRecord
from sessions.store.rows import dump

UNIT = "ms, from 1/1024 s where the sensor counts so (own recording)"

_KINDS: dict[type, str] = {
    PhaseSpan: "phase",
    Rating: "rating",
    SessionMarker: "marker",
    SettingsRecord: "settings",
    Consent: "consent",
    Correction: "correction",
}
"""Names of the sitting's records among the items, as in our own file."""


def recording_file(
    stored: StoredRecording,
    items: Sequence[tuple[int, Item]],
    records: Sequence[tuple[int, SessionRecord]],
    end_s: float,
) -> RecordingFile:
    """The recording as one row of items, ticks at whole seconds included.

    ``items`` and ``records`` come with their places, as the store reads them; ``end_s`` is the last moment recorded.
    """
    meta = stored.meta
    streams = meta.streams or (ONE_STREAM,)
    told = _in_order(items, records, streams[0])
    derived, details = _derive(told, streams, end_s)
    return RecordingFile(
        path=Path(stored.summary.id),
        format=FORMAT,
        unit_decision=UNIT,
        started_at=meta.started_at,
        items=tuple(derived),
        rows_read=len(told),
        rows_refused=stored.refused,
        details=details,
        header=make_header(
            start=meta.started_at,
            source=meta.source,
            seed=_seed(meta.details),
            software=stored.versions,
            streams=streams,
            recording=stored.summary.id,
            state=stored.summary.state,
            exercise=meta.exercise,
            exercise_sha256=meta.exercise_sha256,
            simulated=meta.simulated,
            delay_s=meta.delay_s,
        ),
    )


def recorded_source(recording: RecordingFile, speed: float = math.inf) -> ReplaySource:
    """The recording as a BeatSource."""
    return ReplaySource(recording, speed, name=recording.path.name)


def as_marker(record: SessionRecord, stream: str) -> Marker:
    """A record of the sitting as an item of the stream; ``data`` holds its fields."""
    if isinstance(record, PhaseSpan):
        time_s = record.start_s
    else:
        time_s = 0.0 if isinstance(record, Consent) else record.time_s
    return Marker(stream, time_s, _KINDS[type(record)], json.loads(dump(asdict(record))))


def _seed(details: object) -> int | None:
    seed = details.get("seed") if isinstance(details, dict) else None
    return int(seed) if seed is not None and str(seed).isdigit() else None


def _in_order(
    items: Sequence[tuple[int, Item]], records: Sequence[tuple[int, SessionRecord]], stream: str
) -> list[Item]:
    marked: list[tuple[int, Item]] = [(n, as_marker(record, stream)) for n, record in records]
    return [item for _, item in sorted([*items, *marked], key=lambda pair: pair[0])]


def _derive(told: list[Item], streams: Sequence[str], end_s: float) -> tuple[list[Item], dict[str, str]]:
    """All items with ticks, beats from the frames where they agree with the stored ones, and how they compare."""
    framed = [name for name in streams if any(isinstance(i, Notification) and i.stream == name for i in told)]
    if not framed:
        return list(with_ticks(told, streams, end_s)), {}
    decoders = {name: HeartRateStream(name) for name in framed}
    raw = (item for item in told if item.stream not in decoders or not isinstance(item, Beat | Gap))
    heard: list[Item] = []
    for item in with_ticks(raw, streams, end_s):
        decoder = decoders.get(item.stream)
        heard.extend(decoder.feed(item) if decoder else [item])
    now, then = _beats_and_gaps(heard, framed), _beats_and_gaps(told, framed)
    if all(now[name][: len(then[name])] == then[name] for name in framed):
        count = sum(len(now[name]) for name in framed)
        return heard, {"derived": f"{count} beats and gaps from raw frames, equal to the stored ones"}
    words = "beats as they were stored; the raw frames alone give others (recording begun or interrupted mid-stream)"
    return list(with_ticks(told, streams, end_s)), {"derived": words}


def _beats_and_gaps(items: Iterable[Item], streams: Sequence[str]) -> dict[str, list[Beat | Gap]]:
    found: dict[str, list[Beat | Gap]] = {name: [] for name in streams}
    for item in items:
        if isinstance(item, Beat | Gap) and item.stream in found:
            found[item.stream].append(item)
    return found
