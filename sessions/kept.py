"""What is read back of a recording: its line in the list, and all that the sitting left beside the beats."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from acquisition.beats import Gap, LinkChange, SensorFact
from processing.hand_corrections import Correction
from sessions.records import Consent, PhaseSpan, Rating, RecordingMeta, SessionMarker, SettingsRecord

State = Literal["open", "closed", "recovered"]
"""``open`` is being recorded now; ``recovered`` was cut off and holds everything that was acknowledged."""


@dataclass(frozen=True, slots=True)
class RecordingSummary:
    """One line of the list of recordings."""

    id: str
    started_at: datetime
    state: State
    source: str
    exercise: str | None
    client: str | None
    """A client's code, or None."""
    beats: int
    gaps: int
    duration_s: float
    """Sum of intervals plus gaps, of the longest stream; without a heart, from the first thing kept to the last."""
    simulated: bool
    scopes: tuple[str, ...] | None = None
    """Agreed to before the sitting, or None where nobody was asked (simulated, command line)."""
    shared: str | None = None
    """What the person chose at the end (visibility.Scope), or None until then."""


@dataclass(frozen=True, slots=True)
class StoredRecording:
    """Everything of a recording but its beats and raw frames."""

    summary: RecordingSummary
    meta: RecordingMeta
    phases: tuple[PhaseSpan, ...]
    ratings: tuple[Rating, ...]
    markers: tuple[SessionMarker, ...]
    settings: tuple[SettingsRecord, ...]
    consents: tuple[Consent, ...]
    gaps: tuple[Gap, ...]
    links: tuple[LinkChange, ...]
    facts: tuple[SensorFact, ...]
    """What the sensors told of themselves."""
    versions: Mapping[str, str]
    """Software that recorded it, by name."""
    missing_beats: int = 0
    """Holes in the numbers of the beats; anything but 0 is a loss, or a time in which nothing was to be stored."""
    refused: int = 0
    """Items that the tables refused and that are kept as text."""
    corrections: tuple[Correction, ...] = ()
    """Verdicts given by hand, every layer of them, those that were undone too."""


@dataclass(frozen=True, slots=True)
class ClientSummary:
    """One client, as far as recordings tell."""

    code: str
    recordings: int
    last_started_at: datetime


@dataclass(frozen=True, slots=True)
class Deleted:
    """What a deletion has done."""

    id: str
    copies: tuple[Path, ...]
    """Copies of the database in the data folder that may still hold the recording."""
