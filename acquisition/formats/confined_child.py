"""The process in which one foreign file is parsed: bytes on its input, JSON on its output, limits set first of all."""

from __future__ import annotations

import io
import json
import sys
import warnings
from importlib import import_module

from acquisition.formats.confined import Unparsable

PARSERS = ("archive", "edf_plus", "garmin_fit", "xdf")
"""Modules of this package with ``parse(file) -> dict``; nothing else can be named."""


def limit(memory_bytes: int, seconds: float) -> None:
    """Set what this process may use; where the system has no such limits the caller's clock remains."""
    if sys.platform == "win32":
        return
    import resource

    wanted = {
        resource.RLIMIT_AS: memory_bytes,
        resource.RLIMIT_CPU: int(seconds) + 1,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
    }
    for kind, most in wanted.items():
        try:
            resource.setrlimit(kind, (most, most))
        except (OSError, ValueError):  # a system that knows the limit but not this value (macOS, memory)
            continue


class _Place(io.BytesIO):
    """Remembers how far it was read after a library has closed it."""

    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        self._closed_at = 0

    @property
    def reached(self) -> int:
        return self._closed_at if self.closed else self.tell()

    def close(self) -> None:
        self._closed_at = self.reached
        super().close()


def answer(parser: str, data: bytes) -> str:
    """What the parser says, or its refusal, as JSON."""
    file = _Place(data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what matters of them a parser hands back itself
            found = import_module(f"acquisition.formats.{parser}").parse(file)
        return json.dumps(found, allow_nan=False)
    except Exception as error:  # noqa: BLE001 # parsers of other makers raise whatever their input drives them to
        return json.dumps({"at": f"byte {file.reached}", **_refusal(error)})


def _refusal(error: Exception) -> dict[str, str]:
    if isinstance(error, Unparsable):
        return {"error": error.what, "at": error.at, "remedy": error.remedy}
    if isinstance(error, MemoryError):
        return {"error": "reading it needs more memory than any recording does"}
    if isinstance(error, RecursionError):
        return {"error": "it is nested deeper than any recording"}
    if isinstance(error, ImportError):
        remedy = "install the program again: python -m pip install attunement"
        return {"error": f"the library for this format is missing ({error.name})", "remedy": remedy}
    words = "".join(letter for letter in str(error)[:160] if letter.isprintable())
    return {"error": f"it is damaged or no such file ({type(error).__name__}: {words})"}


def main() -> None:
    """Parse what comes in: PARSER, MEMORY_BYTES and SECONDS are the arguments."""
    parser, memory_bytes, seconds = sys.argv[1:4]
    if parser not in PARSERS:
        raise SystemExit(2)
    limit(int(memory_bytes), float(seconds))
    sys.stdout.write(answer(parser, sys.stdin.buffer.read()))


if __name__ == "__main__":
    main()
