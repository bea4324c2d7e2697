"""Which breathing rate to try next, so that few minutes tell a person's resonance.

A Bayesian search: after each trial the posterior of ``processing.resonance_fit`` says where the answer to another rate
would narrow the peak most (largest expected fall of its variance, to first order), and that rate comes next. It ends
when the stated range is narrow enough or the time is used up. Own method; the idea of the next trial where it tells
most is that of Kontsevich and Tyler (1999, doi 10.1016/S0042-6989(98)00285-5).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from processing.pacer import BreathPattern, PacerPlan, Stretch
from processing.resonance_fit import BREATHS_PER_ANSWER, TEMPER, Answer, Resonance, answers_between, resonance_of
from processing.windows import Series

Floats = NDArray[np.float64]

FIRST_BPM = (6.5, 5.5, 4.5)
"""Rates that every search begins with: from easy to slow, across where adults' peaks lie."""
OFFERED_BPM = tuple(4.0 + 0.25 * step for step in range(13))
"""Rates that may be tried, 4 to 7."""
SETTLING_BREATHS = 1
"""Breaths after a change of rate that are left out; the heart rings on for about Q / (pi f), 10 s."""
COUNTED_BREATHS = 6
"""Breaths of a trial that count: two answers."""
LONGEST_S = 720.0
CERTAIN_BPM = 0.4
"""Width of the range from which no more is asked of the person."""
DECIDED_BEFORE_S = 6.0
"""A trial's end is planned so long before it: beats are confirmed three later, and a strap is late by up to 2.6 s."""


@dataclass(frozen=True, slots=True)
class SearchTrial:
    """Some breaths at one rate, on the guide's own time."""

    rate_bpm: float
    start_s: float

    @property
    def period_s(self) -> float:
        """Seconds a breath."""
        return 60.0 / self.rate_bpm

    @property
    def counted_from_s(self) -> float:
        """Where the breaths that count begin."""
        return self.start_s + SETTLING_BREATHS * self.period_s

    @property
    def end_s(self) -> float:
        """End of the last breath."""
        return self.start_s + (SETTLING_BREATHS + COUNTED_BREATHS) * self.period_s


class ResonanceSearch:
    """One search. Ask for ``plan``, breathe, give the beats to ``go_on``, until it is ``over``."""

    def __init__(self, pattern: BreathPattern | None = None, longest_s: float = LONGEST_S) -> None:
        self._pattern = pattern or BreathPattern()
        self._longest_s = longest_s
        self.trials: list[SearchTrial] = [SearchTrial(FIRST_BPM[0], 0.0)]
        self.found: Resonance | None = None
        """What is known so far, None before three rates were tried."""
        self.over = False

    @property
    def plan(self) -> PacerPlan:
        """The guide for all trials so far; the last goes on until another is added."""
        breaths = SETTLING_BREATHS + COUNTED_BREATHS
        stretches = [Stretch(trial.start_s, trial.period_s, breaths) for trial in self.trials]
        stretches[-1] = Stretch(self.trials[-1].start_s, self.trials[-1].period_s, None)
        return PacerPlan(self._pattern, tuple(stretches))

    @property
    def decides_s(self) -> float:
        """When ``go_on`` is due, on the guide's own time."""
        return self.trials[-1].end_s - DECIDED_BEFORE_S

    @property
    def minutes(self) -> float:
        """How long the person has breathed for it, to the end of the last trial."""
        return self.trials[-1].end_s / 60.0

    def go_on(self, series: Series, start_s: float = 0.0) -> None:
        """Read the beats and either add the next trial or end; ``start_s``: the guide's start on the beats' clock."""
        answers = self.answers(series, start_s)
        self.found = resonance_of(answers)
        if len(self.trials) < len(FIRST_BPM):
            self._add(FIRST_BPM[len(self.trials)])
            return
        if self.found is not None and self.found.high_bpm - self.found.low_bpm <= CERTAIN_BPM:
            self.over = True
            return
        self._add(self._most_telling(answers))

    def answers(self, series: Series, start_s: float = 0.0) -> list[Answer]:
        """Answers of the breaths that count, as far as the beats reach."""
        plan, until_s = self.plan, float(series.time_s[-1]) if series.time_s.size else -math.inf
        spans = [(start_s + t.counted_from_s, min(start_s + t.end_s, until_s)) for t in self.trials]
        return [each for span in spans for each in answers_between(series, plan, start_s, *span)]

    def _most_telling(self, answers: Sequence[Answer]) -> float:
        if self.found is None:
            return FIRST_BPM[len(self.trials) % len(FIRST_BPM)]
        gains = expected_gain(self.found, OFFERED_BPM, COUNTED_BREATHS // BREATHS_PER_ANSWER)
        return OFFERED_BPM[int(gains.argmax())]

    def _add(self, rate_bpm: float) -> None:
        """Add a trial, or end when it would take longer than allowed."""
        trial = SearchTrial(rate_bpm, self.trials[-1].end_s)
        if trial.end_s > self._longest_s:
            self.over = True
        else:
            self.trials.append(trial)


def expected_gain(found: Resonance, rates_bpm: Sequence[float], answers: int) -> Floats:
    """By how much that many answers at each rate would lower the peak's variance, (breaths/min)², to first order.

    With c the covariance of peak and predicted answer, S the answer's own and N its noise: c' (S + N)^-1 c.
    """
    likely = np.argsort(found.weight)[::-1]
    likely = likely[: int(np.searchsorted(np.cumsum(found.weight[likely]), 0.99)) + 1]
    weight = found.weight[likely] / found.weight[likely].sum()
    models = type(found.models)(*(axis[likely] for axis in found.models))
    told = models.response(np.array(rates_bpm)) * found.gain[likely, None]
    told -= weight @ told
    peak = models.peak_bpm - weight @ models.peak_bpm
    weighted = weight[:, None] * told
    noise = found.noise_bpm**2 / (TEMPER * answers)
    real, imaginary = peak @ weighted.real, peak @ weighted.imag
    one = np.einsum("ij,ij->j", weighted.real, told.real) + noise
    two = np.einsum("ij,ij->j", weighted.imag, told.imag) + noise
    both = np.einsum("ij,ij->j", weighted.real, told.imag)
    gain: Floats = (real**2 * two - 2 * real * imaginary * both + imaginary**2 * one) / (one * two - both**2)
    return gain
