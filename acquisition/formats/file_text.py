"""Bytes of a file → its lines of text, or a refusal that says why it is no text."""

from __future__ import annotations

import re
from pathlib import Path

from acquisition.errors import UnreadableFile

MAX_BYTES = 256 * 1024 * 1024
"""Larger files are refused: 24 h of beats with their frames are about 20 MB, so this is something else."""
MAX_ROWS = 2_000_000
"""Rows of another program's text beyond this are refused: nine days at 150 beats/min, far past any recording."""

READABLE = (
    "give RR intervals as text (one a line, in ms or s), one of the formats listed in docs/formats.md, "
    "or a recording ending in .attune.jsonl"
)
"""The remedy of every file that no reader knows."""

_BYTE_ORDER_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_NEVER_IN_TEXT = re.compile(r"[\x00-\x08\x0b\x0e-\x19\x1b-\x1f]")
"""Control characters other than those that text files do hold (DOS text may end in 0x1A)."""


def text_of(path: Path, data: bytes) -> str:
    """The text that the bytes are; raises UnreadableFile when they are empty or no text."""
    if not data.strip():
        raise UnreadableFile("the file is empty", place=str(path), remedy=READABLE)
    text = _decoded(data)
    if text is None or _NEVER_IN_TEXT.search(text):
        raise UnreadableFile("this is a binary file, not a recording", place=str(path), remedy=READABLE)
    return text


def check_rows(path: Path, text: str) -> None:
    """Raise UnreadableFile when a text has more rows or more numbers than any recording of beats."""
    marks = sum(text.count(mark) for mark in ("\n", "\r", " ", "\t"))
    if marks > MAX_ROWS and max(text.count("\n"), text.count("\r"), len(text.split())) > MAX_ROWS:
        what = f"the text has more than {MAX_ROWS} rows, more than any recording of heart beats"
        raise UnreadableFile(what, place=str(path), remedy="cut it into parts of a day or less")


def read_bytes(path: Path) -> bytes:
    """The file's bytes; raises UnreadableFile when it is missing, too large or cannot be read."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError as error:
        raise UnreadableFile("there is no such file", place=str(path), remedy="check the path") from error
    except IsADirectoryError as error:
        raise UnreadableFile("this is a folder", place=str(path), remedy="name one file in it") from error
    except OSError as error:
        what = f"the file cannot be read ({error.strerror or error})"
        raise UnreadableFile(what, place=str(path), remedy="check its permissions") from error
    if len(data) > MAX_BYTES:
        what = f"the file has more than {MAX_BYTES} bytes, more than any recording"
        raise UnreadableFile(what, place=str(path), remedy=READABLE)
    return data


def _decoded(data: bytes) -> str | None:
    """The text, or None; a UTF-8 letter that is cut off at the very end is left out (the writer was stopped there)."""
    marked = next((name for mark, name in _BYTE_ORDER_MARKS if data.startswith(mark)), None)
    for encoding in (marked,) if marked else ("utf-8", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError as error:
            if encoding == "utf-8" and error.reason == "unexpected end of data" and error.end >= len(data):
                return data[: error.start].decode(encoding)
    return None
