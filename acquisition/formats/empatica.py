"""Empatica E4 ``IBI.csv``: a Unix start, then seconds since it and the interval of each beat; ``tags.csv`` beside it.

Beats that the optical sensor could not follow are simply not there: their places are gaps. The intervals are those of
the pulse, which is said.
"""

from __future__ import annotations

import re

from acquisition.errors import UnreadableFile
from acquisition.formats.clock_words import unix_moment
from acquisition.formats.document import Document
from acquisition.formats.file_text import check_rows
from acquisition.formats.recording_file import RecordingFile
from acquisition.formats.series import Note, lay_out, recording
from acquisition.formats.stamped_rows import StampedRow, number, read_rows
from acquisition.formats.table import first_line, read_table

FORMAT = "empatica-ibi"
WHY = "the first line is a Unix time and the word IBI"
_HEAD = re.compile(r"(\d{1,12}(?:\.\d{1,9})?)\s*,\s*\"?IBI\"?", re.I)
TAGS = "tags.csv"


def recognises(text: str) -> bool:
    """True when the first line is the head of such a file."""
    return _HEAD.fullmatch(first_line(text)) is not None


def read_document(document: Document, text: str) -> RecordingFile:
    """The recording, with the tags of the file beside it. Raises UnreadableFile."""
    path = document.path
    check_rows(path, text)
    head = _HEAD.fullmatch(first_line(text))
    if head is None:
        raise UnreadableFile("the first line names no start", place=f"{path}:1", remedy="give the IBI.csv as it was")
    unix_s = float(head[1])
    rows = (StampedRow(line, cells[0], cells[1] if len(cells) > 1 else "") for line, cells in read_table(text).rows)
    read = read_rows(path, rows, number)
    notes, told = _tags(document, unix_s)
    series = lay_out(read.intervals, notes)
    origin_s = series.stamps.origin_s if series.stamps else 0.0
    details = {
        "signal": "pulse intervals of an optical sensor: pulse rate variability, not RR intervals of an ECG",
        "origin": f"the first interval begins {origin_s:.3f} s after the file's start",
        "tags": told,
    }
    words = f"{read.unit.words}; s by the format"
    start = unix_moment(unix_s + origin_s)
    return recording(path, FORMAT, words, [series], start=start, refusals=read.refusals, details=details)


def _tags(document: Document, unix_s: float) -> tuple[list[Note], str]:
    text, told = document.companion(TAGS)
    notes: list[Note] = []
    for row in (text or "").splitlines():
        try:
            notes.append(Note(number(row.strip()) - unix_s, "tag", f"Tag {len(notes) + 1}"))
        except ValueError:
            told = f"{told}, a row is no time"
    return notes, f"{told}: {len(notes)} tags" if text is not None else told
