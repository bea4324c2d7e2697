"""The timeline without a picture: its summary in words, its minutes as a table, its seconds for the crosshair. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from dash import html

from dashboard.clinician import words
from dashboard.clinician.timeline_frame import on_axis
from dashboard.clinician.timeline_marks import FELT_WORDS
from dashboard.clinician.timeline_traces import arousal_words
from dashboard.clinician.timeline_values import Reading, TimelineValues
from dashboard.shell import attrs

ROW_S = 60.0
"""The table has a row a minute."""
CROSSHAIR_S = 5.0
"""Step of the crosshair by keyboard, s."""
MOST_STEPS = 720
"""Steps of the crosshair at most; a longer recording takes longer ones."""


def summary(values: TimelineValues) -> str:
    """What the picture shows, in three sentences at most."""
    known = [reading for reading in values.means if reading.value is not None]
    if not known:
        return "No heart rate could be drawn: there are too few usable beats."
    low = min(known, key=lambda reading: reading.value or 0.0)
    high = max(known, key=lambda reading: reading.value or 0.0)
    marks = words.count(len(values.marks), "corrected or refused event")
    gaps = words.count(sum(not hole.pause for hole in values.holes), "gap")
    text = (
        f"Mean heart rate ran from {low.value:.0f}{_where(values, low.time_s)} "
        f"to {high.value:.0f} beats a minute{_where(values, high.time_s)}."
    )
    pauses = sum(hole.pause for hole in values.holes)
    counted = ", ".join([f"{marks[:1].upper()}{marks[1:]}", gaps, *([words.count(pauses, "pause")] if pauses else [])])
    return f"{text} {counted}."


def _where(values: TimelineValues, time_s: float) -> str:
    band = values.at(time_s)
    return f" at {words.clock(time_s)}" + (f" ({band.title})" if band else "")


def minute_table(values: TimelineValues) -> html.Div:
    """One row a minute, with the values that stand at its end."""
    rows, tracks = [], _tracks(values)
    time_s = ROW_S
    while time_s <= values.duration_s + ROW_S / 2:
        rows.append(html.Tr([html.Td(cell) for cell in _cells(values, tracks, min(time_s, values.duration_s))]))
        time_s += ROW_S
    heads = ("Time", "Phase", "Heart rate, 30 s mean", "RMSSD, 60 s", "Arousal", "Felt in this minute")
    table = html.Table(
        [html.Thead(html.Tr([html.Th(head, scope="col") for head in heads])), html.Tbody(rows)], className="tbl"
    )
    return html.Div(
        table, className="scroll", tabIndex="0", role="group", **attrs(aria_label="Timeline, minute by minute")
    )


def _cells(values: TimelineValues, tracks: Sequence[Track], time_s: float) -> tuple[str, ...]:
    band = values.at(time_s - 0.001)
    heart, rmssd, arousal = (track.at(time_s) for track in tracks)
    felt = [point for point in values.felt if time_s - ROW_S < point.time_s <= time_s]
    return (
        words.clock(time_s),
        band.title if band else words.DASH,
        _value(heart, 0),
        _value(rmssd, 0),
        arousal_words(arousal) if arousal else words.DASH,
        ", ".join(f"{FELT_WORDS.get(point.prompt, point.prompt)} {point.value:.0f}" for point in felt) or words.DASH,
    )


def crosshair_rows(values: TimelineValues) -> list[tuple[float, str]]:
    """(place on the time axis, what stands there in words) at even steps."""
    step = max(CROSSHAIR_S, values.duration_s / MOST_STEPS)
    rows: list[tuple[float, str]] = []
    tracks = _tracks(values)
    for at in range(int(values.duration_s / step) + 1):
        time_s = at * step
        band = values.at(time_s)
        heart, rmssd, arousal = (track.at(time_s) for track in tracks)
        parts = [
            words.clock(time_s) + (f", {band.title}" if band else ""),
            f"heart {_value(heart, 0)}",
            f"RMSSD {_value(rmssd, 0)}",
            f"arousal {arousal_words(arousal) if arousal else words.DASH}",
        ]
        hole = next((hole for hole in values.holes if hole.from_s <= time_s < hole.to_s), None)
        rows.append((on_axis(time_s), ", ".join([*parts, *([hole.words] if hole else [])])))
    return rows


class Track:
    """Readings in order of time, to be asked for the one nearest to a moment."""

    def __init__(self, readings: Sequence[Reading]) -> None:
        self._readings = readings
        self._times = [reading.time_s for reading in readings]

    def at(self, time_s: float, within_s: float = 8.0) -> Reading | None:
        """The reading nearest in time, or None when there is none close by."""
        at = bisect_left(self._times, time_s)
        close = [r for r in self._readings[max(0, at - 1) : at + 1] if abs(r.time_s - time_s) <= within_s]
        return min(close, key=lambda reading: abs(reading.time_s - time_s), default=None)


def _tracks(values: TimelineValues) -> tuple[Track, Track, Track]:
    return Track(values.means), Track(values.rmssd), Track(values.arousal)


def _value(reading: Reading | None, digits: int) -> str:
    if reading is None:
        return words.DASH
    if reading.value is None:
        told = words.reason(reading.reason)
        return f"{words.DASH} ({told})" if told else words.DASH
    return words.number(reading.value, digits)
