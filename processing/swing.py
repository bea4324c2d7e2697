"""Swing: how far the heart rate goes up and down with the breath, mean of the last two breaths, in beats/min.

Within a pacer's cycles (shifted by the sensor's delay) when there is a pacer, between turning points when not. A swing
that the beat-to-beat noise of the same beats could make by itself is not shown.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from statistics import NormalDist
from typing import NamedTuple

from processing.pacer import PacerPlan

BREATHS = 2
"""Breaths that the mean is taken over: a change is shown whole after two breaths."""
MIN_BEATS_PER_BREATH = 3
"""Fewer beats cannot show a top and a bottom of a wave."""
LEAST_BPM = 0.5
"""Swing that steps of 1/1024 s and a steady heart may make."""
NOISE_MARGIN = 1.25
"""How far above its own noise a swing must stand."""
UNPACED_NOISE = 2.0
"""Mean distance of turning points in white noise, in its standard deviations."""
LOOK_BACK_S = 40.0
"""Unpaced turning points are looked for so far back; two breaths of 3 a minute."""


class Swing(NamedTuple):
    """A swing, its noise floor, and the seconds of beats that it was read from."""

    bpm: float
    noise_bpm: float
    window_s: float

    @property
    def stands_out(self) -> bool:
        """Whether it is above its own noise floor."""
        return self.bpm >= max(LEAST_BPM, self.noise_bpm)


def last_breaths(plan: PacerPlan, start_s: float, now_s: float) -> tuple[float, ...] | None:
    """Bounds of the last two whole breaths of a plan that began at ``start_s``, or None before there are two."""
    breath = plan.at(now_s - start_s).breath
    if now_s < start_s or breath < BREATHS:
        return None
    return tuple(start_s + plan.breath_start_s(n) for n in range(breath - BREATHS, breath + 1))


def paced_swing(
    time_s: Sequence[float], rate_bpm: Sequence[float], bounds: Sequence[float], noise: float
) -> Swing | None:
    """Swing within the breaths that ``bounds`` part; None when a breath holds fewer than three beats.

    ``time_s`` and ``rate_bpm``: ends and heart rates of the normal beats of one gap-free stretch; ``noise`` as of
    ``noise_bpm``.
    """
    cuts = [bisect_left(time_s, bound) for bound in bounds]
    if min(end - first for first, end in pairwise(cuts)) < MIN_BEATS_PER_BREATH:
        return None
    breaths = [rate_bpm[first:end] for first, end in pairwise(cuts)]
    ranges = [max(breath) - min(breath) for breath in breaths]
    expected = sum(_range_of_noise(len(breath)) for breath in breaths) / len(breaths)
    return Swing(sum(ranges) / len(ranges), NOISE_MARGIN * expected * noise, bounds[-1] - bounds[0])


def unpaced_swing(time_s: Sequence[float], rate_bpm: Sequence[float], noise: float) -> Swing | None:
    """Swing between the last turning points of own breathing; None before two breaths have turned."""
    newest_first = rate_bpm[::-1]
    turns = turning_points(newest_first, max(LEAST_BPM, noise), 2 * BREATHS + 1)
    if len(turns) < 2 * BREATHS + 1:
        return None
    values = [newest_first[turn] for turn in turns]
    height = sum([abs(two - one) for one, two in pairwise(values)]) / (len(values) - 1)
    return Swing(height, NOISE_MARGIN * UNPACED_NOISE * noise, time_s[-1] - time_s[-1 - turns[-1]])


def turning_points(values: Sequence[float], least: float, most: int | None = None) -> list[int]:
    """Indices of tops and bottoms that stand at least ``least`` from the next, the first ``most`` of them.

    Both open ends are left out.

    >>> turning_points([0, 3, 1, 2, 0, 4, 0, 1], 2.5)
    [1, 4, 5]
    """
    turns: list[int] = []
    top = bottom = 0
    highest = lowest = values[0] if values else 0.0
    rising = falling = True
    for index, value in enumerate(values):
        if value > highest:
            top, highest = index, value
        if value < lowest:
            bottom, lowest = index, value
        if rising and highest - value >= least:
            if top > 0:
                turns.append(top)
            rising, falling, bottom, lowest = False, True, index, value
        elif falling and value - lowest >= least:
            if bottom > 0:
                turns.append(bottom)
            rising, falling, top, highest = True, False, index, value
        else:
            continue
        if len(turns) == most:
            break
    return turns


def noise_bpm(rate_bpm: Sequence[float]) -> float:
    """Standard deviation of what does not go on smoothly from beat to beat, from second differences.

    Infinite with fewer than three beats, of which nothing can be said.
    """
    if len(rate_bpm) < 3:
        return math.inf
    runs = zip(rate_bpm, rate_bpm[1:], rate_bpm[2:], strict=False)
    return math.sqrt(sum((one - 2 * two + three) ** 2 for one, two, three in runs) / (len(rate_bpm) - 2) / 6.0)


@lru_cache(maxsize=256)
def _range_of_noise(beats: int) -> float:
    """Expected highest minus lowest of ``beats`` normally distributed values, in standard deviations.

    By Blom's (1958) approximation of the expected maximum: 3.27 for 12 beats (tabled value 3.26).
    """
    return 2.0 * NormalDist().inv_cdf((beats - 0.375) / (beats + 0.25))
