"""From any older schema to this one: a copy of the file first, then all steps in one transaction, or none.

A database of a newer version is refused untouched. A step is a function of the connection; it must use statements
that run inside a transaction on both engines.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from sqlalchemy import Connection, Engine, insert, inspect, select

from acquisition.clock import Anchor
from acquisition.errors import EnvironmentFault
from sessions.store.engine import broken_references, copy_database
from sessions.store.schema import SCHEMA_VERSION, metadata, schema_version

Step = Callable[[Connection], None]

_HEART_S = """
    UPDATE recording SET heart_s = (
        SELECT MAX(one.lasts_s) FROM (
            SELECT stream.recording_no AS recording_no,
                (SELECT SUM(rr_ms) / 1000.0 FROM beat WHERE beat.stream_no = stream.no)
                + COALESCE((SELECT SUM(to_s - from_s) FROM gap WHERE gap.stream_no = stream.no), 0) AS lasts_s
            FROM stream
        ) AS one
        WHERE one.recording_no = recording.no
    )
"""


def _keep_length_of_heart(connection: Connection) -> None:
    """The list of recordings shows how long the heart was recorded, not how long the pages were open."""
    connection.exec_driver_sql("ALTER TABLE recording ADD COLUMN heart_s DOUBLE PRECISION")
    connection.exec_driver_sql(_HEART_S)


_CORRECTION = """
    CREATE TABLE IF NOT EXISTS correction (
        recording_no BIGINT NOT NULL REFERENCES recording (no) ON DELETE CASCADE,
        n BIGINT NOT NULL,
        number INTEGER NOT NULL,
        stream VARCHAR(80) NOT NULL,
        seq BIGINT NOT NULL,
        time_s DOUBLE PRECISION NOT NULL,
        verdict VARCHAR(16),
        intervals SMALLINT NOT NULL,
        undoes INTEGER,
        author VARCHAR(80) NOT NULL,
        reason TEXT NOT NULL,
        at VARCHAR(40) NOT NULL,
        key_id VARCHAR(36),
        PRIMARY KEY (recording_no, n),
        UNIQUE (recording_no, number)
    )
"""


def _keep_corrections_by_hand(connection: Connection) -> None:
    """Verdicts can be given by hand, as layers over the rule's."""
    connection.exec_driver_sql(_CORRECTION)


STEPS: Mapping[int, Step] = {2: _keep_length_of_heart, 3: _keep_corrections_by_hand}
"""Version reached → how to get there from the one before."""


@dataclass(frozen=True, slots=True)
class Migrated:
    """What bringing a database up to date has done."""

    from_version: int
    """0 when the database is new."""
    to_version: int
    backup: Path | None = None
    """Copy of the database as it was, or None when nothing had to change."""


def software_version() -> str:
    """Version of this program."""
    try:
        return version("attunement")
    except PackageNotFoundError:
        return "unknown"


def found_version(engine: Engine, place: str) -> tuple[int, str]:
    """Schema version and the program that wrote it; (0, "") for an empty database.

    Raises EnvironmentFault when the file belongs to some other program.
    """
    with engine.connect() as connection:
        tables = inspect(connection).get_table_names()
        if not tables:
            return 0, ""
        if schema_version.name not in tables:
            raise EnvironmentFault(
                "this database was not made by Attunement; it was left as it is",
                place=place,
                remedy="choose another folder with --data",
            )
        newest = select(schema_version).order_by(schema_version.c.version.desc()).limit(1)
        row = connection.execute(newest).one()
        return int(row.version), str(row.software)


def refuse_newer(found: int, software: str, place: str, *, target: int = SCHEMA_VERSION) -> None:
    """Raise EnvironmentFault when the database is of a version that this program does not know."""
    if found > target:
        raise EnvironmentFault(
            f"this data was written by Attunement {software} (data version {found}), newer than this program "
            f"(Attunement {software_version()}, data version {target}); nothing was changed",
            place=place,
            remedy=f"install Attunement {software} or later, or choose another folder with --data",
        )


def bring_up_to_date(
    engine: Engine,
    place: str,
    database: Path | None,
    *,
    target: int = SCHEMA_VERSION,
    steps: Mapping[int, Step] = STEPS,
) -> Migrated:
    """Make a new database, or take an older one to ``target``; ``database`` is the file to copy first, if it is one.

    Raises EnvironmentFault for a newer database, for one that is not ours, and when a step breaks; in every case the
    old database is whole.
    """
    found, software = found_version(engine, place)
    refuse_newer(found, software, place, target=target)
    if found == target:
        return Migrated(found, target)
    if found == 0:
        with engine.begin() as connection:
            metadata.create_all(connection)
            _stamp(connection, target)
        return Migrated(0, target)
    backup = None if database is None else _copy_first(database, target)
    try:
        with engine.begin() as connection:
            for number in range(found + 1, target + 1):
                steps[number](connection)
                _stamp(connection, number)
            broken = broken_references(connection)
            if broken:
                raise ValueError(f"rows without their owner in {', '.join(broken)}")
    except Exception as error:
        kept = "" if backup is None else f", and a copy of it is {backup.name}"
        raise EnvironmentFault(
            f"bringing the data from version {found} to {target} failed ({error}); the database is as it was{kept}",
            place=place,
            remedy=f"go on with Attunement {software}, and tell us what is written here",
        ) from error
    return Migrated(found, target, backup)


def _stamp(connection: Connection, number: int) -> None:
    row = {"version": number, "software": software_version(), "at": Anchor.now().wall.isoformat()}
    connection.execute(insert(schema_version).values(**row))


def _copy_first(database: Path, target: int) -> Path:
    for attempt in range(1000):
        suffix = f"-{attempt}" if attempt else ""
        copy = database.with_name(f"{database.stem}-before-v{target}{suffix}.db")
        if not copy.exists():
            copy_database(database, copy)
            return copy
    raise FileExistsError(f"a thousand copies of {database.name} from before version {target}")
