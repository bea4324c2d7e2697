"""Bursts of RR intervals → beats on the arrival clock, each with its uncertainty.

Beats are spaced by their RR intervals; only where the chain of them lies on the arrival clock is estimated. A
frame can be late but never early, so the smallest lag seen (arrival minus chain) is the best estimate of the
offset: it falls at once when a smaller lag is seen and rises no faster than two crystals can drift apart.
Arrival jitter thus never moves a beat. The sensor's own delay (Polar H10 about 2.6 s) is not in the offset;
it is told by the source.

Beats can be missing without a lost link. The lag then stays high. A frame with a lag that no healthy link has
is held back until the next one tells a stall (the lag returns: nothing is missing) from a loss (it stays: a
gap). Only frames and cuts drive this clock, never the passing of time, so the same frames give the same
beats.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import deque
from dataclasses import dataclass
from math import inf

from acquisition.beats import TICKS_PER_S

SHORTEST_CHAINED_TICKS = 154
"""150 ms, 400/min: shorter "intervals" are not between two heart beats (a Garmin strap appends ones of 51 ms)
and do not move the chain."""
DRIFT = 200e-6
"""How fast the offset may rise, seconds per second: two crystals of 100 ppm each, apart."""
LAG_SLACK_S = 0.25
"""A healthy lag lies within one mean beat above the offset; this much more is allowed for a late radio."""
CONFIRM_S = 0.5
"""Frames that come faster than this after one another were queued up by a stall and prove no loss."""
LARGEST_FALL_S = 3.0
"""A lag that falls further than a stalled first frame explains means intervals that cannot be true (1/1024 s
words reach 64 s): the chain starts anew."""
LONGEST_STEP_BEATS = 5
"""Up to here a loss is stepped over by whole mean beats, which keeps the phase; beyond, the mean says
nothing."""
MOST_HELD = 32
"""Frames held back at most; a stall of half a minute."""
STEP_LEAN_S = 0.02
"""A loss is stepped over by this much too far: the next small lag corrects a step too long at once, while one too
short is only made up at the pace of ``DRIFT``."""
MEAN_WEIGHT = 0.1
"""Weight of a new interval in the running mean of RR (about the last ten beats)."""
MEAN_LIMITS_S = (0.3, 2.0)
"""An interval counts into the mean as if it were within these; 200 to 30 beats/min."""
MEMORY_FRAMES = 256
"""Frames whose lags and spacing are remembered."""
ON_TIME_SHARE = 0.95
"""This share of the lags remembered counts as on time; the rest may be late by any amount."""
SPACING_SHARE = 0.25
"""Frames carry no beat now and then when the heart is slower than they are, and come close together after a stall; this
quantile of the time between those with beats is the frames' own spacing in both cases."""
PLACING_ERROR_MS = 60.0
"""What remains of a settled offset's error: with it 95 % of beats hold in each draw of the benchmark
``benchmarks.accuracy.beat_clock`` (radio delay of 20 ms mean, 2 % of frames up to 0.8 s late)."""
CLOSEST_S = 0.001
"""Beats that cannot be told apart in time (unchained ones) are set apart by this, so that time always
rises."""

MISSING = "beats missing"
IMPOSSIBLE = "intervals and time disagree"


@dataclass(frozen=True, slots=True)
class PlacedFrame:
    """The intervals of one frame with the time at which each ended."""

    arrival_s: float
    rr_ticks: tuple[int, ...]
    times_s: tuple[float, ...]
    """One a interval, strictly rising over the whole stream."""
    begins_s: float
    """Where its first interval began."""
    uncertainty_ms: float
    gap: str | None
    """Why its first interval does not follow the one before it, or None when it does."""


@dataclass(frozen=True, slots=True)
class _Frame:
    arrival_s: float
    rr_ticks: tuple[int, ...]
    begin_s: float
    """On the chain, like the two below."""
    end_s: float

    @property
    def lag_s(self) -> float:
        return self.arrival_s - self.end_s


def chained_s(rr_ticks: tuple[int, ...], ticks_per_s: int = TICKS_PER_S) -> float:
    """By how much a frame with these intervals moves the chain, s."""
    return sum(ticks / ticks_per_s for ticks in rr_ticks if ticks >= SHORTEST_CHAINED_TICKS)


class Lately:
    """The last MEMORY_FRAMES of a quantity, in order of size."""

    def __init__(self) -> None:
        self._order: deque[float] = deque()
        self._sorted: list[float] = []

    def add(self, value: float) -> None:
        """Remember one more and forget the oldest beyond MEMORY_FRAMES."""
        self._order.append(value)
        insort(self._sorted, value)
        if len(self._order) > MEMORY_FRAMES:
            del self._sorted[bisect_left(self._sorted, self._order.popleft())]

    def quantile(self, share: float) -> float:
        """The value that this share does not exceed, infinity while there is none."""
        return self._sorted[int(share * (len(self._sorted) - 1))] if self._sorted else inf


class BeatClock:
    """Places the intervals of one sensor; feed it frames in the order of their arrival."""

    def __init__(self, ticks_per_s: int = TICKS_PER_S) -> None:
        self.ticks_per_s = ticks_per_s
        """How the sensor counts; change it between a ``cut`` and the next frame only."""
        self._chain_s = 0.0
        """Sum of all chained intervals so far."""
        self._anchored = False
        self._offset_s = 0.0
        self._mean_s = MEAN_LIMITS_S[1]
        self._latest_s = MEAN_LIMITS_S[1]
        """The newest interval, as it counts into means."""
        self._lags, self._spacing = Lately(), Lately()
        self._stepped_s = 0.0
        """Sum of all steps over losses since the lags are remembered."""
        self._frames = 0
        self._held: list[_Frame] = []
        self._arrival_s: float | None = None
        self._last_s: float | None = None
        self._chain_end_s = 0.0
        """Where the last chained interval was placed."""
        self._cut: str | None = None
        self._doubt: str | None = None

    def push(self, arrival_s: float, rr_ticks: tuple[int, ...]) -> list[PlacedFrame]:
        """Take a frame that holds at least one interval; returns the frames whose place is now known."""
        frame = self._chained(arrival_s, rr_ticks)
        if not self._anchored:
            return [self._anchor(frame)]
        if frame.lag_s < self._offset_s - LARGEST_FALL_S:
            return [*self.cut(IMPOSSIBLE), self._anchor(frame)]
        if self._doubt:
            reason, self._doubt = self._doubt, None
            return self._step_over([frame], reason)
        if frame.lag_s <= self._offset_s + self._mean_s + LAG_SLACK_S:
            held, self._held = self._held, []
            return [self._settle(each, None) for each in [*held, frame]]
        self._held.append(frame)
        if arrival_s - self._held[0].arrival_s >= CONFIRM_S or len(self._held) >= MOST_HELD:
            return self.settle()
        return []

    def settle(self) -> list[PlacedFrame]:
        """Stop waiting: frames held back are placed after a gap, since a loss cannot be excluded."""
        held, self._held = self._held, []
        return self._step_over(held, MISSING) if held else []

    def cut(self, reason: str) -> list[PlacedFrame]:
        """End the segment: what comes next does not follow what came before. Returns the frames held back."""
        released = self.settle()
        self._anchored, self._doubt = False, None
        if self._last_s is not None and self._cut is None:
            self._cut = reason
        return released

    def doubt(self, reason: str) -> list[PlacedFrame]:
        """Beats may have been lost here (an unreadable frame). Returns the frames held back."""
        released = self.settle()
        if self._anchored:
            self._doubt = reason
        return released

    def _restart(self, offset_s: float) -> None:
        """Forget what lags told."""
        self._offset_s, self._frames = offset_s, 0
        self._lags, self._stepped_s = Lately(), 0.0

    def _chained(self, arrival_s: float, rr_ticks: tuple[int, ...]) -> _Frame:
        begin_s = self._chain_s
        self._chain_s += chained_s(rr_ticks, self.ticks_per_s)
        return _Frame(arrival_s, rr_ticks, begin_s, self._chain_s)

    def _anchor(self, frame: _Frame) -> PlacedFrame:
        """Begin a segment: its first frame is held to have come without delay."""
        reason, self._cut = self._cut, None
        self._restart(frame.lag_s)
        self._anchored = frame.end_s > frame.begin_s
        return self._settle(frame, reason)

    def _step_over(self, frames: list[_Frame], reason: str) -> list[PlacedFrame]:
        """Place frames after a loss: whole mean beats are stepped over, as many as the lag leaves room
        for."""
        lag_s = min(frame.lag_s for frame in frames)
        beat_s = self._missing_s(frames)
        beats = max(0, int((lag_s - self._offset_s) / beat_s))
        if beats > LONGEST_STEP_BEATS:
            self._restart(lag_s)
        else:
            self._offset_s += beats * beat_s + (STEP_LEAN_S if beats else 0)
            self._stepped_s += beats * beat_s
        return [self._settle(frame, reason if frame is frames[0] else None) for frame in frames]

    def _plausible_s(self, ticks: int) -> float:
        """An interval as it counts into means."""
        return min(max(ticks / self.ticks_per_s, MEAN_LIMITS_S[0]), MEAN_LIMITS_S[1])

    def _missing_s(self, frames: list[_Frame]) -> float:
        """How long a beat missing before ``frames`` may have been: as its neighbours, since breathing moves the heart
        within seconds."""
        after = [
            self._plausible_s(ticks) for frame in frames for ticks in frame.rr_ticks if ticks >= SHORTEST_CHAINED_TICKS
        ]
        near = [self._latest_s, *after[:1]]
        return sum(near) / len(near)

    def _settle(self, frame: _Frame, gap: str | None) -> PlacedFrame:
        """Learn from a frame and place it."""
        self._offset_s = min(frame.lag_s, self._offset_s + DRIFT * (frame.end_s - frame.begin_s))
        for ticks in frame.rr_ticks:
            if ticks >= SHORTEST_CHAINED_TICKS:
                rr_s = self._plausible_s(ticks)
                self._latest_s = rr_s
                weight = MEAN_WEIGHT if self._frames else 1.0
                self._mean_s += weight * (rr_s - self._mean_s)
        self._frames += 1
        self._lags.add(frame.lag_s - self._stepped_s)
        if self._arrival_s is not None:
            self._spacing.add(frame.arrival_s - self._arrival_s)
        self._arrival_s = frame.arrival_s
        return self._place(frame, gap)

    def _place(self, frame: _Frame, gap: str | None) -> PlacedFrame:
        begin_s, end_s = self._offset_s + frame.begin_s, self._offset_s + frame.end_s
        last_s = begin_s - CLOSEST_S if self._last_s is None else self._last_s
        if gap is not None:
            begin_s = max(begin_s, last_s)
            last_s = max(last_s, begin_s - CLOSEST_S)
        elif self._last_s is not None:
            begin_s = self._chain_end_s
        times_s = self._spread(frame, begin_s, end_s, last_s)
        self._last_s = times_s[-1]
        return PlacedFrame(frame.arrival_s, frame.rr_ticks, times_s, begin_s, self._uncertainty_ms(), gap)

    def _spread(self, frame: _Frame, begin_s: float, end_s: float, last_s: float) -> tuple[float, ...]:
        """Times of the frame's intervals between ``begin_s`` and ``end_s``; a correction is shared by all."""
        whole_s = frame.end_s - frame.begin_s
        stretch = max(end_s - begin_s, 0.0) / whole_s if whole_s else 0.0
        at_s, times_s = begin_s, []
        for ticks in frame.rr_ticks:
            if ticks >= SHORTEST_CHAINED_TICKS:
                at_s += ticks / self.ticks_per_s * stretch
                last_s = max(at_s, last_s + CLOSEST_S)
            else:
                last_s += CLOSEST_S
            times_s.append(last_s)
        self._chain_end_s = at_s
        return tuple(times_s)

    def _uncertainty_ms(self) -> float:
        """How far off the offset may still be, in ms.

        Lags of on-time frames lie within one beat above the true offset, and within one frame when those are closer.
        As far as the lags seen span less than that, part of it has not been seen yet. Beats at exactly the pace of
        the frames stay uncertain.
        """
        whole_s = min(self._mean_s, self._spacing.quantile(SPACING_SHARE))
        seen_s = self._lags.quantile(ON_TIME_SHARE) - (self._offset_s - self._stepped_s)
        return PLACING_ERROR_MS + 1000 * min(max(whole_s - seen_s, 0.0), whole_s)
