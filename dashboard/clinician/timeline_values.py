"""What the timeline draws, as plain values: the seam between a review and its picture, table and words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from processing.values import Judgement, Verdict

PHASE_TOKENS: Mapping[str, str] = {
    "baseline": "ph-baseline",
    "control": "ph-baseline",
    "stressor": "ph-exercise",
    "recovery": "ph-recovery",
    "grounding": "ph-recovery",
    "rest": "ph-recovery",
    "paced_breathing": "ph-breathing",
    "practice": "ph-breathing",
    "reflection": "ph-reflection",
}
"""Colour of each kind of phase; ``pause`` and ``rating`` have none, they are drawn as what they are: not exercise."""

INSERTED = ("pause", "rating")
"""Spans that a sitting inserts; they lie outside every index."""


@dataclass(frozen=True, slots=True)
class PhaseBand:
    """One phase as a band across all panels, with what its heart did against its reference."""

    name: str
    title: str
    kind: str
    start_s: float
    end_s: float
    change_bpm: float | None = None
    change_sd: float | None = None
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class ArtefactMark:
    """One event: both intervals of an early or extra beat are one mark, so that marks and counts agree."""

    time_s: float
    verdict: Verdict
    intervals: int


@dataclass(frozen=True, slots=True)
class Reading:
    """A value at a time, or None with the reason why it is withheld."""

    time_s: float
    value: float | None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Hole:
    """A stretch without signal, or a pause; nothing is drawn across it."""

    from_s: float
    to_s: float
    words: str
    pause: bool = False


@dataclass(frozen=True, slots=True)
class FeltPoint:
    """One answer on a 0 to 100 scale."""

    time_s: float
    prompt: str
    value: float
    phase: str
    after_feedback: bool = False


@dataclass(frozen=True, slots=True)
class NumberedMarker:
    """One marker; its number stands on the timeline and in the list beside it."""

    number: int
    time_s: float
    words: str
    phase: str


@dataclass(frozen=True, slots=True)
class TimelineValues:
    """Everything on the timeline, in seconds of the recording's own time."""

    duration_s: float
    beats: tuple[Judgement, ...] = ()
    means: tuple[Reading, ...] = ()
    """Mean heart rate over 30 s, beats/min."""
    rmssd: tuple[Reading, ...] = ()
    rmssd_baseline_ms: float | None = None
    arousal: tuple[Reading, ...] = ()
    """SD from the person's own baseline."""
    phases: tuple[PhaseBand, ...] = ()
    holes: tuple[Hole, ...] = ()
    felt: tuple[FeltPoint, ...] = ()
    markers: tuple[NumberedMarker, ...] = ()
    method: Mapping[str, object] = field(default_factory=dict)

    @property
    def marks(self) -> tuple[ArtefactMark, ...]:
        """Events among the beats, in order."""
        return artefact_marks(self.beats)

    def at(self, time_s: float) -> PhaseBand | None:
        """The phase that runs at a time, or None between phases."""
        return next((band for band in self.phases if band.start_s <= time_s < band.end_s), None)


def artefact_marks(beats: tuple[Judgement, ...]) -> tuple[ArtefactMark, ...]:
    """Refused intervals as events: neighbours with one verdict are one event when the verdict takes two intervals.

    An early or an extra beat spoils two intervals; a missed, long, short or impossible one spoils its own.
    """
    marks: list[ArtefactMark] = []
    pair: Judgement | None = None
    for beat in beats:
        if beat.verdict is Verdict.NORMAL:
            pair = None
        elif pair is not None and beat.verdict is pair.verdict:
            marks[-1] = ArtefactMark(marks[-1].time_s, beat.verdict, 2)
            pair = None
        else:
            marks.append(ArtefactMark(beat.time_s, beat.verdict, 1))
            pair = beat if beat.verdict in (Verdict.ECTOPIC, Verdict.EXTRA) else None
    return tuple(marks)
