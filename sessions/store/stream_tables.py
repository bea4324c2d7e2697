"""What a stream leaves: beats, raw frames, samples, verdicts, gaps, links. Written once and never changed."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Double, Integer, LargeBinary, String, Table, Text

from sessions.store.columns import key_id, metadata, owner, place, place_key, seq_key, time_s

beat = Table(
    "beat",
    metadata,
    owner("stream"),
    seq_key(),
    place(),
    time_s(),
    Column("rr_ms", Double, nullable=False),
    Column("rr_ticks", Integer),
    Column("arrival_s", Double),
    Column("uncertainty_ms", Double),
)

chunk = Table(
    "chunk",
    metadata,
    owner("stream"),
    seq_key(),
    place(),
    time_s(),
    Column("kind", String(8), nullable=False),
    Column("sampling_rate_hz", Double, nullable=False),
    Column("unit", String(20), nullable=False),
    Column("shape", String(40), nullable=False),
    Column("codec", String(20), nullable=False),
    Column("crc32", BigInteger, nullable=False),
    Column("payload", LargeBinary, nullable=False),
    key_id(),
)

notification = Table(
    "notification",
    metadata,
    owner("stream"),
    place_key(),
    time_s(),
    Column("arrival_ns", BigInteger, nullable=False),
    Column("payload", LargeBinary, nullable=False),
    key_id(),
)

verdict = Table(
    "verdict",
    metadata,
    owner("stream"),
    place_key(),
    Column("seq", BigInteger, nullable=False),
    time_s(),
    Column("rr_ms", Double, nullable=False),
    Column("verdict", String(16), nullable=False),
    Column("provisional", Boolean, nullable=False),
    Column("corrected_ms", Text, nullable=False),
)

gap = Table(
    "gap",
    metadata,
    owner("stream"),
    place_key(),
    Column("from_s", Double, nullable=False),
    Column("to_s", Double, nullable=False),
    Column("reason", Text, nullable=False),
)

link = Table(
    "link",
    metadata,
    owner("stream"),
    place_key(),
    time_s(),
    Column("state", String(16), nullable=False),
    Column("reason", Text),
)

fact = Table(
    "fact",
    metadata,
    owner("stream"),
    place_key(),
    time_s(),
    Column("name", String(40), nullable=False),
    Column("value", Text, nullable=False),
)

note = Table(
    "note",
    metadata,
    owner("stream"),
    place_key(),
    time_s(),
    Column("kind", String(40), nullable=False),
    Column("data", Text, nullable=False),
    key_id(),
)
