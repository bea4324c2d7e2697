"""Hearts with known truth: RR series in ms, faults put into them, and the items that a source would make of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from acquisition.beats import Beat, Gap, Item
from benchmarks.accuracy.hearts import Faulty
from processing.pipeline import LivePipeline, Update
from processing.values import Judgement, Verdict

Floats = NDArray[np.float64]
STREAM = "heart-1"


def paced(
    beats: int, *, swing_ms: float = 150.0, per_minute: float = 6.0, mean_ms: float = 800.0, seed: int = 0
) -> Floats:
    """Breathing at a steady rate: a sine of ``swing_ms`` to either side, and nothing else."""
    phase = np.random.default_rng(seed).uniform(0, 2 * np.pi)
    time_s, series = 0.0, []
    for _ in range(beats):
        series.append(mean_ms + swing_ms * np.sin(2 * np.pi * per_minute / 60 * time_s + phase))
        time_s += series[-1] / 1000
    return np.array(series)


def resting(beats: int, *, mean_ms: float = 900.0, seed: int = 0) -> Floats:
    """Breath at 15 a minute, slow waves at 0.1 Hz, slow drift and a little jitter."""
    draw = np.random.default_rng(seed)
    breath, slow = draw.uniform(0, 2 * np.pi, 2)
    time_s, drift, series = 0.0, 0.0, []
    for _ in range(beats):
        drift = 0.97 * drift + draw.normal(0, 6)
        waves = 35 * np.sin(2 * np.pi * 0.25 * time_s + breath) + 25 * np.sin(2 * np.pi * 0.1 * time_s + slow)
        series.append(mean_ms + waves + drift + draw.normal(0, 8))
        time_s += series[-1] / 1000
    return np.array(series)


def with_faults(rr_ms: Floats, kind: Verdict, count: int = 6, seed: int = 0) -> Faulty:
    """Put ``count`` faults, at least six beats apart, into a series: missed, extra (split 35 to 65 %) or 30 % early."""
    draw = np.random.default_rng(seed)
    places: set[int] = set()
    while len(places) < count:
        place = int(draw.integers(5, rr_ms.size - 8))
        if all(abs(place - other) > 5 for other in places):
            places.add(place)
    series: list[float] = []
    faults: list[tuple[int, ...]] = []
    values = iter(enumerate(rr_ms.tolist()))
    for place, value in values:
        here = len(series)
        if place not in places:
            series.append(value)
        elif kind is Verdict.MISSED:
            series.append(value + next(values)[1])
            faults.append((here,))
        elif kind is Verdict.EXTRA:
            part = draw.uniform(0.35, 0.65)
            series += [value * part, value * (1 - part)]
            faults.append((here, here + 1))
        else:
            series += [value * 0.7, next(values)[1] + value * 0.3]
            faults.append((here, here + 1))
    return Faulty(np.array(series), tuple(faults))


def with_ectopy(rr_ms: Floats, percent: float, seed: int = 0) -> Faulty:
    """Make ``percent`` of the beats 30 % early, none next to another."""
    draw = np.random.default_rng(seed)
    series, chosen = rr_ms.copy(), set[int]()
    for place in draw.permutation(np.arange(2, rr_ms.size - 2)).tolist():
        if len(chosen) >= percent / 100 * rr_ms.size:
            break
        if not chosen & {place - 1, place, place + 1}:
            chosen.add(place)
    for place in chosen:
        early = 0.3 * rr_ms[place]
        series[place] -= early
        series[place + 1] += early
    return Faulty(series, tuple((place, place + 1) for place in sorted(chosen)))


def items(rr_ms: Sequence[float] | Floats, *, gaps_before: dict[int, float] | None = None) -> list[Item]:
    """Beats one after another; ``gaps_before`` gives seconds lost before the beat with that number."""
    time_s, made = 0.0, list[Item]()
    for seq, value in enumerate(rr_ms):
        lost_s = (gaps_before or {}).get(seq)
        if lost_s is not None:
            made.append(Gap(STREAM, time_s, time_s + lost_s, "link lost"))
            time_s += lost_s
        time_s += float(value) / 1000
        made.append(Beat(STREAM, seq, time_s, float(value)))
    return made


def live(stream: Iterable[Item]) -> tuple[list[Update], LivePipeline]:
    """Everything that the live pipeline says of items, to the end."""
    pipeline = LivePipeline()
    updates = [update for item in stream for update in pipeline.feed(item)]
    return [*updates, *pipeline.finish()], pipeline


def normal_judgements(rr_ms: Sequence[float] | Floats) -> tuple[Judgement, ...]:
    """All intervals held to be normal."""
    ends = np.cumsum(rr_ms) / 1000
    pairs = zip(ends.tolist(), np.asarray(rr_ms).tolist(), strict=True)
    return tuple(Judgement(seq, end, rr, Verdict.NORMAL, False) for seq, (end, rr) in enumerate(pairs))


def rmssd(rr_ms: Floats) -> float:
    """Of a series without faults."""
    return float(np.sqrt(np.mean(np.diff(rr_ms) ** 2)))
