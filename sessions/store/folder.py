"""The data folder: who may enter it, who writes in it, and how much room is left.

One process writes in a folder at a time, and an operating-system lock says which: it is let go by the system itself
when the process dies, however it dies. Readers need no lock. The folder is for its owner alone (0700, files 0600).
"""

from __future__ import annotations

import os
import secrets
import shutil
import sys
import time
from contextlib import suppress
from pathlib import Path

from acquisition.errors import EnvironmentFault

DATABASE_NAME = "attunement.db"
LOCK_NAME = "attunement.lock"
BALLAST_NAME = "ballast.bin"

FOLDER_MODE = 0o700
FILE_MODE = 0o600

BALLAST_BYTES = 4 * 1024 * 1024
"""Held back so that a session can be ended whole on a full disk: room for the log of writes (1 MiB, engine.py) and
some hours of beats beside it (about 1 MB an hour for one strap, measured by benchmarks/recording.py)."""

ROOM_TO_START_BYTES = 16 * 1024 * 1024
"""No recording is begun with less room than this: four times the ballast, a whole day of one strap's beats."""

LOCK_TRIES = 10
LOCK_PAUSE_S = 0.1
"""A second in all: a reader that just looks whether somebody writes holds the lock for some microseconds."""


class DiskFull(EnvironmentFault):
    """No room left; the one fault against which the ballast helps."""


class DataFolder:
    """One folder on disk and, for the process that writes, the lock on it."""

    def __init__(self, path: Path) -> None:
        self.path = path.expanduser()
        self._lock: int | None = None

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return self.path / DATABASE_NAME

    @property
    def lock_path(self) -> Path:
        """The file whose lock says that somebody writes."""
        return self.path / LOCK_NAME

    @property
    def ballast(self) -> Path:
        """The file that is given up when the disk is full."""
        return self.path / BALLAST_NAME

    def prepare(self) -> None:
        """Make the folder if need be, keep others out, and find out whether it can be written to.

        Raises EnvironmentFault when it cannot.
        """
        try:
            self.path.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
            if self._is_ours():
                self.path.chmod(FOLDER_MODE)
            probe = self.path / f".probe-{os.getpid()}-{secrets.token_hex(4)}"
            private_file(probe)
            probe.unlink()
        except OSError as error:
            raise folder_fault(self.path, error) from error

    def _is_ours(self) -> bool:
        """Whether the folder is for our data alone: somebody's Documents keep the mode that they have."""
        names = {path.name for path in self.path.iterdir()}
        return DATABASE_NAME in names or all(name.startswith("attune") for name in names)

    def take_lock(self) -> None:
        """Become the one writing process of this folder, or raise EnvironmentFault because another one is."""
        try:
            private_file(self.lock_path, exist_ok=True)
            handle = os.open(self.lock_path, os.O_RDWR)
        except OSError as error:
            raise folder_fault(self.path, error) from error
        for _ in range(LOCK_TRIES):
            if _try_lock(handle):
                self._lock = handle
                self._write_holder(handle)
                return
            time.sleep(LOCK_PAUSE_S)
        holder = _read_holder(handle)
        os.close(handle)
        raise EnvironmentFault(
            f"this data folder is in use by another Attunement{holder}; everything in it is kept",
            place=str(self.path),
            remedy="close that one first, or choose another folder with --data",
        )

    def release_lock(self) -> None:
        """Let others write; may be called twice."""
        if self._lock is not None:
            _unlock(self._lock)
            os.close(self._lock)
            self._lock = None

    def is_being_written(self) -> bool:
        """Whether some process, this one included, holds the lock now."""
        if self._lock is not None:
            return True
        try:
            handle = os.open(self.lock_path, os.O_RDWR)
        except OSError:
            return False
        try:
            if not _try_lock(handle):
                return True
            _unlock(handle)
            return False
        finally:
            os.close(handle)

    @staticmethod
    def _write_holder(handle: int) -> None:
        with suppress(OSError):  # only a courtesy to whoever is turned away
            os.ftruncate(handle, 0)
            os.write(handle, str(os.getpid()).encode())

    def copies(self) -> tuple[Path, ...]:
        """Copies of the database that migrations left here."""
        return tuple(sorted(self.path.glob(f"{self.database.stem}-before-v*.db")))

    def free_bytes(self) -> int:
        """Room left on the disk, bytes."""
        return shutil.disk_usage(self.path).free

    def require_room(self) -> None:
        """Raise EnvironmentFault when there is too little room to begin a recording."""
        free = self.free_bytes()
        if free < ROOM_TO_START_BYTES:
            raise full_fault(self.path, free)

    def lay_ballast(self) -> None:
        """Hold some room back, unless the disk has too little of it."""
        if self.ballast.exists() or self.free_bytes() < ROOM_TO_START_BYTES + BALLAST_BYTES:
            return
        try:
            handle = private_file(self.ballast, keep_open=True)
            with os.fdopen(handle, "wb") as out:
                out.write(secrets.token_bytes(BALLAST_BYTES))  # random: a compressing disk must not swallow it
        except OSError:
            self.drop_ballast()

    def drop_ballast(self) -> bool:
        """Give the room back; False when there was none to give."""
        try:
            self.ballast.unlink()
        except OSError:
            return False
        return True


def private_file(path: Path, *, exist_ok: bool = False, keep_open: bool = False) -> int:
    """Create an empty file that only its owner can read; returns its handle (closed unless ``keep_open``).

    Raises FileExistsError unless ``exist_ok``, and OSError as the system does. Side files that SQLite puts beside a
    database take over the database's mode.
    """
    flags = os.O_CREAT | os.O_RDWR | (0 if exist_ok else os.O_EXCL)
    handle = os.open(path, flags, FILE_MODE)
    if not keep_open:
        os.close(handle)
    return handle


def folder_fault(path: Path, error: OSError) -> EnvironmentFault:
    """A folder that cannot be made or written to, in words that say what to do."""
    return EnvironmentFault(
        f"the data folder cannot be written to ({error.strerror or error}); nothing was changed",
        place=str(path),
        remedy="give yourself write permission there, or choose another folder with --data",
    )


def full_fault(path: Path, free: int | None = None) -> DiskFull:
    """A full disk, in words that say what is kept and what to do."""
    left = "" if free is None else f" ({free // (1024 * 1024)} MiB left)"
    return DiskFull(
        f"the disk of the data folder is full{left}; everything recorded so far is kept",
        place=str(path),
        remedy="free some room on that disk; recording goes on by itself as soon as there is some",
    )


def _read_holder(handle: int) -> str:
    try:
        os.lseek(handle, 0, os.SEEK_SET)
        text = os.read(handle, 32).decode("ascii", "replace").strip()
    except OSError:
        return ""
    return f" (process {text})" if text.isdigit() else ""


if sys.platform == "win32":
    import msvcrt

    _LOCKED_BYTE = 64
    """Beyond what is written: on Windows a locked byte cannot be read by others."""

    def _try_lock(handle: int) -> bool:
        os.lseek(handle, _LOCKED_BYTE, os.SEEK_SET)
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _unlock(handle: int) -> None:
        os.lseek(handle, _LOCKED_BYTE, os.SEEK_SET)
        with suppress(OSError):
            msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _try_lock(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True

    def _unlock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_UN)
