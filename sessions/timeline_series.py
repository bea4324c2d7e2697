"""What a timeline of a recording draws: one value a second, None where nothing may be said."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from acquisition.beats import Gap
from processing.arousal import BaselineReference
from processing.indices import MS_PER_MIN
from processing.thresholds import MIN_COVERAGE
from processing.track import Track
from processing.values import Judgement
from processing.windows import Floats, Series
from sessions.phase_table import PhaseRow, Stream
from sessions.records import PhaseSpan
from sessions.told import Told

MEAN_S = 30.0
"""Width of the centred mean of heart rate in a session."""
SPOKEN = ("speaking", "conversation")

Points = tuple[tuple[float, float | None], ...]
"""(time_s, value), None where it is withheld."""


@dataclass(frozen=True, slots=True)
class Timeline:
    """Everything on the time axis, in seconds of the recording's own time."""

    duration_s: float
    judgements: tuple[Judgement, ...]
    """Every interval with its raw value and its verdict; heart rate by beat is 60000 over it."""
    gaps: tuple[Gap, ...]
    heart_rate_bpm: Points
    """Mean of the normal beats within 15 s on either side."""
    rmssd_ms: Points
    """Over the last 60 s."""
    arousal_sd: Points
    """Robust SD from the own baseline; drawn within 4 SD, kept as it is."""
    arousal_reference: BaselineReference | None
    arousal_reason: str | None
    """Why there is no arousal at all, or None."""


def timeline(
    rows: tuple[PhaseRow, ...], told: Told, stream: Stream, series: Series, track: Track, duration_s: float
) -> Timeline:
    """The series of a whole recording."""
    reference, reason = _baseline(rows, track)
    arousal = np.full(track.time_s.size, np.nan)
    if reference is not None:
        arousal = track.arousal_sd(reference, _paced(told, track.time_s))
        arousal[_outside(rows, told, track.time_s, reference)] = np.nan
    return Timeline(
        duration_s=duration_s,
        judgements=stream.judgements,
        gaps=stream.gaps,
        heart_rate_bpm=_points(track.time_s, heart_mean(series, track.time_s)),
        rmssd_ms=_points(track.time_s, np.exp(track.ln_rmssd_60)),
        arousal_sd=_points(track.time_s, arousal),
        arousal_reference=reference,
        arousal_reason=reason,
    )


def heart_mean(series: Series, at_s: Floats, width_s: float = MEAN_S) -> Floats:
    """Centred mean heart rate of the normal beats; NaN where they cover too little of the width. Shape (n,)."""
    if series.rr_ms.size == 0:
        return np.full(at_s.size, np.nan)
    time_s, rr = series.time_s[series.normal], series.rr_ms[series.normal]
    sums = np.concatenate(([0.0], np.cumsum(rr)))
    first = np.searchsorted(time_s, at_s - width_s / 2, side="right")
    end = np.searchsorted(time_s, at_s + width_s / 2, side="right")
    total, count = sums[end] - sums[first], (end - first).astype(np.float64)
    begin_s, last_s = series.start_s, float(series.time_s[-1])
    inside_s = np.minimum(at_s + width_s / 2, last_s) - np.maximum(at_s - width_s / 2, begin_s)
    total[total < 1000.0 * MIN_COVERAGE * inside_s] = np.nan
    total[total == 0] = np.nan
    rates: Floats = MS_PER_MIN * count / total
    return rates


def _baseline(rows: tuple[PhaseRow, ...], track: Track) -> tuple[BaselineReference | None, str | None]:
    """The last baseline before the first other part, so that it is the person's own of this day."""
    rests: list[PhaseSpan] = []
    for row in rows:
        if row.span.kind != "baseline" and rests:
            break
        if row.span.kind == "baseline":
            rests.append(row.span)
    if not rests:
        return None, "too_short: there is no baseline"
    rest = rests[-1]
    found = track.reference(rest.start_s, rest.end_s or rest.start_s, spoken=rest.speech in SPOKEN)
    return found, None if found is not None else "too_short: the baseline has under 30 s of heart rate"


def _paced(told: Told, time_s: Floats) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    mask = np.zeros(time_s.size, dtype=bool)
    for guide in told.paced:
        mask |= (time_s > guide.from_s) & (time_s <= guide.to_s)
    return mask


def _outside(
    rows: tuple[PhaseRow, ...], told: Told, time_s: Floats, reference: BaselineReference
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Where arousal is not told: pauses and questions, and speech against a silent baseline or the other way."""
    mask = np.ones(time_s.size, dtype=bool)
    for row in rows:
        if (row.span.speech in SPOKEN) == reference.spoken:
            for from_s, to_s in told.own_spans(row.span):
                mask[(time_s > from_s) & (time_s <= to_s)] = False
    return mask


def _points(time_s: Floats, values: Floats) -> Points:
    return tuple(
        (float(at), float(value) if np.isfinite(value) else None) for at, value in zip(time_s, values, strict=True)
    )
