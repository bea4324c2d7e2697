"""Migrations: whole or not at all, a copy first, and hands off what a newer program wrote."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Connection

from acquisition.errors import EnvironmentFault
from sessions.service import Service
from sessions.store.engine import writing_engine
from sessions.store.migrations import STEPS, Migrated, Step, bring_up_to_date
from sessions.store.schema import SCHEMA_VERSION
from tests.sessions.keeping import SYSTEM, heard, keep

ROOT = Path(__file__).parents[2]
NEWER = rf"Attunement 9\.8\.7 \(data version 99\).*data version {SCHEMA_VERSION}"
FAILED = f"from version {SCHEMA_VERSION} to {SCHEMA_VERSION + 3} failed"


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """A database of today with one recording in it."""
    with Service.open(tmp_path, writable=True) as service:
        keep(service, heard(30))
    return tmp_path / "attunement.db"


def add_column(connection: Connection) -> None:
    connection.exec_driver_sql("ALTER TABLE recording ADD COLUMN mood TEXT DEFAULT 'unknown'")


def rebuild(connection: Connection) -> None:
    """What SQLite needs for a change of a column: a new table, the rows copied, the old one dropped."""
    connection.exec_driver_sql("CREATE TABLE beat_new AS SELECT * FROM beat")
    connection.exec_driver_sql("DROP TABLE beat")
    connection.exec_driver_sql("ALTER TABLE beat_new RENAME TO beat")


def rebuild_owner(connection: Connection) -> None:
    connection.exec_driver_sql("CREATE TABLE s2 (no INTEGER PRIMARY KEY, recording_no, participant_no, name, kind)")
    connection.exec_driver_sql("INSERT INTO s2 SELECT no, recording_no, participant_no, name, kind FROM stream")
    connection.exec_driver_sql("DROP TABLE stream")
    connection.exec_driver_sql("ALTER TABLE s2 RENAME TO stream")


def break_off(_connection: Connection) -> None:
    raise RuntimeError("the light went out")


def orphan(connection: Connection) -> None:
    connection.exec_driver_sql("DELETE FROM stream")


def migrate(database: Path, *steps: Step) -> Migrated:
    engine = writing_engine(database, migrating=True)
    numbered = {SCHEMA_VERSION + 1 + number: step for number, step in enumerate(steps)}
    try:
        return bring_up_to_date(
            engine, str(database.parent), database, target=SCHEMA_VERSION + len(steps), steps=numbered
        )
    finally:
        engine.dispose()


def content(database: Path) -> list[str]:
    """Everything in it, as statements."""
    with closing(sqlite3.connect(database)) as connection:
        return list(connection.iterdump())


def test_every_version_has_a_step() -> None:
    """There is a way from the first release to today."""
    assert set(STEPS) == set(range(2, SCHEMA_VERSION + 1))


def test_a_new_database_begins_at_the_version_of_today(tmp_path: Path) -> None:
    """A fresh folder needs no step and no copy; opened again it changes nothing."""
    with Service.open(tmp_path, writable=True) as service:
        assert service.migrated == Migrated(0, SCHEMA_VERSION)
    with Service.open(tmp_path, writable=True) as service:
        assert service.migrated == Migrated(SCHEMA_VERSION, SCHEMA_VERSION)
    assert not list(tmp_path.glob("*before*"))


def test_an_older_database_is_copied_and_brought_up_to_date(database: Path) -> None:
    """All steps run in order, every row is kept, and the copy is the database as it was."""
    before = content(database)
    done = migrate(database, add_column, rebuild, rebuild_owner)
    assert done.from_version == SCHEMA_VERSION
    assert done.to_version == SCHEMA_VERSION + 3
    assert done.backup is not None
    assert content(done.backup) == before
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute("SELECT mood FROM recording").fetchall() == [("unknown",)]
        assert connection.execute("SELECT count(*) FROM beat").fetchone() == (40,)
        versions = connection.execute("SELECT version FROM schema_version ORDER BY version").fetchall()
        assert versions == [(number,) for number in range(SCHEMA_VERSION, SCHEMA_VERSION + 4)]


def test_the_first_release_learns_how_long_the_heart_was_recorded(database: Path) -> None:
    """Recordings of version 1 show the same length afterwards as if they had been made today."""
    with Service.open(database.parent, writable=False) as service:
        today = service.recordings(SYSTEM)
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("ALTER TABLE recording DROP COLUMN heart_s")
        connection.execute("UPDATE schema_version SET version = 1")
    with Service.open(database.parent, writable=True) as service:
        assert service.migrated is not None
        assert service.migrated.from_version == 1
        lengths = [summary.duration_s for summary in service.recordings(SYSTEM)]
    assert lengths == pytest.approx([summary.duration_s for summary in today])


def test_a_step_that_breaks_leaves_the_old_database_whole(database: Path) -> None:
    """Steps before the broken one are undone too; the fault names both versions and the copy."""
    before = content(database)
    with pytest.raises(EnvironmentFault, match=rf"{FAILED} .*went out.*as it was") as caught:
        migrate(database, add_column, rebuild, break_off)
    assert f"attunement-before-v{SCHEMA_VERSION + 3}.db" in str(caught.value)
    assert content(database) == before
    with Service.open(database.parent, writable=False) as service:
        assert service.recordings(SYSTEM)[0].beats == 40


def test_a_step_that_loses_owners_is_undone(database: Path) -> None:
    """References are looked at before the commit, since no step follows them."""
    before = content(database)
    with pytest.raises(EnvironmentFault, match="rows without their owner in beat"):
        migrate(database, orphan)
    assert content(database) == before


def test_a_migration_that_is_killed_leaves_the_old_database_whole(database: Path) -> None:
    """The process dies between two steps without a word; the next one finds everything as it was and can try again."""
    before = content(database)
    code = (
        "import os, sys; from pathlib import Path; from tests.sessions.test_migrations import *\n"
        "migrate(Path(sys.argv[1]), add_column, rebuild, lambda connection: os._exit(9))"
    )
    died = subprocess.run([sys.executable, "-c", code, str(database)], cwd=ROOT, check=False)
    assert died.returncode == 9
    assert content(database) == before
    done = migrate(database, add_column, rebuild)
    assert done.to_version == SCHEMA_VERSION + 2
    assert {path.name for path in database.parent.glob("*before*")} == {
        f"attunement-before-v{SCHEMA_VERSION + 3}.db",
        f"attunement-before-v{SCHEMA_VERSION + 2}.db",
    }


def test_a_copy_is_never_overwritten(database: Path) -> None:
    """A second try makes a second copy."""
    for _ in range(2):
        with pytest.raises(EnvironmentFault):
            migrate(database, break_off)
    assert {path.name for path in database.parent.glob("*before*")} == {
        f"attunement-before-v{SCHEMA_VERSION + 1}.db",
        f"attunement-before-v{SCHEMA_VERSION + 1}-1.db",
    }


def test_a_newer_database_is_refused_with_both_versions_named(database: Path) -> None:
    """Neither a writer nor a reader touches what a newer program wrote."""
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("INSERT INTO schema_version VALUES (99, '9.8.7', '2031-01-01')")
    before = database.read_bytes()
    for writable in (True, False):
        with pytest.raises(EnvironmentFault, match=NEWER) as caught:
            Service.open(database.parent, writable=writable)
        assert caught.value.exit_status == 5
        assert "install Attunement 9.8.7 or later" in str(caught.value)
    assert database.read_bytes() == before


def test_another_programs_database_is_left_alone(tmp_path: Path) -> None:
    """A SQLite file that is not ours is refused, whoever put it there."""
    with closing(sqlite3.connect(tmp_path / "attunement.db")) as connection, connection:
        connection.execute("CREATE TABLE shopping (what TEXT)")
    for writable in (True, False):
        with pytest.raises(EnvironmentFault, match="not made by Attunement"):
            Service.open(tmp_path, writable=writable)


def test_a_file_left_empty_by_a_first_start_that_died_is_used(tmp_path: Path) -> None:
    """The very first start was cut off before the tables were there: nothing is lost, the next start makes them."""
    (tmp_path / "attunement.db").touch()
    with Service.open(tmp_path, writable=False) as service:
        assert service.recordings(SYSTEM) == []
    with Service.open(tmp_path, writable=True) as service:
        keep(service, heard(3))
        assert len(service.recordings(SYSTEM)) == 1
