"""One recording read whole: parts, changes, the way back, felt and heart, and the series of its timeline.

Works on a stored sitting, on a file whose markers carry a sitting, and on a plain file of intervals, which then has no
parts. The verdicts are those of the live pipeline.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from acquisition.beats import Beat, Gap
from acquisition.formats.recording_file import RecordingFile
from processing.analysis import indices_as_dict, judge
from processing.method import method_of
from processing.recovery import HalfTime
from processing.track import track
from processing.values import Indices
from processing.windows import Series
from sessions.felt_and_heart import CAVEAT, FeltAndHeart, felt_and_heart
from sessions.kept import StoredRecording
from sessions.key_figures import KeyFigure, key_figures
from sessions.phase_table import COMPARED_S, RMSSD_LEAST_S, Excerpt, PhaseRow, Stream, phase_rows
from sessions.reactivity import BASELINE_LEAST_S, Change, Reactivity, reactivities, way_back
from sessions.records import PhaseSpan
from sessions.timeline_series import Timeline, timeline
from sessions.told import Told, told


@dataclass(frozen=True, slots=True)
class Review:
    """Everything that a clinician's page, a report or ``attune show`` says of one recording."""

    id: str
    state: str
    exercise: str | None
    told: Told
    phases: tuple[PhaseRow, ...]
    changes: Mapping[int, Reactivity]
    """Reactivity by the seq of the part."""
    half_time: HalfTime
    pairs: tuple[FeltAndHeart, ...]
    key_figures: tuple[KeyFigure, ...]
    flags: tuple[str, ...]
    """What to know before trusting the numbers, in plain sentences."""
    timeline: Timeline
    indices: Indices
    """Of the whole recording; what is said of a plain file."""
    method: Mapping[str, object]


def review(stored: StoredRecording | None, file: RecordingFile) -> Review:
    """Read a recording; ``stored`` is None for a file. Takes seconds for a long one: not on an event loop."""
    first = file.streams[0]
    items = [item for item in file.items if item.stream == first]
    last_s = max((item.time_s for item in items if isinstance(item, Beat | Gap)), default=0.0)
    sitting = told(file, last_s)
    end_s = max([last_s, *(span.end_s or 0.0 for span in (*sitting.phases, *sitting.inserted) if _was_heard(span))])
    delay = file.header.get("delay_s")
    stream = Stream(
        judgements=judge(items),
        gaps=tuple(item for item in items if isinstance(item, Gap)),
        delay_s=float(delay) if isinstance(delay, int | float) else 0.0,
    )
    series = Series.of(stream.judgements, stream.gaps)
    seconds = track(series)
    rows = phase_rows(sitting, stream)
    changes = reactivities(rows, sitting, seconds)
    half = way_back(rows, sitting, stream, _heard_until(sitting, stream, end_s))
    pairs = felt_and_heart(rows, changes)
    gaps_s = sum(gap.to_s - gap.from_s for gap in stream.gaps)
    exercise = stored.summary.exercise if stored is not None else file.header.get("exercise")
    return Review(
        id=stored.summary.id if stored is not None else file.path.name,
        state=stored.summary.state if stored is not None else "file",
        exercise=str(exercise) if exercise is not None else None,
        told=sitting,
        phases=rows,
        changes=changes,
        half_time=half,
        pairs=pairs,
        key_figures=key_figures(rows, changes, half, pairs, gaps_s, Excerpt(series, end_s)),
        flags=tuple(_flags(stored, file, sitting, rows, half, stream)),
        timeline=timeline(rows, sitting, stream, series, seconds, end_s),
        indices=Excerpt(series, end_s).indices() if not rows else {},
        method=_method(stream),
    )


def as_json(found: Review) -> dict[str, object]:
    """The shape of ``attune show ID --json``."""
    return {
        "id": found.id,
        "state": found.state,
        "exercise": found.exercise,
        "phases": [_phase_json(row, found.changes.get(row.span.seq)) for row in found.phases],
        "half_time": {
            "value_s": found.half_time.value_s,
            "censored": found.half_time.censored,
            "paced": found.half_time.paced,
            "fitted_s": found.half_time.fitted_s,
            "reason": found.half_time.reason,
            "rest_bpm": found.half_time.rest_bpm,
            "peak_bpm": found.half_time.peak_bpm,
            "watched_s": found.half_time.watched_s,
        },
        "inserted": [{"kind": span.kind, "start_s": span.start_s, "end_s": span.end_s} for span in found.told.inserted],
        "felt_and_heart": [
            {
                "phase": pair.name,
                "reference": pair.reference,
                "change_bpm": pair.change_bpm,
                "change_sd": pair.change_sd,
                "felt": dict(pair.felt),
                "says": pair.says or None,
                "left_out": pair.left_out,
            }
            for pair in found.pairs
        ],
        "key_figures": [
            {"id": one.id, "value": one.value, "unit": one.unit, "reason": one.reason, "note": one.note}
            for one in found.key_figures
        ],
        "indices": indices_as_dict(found.indices),
        "flags": list(found.flags),
        "method": dict(found.method),
    }


def _phase_json(row: PhaseRow, change: Reactivity | None) -> dict[str, object]:
    span = row.span
    shown: dict[str, object] = {
        "name": span.name,
        "kind": span.kind,
        "speech": span.speech,
        "take": span.take,
        "ended": span.ended,
        "start_s": span.start_s,
        "end_s": span.end_s,
        "planned_s": span.planned_s,
        "used_s": row.used_s,
        "pacer_bpm": span.pacer_bpm,
        "usable_percent": row.usable_percent,
        "corrected_percent": row.corrected_percent,
        "beats": row.beats,
        "gaps": row.gaps,
        "ratings": {rating.prompt: rating.value for rating in row.ratings},
        "after_feedback": [rating.prompt for rating in row.ratings if rating.after_feedback],
        "indices": indices_as_dict(row.indices),
        "flags": list(row.flags),
        "reactivity": None,
    }
    if change is not None:
        shown["reactivity"] = {
            "reference": change.reference,
            "speech": change.speech,
            "reference_speech": change.reference_speech,
            "named": change.named,
            "mean_hr_bpm": _change_json(change.mean_hr_bpm),
            "ln_rmssd": _change_json(change.ln_rmssd),
        }
    return shown


def _change_json(change: Change) -> dict[str, object]:
    return {
        "value": change.value,
        "unit": change.unit,
        "reason": change.reason,
        "window_s": change.window_s,
        "sd": change.sd,
    }


def _was_heard(span: PhaseSpan) -> bool:
    """Rest after the close, and the question after it, come when the heart is no longer recorded."""
    return span.kind != "rest" and span.details.get("of") != "more_rest"


def _heard_until(sitting: Told, stream: Stream, end_s: float) -> float:
    """The way back ends with the heart, or with more rest after the close, which is not recorded."""
    last = stream.judgements[-1].time_s if stream.judgements else end_s
    return min(end_s, last)


def _flags(
    stored: StoredRecording | None,
    file: RecordingFile,
    sitting: Told,
    rows: tuple[PhaseRow, ...],
    half: HalfTime,
    stream: Stream,
) -> list[str]:
    flags = []
    if stored is not None and stored.summary.state == "recovered":
        flags.append("The recording was cut off. Everything that was acknowledged is here.")
    if stored is not None and stored.summary.simulated:
        flags.append("A simulated heart, not a person.")
    if "truncated" in file.details:
        flags.append("The end of the file is missing.")
    if not any(isinstance(item, Beat) for item in file.items):
        flags.append("No heart was recorded.")
    if stream.gaps:
        longest = max(gap.to_s - gap.from_s for gap in stream.gaps)
        count = "One gap" if len(stream.gaps) == 1 else f"{len(stream.gaps)} gaps"
        flags.append(f"{count} in the signal, the longest {longest:.0f} s; nothing is bridged.")
    for row in rows:
        if row.span.kind == "baseline" and row.used_s < BASELINE_LEAST_S and row is _compared_baseline(rows):
            flags.append(
                f"The baseline {row.title} lasted {row.used_s:.0f} s; {BASELINE_LEAST_S:.0f} s are its minimum."
            )
        flags += [f"{row.title}: {flag}." for flag in row.flags]
    if half.paced:
        flags.append("Half-recovery ran with a breath guide: it is no spontaneous recovery.")
    if any(span.kind in ("pause", "grounding") for span in sitting.inserted):
        flags.append("The sitting was paused; pauses lie outside every number.")
    if any(rating.after_feedback for row in rows for rating in row.ratings):
        flags.append("Answers given after the heart was shown are left out of felt and heart.")
    return flags


def _compared_baseline(rows: tuple[PhaseRow, ...]) -> PhaseRow | None:
    """The baseline that rest is read from: the last before the first stressor, or the last of all."""
    rests: list[PhaseRow] = []
    for row in rows:
        if row.span.kind == "stressor" and rests:
            break
        if row.span.kind == "baseline":
            rests.append(row)
    return rests[-1] if rests else None


def _method(stream: Stream) -> dict[str, object]:
    return {
        **method_of("attune"),
        "sensor_delay_s": stream.delay_s,
        "rmssd_in_phase_table_least_s": RMSSD_LEAST_S,
        "compared_over_last_s": COMPARED_S,
        "baseline_least_s": BASELINE_LEAST_S,
        "pauses_and_questions": "outside every index; the way back counts through them from the stressor's last second",
        "felt_and_heart": CAVEAT,
    }
