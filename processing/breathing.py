"""Breaths a minute from the heart's rhythm alone, with a confidence; hidden when the rhythm does not say.

The strongest slow wave is often that of blood pressure near 0.1 Hz and not the breath, so a wave is held to be the
breath for what stands beside it. Above the slow waves (8.4/min and up) there is nothing regular but the breath and the
harmonics of a slower one: a wave there that stands out is taken, even under a larger slow one. A slow wave is taken
only when no such wave is seen although it would be, when it is the only slow one, and, near 0.1 Hz, when it is larger
than pressure waves commonly are.

Sources: respiratory sinus arrhythmia falls with rate above about 7/min (Hirsch and Bishop 1981); rates from it are
good over a minute or more, in young people better than in old ones (Schäfer and Kratky 2008, doi
10.1007/s10439-007-9428-1); of the ways to read a rate, that of the spectrum's peak (Charlton 2018, doi
10.1109/RBME.2017.2763681); pressure waves lie near 0.1 Hz (Julien 2006, doi 10.1016/j.cardiores.2005.11.008). The
limits below are this project's own; ``python -m benchmarks.accuracy --only 7`` says what they are worth.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from processing.indices import MS_PER_MIN
from processing.spectrum import GRID_HZ, MIN_POINTS, hann, tachogram_4hz
from processing.thresholds import SPECS
from processing.values import IndexValue
from processing.windows import Series, WindowFacts, withheld

Floats = NDArray[np.float64]

WINDOW_S = 60.0
STEP_S = 10.0
"""A longer stretch is read in windows of a minute, so far apart."""
EVERY_S = 5.0
"""How often the live reading is made anew; in a minute's window little changes faster."""
SHOWN_FROM = 0.5
"""Confidence from which a rate is shown."""
SLOWEST_BPM, FASTEST_BPM = 3.4, 24.5
"""Rates that are looked for."""
BEATS_PER_BREATH = 2.2
"""A wave of fewer beats cannot be told from a slower one."""
SLOW_BPM = 8.4
"""Up to here waves of other origin are common."""
SHOULDER_BPM = 10.2
"""Up to here a broad slow wave may have a shoulder, which must reach SHOULDER of it to be a wave of its own."""
SHOULDER = 0.6
PRESSURE_BPM = (4.9, 7.4)
"""Waves of blood pressure: 0.08 to 0.12 Hz."""
PRESSURE_MS = 32.0
"""Amplitude in this band from which a wave may be the breath: one and a half times a common pressure wave of 20 ms."""
SLOW_MS = 20.0
"""Amplitude beside that band from which a slow wave may be the breath: slow drift makes smaller ones."""
OVER_FLOOR = 3.5
"""Fast wave over the median of its band: chance reaches it in about one minute of a hundred (Rayleigh, 20 bins)."""
SEEN = 4.0
"""A fast wave so far over the floor is surely one, and a slow wave must outdo it by OVER_SEEN."""
FAST_OVER_SLOW = 0.35
"""Share of the largest slow wave that a fast one needs; a slow breath's own overtones and breaks are smaller."""
SLOW_OVER_FAST = 4.5
"""A slow breath this much larger than what is seen of a fast one leaves no room for it."""
OVER_SEEN = 7.0
ALONE = 1.6
"""A wave must be so much larger than the next of its kind."""
APART_BPM = 1.1
"""Nearer peaks are one wave at this resolution (one cycle a minute, Hann)."""
HARMONICS = ((2, 0.40), (3, 0.25), (4, 0.20), (5, 0.15))
"""Overtones of a breath, and the share of it that each reaches at most."""
HARMONIC_WITHIN_BPM = 0.8
"""How far from an even part of it the slower wave may lie, times the root of the part."""

_PADDED = 2048
_BIN_BPM = 60.0 * GRID_HZ / _PADDED
_TOP = math.ceil(25.0 / _BIN_BPM) + 2
_FLOOR = slice(math.ceil(9.0 / _BIN_BPM), math.floor(24.0 / _BIN_BPM))
_MIDDLE = (_FLOOR.stop - _FLOOR.start) // 2
_OVERTONES = tuple((part, share, HARMONIC_WITHIN_BPM / math.sqrt(part)) for part, share in HARMONICS)


class RunningBreath:
    """The live reading: the last minute, read anew when five seconds of beats have come since."""

    def __init__(self) -> None:
        self._found, self._read_s = UNKNOWN, -math.inf

    def numbers(self, minute: WindowFacts, samples: Callable[[], Floats | None]) -> dict[str, IndexValue]:
        """Rate and confidence as last read; ``samples`` gives the minute's corrected RR at 4 Hz."""
        refusal = withheld(SPECS["breathing_confidence"], minute, short="warming_up")
        if minute.hole is not None or refusal is not None:
            self._found, self._read_s = UNKNOWN, -math.inf
        elif minute.end_s - self._read_s >= EVERY_S:
            drawn = samples()
            self._found, self._read_s = UNKNOWN if drawn is None else breathing_of(drawn), minute.end_s
        return indices_of(self._found, minute, refusal)


class Wave(NamedTuple):
    """A peak of the spectrum."""

    rate_bpm: float
    height_ms: float
    """Amplitude of a sine that would make it."""


NO_WAVE = Wave(math.nan, 1e-9)
"""Stands for none; its height is rounding."""


@dataclass(frozen=True, slots=True)
class Breathing:
    """A breathing rate and how sure it is."""

    rate_bpm: float
    """Best guess, NaN when no wave is seen at all; to be shown only when ``sure``."""
    confidence: float
    """0 to 1: how far the least certain of the conditions is met, 0.5 just so."""

    @property
    def sure(self) -> bool:
        """Whether the rate may be shown."""
        return self.confidence >= SHOWN_FROM


UNKNOWN = Breathing(math.nan, 0.0)


def breathing_of(samples_ms: Floats) -> Breathing:
    """The breath in one minute of corrected RR at 4 Hz, shape (n,)."""
    amplitude = _amplitudes(samples_ms)
    heart_bpm = MS_PER_MIN / (float(samples_ms.sum()) / samples_ms.size)
    waves = _waves(amplitude, min(FASTEST_BPM, heart_bpm / BEATS_PER_BREATH))
    slow = [wave for wave in waves if wave.rate_bpm < SLOW_BPM]
    first_slow = max(slow, key=_height, default=NO_WAVE)
    own = [wave for wave in waves if not _overtone(wave, waves)]
    fast = [wave for wave in own if _fast(wave, first_slow)]
    first_fast = max(fast, key=_height, default=NO_WAVE)
    floor = max(float(np.partition(amplitude[_FLOOR], _MIDDLE)[_MIDDLE]), NO_WAVE.height_ms)
    found = [UNKNOWN]
    if fast:
        shares = (
            first_fast.height_ms / floor / OVER_FLOOR,
            first_fast.height_ms / first_slow.height_ms / FAST_OVER_SLOW,
            _alone(first_fast, fast),
        )
        found.append(Breathing(first_fast.rate_bpm, _least(*shares)))
    if slow:
        over = OVER_SEEN if first_fast.height_ms > SEEN * floor else SLOW_OVER_FAST
        near_pressure = PRESSURE_BPM[0] < first_slow.rate_bpm < PRESSURE_BPM[1]
        shares = (
            first_slow.height_ms / max(first_fast.height_ms, floor) / over,
            first_slow.height_ms / (PRESSURE_MS if near_pressure else SLOW_MS),
            _alone(first_slow, (*slow, *(wave for wave in own if SLOW_BPM <= wave.rate_bpm < SHOULDER_BPM))),
        )
        found.append(Breathing(first_slow.rate_bpm, _least(*shares)))
    return max(found, key=lambda each: each.confidence)


def breathing_between(series: Series, start_s: float, end_s: float) -> tuple[Breathing, WindowFacts]:
    """The breath over (start_s, end_s], and what there is of that stretch.

    Of one minute it is that minute's; a longer stretch is read minute by minute, 10 s apart, back from its end: the
    middle of the rates that are sure, and the middle of all confidences. Minutes that may not be read count as unsure.
    """
    whole = series.window(start_s, end_s).facts
    count = int((end_s - start_s - WINDOW_S) / STEP_S + 1e-6) + 1
    ends = (end_s - number * STEP_S for number in range(count))
    read = [_minute(series, end) for end in ends]
    sure = [each.rate_bpm for each in read if each.sure]
    if not read:
        return UNKNOWN, whole
    confidence = float(np.median([each.confidence for each in read]))
    best = sure or [each.rate_bpm for each in read if math.isfinite(each.rate_bpm)]
    return Breathing(float(np.median(best)) if best else math.nan, confidence), whole


def breathing_indices(series: Series, start_s: float, end_s: float) -> dict[str, IndexValue]:
    """``breathing_rate_bpm`` and ``breathing_confidence`` of a stretch, each with its reason where withheld."""
    found, facts = breathing_between(series, start_s, end_s)
    return indices_of(found, facts, withheld(SPECS["breathing_confidence"], facts))


def indices_of(found: Breathing, facts: WindowFacts, refusal: str | None) -> dict[str, IndexValue]:
    """The two numbers of a breath that was read from a window; ``refusal``: why there may be none, or None."""
    unsure = refusal
    if refusal is None and not found.sure:
        unsure = f"{facts.hole or 'low_confidence'}: the heart's rhythm does not show one breath"
    return {
        "breathing_rate_bpm": _index("breathing_rate_bpm", found.rate_bpm, facts, unsure),
        "breathing_confidence": _index("breathing_confidence", found.confidence, facts, refusal),
    }


def _index(name: str, value: float, facts: WindowFacts, reason: str | None) -> IndexValue:
    kept = value if reason is None else None
    return IndexValue(name, kept, SPECS[name].unit, facts.length_s, facts.beats, facts.corrected_percent, reason)


def _minute(series: Series, end_s: float) -> Breathing:
    facts = series.window(end_s - WINDOW_S, end_s).facts
    if facts.hole is not None or withheld(SPECS["breathing_confidence"], facts) is not None:
        return UNKNOWN
    time_s, value = series.tachogram(facts.start_s, facts.end_s)
    if time_s.size < MIN_POINTS:
        return UNKNOWN
    return breathing_of(tachogram_4hz(time_s, value))


def _amplitudes(samples_ms: Floats) -> Floats:
    """Amplitude that a sine would need, ms, by bins of 60 x 4 / 2048 breaths a minute; line and mean taken off."""
    size = samples_ms.size
    place = np.arange(size) - (size - 1) / 2
    level = samples_ms - samples_ms.mean()
    level -= place * (float(place @ level) / float(place @ place))
    window = hann(size)
    found: Floats = np.abs(np.fft.rfft(level * window, _PADDED)[:_TOP]) * (2.0 / float(window.sum()))
    return found


def _waves(amplitude: Floats, fastest_bpm: float) -> list[Wave]:
    """Each peak of the spectrum, its rate by a parabola through the peak and its neighbours."""
    here = amplitude[1:-1]
    places = np.flatnonzero((here > amplitude[:-2]) & (here >= amplitude[2:])) + 1
    left, height, right = amplitude[places - 1], amplitude[places], amplitude[places + 1]
    rate = (places + 0.5 * (left - right) / (left - 2 * height + right)) * _BIN_BPM
    pairs = zip(rate.tolist(), height.tolist(), strict=True)
    return [Wave(*pair) for pair in pairs if SLOWEST_BPM < pair[0] < fastest_bpm]


def _height(wave: Wave) -> float:
    return wave.height_ms


def _overtone(wave: Wave, waves: Sequence[Wave]) -> bool:
    """Whether it may be an overtone of a larger slower wave."""
    return any(
        abs(slower.rate_bpm - wave.rate_bpm / part) < within and share * slower.height_ms >= wave.height_ms
        for part, share, within in _OVERTONES
        for slower in waves
    )


def _fast(wave: Wave, slow: Wave) -> bool:
    """Whether it is a wave of its own above the slow ones."""
    on_shoulder = wave.rate_bpm < SHOULDER_BPM and wave.height_ms < SHOULDER * slow.height_ms
    return wave.rate_bpm >= SLOW_BPM and not on_shoulder


def _alone(wave: Wave, rivals: Iterable[Wave]) -> float:
    """By how much it outdoes the next wave that is not itself, in units of what it must."""
    others = [other.height_ms for other in rivals if abs(other.rate_bpm - wave.rate_bpm) > APART_BPM]
    return wave.height_ms / max(others, default=NO_WAVE.height_ms) / ALONE


def _least(*shares: float) -> float:
    """Confidence from how far each condition is met: 0.5 when the worst is just met, 1 when it is met twice over."""
    return min(1.0, SHOWN_FROM * min(shares))
