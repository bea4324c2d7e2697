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
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
)

SCHEMA_VERSION = 2
"""Counts up with each migration in migrations.py."""

metadata = MetaData()

_Key = BigInteger().with_variant(Integer, "sqlite")
"""A key that counts by itself: SQLite does so only for its own INTEGER."""


def _owner(table: str) -> Column[int]:
    return Column(f"{table}_no", _Key, ForeignKey(f"{table}.no", ondelete="CASCADE"), primary_key=True)


def _place() -> Column[int]:
    return Column("n", BigInteger, nullable=False)


def _place_key() -> Column[int]:
    return Column("n", BigInteger, primary_key=True, autoincrement=False)


def _seq_key() -> Column[int]:
    return Column("seq", BigInteger, primary_key=True, autoincrement=False)


def _time() -> Column[float]:
    return Column("time_s", Double, nullable=False)


def _key_id() -> Column[str]:
    return Column("key_id", String(36))


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
    Column("no", _Key, primary_key=True, autoincrement=True),
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
    Column("no", _Key, primary_key=True, autoincrement=True),
    Column("recording_no", _Key, ForeignKey("recording.no", ondelete="CASCADE"), nullable=False),
    Column("place", SmallInteger, nullable=False),
    Column("client", String(80)),
    UniqueConstraint("recording_no", "place"),
    Index("participant_by_client", "client"),
)

stream = Table(
    "stream",
    metadata,
    Column("no", _Key, primary_key=True, autoincrement=True),
    Column("recording_no", _Key, ForeignKey("recording.no", ondelete="CASCADE"), nullable=False),
    Column("participant_no", _Key, ForeignKey("participant.no", ondelete="CASCADE"), nullable=False, index=True),
    Column("name", String(80), nullable=False),
    Column("kind", String(8), nullable=False),
    UniqueConstraint("recording_no", "name"),
)

beat = Table(
    "beat",
    metadata,
    _owner("stream"),
    _seq_key(),
    _place(),
    _time(),
    Column("rr_ms", Double, nullable=False),
    Column("rr_ticks", Integer),
    Column("arrival_s", Double),
    Column("uncertainty_ms", Double),
)

chunk = Table(
    "chunk",
    metadata,
    _owner("stream"),
    _seq_key(),
    _place(),
    _time(),
    Column("kind", String(8), nullable=False),
    Column("sampling_rate_hz", Double, nullable=False),
    Column("unit", String(20), nullable=False),
    Column("shape", String(40), nullable=False),
    Column("codec", String(20), nullable=False),
    Column("crc32", BigInteger, nullable=False),
    Column("payload", LargeBinary, nullable=False),
    _key_id(),
)

notification = Table(
    "notification",
    metadata,
    _owner("stream"),
    _place_key(),
    _time(),
    Column("arrival_ns", BigInteger, nullable=False),
    Column("payload", LargeBinary, nullable=False),
    _key_id(),
)

verdict = Table(
    "verdict",
    metadata,
    _owner("stream"),
    _place_key(),
    Column("seq", BigInteger, nullable=False),
    _time(),
    Column("rr_ms", Double, nullable=False),
    Column("verdict", String(16), nullable=False),
    Column("provisional", Boolean, nullable=False),
    Column("corrected_ms", Text, nullable=False),
)

gap = Table(
    "gap",
    metadata,
    _owner("stream"),
    _place_key(),
    Column("from_s", Double, nullable=False),
    Column("to_s", Double, nullable=False),
    Column("reason", Text, nullable=False),
)

link = Table(
    "link",
    metadata,
    _owner("stream"),
    _place_key(),
    _time(),
    Column("state", String(16), nullable=False),
    Column("reason", Text),
)

fact = Table(
    "fact",
    metadata,
    _owner("stream"),
    _place_key(),
    _time(),
    Column("name", String(40), nullable=False),
    Column("value", Text, nullable=False),
)

note = Table(
    "note",
    metadata,
    _owner("stream"),
    _place_key(),
    _time(),
    Column("kind", String(40), nullable=False),
    Column("data", Text, nullable=False),
    _key_id(),
)

phase = Table(
    "phase",
    metadata,
    _owner("recording"),
    _seq_key(),
    _place(),
    Column("name", String(80), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("start_s", Double, nullable=False),
    Column("end_s", Double),
    Column("speech", String(20), nullable=False),
    Column("feedback", String(20), nullable=False),
    Column("reference", String(80)),
    Column("planned_s", Double),
    Column("take", Integer, nullable=False),
    Column("ended", String(20)),
    Column("pacer_bpm", Double),
    Column("details", Text, nullable=False),
)

rating = Table(
    "rating",
    metadata,
    _owner("recording"),
    _place_key(),
    _time(),
    Column("phase", String(80), nullable=False),
    Column("prompt", String(80), nullable=False),
    Column("value", Text, nullable=False),
    Column("scale", String(40), nullable=False),
    Column("after_feedback", Boolean, nullable=False),
    Column("take", Integer, nullable=False),
    _key_id(),
)

marker = Table(
    "marker",
    metadata,
    _owner("recording"),
    _place_key(),
    _time(),
    Column("kind", String(40), nullable=False),
    Column("text", Text, nullable=False),
    Column("data", Text, nullable=False),
    _key_id(),
)

settings_record = Table(
    "settings_record",
    metadata,
    _owner("recording"),
    _place_key(),
    _time(),
    Column("values", Text, nullable=False),
)

consent = Table(
    "consent",
    metadata,
    _owner("recording"),
    _place_key(),
    Column("given_at", String(40), nullable=False),
    Column("text_version", String(40), nullable=False),
    Column("text_sha256", String(64), nullable=False),
    Column("scopes", Text, nullable=False),
    Column("health_cleared", Boolean, nullable=False),
)

version = Table(
    "version",
    metadata,
    _owner("recording"),
    Column("name", String(40), primary_key=True),
    Column("value", String(80), nullable=False),
)

visibility = Table(
    "visibility",
    metadata,
    _owner("recording"),
    _place_key(),
    Column("scope", String(40), nullable=False),
    Column("by_role", String(20), nullable=False),
    Column("at", String(40), nullable=False),
)

refused = Table(
    "refused",
    metadata,
    _owner("recording"),
    _place_key(),
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
