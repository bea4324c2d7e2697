"""What a sitting leaves besides beats: phases, ratings, markers, settings, consent. Frozen, in the source's time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, TypeAlias

from processing.hand_corrections import Correction
from processing.values import Verdict

PhaseKind = Literal[
    "baseline",
    "control",
    "stressor",
    "paced_breathing",
    "practice",
    "recovery",
    "reflection",
    "pause",
    "rating",
    "grounding",
    "rest",
]
"""The script's kinds, and the spans that a sitting inserts by itself: ``pause``, ``rating``, ``grounding`` and ``rest``
(more rest offered at the end). Inserted spans lie outside every index."""

HowEnded = Literal["complete", "shortened", "skipped", "stopped", "lighter", "unwell", "interrupted"]


@dataclass(frozen=True, slots=True)
class PhaseSpan:
    """One part of a sitting; written when it begins (``end_s`` None) and once more, whole, when it ends."""

    seq: int
    name: str
    kind: PhaseKind
    start_s: float
    end_s: float | None = None
    speech: str = "silent"
    feedback: str = "none"
    reference: str | None = None
    """Name of the phase that reactivity is computed against, or None."""
    planned_s: float | None = None
    take: int = 1
    """Counts the tries at this phase; a lighter moment begins a new take, and takes are never averaged."""
    ended: HowEnded | None = None
    pacer_bpm: float | None = None
    """The guide's target rate, or None without a guide."""
    details: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rating:
    """One answer by the person. Unanswered is not stored; "rather not say" is stored as such."""

    time_s: float
    phase: str
    prompt: str
    value: object
    """A number on the prompt's own scale, text, a list of words, or None for "rather not say"."""
    scale: str = ""
    """Such as ``0-100``; scales are never mixed or converted."""
    after_feedback: bool = False
    """True when this phase's heart had already been shown: left out of concordance."""
    take: int = 1


@dataclass(frozen=True, slots=True)
class SessionMarker:
    """Something that happened at a moment: a press, an offer, a note, a reconnect."""

    time_s: float
    kind: str
    text: str = ""
    data: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SettingsRecord:
    """Settings and versions in force from a time on, so that everything can be computed again."""

    time_s: float
    values: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Consent:
    """What was shown and agreed to before recording: version, hash of the text, time, scopes, health answers."""

    given_at: datetime
    text_version: str
    text_sha256: str
    scopes: tuple[str, ...]
    health_cleared: bool
    """False when a caution was ticked and the person chose to go on after "talk to your clinician first"."""


@dataclass(frozen=True, slots=True)
class HandVerdict:
    """What somebody asks an event to be held to be; becomes a ``Correction`` when it is kept."""

    seq: int
    """Number of the event's first interval."""
    verdict: Verdict
    author: str
    """Name or initials of whoever looked at it."""
    reason: str
    intervals: int = 1
    stream: str | None = None
    """None: the recording's first stream."""


@dataclass(frozen=True, slots=True)
class Undo:
    """What somebody asks to be undone: the correction with this number."""

    number: int
    author: str
    reason: str


SessionRecord: TypeAlias = PhaseSpan | Rating | SessionMarker | SettingsRecord | Consent | Correction


@dataclass(frozen=True, slots=True)
class RecordingMeta:
    """What is known when a recording begins."""

    source: str
    """kind and name of the source, such as ``simulation: rest-stress-recovery``."""
    started_at: datetime
    streams: tuple[str, ...]
    exercise: str | None = None
    exercise_sha256: str | None = None
    client: str | None = None
    """A client's code, never a name."""
    simulated: bool = False
    origin_ns: int | None = None
    delay_s: float = 0.0
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks for data; every read and write passes the service with one."""

    role: Literal["client", "clinician", "developer", "system"]
    code: str | None = None
    """The client's code when ``role`` is client."""
