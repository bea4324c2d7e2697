"""A second opinion on an interval, from ratios to its local median and from nothing else.

The thresholds of Lipponen and Tarvainen grow with the spread that they are measured in: at 20 % premature beats they
find none. Ratios to a median do not move while fewer than half of the beats are out of place.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass

from processing.values import Verdict

BEFORE, AFTER = 11, 3
"""Neighbours that the local median is taken from; the median of 15 outlives seven faults."""
MIN_NEIGHBOURS = 5
"""With fewer around it no interval is judged."""
PREMATURE = 0.80
"""A beat is premature at 20 % before its time (the usual clinical mark); the breath does not shorten a single
interval so much against its local median."""
PAUSE = 1.10
"""The interval after a premature beat is longer than its neighbours."""
PAIR = (1.6, 2.4)
"""An ectopic beat's two intervals together, in normal ones: two with a full pause, less when the node was reset."""
PAUSE_OF_SUSPECT = 0.95
"""What follows an early beat that is known to be wrong: the node may have been reset, with no pause at all."""
ALIKE = 0.25
"""Share by which the two intervals beside a missed beat may differ; beside an early beat's pause they differ more."""
STEADY = 0.15
"""Step, in normal intervals, up to which one interval follows from the last; an early beat's is larger."""
WHOLE_TOLERANCE = 0.2
"""How far, in normal intervals, a sum may be from a whole number of them."""
PART_AT_MOST = 0.75
"""Each part of an interval that an extra beat has split."""
NEIGHBOUR_AT_MOST = 1.4
"""A missed beat stands out from both neighbours; a slow heart does not."""
LATE_WEIGHT = 0.7
"""A pair that begins with its long interval counts for less: late beats are rare, premature ones are not."""
JUMP = 0.20
"""Step from one interval to the next, in normal ones, that no wave makes (as the gate has it)."""
LEAST_CONTRAST = 0.06
"""Share of a normal interval by which both intervals of a misplaced beat must lie off their surroundings. In a heart
that hardly varies the thresholds of the pass are a few ms, and any unevenness looks like a misplaced beat."""
NEIGHBOURS = (0.7, 1.4)
"""Neighbours outside this share of the local median are faults themselves."""
STANDS_OUT = 0.10
"""Share by which a long or short interval must lie beyond both its sound neighbours. A wave's beats lie between theirs;
the first deep breath after quiet rest is outside every threshold that rest has set, and is no fault."""
STRETCH = 0.15
"""How far beyond its neighbours' range a part of a long interval may lie; only for what is long beyond doubt."""


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


def opinion(rr_ms: Sequence[float], index: int, *, suspect: bool = False) -> Opinion | None:
    """Judge the interval at ``index`` of a gap-free run; None when it looks normal.

    ``suspect`` says that the interval is known to be wrong, so that only the cause is asked for.
    """
    usual = local_median(rr_ms, index)
    if usual is None or usual <= 0:
        return None
    return (
        _missed(rr_ms, index, usual)
        or _extra(rr_ms, index, usual)
        or _ectopic(rr_ms, index, usual, PAUSE_OF_SUSPECT if suspect else PAUSE)
        or (_long_whole(rr_ms, index, usual) if suspect else None)
    )


def stands_out(rr_ms: Sequence[float], index: int, suspects: Container[int]) -> bool:
    """Whether a suspect interval lies beyond both its neighbours, or does so after a jump from one of them when the
    next ones that are not suspect themselves are asked."""
    usual = local_median(rr_ms, index)
    if usual is None:
        return True
    beside = [rr_ms[at] for at in (index - 1, index + 1) if 0 <= at < len(rr_ms)]
    if _beyond(rr_ms[index], beside):
        return True
    low, high = NEIGHBOURS[0] * usual, NEIGHBOURS[1] * usual
    sound = [
        next((rr_ms[at] for at in way if at not in suspects and low <= rr_ms[at] <= high), usual)
        for way in (range(index - 1, -1, -1), range(index + 1, len(rr_ms)))
    ]
    jump = max(abs(rr_ms[index] - each) for each in beside) > JUMP * usual
    return jump and _beyond(rr_ms[index], sound)


def is_long(rr_ms: Sequence[float], index: int) -> bool:
    """Whether the interval is so long that a beat may be missing in it."""
    usual = local_median(rr_ms, index)
    return usual is None or rr_ms[index] > NEIGHBOUR_AT_MOST * usual


def _beyond(interval: float, others: Sequence[float]) -> bool:
    return not min(others) * (1 - STANDS_OUT) <= interval <= max(others) * (1 + STANDS_OUT)


def pair_begins(rr_ms: Sequence[float], index: int) -> bool:
    """Whether the two intervals of a misplaced beat, seen hereabouts, are this one and the next rather than the pair
    before or after, or the parts of an extra beat, or a missed one."""
    usual = local_median(rr_ms, index)
    if usual is None or index + 1 >= len(rr_ms):
        return False
    this = _contrast(rr_ms, index, usual)
    if this < LEAST_CONTRAST * usual or this < max(
        _contrast(rr_ms, index - 1, usual), _contrast(rr_ms, index + 1, usual)
    ):
        return False
    if not PAIR[0] <= (rr_ms[index] + rr_ms[index + 1]) / usual <= PAIR[1]:
        return False
    if rr_ms[index] > rr_ms[index + 1] and _long_whole(rr_ms, index, usual):
        return False
    return _extra(rr_ms, index + 1, usual) is None and not _before_a_missed(rr_ms, index, usual)


def parts_begin(rr_ms: Sequence[float], index: int) -> bool:
    """Whether the parts of an extra beat, seen hereabouts, are this interval and the next, not the pair after."""
    usual = local_median(rr_ms, index)
    if usual is None:
        return True
    here, after = _misfit(rr_ms, index, usual), _misfit(rr_ms, index + 1, usual)
    return after is None or (here is not None and here <= after)


def _before_a_missed(rr_ms: Sequence[float], index: int, usual: float) -> bool:
    """Whether the next interval is long for want of a beat, and this one short with the wave that it rides on."""
    steady = index > 0 and abs(rr_ms[index] - rr_ms[index - 1]) <= STEADY * usual
    return steady and index + 1 < len(rr_ms) and _missed(rr_ms, index + 1, usual) is not None


def _contrast(rr_ms: Sequence[float], index: int, usual: float) -> float:
    """How far two neighbours lie apart on either side of what is beside them; 0 when both lie on the same side."""
    if not 0 <= index < len(rr_ms) - 1:
        return 0.0
    level = _beside(rr_ms, index, usual)
    one, two = rr_ms[index] - level, rr_ms[index + 1] - level
    if one * two >= 0:
        return 0.0
    return min(abs(one), abs(two)) * (1.0 if one < 0 else LATE_WEIGHT)


def _beside(rr_ms: Sequence[float], index: int, usual: float) -> float:
    """Mean of the intervals on both sides of a pair; the local median at an end."""
    if index < 1 or index + 2 >= len(rr_ms):
        return usual
    return (rr_ms[index - 1] + rr_ms[index + 2]) / 2


def _missed(rr_ms: Sequence[float], index: int, usual: float) -> Opinion | None:
    """A whole number of intervals, by the local median or, where the level is moving, by the two beside it."""
    beside = [rr_ms[at] for at in (index - 1, index + 1) if 0 <= at < len(rr_ms)]
    if max(beside) > NEIGHBOUR_AT_MOST * usual:
        return None
    levels = [usual]
    if len(beside) == 2 and abs(beside[0] - beside[1]) <= ALIKE * usual:
        levels.append(sum(beside) / 2)
    for level in levels:
        share = rr_ms[index] / level
        if round(share) >= 2 and abs(share - round(share)) <= WHOLE_TOLERANCE:
            return Opinion(Verdict.MISSED, 1, round(share))
    return None


def _extra(rr_ms: Sequence[float], index: int, usual: float) -> Opinion | None:
    """Two parts of one interval, unless the second fits better with the one after it."""
    if _misfit(rr_ms, index, usual) is None or not parts_begin(rr_ms, index):
        return None
    return Opinion(Verdict.EXTRA, 2, 1)


def _misfit(rr_ms: Sequence[float], index: int, usual: float) -> float | None:
    """How far two short intervals are from one whole one, in what is beside them; None when they are no parts."""
    if index + 1 >= len(rr_ms):
        return None
    beside = _beside(rr_ms, index, usual)
    for level in (usual, beside):
        parts = rr_ms[index] / level, rr_ms[index + 1] / level
        if max(parts) <= PART_AT_MOST and abs(sum(parts) - 1.0) <= WHOLE_TOLERANCE:
            return abs((rr_ms[index] + rr_ms[index + 1]) / beside - 1.0)
    return None


def _ectopic(rr_ms: Sequence[float], index: int, usual: float, least_pause: float) -> Opinion | None:
    """A short interval and its pause, measured against the local median or against the two intervals beside them."""
    if index + 1 >= len(rr_ms) or _before_a_missed(rr_ms, index, usual):
        return None
    for level in (usual, _beside(rr_ms, index, usual)):
        short, pause = rr_ms[index] / level, rr_ms[index + 1] / level
        if short <= PREMATURE and pause >= least_pause and PAIR[0] <= short + pause <= PAIR[1]:
            return Opinion(Verdict.ECTOPIC, 2, 2)
    return None


def _long_whole(rr_ms: Sequence[float], index: int, usual: float) -> Opinion | None:
    """A long interval of which a half, or a third, would not stand out among its neighbours."""
    low, high = NEIGHBOURS
    around = [*rr_ms[max(0, index - BEFORE) : index], *rr_ms[index + 1 : index + AFTER + 1]]
    sound = [each for each in around if low * usual <= each <= high * usual]
    whole = round(rr_ms[index] / usual)
    if whole < 2 or not sound:
        return None
    part = rr_ms[index] / whole
    if min(sound) * (1 - STRETCH) <= part <= max(sound) * (1 + STRETCH):
        return Opinion(Verdict.MISSED, 1, whole)
    return None
