"""One file as bytes, with the way to the files that lie beside it, in a folder or within an archive."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from acquisition.errors import UnreadableFile
from acquisition.formats.file_text import read_bytes, text_of


def _nothing(_: str) -> bytes | None:
    return None


@dataclass(frozen=True, slots=True)
class Document:
    """What a reader gets."""

    path: Path
    data: bytes
    beside: Callable[[str], bytes | None] = _nothing
    """The bytes of a file of that name in the same place, or None; markers often lie in a file of their own."""

    def companion(self, name: str) -> tuple[str | None, str]:
        """The text of a file beside this one, or None and why, in words. Never raises: the recording stands without."""
        try:
            data = self.beside(name)
            if data is None:
                return None, f"no {name} beside it"
            return text_of(self.path.with_name(name), data), f"from {name}"
        except UnreadableFile as unreadable:
            return None, f"{name} cannot be used: {unreadable.what}"


def open_document(path: Path) -> Document:
    """The file on disk; raises UnreadableFile."""

    def beside(name: str) -> bytes | None:
        other = path.with_name(name)
        return read_bytes(other) if other.is_file() else None

    return Document(path, read_bytes(path), beside)
