"""Opening a store: lock, migration and recovery for the one that writes; a look at the version for those that read."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, select, update

from acquisition.errors import EnvironmentFault
from sessions.store import schema
from sessions.store.engine import empty_engine, hold_server, location, reading_engine, writing_engine
from sessions.store.faults import translated
from sessions.store.folder import DataFolder
from sessions.store.migrations import Migrated, bring_up_to_date, found_version, refuse_newer
from sessions.store.schema import SCHEMA_VERSION
from sessions.store.writer import Writer


@dataclass(slots=True)
class OpenStore:
    """What an open store consists of; ``close`` lets go of all of it."""

    place: str
    """For messages: the folder, or the server's address without its password."""
    reader: Engine
    folder: DataFolder | None = None
    """None when the database is a server's."""
    writer: Writer | None = None
    """None when the store is open for reading only."""
    migrated: Migrated | None = None
    recovered: tuple[str, ...] = ()
    """Ids of recordings that had been cut off."""
    guards: list[Connection] = field(default_factory=list)

    def close(self) -> None:
        """Write what is left and let others write; may be called twice."""
        if self.writer is not None:
            self.writer.close()
        for guard in self.guards:
            guard.close()
        self.guards.clear()
        self.reader.dispose()
        if self.folder is not None:
            self.folder.release_lock()


def open_store(data: Path | str, *, writable: bool) -> OpenStore:
    """Open the store in a folder or at a database URL.

    Raises EnvironmentFault when the place cannot be used: unwritable, in use, full, damaged, newer than this program.
    """
    where = location(data)
    if isinstance(where, URL):
        return _open_server(where, writable=writable)
    folder = DataFolder(where)
    return _open_writing(folder) if writable else _open_reading(folder)


def _open_writing(folder: DataFolder) -> OpenStore:
    place = str(folder.path)
    folder.prepare()
    folder.take_lock()
    try:
        with translated(place):
            migrated = _migrate(folder.database, place, folder.database)
            folder.lay_ballast()
            writer = Writer(writing_engine(folder.database), place, folder)
            recovered = writer.submit(_mark_recovered)
    except BaseException:
        folder.release_lock()
        raise
    return OpenStore(place, reading_engine(folder.database), folder, writer, migrated, recovered)


def _migrate(where: Path | URL, place: str, file: Path | None) -> Migrated:
    engine = writing_engine(where, migrating=True)
    try:
        return bring_up_to_date(engine, place, file)
    finally:
        engine.dispose()


def _mark_recovered(connection: Connection) -> tuple[str, ...]:
    """Recordings still marked open have lost their writer: it would hold the lock that we hold now."""
    table = schema.recording
    cut = table.c.state == "open"
    ids = tuple(connection.execute(select(table.c.id).where(cut).order_by(table.c.started_ns)).scalars())
    connection.execute(update(table).where(cut).values(state="recovered"))
    return ids


def _open_reading(folder: DataFolder) -> OpenStore:
    place = str(folder.path)
    with translated(place):
        if not folder.database.exists():
            return OpenStore(place, empty_engine(), folder)
        reader = reading_engine(folder.database)
        found, software = found_version(reader, place)
        refuse_newer(found, software, place)
    if found == 0:
        return OpenStore(place, empty_engine(), folder)
    if found < SCHEMA_VERSION:
        _open_writing(folder).close()
    return OpenStore(place, reader, folder)


def _open_server(url: URL, *, writable: bool) -> OpenStore:
    place = url.render_as_string(hide_password=True)
    with translated(place):
        reader = reading_engine(url)
        if not writable:
            found, software = found_version(reader, place)
            refuse_newer(found, software, place)
            return OpenStore(place, reader if found else empty_engine())
        guard = writing_engine(url).connect()
        try:
            if not hold_server(guard):
                raise _server_in_use(place)
            migrated = _migrate(url, place, None)
            writer = Writer(writing_engine(url), place)
            recovered = writer.submit(_mark_recovered)
        except BaseException:
            with suppress(Exception):
                guard.close()
            raise
    return OpenStore(place, reader, None, writer, migrated, recovered, [guard])


def _server_in_use(place: str) -> EnvironmentFault:
    return EnvironmentFault(
        "this database is in use by another Attunement; everything in it is kept",
        place=place,
        remedy="close that one first, or choose another database",
    )
