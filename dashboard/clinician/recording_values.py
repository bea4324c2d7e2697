"""What the page of one recording shows beside its timeline, as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from dashboard.clinician.timeline_values import TimelineValues


@dataclass(frozen=True, slots=True)
class Figure:
    """One key figure: a value or a dash, and a line that names its reference or the reason."""

    title: str
    value: str
    unit: str
    note: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One number of a table, or the reason why there is none."""

    value: float | None = None
    reason: str | None = None
    marked: bool = False
    """Given, with more refused intervals than usual."""


@dataclass(frozen=True, slots=True)
class PhaseLine:
    """One row of the phase table."""

    title: str
    kind: str
    speech: str
    start_s: float
    end_s: float
    planned_s: float | None
    cells: Mapping[str, Cell]
    """mean_hr_bpm, rmssd_ms, swing_bpm, change_bpm, change_rmssd_percent."""
    reference: str | None
    """Title of the phase that changes are against, or None for a reference itself."""
    ratings: tuple[tuple[str, str], ...] = ()
    """(short name of the prompt, answer)."""
    usable_percent: float | None = None
    corrected_percent: float | None = None
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FeltAndHeart:
    """One phase's felt ratings against its heart."""

    number: int
    title: str
    kind: str
    change_bpm: float | None
    change_sd: float | None
    reference: str
    felt: Mapping[str, float]
    """Answers on 0 to 100 scales by prompt (``suds``, ``body``)."""
    felt_reference: Mapping[str, float] = field(default_factory=dict)
    left_out: str | None = None
    """Why this phase is not drawn, or None."""
    says: str = ""
    """Such as "body up, said calm"; empty where a side is missing."""


@dataclass(frozen=True, slots=True)
class RecordingView:
    """Everything on one recording's page."""

    id: str
    title: str
    facts: tuple[str, ...]
    client: str | None
    state: str
    simulated: bool
    trust: tuple[str, ...]
    figures: tuple[Figure, ...]
    timeline: TimelineValues
    phases: tuple[PhaseLine, ...]
    pairs: tuple[FeltAndHeart, ...]
    words: tuple[tuple[str, str, str], ...]
    """What the person said beside the 0 to 100 scales: (phase, question, answer)."""
    method: tuple[tuple[str, str], ...]
    flags: tuple[str, ...] = ()
    """What to know before trusting the numbers, one sentence each."""
    notices: tuple[str, ...] = ()
    """What happened to the recording as a whole, said at the top."""
