"""The one verdict rule: a live gate at once, and three beats later the confirmed verdict. Nothing is ever deleted.

An interval is judged in the window of 91 that ends three beats after it. A cause is what the steps around it show
(second judge: missed, extra, premature), then what Lipponen and Tarvainen name a misplaced beat, if it is out of its
place; then long or short, if they hold it wrong and it jumps; ``out_of_range`` only for what nobody explains.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from acquisition.beats import Beat
from processing.lipponen_tarvainen import REACH, Kind, find, may_find
from processing.second_judge import Opinion, local_median, misplaced, opinion, stands_out
from processing.values import Judgement, Verdict

WINDOW_BEATS = 91
"""Intervals that thresholds come from (Lipponen and Tarvainen 2019)."""
CONFIRM_AFTER = 3
"""Beats after an interval that its verdict waits for: ectopic and missed beats are found 0 % at the newest, 100 % at
the third beat from it."""
BEATS_UNSEEN = 2
"""The published pass says nothing of the last two intervals of a window; at an end the gate's word stands for them."""
SHORTEST_MS, LONGEST_MS = 300.0, 2000.0
"""Bounds of a resting or walking heart, 200 to 30 beats a minute."""
GATE_STEP = 0.20
"""Share of the last good interval by which the next may differ before it is provisionally set aside. A step, not a
distance from a median: paced breathing of ±150 ms at six a minute loses no beat to it, and 30 % to a median gate."""
GATE_PATIENCE = 3
"""After so many set aside in a row the gate takes the newest as the new level."""
FLOOR_MS = 20.0
"""Least threshold in ms: without it intervals that hardly vary have none, and no fault is found in them."""
SETTLING_BEATS = 20
"""Up to so many intervals after a start or a gap the thresholds rest on too little to be trusted low."""
SETTLING_FLOOR = 0.10
"""Least threshold while settling, as a share of the median interval."""


@dataclass(frozen=True, slots=True)
class _Decision:
    verdict: Verdict
    corrected_ms: tuple[float, ...] = ()


_NORMAL = _Decision(Verdict.NORMAL)


class VerdictStream:
    """Judges one stream of beats as it comes. ``push`` gives the judgement confirmed by this beat, then this beat's
    own provisional one; ``gap`` and ``finish`` settle what is open with what is known."""

    def __init__(self) -> None:
        self._beats: list[Beat] = []
        self._rr: list[float] = []
        self._gated: list[Verdict] = []
        self._open = 0
        self._second: _Decision | None = None
        self._level_ms: float | None = None
        self._set_aside = 0

    def push(self, beat: Beat) -> list[Judgement]:
        """Take one beat; it must follow the last one without a gap (else call ``gap`` first)."""
        self._beats.append(beat)
        self._rr.append(beat.rr_ms)
        self._gated.append(self._gate(beat.rr_ms))
        self._open += 1
        judgements = []
        if self._open > CONFIRM_AFTER:
            judgements.append(self._confirm(self._found()))
        del self._beats[:-WINDOW_BEATS], self._rr[:-WINDOW_BEATS], self._gated[:-WINDOW_BEATS]
        judgements.append(_judgement(beat, _Decision(self._gated[-1]), provisional=True))
        return judgements

    def gap(self) -> list[Judgement]:
        """The run of beats has ended: settle the last ones and forget the neighbours."""
        settled = self.finish()
        self._beats, self._rr, self._gated = [], [], []
        self._second, self._level_ms, self._set_aside = None, None, 0
        return settled

    def finish(self) -> list[Judgement]:
        """Settle the last three with what is known."""
        found = self._found() if self._open else {}
        return [self._confirm(found) for _ in range(self._open)]

    def _found(self) -> dict[int, Kind]:
        """What the pass finds from the first open beat on."""
        window = self._rr[-WINDOW_BEATS:]
        floor_ms = FLOOR_MS
        if len(window) <= SETTLING_BEATS:
            floor_ms = max(floor_ms, SETTLING_FLOOR * sorted(self._rr)[len(window) // 2])
        if not may_find(window, floor_ms, last=self._open + REACH):
            return {}
        skipped = len(self._rr) - len(window)
        return {index + skipped: kind for index, kind in find(np.array(window), floor_ms).items()}

    def _confirm(self, found: dict[int, Kind]) -> Judgement:
        index = len(self._rr) - self._open
        self._open -= 1
        decision, self._second = self._second, None
        if decision is None:
            decision = self._decide(index, found)
        return _judgement(self._beats[index], decision, provisional=False)

    def _decide(self, index: int, found: dict[int, Kind]) -> _Decision:
        rr, kind = self._rr, found.get(index)
        cause = opinion(rr, index)
        if cause is None and Kind.ECTOPIC in (kind, found.get(index + 1)) and misplaced(rr, index):
            cause = Opinion(Verdict.ECTOPIC, 2, 2)
        if cause is not None:
            total = sum(rr[index : index + cause.intervals])
            corrected = (total / cause.beats,) * cause.beats
            return self._pair(cause.verdict, corrected) if cause.intervals == 2 else _Decision(cause.verdict, corrected)
        if kind is not None and stands_out(rr, index, found):
            usual = local_median(rr, index) or rr[index]
            return _Decision(Verdict.LONG if rr[index] >= usual else Verdict.SHORT, (usual,))
        return self._left_over(index)

    def _pair(self, verdict: Verdict, corrected_ms: tuple[float, ...]) -> _Decision:
        self._second = _Decision(verdict)
        return _Decision(verdict, corrected_ms)

    def _left_over(self, index: int) -> _Decision:
        if not SHORTEST_MS <= self._rr[index] <= LONGEST_MS:
            return _Decision(Verdict.OUT_OF_RANGE)
        unsettled = index >= len(self._rr) - BEATS_UNSEEN
        return _Decision(self._gated[index]) if unsettled else _NORMAL

    def _gate(self, rr_ms: float) -> Verdict:
        if not SHORTEST_MS <= rr_ms <= LONGEST_MS:
            return Verdict.OUT_OF_RANGE
        level = self._level_ms
        if level is not None and abs(rr_ms - level) > GATE_STEP * level:
            self._set_aside += 1
            if self._set_aside <= GATE_PATIENCE:
                return Verdict.SHORT if rr_ms < level else Verdict.LONG
        self._level_ms, self._set_aside = rr_ms, 0
        return Verdict.NORMAL


def _judgement(beat: Beat, decision: _Decision, *, provisional: bool) -> Judgement:
    return Judgement(beat.seq, beat.time_s, beat.rr_ms, decision.verdict, provisional, decision.corrected_ms)


def events(verdicts: Sequence[Verdict], verdict: Verdict) -> int:
    """How often ``verdict`` happened in a gap-free run: an ectopic or extra beat takes two intervals and is one event.

    >>> events([Verdict.EXTRA, Verdict.EXTRA, Verdict.NORMAL, Verdict.EXTRA, Verdict.EXTRA], Verdict.EXTRA)
    2
    """
    if verdict not in (Verdict.ECTOPIC, Verdict.EXTRA):
        return sum(1 for each in verdicts if each is verdict)
    count = run = 0
    for each in (*verdicts, None):
        if each is verdict:
            run += 1
        else:
            count += (run + 1) // 2
            run = 0
    return count
