"""Errors of the database become errors of the project here, and nowhere else."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from acquisition.errors import EnvironmentFault
from sessions.store.folder import folder_fault, full_fault

_PRIMARY_CODE = 0xFF
"""SQLite's extended result codes carry the plain one in their lowest byte (sqlite.org/rescode.html)."""


def translate(error: Exception, place: str) -> EnvironmentFault:
    """What went wrong at ``place``, what is kept, and what to do."""
    if isinstance(error, EnvironmentFault):
        return error
    if isinstance(error, OSError):
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            return full_fault(Path(place))
        return folder_fault(Path(place), error)
    code = _sqlite_code(error)
    if code == sqlite3.SQLITE_FULL:
        return full_fault(Path(place))
    what, remedy = _WORDS.get(code, (f"the database answered: {_plain(error)}", "run `attune doctor`"))
    return EnvironmentFault(what, place=place, remedy=remedy)


@contextmanager
def translated(place: str) -> Iterator[None]:
    """Let database and system errors leave the block as EnvironmentFault."""
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error, OSError) as error:
        raise translate(error, place) from error


def _sqlite_code(error: Exception) -> int | None:
    inner = error.orig if isinstance(error, DBAPIError) else error
    code = getattr(inner, "sqlite_errorcode", None)
    return None if code is None else int(code) & _PRIMARY_CODE


def _plain(error: Exception) -> str:
    inner = error.orig if isinstance(error, DBAPIError) and error.orig else error
    return str(inner).splitlines()[0] if str(inner) else type(inner).__name__


_DAMAGED = (
    "the database file is damaged or not a database; it was left as it is",
    "move it to another folder and bring back a backup under its name",
)
_WORDS: dict[int | None, tuple[str, str]] = {
    sqlite3.SQLITE_IOERR: (
        "the disk reported an error while reading or writing; everything recorded so far is kept",
        "check the disk and its cable; recording goes on by itself when the disk answers again",
    ),
    sqlite3.SQLITE_READONLY: (
        "the database may only be read; nothing was changed",
        "give yourself write permission there, or choose another folder with --data",
    ),
    sqlite3.SQLITE_PERM: (
        "no permission to use the database; nothing was changed",
        "give yourself permission there, or choose another folder with --data",
    ),
    sqlite3.SQLITE_CANTOPEN: (
        "the database cannot be opened; nothing was changed",
        "check that the folder exists and is yours, or choose another one with --data",
    ),
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_NOTADB: _DAMAGED,
    sqlite3.SQLITE_BUSY: (
        "the database is busy: another program holds it; everything recorded so far is kept",
        "close other programs that have this file open",
    ),
    sqlite3.SQLITE_LOCKED: (
        "the database is busy; everything recorded so far is kept",
        "try again in a moment",
    ),
}
