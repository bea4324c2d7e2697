"""How the heart came back after the last stressor: half-time, and the figures of each part of the way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from processing import coming_back
from processing.recovery import HalfTime, half_time_of
from processing.values import IndexValue, Indices
from processing.windows import Series
from sessions.phase_table import PhaseRow
from sessions.told import Told

NO_STRESSOR = "too_short: there is no stressor in this recording"
NO_BASELINE = "too_short: there is no baseline before the stressor"
_ENDS_THE_WAY_BACK = ("stressor", "control", "practice", "reflection")
_ON_THE_WAY = ("recovery", "paced_breathing")

Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Way:
    """Where the last stressor, the baseline before it and the way back from it lie, in the recording's time."""

    baseline: Span
    stressor: Span
    until_s: float
    """Where another task begins, or the recording ends."""
    parts: tuple[PhaseRow, ...]
    """Breathing and recovery parts on the way, in order."""


def way_of(rows: Sequence[PhaseRow], end_s: float) -> Way | str:
    """The way back of a sitting, or the reason why there is none; ``end_s`` is when the heart was last heard."""
    places = [at for at, row in enumerate(rows) if row.span.kind == "stressor" and row.used_s > 0]
    if not places:
        return NO_STRESSOR
    at = places[-1]
    rests = [row for row in rows[:at] if row.span.kind == "baseline"]
    if not rests:
        return NO_BASELINE
    stressor, after = _span(rows[at], end_s), rows[at + 1 :]
    tasks = [row.span.start_s for row in after if row.span.kind in _ENDS_THE_WAY_BACK]
    until_s = min([*tasks, end_s])
    parts = [row for row in after if row.span.kind in _ON_THE_WAY and row.span.start_s < until_s and row.used_s > 0]
    return Way(_span(rests[-1]), stressor, until_s, tuple(parts))


def half_time_on(way: Way | str, told: Told, series: Series) -> HalfTime:
    """Half-time after the last stressor; answering the questions belongs to the way back.

    It is labelled as paced when a guide ran within it.
    """
    if isinstance(way, str):
        return HalfTime(None, False, False, None, way)
    found = half_time_of(series, baseline=way.baseline, stressor=way.stressor, until_s=way.until_s)
    from_s = way.stressor[1]
    seen_until_s = from_s + found.value_s if found.value_s is not None else way.until_s
    return replace(found, paced=bool(told.guides_in(from_s, seen_until_s)))


def figures_on(way: Way | str, told: Told, series: Series) -> Mapping[int, Indices]:
    """Slope, excess, shares of the way and effect of breathing, by the seq of each part on the way back."""
    if isinstance(way, str):
        return {}
    return {row.span.seq: {one.name: one for one in _figures(way, row, told, series)} for row in way.parts}


def _figures(way: Way, row: PhaseRow, told: Told, series: Series) -> list[IndexValue]:
    part = _span(row, way.until_s)
    guided = bool(told.guides_in(max(part[0], part[1] - coming_back.LN_END_S), part[1]))
    found = [
        coming_back.slope(series, part),
        coming_back.excess(series, way.baseline, part),
        coming_back.recovery_percent(series, way.baseline, way.stressor, part),
        coming_back.recovery_ln_rmssd_percent(series, way.baseline, way.stressor, part, guided=guided),
    ]
    if row.span.kind == "paced_breathing":
        found.append(coming_back.breathing_change(series, way.stressor, part))
    return found


def _span(row: PhaseRow, end_s: float | None = None) -> Span:
    span = row.span
    return span.start_s, span.end_s if span.end_s is not None else (end_s if end_s is not None else span.start_s)
