"""The numbers of a report that come from beats, each with what it is computed from, so that a reader can do it again.

The report carries its beats and these claims; ``recompute.js`` computes each anew and compares the printed text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from dashboard.clinician import words
from processing.recovery import HELD_S, LEAST_RISE_BPM, PEAK_S, REST_S, SMOOTHING_S, STEP_S
from processing.windows import JOINED, Series
from sessions.guided_part import shown_breaths
from sessions.phase_table import PhaseRow
from sessions.review import Review
from sessions.way_back import way_of

Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Claim:
    """One printed number and how it comes about."""

    id: str
    """Such as ``3:rmssd_ms``; the number is the part's seq."""
    how: str
    """Name of the function in ``recompute.js``."""
    printed: str
    digits: int
    given: Mapping[str, object]
    """What the function takes beside the beats."""

    def as_dict(self) -> dict[str, object]:
        """As the report carries it."""
        return {"id": self.id, "how": self.how, "printed": self.printed, "digits": self.digits, **self.given}


def beats_of(found: Review) -> dict[str, object]:
    """The judged beats, shape (n,) each: the end as it was told and as sum of intervals, in s; the interval in ms; 1
    where it is normal; 1 where it follows on the one before."""
    series = Series.of(found.stream.judgements, found.stream.gaps)
    return {
        "told_s": [judgement.time_s for judgement in found.stream.judgements],
        "end_s": series.time_s.tolist(),
        "rr_ms": series.rr_ms.tolist(),
        "normal": series.normal.astype(int).tolist(),
        "joined": (series.follows == JOINED).astype(int).tolist(),
        "verdict": [str(judgement.verdict) for judgement in found.stream.judgements],
    }


def claims_of(found: Review) -> tuple[Claim, ...]:
    """Every number of the phase table and the half-time; what is withheld claims nothing."""
    return (*(claim for row in found.phases for claim in _of_part(found, row)), *_half_time(found))


def _of_part(found: Review, row: PhaseRow) -> Iterator[Claim]:
    spans = [list(span) for span in found.told.own_spans(row.span)]
    seq, part = row.span.seq, {"spans": spans}
    if row.used_s <= 0:
        return
    yield Claim(f"{seq}:usable_percent", "usable", words.number(row.usable_percent), 1, part)
    yield Claim(f"{seq}:corrected_percent", "corrected", words.number(row.corrected_percent), 1, part)
    for name, how, digits in (("mean_hr_bpm", "rate", 1), ("rmssd_ms", "rmssd", 0)):
        value = row.indices[name].value
        if value is not None:
            yield Claim(f"{seq}:{name}", how, words.number(value, digits), digits, part)
    breaths = shown_breaths(found.told, row.span, _series(found), found.stream.delay_s)
    swing = row.indices["swing_bpm"].value
    if swing is not None and breaths:
        yield Claim(f"{seq}:swing_bpm", "swing", words.number(swing), 1, {"breaths": breaths})
    yield from _changes(found, row, spans)


def _changes(found: Review, row: PhaseRow, spans: Sequence[object]) -> Iterator[Claim]:
    change = found.changes.get(row.span.seq)
    if change is None:
        return
    reference = next(r for r in reversed(found.phases) if r.span.name == change.reference and r.span.seq < row.span.seq)
    against = [list(span) for span in found.told.own_spans(reference.span)]
    for part, name, how, digits in (
        (change.mean_hr_bpm, "change_bpm", "rate_change", 1),
        (change.ln_rmssd, "change_rmssd_percent", "rmssd_change", 0),
    ):
        if part.value is None:
            continue
        value = part.value if how == "rate_change" else 100.0 * float(np.expm1(part.value))
        given = {"spans": spans, "against": against, "last_s": part.window_s}
        yield Claim(f"{row.span.seq}:{name}", how, words.signed(value, digits), digits, given)


def _half_time(found: Review) -> Iterator[Claim]:
    half, way = found.half_time, way_of(found.phases, found.heard_until_s)
    if half.value_s is None or isinstance(way, str):
        return
    given: dict[str, object] = {
        "baseline": list(way.baseline),
        "stressor": list(way.stressor),
        "until_s": way.until_s,
        "smoothing_s": SMOOTHING_S,
        "peak_s": PEAK_S,
        "rest_s": REST_S,
        "held_s": HELD_S,
        "step_s": STEP_S,
        "least_rise_bpm": LEAST_RISE_BPM,
    }
    yield Claim("half_time", "half_time", words.clock(half.value_s), 0, given)


def _series(found: Review) -> Series:
    return Series.of(found.stream.judgements, found.stream.gaps)
