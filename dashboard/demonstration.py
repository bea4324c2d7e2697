"""The finished recording that a demo begins with: a sample, kept as if it had just been recorded, marked simulated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from acquisition.beats import Item, Marker
from acquisition.clock import Anchor
from acquisition.formats import RecordingFile, read
from acquisition.samples import sample_path
from processing.analysis import judge
from sessions.exercise import catalogue
from sessions.records import Asker, PhaseSpan, Rating, RecordingMeta, SessionMarker, SessionRecord
from sessions.service import Service

SYSTEM = Asker("system")
_RECORDS: Mapping[str, type[PhaseSpan] | type[Rating] | type[SessionMarker]] = {
    "phase": PhaseSpan,
    "rating": Rating,
    "marker": SessionMarker,
}


def seed_folder(service: Service, sample: str) -> None:
    """Keep ``sample`` as a closed recording when the list is empty; otherwise change nothing."""
    if not service.recordings(SYSTEM):
        keep(service, read(sample_path(sample)))


def keep(service: Service, recording: RecordingFile) -> str:
    """A recording file as a closed, simulated recording; returns its id."""
    recorder = service.start_recording(SYSTEM, meta_of(recording))
    for item in recording.items:
        recorder.put(record_of(item))
    for judgement in judge(recording.items):
        recorder.put(judgement)
    recorder.close()
    return recorder.recording_id


def meta_of(recording: RecordingFile) -> RecordingMeta:
    """What the header says, in the recording's own words."""
    header = recording.header
    exercise = header.get("exercise")
    known = {script.id: script.sha256 for script in catalogue()}
    return RecordingMeta(
        source=str(header.get("source", recording.path.name)),
        started_at=recording.started_at or Anchor.now().wall,
        streams=recording.streams,
        exercise=None if exercise is None else str(exercise),
        exercise_sha256=known.get(str(exercise)),
        simulated=True,
        delay_s=float(str(header.get("delay_s", 0.0))),
        details={"seed": str(header.get("seed", ""))},
    )


def record_of(item: Item) -> Item | SessionRecord:
    """A phase, rating or marker of the file as the record of a sitting; everything else as it is."""
    kind = _RECORDS.get(item.kind) if isinstance(item, Marker) else None
    if kind is None or not isinstance(item, Marker):
        return item
    names = {field.name for field in fields(kind)}
    values: dict[str, Any] = {name: value for name, value in item.data.items() if name in names}
    values.setdefault("start_s" if kind is PhaseSpan else "time_s", item.time_s)
    return kind(**values)
