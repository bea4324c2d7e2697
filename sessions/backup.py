"""A copy of everything, taken while recording goes on: one file that holds the state of one moment, whole."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

from acquisition.errors import BadInput, EnvironmentFault
from sessions.store.engine import copy_database
from sessions.store.faults import translated


def back_up(database: Path, target: Path) -> Path:
    """Copy the database to ``target`` and return its path.

    The copy is made and checked beside its place and takes its name only when it is whole. Raises BadInput when
    something stands there already, EnvironmentFault when there is nothing to copy or the place cannot be written.
    """
    target = target.expanduser().absolute()
    if target.is_dir():
        raise BadInput(
            "a folder stands there", place=str(target), remedy="give the name of a file that is not there yet"
        )
    if target.exists():
        raise _occupied(target)
    if not database.exists():
        raise EnvironmentFault(
            "there is nothing to back up yet", place=str(database), remedy="check --data, or record something first"
        )
    beside = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    with translated(str(target.parent)):
        try:
            copy_database(database, beside)
            _to_disk(beside)
            os.link(beside, target)  # unlike renaming, this never overwrites
            _note_in_folder(target.parent)
        except FileExistsError as error:
            raise _occupied(target) from error
        except OSError as error:
            _take_place(beside, target, error)
        finally:
            beside.unlink(missing_ok=True)
    return target


def _take_place(beside: Path, target: Path, error: OSError) -> None:
    """On disks without hard links (FAT), look once more and rename."""
    if not beside.exists() or target.exists():
        raise error
    beside.rename(target)


def _to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _note_in_folder(folder: Path) -> None:
    with suppress(OSError):  # a folder cannot be opened on Windows, where its entry is safe anyway
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _occupied(target: Path) -> BadInput:
    return BadInput(
        "a file stands there already and is left as it is",
        place=str(target),
        remedy="choose another name, or move that file away",
    )
