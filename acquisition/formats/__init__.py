"""Readers for recordings in files, one file each; which one is needed is seen from the content, never the extension."""

from __future__ import annotations

from pathlib import Path

from acquisition.formats.recording_file import RecordingFile

__all__ = ["RecordingFile", "read"]


def read(path: Path) -> RecordingFile:
    """The recording in ``path``, whichever known format it has; the result tells format, unit and why.

    Raises UnreadableFile, which names file, place, what is wrong, and what to do.
    """
    from acquisition.formats.document import open_document  # all readers: not for whoever only names a recording
    from acquisition.formats.readers import read_document

    return read_document(open_document(path))
