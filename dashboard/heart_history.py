"""What a page that is opened anew is told of the heart: the present part's beats, and only where it shows them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

Message = Mapping[str, object]

SHOWS_HEART = "pacer_and_wave"
"""The only kind of feedback in which a page may have the heart."""


def heart_history(view: object, told: Iterable[Message]) -> Message | None:
    """Beats, corrections and gaps of the part that ``view`` shows, out of what its topic was told; else None.

    One message: the page puts it in the place of whatever it knows of the heart.

    >>> view = {"screen": "phase", "phase": {"feedback": "pacer_and_wave", "start_s": 60.0}}
    >>> heart_history(view, [{"k": "beat", "q": 1, "t": 59.0}, {"k": "tick"}, {"k": "beat", "q": 2, "t": 60.9}])
    {'k': 'heart', 'told': [{'k': 'beat', 'q': 2, 't': 60.9}]}
    >>> heart_history({"screen": "phase", "phase": {"feedback": "pacer", "start_s": 60.0}}, []) is None
    True
    """
    start_s = _shown_since_s(view)
    if start_s is None:
        return None
    kept: list[Message] = []
    beats: set[object] = set()
    for message in told:
        kind = message.get("k")
        if kind == "beat" and _after(message.get("t"), start_s):
            beats.add(message.get("q"))
            kept.append(message)
        elif (kind == "fix" and message.get("q") in beats) or (kind == "gap" and _after(message.get("to"), start_s)):
            kept.append(message)
    return {"k": "heart", "told": kept}


def _shown_since_s(view: object) -> float | None:
    """When the part began whose page shows the heart; None on any other page."""
    if not isinstance(view, Mapping) or view.get("screen") != "phase":
        return None
    phase = view.get("phase")
    if not isinstance(phase, Mapping) or phase.get("feedback") != SHOWS_HEART:
        return None
    return float(phase["start_s"])


def _after(time_s: object, start_s: float) -> bool:
    return isinstance(time_s, int | float) and time_s > start_s
