"""What this program can say of itself and its computer: versions, folders, Bluetooth. For settings and ``doctor``."""

from __future__ import annotations

import platform
import sqlite3
import stat
import sys
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path

from dashboard.logs import log_path

PACKAGES = ("attunement", "bleak", "dash", "fastapi", "neurokit2", "numpy", "plotly", "SQLAlchemy", "uvicorn")
SAFE_SQLITE = (3, 51, 3)
"""Below it, two connections that write and checkpoint at once can corrupt a database; with our one
writing connection it cannot happen, and doctor says so."""
BLUETOOTH_WORKS = "Bluetooth is ready."


def version() -> str:
    """The program's own version."""
    return metadata.version("attunement")


def versions() -> dict[str, str]:
    """Python, SQLite and the packages that numbers depend on."""
    found = {"python": platform.python_version(), "system": platform.platform(terse=True)}
    found["sqlite"] = sqlite3.sqlite_version
    return found | {name: metadata.version(name) for name in PACKAGES}


def sqlite_warning(version_info: tuple[int, ...] = sqlite3.sqlite_version_info) -> str | None:
    """A sentence when this SQLite is older than the one that is safe with several writers, else None."""
    if version_info >= SAFE_SQLITE:
        return None
    wanted = ".".join(map(str, SAFE_SQLITE))
    have = ".".join(map(str, version_info))
    return (
        f"SQLite {have} is older than {wanted}, which mends a fault with several writers at once; "
        "this program writes through one connection only, so recordings are safe"
    )


def folder_size(folder: Path) -> int:
    """Bytes in all files under a folder; files that vanish meanwhile do not count."""
    total = 0
    for path in folder.rglob("*"):
        try:
            total += path.lstat().st_size if path.is_file() else 0
        except OSError:
            continue
    return total


def permissions(folder: Path) -> str | None:
    """The folder's mode as ``rwx------``, or None where there is none to tell."""
    if sys.platform == "win32" or not folder.exists():
        return None
    return stat.filemode(folder.stat().st_mode)[1:]


def of_folder(folder: Path) -> Mapping[str, str]:
    """Where things lie, for people."""
    mode = permissions(folder)
    return {
        "Data folder": str(folder),
        "Size": f"{folder_size(folder) / 1e6:.1f} MB",
        **({"Open to": "you alone" if mode == "rwx------" else f"others too ({mode})"} if mode else {}),
        "Log": str(log_path(folder)),
    }


async def bluetooth() -> str:
    """Whether a sensor could be reached now, in a sentence that says what to do when not."""
    from acquisition.errors import SensorError
    from acquisition.sensor import scan

    try:
        await scan(0.0)
    except SensorError as fault:
        return str(fault)
    return BLUETOOTH_WORKS
