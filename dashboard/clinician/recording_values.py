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
class WayLine:
    """One part of the way back."""

    title: str
    cells: Mapping[str, Cell]
    """Figures of the way back by their name in the table of numbers."""


@dataclass(frozen=True, slots=True)
class CardLine:
    """What one number on the page was taken from."""

    number: str
    where: str
    window_s: float
    beats: int
    corrected_percent: float
    source: str


@dataclass(frozen=True, slots=True)
class Definition:
    """What one number on the page is."""

    number: str
    definition: str
    divisor: str
    unit: str
    minimum_s: float


@dataclass(frozen=True, slots=True)
class MethodCards:
    """The method cards of all numbers on the page."""

    pipeline: str
    lines: tuple[CardLine, ...] = ()
    definitions: tuple[Definition, ...] = ()


@dataclass(frozen=True, slots=True)
class ToldLine:
    """One sentence, how many ways of computing agree with it, and the choices under which it fails."""

    text: str
    firmness: str
    breaks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class InWords:
    """What a recording says in sentences that hold in most ways of computing them."""

    told: tuple[ToldLine, ...]
    left_out: int
    """Sentences that do not, and are not said."""


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
    way_back: tuple[WayLine, ...] = ()
    cards: MethodCards = MethodCards("")
