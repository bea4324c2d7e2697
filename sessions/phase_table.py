"""One row a part: how much of its signal can be used, and every number or the reason why it is withheld."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from acquisition.beats import Gap
from processing.batch import stretch_indices
from processing.following import Following
from processing.thresholds import SHOWN_UP_TO_PERCENT, WITHHELD_OVER_PERCENT
from processing.values import IndexValue, Indices, Judgement
from processing.windows import TOLERANCE_S, Series
from sessions.guided_part import guide_followed, guided_indices
from sessions.records import PhaseSpan, Rating
from sessions.told import Told

RMSSD_LEAST_S = 60.0
"""A part shorter than this has no RMSSD in the table (docs/protocol.md: better 120 s and more)."""
COMPARED_S = 120.0
"""Parts are compared over equal windows: the last so many seconds of each (docs/protocol.md)."""


@dataclass(frozen=True, slots=True)
class Stream:
    """The judged beats of a recording, and how much later than the heart they are stamped."""

    judgements: tuple[Judgement, ...]
    gaps: tuple[Gap, ...]
    delay_s: float


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A part's own beats on a clock that stands still while the part waits; 0 is the part's start."""

    series: Series
    length_s: float

    def indices(self, last_s: float | None = None, *, oracle: bool = True) -> Indices:
        """Every number of the whole part, or of its last seconds; from the first interval on when the stream began
        within them."""
        from_s = 0.0 if last_s is None else max(0.0, self.length_s - last_s)
        from_s = min(max(from_s, self.series.start_s), self.length_s)
        return stretch_indices(self.series, from_s, self.length_s, oracle=oracle)


@dataclass(frozen=True, slots=True)
class PhaseRow:
    """A part of the sitting as the table shows it."""

    span: PhaseSpan
    title: str
    used_s: float
    """Seconds in which the part itself ran."""
    beats: int
    usable_percent: float
    """Share of that time which normal intervals cover."""
    corrected_percent: float
    """Refused intervals per hundred."""
    gaps: int
    ratings: tuple[Rating, ...]
    indices: Indices
    excerpt: Excerpt
    flags: tuple[str, ...]
    followed: Following | None = None
    """Whether the guide was followed; None where none ran."""

    @property
    def quality(self) -> str:
        """``shown``, ``marked`` or ``withheld``, by the share of refused intervals."""
        if self.corrected_percent > WITHHELD_OVER_PERCENT:
            return "withheld"
        return "marked" if self.corrected_percent > SHOWN_UP_TO_PERCENT else "shown"

    def rating(self, prompt: str, *, before_feedback: bool = True) -> float | None:
        """The answer as a number, or None; answers given after the heart was shown are left out unless asked for."""
        for one in self.ratings:
            if one.prompt == prompt and isinstance(one.value, int | float) and not isinstance(one.value, bool):
                return None if before_feedback and one.after_feedback else float(one.value)
        return None


@dataclass(frozen=True, slots=True)
class Quality:
    """How much of a stretch can be used."""

    beats: int
    usable_percent: float
    corrected_percent: float


def quality(own: Excerpt) -> Quality:
    """Of a part, or of a whole recording."""
    series = own.series
    inside = (series.time_s > TOLERANCE_S) & (series.time_s <= own.length_s + TOLERANCE_S)
    beats, normal = int(np.count_nonzero(inside)), inside & series.normal
    normal_s = float(series.rr_ms[normal].sum()) / 1000.0
    usable = min(100.0, 100.0 * normal_s / own.length_s) if own.length_s > 0 else 0.0
    refused = 100.0 * (beats - int(np.count_nonzero(normal))) / beats if beats else 0.0
    return Quality(beats, usable, refused)


def phase_rows(told: Told, stream: Stream) -> tuple[PhaseRow, ...]:
    """A row for each part of the script, every take of its own."""
    whole = Series.of(stream.judgements, stream.gaps)
    return tuple(_row(span, told, stream, whole) for span in told.phases)


def compared_rest(phases: Sequence[PhaseSpan]) -> PhaseSpan | None:
    """The baseline that rest is read from: the last before the first stressor, or the last of all."""
    rests: list[PhaseSpan] = []
    for span in phases:
        if span.kind == "stressor" and rests:
            break
        if span.kind == "baseline":
            rests.append(span)
    return rests[-1] if rests else None


def excerpt(stream: Stream, spans: Sequence[tuple[float, float]]) -> Excerpt:
    """The intervals that end in ``spans``, laid end to end; none is kept that reaches into what lies between."""
    kept: list[Judgement] = []
    gaps: list[Gap] = []
    length_s = 0.0
    for number, (from_s, to_s) in enumerate(spans):
        earlier_s = from_s - length_s
        lead = _before(stream.judgements, from_s) if number == 0 else []
        inside = [j for j in stream.judgements if from_s < j.time_s <= to_s]
        if number > 0:
            inside = [j for j in inside if j.time_s - j.rr_ms / 1000.0 >= from_s]
        kept += [replace(j, time_s=j.time_s - earlier_s) for j in (*lead, *inside)]
        gaps += [
            replace(gap, from_s=gap.from_s - earlier_s, to_s=gap.to_s - earlier_s)
            for gap in stream.gaps
            if gap.from_s < to_s and gap.to_s > from_s
        ]
        length_s += to_s - from_s
    return Excerpt(Series.of(kept, gaps), length_s)


def _before(judgements: Sequence[Judgement], time_s: float) -> list[Judgement]:
    """The last interval before a part: it says that the stream had begun, and lies in no window of the part."""
    earlier = [j for j in judgements if j.time_s <= time_s]
    return earlier[-1:]


def _row(span: PhaseSpan, told: Told, stream: Stream, whole: Series) -> PhaseRow:
    spans = told.own_spans(span)
    own = excerpt(stream, spans)
    found = quality(own)
    end_s = span.end_s if span.end_s is not None else span.start_s
    row = PhaseRow(
        span=span,
        title=str(span.details.get("title") or span.name.replace("-", " ").capitalize()),
        used_s=own.length_s,
        beats=found.beats,
        usable_percent=found.usable_percent,
        corrected_percent=found.corrected_percent,
        gaps=sum(1 for gap in stream.gaps if gap.from_s < end_s and gap.to_s > span.start_s),
        ratings=tuple(r for r in told.ratings if r.phase == span.name and r.take == span.take),
        indices={},
        excerpt=own,
        flags=(),
    )
    if own.length_s <= 0:
        return row
    guided = guided_indices(told, span, whole, stream.delay_s)
    indices = {**own.indices(), **_rmssd_in_a_table(own), **guided}
    followed = guide_followed(told, span, indices["breathing_rate_bpm"])
    row = replace(row, indices=indices, followed=followed)
    return replace(row, flags=_flags(row))


def _rmssd_in_a_table(own: Excerpt) -> dict[str, IndexValue]:
    """RMSSD is withheld under a minute."""
    if own.length_s >= RMSSD_LEAST_S:
        return {}
    whole = own.indices(oracle=False)
    reason = f"too_short: needs {RMSSD_LEAST_S:g} s, has {own.length_s:.0f} s"
    return {name: replace(whole[name], value=None, reason=reason) for name in ("rmssd_ms", "ln_rmssd")}


def _flags(row: PhaseRow) -> tuple[str, ...]:
    flags = []
    if row.quality == "marked":
        flags.append(f"{row.corrected_percent:.0f} % of the beats are corrected")
    if row.quality == "withheld":
        flags.append(f"{row.corrected_percent:.0f} % of the beats are refused; most numbers are withheld")
    off = row.followed
    if off is not None and off.finding == "pacer not followed" and off.achieved_bpm is not None:
        flags.append(f"guide not followed: {off.achieved_bpm:.1f} breaths a minute against {off.paced_bpm:.1f}")
    if row.gaps:
        flags.append("one gap" if row.gaps == 1 else f"{row.gaps} gaps")
    if row.span.speech in ("speaking", "conversation"):
        flags.append("spoken: speaking changes the heart by itself")
    if row.span.ended in ("stopped", "lighter", "unwell", "skipped", "interrupted"):
        flags.append(_ENDED[row.span.ended])
    if row.span.take > 1:
        flags.append(f"take {row.span.take}: takes are never averaged")
    return tuple(flags)


_ENDED: Mapping[str, str] = {
    "stopped": "the person stopped here",
    "lighter": "the person chose a lighter moment",
    "unwell": "the person felt unwell, and the guide stopped",
    "skipped": "left before its end",
    "interrupted": "cut off",
}
