"""All readers, and the one decision which of them a file is for: seen from its content, never from its name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from acquisition.errors import UnreadableFile
from acquisition.formats import (
    archive,
    edf_plus,
    empatica,
    emwave,
    garmin_fit,
    hrv_logger,
    kubios_report,
    openhrv,
    own,
    polar_hrm,
    polar_sensor_logger,
    rr_text,
    strangers,
    vns_analyse,
    xdf,
)
from acquisition.formats.document import Document
from acquisition.formats.file_text import READABLE, text_of
from acquisition.formats.recording_file import RecordingFile

MOST_CONFINED = 8
"""Files of an archive that need a process of their own; each costs a part of a second."""


@dataclass(frozen=True, slots=True)
class BinaryReader:
    """A reader of bytes."""

    format: str
    why: str
    """What it is recognised by, in words."""
    recognises: Callable[[bytes], bool]
    read: Callable[[Document], RecordingFile]


@dataclass(frozen=True, slots=True)
class TextReader:
    """A reader of text."""

    format: str
    why: str
    recognises: Callable[[str], bool]
    read: Callable[[Document, str], RecordingFile]


def _alone(read_text: Callable[[Path, str], RecordingFile]) -> Callable[[Document, str], RecordingFile]:
    """A reader that needs no other file."""
    return lambda document, text: read_text(document.path, text)


def _anything(_: str) -> bool:
    return True


BINARY = (
    BinaryReader(garmin_fit.FORMAT, garmin_fit.WHY, garmin_fit.recognises, garmin_fit.read_document),
    BinaryReader(edf_plus.FORMAT, edf_plus.WHY, edf_plus.recognises, edf_plus.read_document),
    BinaryReader(xdf.FORMAT, xdf.WHY, xdf.recognises, xdf.read_document),
)
TEXT = (
    TextReader(own.FORMAT, "the first line is a JSON object with a kind", own.recognises, _alone(own.read_text)),
    TextReader(polar_hrm.FORMAT, "the first line is [Params]", polar_hrm.recognises, _alone(polar_hrm.read_text)),
    TextReader(hrv_logger.FORMAT, hrv_logger.WHY, hrv_logger.recognises, hrv_logger.read_document),
    TextReader(
        polar_sensor_logger.FORMAT,
        polar_sensor_logger.WHY,
        polar_sensor_logger.recognises,
        _alone(polar_sensor_logger.read_text),
    ),
    TextReader(openhrv.FORMAT, openhrv.WHY, openhrv.recognises, _alone(openhrv.read_text)),
    TextReader(empatica.FORMAT, empatica.WHY, empatica.recognises, empatica.read_document),
    TextReader(vns_analyse.FORMAT, vns_analyse.WHY, vns_analyse.recognises, _alone(vns_analyse.read_text)),
    TextReader(kubios_report.FORMAT, kubios_report.WHY, kubios_report.recognises, _alone(kubios_report.read_text)),
    TextReader(emwave.FORMAT, emwave.WHY, emwave.recognises, _alone(emwave.read_text)),
    TextReader(rr_text.FORMAT, "it holds one or two columns of numbers", _anything, _alone(rr_text.read_text)),
)
"""In this order; the last one takes whatever is left, and refuses what is no text of intervals."""


def read_document(document: Document) -> RecordingFile:
    """The recording in a document; ``details["recognised_by"]`` says why it was read so. Raises UnreadableFile."""
    if archive.recognises(document.data):
        return _from_archive(document)
    for binary in BINARY:
        if binary.recognises(document.data):
            return _with_reason(binary.read(document), binary.why)
    strangers.refuse(document.path, document.data[:4096].decode("latin-1"))
    text = text_of(document.path, document.data)
    strangers.refuse(document.path, text)
    reader = next(reader for reader in TEXT if reader.recognises(text))
    return _with_reason(reader.read(document, text), reader.why)


def _with_reason(recording: RecordingFile, why: str) -> RecordingFile:
    return replace(recording, details={"recognised_by": why, **recording.details})


def _from_archive(document: Document) -> RecordingFile:
    """The one recording of an archive; several are too many to choose from."""
    inside, aside = archive.members(document)
    found: list[RecordingFile] = []
    confined = 0
    for member in inside:
        name = _name(member, document)
        confined += _is_confined(member.data)
        if archive.recognises(member.data):
            aside[name] = "it is an archive itself"
        elif confined > MOST_CONFINED and _is_confined(member.data):
            aside[name] = "the archive holds too many files of this kind"
        else:
            try:
                found.append(read_document(member))
            except UnreadableFile as unreadable:
                aside[name] = unreadable.what
    if len(found) != 1:
        raise _not_one(document, [recording.path.name for recording in found], aside)
    left = "; ".join(f"{name}: {why}" for name, why in list(aside.items())[:10]) or "nothing"
    name = str(found[0].path.relative_to(document.path))
    return replace(found[0], details={**found[0].details, "archive": f"{name}; left aside: {left}"})


def _name(member: Document, archive_: Document) -> str:
    return str(member.path.relative_to(archive_.path))


def _is_confined(data: bytes) -> bool:
    return any(reader.recognises(data) for reader in BINARY)


def _not_one(document: Document, names: list[str], aside: dict[str, str]) -> UnreadableFile:
    if names:
        what = f"the archive holds {len(names)} recordings ({', '.join(names[:5])}{', ...' if len(names) > 5 else ''})"
        return UnreadableFile(what, place=str(document.path), remedy="unpack it, and give one of them")
    told = "; ".join(f"{name}: {why}" for name, why in list(aside.items())[:5]) or "it is empty"
    return UnreadableFile(f"the archive holds no recording ({told})", place=str(document.path), remedy=READABLE)
