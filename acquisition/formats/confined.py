"""A parser of foreign bytes runs in a process of its own, with an end to its memory, its time and its answer.

Whatever a hostile file does there, what comes back is an answer in JSON or a typed error. The parsers' libraries are
loaded in that process only. Limits of memory and of writing need POSIX; the limit of time holds everywhere.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from acquisition.errors import UnreadableFile

SECONDS = 30.0
"""A recording of a day parses in a few seconds on a slow machine."""
MEMORY_BYTES = 1024 * 1024 * 1024
"""Address space: the interpreter and numpy take about 200 MB, the largest file 256 MB, its intervals a few MB."""
MOST_INTERVALS = 2_000_000
"""Values that a parser hands back at most: nine days at 150 beats/min."""

_ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
"""Threads of linear algebra reserve address space each, and nothing here needs them."""
_MEND = "export the recording again; if it opens elsewhere, export its RR intervals as text, one a line"


class Unparsable(Exception):
    """A parser's own refusal: what is wrong, where in the file, and what to do."""

    def __init__(self, what: str, at: str = "", remedy: str = "") -> None:
        self.what, self.at, self.remedy = what, at, remedy
        super().__init__(what)


def parse(parser: str, path: Path, data: bytes) -> dict[str, Any]:
    """What the parser of this name (a module of this package) makes of the bytes. Raises UnreadableFile."""
    try:
        stdout, status = run_apart(parser, data)
    except subprocess.TimeoutExpired as error:
        what = f"reading it takes longer than {SECONDS:g} s, which no recording does"
        raise UnreadableFile(what, place=str(path), remedy=_MEND) from error
    except OSError as error:
        what = f"no process can be started to read it in ({error.strerror or error})"
        raise UnreadableFile(what, place=str(path), remedy="close other programs and try again") from error
    return _answer(path, stdout, status)


def run_apart(parser: str, data: bytes) -> tuple[bytes, int]:
    """Output and exit status of the process that parses; raises TimeoutExpired or OSError."""
    command = [sys.executable, "-P", "-m", "acquisition.formats.confined_child", parser, str(MEMORY_BYTES)]
    done = subprocess.run(  # noqa: S603 # our own interpreter and module; the data go through a pipe
        [*command, str(SECONDS)],
        input=data,
        capture_output=True,
        timeout=SECONDS,
        env={**os.environ, **_ONE_THREAD},
        check=False,
    )
    return done.stdout, done.returncode


def _answer(path: Path, stdout: bytes, status: int) -> dict[str, Any]:
    try:
        answer = json.loads(stdout)
    except ValueError:
        answer = None
    if status != 0 or not isinstance(answer, dict):
        what = f"the reading process died of it (status {status})"
        raise UnreadableFile(what, place=str(path), remedy=_MEND)
    if "error" in answer:
        at = answer.get("at")
        place = f"{path}, {at}" if at else str(path)
        raise UnreadableFile(str(answer["error"]), place=place, remedy=str(answer.get("remedy") or _MEND))
    return answer
