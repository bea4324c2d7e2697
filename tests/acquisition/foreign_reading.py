"""Reading a file of another program in one line, for the tests of the readers."""

from __future__ import annotations

from pathlib import Path

import pytest

from acquisition.errors import UnreadableFile
from acquisition.formats import RecordingFile, read
from tests.acquisition import foreign_files as foreign

RR = foreign.heart(120)

LOST = {50: 12.0}


def read_as(tmp_path: Path, data: bytes | str, name: str = "file.any", **beside: bytes) -> RecordingFile:
    path = tmp_path / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    for other, content in beside.items():
        (tmp_path / other.replace("__", ".")).write_bytes(content)
    return read(path)


def rr_of(recording: RecordingFile) -> list[float]:
    return [beat.rr_ms for beat in recording.beats]


def texts_of(recording: RecordingFile) -> list[tuple[float, object]]:
    return [(round(marker.time_s, 1), marker.data["text"]) for marker in recording.markers("marker")]


def refusal_of(tmp_path: Path, data: bytes | str, name: str = "file.any") -> UnreadableFile:
    with pytest.raises(UnreadableFile) as caught:
        read_as(tmp_path, data, name)
    assert caught.value.place.startswith(str(tmp_path / name))
    assert caught.value.remedy
    return caught.value
