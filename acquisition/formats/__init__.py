"""Readers for recordings in files, one file each; which one is needed is seen from the content, never the extension."""

from __future__ import annotations

from pathlib import Path

from acquisition.formats import own, polar_hrm, rr_text
from acquisition.formats.file_text import read_text
from acquisition.formats.recording_file import RecordingFile

__all__ = ["RecordingFile", "read"]


def read(path: Path) -> RecordingFile:
    """The recording in ``path``, whichever known format it has.

    Raises UnreadableFile, which names file, line where there is one, what is wrong, and what to do.
    """
    text = read_text(path)
    if own.recognises(text):
        return own.read_text(path, text)
    if polar_hrm.recognises(text):
        return polar_hrm.read_text(path, text)
    return rr_text.read_text(path, text)
