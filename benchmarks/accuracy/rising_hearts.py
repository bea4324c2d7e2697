"""Sittings in which the heart truly rises, nearly rises, or only laughs, coughs, speaks and drifts; for one proof.

Not the project's simulated heart: a sum of a rise, speech, short bouts, a breath, waves and filtered noise, integrated
until it beats, with what a strap does to it: early, missed and false beats, and holes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from acquisition.beats import Beat, Gap, Item, Tick
from benchmarks.accuracy import hearts

Floats = NDArray[np.float64]
Draw = np.random.Generator
Kind = Literal["rise", "between", "none"]

STEP_S = 1 / 8
"""Fine enough for a breath of 18 a minute; the sum is integrated by the trapezoid rule."""
REST_S, CONTROL_S, PART_S, APART_S = 180.0, 120.0, 300.0, 140.0
"""Lengths of baseline, matched control, a part in which an offer may come, and the time between two of them."""
PARTS = 3
KINDS: tuple[Kind, ...] = ("rise", "between", "none", "none")
"""Each part draws one: half of them hold no rise at all."""
LIFT_BPM: dict[Kind, tuple[float, float]] = {"rise": (24.0, 45.0), "between": (14.0, 24.0), "none": (0.0, 14.0)}
"""Beats/min over the matched reference. The line lies at 20: a rise is clearly over it, an ordinary change clearly
under it, and what lies between is told for information, since drift alone decides there."""
LEAST_HELD_S = 75.0
"""A drawn rise lasts at least so long: 45 s to be sustained, 10 s for the window of heart rate, and its onset."""
BOUT_BPM, BOUT_S = (20.0, 40.0), (8.0, 30.0)
"""A laugh, a cough, a stretch: as high as a rise, and over before it counts."""
BOUTS_APART_S = 45.0
ONSET_BPM, ONSET_S = (10.0, 30.0), 12.0
"""The first words: so high, falling with this time constant."""
SPEECH_BPM = (4.0, 14.0)
"""What speaking lifts for as long as it lasts, in control and part alike."""


@dataclass(frozen=True, slots=True)
class Part:
    """One stretch in which an offer may come."""

    kind: Kind
    from_s: float
    to_s: float
    lift_bpm: float
    rises_s: float
    """When the lift begins."""
    falls_s: float
    onset_s: float | None
    """When the person begins to speak within it, or None."""


@dataclass(frozen=True, slots=True)
class RisingHeart:
    """One sitting: its parts and what a strap sends of it."""

    spoken: bool
    parts: tuple[Part, ...]
    items: tuple[Item, ...]
    seconds: float


def sitting(draw: Draw) -> RisingHeart:
    """One person's sitting: rest, a control matched in speech, and three parts."""
    spoken = bool(draw.random() < 0.5)
    starts = [REST_S + CONTROL_S + i * (PART_S + APART_S) for i in range(PARTS)]
    parts = tuple(_part(draw, at, spoken) for at in starts)
    seconds = starts[-1] + PART_S
    time_s = np.arange(0.0, seconds + 1.0, STEP_S)
    rate = draw.uniform(52, 90) + _own(draw, time_s) + sum((_lift(part, time_s) for part in parts), np.zeros(1))
    rate += _bouts(draw, parts, time_s)
    if spoken:
        rate += _speech(draw, parts, time_s)
    beats = np.concatenate(([0.0], np.cumsum((rate[1:] + rate[:-1]) / 120 * STEP_S)))
    ends = np.interp(np.arange(1, int(beats[-1])), beats, time_s)
    rr = 1000 * np.diff(ends) + draw.normal(0, 5, ends.size - 1)
    return RisingHeart(spoken, parts, tuple(_sent(draw, rr, float(ends[0]), seconds)), seconds)


def _part(draw: Draw, from_s: float, spoken: bool) -> Part:
    kind = KINDS[int(draw.integers(len(KINDS)))]
    rises_s = from_s + draw.uniform(0, PART_S - 45.0 - LEAST_HELD_S)
    earliest_s = max(rises_s, from_s + 45.0) + LEAST_HELD_S
    onset_s = from_s + draw.uniform(5, 60) if spoken and draw.random() < 0.5 else None
    if onset_s is not None:  # the first 45 s of speech do not count either
        earliest_s = max(earliest_s, onset_s + 45.0 + LEAST_HELD_S)
    falls_s = draw.uniform(min(earliest_s, from_s + PART_S), from_s + PART_S)
    return Part(kind, from_s, from_s + PART_S, draw.uniform(*LIFT_BPM[kind]), rises_s, falls_s, onset_s)


def _lift(part: Part, time_s: Floats) -> Floats:
    """Up with a time constant of 8 s, down by half every 40 s."""
    up = -np.expm1(-np.clip(time_s - part.rises_s, 0, None) / 8)
    down = 0.5 ** (np.clip(time_s - part.falls_s, 0, None) / 40)
    return np.asarray(part.lift_bpm * up * down, dtype=np.float64)


def _bouts(draw: Draw, parts: tuple[Part, ...], time_s: Floats) -> Floats:
    """Up to three in each part without a rise, and far enough apart not to be one."""
    lifted = np.zeros(time_s.size)
    for part in parts:
        at_s = part.from_s + draw.uniform(20, 80)
        while part.kind == "none" and at_s < part.to_s:
            length_s = draw.uniform(*BOUT_S)
            lifted += draw.uniform(*BOUT_BPM) * ((time_s >= at_s) & (time_s < at_s + length_s))
            at_s += length_s + BOUTS_APART_S + draw.exponential(60)
    return lifted


def _speech(draw: Draw, parts: tuple[Part, ...], time_s: Floats) -> Floats:
    level = draw.uniform(*SPEECH_BPM)
    spans = [(REST_S, REST_S + CONTROL_S), *((p.from_s if p.onset_s is None else p.onset_s, p.to_s) for p in parts)]
    lifted = np.zeros(time_s.size)
    for from_s, to_s in spans:
        onset = draw.uniform(*ONSET_BPM) * np.exp(-np.clip(time_s - from_s, 0, None) / ONSET_S)
        lifted += (level + onset) * ((time_s >= from_s) & (time_s < to_s))
    return lifted


def _own(draw: Draw, time_s: Floats) -> Floats:
    """Breath, waves of blood pressure and slow drift of one person, beats/min."""
    wander = 1 + 0.08 * np.tanh(np.cumsum(draw.normal(size=time_s.size)) * 0.02)
    breath = draw.uniform(1, 6) * np.sin(2 * np.pi * np.cumsum(wander) * STEP_S * draw.uniform(10, 18) / 60)
    hz = np.fft.rfftfreq(time_s.size, STEP_S)
    noise = draw.normal(size=hz.size) + 1j * draw.normal(size=hz.size)
    slow = np.fft.irfft(noise * (hz > 0) / np.sqrt(np.maximum(hz, 0.002)) * (hz < 0.06), time_s.size)
    waves = np.fft.irfft(noise * np.exp(-0.5 * ((hz - 0.1) / 0.012) ** 2), time_s.size)
    scaled = draw.uniform(0.8, 2.2) * slow / slow.std() + draw.uniform(0.5, 2.0) * waves / waves.std()
    return np.asarray(breath + scaled, dtype=np.float64)


def _sent(draw: Draw, rr_ms: Floats, start_s: float, seconds: float) -> Iterator[Item]:
    """What arrives: faults in the intervals, up to two holes, a tick each second."""
    rr_ms = hearts.frequent_ectopy(draw, rr_ms, draw.choice([0.0, 0.0, 0.5, 1.0, 2.0])).rr_ms
    rr_ms = hearts.missed(draw, rr_ms, int(draw.integers(0, 6))).rr_ms
    rr_ms = hearts.extra(draw, rr_ms, int(draw.integers(0, 6))).rr_ms
    holes = [(at, at + draw.uniform(4, 25)) for at in draw.uniform(REST_S, seconds, int(draw.integers(0, 3)))]
    last_s, next_tick, lost = start_s, 1.0, False
    for seq, (end_s, rr) in enumerate(zip(start_s + np.cumsum(rr_ms) / 1000, rr_ms, strict=True)):
        while next_tick < end_s:
            yield Tick("heart", next_tick)
            next_tick += 1.0
        if any(from_s < end_s < to_s for from_s, to_s in holes):
            lost = True
            continue
        if lost:
            yield Gap("heart", last_s, float(end_s - rr / 1000), "out of reach")
        lost, last_s = False, float(end_s)
        yield Beat("heart", seq, last_s, float(rr))
