"""The data folder and the engine: private, one writer, room held back, SQLite set as the promise needs it."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from acquisition.errors import EnvironmentFault
from sessions.service import Service
from sessions.store.engine import reading_engine, writing_engine
from sessions.store.faults import translate
from sessions.store.folder import BALLAST_BYTES, DataFolder, DiskFull
from tests.sessions.keeping import SYSTEM, heard, keep, meta

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps access by other means than modes")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@posix
def test_nobody_else_can_read_the_folder_or_a_file_in_it(tmp_path: Path) -> None:
    """The folder is 0700 and every file 0600, the log of writes included, whatever the umask."""
    before = os.umask(0)
    try:
        with Service.open(tmp_path / "deep" / "data", writable=True) as service:
            keep(service, heard(5))
            service.backup(SYSTEM, tmp_path / "copy.db")
            names = {path.name for path in Path(service.place).iterdir()}
            assert {"attunement.db", "attunement.db-wal", "attunement.db-shm", "attunement.lock"} <= names
            assert mode(Path(service.place)) == 0o700
            for path in [*Path(service.place).iterdir(), tmp_path / "copy.db"]:
                assert mode(path) == 0o600, path
    finally:
        os.umask(before)


@posix
def test_an_open_folder_of_ours_is_closed_to_others(tmp_path: Path) -> None:
    """A folder with nothing but our log in it becomes private; somebody's Documents stay as they are."""
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    for folder in (ours, theirs):
        folder.mkdir(mode=0o755)
        (folder / "attune.log").touch()
    (theirs / "letter.txt").write_text("dear")
    for folder in (ours, theirs):
        Service.open(folder, writable=True).close()
    assert (mode(ours), mode(theirs)) == (0o700, 0o755)
    assert mode(theirs / "attunement.db") == 0o600


def test_a_folder_that_cannot_be_made_is_a_fault_that_says_what_to_do(tmp_path: Path) -> None:
    """A file stands where the folder should be: exit 5, the place, and --data."""
    (tmp_path / "file").write_text("x")
    with pytest.raises(EnvironmentFault, match="cannot be written to") as caught:
        Service.open(tmp_path / "file" / "data", writable=True)
    assert caught.value.exit_status == 5
    assert str(tmp_path) in str(caught.value)
    assert "--data" in str(caught.value)


def test_a_second_writer_is_turned_away_and_readers_are_not(tmp_path: Path) -> None:
    """One process writes; the message names its number and says what to do; reading goes on meanwhile."""
    with Service.open(tmp_path, writable=True) as first:
        with pytest.raises(EnvironmentFault, match=rf"in use by another Attunement \(process {os.getpid()}\)"):
            Service.open(tmp_path, writable=True)
        with Service.open(tmp_path, writable=False) as reader:
            assert reader.recordings(SYSTEM) == []
        assert first.writable
    Service.open(tmp_path, writable=True).close()


def test_a_lock_goes_with_its_process(tmp_path: Path) -> None:
    """A writer that is killed leaves nothing behind that would keep the next one out."""
    code = (
        "import sys, time; from pathlib import Path; from sessions.service import Service\n"
        "Service.open(Path(sys.argv[1]), writable=True); print('open', flush=True); time.sleep(60)"
    )
    command = [sys.executable, "-c", code, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=Path(__file__).parents[2]) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"open\n"
        assert DataFolder(tmp_path).is_being_written()
        child.kill()
    assert not DataFolder(tmp_path).is_being_written()
    Service.open(tmp_path, writable=True).close()


def test_a_file_that_is_no_database_is_left_as_it_is(tmp_path: Path) -> None:
    """Garbage under our name is refused in words, for writers and readers, and not a byte is changed."""
    (tmp_path / "attunement.db").write_bytes(b"not a database at all" * 100)
    for writable in (True, False):
        with pytest.raises(EnvironmentFault, match="damaged or not a database"):
            Service.open(tmp_path, writable=writable)
    assert (tmp_path / "attunement.db").read_bytes() == b"not a database at all" * 100
    assert not DataFolder(tmp_path).is_being_written()


def test_reading_a_folder_that_is_not_there_finds_nothing_and_makes_nothing(tmp_path: Path) -> None:
    """`attune recordings` on a fresh machine prints an empty list and leaves no folder."""
    with Service.open(tmp_path / "none", writable=False) as service:
        assert service.recordings(SYSTEM) == []
        assert service.setting(SYSTEM, "anything") is None
    assert not (tmp_path / "none").exists()


def test_a_reader_cannot_write(tmp_path: Path) -> None:
    """Opened for reading, everything that would change something is refused."""
    Service.open(tmp_path, writable=True).close()
    with Service.open(tmp_path, writable=False) as service:
        with pytest.raises(EnvironmentFault, match="reading only"):
            service.start_recording(SYSTEM, meta())
        with pytest.raises(EnvironmentFault, match="reading only"):
            service.set_setting(SYSTEM, "a", 1)
    engine = reading_engine(tmp_path / "attunement.db")
    with engine.connect() as connection, pytest.raises(OperationalError, match="readonly"):
        connection.exec_driver_sql("DELETE FROM recording")


def test_the_writing_connection_has_the_settings_that_the_promise_needs(tmp_path: Path) -> None:
    """Write-ahead log, full synchronisation, erasing deletion, references followed, no temporary files."""
    with writing_engine(tmp_path / "a.db").connect() as connection:
        wanted = {
            "journal_mode": "wal",
            "synchronous": 2,
            "secure_delete": 1,
            "foreign_keys": 1,
            "temp_store": 2,
            "wal_autocheckpoint": 250,
            "busy_timeout": 5000,
        }
        found = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in wanted}
    assert found == wanted


def test_room_is_held_back_and_little_room_stops_a_recording_from_beginning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The ballast lies there from the start; with 10 MiB left no recording begins, and the message says so."""
    with Service.open(tmp_path, writable=True) as service:
        assert (tmp_path / "ballast.bin").stat().st_size == BALLAST_BYTES
        monkeypatch.setattr(DataFolder, "free_bytes", lambda _self: 10 * 1024 * 1024)
        with pytest.raises(DiskFull, match="10 MiB left"):
            service.start_recording(SYSTEM, meta())
        assert service.recordings(SYSTEM) == []


def test_a_disk_error_is_told_in_words(tmp_path: Path) -> None:
    """Errors of the system become ours, with place and remedy, and are never shown raw."""
    fault = translate(OSError(28, "No space left on device"), str(tmp_path))
    assert isinstance(fault, DiskFull)
    fault = translate(PermissionError(13, "Permission denied"), str(tmp_path))
    assert "Permission denied" in str(fault)
    assert fault.exit_status == 5
