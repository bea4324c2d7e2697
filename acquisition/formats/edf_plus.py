"""EDF+ with annotations: marks of beats become intervals, all other marks become markers.

A signal at a fixed rate is no row of intervals: an EDF with an ECG but without marked beats is refused.
"""

from __future__ import annotations

import io
import math
from datetime import datetime, timedelta
from typing import Any

from acquisition.errors import UnreadableFile
from acquisition.formats.confined import MOST_INTERVALS, Unparsable
from acquisition.formats.confined import parse as parse_confined
from acquisition.formats.document import Document
from acquisition.formats.marked_beats import intervals_of
from acquisition.formats.recording_file import RecordingFile
from acquisition.formats.rr_units import decide
from acquisition.formats.series import Note, Refusals, lay_out, recording

FORMAT = "edf-plus"
WHY = "the head of the file is that of EDF"
WAVES = ("qrs", "qrs-complex", "r", "rr", "r-peak", "rpeak", "r-wave", "rwave", "beat", "heartbeat", "pulse", "ibi")
LETTERS = tuple("nvsalbjefq/")
BEATS = frozenset((*WAVES, *LETTERS))
"""Texts of annotations that mark a beat, in lower case: names of the R wave, and the letters of beat annotations that
PhysioNet's tools write (normal, ventricular, supraventricular, ... beats)."""
HEAD_BYTES = 256


def recognises(data: bytes) -> bool:
    """True when the bytes have the head of an EDF file."""
    return len(data) >= HEAD_BYTES and data[:8] == b"0       "


# ---- in the process of its own ------------------------------------------------------------


def parse(file: io.BytesIO) -> dict[str, Any]:
    """Annotations ``[onset_s, text]``, labels of the signals, the start, and what was damaged, in words."""
    import warnings

    from edfio import read_edf

    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        edf = read_edf(file.getvalue(), header_encoding="latin-1")
        labels = list(edf.labels)
        annotations = edf.annotations
    if len(annotations) > MOST_INTERVALS:
        raise Unparsable("it holds more annotations than any recording has beats")
    if not annotations:
        what = f"it holds signals ({', '.join(labels[:6]) or 'none'}) but no annotations of beats"
        raise Unparsable(what, remedy="find the R peaks in a program for ECG, and export RR intervals or annotations")
    found = [[float(a.onset), a.text] for a in annotations if math.isfinite(a.onset)]
    problems = "; ".join(dict.fromkeys(str(warning.message) for warning in told))
    return {"annotations": found, "labels": labels, "start": _start(edf), "problems": problems}


def _start(edf: Any) -> str | None:
    try:
        return datetime.combine(edf.startdate, edf.starttime).isoformat()
    except ValueError:  # anonymised files carry no date
        return None


# ---- in ours ------------------------------------------------------------------------------


def read_document(document: Document) -> RecordingFile:
    """The recording; time 0 is the first of two neighbouring marked beats. Raises UnreadableFile."""
    path = document.path
    found = parse_confined("edf_plus", path, document.data)
    marks = sorted((float(onset), str(text).strip()) for onset, text in found["annotations"])
    onsets = [onset for onset, text in marks if text.lower() in BEATS]
    if len(onsets) < 2:
        kinds = ", ".join(dict.fromkeys(text[:20] for _, text in marks if text)) or "none with a text"
        what = f"no annotation marks beats (there are: {kinds[:160]})"
        raise UnreadableFile(what, place=str(path), remedy="annotate beats with the text QRS, and export again")
    refusals = Refusals()
    intervals = intervals_of(onsets, refusals)
    decide([interval.rr_ms for interval in intervals] or [math.inf], str(path))
    notes = [Note(onset, "note", text) for onset, text in marks if text and text.lower() not in BEATS]
    series = lay_out(intervals, notes)
    details = {"beats": f"{len(onsets)} annotations mark beats", "signals": ", ".join(found["labels"]) or "none"}
    if found["problems"]:
        details["truncated"] = found["problems"]
    start = _begins(found["start"], series.stamps.origin_s if series.stamps else 0.0)
    words = "ms, from the distance of marked beats"
    return recording(path, FORMAT, words, [series], start=start, refusals=refusals, details=details)


def _begins(start: str | None, first_s: float) -> datetime | None:
    if start is None:
        return None
    try:
        return datetime.fromisoformat(start) + timedelta(seconds=first_s)
    except OverflowError:
        return None
