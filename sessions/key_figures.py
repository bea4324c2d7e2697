"""The five figures at the head of a review, each with what it is measured against or why it is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from processing.recovery import HalfTime
from sessions.felt_and_heart import FeltAndHeart
from sessions.phase_table import Excerpt, PhaseRow, quality
from sessions.reactivity import Reactivity


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """One figure."""

    id: str
    """``reactivity half_time swing felt_and_heart usable``."""
    title: str
    value: float | None
    unit: str
    note: str
    """Its reference in words; where there is no value, what is known all the same."""
    reason: str | None = None
    name: str = ""
    """Its row in the table."""
    window_s: float = 0.0
    beats: int = 0
    corrected_percent: float = 0.0


def key_figures(
    rows: Sequence[PhaseRow],
    changes: Mapping[int, Reactivity],
    half: HalfTime,
    pairs: Sequence[FeltAndHeart],
    gaps_s: float,
    whole: Excerpt,
) -> tuple[KeyFigure, ...]:
    """Always the same five, in the same order; ``whole`` is the recording, for one without parts."""
    return (
        _reactivity(rows, changes),
        _half_time(half),
        _swing(rows),
        _felt(pairs),
        _usable(rows, gaps_s, whole),
    )


def _reactivity(rows: Sequence[PhaseRow], changes: Mapping[int, Reactivity]) -> KeyFigure:
    title, unit = "Reactivity", "beats/min"
    stressors = [row for row in rows if row.span.kind == "stressor"]
    if not stressors:
        return KeyFigure("reactivity", title, None, unit, "", "too_short: there is no stressor in this recording")
    row = stressors[-1]
    change = changes.get(row.span.seq)
    if change is None:
        return KeyFigure("reactivity", title, None, unit, row.title, "too_short: there is nothing to compare it with")
    found = change.mean_hr_bpm
    note = f"{row.title} against {change.reference} ({change.speech}), last {found.window_s:.0f} s of each"
    return KeyFigure(
        "reactivity",
        title,
        found.value,
        unit,
        note,
        found.reason,
        found.name,
        found.window_s,
        found.beats,
        found.corrected_percent,
    )


def _half_time(half: HalfTime) -> KeyFigure:
    how = "with a breath guide" if half.paced else "without a breath guide"
    note = f"From the stressor's last second, {how}"
    reason = half.reason
    if half.censored:
        note, reason = f"Not reached within {half.watched_s:.0f} s, {how}", f"too_short: over {half.watched_s:.0f} s"
    if half.fitted_s is not None:
        note += f"; fitted exponential {half.fitted_s:.0f} s"
    return KeyFigure(
        "half_time",
        "Half-recovery",
        half.value_s,
        "s",
        note,
        reason,
        "half_time_s",
        half.watched_s,
        half.beats,
        half.corrected_percent,
    )


def _swing(rows: Sequence[PhaseRow]) -> KeyFigure:
    paced = [row for row in rows if row.span.kind == "paced_breathing" and row.used_s > 0]
    if not paced:
        reason = "too_short: there is no breathing part in this recording"
        return KeyFigure("swing", "Swing, breathing", None, "beats/min", "", reason)
    row = paced[-1]
    index = row.indices["swing_bpm"]
    at = f"Guided to {row.span.pacer_bpm:.1f} a minute" if row.span.pacer_bpm is not None else "Without a guide"
    rests = [other.indices["swing_bpm"].value for other in rows if other.span.kind == "baseline" and other.indices]
    rest = next((value for value in reversed(rests) if value is not None), None)
    note = at if rest is None else f"{at}; baseline {rest:.1f}, between turning points"
    return KeyFigure(
        "swing",
        "Swing, breathing",
        index.value,
        "beats/min",
        note,
        index.reason,
        index.name,
        index.window_s,
        index.beats,
        index.corrected_percent,
    )


def _felt(pairs: Sequence[FeltAndHeart]) -> KeyFigure:
    told = [pair for pair in pairs if pair.says]
    if not told:
        reason = "too_few_beats: no part has both an answer and a measured change"
        return KeyFigure("felt_and_heart", "Felt and heart", None, "of the parts alike", "", reason)
    alike = sum(pair.says in ("heart up, said up", "both steady") for pair in told)
    split = [f"{pair.title}: {pair.says}" for pair in told if pair.says not in ("heart up, said up", "both steady")]
    note = f"Alike in {alike} of {len(told)} parts" + (f"; {'; '.join(split)}" if split else "")
    return KeyFigure("felt_and_heart", "Felt and heart", float(alike), f"of {len(told)} parts alike", note)


def _usable(rows: Sequence[PhaseRow], gaps_s: float, whole: Excerpt) -> KeyFigure:
    parts = [(row.usable_percent, row.corrected_percent, row.used_s, row.beats) for row in rows]
    if not rows:
        found = quality(whole)
        parts = [(found.usable_percent, found.corrected_percent, whole.length_s, found.beats)]
    used_s, beats = sum(part[2] for part in parts), sum(part[3] for part in parts)
    if used_s <= 0 or not beats:
        return KeyFigure("usable", "Usable signal", None, "%", "", "too_few_beats: no heart was recorded")
    usable = sum(percent * length_s for percent, _, length_s, _ in parts) / used_s
    refused = sum(percent * count for _, percent, _, count in parts) / beats
    gaps = f"; gaps of {gaps_s:.0f} s in all" if gaps_s > 0 else ""
    note = f"{refused:.1f} % of the beats are refused{gaps}"
    return KeyFigure("usable", "Usable signal", usable, "%", note, None, "usable_percent", used_s, beats, refused)
