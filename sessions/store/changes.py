"""Changes that are not the stream of a recording: beginning one, adding to it later, sharing, erasing, settings."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from uuid import uuid4

from sqlalchemy import Connection, delete, func, insert, select, update

from acquisition.clock import NS_PER_S, Anchor
from sessions.records import RecordingMeta, SessionRecord
from sessions.store import schema
from sessions.store.batch import Entry, Streams, add_stream, number_of, stream_kind, write_entries
from sessions.store.engine import software
from sessions.store.migrations import software_version
from sessions.store.rows import dump

_TOLD_OF = ("numpy", "scipy", "neurokit2", "bleak", "SQLAlchemy")
"""Libraries that a number may depend on; their versions are kept with each recording."""


@dataclass(frozen=True, slots=True)
class NewRecording:
    """What a recorder needs to know of the recording it writes."""

    no: int
    id: str
    streams: Streams


def create(connection: Connection, meta: RecordingMeta) -> NewRecording:
    """Begin a recording: its row, its person, its streams, and the software that records it."""
    identity = str(uuid4())
    number = number_of(
        connection,
        schema.recording,
        {
            "id": identity,
            "state": "open",
            "source": meta.source,
            "started_at": meta.started_at.isoformat(),
            "started_ns": round(meta.started_at.timestamp() * NS_PER_S),
            "exercise": meta.exercise,
            "exercise_sha256": meta.exercise_sha256,
            "simulated": meta.simulated,
            "origin_ns": meta.origin_ns,
            "delay_s": meta.delay_s,
            "details": dump(meta.details),
        },
    )
    connection.execute(insert(schema.participant).values(recording_no=number, place=1, client=meta.client))
    streams = {name: add_stream(connection, number, name, stream_kind(name)) for name in meta.streams}
    rows = [{"recording_no": number, "name": name, "value": value} for name, value in versions().items()]
    connection.execute(insert(schema.version), rows)
    return NewRecording(number, identity, streams)


@cache
def versions() -> Mapping[str, str]:
    """Versions of this program, Python and the libraries below, without loading them."""
    found = {"attunement": software_version(), "python": platform.python_version(), **software()}
    for name in _TOLD_OF:
        try:
            found[name.lower()] = version(name)
        except PackageNotFoundError:
            continue
    return found


def add(connection: Connection, recording_no: int, record: SessionRecord) -> None:
    """Add a record to a recording that has ended, behind everything that is there."""
    table = schema.recording
    ours = table.c.no == recording_no
    place = int(connection.execute(select(table.c.puts).where(ours)).scalar_one()) + 1
    connection.execute(update(table).where(ours).values(puts=place))
    write_entries(connection, recording_no, [Entry(place, record, "")], {})


def date_of_now() -> datetime:
    """When a change is noted: a date beside it, that nothing is computed from."""
    return Anchor.now().wall


def choose_scope(connection: Connection, recording_no: int, scope: str, by_role: str) -> None:
    """Keep who may see it; earlier choices stay in the table."""
    table = schema.visibility
    chosen = select(func.count()).where(table.c.recording_no == recording_no)
    place = int(connection.execute(chosen).scalar_one()) + 1
    row = {"scope": scope, "by_role": by_role, "at": date_of_now().isoformat()}
    connection.execute(insert(table).values(recording_no=recording_no, n=place, **row))


def erase(connection: Connection, recording_no: int) -> None:
    """Delete a recording with everything that belongs to it."""
    connection.execute(delete(schema.recording).where(schema.recording.c.no == recording_no))


def save_setting(connection: Connection, key: str, value: object) -> None:
    """Save a setting, or forget it with None."""
    table = schema.setting
    connection.execute(delete(table).where(table.c.key == key))
    if value is not None:
        connection.execute(insert(table).values(key=key, value=dump(value)))
