"""Swing: how far the heart rate goes up and down with the breath, mean of the last two breaths, in beats/min.

Within a pacer's cycles (shifted by the sensor's delay) when there is a pacer, between turning points when not. A swing
that the beat-to-beat noise of the same beats could make by itself is not shown.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from processing.pacer import PacerPlan

Floats = NDArray[np.float64]

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


@dataclass(frozen=True, slots=True)
class Swing:
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


def paced_swing(time_s: Floats, rate_bpm: Floats, bounds: Sequence[float]) -> Swing | None:
    """Swing within the breaths that ``bounds`` part; None when a breath holds fewer than three beats.

    ``time_s`` and ``rate_bpm``: normal beats of one gap-free stretch, shape (n,).
    """
    cuts = np.searchsorted(time_s, bounds)
    swings, floors = [], []
    for first, end in pairwise(cuts):
        if end - first < MIN_BEATS_PER_BREATH:
            return None
        breath = rate_bpm[first:end]
        swings.append(float(breath.max() - breath.min()))
        floors.append(_range_of_noise(int(end - first)))
    noise = _noise_bpm(rate_bpm[cuts[0] : cuts[-1]])
    floor = NOISE_MARGIN * noise * sum(floors) / len(floors)
    return Swing(sum(swings) / len(swings), floor, bounds[-1] - bounds[0])


def unpaced_swing(time_s: Floats, rate_bpm: Floats) -> Swing | None:
    """Swing between the last turning points of own breathing; None before two breaths have turned."""
    if time_s.size < BREATHS * MIN_BEATS_PER_BREATH:
        return None
    noise = _noise_bpm(rate_bpm)
    turns = turning_points(rate_bpm.tolist(), max(LEAST_BPM, noise))
    if len(turns) < 2 * BREATHS + 1:
        return None
    last = turns[-2 * BREATHS - 1 :]
    heights = [abs(float(rate_bpm[b] - rate_bpm[a])) for a, b in pairwise(last)]
    floor = NOISE_MARGIN * UNPACED_NOISE * noise
    return Swing(sum(heights) / len(heights), floor, float(time_s[-1] - time_s[last[0]]))


def turning_points(values: Sequence[float], least: float) -> list[int]:
    """Indices of tops and bottoms that stand at least ``least`` from the next; both open ends are left out.

    >>> turning_points([0, 3, 1, 2, 0, 4, 0, 1], 2.5)
    [1, 4, 5]
    """
    turns: list[int] = []
    top = bottom = 0
    rising = falling = True
    for index, value in enumerate(values):
        if value > values[top]:
            top = index
        if value < values[bottom]:
            bottom = index
        if rising and values[top] - value >= least:
            turns.append(top)
            rising, falling, bottom = False, True, index
        elif falling and value - values[bottom] >= least:
            turns.append(bottom)
            rising, falling, top = True, False, index
    return turns if turns and turns[0] > 0 else turns[1:]


def _noise_bpm(rate_bpm: Floats) -> float:
    """Standard deviation of what does not go on smoothly from beat to beat, from second differences."""
    if rate_bpm.size < 3:
        return math.inf
    bends = rate_bpm[2:] - 2 * rate_bpm[1:-1] + rate_bpm[:-2]
    return math.sqrt(float(bends @ bends) / bends.size / 6.0)


@lru_cache(maxsize=256)
def _range_of_noise(beats: int) -> float:
    """Expected highest minus lowest of ``beats`` normally distributed values, in standard deviations.

    By Blom's (1958) approximation of the expected maximum: 3.27 for 12 beats (tabled value 3.26).
    """
    return 2.0 * NormalDist().inv_cdf((beats - 0.375) / (beats + 0.25))
