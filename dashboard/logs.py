"""A rotating log for finding faults, without names and without anything of anybody's heart.

Messages are ours and carry no values; of an error only its kind and the places it passed are written, since the
words of an error can hold what somebody typed.
"""

from __future__ import annotations

import logging
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from traceback import extract_tb
from types import TracebackType

LOG_NAME = "attune.log"
LOG_BYTES = 500_000
"""Size at which a new file is begun; the whole log stays under 2 MB."""
LOG_FILES = 3
OWN = ("acquisition", "processing", "sessions", "dashboard", "attunement")
"""Only these loggers write; libraries may put addresses and payloads into their messages."""


def log_path(data: Path) -> Path:
    """Where the log lies."""
    return data / LOG_NAME


class PlainFormatter(logging.Formatter):
    """Time, level, place, message; an error as its kind and the lines it passed."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def formatException(  # noqa: N802  # the name is logging's
        self, ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
    ) -> str:
        """Kind and places, never the words."""
        kind, _, trace = ei
        if kind is None:
            return ""
        places = [f"  {Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in extract_tb(trace)]
        return "\n".join([kind.__name__, *places])


class PrivateFile(RotatingFileHandler):
    """A rotating file that only its owner can read."""

    def _open(self) -> TextIOWrapper:
        path = Path(self.baseFilename)
        path.touch(mode=0o600)
        return TextIOWrapper(path.open(f"{self.mode}b"), encoding=self.encoding, line_buffering=True)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  # the name is logging's
        """A log that cannot be written (a full disk) stops nobody and says nothing on a person's terminal."""


def start(data: Path) -> Path:
    """Write our own loggers to the log in ``data``; returns its path. Raises OSError when it cannot be written."""
    path = log_path(data)
    handler = PrivateFile(path, maxBytes=LOG_BYTES, backupCount=LOG_FILES, encoding="utf-8", delay=True)
    handler.setFormatter(PlainFormatter())
    for name in OWN:
        logger = logging.getLogger(name)
        logger.setLevel(logging.INFO)
        logger.propagate = False
        for old in list(logger.handlers):
            logger.removeHandler(old)
            old.close()
        logger.addHandler(handler)
    return path
