"""The tables: recording → participant → stream → beats, chunks and raw frames, and what the sitting adds.

Every row of a recording carries ``n``, the place at which it was put: one count for all tables of a recording, so
that the order in which things happened can be told again. Rows of the stream tables are written once and never
changed. ``key_id`` stands beside payloads for the day they are encrypted; empty means in the clear.
The same tables serve SQLite and PostgreSQL.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from sessions.store.columns import KEY, metadata, owner, place_key
from sessions.store.sitting_tables import consent, correction, marker, phase, rating, settings_record
from sessions.store.stream_tables import beat, chunk, fact, gap, link, note, notification, verdict

__all__ = [
    "SCHEMA_VERSION",
    "beat",
    "chunk",
    "consent",
    "correction",
    "fact",
    "gap",
    "link",
    "marker",
    "metadata",
    "note",
    "notification",
    "participant",
    "phase",
    "rating",
    "recording",
    "refused",
    "schema_version",
    "setting",
    "settings_record",
    "stream",
    "verdict",
    "version",
    "visibility",
]

SCHEMA_VERSION = 3
"""Counts up with each migration in migrations.py."""

schema_version = Table(
    "schema_version",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("software", String(40), nullable=False),
    Column("at", String(40), nullable=False),
)

recording = Table(
    "recording",
    metadata,
    Column("no", KEY, primary_key=True, autoincrement=True),
    Column("id", String(36), nullable=False, unique=True),
    Column("state", String(10), CheckConstraint("state IN ('open', 'closed', 'recovered')"), nullable=False),
    Column("source", Text, nullable=False),
    Column("started_at", String(40), nullable=False),
    Column("started_ns", BigInteger, nullable=False),
    Column("exercise", String(80)),
    Column("exercise_sha256", String(64)),
    Column("simulated", Boolean, nullable=False),
    Column("origin_ns", BigInteger),
    Column("delay_s", Double, nullable=False),
    Column("details", Text, nullable=False),
    Column("puts", BigInteger, nullable=False, server_default="0"),
    Column("beats", BigInteger, nullable=False, server_default="0"),
    Column("gaps", BigInteger, nullable=False, server_default="0"),
    Column("first_s", Double),
    Column("last_s", Double),
    Column("heart_s", Double),
    Index("recording_by_time", "started_ns"),
)

participant = Table(
    "participant",
    metadata,
    Column("no", KEY, primary_key=True, autoincrement=True),
    Column("recording_no", KEY, ForeignKey("recording.no", ondelete="CASCADE"), nullable=False),
    Column("place", SmallInteger, nullable=False),
    Column("client", String(80)),
    UniqueConstraint("recording_no", "place"),
    Index("participant_by_client", "client"),
)

stream = Table(
    "stream",
    metadata,
    Column("no", KEY, primary_key=True, autoincrement=True),
    Column("recording_no", KEY, ForeignKey("recording.no", ondelete="CASCADE"), nullable=False),
    Column("participant_no", KEY, ForeignKey("participant.no", ondelete="CASCADE"), nullable=False, index=True),
    Column("name", String(80), nullable=False),
    Column("kind", String(8), nullable=False),
    UniqueConstraint("recording_no", "name"),
)

version = Table(
    "version",
    metadata,
    owner("recording"),
    Column("name", String(40), primary_key=True),
    Column("value", String(80), nullable=False),
)

visibility = Table(
    "visibility",
    metadata,
    owner("recording"),
    place_key(),
    Column("scope", String(40), nullable=False),
    Column("by_role", String(20), nullable=False),
    Column("at", String(40), nullable=False),
)

refused = Table(
    "refused",
    metadata,
    owner("recording"),
    place_key(),
    Column("kind", String(40), nullable=False),
    Column("content", Text, nullable=False),
    Column("why", Text, nullable=False),
)

setting = Table(
    "setting",
    metadata,
    Column("key", String(80), primary_key=True),
    Column("value", Text, nullable=False),
)
