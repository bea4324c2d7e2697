"""What the sitting adds to a recording: parts, answers, markers, settings, consent, and verdicts given by hand."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    Integer,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from sessions.store.columns import key_id, metadata, owner, place, place_key, seq_key, time_s

phase = Table(
    "phase",
    metadata,
    owner("recording"),
    seq_key(),
    place(),
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
    owner("recording"),
    place_key(),
    time_s(),
    Column("phase", String(80), nullable=False),
    Column("prompt", String(80), nullable=False),
    Column("value", Text, nullable=False),
    Column("scale", String(40), nullable=False),
    Column("after_feedback", Boolean, nullable=False),
    Column("take", Integer, nullable=False),
    key_id(),
)

marker = Table(
    "marker",
    metadata,
    owner("recording"),
    place_key(),
    time_s(),
    Column("kind", String(40), nullable=False),
    Column("text", Text, nullable=False),
    Column("data", Text, nullable=False),
    key_id(),
)

settings_record = Table(
    "settings_record",
    metadata,
    owner("recording"),
    place_key(),
    time_s(),
    Column("values", Text, nullable=False),
)

consent = Table(
    "consent",
    metadata,
    owner("recording"),
    place_key(),
    Column("given_at", String(40), nullable=False),
    Column("text_version", String(40), nullable=False),
    Column("text_sha256", String(64), nullable=False),
    Column("scopes", Text, nullable=False),
    Column("health_cleared", Boolean, nullable=False),
)

correction = Table(
    "correction",
    metadata,
    owner("recording"),
    place_key(),
    Column("number", Integer, nullable=False),
    Column("stream", String(80), nullable=False),
    Column("seq", BigInteger, nullable=False),
    time_s(),
    Column("verdict", String(16)),
    Column("intervals", SmallInteger, nullable=False),
    Column("undoes", Integer),
    Column("author", String(80), nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", String(40), nullable=False),
    key_id(),
    UniqueConstraint("recording_no", "number"),
)
"""Verdicts given by hand, layer by layer; a row that undoes another names it and has no verdict."""
