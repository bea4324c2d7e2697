"""The heart over the session, for the person: the same three neutral headings every time, and the clinician's figures.

A sentence is built from numbers, and says plainly when there are none. Nothing is graded, and no figure has a
definition of its own here: each is taken from the review.
"""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import Callable

from sessions.records import Asker
from sessions.review import Review, review
from sessions.service import Service
from sessions.view import SummaryNote, SummaryView

log = logging.getLogger("attunement.session")

HEADINGS = ("Your heart during the exercise", "The way back", "Your breath and your heart")
"""Neutral, and the same every time (docs/protocol.md)."""
MOST_POINTS = 600
BREATHS_S = 40.0
"""How much of a part the small picture of breath and heart shows: four breaths of the guide at six a minute."""
Summarise = Callable[[str], SummaryView]
"""Gives the summary of the recording with this id, wherever it is worked out; not on an event loop."""
CLEAR_BPM = 3.0
"""Under this a change of heart rate is "about the same" (docs/protocol.md: no clear rise)."""
_NOT_TODAY = "We could not work this out today. Everything recorded is kept."
NOTHING_TO_SHOW = SummaryView(
    minutes=0.0,
    start_bpm=None,
    curve=(),
    parts=(),
    notes=(
        SummaryNote(HEADINGS[0], _NOT_TODAY, "noticed"),
        SummaryNote(HEADINGS[1], _NOT_TODAY, "back"),
        SummaryNote(HEADINGS[2], _NOT_TODAY, "breath"),
    ),
)
"""When a recording could not be read; the same headings all the same."""
_SHORT = {
    "baseline": "Settle",
    "control": "Plain",
    "stressor": "Exercise",
    "practice": "Practice",
    "paced_breathing": "Breathe",
    "recovery": "Rest",
    "reflection": "Reflect",
}


async def worked_out(summarise: Summarise, recording_id: str) -> SummaryView:
    """The summary, off the event loop; whatever goes wrong is logged, for the person must not wait for ever."""
    try:
        return await asyncio.to_thread(summarise, recording_id)
    except Exception:
        log.exception("a summary could not be worked out")
        return NOTHING_TO_SHOW


def summary_of(service: Service, asker: Asker, recording_id: str) -> SummaryView:
    """Of a stored recording. Takes seconds: not on an event loop."""
    stored = service.recording(asker, recording_id)
    return summary_view(review(stored, service.recording_file(asker, recording_id)))


def summary_view(found: Review) -> SummaryView:
    """What the person's page shows when they ask to see their heart."""
    rows = [row for row in found.phases if row.span.end_s is not None]
    begin_s = rows[0].span.start_s if rows else 0.0
    end_s = max((row.span.end_s or 0.0 for row in rows), default=found.timeline.duration_s)
    rests = [row for row in rows if row.span.kind == "baseline" and row.indices]
    rest = next((row.indices["mean_hr_bpm"].value for row in reversed(rests)), None)
    return SummaryView(
        minutes=(end_s - begin_s) / 60.0,
        start_bpm=found.half_time.rest_bpm if found.half_time.rest_bpm is not None else rest,
        curve=_curve(found, begin_s, end_s),
        parts=tuple(
            (
                _SHORT.get(row.span.kind, row.title),
                row.span.kind,
                row.span.start_s - begin_s,
                (row.span.end_s or 0) - begin_s,
            )
            for row in rows
        ),
        marks=_marks(found, begin_s),
        felt=tuple(
            (rating.time_s - begin_s, float(rating.value))
            for rating in found.told.ratings
            if rating.prompt == "suds" and isinstance(rating.value, int | float)
        ),
        notes=(
            SummaryNote(HEADINGS[0], _exercise(found), "noticed"),
            SummaryNote(HEADINGS[1], _way_back(found), "back"),
            SummaryNote(HEADINGS[2], _breath(found), "breath"),
        ),
        breaths=_breaths(found),
    )


def _curve(found: Review, begin_s: float, end_s: float) -> tuple[tuple[float, float | None], ...]:
    points = [(time_s - begin_s, rate) for time_s, rate in found.timeline.heart_rate_bpm if begin_s <= time_s <= end_s]
    every = max(1, math.ceil(len(points) / MOST_POINTS))
    return tuple(points[::every])


def _breaths(found: Review) -> tuple[tuple[tuple[float, float | None], ...], ...]:
    """The end of the last rest before the guide, and the end of the guide; empty without a guide."""
    ended = [row.span for row in found.phases if row.span.end_s is not None]
    guided = [span for span in ended if span.kind == "paced_breathing"]
    rests = [span for span in ended if span.kind == "baseline"]
    return tuple(_last_beats(found, span.end_s or 0.0) for span in (*rests[-1:], *guided[-1:])) if guided else ()


def _last_beats(found: Review, end_s: float) -> tuple[tuple[float, float | None], ...]:
    begin_s = end_s - BREATHS_S
    beats = [beat for beat in found.timeline.judgements if begin_s < beat.time_s <= end_s]
    return tuple((beat.time_s - begin_s, 60_000.0 / beat.nn_ms if beat.nn_ms else None) for beat in beats)


def _marks(found: Review, begin_s: float) -> tuple[tuple[float, float, str], ...]:
    half = found.half_time
    stressors = [row for row in found.phases if row.span.kind == "stressor" and row.span.end_s is not None]
    if half.value_s is None or half.rest_bpm is None or half.peak_bpm is None or not stressors:
        return ()
    at_s = (stressors[-1].span.end_s or 0.0) + half.value_s - begin_s
    return ((at_s, (half.rest_bpm + half.peak_bpm) / 2, f"half-way back after {spoken_time(half.value_s)}"),)


def _exercise(found: Review) -> str:
    stressors = [row for row in found.phases if row.span.kind == "stressor"]
    if not stressors:
        return "There was no exercise part today."
    change = found.changes.get(stressors[-1].span.seq)
    value = change.mean_hr_bpm.value if change is not None else None
    if value is None:
        return "There was too little signal in this part to say."
    compared = "than in the quiet part before"
    if abs(value) < CLEAR_BPM:
        return "Your heart beat about as fast as in the quiet part before."
    word = "faster" if value > 0 else "slower"
    return f"Your heart beat about {abs(value):.0f} beats a minute {word} {compared}."


def _way_back(found: Review) -> str:
    half = found.half_time
    if half.value_s is not None:
        with_guide = ", with the breath guide running" if half.paced else ""
        return f"After {spoken_time(half.value_s)} your heart was half-way back to where it began{with_guide}."
    if half.censored:
        return "Your heart was still on its way when the session ended. That is common."
    if half.reason is not None and "no clear rise" in half.reason:
        return "Your heart stayed close to where it began."
    return "There was too little signal to tell."


def _breath(found: Review) -> str:
    paced = [row for row in found.phases if row.span.kind == "paced_breathing" and row.indices]
    swing = paced[-1].indices["swing_bpm"].value if paced else None
    if swing is None:
        return "There was too little signal to tell." if paced else "There was no breathing part today."
    return f"With the guide, each breath moved your heart by about {swing:.0f} beats a minute."


def spoken_time(seconds: float) -> str:
    """A length of time in words.

    >>> spoken_time(75), spoken_time(40)
    ('1 min 15 s', '40 s')
    """
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
