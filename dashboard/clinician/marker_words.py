"""Markers of a sitting in plain words; technical ones are left to the recording. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dashboard.clinician.timeline_values import NumberedMarker, PhaseBand
from sessions.records import SessionMarker

MARKER_WORDS: Mapping[str, str] = {
    "skip": "Skipped this part.",
    "stop": "Stopped for today.",
    "lighter": "Chose a lighter moment.",
    "moment": "A moment to work with",
    "unwell": "Pressed “I feel dizzy or unwell”; the guide stopped.",
    "limit": "A limit of the stop rule was reached",
    "offer": "A pause was offered",
    "offer_answer": "Answer to the offer",
    "heart_rise": "The heart",
    "breathe": "Went to breathing from a pause.",
    "breathe_alone": "Breathed on without the guide.",
    "sensor_lost": "Lost touch with the sensor.",
    "without_sensor": "Went on without the sensor.",
    "pace": "Changed the pace",
    "marker": "Marker",
}
"""Kinds that a clinician reads; all others say how the program went on, not what happened."""

RULES: Mapping[str, str] = {
    "symptoms": "symptoms",
    "suds": "distress",
    "here": "not here in the room",
    "hr_soft": "heart rate",
    "hr_hard": "heart rate",
}
OFFERED: Mapping[str, str] = {
    "fixed": "at a time fixed beforehand",
    "alert": "after a rise of the heart",
    "hr_soft": "after a rise of the heart",
}
ANSWERED: Mapping[str, str] = {"pause": "a pause", "carry_on": "carry on", "left": "none"}
RISEN: Mapping[str, str] = {"sustained": "rose over the line and stayed there", "ended": "came back under the line"}
"""What is read of rises; those that were withheld are left to the recording."""


def numbered(markers: Sequence[SessionMarker], bands: Sequence[PhaseBand]) -> tuple[NumberedMarker, ...]:
    """Those worth reading, numbered in order of time, each with the phase in which it happened."""
    kept = sorted((marker for marker in markers if _read(marker)), key=lambda marker: marker.time_s)
    return tuple(
        NumberedMarker(number, marker.time_s, told(marker), _phase(marker.time_s, bands))
        for number, marker in enumerate(kept, 1)
    )


def told(marker: SessionMarker) -> str:
    """One marker as a sentence.

    >>> told(SessionMarker(3.0, "pace", data={"bpm": 5.5}))
    'Changed the pace: to 5.5 a minute.'
    >>> told(SessionMarker(3.0, "marker", "Looked away"))
    'Looked away.'
    """
    words = MARKER_WORDS[marker.kind]
    if marker.kind == "marker" and marker.text:
        return _ended(marker.text)
    if marker.kind == "pace" and isinstance(marker.data.get("bpm"), int | float):
        return f"{words}: to {marker.data['bpm']:g} a minute."
    if marker.kind == "offer":
        return f"{words} {OFFERED.get(str(marker.data.get('why')), 'after an answer')}."
    if marker.kind == "offer_answer":
        return f"{words}: {ANSWERED.get(str(marker.data.get('answer')), 'none')}."
    if marker.kind == "heart_rise":
        return f"{words} {RISEN.get(str(marker.data.get('what')), 'was not told of')}."
    if marker.kind == "limit":
        rule = str(marker.data.get("rule", ""))
        return f"{words}: {RULES.get(rule, rule.replace('_', ' '))}."
    if marker.kind == "moment":
        size = marker.data.get("size")
        named = f"{words}: {marker.text}" if marker.text else words
        return f"{named}, size {size:g} of 10." if isinstance(size, int | float) else f"{named}."
    return _ended(words)


def _read(marker: SessionMarker) -> bool:
    """Worth reading: of rises only those of the quiet alert that were told, and their end."""
    if marker.kind == "heart_rise":
        return marker.data.get("rule") == "alert" and marker.data.get("what") in RISEN
    return marker.kind in MARKER_WORDS


def _ended(text: str) -> str:
    return text if text.endswith((".", "?", "!")) else f"{text}."


def _phase(time_s: float, bands: Sequence[PhaseBand]) -> str:
    return next((band.title for band in bands if band.start_s <= time_s < band.end_s), "")
