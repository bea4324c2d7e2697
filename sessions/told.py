"""What a recording tells of its sitting, whether it comes from the store or from a file with markers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any, TypeVar

from acquisition.formats.recording_file import RecordingFile
from processing.hand_corrections import Correction
from processing.pacer import SLIDE_EVERY_S as SAMPLE_SLIDE_EVERY_S
from processing.pacer import BreathPattern, PacerPlan, Stretch
from processing.values import Verdict
from sessions.records import PhaseSpan, Rating, SessionMarker, SettingsRecord

INSERTED = ("pause", "rating", "grounding", "rest")
"""Spans that a sitting puts in by itself; they lie outside every index."""

T = TypeVar("T", PhaseSpan, Rating, SessionMarker, SettingsRecord)


@dataclass(frozen=True, slots=True)
class PacedSpan:
    """A stretch of time in which a guide ran."""

    from_s: float
    to_s: float
    plan: PacerPlan
    plan_start_s: float


@dataclass(frozen=True, slots=True)
class Told:
    """Parts, answers, markers and guides of one sitting; all empty for a plain file of intervals."""

    phases: tuple[PhaseSpan, ...]
    """Parts of the script that have an end, every take of its own, in order."""
    inserted: tuple[PhaseSpan, ...]
    """Pauses, questions, grounding and rest."""
    ratings: tuple[Rating, ...]
    markers: tuple[SessionMarker, ...]
    paced: tuple[PacedSpan, ...]

    def waits_in(self, phase: PhaseSpan) -> tuple[tuple[float, float], ...]:
        """(from_s, to_s) of what was put in between a part's start and end."""
        end_s = phase.end_s if phase.end_s is not None else phase.start_s
        inside = [span for span in self.inserted if span.end_s is not None and _overlaps(span, phase.start_s, end_s)]
        return tuple((max(s.start_s, phase.start_s), min(s.end_s or end_s, end_s)) for s in inside)

    def own_spans(self, phase: PhaseSpan) -> tuple[tuple[float, float], ...]:
        """(from_s, to_s) of the stretches in which the part itself ran."""
        spans, at_s = [], phase.start_s
        for from_s, to_s in sorted(self.waits_in(phase)):
            if from_s > at_s:
                spans.append((at_s, from_s))
            at_s = max(at_s, to_s)
        end_s = phase.end_s if phase.end_s is not None else at_s
        return (*spans, (at_s, end_s)) if end_s > at_s else tuple(spans)

    def guides_in(self, from_s: float, to_s: float) -> tuple[PacedSpan, ...]:
        """Guides that ran in this time."""
        return tuple(span for span in self.paced if span.from_s < to_s and span.to_s > from_s)


def told(file: RecordingFile, end_s: float) -> Told:
    """Everything that the recording's markers say; spans without an end are ended at ``end_s``."""
    spans = {span.seq: span for span in _records(file, "phase", PhaseSpan)}
    ended = [span if span.end_s is not None else _ended(span, end_s) for span in spans.values()]
    ordered = sorted(ended, key=lambda span: (span.start_s, span.seq))
    phases = tuple(span for span in ordered if span.kind not in INSERTED)
    settings = tuple(_records(file, "settings", SettingsRecord))
    return Told(
        phases=phases,
        inserted=tuple(span for span in ordered if span.kind in INSERTED),
        ratings=tuple(_records(file, "rating", Rating)),
        markers=tuple(_records(file, "marker", SessionMarker)),
        paced=_guides(settings, end_s) or tuple(_guides_of_samples(phases)),
    )


def corrections_in(file: RecordingFile) -> tuple[Correction, ...]:
    """Verdicts given by hand that the recording's markers carry, every layer of them."""
    found = []
    for marker in file.markers("correction"):
        values: dict[str, Any] = dict(marker.data)
        verdict = None if values["verdict"] is None else Verdict(values["verdict"])
        found.append(Correction(**{**values, "verdict": verdict, "at": datetime.fromisoformat(values["at"])}))
    return tuple(found)


def _records(file: RecordingFile, kind: str, made: type[T]) -> Iterable[T]:
    known = {field.name for field in fields(made)}
    for marker in file.markers(kind):
        values: dict[str, Any] = {key: _tupled(value) for key, value in marker.data.items() if key in known}
        yield made(**values)


def _tupled(value: object) -> object:
    """Lists of a JSON file are tuples in our records."""
    return tuple(value) if isinstance(value, list) else value


def _ended(span: PhaseSpan, end_s: float) -> PhaseSpan:
    return replace(span, end_s=max(end_s, span.start_s), ended="interrupted")


def _overlaps(span: PhaseSpan, from_s: float, to_s: float) -> bool:
    return span.start_s < to_s and (span.end_s is None or span.end_s > from_s)


def _guides(settings: tuple[SettingsRecord, ...], end_s: float) -> tuple[PacedSpan, ...]:
    changes = [(record.time_s, record.values["pacer"]) for record in settings if "pacer" in record.values]
    found: list[PacedSpan] = []
    if not changes:
        return ()
    for (from_s, pacer), to_s in zip(changes, [*(time_s for time_s, _ in changes[1:]), end_s], strict=True):
        if isinstance(pacer, Mapping) and to_s > from_s:
            stretches = tuple(Stretch(start, period, breaths) for start, period, breaths in pacer["stretches"])
            plan = PacerPlan(BreathPattern(*pacer["pattern"]), stretches)
            found.append(PacedSpan(from_s, to_s, plan, float(pacer["start_s"])))
    return tuple(found)


def _guides_of_samples(phases: tuple[PhaseSpan, ...]) -> Iterable[PacedSpan]:
    """Generated sittings keep only the rates: each step of the slide lasts 30 s, then the target."""
    for phase in phases:
        if phase.kind != "paced_breathing" or phase.pacer_bpm is None or phase.end_s is None:
            continue
        slide = phase.details.get("slide_bpm", ())
        rates = [float(rate) for rate in slide] if isinstance(slide, list | tuple) else []
        stretches = []
        for i, rate in enumerate(rates):
            breaths = max(1, round(SAMPLE_SLIDE_EVERY_S * rate / 60.0))
            stretches.append(Stretch(i * SAMPLE_SLIDE_EVERY_S, 60.0 / rate, breaths))
        last = Stretch(len(rates) * SAMPLE_SLIDE_EVERY_S, 60.0 / phase.pacer_bpm, None)
        yield PacedSpan(phase.start_s, phase.end_s, PacerPlan(BreathPattern(), (*stretches, last)), phase.start_s)
