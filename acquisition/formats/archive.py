"""Zip and gzip: a recording within an archive is read as if it lay in a folder with the other files of the archive.

Unpacked is only what fits a bound, small files first, and never onto the disk. What is left aside is named.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from acquisition.formats.confined import Unparsable
from acquisition.formats.confined import parse as parse_confined
from acquisition.formats.document import Document

ZIP, GZIP = b"PK\x03\x04", b"\x1f\x8b"
UNPACKED_BYTES = 64 * 1024 * 1024
"""All files together, unpacked: a hundred days of beats as text."""
MOST_MEMBERS = 2000
"""Files that are looked at; an export of years of daily sittings has fewer."""
OFFICE = "[Content_Types].xml"
"""A file that every spreadsheet and text document of the office kind holds, and nothing else."""


def recognises(data: bytes) -> bool:
    """True when the bytes begin as a zip or gzip does."""
    return data.startswith((ZIP, GZIP))


def parse(file: io.BytesIO) -> dict[str, Any]:
    """Names and contents (base64) of what was unpacked, and why each other file was left aside."""
    if file.getvalue().startswith(GZIP):
        return _gzip(file)
    return _zip(file)


def members(document: Document) -> tuple[list[Document], dict[str, str]]:
    """The files of an archive, each with the way to its neighbours, and what was left aside and why.

    Raises UnreadableFile when the archive itself is damaged, locked or an office document.
    """
    found = parse_confined("archive", document.path, document.data)
    contents = {str(name): base64.b64decode(data) for name, data in found["members"]}
    inside = [_inside(document.path, name, data, contents) for name, data in contents.items()]
    return inside, {str(name): str(why) for name, why in found["left_aside"]}


def _inside(archive: Path, name: str, data: bytes, contents: Mapping[str, bytes]) -> Document:
    folder = name.rpartition("/")[0]

    def beside(other: str) -> bytes | None:
        return contents.get(f"{folder}/{other}" if folder else other)

    return Document(archive / name, data, beside)


# ---- in the process of its own ------------------------------------------------------------


def _gzip(file: io.BytesIO) -> dict[str, Any]:
    import gzip

    with gzip.open(file) as packed:
        data = packed.read(UNPACKED_BYTES + 1)
    if len(data) > UNPACKED_BYTES:
        raise Unparsable(f"unpacked it has more than {UNPACKED_BYTES} bytes, more than any recording of beats")
    return {"members": [["unpacked", base64.b64encode(data).decode()]], "left_aside": []}


def _zip(file: io.BytesIO) -> dict[str, Any]:
    import zipfile

    unpacked: list[list[str]] = []
    aside: list[list[str]] = []
    room = UNPACKED_BYTES
    with zipfile.ZipFile(file) as packed:
        infos = [info for info in packed.infolist() if not info.is_dir() and not _hidden(info.filename)]
        if any(info.filename == OFFICE for info in infos):
            raise Unparsable(
                "this is a spreadsheet or text document", remedy="save the column of intervals as text (CSV)"
            )
        infos.sort(key=lambda info: (info.file_size, info.filename))
        for number, info in enumerate(infos):
            name = _printable(info.filename)
            why = _why_not(info, room, number)
            if why:
                aside.append([name, why])
                continue
            try:
                data = packed.read(info)
            except MemoryError:
                raise
            except Exception as error:  # noqa: BLE001 # zipfile, zlib, bz2 and lzma raise errors of many kinds
                aside.append([name, f"it cannot be unpacked ({error})"])
                continue
            room -= len(data)
            unpacked.append([name, base64.b64encode(data).decode()])
    return {"members": unpacked, "left_aside": aside[:MOST_MEMBERS]}


def _why_not(info: Any, room: int, number: int) -> str | None:
    if number >= MOST_MEMBERS:
        return "the archive holds too many files"
    if info.flag_bits & 1:
        return "it is locked with a password"
    if info.file_size > room:
        return "it is larger than any recording of beats"
    return None


def _hidden(name: str) -> bool:
    """Files that a system puts beside others for itself."""
    return name.startswith("__MACOSX/") or name.rpartition("/")[2].startswith(".")


def _printable(name: str) -> str:
    return "".join(letter if letter.isprintable() else "?" for letter in name[:200])
