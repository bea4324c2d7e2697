"""A second opinion on an interval: how it steps from its neighbours, in units of the local median, and nothing else.

The thresholds of Lipponen and Tarvainen grow with the spread that they are measured in: at 20 % premature beats they
find none. A step in units of the local median does not move while fewer than half of the beats are out of place. No
breath makes the steps that are asked for here: a breath's fall and rise are spread over several beats, a fault's fall
on one. Figures in the docstrings below are shares of a normal interval, over real rest, paced breathing of ±150 ms,
respiratory arrhythmia with an RMSSD of 100 ms, and a labelled ECG record (`python -m benchmarks.accuracy --only 3`).
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass
from itertools import pairwise

from processing.values import Verdict

BEFORE, AFTER = 11, 3
"""Neighbours that the local median is taken from; the median of 15 outlives seven faults."""
MIN_NEIGHBOURS = 4
"""With fewer around it no interval is judged."""
MISSED_FROM = 1.6
"""Where a beat is missed the interval is this long or longer (lowest found 1.67); the deepest breath reaches 1.35."""
MOST_BEATS = 5
"""Intervals that a long one is filled with at most; where more are missing it is a hole and is not filled."""
PART_AT_MOST = 0.75
"""Each part of an interval that an extra beat has split 35 to 65 % (highest found 0.74)."""
WHOLE_WITHIN = 0.25
"""How far the two parts together may be from one interval (furthest found 0.19)."""
LEAP = 0.25
"""Step up from a premature beat's short interval to the next (lowest found 0.30); the breath's largest is 0.20, or 0.29
at the end of a slow fall."""
DIP = 0.40
"""Step down to that short interval and step up from it together (lowest found 0.46); the breath's largest is 0.37."""
TWO_BEATS = (1.4, 2.4)
"""A premature beat's two intervals together: two with a full pause, less when the node was reset, more on the crest of
a breath (1.63 to 2.43 found)."""
MISPLACED_STEPS = 4.0
"""Steps usual hereabouts by which both intervals of a pair that Lipponen and Tarvainen name ectopic lie off their
surroundings: in a calm heart a beat a tenth out of place doubles RMSSD, in a lively one the breath makes more."""
MISPLACED = (0.06, 0.12)
"""Least and most that this asks for, in normal intervals. Where a heart hardly varies the thresholds of the pass are a
few ms, and every trough of a breath (up to 0.05 in exercise) looks like a misplaced beat."""
JUMP = 0.20
"""Step to or from a long or short interval that no wave makes (as the gate has it): the first deep breath after quiet
rest is outside every threshold that rest has set, and is no fault."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """What an interval, and perhaps the next with it, is held to be."""

    verdict: Verdict
    intervals: int
    """How many intervals the event takes: 1 or 2."""
    beats: int
    """How many true intervals lie in them."""


def local_median(rr_ms: Sequence[float], index: int) -> float | None:
    """Median of the intervals around ``index``, or None with too few of them."""
    around = sorted(rr_ms[max(0, index - BEFORE) : index + AFTER + 1])
    return around[len(around) // 2] if len(around) >= MIN_NEIGHBOURS else None


def opinion(rr_ms: Sequence[float], index: int) -> Opinion | None:
    """Judge the interval at ``index`` of a gap-free run; None when nothing is wrong that has a cause."""
    usual = local_median(rr_ms, index)
    if usual is None or index >= len(rr_ms):
        return None
    return _missed(rr_ms, index, usual) or _extra(rr_ms, index, usual) or _premature(rr_ms, index, usual)


def misplaced(rr_ms: Sequence[float], index: int) -> bool:
    """Whether this interval and the next lie on either side of what surrounds them, more so than the pair before or
    after: the two intervals of a beat out of its place, early or late."""
    usual = local_median(rr_ms, index)
    if usual is None or opinion(rr_ms, index + 1) is not None:
        return False
    here, *beside = (_contrast(rr_ms, at, usual) for at in (index, index - 1, index + 1))
    low, high = (share * usual for share in MISPLACED)
    return here >= max(min(max(low, MISPLACED_STEPS * _usual_step(rr_ms, index)), high), *beside)


def stands_out(rr_ms: Sequence[float], index: int, suspects: Container[int]) -> bool:
    """Whether an interval jumps from the local median and from each neighbour that is not suspect too: on a new level,
    or in a wave, it goes with one of them."""
    usual = local_median(rr_ms, index)
    if usual is None:
        return True
    beside = [rr_ms[at] for at in (index - 1, index + 1) if 0 <= at < len(rr_ms) and at not in suspects]
    return bool(beside) and min(abs(rr_ms[index] - each) for each in (*beside, usual)) > JUMP * usual


def _missed(rr_ms: Sequence[float], index: int, usual: float) -> Opinion | None:
    """An interval that two or more would fill, by the local median or, where the level is moving, by its neighbours."""
    level = _level(rr_ms, index, 1, usual)
    beats = max(2, round(rr_ms[index] / level))
    if rr_ms[index] < MISSED_FROM * min(level, usual) or beats > MOST_BEATS:
        return None
    return Opinion(Verdict.MISSED, 1, beats)


def _extra(rr_ms: Sequence[float], index: int, usual: float) -> Opinion | None:
    """Two parts of one interval, unless the second fits better with the one after it."""
    here, after = _misfit(rr_ms, index, usual), _misfit(rr_ms, index + 1, usual)
    if here is None or (after is not None and after < here):
        return None
    return Opinion(Verdict.EXTRA, 2, 1)


def _misfit(rr_ms: Sequence[float], index: int, usual: float) -> float | None:
    """How far two short intervals are from one whole one, in what is beside them; None when they are no parts."""
    if index + 1 >= len(rr_ms):
        return None
    beside = _level(rr_ms, index, 2, usual)
    one, two = rr_ms[index], rr_ms[index + 1]
    for level in (usual, beside):
        if max(one, two) <= PART_AT_MOST * level and abs(one + two - level) <= WHOLE_WITHIN * level:
            return abs(one + two - beside) / beside
    return None


def _premature(rr_ms: Sequence[float], index: int, usual: float) -> Opinion | None:
    """A sudden fall and at once a larger rise, with two beats' time in the two intervals."""
    if index + 1 >= len(rr_ms):
        return None
    before, short, pause = rr_ms[index - 1] if index else usual, rr_ms[index], rr_ms[index + 1]
    if pause - short < LEAP * usual or before - short + pause - short < DIP * usual or short >= usual:
        return None
    level = _level(rr_ms, index, 2, usual)
    if not TWO_BEATS[0] * level <= short + pause <= TWO_BEATS[1] * level:
        return None
    return Opinion(Verdict.ECTOPIC, 2, 2)


def _contrast(rr_ms: Sequence[float], index: int, usual: float) -> float:
    """How far two neighbours lie apart on either side of what is beside them; 0 when both lie on the same side."""
    if not 0 <= index < len(rr_ms) - 1:
        return 0.0
    level = _level(rr_ms, index, 2, usual)
    one, two = rr_ms[index] - level, rr_ms[index + 1] - level
    return min(abs(one), abs(two)) if one * two < 0 else 0.0


def _usual_step(rr_ms: Sequence[float], index: int) -> float:
    """Median step between the intervals around ``index``, ms."""
    steps = sorted(abs(two - one) for one, two in pairwise(rr_ms[max(0, index - BEFORE) : index + AFTER + 1]))
    return steps[len(steps) // 2]


def _level(rr_ms: Sequence[float], index: int, intervals: int, usual: float) -> float:
    """What an interval should be here: mean of those on both sides; the local median for one that is itself a fault."""
    before, after = index - 1, index + intervals
    return (_sound(rr_ms, before, -1, usual) + _sound(rr_ms, after, 1, usual)) / 2


def _sound(rr_ms: Sequence[float], at: int, onward: int, usual: float) -> float:
    """The interval at ``at``, unless it is missing, short as a part, or leaps from the one beyond it."""
    if not 0 <= at < len(rr_ms) or rr_ms[at] < PART_AT_MOST * usual:
        return usual
    beyond = at + onward
    leaps = 0 <= beyond < len(rr_ms) and abs(rr_ms[at] - rr_ms[beyond]) >= LEAP * usual
    return usual if leaps else rr_ms[at]
