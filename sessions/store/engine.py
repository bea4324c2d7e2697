"""The one engine factory, and everything that only SQLite understands.

One connection writes and it alone checkpoints: SQLite before 3.51.3 can lose a commit when checkpoints of several
connections race (sqlite.org/wal.html, "WAL-reset bug"), and Python still ships such versions. Readers open the file
with ``mode=ro`` and never checkpoint.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import NullPool, StaticPool

from sessions.store.folder import private_file
from sessions.store.schema import metadata

BUSY_TIMEOUT_S = 5.0
"""How long a statement waits for another connection's lock; our own never hold one for longer than a commit."""

WAL_PAGES = 250
"""Checkpoint after 1 MiB of log (4 KiB pages): SQLite's 1000 let the log fill a small disk early (4 MB measured)."""

WAL_KEEP_BYTES = 1024 * 1024
"""A log that had to grow is cut back to this after a checkpoint."""

_ADVISORY_KEY = 0x6174_7475_6E65
""""attune": the PostgreSQL advisory lock that the one writing process holds."""

_WRITER_PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA secure_delete = ON",
    "PRAGMA temp_store = MEMORY",  # no plaintext in temporary files
    f"PRAGMA wal_autocheckpoint = {WAL_PAGES}",
    f"PRAGMA journal_size_limit = {WAL_KEEP_BYTES}",
)
_READER_PRAGMAS = ("PRAGMA query_only = ON", "PRAGMA temp_store = MEMORY")


def location(data: Path | str) -> URL | Path:
    """A database URL where ``data`` is one (``postgresql+psycopg://...``), else the data folder."""
    if isinstance(data, str) and "://" in data:
        return make_url(data)
    return Path(data)


def writing_engine(where: URL | Path, *, migrating: bool = False) -> Engine:
    """For the one writing connection: a SQLite file at ``where`` (made private if new), or a server's database.

    While ``migrating`` SQLite does not follow references: a step that rebuilds a table drops the old one, and that
    would delete everything that points to it. `broken_references` looks before the commit.
    """
    if isinstance(where, URL):
        return create_engine(where, poolclass=NullPool)
    if not where.exists():  # opening and closing it beside a live connection would drop that connection's locks
        private_file(where, exist_ok=True)

    def connect() -> sqlite3.Connection:
        return sqlite3.connect(where, timeout=BUSY_TIMEOUT_S, check_same_thread=False)

    follow = "PRAGMA foreign_keys = OFF" if migrating else "PRAGMA foreign_keys = ON"
    return _sqlite_engine(connect, (*_WRITER_PRAGMAS, follow), "BEGIN IMMEDIATE")


def reading_engine(where: URL | Path) -> Engine:
    """For any number of readers in any thread; a read-only view of the last commit."""
    if isinstance(where, URL):
        return create_engine(where, poolclass=NullPool, execution_options={"postgresql_readonly": True})
    address = where.absolute().as_uri() + "?mode=ro"

    def connect() -> sqlite3.Connection:
        return sqlite3.connect(address, uri=True, timeout=BUSY_TIMEOUT_S, check_same_thread=False)

    return _sqlite_engine(connect, _READER_PRAGMAS, "BEGIN")


def empty_engine() -> Engine:
    """A store without a single recording, for readers of a folder in which nothing was kept yet."""
    engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
    metadata.create_all(engine)
    return engine


def _sqlite_engine(connect: object, pragmas: tuple[str, ...], begin: str) -> Engine:
    engine = create_engine("sqlite://", creator=connect, poolclass=NullPool)

    @event.listens_for(engine, "connect")
    def _prepare(connection: DBAPIConnection, _record: object) -> None:
        connection.isolation_level = None  # the driver must not begin or commit by itself: migrations are one piece
        for pragma in pragmas:
            connection.execute(pragma)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def is_sqlite(bind: Engine | Connection) -> bool:
    """Whether this is a file of ours rather than a server."""
    return bind.dialect.name == "sqlite"


def checkpoint(engine_connection: Connection) -> bool:
    """Move the whole log into the file and cut the log to nothing; False while a reader still needs it.

    Only for the writing connection, outside a transaction of its own. On a server there is nothing to do.
    """
    if not is_sqlite(engine_connection):
        return True
    driver = engine_connection.connection.driver_connection
    if driver is None:
        return False
    busy = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    return bool(busy == 0)


def copy_database(source: Path, target: Path) -> None:
    """Copy a live database, as of one moment, into a new file that needs no log beside it.

    Raises FileExistsError rather than overwrite, sqlite3.Error and OSError as they come; a half-made copy is removed.
    """
    private_file(target)
    try:
        with (
            closing(sqlite3.connect(source.absolute().as_uri() + "?mode=ro", uri=True)) as live,
            closing(sqlite3.connect(target)) as copy,
        ):
            copy.execute("PRAGMA synchronous = FULL")
            live.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")
            verdict = copy.execute("PRAGMA quick_check").fetchone()[0]
        if verdict != "ok":
            raise sqlite3.DatabaseError(f"the copy is not whole: {verdict}")
    except BaseException:
        target.unlink(missing_ok=True)
        raise


def broken_references(connection: Connection) -> tuple[str, ...]:
    """Tables with rows whose owner is missing; a server refuses such rows by itself."""
    if not is_sqlite(connection):
        return ()
    return tuple(sorted({str(row[0]) for row in connection.exec_driver_sql("PRAGMA foreign_key_check")}))


def hold_server(connection: Connection) -> bool:
    """Become the one writing process of a server's database for as long as this connection lives."""
    if is_sqlite(connection):
        return True
    return bool(connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": _ADVISORY_KEY}).scalar_one())


def software() -> dict[str, str]:
    """Version of the database library, for a recording's list of versions."""
    return {"sqlite": sqlite3.sqlite_version}
