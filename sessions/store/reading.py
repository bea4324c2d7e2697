"""Questions to the tables; all of them plain reads on a connection that somebody else opened."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Row, Table, func, select

from acquisition.beats import Gap, Item, LinkChange, SensorFact
from acquisition.errors import BadInput
from processing.hand_corrections import Correction
from processing.values import Judgement
from sessions.kept import RecordingSummary, StoredRecording
from sessions.records import Consent, PhaseSpan, Rating, RecordingMeta, SessionMarker, SessionRecord, SettingsRecord
from sessions.store import schema
from sessions.store.rows import read_item, read_judgement, read_record

T = TypeVar("T")

ITEM_TABLES: tuple[Table, ...] = (
    schema.notification,
    schema.beat,
    schema.chunk,
    schema.gap,
    schema.link,
    schema.fact,
    schema.note,
)
RECORD_TABLES: tuple[Table, ...] = (
    schema.phase,
    schema.rating,
    schema.marker,
    schema.settings_record,
    schema.consent,
    schema.correction,
)


@dataclass(frozen=True, slots=True)
class Found:
    """A recording and its number in the tables."""

    no: int
    summary: RecordingSummary
    meta: RecordingMeta


def recordings(connection: Connection, *, id_prefix: str = "") -> list[Found]:
    """All recordings, newest first, or those whose id begins so."""
    table = schema.recording
    query = select(table).order_by(table.c.started_ns.desc(), table.c.no.desc())
    if id_prefix:
        query = query.where(table.c.id.startswith(id_prefix, autoescape=True))
    rows = connection.execute(query).all()
    only = [row.no for row in rows] if id_prefix else None
    clients = _clients(connection, only)
    streams = _streams(connection, only)
    scopes = _latest(connection, schema.consent, schema.consent.c.scopes, only)
    shared = _latest(connection, schema.visibility, schema.visibility.c.scope, only)
    found = []
    for row in rows:
        agreed = scopes.get(row.no)
        summary = RecordingSummary(
            id=row.id,
            started_at=datetime.fromisoformat(row.started_at),
            state=row.state,
            source=row.source,
            exercise=row.exercise,
            client=clients.get(row.no),
            beats=row.beats,
            gaps=row.gaps,
            duration_s=_duration_s(row),
            simulated=row.simulated,
            scopes=None if agreed is None else tuple(json.loads(agreed)),
            shared=shared.get(row.no),
        )
        found.append(Found(row.no, summary, _meta(row, summary, tuple(streams.get(row.no, ())))))
    return found


def _duration_s(row: Row[Any]) -> float:
    """Intervals plus gaps of the longest stream; of a sitting without a heart, the time that it took."""
    if row.heart_s is not None:
        return float(row.heart_s)
    return float((row.last_s or 0.0) - (row.first_s or 0.0))


def _meta(row: Row[Any], summary: RecordingSummary, streams: tuple[str, ...]) -> RecordingMeta:
    return RecordingMeta(
        source=row.source,
        started_at=summary.started_at,
        streams=streams,
        exercise=row.exercise,
        exercise_sha256=row.exercise_sha256,
        client=summary.client,
        simulated=row.simulated,
        origin_ns=row.origin_ns,
        delay_s=row.delay_s,
        details=json.loads(row.details),
    )


def unknown(recording_id: str) -> BadInput:
    """There is no such recording, as far as the asker may know."""
    return BadInput("there is no such recording", place=recording_id, remedy="`attune recordings` lists what there is")


def ambiguous(recording_id: str, ids: Sequence[str]) -> BadInput:
    """Several recordings begin so."""
    several = ", ".join(ids[:5])
    return BadInput(f"several recordings begin so: {several}", place=recording_id, remedy="write more of the id")


def _clients(connection: Connection, only: Sequence[int] | None) -> dict[int, str]:
    table = schema.participant
    query = select(table.c.recording_no, table.c.client).where(table.c.place == 1, table.c.client.is_not(None))
    if only is not None:
        query = query.where(table.c.recording_no.in_(only))
    return {row[0]: row[1] for row in connection.execute(query)}


def _streams(connection: Connection, only: Sequence[int] | None) -> dict[int, list[str]]:
    table = schema.stream
    query = select(table.c.recording_no, table.c.name).order_by(table.c.no)
    if only is not None:
        query = query.where(table.c.recording_no.in_(only))
    names: dict[int, list[str]] = {}
    for number, name in connection.execute(query):
        names.setdefault(number, []).append(name)
    return names


def _latest(
    connection: Connection, table: Table, column: ColumnElement[str], only: Sequence[int] | None
) -> dict[int, str]:
    query = select(table.c.recording_no, column).order_by(table.c.recording_no, table.c.n)
    if only is not None:
        query = query.where(table.c.recording_no.in_(only))
    return {row[0]: row[1] for row in connection.execute(query)}


def stored(connection: Connection, found: Found, records: Sequence[SessionRecord]) -> StoredRecording:
    """A recording with what the sitting left (``records``, as far as the asker may read them)."""
    items = [item for _, item in items_of(connection, found.no, (schema.gap, schema.link, schema.fact))]
    return StoredRecording(
        summary=found.summary,
        meta=found.meta,
        phases=_of(records, PhaseSpan),
        ratings=_of(records, Rating),
        markers=_of(records, SessionMarker),
        settings=_of(records, SettingsRecord),
        consents=_of(records, Consent),
        corrections=_of(records, Correction),
        gaps=_of(items, Gap),
        links=_of(items, LinkChange),
        facts=_of(items, SensorFact),
        versions=_versions(connection, found.no),
        missing_beats=_missing_beats(connection, found.no),
        refused=refused_of(connection, found.no),
    )


def _of(things: Iterable[object], kind: type[T]) -> tuple[T, ...]:
    return tuple(thing for thing in things if isinstance(thing, kind))


def items_of(
    connection: Connection, recording_no: int, tables: Sequence[Table] = ITEM_TABLES
) -> list[tuple[int, Item]]:
    """Items of all streams with their places, in the order in which they were put.

    Raises BadInput when a chunk of samples is damaged.
    """
    query = select(schema.stream).where(schema.stream.c.recording_no == recording_no)
    names: dict[int, str] = {row.no: row.name for row in connection.execute(query)}
    items: list[tuple[int, Item]] = []
    for table in tables:
        query = select(table).where(table.c.stream_no.in_(names))
        items += [(row.n, read_item(table, row, names[row.stream_no])) for row in connection.execute(query)]
    return sorted(items, key=itemgetter(0))


def records_of(connection: Connection, recording_no: int) -> list[tuple[int, SessionRecord]]:
    """What the sitting added, with its places, in the order in which it was first put."""
    records: list[tuple[int, SessionRecord]] = []
    for table in RECORD_TABLES:
        query = select(table).where(table.c.recording_no == recording_no)
        records += [(row.n, read_record(table, row)) for row in connection.execute(query)]
    return sorted(records, key=itemgetter(0))


def judgements_of(connection: Connection, recording_no: int, stream: str | None = None) -> tuple[Judgement, ...]:
    """The last word on each beat, in order of beats; of one stream, or of the recording's first one."""
    table, streams = schema.verdict, schema.stream
    query = select(streams.c.no).where(streams.c.recording_no == recording_no).order_by(streams.c.no)
    if stream is not None:
        query = query.where(streams.c.name == stream)
    number = connection.execute(query.limit(1)).scalar()
    rows = connection.execute(select(table).where(table.c.stream_no == number).order_by(table.c.n))
    latest = {row.seq: read_judgement(row) for row in rows}
    return tuple(latest[seq] for seq in sorted(latest))


def _versions(connection: Connection, recording_no: int) -> dict[str, str]:
    table = schema.version
    query = select(table.c.name, table.c.value).where(table.c.recording_no == recording_no).order_by(table.c.name)
    return {row[0]: row[1] for row in connection.execute(query)}


def _missing_beats(connection: Connection, recording_no: int) -> int:
    beats, streams = schema.beat, schema.stream
    span = func.max(beats.c.seq) - func.min(beats.c.seq) + 1 - func.count()
    query = (
        select(span)
        .join(streams, streams.c.no == beats.c.stream_no)
        .where(streams.c.recording_no == recording_no)
        .group_by(beats.c.stream_no)
    )
    return sum(connection.execute(query).scalars())


def end_of(connection: Connection, recording_no: int) -> float:
    """The last moment recorded, ticks included, s."""
    last_s = connection.execute(select(schema.recording.c.last_s).where(schema.recording.c.no == recording_no)).scalar()
    return last_s or 0.0


def refused_of(connection: Connection, recording_no: int) -> int:
    """How many items the tables refused."""
    table = schema.refused
    query = select(func.count()).select_from(table).where(table.c.recording_no == recording_no)
    return int(connection.execute(query).scalar_one())
