"""The data folder and the service of a command, and FILE: a path, ``sample:NAME`` or the ID of a recording."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from acquisition.errors import UnreadableFile
from acquisition.formats import RecordingFile, read
from acquisition.samples import resolve
from dashboard.commands.printing import note
from dashboard.settings import Settings
from dashboard.settings import resolve as resolve_settings
from sessions.records import Asker
from sessions.service import Service

CLINICIAN = Asker("clinician")
"""Who sits at the command line of this machine, as on its pages while no passphrase is set."""
SAMPLE = "sample:"


def settings_of(args: argparse.Namespace) -> Settings:
    """Settings as far as they are known without opening the folder."""
    return resolve_settings(vars(args), os.environ)


@contextmanager
def service_of(args: argparse.Namespace, *, writable: bool = False) -> Iterator[Service]:
    """The service over the chosen data folder, closed again at the end. Raises EnvironmentFault."""
    service = Service.open(settings_of(args).data, writable=writable)
    try:
        yield service
    finally:
        service.close()


def recording_of(text: str, args: argparse.Namespace) -> RecordingFile:
    """What FILE means, and a word on stderr about what of it is missing. Raises UnreadableFile."""
    recording = _found(text, args)
    if "truncated" in recording.details:
        note(f"{text}: {recording.details['truncated']}")
    return recording


def _found(text: str, args: argparse.Namespace) -> RecordingFile:
    if text.startswith(SAMPLE) or Path(text).exists():
        return read(resolve(text))
    if settings_of(args).data.is_dir():
        with service_of(args) as service:
            if any(summary.id == text for summary in service.recordings(CLINICIAN)):
                return service.recording_file(CLINICIAN, text)
    raise UnreadableFile(
        "there is no such file, and no recording has this ID",
        place=text,
        remedy="check the name; `attune recordings` lists what is kept, and sample:NAME names a sample",
    )
