"""Interval series with known truth: simulated hearts, real stretches, and faults put into either.

The generators share nothing with the product's own simulated heart or with its tests.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from acquisition.beats import Beat, Item
from acquisition.formats import read

Floats = NDArray[np.float64]
Draw = np.random.Generator

REST_FILE, EXERCISE_FILE = "rest_supine_rri.txt", "exercise_rri.hrm"
STRETCH_BEATS = 300
LEAST_APART = 6
"""Intervals from one fault to the next."""
EARLY = 0.30
"""Share of an interval by which a premature beat comes too soon; the pause after it is as much longer."""


@dataclass(frozen=True)
class Faulty:
    """A series with faults, and the places of the intervals that each of them touches."""

    rr_ms: Floats
    faults: tuple[tuple[int, ...], ...]

    @property
    def touched(self) -> set[int]:
        """Every interval that a fault touches."""
        return {place for fault in self.faults for place in fault}


def simulated_rest(draw: Draw, beats: int = STRETCH_BEATS) -> Floats:
    """Breath at 11 to 17 a minute with a rate that wanders, 0.1 Hz waves, slow drift, 8 ms of jitter."""
    per_min, mean_ms = draw.uniform(11, 17), draw.uniform(750, 1050)
    return _breathing(draw, beats, mean_ms, per_min, depth_ms=draw.uniform(20, 45), waves_ms=25, jitter_ms=8)


def paced(draw: Draw, beats: int = STRETCH_BEATS, *, depth_ms: float = 150, jitter_ms: float = 8) -> Floats:
    """Six breaths a minute, ``depth_ms`` to either side of 800 ms, with drift and jitter."""
    return _breathing(draw, beats, 800, 6, depth_ms, waves_ms=0, jitter_ms=jitter_ms, wander=0.01, drift_ms=4)


def respiratory(draw: Draw, beats: int = STRETCH_BEATS, *, rmssd_ms: float = 100) -> Floats:
    """A young heart at rest: the breath alone moves it so much that RMSSD is about ``rmssd_ms``."""
    per_min, mean_ms = draw.uniform(9, 16), draw.uniform(850, 1050)
    turn = np.pi * per_min / 60 * mean_ms / 1000
    depth = rmssd_ms / (np.sqrt(2) * np.sin(turn))
    return _breathing(draw, beats, mean_ms, per_min, depth, waves_ms=25, jitter_ms=10)


def first_deep_breaths(draw: Draw, *, depth_ms: float = 150) -> Floats:
    """Two minutes of quiet rest, then at once deep breaths at six a minute."""
    quiet = _breathing(draw, 150, 800, 14, depth_ms=draw.uniform(4, 25), waves_ms=8, jitter_ms=draw.uniform(2, 8))
    jitter_ms = draw.uniform(2, 8)
    deep = _breathing(draw, 150, 800, 6, depth_ms, 0, jitter_ms, wander=0.01, drift_ms=3, phase=draw.choice([0, np.pi]))
    return np.concatenate((quiet, deep))


def fibrillating(draw: Draw, beats: int = STRETCH_BEATS) -> Floats:
    """Intervals without order: log-normal, CV 0.12 to 0.25, mean 500 to 900 ms, 250 ms at the least."""
    variation, mean_ms = draw.uniform(0.12, 0.25), draw.uniform(500, 900)
    scale = np.sqrt(np.log1p(variation**2))
    return np.maximum(250.0, mean_ms * draw.lognormal(-(scale**2) / 2, scale, beats))


def _breathing(
    draw: Draw,
    beats: int,
    mean_ms: float,
    per_min: float,
    depth_ms: float,
    waves_ms: float,
    jitter_ms: float,
    *,
    wander: float = 0.08,
    drift_ms: float = 6,
    phase: float | None = None,
) -> Floats:
    breath = draw.uniform(0, 2 * np.pi) if phase is None else phase
    slow, drift, series = draw.uniform(0, 2 * np.pi), 0.0, []
    pace = 1.0
    for _ in range(beats):
        drift = 0.97 * drift + draw.normal(0, drift_ms)
        pace = 1 + 0.8 * (pace - 1) + draw.normal(0, wander)
        wave = depth_ms * np.sin(breath) + waves_ms * np.sin(slow)
        series.append(max(350.0, mean_ms + wave + drift + draw.normal(0, jitter_ms)))
        breath += 2 * np.pi * per_min / 60 * max(0.3, pace) * series[-1] / 1000
        slow += 2 * np.pi * 0.1 * series[-1] / 1000
    return np.array(series)


def missed(draw: Draw, rr_ms: Floats, count: int = 6) -> Faulty:
    """Two intervals become one."""
    return _with(rr_ms, _places(draw, rr_ms.size, count), lambda one, two: [one + two])


def extra(draw: Draw, rr_ms: Floats, count: int = 6) -> Faulty:
    """One interval is split, 35 to 65 %."""

    def split(one: float, two: float) -> list[float]:
        part = draw.uniform(0.35, 0.65)
        return [one * part, one * (1 - part), two]

    return _with(rr_ms, _places(draw, rr_ms.size, count), split)


def premature(draw: Draw, rr_ms: Floats, count: int = 6) -> Faulty:
    """A beat comes 30 % early; the next comes when it would have come."""
    return _with(rr_ms, _places(draw, rr_ms.size, count), _early)


def frequent_ectopy(draw: Draw, rr_ms: Floats, percent: float) -> Faulty:
    """``percent`` of the beats 30 % early, none next to another."""
    chosen = np.zeros(rr_ms.size, dtype=bool)
    for place in draw.permutation(np.arange(2, rr_ms.size - 3)).tolist():
        if chosen.sum() >= percent / 100 * rr_ms.size:
            break
        chosen[place] = not chosen[place - 1 : place + 2].any()
    return _with(rr_ms, set(np.flatnonzero(chosen).tolist()), _early)


def _early(one: float, two: float) -> list[float]:
    return [one * (1 - EARLY), two + one * EARLY]


def _places(draw: Draw, size: int, count: int) -> set[int]:
    places: set[int] = set()
    while len(places) < count:
        place = int(draw.integers(5, size - 8))
        if all(abs(place - other) >= LEAST_APART for other in places):
            places.add(place)
    return places


def _with(rr_ms: Floats, places: set[int], change: Callable[[float, float], list[float]]) -> Faulty:
    """``change`` takes a chosen interval and the next; all but a last one that it leaves whole are touched."""
    series: list[float] = []
    faults: list[tuple[int, ...]] = []
    values = rr_ms.tolist()
    place = 0
    while place < len(values):
        if place not in places:
            series.append(values[place])
            place += 1
            continue
        changed = change(values[place], values[place + 1])
        touched = len(changed) - (changed[-1] == values[place + 1])
        faults.append(tuple(range(len(series), len(series) + touched)))
        series += changed
        place += 2
    return Faulty(np.array(series), tuple(faults))


def items(rr_ms: Sequence[float] | Floats) -> list[Item]:
    """Beats one after another, on the clock of their own sum."""
    ends = np.cumsum(np.asarray(rr_ms, dtype=float)) / 1000
    return [Beat("heart", seq, float(end), float(rr)) for seq, (end, rr) in enumerate(zip(ends, rr_ms, strict=True))]


def rmssd(rr_ms: Floats) -> float:
    """Of a series without faults, ms."""
    return float(np.sqrt(np.mean(np.diff(rr_ms) ** 2)))


def recorded(folder: Path, name: str) -> Floats:
    """All intervals of a real recording, ms."""
    return np.array([item.rr_ms for item in read(folder / name).items if isinstance(item, Beat)])


def rest_stretches(folder: Path) -> list[Floats]:
    """Three stretches of real rest, 300 beats each."""
    rr = recorded(folder, REST_FILE)
    return [rr[start : start + STRETCH_BEATS] for start in range(0, 3 * STRETCH_BEATS, STRETCH_BEATS)]
