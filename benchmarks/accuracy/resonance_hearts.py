"""Hearts with a known resonance that breathe with a guide, made for the proof of what is said of it.

Two sorts, neither the fitter's model: one is a driven resonator in time, which rings on when the breath changes and
turns its phase at the peak; the other grows and shrinks at once and keeps its phase. Both beat by integration of their
rate, breathe in 4 and out 6 parts, each breath of another depth, and carry slow noise and 0.1 Hz waves.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.signal import bilinear, lfilter

from processing.heart_breath import guide_breaths
from processing.pacer import PacerPlan
from processing.values import Judgement, Verdict
from processing.windows import Series

Floats = NDArray[np.float64]
STEP_S = 1.0 / 8
SWING_BPM, SLOW_BPM, WAVES_BPM = 14.0, 2.0, 1.5
DEPTH_SD = 0.15
"""Breaths differ in depth by this share."""
MOST_BREATHS = 400
_SHARES = np.arange(0, 1, 0.01)
LEAD_S = 60.0
"""The heart has run so long before the guide begins."""
Sort = Literal["ringing", "standing"]


@dataclass(frozen=True)
class Person:
    """Whose heart it is."""

    sort: Sort
    peak_bpm: float
    q: float
    lag_s: float

    @classmethod
    def drawn(cls, sort: Sort, draw: np.random.Generator) -> Person:
        """Peak 4.5 to 6.5, Q 2 to 4, lag 0 to 0.6 s."""
        return cls(sort, draw.uniform(4.5, 6.5), draw.uniform(2, 4), draw.uniform(0, 0.6))


class Heart:
    """A heart that lives on as guides come and go; time 0 is the first guide's start."""

    def __init__(self, person: Person, draw: np.random.Generator, longest_s: float = 1300.0) -> None:
        self.person = person
        self._depths = 1 + DEPTH_SD * draw.standard_normal(MOST_BREATHS)
        self._time_s = np.arange(-LEAD_S, longest_s, STEP_S)
        self._other = 66.0 + _drift(self._time_s.size, draw) + _waves(self._time_s, draw)

    def follow(self, plan: PacerPlan, until_s: float) -> Series:
        """Beats from before the guide to ``until_s``, all normal; the same breaths get the same depths."""
        person, told = self.person, self._time_s - self.person.lag_s
        breaths = guide_breaths(plan, 0.0, told, np.zeros(told.size))
        level = np.interp(
            breaths % 1.0, _SHARES, [plan.at(each * plan.stretches[0].period_s).level for each in _SHARES]
        )
        breath = (2 * level - 1) * self._depths[np.maximum(breaths, 0).astype(int)]
        breath[told < 0] = -1.0
        if person.sort == "ringing":
            moved = _resonator(person, breath)
        else:
            starts = [stretch.start_s for stretch in plan.stretches]
            periods = np.array([stretch.period_s for stretch in plan.stretches])
            rates = 60 / periods[np.maximum(np.searchsorted(starts, told, side="right") - 1, 0)]
            moved = breath / np.hypot(1, person.q * (rates / person.peak_bpm - person.peak_bpm / rates))
        rate = np.maximum(self._other + SWING_BPM / 2 * moved, 35.0)
        return _beats(self._time_s, rate, until_s)


def _resonator(person: Person, breath: Floats) -> Floats:
    turn = 2 * np.pi * person.peak_bpm / 60
    numerator, denominator = bilinear([turn / person.q, 0], [1, turn / person.q, turn**2], 1 / STEP_S)
    return np.asarray(lfilter(numerator, denominator, breath))


def _beats(time_s: Floats, rate_bpm: Floats, until_s: float) -> Series:
    turns = np.concatenate(([0.0], np.cumsum((rate_bpm[1:] + rate_bpm[:-1]) / 120 * STEP_S)))
    beats = np.interp(np.arange(1.0, turns[-1]), turns, time_s)
    beats = np.round(beats[beats <= until_s] * 1024) / 1024
    judged = [
        Judgement(seq, end, 1000 * (end - begin), Verdict.NORMAL, False)
        for seq, (begin, end) in enumerate(pairwise(beats.tolist()))
    ]
    return Series.of(judged, ())


def _drift(steps: int, draw: np.random.Generator) -> Floats:
    parts = [_wandering(steps, tau_s, draw) for tau_s in (10.0, 40.0, 160.0, 640.0)]
    return np.asarray(SLOW_BPM / 2 * sum(parts))


def _waves(time_s: Floats, draw: np.random.Generator) -> Floats:
    slow = _wandering(time_s.size, 20.0, draw) + 1j * _wandering(time_s.size, 20.0, draw)
    return np.asarray(WAVES_BPM * (slow * np.exp(2j * np.pi * 0.1 * time_s)).real)


def _wandering(steps: int, tau_s: float, draw: np.random.Generator) -> Floats:
    keep = np.exp(-STEP_S / tau_s)
    noise, _ = lfilter(
        [np.sqrt(1 - keep**2)], [1, -keep], draw.standard_normal(steps), zi=[keep * draw.standard_normal()]
    )
    return np.asarray(noise)
