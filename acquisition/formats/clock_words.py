"""Dates and clock times as other programs write them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

_BEFORE_ZONE = re.compile(r"\s+(?=[+-]\d{2}:?\d{2}$)")
_NAIVE_ZERO = datetime(2000, 1, 1)  # noqa: DTZ001 # local time without a zone is what these files hold
_ZERO = _NAIVE_ZERO.replace(tzinfo=UTC)


def moment(text: str) -> datetime:
    """A date with time, ISO 8601 with ``T`` or a blank; naive when it names no zone. Raises ValueError.

    >>> moment("2025-03-15 11:03:00 +0000").isoformat()
    '2025-03-15T11:03:00+00:00'
    """
    return datetime.fromisoformat(_BEFORE_ZONE.sub("", text.strip()))


def first_moment(texts: Iterable[str]) -> datetime | None:
    """The first of the texts that is a moment, or None."""
    for text in texts:
        try:
            return moment(text)
        except ValueError:
            continue
    return None


def seconds(when: datetime) -> float:
    """Seconds on a clock that all moments with a zone share, and all without one share; never mixed."""
    return (when - (_NAIVE_ZERO if when.tzinfo is None else _ZERO)).total_seconds()


def moment_at(time_s: float, like: datetime | None) -> datetime | None:
    """The moment at ``seconds`` = ``time_s``, in the zone of ``like``; None without it or beyond the calendar."""
    if like is None:
        return None
    try:
        if like.tzinfo is None:
            return _NAIVE_ZERO + timedelta(seconds=time_s)
        return (_ZERO + timedelta(seconds=time_s)).astimezone(like.tzinfo)
    except OverflowError:
        return None


def unix_moment(unix_s: float) -> datetime | None:
    """The moment of a Unix time, UTC; None where no calendar reaches."""
    try:
        return datetime.fromtimestamp(unix_s, UTC)
    except (OverflowError, ValueError, OSError):
        return None
