"""Assessing a person's resonance frequency: stepped, sliding, adaptive, and a quick re-check of a known one.

Each gives a range, never one number alone, and names what was invalid. Beside our own reading of all breaths
(``processing.resonance_fit``) stands what the published selection says. What is found moves from day to day (in two of
three people: Capdevila 2021, doi 10.1038/s41598-021-87867-8), so it is to be checked again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from processing.indices import MS_PER_MIN
from processing.pacer import BreathPattern, PacerPlan, Stretch
from processing.resonance_criteria import (
    DISCARDED_S,
    LEAST_CLEAN_S,
    PacedTrial,
    Signs,
    invalid_because,
    rank_sums,
    signs_of,
)
from processing.resonance_fit import Answer, Resonance, answers_between, resonance_of
from processing.resonance_search import ResonanceSearch
from processing.swing import MIN_BEATS_PER_BREATH, noise_bpm, paced_swing
from processing.thresholds import SHOWN_UP_TO_PERCENT
from processing.windows import Series

STEPPED_BPM = (6.5, 6.0, 5.5, 5.0, 4.5)
"""Rates of the stepped assessment (Lehrer 2000, doi 10.1023/a:1009554825745)."""
STEPPED_S = 180.0
STEP_BPM, OFFERED_BPM = 0.5, (4.0, 7.0)
"""One more rate, a step further, when the best one lies at an end; within what is offered to anyone."""
RECHECK_S, RECHECK_CLEAN_S = 120.0, 80.0
SLIDING_BREATHS, SLIDING_FROM_BPM, SLIDING_STEP_S = 78, 6.75, 0.06704
"""78 breaths, each 67.04 ms longer than the last (Fisher and Lehrer 2022, doi 10.1007/s10484-021-09524-0)."""
SLIDING_DISCARDED_S = 20.0
"""First breaths of the slide, in which the person finds the guide."""
KEPT_WITHIN_BPM = 0.25
"""A known rate is kept so near the range of a re-check, half of the step by which rates are set: a short re-check
should not move anyone for its own noise."""
STABLE_S = 60.0
"""The published slide looks for the minute with the largest swing."""
CLOSE_CALL = 0.10
"""Under this margin between the two best trials the person's comfort decides."""
LEAST_TRIALS = 3

Method = Literal["stepped", "sliding", "adaptive", "recheck"]
PHASE_LABEL = "pacer phase"
"""What the phase is called without a breathing channel: it is against the guide, and holds the person's lag."""


@dataclass(frozen=True, slots=True)
class TrialResult:
    """One trial with its criteria, or why it does not count."""

    rate_bpm: float
    signs: Signs | None
    rank_sum: float | None
    """Weighted sum of ranks among the valid trials, None when invalid."""
    invalid: str | None


@dataclass(frozen=True, slots=True)
class Assessment:
    """What an assessment found."""

    method: Method
    resonance: Resonance | None
    """Our reading of all valid breaths; None when there are too few of them."""
    published_bpm: float | None
    """What the published selection gives: the best trial, or the middle of the best minute of the slide."""
    close_call: bool
    """The two best trials are under a tenth apart: comfort decides."""
    trials: tuple[TrialResult, ...]
    try_also_bpm: float | None
    """A rate beyond the end at which the best trial lies, to be tried as well; else None."""
    minutes: float
    """How long the person breathed for it."""
    reason: str | None
    """Why there is no result, else None."""

    @property
    def words(self) -> str | None:
        """The result as told: "about 5.4 to 5.9"; None without one."""
        return None if self.resonance is None else self.resonance.words

    def keeps(self, known_bpm: float) -> bool | None:
        """Whether a rate known before lies in the range or close to it; None without a result."""
        found = self.resonance
        if found is None:
            return None
        return found.low_bpm - KEPT_WITHIN_BPM <= known_bpm <= found.high_bpm + KEPT_WITHIN_BPM

    @property
    def lag_s(self) -> float | None:
        """The person's estimated lag behind the guide; it cannot be told from the heart's own without breath."""
        return None if self.resonance is None else self.resonance.lag_s


def sliding_plan(pattern: BreathPattern | None = None) -> PacerPlan:
    """The published slide, fast to slow, about fifteen minutes; it stays at its last rate.

    >>> plan = sliding_plan()
    >>> round(plan.rate_bpm(0.0), 2), round(plan.rate_bpm(3600.0), 2)
    (6.75, 4.25)
    """
    first = 60.0 / SLIDING_FROM_BPM
    start_s, stretches = 0.0, []
    for breath in range(SLIDING_BREATHS):
        stretches.append(Stretch(start_s, first + breath * SLIDING_STEP_S, 1))
        start_s += stretches[-1].period_s
    stretches.append(Stretch(start_s, first + SLIDING_BREATHS * SLIDING_STEP_S, None))
    return PacerPlan(pattern or BreathPattern(), tuple(stretches))


def recheck_rates(known_bpm: float) -> tuple[float, float, float]:
    """Rates of the quick re-check: the known one and half a breath to either side, fast to slow.

    >>> recheck_rates(5.5)
    (6.0, 5.5, 5.0)
    """
    return known_bpm + STEP_BPM, known_bpm, known_bpm - STEP_BPM


def assess_stepped(
    series: Series, trials: Sequence[PacedTrial], delay_s: float = 0.0, *, method: Method = "stepped"
) -> Assessment:
    """Compare trials at steady rates; ``delay_s`` is how much later than the heart the beats are stamped."""
    least_s = RECHECK_CLEAN_S if method == "recheck" else LEAST_CLEAN_S
    invalid = [invalid_because(series, trial, delay_s, least_s) for trial in trials]
    signs = [signs_of(series, t, delay_s) if why is None else None for t, why in zip(trials, invalid, strict=True)]
    kept = [place for place, each in enumerate(signs) if each is not None]
    sums = dict(zip(kept, rank_sums([each for each in signs if each is not None]), strict=True))
    results = tuple(
        TrialResult(t.rate_bpm, signs[n], sums.get(n), invalid[n] or (None if n in sums else _NO_WAVE))
        for n, t in enumerate(trials)
    )
    answers = [answer for n in kept for answer in _answers(series, trials[n], delay_s)]
    found = resonance_of(answers) if len(kept) >= LEAST_TRIALS else None
    best = sorted(sums, key=lambda n: sums[n], reverse=True)
    close = len(best) > 1 and sums[best[1]] > (1 - CLOSE_CALL) * sums[best[0]]
    reason = None if found is not None else f"low_confidence: {len(kept)} valid trials, needs {LEAST_TRIALS}"
    published = trials[best[0]].rate_bpm if best else None
    minutes = sum(trial.end_s - trial.start_s for trial in trials) / 60.0
    return Assessment(method, found, published, close, results, _beyond(trials, published), minutes, reason)


def assess_sliding(series: Series, plan: PacerPlan, start_s: float, end_s: float, delay_s: float = 0.0) -> Assessment:
    """Read a slide that began at ``start_s`` and ended at ``end_s`` on the guide's clock."""
    zero_s = start_s + delay_s
    minutes = (end_s - start_s) / 60.0
    facts = series.window(zero_s, end_s + delay_s).facts
    if facts.corrected_percent > SHOWN_UP_TO_PERCENT:
        refused = f"too_many_corrected: {facts.corrected_percent:.0f} % of the intervals are refused"
        return Assessment("sliding", None, None, False, (), None, minutes, refused)
    answers = answers_between(series, plan, zero_s, zero_s + SLIDING_DISCARDED_S, end_s + delay_s)
    found = resonance_of(answers)
    reason = None if found is not None else "too_short: needs breaths at three rates"
    return Assessment(
        "sliding", found, best_minute_bpm(series, plan, zero_s, end_s + delay_s), False, (), None, minutes, reason
    )


def assess_search(series: Series, search: ResonanceSearch, start_s: float, delay_s: float = 0.0) -> Assessment:
    """What a search has found; it states its own minutes."""
    found = resonance_of(search.answers(series, start_s + delay_s))
    reason = None if found is not None else "too_short: needs breaths at three rates"
    return Assessment("adaptive", found, None, False, (), None, search.minutes, reason)


def best_minute_bpm(series: Series, plan: PacerPlan, zero_s: float, end_s: float) -> float | None:
    """Rate in the middle of the minute whose breaths have the largest mean swing, as published for the slide."""
    last = int(plan.breaths_between(0.0, end_s - zero_s) + 1e-6)
    edges = [zero_s + plan.breath_start_s(breath) for breath in range(last + 1)]
    swings = [_swing(series, begin, end) for begin, end in pairwise(edges)]
    best, found = 0.0, None
    for first in range(last):
        until = next((n for n in range(first, last + 1) if edges[n] - edges[first] >= STABLE_S), None)
        if until is None:
            break
        inside = [swing for swing in swings[first:until] if swing is not None]
        if inside and sum(inside) / len(inside) > best:
            best = sum(inside) / len(inside)
            found = plan.rate_bpm((edges[first] + edges[until]) / 2 - zero_s)
    return found


def _beyond(trials: Sequence[PacedTrial], best_bpm: float | None) -> float | None:
    """A step beyond the end at which the best rate lies, or None."""
    rates = [trial.rate_bpm for trial in trials]
    if best_bpm is None or min(rates) < best_bpm < max(rates):
        return None
    beyond = best_bpm + STEP_BPM if best_bpm == max(rates) else best_bpm - STEP_BPM
    return beyond if OFFERED_BPM[0] <= beyond <= OFFERED_BPM[1] else None


def _swing(series: Series, begin_s: float, end_s: float) -> float | None:
    window = series.window(begin_s, end_s)
    rates = (MS_PER_MIN / window.rr_ms[window.normal]).tolist()
    if len(rates) < MIN_BEATS_PER_BREATH:
        return None
    found = paced_swing(window.time_s[window.normal].tolist(), rates, (begin_s, end_s + 1e-6), noise_bpm(rates))
    return None if found is None else found.bpm


def _answers(series: Series, trial: PacedTrial, delay_s: float) -> list[Answer]:
    from_s = trial.start_s + delay_s + DISCARDED_S
    return answers_between(series, trial.plan, trial.plan_start_s + delay_s, from_s, trial.end_s + delay_s)


_NO_WAVE = "low_confidence: no wave at the guide's rate can be read"
