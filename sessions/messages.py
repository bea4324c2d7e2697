"""What goes to the page besides the view: ticks, beats, their revisions, gaps and numbers, as JSON-ready objects.

Heartbeats leave only while the part shows the heart; in any other part not one goes over the socket.
"""

from __future__ import annotations

from collections.abc import Mapping

from processing.pipeline import BeatUpdate, GapUpdate, Revision, Update
from processing.values import IndexValue, Verdict
from sessions import words

Message = dict[str, object]

TOGETHER_FROM = (0.25, 0.45, 0.65)
"""Rhythm scores at which heart and breath are "sometimes", "often" and wholly "together" (protocol default): own
breathing at rest leaves 0.1 to 0.3 of the power near one wave, breathing with a guide 0.6 and more."""
WORD_HOLDS_S = 10.0
"""The word changes at most this often."""
REMEMBERED = 512
"""Beats whose revision may still be told to the page; revisions come three beats later."""


class LiveFeed:
    """Remembers what the page has been told of the heart."""

    def __init__(self) -> None:
        self._sent: dict[int, None] = {}
        self._word: str | None = None
        self._word_since_s = 0.0

    def of(self, update: Update, *, shown: bool) -> Message | None:
        """The message for an update, or None when the page may not have it."""
        if isinstance(update, Revision) and update.seq in self._sent:
            return {"k": "fix", "q": update.seq, "ok": update.verdict is Verdict.NORMAL}
        if not shown:
            return None
        if isinstance(update, BeatUpdate):
            self._remember(update.seq)
            return {
                "k": "beat",
                "t": update.time_s,
                "rr": update.rr_ms,
                "hr": 60_000.0 / update.rr_ms if update.rr_ms > 0 else None,
                "ok": update.verdict is Verdict.NORMAL,
                "q": update.seq,
            }
        if isinstance(update, GapUpdate):
            return {"k": "gap", "from": update.from_s, "to": update.to_s}
        return None

    def numbers(self, indices: Mapping[str, IndexValue], time_s: float) -> Message:
        """Numbers for the person: heart rate, swing, and the word for heart and breath."""
        rate, swing = indices["mean_hr_bpm"], indices["swing_bpm"]
        return {
            "k": "numbers",
            "hr": rate.value,
            "swing": swing.value,
            "together": self._together(indices["rhythm_score"].value, time_s),
            "reason": plain_reason(rate.reason or swing.reason),
        }

    def _together(self, score: float | None, time_s: float) -> str | None:
        word = None if score is None else words.TOGETHER[sum(score >= limit for limit in TOGETHER_FROM)]
        due = self._word is None or word is None or time_s - self._word_since_s >= WORD_HOLDS_S
        if word != self._word and due:
            self._word, self._word_since_s = word, time_s
        return self._word

    def _remember(self, seq: int) -> None:
        self._sent[seq] = None
        while len(self._sent) > REMEMBERED:
            del self._sent[next(iter(self._sent))]


def plain_reason(reason: str | None) -> str | None:
    """Why there is no number, for the person.

    >>> plain_reason("gap: no beats for 6 s")
    'The heart line is resting because the signal is patchy.'
    """
    if reason is None:
        return None
    return words.WHY_NO_NUMBER.get(reason.split(":")[0], words.RESTING_LINE)


def tick(time_s: float, server_ms: float, speed: float, elapsed: float, left: float, sensor: str) -> Message:
    """Once a second: the session's time beside the server's, and what is left of the part."""
    return {
        "k": "tick",
        "t": time_s,
        "w": server_ms,
        "speed": speed,
        "elapsed": elapsed,
        "left": left,
        "sensor": sensor,
    }
