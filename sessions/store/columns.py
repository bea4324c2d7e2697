"""Columns that the tables share, and the one collection that all tables belong to."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Double, ForeignKey, Integer, MetaData, String

metadata = MetaData()

KEY = BigInteger().with_variant(Integer, "sqlite")
"""A key that counts by itself: SQLite does so only for its own INTEGER."""


def owner(table: str) -> Column[int]:
    """What a row belongs to and goes with; part of its key."""
    return Column(f"{table}_no", KEY, ForeignKey(f"{table}.no", ondelete="CASCADE"), primary_key=True)


def place() -> Column[int]:
    """The place at which a row was put, over all tables of a recording."""
    return Column("n", BigInteger, nullable=False)


def place_key() -> Column[int]:
    """The same as part of the key."""
    return Column("n", BigInteger, primary_key=True, autoincrement=False)


def seq_key() -> Column[int]:
    """The number that the row's own kind counts by."""
    return Column("seq", BigInteger, primary_key=True, autoincrement=False)


def time_s() -> Column[float]:
    """Time of the recording, s."""
    return Column("time_s", Double, nullable=False)


def key_id() -> Column[str]:
    """Key that the payload is encrypted with; empty means in the clear."""
    return Column("key_id", String(36))
