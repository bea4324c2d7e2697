"""Whether beats come without order, as in atrial fibrillation: variability then says nothing of rest or strain.

Two questions are put to 64 intervals, from which early, missed and extra beats are taken out first: they have a cause
of their own, and the heart between them may well keep order. Both must be answered with yes. Is the next interval as
uncertain as in fibrillation? That is the coefficient of sample entropy (Lake and Moorman 2011, doi
10.1152/ajpheart.00561.2010). And is it uncertain even to one who knows the three before it? A deep breath moves a young
heart as far as fibrillation does, but what comes next can be told from what was. Neither is a diagnosis.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from processing.values import IndexValue, Judgement, Verdict

BLOCK_BEATS = 64
"""Intervals that the question is put to; with fewer nothing is said."""
EVERY_BEATS = 16
"""The question is put anew after so many intervals."""
ENTROPY_FROM = -1.4
"""Coefficient of sample entropy from which a rhythm is as uncertain as fibrillation (m 1; the authors' cut)."""
TOLERANCE_MS = 30.0
"""Tolerance that the search for matches begins with (the authors')."""
WIDER = 1.3
"""Factor by which it grows until there are enough matches."""
MATCHES = 5
"""Matching pairs of successors that the estimate needs (the authors')."""
ORDER = 3
"""Intervals that the next is foretold from, by least squares: two tell a steady wave, one more a wave on a slope."""
UNFORETOLD_FROM = 0.075
"""Typical error of that forecast, as a share of the interval. Intervals drawn for themselves with a coefficient of
variation of 0.12 have 0.07 to 0.17; real rest reaches 0.052, respiratory arrhythmia with an RMSSD of 100 ms 0.066."""
CALM_BELOW = 0.05
"""Median step, as a share of the median interval, below which neither can be so; most rhythms need no more."""
CLIP = 0.35
"""Furthest that one interval may lie from the median (in logarithms) in the forecast, so that a missed beat among
steady ones does not spoil it."""
HOLD_S = 120.0
"""Time for which live numbers stay away after the last such block: the longest live window then holds none of it."""
WITHOUT_CAUSE = frozenset({Verdict.NORMAL, Verdict.LONG, Verdict.SHORT, Verdict.OUT_OF_RANGE})
"""Verdicts that leave an interval as it came; the others have a cause, and their corrected values stand for them."""
AT_MOST_PERCENT = 10.0
"""Share of a window's intervals that may lie in such blocks, as for refused intervals."""
REASON = "irregular_rhythm: beats come without order, HRV is not interpretable"
STILL_TOLD = frozenset({"mean_nn_ms", "mean_hr_bpm", "arousal_hr_sd"})
"""Numbers that are the heart rate, or made of it alone."""
RIDGE = 1e-9
"""Added to the forecast's normal equations, so that they have a solution for equal intervals too."""
ROBUST_SD = 1.4826
"""Median absolute value to standard deviation, of normally distributed errors."""

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


class IrregularRhythm:
    """The question put to a live stream."""

    def __init__(self) -> None:
        self._last: deque[float] = deque(maxlen=BLOCK_BEATS)
        self._waited = 0
        self._hold_ms = 0.0

    def push(self, judgement: Judgement) -> bool:
        """Take the next confirmed judgement; whether variability is to be withheld now."""
        freed = _freed(judgement)
        self._last.extend(freed)
        self._hold_ms -= judgement.rr_ms
        self._waited += len(freed)
        if self._waited >= EVERY_BEATS and len(self._last) == BLOCK_BEATS:
            self._waited = 0
            if without_order(list(self._last)):
                self._hold_ms = HOLD_S * 1000.0
        return self._hold_ms > 0.0

    def gap(self) -> None:
        """What comes next does not follow what came before."""
        self._last.clear()


def _freed(judgement: Judgement) -> tuple[float, ...]:
    """The intervals that stand for a judged one, ms: none for the second of a pair."""
    return (judgement.rr_ms,) if judgement.verdict in WITHOUT_CAUSE else judgement.corrected_ms


def without_order(rr_ms: Sequence[float] | Floats) -> bool:
    """Whether these intervals (ms, all above 0) come without order."""
    series = np.array(rr_ms)
    usual = float(_middle(series[None, :])[0])
    if _calm(series[None, :])[0]:
        return False
    return unforetold(series / usual) >= UNFORETOLD_FROM and entropy(series) >= ENTROPY_FROM


def _calm(blocks: Floats) -> Mask:
    """Blocks, one a row, that step too little to be without order."""
    return _middle(np.abs(blocks[:, 1:] - blocks[:, :-1])) < CALM_BELOW * _middle(blocks)


def _middle(rows: Floats) -> Floats:
    """Upper median of each row."""
    half = rows.shape[1] // 2
    return np.partition(rows, half, axis=1)[:, half]


def unforetold(shares: Floats) -> float:
    """Typical error, as a share, with which an interval is foretold from the three before it.

    ``shares`` are intervals over their median, shape (n,).
    """
    level = np.clip(np.log(np.maximum(shares, math.exp(-CLIP))), -CLIP, CLIP)
    before = np.stack([level[ORDER - back : -back] for back in range(1, ORDER + 1)], axis=1)
    weights = np.linalg.solve(before.T @ before + RIDGE * np.eye(ORDER), before.T @ level[ORDER:])
    return ROBUST_SD * float(_middle(np.abs(level[ORDER:] - before @ weights)[None, :])[0])


def entropy(rr_ms: Floats) -> float:
    """Coefficient of sample entropy, m 1, in nats: -ln of the share of matching intervals whose successors match too,
    plus ln of the tolerance's width over the mean interval."""
    apart = np.abs(rr_ms[:, None] - rr_ms[None, :])
    tolerance, templates = TOLERANCE_MS, rr_ms.size - 1
    while True:
        close = apart <= tolerance
        near = close[:-1, :-1]
        # Each pair stands twice in the table, and each interval matches itself once.
        both = (int(np.count_nonzero(near & close[1:, 1:])) - templates) // 2
        if both >= min(MATCHES, templates * (templates - 1) // 2):
            break
        tolerance *= WIDER
    pairs = (int(np.count_nonzero(near)) - templates) // 2
    return math.log(pairs / both) + math.log(2 * tolerance) - math.log(float(rr_ms.mean()))


def marked(judgements: Sequence[Judgement], starts: Mask) -> Mask:
    """Which intervals of a recording lie in a block without order; ``starts`` is true where a gap-free run begins."""
    found = np.zeros(len(judgements), dtype=bool)
    bounds = [*np.flatnonzero(starts).tolist(), len(judgements)]
    for start, end in pairwise(bounds):
        places = [(place, value) for place in range(start, end) for value in _freed(judgements[place])]
        if len(places) < BLOCK_BEATS:
            continue
        firsts = sorted({*range(0, len(places) - BLOCK_BEATS + 1, EVERY_BEATS), len(places) - BLOCK_BEATS})
        blocks = np.lib.stride_tricks.sliding_window_view([value for _, value in places], BLOCK_BEATS)[firsts]
        for block in np.flatnonzero(~_calm(blocks)).tolist():
            if without_order(blocks[block]):
                first = firsts[block]
                found[places[first][0] : places[first + BLOCK_BEATS - 1][0] + 1] = True
    return found


def refuse(numbers: Mapping[str, IndexValue]) -> dict[str, IndexValue]:
    """The same numbers with all variability withheld."""
    return {
        name: number if name in STILL_TOLD else replace(number, value=None, reason=REASON)
        for name, number in numbers.items()
    }
