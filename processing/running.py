"""The last beats with running sums over them: any window's time-domain numbers at a cost that does not grow.

A sum over a window is the difference of two running sums about a reference interval. The sums begin anew whenever old
beats are let go, so that they never grow large enough to lose digits.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from dataclasses import dataclass

from processing.indices import MS_PER_MIN
from processing.verdicts import LONGEST_MS
from processing.windows import FIRST, HOLE_WORDS, JOINED, TOLERANCE_S, WindowFacts

CAPACITY = 2048
"""Beats held at most; then all but the last KEEP are let go."""
KEEP = 1024
"""Two minutes at 300 beats a minute are 600 beats."""


_facts = tuple.__new__
"""Makes a named tuple in half the time of its own constructor; five windows are looked at with every beat."""


@dataclass(slots=True)
class _Sums:
    """Running sums up to and without a beat."""

    normal: int = 0
    holes: int = 0
    pairs: int = 0
    over_50: int = 0
    covered_ms: float = 0.0
    shifted: float = 0.0
    """Of normal intervals less the reference."""
    shifted_squares: float = 0.0
    step_squares: float = 0.0
    bends: int = 0
    """Runs of three normal intervals."""
    bend_squares: float = 0.0
    """Of the second differences of their heart rates."""


class RunningBeats:
    """Beats in the order of their time; the newest few may still change their verdict."""

    def __init__(self) -> None:
        self.time_s: list[float] = []
        self.rr_ms: list[float] = []
        self.rate_bpm: list[float] = []
        self.normal: list[bool] = []
        self.follows: list[int] = []
        self._sums = [_Sums()]
        self._reference_ms = 0.0

    def add(self, time_s: float, rr_ms: float, normal: bool, follows: int) -> int:
        """Take a beat; gives how many places all earlier ones have moved to the front (mostly 0)."""
        moved = self._let_go() if len(self.rr_ms) == CAPACITY else 0
        if not self.rr_ms:
            self._reference_ms = rr_ms
        self.time_s.append(time_s)
        self.rr_ms.append(rr_ms)
        self.rate_bpm.append(MS_PER_MIN / rr_ms if rr_ms else math.inf)
        self.normal.append(normal)
        self.follows.append(follows)
        self._sums.append(self._next(len(self.rr_ms) - 1))
        return moved

    def change(self, place: int, *, normal: bool, follows: int) -> None:
        """Give a beat its confirmed verdict."""
        if self.normal[place] == normal and self.follows[place] == follows:
            return
        self.normal[place], self.follows[place] = normal, follows
        for later in range(place, len(self.rr_ms)):
            self._sums[later + 1] = self._next(later)

    def window(self, seconds: float) -> tuple[WindowFacts, int]:
        """What the last ``seconds`` hold, and the place of their first beat."""
        times, sums, follows = self.time_s, self._sums, self.follows
        end_s = times[-1]
        start_s = end_s - seconds
        first = bisect_left(times, start_s + TOLERANCE_S)
        before, now = sums[first], sums[-1]
        lead = times[first] - self.rr_ms[first] / 1000.0 - start_s
        covered_s = (now.covered_ms - before.covered_ms) / 1000.0
        hole, filled = None, True
        if now.holes != sums[first + 1].holes:
            hole = HOLE_WORDS[max(follows[first + 1 :])]
        if lead < 0.0:
            covered_s += lead
        elif lead > TOLERANCE_S:
            filled = follows[first] != FIRST
            hole = HOLE_WORDS.get(follows[first], hole)
        intervals, beats = len(times) - first, now.normal - before.normal
        percent = 100.0 * (intervals - beats) / intervals
        share = covered_s / seconds if covered_s < seconds else 1.0
        return _facts(WindowFacts, (start_s, end_s, intervals, beats, percent, share, filled, hole)), first

    def mean_hr_bpm(self, first: int) -> float:
        """60000 over the mean normal interval from ``first`` on; NaN without any."""
        before, now = self._sums[first], self._sums[-1]
        beats = now.normal - before.normal
        return MS_PER_MIN / (self._reference_ms + (now.shifted - before.shifted) / beats) if beats else math.nan

    def sdnn_ms(self, first: int) -> float:
        """Standard deviation of the normal intervals from ``first`` on, divisor n - 1; NaN under two."""
        before, now = self._sums[first], self._sums[-1]
        beats, shifted = now.normal - before.normal, now.shifted - before.shifted
        if beats < 2:
            return math.nan
        squares = now.shifted_squares - before.shifted_squares - shifted * shifted / beats
        return math.sqrt(squares / (beats - 1)) if squares > 0.0 else 0.0

    def rmssd_ms(self, first: int) -> float:
        """Root mean square of the differences of normal neighbours from ``first`` on; NaN without any."""
        inner, now = self._sums[first + 1], self._sums[-1]
        pairs, squares = now.pairs - inner.pairs, now.step_squares - inner.step_squares
        if not pairs:
            return math.nan
        return math.sqrt(squares / pairs) if squares > 0.0 else 0.0

    def pnn50_percent(self, first: int) -> float:
        """Differences over 50 ms per hundred pairs of normal neighbours from ``first`` on; NaN without any."""
        inner, now = self._sums[first + 1], self._sums[-1]
        pairs = now.pairs - inner.pairs
        return 100.0 * (now.over_50 - inner.over_50) / pairs if pairs else math.nan

    def noise_bpm(self, first: int) -> float:
        """Beat-to-beat noise of the heart rate from ``first`` on, see ``swing.noise_bpm``; infinite when unknown."""
        inner, now = self._sums[min(first + 2, len(self.rr_ms))], self._sums[-1]
        runs = now.bends - inner.bends
        return math.sqrt(max(0.0, now.bend_squares - inner.bend_squares) / runs / 6.0) if runs else math.inf

    def _next(self, place: int) -> _Sums:
        old, rr, normals, follows, rate = self._sums[place], self.rr_ms[place], self.normal, self.follows, self.rate_bpm
        normal, joined = normals[place], follows[place] == JOINED
        pair = normal and joined and place > 0 and normals[place - 1]
        step = rr - self.rr_ms[place - 1] if pair else 0.0
        shifted = rr - self._reference_ms if normal else 0.0
        run = pair and place > 1 and normals[place - 2] and follows[place - 1] == JOINED
        bend = rate[place] - 2.0 * rate[place - 1] + rate[place - 2] if run else 0.0
        return _Sums(
            old.normal + normal,
            old.holes + (not joined),
            old.pairs + pair,
            old.over_50 + (abs(step) > 50.0),
            old.covered_ms + (rr if rr < LONGEST_MS else LONGEST_MS),
            old.shifted + shifted,
            old.shifted_squares + shifted * shifted,
            old.step_squares + step * step,
            old.bends + run,
            old.bend_squares + bend * bend,
        )

    def _let_go(self) -> int:
        gone = len(self.rr_ms) - KEEP
        del self.time_s[:gone], self.rr_ms[:gone], self.rate_bpm[:gone], self.normal[:gone], self.follows[:gone]
        recent = self.rr_ms[-KEEP // 4 :]
        self._reference_ms = sum(recent) / len(recent)
        self._sums = [_Sums()]
        for place in range(KEEP):
            self._sums.append(self._next(place))
        return gone
