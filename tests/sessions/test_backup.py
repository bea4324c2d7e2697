"""Backup: one whole file of one moment, taken while recording goes on, never over another file."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from acquisition.errors import BadInput, EnvironmentFault
from sessions.service import Service
from sessions.store.batch import Kept
from tests.sessions.keeping import SYSTEM, heard, keep, meta


def test_a_backup_put_in_an_empty_folder_is_the_same_store(tmp_path: Path) -> None:
    """Renamed to attunement.db elsewhere, it gives the same recordings, beats and settings."""
    with Service.open(tmp_path / "data", writable=True) as service:
        kept = keep(service, heard(40, lost_at=10), client="A7")
        service.set_setting(SYSTEM, "theme", "dark")
        (tmp_path / "other").mkdir()
        copy = service.backup(SYSTEM, tmp_path / "other" / "attunement.db")
        summaries, told = service.recordings(SYSTEM), service.recording_file(SYSTEM, kept.recording_id)
    with Service.open(copy.parent, writable=True) as other:
        assert other.recordings(SYSTEM) == summaries
        assert other.recording_file(SYSTEM, kept.recording_id) == told
        assert other.setting(SYSTEM, "theme") == "dark"


def test_recording_goes_on_while_a_backup_is_taken(tmp_path: Path) -> None:
    """The copy is whole and holds what was acknowledged; the recording misses nothing."""
    items: list[Kept] = list(heard(60))
    with Service.open(tmp_path / "data", writable=True) as service:
        recorder = service.start_recording(SYSTEM, meta())
        for number, item in enumerate(items):
            recorder.put(item)
            if number == 50:
                recorder.flush()
                service.backup(SYSTEM, tmp_path / "copy.db")
        recorder.close()
        assert service.recording(SYSTEM, recorder.recording_id).missing_beats == 0
    with closing(sqlite3.connect(tmp_path / "copy.db")) as copy:
        assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert copy.execute("SELECT puts FROM recording").fetchone()[0] >= 51
    assert not (tmp_path / "copy.db-wal").exists()


def test_a_reader_can_take_a_backup_too(tmp_path: Path) -> None:
    """`attune backup` works beside a running `attune serve`."""
    with (
        Service.open(tmp_path / "data", writable=True) as service,
        Service.open(tmp_path / "data", writable=False) as reader,
    ):
        keep(service, heard(3))
        assert reader.backup(SYSTEM, tmp_path / "copy.db").exists()


def test_nothing_is_ever_overwritten(tmp_path: Path) -> None:
    """A file or folder at that place stays as it is, and no half-made copy is left beside it."""
    (tmp_path / "precious.txt").write_text("mine")
    with Service.open(tmp_path / "data", writable=True) as service:
        with pytest.raises(BadInput, match="stands there already"):
            service.backup(SYSTEM, tmp_path / "precious.txt")
        with pytest.raises(BadInput, match="a folder stands there"):
            service.backup(SYSTEM, tmp_path)
    assert (tmp_path / "precious.txt").read_text() == "mine"
    assert {path.name for path in tmp_path.iterdir()} == {"precious.txt", "data"}


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    """A folder that is not there: exit 5, and no file anywhere."""
    with (
        Service.open(tmp_path / "data", writable=True) as service,
        pytest.raises(EnvironmentFault, match="No such file or directory"),
    ):
        service.backup(SYSTEM, tmp_path / "no" / "where" / "copy.db")


def test_where_nothing_was_kept_there_is_nothing_to_back_up(tmp_path: Path) -> None:
    """An empty folder says so instead of making an empty copy."""
    with (
        Service.open(tmp_path / "none", writable=False) as service,
        pytest.raises(EnvironmentFault, match="nothing to back up"),
    ):
        service.backup(SYSTEM, tmp_path / "copy.db")
    assert not (tmp_path / "copy.db").exists()
