"""The last so many seconds of a stream by beat time, and whether they hold enough to say anything.

Beat time is the sum of raw intervals within a stretch; arrival plays no part. A window knows what is missing in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from acquisition.beats import Gap
from processing.irregular import marked
from processing.thresholds import MIN_COVERAGE, IndexSpec
from processing.values import Judgement, Verdict
from processing.verdicts import LONGEST_MS

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
Codes = NDArray[np.int8]

JOINED, AFTER_GAP, AFTER_PAUSE, FIRST = 0, 1, 2, 3
"""How an interval follows the one before it."""
HOLE_WORDS = {AFTER_GAP: "gap", AFTER_PAUSE: "paused"}
SILENCE_S = LONGEST_MS / 1000.0
"""A window that ends so long after its last beat ends in silence; the slowest heart beats again before."""
TOLERANCE_S = 1e-6
"""Slack when sums of floats are compared with whole seconds."""


class WindowFacts(NamedTuple):
    """What may be said of the intervals that end in (start, end]."""

    start_s: float
    end_s: float
    intervals: int
    beats: int
    """Normal intervals."""
    corrected_percent: float
    """Refused intervals per hundred."""
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


@dataclass(frozen=True, slots=True)
class Window:
    """A window with its intervals, shape (n,) each."""

    facts: WindowFacts
    first: int
    """Place of its first interval in the series."""
    time_s: Floats
    rr_ms: Floats
    normal: Mask
    joined: Mask
    """Whether the interval follows the one before it without a gap."""


def withheld(spec: IndexSpec, window: WindowFacts, *, short: str = "too_short") -> str | None:
    """Why a number may not be given for this window, or None when it may; ``short`` names a window too short."""
    start_s, end_s, intervals, beats, refused_percent, covered, filled, hole = window
    length_s, needed = end_s - start_s, spec.min_beats
    if length_s < spec.minimum_s - TOLERANCE_S:
        return f"{short}: needs {spec.minimum_s:g} s, has {length_s:.0f} s"
    if not filled:
        return f"{short}: needs {spec.minimum_s:g} s, has {covered * length_s:.0f} s"
    if hole is not None and (spec.spectral or covered < MIN_COVERAGE):
        if spec.spectral:
            return f"{hole}: needs a stretch without a gap"
        return f"{hole}: beats cover {100 * covered:.0f} % of the window"
    if intervals < needed:
        return f"too_few_beats: needs {needed}, has {intervals}"
    if refused_percent > spec.rests_above_percent:
        share = f"{refused_percent:.0f} % of the intervals are refused"
        return f"too_many_corrected: {share}, the limit is {spec.rests_above_percent:g} %"
    if beats < needed:
        return f"too_few_beats: needs {needed}, has {beats}"
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
    irregular: Mask = field(default_factory=lambda: np.zeros(0, dtype=bool))
    """Intervals among beats that come without order."""

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
            marked(judgements, follows != JOINED),
        )

    @property
    def start_s(self) -> float:
        """Where the first interval began; 0 without any."""
        return float(self.time_s[0] - self.rr_ms[0] / 1000.0) if self.rr_ms.size else 0.0

    def window(self, start_s: float, end_s: float) -> Window:
        """The intervals that end in (start_s, end_s]."""
        first = int(np.searchsorted(self.time_s, start_s + TOLERANCE_S))
        end = int(np.searchsorted(self.time_s, end_s + TOLERANCE_S))
        time_s, rr = self.time_s[first:end], self.rr_ms[first:end]
        normal, how = self.normal[first:end], self.follows[first:end]
        joined = how == JOINED
        if first == end:
            return Window(WindowFacts(start_s, end_s, 0, 0, 0.0, 0.0, True, "gap"), first, time_s, rr, normal, joined)
        lead = float(time_s[0] - rr[0] / 1000.0) - start_s
        covered = float(np.minimum(rr, LONGEST_MS).sum()) / 1000.0 + min(lead, 0.0)
        hole, filled = None, True
        if not joined[1:].all():
            hole = HOLE_WORDS[int(how[1:].max())]
        if lead > TOLERANCE_S:
            filled = how[0] != FIRST
            hole = HOLE_WORDS.get(int(how[0]), hole)
        if end_s - time_s[-1] > SILENCE_S and (end == self.rr_ms.size or self.follows[end] != JOINED):
            hole = hole or HOLE_WORDS[AFTER_GAP]
        beats = int(np.count_nonzero(normal))
        percent = 100.0 * (rr.size - beats) / rr.size
        share = min(1.0, covered / max(end_s - start_s, TOLERANCE_S))
        facts = WindowFacts(start_s, end_s, rr.size, beats, percent, share, filled, hole)
        return Window(facts, first, time_s, rr, normal, joined)

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
