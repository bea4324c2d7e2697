"""One recording read whole: parts, changes, the way back, felt and heart, and the series of its timeline.

Works on a stored sitting, on a file whose markers carry a sitting, and on a plain file of intervals, which then has no
parts. The verdicts are those of the live pipeline, with corrections by hand over them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from acquisition.beats import Gap
from acquisition.formats.recording_file import RecordingFile
from processing.analysis import judge
from processing.hand_corrections import in_force, layered
from processing.method import definitions, method_of
from processing.recovery import HalfTime
from processing.review_figures import FIGURES
from processing.track import track
from processing.values import Indices
from processing.windows import Series
from sessions.felt_and_heart import CAVEAT, FeltAndHeart, felt_and_heart
from sessions.kept import StoredRecording
from sessions.key_figures import KeyFigure, key_figures
from sessions.phase_table import COMPARED_S, RMSSD_LEAST_S, Excerpt, PhaseRow, Stream, phase_rows
from sessions.reactivity import BASELINE_LEAST_S, Reactivity, reactivities
from sessions.records import PhaseSpan
from sessions.review_flags import flags
from sessions.timeline_series import Timeline, timeline
from sessions.told import Told, corrections_in, told
from sessions.way_back import figures_on, half_time_on, way_of


@dataclass(frozen=True, slots=True)
class Review:
    """Everything that a clinician's page, a report or ``attune show`` says of one recording."""

    id: str
    state: str
    exercise: str | None
    told: Told
    stream: Stream
    phases: tuple[PhaseRow, ...]
    changes: Mapping[int, Reactivity]
    """Reactivity by the seq of the part."""
    half_time: HalfTime
    coming_back: Mapping[int, Indices]
    """Slope, excess and shares of the way back by the seq of each part on it."""
    pairs: tuple[FeltAndHeart, ...]
    key_figures: tuple[KeyFigure, ...]
    flags: tuple[str, ...]
    """What to know before trusting the numbers, in plain sentences."""
    timeline: Timeline
    indices: Indices
    """Of the whole recording; what is said of a plain file."""
    method: Mapping[str, object]

    @property
    def heard_until_s(self) -> float:
        """The way back ends with the heart, or with more rest after the close, which is not recorded."""
        end_s = self.timeline.duration_s
        return min(end_s, self.stream.judgements[-1].time_s) if self.stream.judgements else end_s


def review(stored: StoredRecording | None, file: RecordingFile) -> Review:
    """Read a recording; ``stored`` is None for a file. Takes seconds for a long one: not on an event loop."""
    stream = heard(file)
    last_s = max([0.0, *(j.time_s for j in stream.judgements), *(gap.to_s for gap in stream.gaps)])
    sitting = told(file, last_s)
    end_s = max([last_s, *(span.end_s or 0.0 for span in (*sitting.phases, *sitting.inserted) if _was_heard(span))])
    series = Series.of(stream.judgements, stream.gaps)
    seconds = track(series)
    rows = phase_rows(sitting, stream)
    changes = reactivities(rows, sitting, seconds)
    way = way_of(rows, min(end_s, stream.judgements[-1].time_s) if stream.judgements else end_s)
    half = half_time_on(way, sitting, series)
    pairs = felt_and_heart(rows, changes)
    gaps_s = sum(gap.to_s - gap.from_s for gap in stream.gaps)
    exercise = stored.summary.exercise if stored is not None else file.header.get("exercise")
    return Review(
        id=stored.summary.id if stored is not None else file.path.name,
        state=stored.summary.state if stored is not None else "file",
        exercise=str(exercise) if exercise is not None else None,
        told=sitting,
        stream=stream,
        phases=rows,
        changes=changes,
        half_time=half,
        coming_back=figures_on(way, sitting, series),
        pairs=pairs,
        key_figures=key_figures(rows, changes, half, pairs, gaps_s, Excerpt(series, end_s)),
        flags=flags(stored, file, sitting, rows, half, stream),
        timeline=timeline(rows, sitting, stream, series, seconds, end_s),
        indices=Excerpt(series, end_s).indices() if not rows else {},
        method={**_method(stream), "hand_corrections": _by_hand(file)},
    )


def heard(file: RecordingFile) -> Stream:
    """The judged beats of a recording's first stream, corrections by hand over them."""
    first = file.streams[0]
    items = [item for item in file.items if item.stream == first]
    delay = file.header.get("delay_s")
    return Stream(
        judgements=layered(judge(items), corrections_in(file), first),
        gaps=tuple(item for item in items if isinstance(item, Gap)),
        delay_s=float(delay) if isinstance(delay, int | float) else 0.0,
    )


def _by_hand(file: RecordingFile) -> list[dict[str, object]]:
    """The corrections in force, as JSON values."""
    return [
        {
            "seq": one.seq,
            "intervals": one.intervals,
            "verdict": None if one.verdict is None else one.verdict.value,
            "author": one.author,
            "reason": one.reason,
            "at": one.at.isoformat(),
        }
        for one in in_force(corrections_in(file))
    ]


def _was_heard(span: PhaseSpan) -> bool:
    """Rest after the close, and the question after it, come when the heart is no longer recorded."""
    return span.kind != "rest" and span.details.get("of") != "more_rest"


def _method(stream: Stream) -> dict[str, object]:
    return {
        **method_of("attune"),
        "figures": definitions(FIGURES),
        "sensor_delay_s": stream.delay_s,
        "rmssd_in_phase_table_least_s": RMSSD_LEAST_S,
        "compared_over_last_s": COMPARED_S,
        "baseline_least_s": BASELINE_LEAST_S,
        "pauses_and_questions": "outside every index; the way back counts through them from the stressor's last second",
        "felt_and_heart": CAVEAT,
    }
