"""The last so many seconds of a stream by beat time, and whether they hold enough to say anything.

Beat time is the sum of raw intervals within a stretch; arrival plays no part. A window knows what is missing in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from acquisition.beats import Gap
from processing.thresholds import MIN_COVERAGE, IndexSpec
from processing.values import Judgement, Verdict
from processing.verdicts import LONGEST_MS

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
Codes = NDArray[np.int8]

JOINED, AFTER_GAP, AFTER_PAUSE, FIRST = 0, 1, 2, 3
"""How an interval follows the one before it."""
HOLE_WORDS = {AFTER_GAP: "gap", AFTER_PAUSE: "paused"}
TOLERANCE_S = 1e-6
"""Slack when sums of floats are compared with whole seconds."""


@dataclass(frozen=True, slots=True)
class Window:
    """The intervals that end in (start, end], with what may be said of them."""

    start_s: float
    end_s: float
    rr_ms: Floats
    """Raw intervals, shape (n,)."""
    normal: Mask
    joined: Mask
    """Whether the interval follows the one before it without a gap."""
    beats: int
    """Normal intervals."""
    covered: float
    """Share of the window that intervals cover, 0 to 1."""
    filled: bool
    """False when the stream began within the window."""
    hole: str | None
    """``gap`` or ``paused`` when something is missing inside, else None."""

    @property
    def length_s(self) -> float:
        """Seconds from start to end."""
        return self.end_s - self.start_s

    @property
    def refused(self) -> int:
        """Intervals that are not normal."""
        return self.rr_ms.size - self.beats

    @property
    def corrected_percent(self) -> float:
        """Refused intervals per hundred."""
        return 100.0 * self.refused / self.rr_ms.size if self.rr_ms.size else 0.0


def window_of(time_s: Floats, rr_ms: Floats, normal: Mask, follows: Codes, start_s: float, end_s: float) -> Window:
    """Cut a window out of beat arrays (shape (n,) each, times increasing); ``follows`` holds JOINED and its like."""
    first = int(np.searchsorted(time_s, start_s + TOLERANCE_S))
    end = int(np.searchsorted(time_s, end_s + TOLERANCE_S))
    intervals, kept, how = rr_ms[first:end], normal[first:end], follows[first:end]
    joined = how == JOINED
    if first == end:
        return Window(start_s, end_s, intervals, kept, joined, 0, 0.0, True, "gap")
    lead = float(time_s[first] - intervals[0] / 1000.0) - start_s
    covered = float(np.minimum(intervals, LONGEST_MS).sum()) / 1000.0 + min(lead, 0.0)
    hole = None
    if not joined[1:].all():
        hole = HOLE_WORDS.get(int(how[1:].max()), "gap")
    filled = True
    if lead > TOLERANCE_S:
        filled = how[0] != FIRST
        hole = HOLE_WORDS.get(int(how[0]), hole)
    beats = int(np.count_nonzero(kept))
    return Window(
        start_s,
        end_s,
        intervals,
        kept,
        joined,
        beats,
        min(1.0, covered / max(end_s - start_s, TOLERANCE_S)),
        filled,
        hole,
    )


def withheld(spec: IndexSpec, window: Window, *, short: str = "too_short") -> str | None:
    """Why a number may not be given for this window, or None when it may; ``short`` names a window too short."""
    if window.length_s < spec.minimum_s - TOLERANCE_S:
        return f"{short}: needs {spec.minimum_s:g} s, has {window.length_s:.0f} s"
    if not window.filled:
        return f"{short}: needs {spec.minimum_s:g} s, has {window.covered * window.length_s:.0f} s"
    if window.hole is not None and window.covered < MIN_COVERAGE:
        return f"{window.hole}: beats cover {100 * window.covered:.0f} % of the window"
    if spec.spectral and window.hole is not None:
        return f"{window.hole}: needs a stretch without a gap"
    if window.rr_ms.size < spec.min_beats:
        return f"too_few_beats: needs {spec.min_beats}, has {window.rr_ms.size}"
    if window.corrected_percent > spec.rests_above_percent:
        share = f"{window.corrected_percent:.0f} % of the intervals are refused"
        return f"too_many_corrected: {share}, the limit is {spec.rests_above_percent:g} %"
    if window.beats < spec.min_beats:
        return f"too_few_beats: needs {spec.min_beats}, has {window.beats}"
    return None


def tachogram_points(judgement: Judgement) -> tuple[tuple[float, float], ...]:
    """(time_s, interval_ms) that stand for one judged interval on a clock on which it ends at 0.

    Corrected values are laid end to end from the interval's start; a long or short interval keeps its own end.
    """
    if judgement.verdict is Verdict.NORMAL:
        return ((0.0, judgement.rr_ms),)
    if judgement.verdict in (Verdict.LONG, Verdict.SHORT):
        return tuple((0.0, value) for value in judgement.corrected_ms)
    start = -judgement.rr_ms / 1000.0
    points = []
    for value in judgement.corrected_ms:
        start += value / 1000.0
        points.append((start, value))
    return tuple(points)


@dataclass(frozen=True, slots=True)
class Series:
    """A whole judged stream as arrays, on the clock of summed intervals."""

    time_s: Floats
    rr_ms: Floats
    normal: Mask
    follows: Codes
    ectopic: Mask
    tachogram_s: Floats
    tachogram_ms: Floats

    @classmethod
    def of(cls, judgements: Sequence[Judgement], gaps: Sequence[Gap]) -> Series:
        """Arrays of judgements in the order of their time, broken where gaps lie."""
        ended = np.array([j.time_s for j in judgements])
        rr = np.array([j.rr_ms for j in judgements])
        follows = np.zeros(rr.size, dtype=np.int8)
        for gap in gaps:
            after = int(np.searchsorted(ended, (gap.from_s + gap.to_s) / 2, side="right"))
            if after < rr.size:
                follows[after] = AFTER_GAP
        for index, (one, two) in enumerate(pairwise(judgements), start=1):
            if two.seq != one.seq + 1:
                follows[index] = AFTER_GAP
        if rr.size:
            follows[0] = FIRST
        time_s = _summed(ended, rr, follows)
        points = [
            (time_s[i] + after, value)
            for i, judgement in enumerate(judgements)
            for after, value in tachogram_points(judgement)
        ]
        drawn = np.array(points).reshape(-1, 2)
        verdicts = [j.verdict for j in judgements]
        return cls(
            time_s,
            rr,
            np.array([v is Verdict.NORMAL for v in verdicts], dtype=bool),
            _broken_by_unknown(follows, verdicts),
            np.array([v is Verdict.ECTOPIC for v in verdicts], dtype=bool),
            drawn[:, 0],
            drawn[:, 1],
        )

    @property
    def start_s(self) -> float:
        """Where the first interval began; 0 without any."""
        return float(self.time_s[0] - self.rr_ms[0] / 1000.0) if self.rr_ms.size else 0.0

    def window(self, start_s: float, end_s: float) -> Window:
        """The intervals that end in (start_s, end_s]."""
        return window_of(self.time_s, self.rr_ms, self.normal, self.follows, start_s, end_s)

    def tachogram(self, start_s: float, end_s: float) -> tuple[Floats, Floats]:
        """Times and corrected intervals of the window, for the spectrum; meaningful only without a hole."""
        first = int(np.searchsorted(self.tachogram_s, start_s + TOLERANCE_S))
        end = int(np.searchsorted(self.tachogram_s, end_s + TOLERANCE_S))
        return self.tachogram_s[first:end], self.tachogram_ms[first:end]


def _broken_by_unknown(follows: Codes, verdicts: Sequence[Verdict]) -> Codes:
    """An interval that nobody explains is a hole for everything that needs one stretch."""
    unknown = np.array([v is Verdict.OUT_OF_RANGE for v in verdicts], dtype=bool)
    return np.where(unknown, np.maximum(follows, AFTER_GAP), follows).astype(np.int8)


def _summed(ended: Floats, rr: Floats, follows: Codes) -> Floats:
    """Ends of intervals as sums of raw intervals from the first beat of each stretch."""
    time_s = ended.copy()
    starts = [*np.flatnonzero(follows).tolist(), rr.size]
    for start, end in pairwise(starts):
        time_s[start + 1 : end] = ended[start] + np.cumsum(rr[start + 1 : end]) / 1000.0
    return time_s
