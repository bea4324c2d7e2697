"""Items and records to rows and back, exactly: what is read is equal to what was put.

A tick has no row: it says only how far time has come, and that stands in the recording's own row.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Mapping
from datetime import datetime
from enum import Enum
from typing import Any, TypeAlias

from sqlalchemy import Row, Table

from acquisition.beats import (
    Beat,
    Gap,
    Item,
    LinkChange,
    LinkState,
    Marker,
    Notification,
    SampleChunk,
    SensorFact,
)
from acquisition.errors import BadInput
from processing.hand_corrections import Correction
from processing.values import Judgement, Verdict
from sessions.records import Consent, PhaseSpan, Rating, SessionMarker, SessionRecord, SettingsRecord
from sessions.store import schema

Values: TypeAlias = dict[str, Any]
"""One row, by column."""

CODEC = "f8-zlib"
"""Samples as little-endian 64-bit floats, deflated at level 1: integer microvolts shrink to about a fifth."""


def dump(value: object) -> str:
    """JSON text of a value; what JSON does not know becomes its text."""
    return json.dumps(value, ensure_ascii=False, default=_plain)


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, set | frozenset):
        return sorted(value)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.isoformat()
    item = getattr(value, "item", None)  # a number of NumPy's
    return item() if callable(item) else str(value)


def stream_row(item: Item | Judgement) -> tuple[Table, Values]:
    """Table and columns of an item, without ``stream_no`` and ``n``."""
    write = _STREAM_WRITERS.get(type(item))
    if write is None:
        raise TypeError(f"{type(item).__name__} is nothing that a recording keeps")
    return write(item)


def session_row(record: SessionRecord) -> tuple[Table, Values]:
    """Table and columns of what the sitting adds, without ``recording_no`` and ``n``."""
    write = _SESSION_WRITERS.get(type(record))
    if write is None:
        raise TypeError(f"{type(record).__name__} is nothing that a recording keeps")
    return write(record)


def _beat(item: Beat) -> tuple[Table, Values]:
    return schema.beat, {
        "seq": item.seq,
        "time_s": item.time_s,
        "rr_ms": item.rr_ms,
        "rr_ticks": item.rr_ticks,
        "arrival_s": item.arrival_s,
        "uncertainty_ms": item.uncertainty_ms,
    }


def _chunk(item: SampleChunk) -> tuple[Table, Values]:
    import numpy as np  # a store without samples does without it

    samples = np.ascontiguousarray(item.samples, dtype="<f8")
    payload = zlib.compress(samples.tobytes(), 1)
    return schema.chunk, {
        "seq": item.seq,
        "time_s": item.time_s,
        "kind": item.kind,
        "sampling_rate_hz": item.sampling_rate_hz,
        "unit": item.unit,
        "shape": dump(list(item.samples.shape)),
        "codec": CODEC,
        "crc32": zlib.crc32(payload),
        "payload": payload,
    }


def _notification(item: Notification) -> tuple[Table, Values]:
    row = {"time_s": item.time_s, "arrival_ns": item.arrival_ns, "payload": bytes(item.data)}
    return schema.notification, row


def _gap(item: Gap) -> tuple[Table, Values]:
    return schema.gap, {"from_s": item.from_s, "to_s": item.to_s, "reason": item.reason}


def _link(item: LinkChange) -> tuple[Table, Values]:
    return schema.link, {"time_s": item.time_s, "state": item.state.value, "reason": item.reason}


def _fact(item: SensorFact) -> tuple[Table, Values]:
    return schema.fact, {"time_s": item.time_s, "name": item.name, "value": item.value}


def _note(item: Marker) -> tuple[Table, Values]:
    return schema.note, {"time_s": item.time_s, "kind": item.kind, "data": dump(item.data)}


def _judgement(item: Judgement) -> tuple[Table, Values]:
    return schema.verdict, {
        "seq": item.seq,
        "time_s": item.time_s,
        "rr_ms": item.rr_ms,
        "verdict": item.verdict.value,
        "provisional": item.provisional,
        "corrected_ms": dump(list(item.corrected_ms)),
    }


_PHASE_FIELDS = (
    "seq",
    "name",
    "kind",
    "start_s",
    "end_s",
    "speech",
    "feedback",
    "reference",
    "planned_s",
    "take",
    "ended",
    "pacer_bpm",
)
_RATING_FIELDS = ("time_s", "phase", "prompt", "scale", "after_feedback", "take")


def _fields(record: SessionRecord, names: tuple[str, ...]) -> Values:
    return {name: getattr(record, name) for name in names}


def _phase(record: PhaseSpan) -> tuple[Table, Values]:
    return schema.phase, {**_fields(record, _PHASE_FIELDS), "details": dump(record.details)}


def _rating(record: Rating) -> tuple[Table, Values]:
    return schema.rating, {**_fields(record, _RATING_FIELDS), "value": dump(record.value)}


def _marker(record: SessionMarker) -> tuple[Table, Values]:
    row = {"time_s": record.time_s, "kind": record.kind, "text": record.text, "data": dump(record.data)}
    return schema.marker, row


def _settings(record: SettingsRecord) -> tuple[Table, Values]:
    return schema.settings_record, {"time_s": record.time_s, "values": dump(record.values)}


def _consent(record: Consent) -> tuple[Table, Values]:
    return schema.consent, {
        "given_at": record.given_at.isoformat(),
        "text_version": record.text_version,
        "text_sha256": record.text_sha256,
        "scopes": dump(list(record.scopes)),
        "health_cleared": record.health_cleared,
    }


_CORRECTION_FIELDS = ("number", "stream", "seq", "time_s", "author", "reason", "intervals", "undoes")


def _correction(record: Correction) -> tuple[Table, Values]:
    return schema.correction, {
        **_fields(record, _CORRECTION_FIELDS),
        "verdict": None if record.verdict is None else record.verdict.value,
        "at": record.at.isoformat(),
    }


_Writer: TypeAlias = Callable[[Any], tuple[Table, Values]]

_STREAM_WRITERS: dict[type, _Writer] = {
    Beat: _beat,
    SampleChunk: _chunk,
    Notification: _notification,
    Gap: _gap,
    LinkChange: _link,
    SensorFact: _fact,
    Marker: _note,
    Judgement: _judgement,
}
_SESSION_WRITERS: dict[type, _Writer] = {
    PhaseSpan: _phase,
    Rating: _rating,
    SessionMarker: _marker,
    SettingsRecord: _settings,
    Consent: _consent,
    Correction: _correction,
}


def read_item(table: Table, row: Row[Any], stream: str) -> Item:
    """The item that a row of a stream table was made from.

    Raises BadInput when a chunk's checksum does not fit its content.
    """
    if table is schema.beat:
        return Beat(stream, row.seq, row.time_s, row.rr_ms, row.rr_ticks, row.arrival_s, row.uncertainty_ms)
    if table is schema.notification:
        return Notification(stream, row.time_s, row.arrival_ns, bytes(row.payload))
    if table is schema.gap:
        return Gap(stream, row.from_s, row.to_s, row.reason)
    if table is schema.link:
        return LinkChange(stream, row.time_s, LinkState(row.state), row.reason)
    if table is schema.fact:
        return SensorFact(stream, row.time_s, row.name, row.value)
    if table is schema.note:
        return Marker(stream, row.time_s, row.kind, json.loads(row.data))
    if table is schema.chunk:
        return _read_chunk(row, stream)
    raise TypeError(f"{table.name} holds no items")


def _read_chunk(row: Row[Any], stream: str) -> SampleChunk:
    payload = bytes(row.payload)
    if row.codec != CODEC or zlib.crc32(payload) != row.crc32:
        raise BadInput(
            f"the samples at {row.time_s:.3f} s are damaged (checksum or codec does not fit)",
            place=f"{stream}, chunk {row.seq}",
            remedy="everything else in the recording can still be used; bring back a backup for this part",
        )
    import numpy as np

    samples = np.frombuffer(zlib.decompress(payload), dtype="<f8").reshape(json.loads(row.shape))
    return SampleChunk(
        stream, row.seq, row.time_s, row.kind, row.sampling_rate_hz, row.unit, samples.astype(np.float64)
    )


def read_judgement(row: Row[Any]) -> Judgement:
    """The judgement that a row of the verdict table was made from."""
    corrected = tuple(json.loads(row.corrected_ms))
    return Judgement(row.seq, row.time_s, row.rr_ms, Verdict(row.verdict), row.provisional, corrected)


def read_record(table: Table, row: Row[Any]) -> SessionRecord:
    """The record that a row of one of the sitting's tables was made from."""
    if table is schema.phase:
        return _read_phase(row)
    if table is schema.rating:
        value = json.loads(row.value)
        return Rating(row.time_s, row.phase, row.prompt, value, row.scale, row.after_feedback, row.take)
    if table is schema.marker:
        return SessionMarker(row.time_s, row.kind, row.text, json.loads(row.data))
    if table is schema.settings_record:
        return SettingsRecord(row.time_s, json.loads(row._mapping["values"]))
    if table is schema.consent:
        scopes = tuple(json.loads(row.scopes))
        given = datetime.fromisoformat(row.given_at)
        return Consent(given, row.text_version, row.text_sha256, scopes, row.health_cleared)
    if table is schema.correction:
        return _read_correction(row)
    raise TypeError(f"{table.name} holds no records")


def _read_correction(row: Row[Any]) -> Correction:
    plain = {name: getattr(row, name) for name in _CORRECTION_FIELDS}
    verdict = None if row.verdict is None else Verdict(row.verdict)
    return Correction(**plain, verdict=verdict, at=datetime.fromisoformat(row.at))


def _read_phase(row: Row[Any]) -> PhaseSpan:
    plain = {name: getattr(row, name) for name in _PHASE_FIELDS}
    return PhaseSpan(**plain, details=json.loads(row.details))
