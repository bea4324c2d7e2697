"""Resonance frequency, assessed on hearts that are not the fitter's own model."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.accuracy.claims import Claim, Setting
from benchmarks.accuracy.resonance_hearts import Heart, Person, Sort
from processing.pacer import BreathPattern, PacerPlan, Stretch
from processing.resonance import (
    RECHECK_S,
    STEPPED_BPM,
    STEPPED_S,
    Assessment,
    Method,
    assess_search,
    assess_sliding,
    assess_stepped,
    recheck_rates,
    sliding_plan,
)
from processing.resonance_criteria import PacedTrial
from processing.resonance_search import ResonanceSearch

SORTS: dict[Sort, str] = {
    "ringing": "hearts that ring and turn their phase",
    "standing": "hearts that neither ring nor turn their phase",
}


@dataclass(frozen=True)
class Found:
    """What one assessment said of one heart."""

    truth_bpm: float
    lag_s: float
    assessment: Assessment

    @property
    def off_bpm(self) -> float:
        """Distance of the fitted middle from the truth, infinite without a result."""
        found = self.assessment.resonance
        return abs(found.rate_bpm - self.truth_bpm) if found is not None else np.inf

    @property
    def holds(self) -> bool:
        """The stated range holds the truth."""
        found = self.assessment.resonance
        return found is not None and found.low_bpm <= self.truth_bpm <= found.high_bpm


def claims(setting: Setting) -> Iterator[Claim]:
    """Each way to assess, for each sort of heart."""
    draws = 1 if setting.short else 60
    for number, (sort, name) in enumerate(SORTS.items()):
        seeds = np.random.SeedSequence([setting.seed, 6, number]).spawn(draws)
        people = [(Person.drawn(sort, np.random.default_rng(seed)), seed) for seed in seeds]
        yield from _claims(f"stepped, {name}", [_found(p, s, stepped) for p, s in people], 0.5)
        yield from _claims(f"sliding, {name}", [_found(p, s, sliding) for p, s in people], 0.5)
        yield from _claims(f"adaptive, {name}", [_found(p, s, adaptive) for p, s in people], 0.25)
        rechecked = [recheck(p, np.random.default_rng(s)) for p, s in people]
        kept, moved = (_share(flags) for flags in zip(*rechecked, strict=True))
        yield Claim(f"re-check, {name}: a rate 1.25/min off is told as moved", "", moved, draws, None)
        yield Claim(f"re-check, {name}: the right rate is kept", "", kept, draws, None)


Assess = Callable[[Person, np.random.Generator], Assessment]


def _found(person: Person, seed: np.random.SeedSequence, assess: Assess) -> Found:
    return Found(person.peak_bpm, person.lag_s, assess(person, np.random.default_rng(seed)))


def _claims(name: str, found: list[Found], within_bpm: float) -> Iterator[Claim]:
    near, holds = (
        float(np.mean(flags)) for flags in ([f.off_bpm <= within_bpm for f in found], [f.holds for f in found])
    )
    count = len(found)
    yield Claim(f"{name}: within {within_bpm}/min", "90% or more", f"{near:.0%}", count, near >= 0.9)
    yield Claim(f"{name}: the stated range holds the truth", "90% or more", f"{holds:.0%}", count, holds >= 0.9)
    results = [each.assessment.resonance for each in found]
    width = float(np.median([r.high_bpm - r.low_bpm for r in results if r is not None]))
    yield Claim(f"{name}: width of the range, median, breaths/min", "", round(width, 2), count, None)
    late = float(
        np.median([abs(r.lag_s - each.lag_s) for each, r in zip(found, results, strict=True) if r is not None])
    )
    yield Claim(f"{name}: error of the following lag, median, s", "", round(late, 2), count, None)
    minutes = [each.assessment.minutes for each in found]
    limit = 12.0 if name.startswith("adaptive") else None
    met = None if limit is None else max(minutes) <= limit
    target = "" if limit is None else "12 or less, every one"
    said = f"{np.median(minutes):.1f}, longest {max(minutes):.1f}"
    yield Claim(f"{name}: minutes of paced breathing, median", target, said, count, met)
    published = [abs(f.assessment.published_bpm - f.truth_bpm) <= 0.5 for f in found if f.assessment.published_bpm]
    if published:
        share = float(np.mean(published))
        yield Claim(f"{name}: published selection within 0.5/min", "", f"{share:.0%}", len(published), None)
    trials = [trial for each in found for trial in each.assessment.trials]
    if trials:
        invalid = sum(1 for trial in trials if trial.invalid is not None) / len(trials)
        yield Claim(f"{name}: valid trials called invalid", "", f"{invalid:.1%}", len(trials), None)


def stepped(person: Person, draw: np.random.Generator) -> Assessment:
    """Five rates of three minutes, and one more when the best lies at an end."""
    heart = Heart(person, draw, 7 * STEPPED_S)
    first = _in_turn(heart, STEPPED_BPM, STEPPED_S)
    if first.try_also_bpm is None:
        return first
    return _in_turn(heart, (*STEPPED_BPM, first.try_also_bpm), STEPPED_S)


def sliding(person: Person, draw: np.random.Generator) -> Assessment:
    """78 breaths, each slower than the last."""
    plan = sliding_plan()
    end_s = plan.stretches[-1].start_s
    return assess_sliding(Heart(person, draw, end_s + 5).follow(plan, end_s), plan, 0.0, end_s)


def adaptive(person: Person, draw: np.random.Generator) -> Assessment:
    """The search, deciding from the beats that are there in time."""
    heart, search = Heart(person, draw, 740.0), ResonanceSearch()
    while not search.over:
        search.go_on(heart.follow(search.plan, search.decides_s))
    return assess_search(heart.follow(search.plan, 60.0 * search.minutes), search, 0.0)


def recheck(person: Person, draw: np.random.Generator) -> tuple[bool, bool]:
    """Whether a re-check keeps the right rate, and whether it tells one that is 1.25 off as moved."""
    right = person.peak_bpm
    wrong = right + (1.25 if right < 5.5 else -1.25)
    first, second = (_rechecked(Heart(person, draw, 700.0), rate) for rate in (right, wrong))
    return first.keeps(right) is True, second.keeps(wrong) is False


def _rechecked(heart: Heart, rate: float) -> Assessment:
    first = _in_turn(heart, recheck_rates(rate), RECHECK_S, "recheck")
    if first.try_also_bpm is None:
        return first
    return _in_turn(heart, (*recheck_rates(rate), first.try_also_bpm), RECHECK_S, "recheck")


def _in_turn(heart: Heart, rates: tuple[float, ...], seconds: float, method: Method = "stepped") -> Assessment:
    start_s, stretches, trials = 0.0, [], []
    for rate in rates:
        breaths = round(seconds * rate / 60)
        stretches.append((start_s, 60.0 / rate, breaths))
        start_s += breaths * 60.0 / rate
    last = Stretch(stretches[-1][0], stretches[-1][1], None)
    plan = PacerPlan(BreathPattern(), (*(Stretch(*each) for each in stretches[:-1]), last))
    for rate, (begin, period, breaths) in zip(rates, stretches, strict=True):
        trials.append(PacedTrial(rate, begin, begin + period * breaths, plan, 0.0))
    return assess_stepped(heart.follow(plan, start_s), trials, method=method)


def _share(flags: Sequence[bool]) -> str:
    return f"{np.mean(flags):.0%}"
