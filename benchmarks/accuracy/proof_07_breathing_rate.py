"""Breathing rate from RR alone: right where it is shown.

The hearts are made for this proof: intervals with a breath of two unequal halves whose rate wanders from breath to
breath, respiratory arrhythmia that is flat up to 7.2/min and falls as 1 over the rate above it (Hirsch and Bishop
1981), 0.1 Hz waves that are always there, drift, and jitter of each beat. The estimator knows none of this.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.signal import lfilter

from benchmarks.accuracy.claims import Claim, Setting
from processing.breathing import Breathing, breathing_between
from processing.values import Judgement, Verdict
from processing.windows import Series

Floats = NDArray[np.float64]
RATES = tuple(range(4, 21))
WITHIN_BPM = 1.0
LEAST_RIGHT = 0.90
CORNER_BPM = 7.2
"""Above it respiratory arrhythmia falls."""
WAVES_MS = 20.0
STEP_S = 1.0 / 16
SETTLING_S = 30.0
MINUTE_S, PHASE_S = 60.0, 300.0


@dataclass(frozen=True)
class Sort:
    """A sort of heart: what of it differs from the common one."""

    name: str
    asked: bool = True
    """Whether the target holds for it; else it is reported."""
    regular_waves: bool = False
    """The 0.1 Hz waves are a sine, else they wander in size and phase."""
    waves_ms: float = WAVES_MS
    depth_ms: tuple[float, float] = (30.0, 80.0)
    """Amplitude of slow breathing."""


COMMON = Sort("0.1 Hz waves of 20 ms that wander")
SORTS = (
    COMMON,
    Sort("0.1 Hz waves that are a sine of 20 ms", regular_waves=True),
    Sort("0.1 Hz waves of 40 ms", asked=False, waves_ms=40.0),
    Sort("small arrhythmia, 20 ms in slow breathing", asked=False, depth_ms=(20.0, 20.0)),
)


def claims(setting: Setting) -> Iterator[Claim]:
    """For each sort of heart, by rate: how many are shown, and how many of those are right."""
    draws = 1 if setting.short else 60
    for number, sort in enumerate(SORTS):
        draw = np.random.default_rng([setting.seed, 7, number])
        yield from _table(f"a minute, {sort.name}", sort, draws, draw, MINUTE_S)
    draw = np.random.default_rng([setting.seed, 7, len(SORTS)])
    yield from _table("five minutes", COMMON, max(1, draws // 4), draw, PHASE_S)


def _table(name: str, sort: Sort, draws: int, draw: np.random.Generator, length_s: float) -> Iterator[Claim]:
    by_rate = {rate: [reading(sort, rate, draw, length_s) for _ in range(draws)] for rate in RATES}
    shown = {rate: [(b.rate_bpm, truth) for b, truth in found if b.sure] for rate, found in by_rate.items()}
    right = {rate: [abs(said - truth) <= WITHIN_BPM for said, truth in found] for rate, found in shown.items()}
    worst = min((float(np.mean(found)), rate) for rate, found in right.items() if found)
    target = f"{LEAST_RIGHT:.0%} at each of {RATES[0]} to {RATES[-1]}/min" if sort.asked else ""
    count = sum(len(found) for found in shown.values())
    met = worst[0] >= LEAST_RIGHT if sort.asked else None
    yield Claim(
        f"{name}: shown rates within 1/min, worst rate", target, f"{worst[0]:.0%} at {worst[1]}/min", count, met
    )
    all_right = sum(sum(found) for found in right.values()) / max(count, 1)
    yield Claim(f"{name}: shown rates within 1/min, all rates", "", f"{all_right:.1%}", count, None)
    shares = ", ".join(f"{rate}: {len(found) / draws:.0%}" for rate, found in shown.items())
    yield Claim(f"{name}: share shown, by rate", "", shares, draws * len(RATES), None)


def reading(sort: Sort, rate_bpm: float, draw: np.random.Generator, length_s: float) -> tuple[Breathing, float]:
    """What is read from a heart's last minute (or more), and the breaths a minute that there truly were."""
    rr_ms, breaths = intervals(sort, rate_bpm, draw, length_s)
    ends = np.cumsum(rr_ms) / 1000
    judged = [
        Judgement(seq, end, rr, Verdict.NORMAL, False)
        for seq, (end, rr) in enumerate(zip(ends.tolist(), rr_ms.tolist(), strict=True))
    ]
    end_s = float(ends[-1])
    found, _ = breathing_between(Series.of(judged, ()), end_s - length_s, end_s)
    places = np.array([end_s - length_s, end_s]) / STEP_S
    first, last = np.interp(places, np.arange(breaths.size), breaths)
    return found, 60.0 * float(last - first) / length_s


def intervals(sort: Sort, rate_bpm: float, draw: np.random.Generator, length_s: float) -> tuple[Floats, Floats]:
    """RR in ms, in whole 1/1024 s, and the breaths so far at each sixteenth of a second."""
    steps = round((length_s + SETTLING_S) / STEP_S)
    rates = rate_bpm * (1 + 0.05 * draw.standard_normal(int(2 * rate_bpm * (length_s + SETTLING_S) / 60) + 4))
    turns = np.concatenate(([0.0], np.cumsum(60.0 / np.clip(rates, 0.5 * rate_bpm, 2 * rate_bpm))))
    time_s = np.arange(steps, dtype=np.float64) * STEP_S
    breaths = np.interp(time_s + draw.uniform(0, turns[1]), turns, np.arange(turns.size))
    depth = draw.uniform(*sort.depth_ms) / max(1.0, rate_bpm / CORNER_BPM)
    curve: Floats = draw.uniform(700, 1050) + depth * _breath(breaths % 1.0, draw.uniform(0.35, 0.5))
    curve += _waves(sort, time_s, draw) + _drift(steps, draw.uniform(10, 30), draw)
    jitter = draw.uniform(3, 10)
    now, series = 0.0, []
    while now < length_s + SETTLING_S / 2:
        value = round((curve[int(now / STEP_S)] + jitter * draw.standard_normal()) * 1.024) / 1.024
        series.append(value)
        now += value / 1000
    return np.array(series), breaths


def _breath(share: Floats, inhale: float) -> Floats:
    """Shorter while breathing in, longer while breathing out, each half a half-turn of a cosine."""
    turn: Floats = np.where(share < inhale, share / inhale, 1 + (share - inhale) / (1 - inhale))
    return np.cos(np.pi * turn)


def _waves(sort: Sort, time_s: Floats, draw: np.random.Generator) -> Floats:
    if sort.regular_waves:
        return np.asarray(sort.waves_ms * np.cos(2 * np.pi * 0.1 * time_s + draw.uniform(0, 2 * np.pi)))
    about_hz = draw.uniform(0.085, 0.115)
    slow = _wandering(time_s.size, 20.0, draw) + 1j * _wandering(time_s.size, 20.0, draw)
    return np.asarray(sort.waves_ms / np.sqrt(2) * (slow * np.exp(2j * np.pi * about_hz * time_s)).real)


def _drift(steps: int, size_ms: float, draw: np.random.Generator) -> Floats:
    """Equal noises of three time constants: about 1/f."""
    return np.asarray(size_ms / np.sqrt(3) * sum(_wandering(steps, tau_s, draw) for tau_s in (10.0, 40.0, 160.0)))


def _wandering(steps: int, tau_s: float, draw: np.random.Generator) -> Floats:
    """Noise of SD 1 that keeps itself for about ``tau_s``."""
    keep = np.exp(-STEP_S / tau_s)
    start = draw.standard_normal()
    noise, _ = lfilter([np.sqrt(1 - keep**2)], [1, -keep], draw.standard_normal(steps), zi=[keep * start])
    return np.asarray(noise)
