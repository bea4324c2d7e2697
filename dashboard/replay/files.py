"""What can be replayed: the samples that ship and the recordings that are kept. A page names one, never a path."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from acquisition import formats, samples
from acquisition.errors import BadInput
from acquisition.formats.recording_file import RecordingFile
from acquisition.scenarios import SCENARIOS
from dashboard.clinician import words
from dashboard.replay.replay_session import OpenFile
from sessions.kept import RecordingSummary
from sessions.records import Asker
from sessions.service import Service

SAMPLE = samples.PREFIX
FIRST_SAMPLE = "out-of-reach"
MOST_RECORDINGS = 30
"""Newest recordings offered; the list of recordings leads to all of them."""
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}")


@dataclass(frozen=True, slots=True)
class Choice:
    """One file of the list."""

    name: str
    """What the page sends back: ``sample:NAME`` or a recording's id."""
    title: str
    facts: str
    kind: Literal["sample", "recording"]


def choices(service: Service, asker: Asker) -> tuple[Choice, ...]:
    """Samples first, then the newest recordings that the asker may see. Reads the store: not for an event loop."""
    shipped = [Choice(SAMPLE + name, name, _about(name), "sample") for name in _in_order(samples.sample_names())]
    kept = [
        Choice(summary.id, _title(summary), _facts(summary), "recording")
        for summary in service.recordings(asker)
        if summary.state != "open"
    ]
    return (*shipped, *kept[:MOST_RECORDINGS])


def _title(summary: RecordingSummary) -> str:
    return words.phase_title(summary.exercise) if summary.exercise else words.source(summary.source)


def _facts(summary: RecordingSummary) -> str:
    told = [words.short_day(summary.started_at), words.length(summary.duration_s), words.count(summary.gaps, "gap")]
    return ", ".join(told)


def _in_order(names: tuple[str, ...]) -> list[str]:
    """The whole exercise first: it has something of everything."""
    return sorted(names, key=lambda name: (name != FIRST_SAMPLE, name))


def _about(name: str) -> str:
    made = SCENARIOS.get(name)
    return made.about if made else "A recording that came with the program."


def opener(service: Service, asker: Asker) -> OpenFile:
    """Opens what a page names, as this asker; everything else is refused with BadInput."""

    async def open_file(name: str) -> tuple[str, RecordingFile]:
        return await asyncio.to_thread(_open, service, asker, name)

    return open_file


def _open(service: Service, asker: Asker, name: str) -> tuple[str, RecordingFile]:
    bare = name.removeprefix(SAMPLE)
    if NAME.fullmatch(bare) is None:
        raise BadInput("this is not the name of a sample or recording", remedy="choose one from the list")
    if name.startswith(SAMPLE):
        path: Path = samples.sample_path(bare)
        return bare, formats.read(path)
    summary = service.recording(asker, bare).summary
    return _title(summary), service.recording_file(asker, bare)
