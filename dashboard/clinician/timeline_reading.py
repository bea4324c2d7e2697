"""From a review to the values that its timeline draws."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from dashboard.clinician import words
from dashboard.clinician.marker_words import numbered
from dashboard.clinician.timeline_values import (
    FeltPoint,
    Hole,
    PhaseBand,
    Reading,
    TimelineValues,
)
from sessions.records import Rating
from sessions.review import Review
from sessions.timeline_series import Points

FULL_SCALE = "0-100"
"""Scale of the ratings that share the felt panel; scales are never mixed."""
NO_RMSSD = "too few usable beats in the last 60 s"
NO_AROUSAL = "not told here: a pause, questions, a gap, or speech against a silent baseline"


def timeline_of(found: Review, titles: Mapping[str, str]) -> TimelineValues:
    """Series, phases, gaps, ratings and markers of one recording; ``titles`` are the phases' by name."""
    line = found.timeline
    bands = tuple(_bands(found, titles))
    rests = [row for row in found.phases if row.span.kind == "baseline"]
    rest = rests[0].indices.get("rmssd_ms") if rests else None
    return TimelineValues(
        duration_s=line.duration_s,
        beats=line.judgements,
        means=_readings(line.heart_rate_bpm, "too few usable beats"),
        rmssd=_readings(line.rmssd_ms, NO_RMSSD),
        rmssd_baseline_ms=rest.value if rest else None,
        arousal=_readings(line.arousal_sd, words.reason(line.arousal_reason) or NO_AROUSAL),
        phases=bands,
        holes=tuple(_holes(found)),
        felt=tuple(_felt(rating) for rating in found.told.ratings if _on_full_scale(rating)),
        markers=numbered(found.told.markers, bands),
    )


def _readings(points: Points, why: str) -> tuple[Reading, ...]:
    return tuple(Reading(time_s, value, why if value is None else None) for time_s, value in points)


def _bands(found: Review, titles: Mapping[str, str]) -> Iterator[PhaseBand]:
    made: list[PhaseBand] = []
    for row in found.phases:
        span, change = row.span, found.changes.get(row.span.seq)
        rate = change.mean_hr_bpm if change else None
        made.append(
            PhaseBand(
                span.name,
                row.title + (f" (take {span.take})" if span.take > 1 else ""),
                span.kind,
                span.start_s,
                span.end_s if span.end_s is not None else found.timeline.duration_s,
                rate.value if rate else None,
                rate.sd if rate else None,
                titles.get(change.reference, change.reference) if change else None,
            )
        )
    for span in found.told.inserted:
        if span.end_s is not None:
            made.append(PhaseBand(span.name, _inserted(span.kind), span.kind, span.start_s, span.end_s))
    yield from sorted(made, key=lambda band: band.start_s)


def _inserted(kind: str) -> str:
    return {"rating": "Questions", "rest": "More rest"}.get(kind, words.phase_title(kind))


def _holes(found: Review) -> Iterator[Hole]:
    for gap in found.timeline.gaps:
        span = f"{words.clock(gap.from_s)} to {words.clock(gap.to_s)}"
        yield Hole(gap.from_s, gap.to_s, f"No signal, {span} ({gap.to_s - gap.from_s:.0f} s): {gap.reason}")
    for waited in found.told.inserted:
        if waited.kind == "pause" and waited.end_s is not None:
            span = f"{words.clock(waited.start_s)} to {words.clock(waited.end_s)}"
            yield Hole(waited.start_s, waited.end_s, f"Pause, {span}", pause=True)


def _on_full_scale(rating: Rating) -> bool:
    number = isinstance(rating.value, int | float) and not isinstance(rating.value, bool)
    return number and rating.prompt in ("suds", "body") and rating.scale in ("", FULL_SCALE)


def _felt(rating: Rating) -> FeltPoint:
    value = rating.value if isinstance(rating.value, int | float) else math.nan
    return FeltPoint(rating.time_s, rating.prompt, float(value), rating.phase, rating.after_feedback)
