"""Two waves of known power, 200 ms² at 0.1 Hz and 450 ms² at 0.25 Hz, read back in ms².

An interval that ends at t lasts the mean plus both waves at t; where each wave begins is drawn. The beats go through
the verdict rule and the numbers of a recording's window, by NeuroKit2's Welch and by our own kernel; the error told is
that of whichever is further off. A heart samples its own waves once a beat: what lies near half of its beat rate is
read too low, by any interpolation, which the table shows.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from benchmarks.accuracy import hearts
from benchmarks.accuracy.claims import Cell, Claim, Setting
from processing import neurokit
from processing.analysis import judge
from processing.batch import stretch_indices
from processing.spectrum import HF_HZ, LF_HZ, tachogram_4hz, welch
from processing.thresholds import SPECS
from processing.windows import Series

TONES = {"lf_ms2": (0.10, 200.0), "hf_ms2": (0.25, 450.0)}
"""Hz and ms² of each wave, by the band that holds it."""
WORDS = {"lf_ms2": "LF", "hf_ms2": "HF"}
MEAN_MS, LENGTH_S, MARGIN_S = 800.0, 300.0, 5.0
WINDOWS_S = (60.0, 90.0, 120.0, 180.0, 240.0, 300.0)
MEANS_MS = (600.0, 700.0, 800.0, 900.0, 1000.0, 1100.0)
DRAWS, SHORT_DRAWS = 30, 1
WITHIN_PERCENT, AGREE_PERCENT = 2.0, 1.0
SETTLING = 14
"""Rounds in which an interval finds its own end; each brings it nearer by a factor of 8 or more."""
Starts = tuple[float, float]
TABLE = "Error by mean RR (mean heart rate), 300 s, %"


@dataclass(frozen=True)
class Heart:
    """A heart that does nothing but these two waves."""

    starts: Starts
    """Phase of each wave at 0 s."""
    mean_ms: float = MEAN_MS
    gain: float = 1.0
    """Factor of both amplitudes."""

    def intervals(self, length_s: float) -> hearts.Floats:
        """RR in ms, to the last that ends before ``length_s``."""
        end_s, series = 0.0, list[float]()
        while True:
            rr = self.mean_ms
            for _ in range(SETTLING):
                rr = self.mean_ms + self._waves(end_s + rr / 1000)
            end_s += rr / 1000
            if end_s > length_s:
                return np.array(series)
            series.append(rr)

    def _waves(self, time_s: float) -> float:
        parts = zip(TONES.values(), self.starts, strict=True)
        waves = (math.sqrt(2 * power) * math.sin(2 * math.pi * hz * time_s + start) for (hz, power), start in parts)
        return self.gain * sum(waves)


def claims(setting: Setting) -> Iterator[Claim]:
    """Absolute power, doubled amplitude, agreement of windows, and the error by mean RR."""
    draw = np.random.default_rng([setting.seed, 2])
    draws = SHORT_DRAWS if setting.short else DRAWS
    starts: list[Starts] = [(_turn(draw), _turn(draw)) for _ in range(draws)]
    plain = [_powers(Heart(each), (LENGTH_S,))[LENGTH_S] for each in starts]
    double = [_powers(Heart(each, gain=2.0), (LENGTH_S,))[LENGTH_S] for each in starts]
    for name, word in WORDS.items():
        errors = [100 * (value / TONES[name][1] - 1) for powers in plain for value in powers[name]]
        yield _within(f"{word} over 300 s at mean RR 800 ms: error furthest from 0, %", errors, WITHIN_PERCENT)
    for name, word in WORDS.items():
        ratios = [
            b / a for one, two in zip(plain, double, strict=True) for a, b in zip(one[name], two[name], strict=True)
        ]
        furthest = max(ratios, key=lambda ratio: abs(ratio - 4))
        met = abs(furthest / 4 - 1) <= WITHIN_PERCENT / 100
        what = f"{word} when the amplitude is doubled: times as much, furthest from 4"
        yield Claim(what, f"4 within {WITHIN_PERCENT:g} %", round(furthest, 3), len(ratios), met)
    yield from _windows(starts)
    for mean_ms in MEANS_MS:
        yield from _by_mean(mean_ms, starts)


def _turn(draw: np.random.Generator) -> float:
    return float(draw.uniform(0, 2 * np.pi))


def _powers(heart: Heart, windows_s: tuple[float, ...]) -> dict[float, dict[str, list[float]]]:
    """Each band's power in windows from the first beat on, by both ways; none where it is withheld."""
    series = Series.of(judge(hearts.items(heart.intervals(max(windows_s) + MARGIN_S))), ())
    found: dict[float, dict[str, list[float]]] = {}
    for length_s in windows_s:
        told = stretch_indices(series, 0.0, length_s, oracle=False)
        theirs = neurokit.band_powers(tachogram_4hz(*series.tachogram(0.0, length_s)), (LF_HZ, HF_HZ))
        pairs = {name: (told[name].value, other) for name, other in zip(TONES, theirs, strict=True)}
        found[length_s] = {name: [] if ours is None else [ours, other] for name, (ours, other) in pairs.items()}
    return found


def _windows(starts: list[Starts]) -> Iterator[Claim]:
    """How far the windows of one heart lie from its 300 s, and LF at 60 s, which is told nowhere."""
    by_window = [_powers(Heart(each), WINDOWS_S) for each in starts]
    for name, word in WORDS.items():
        apart = [
            100 * (value / powers[LENGTH_S][name][0] - 1)
            for powers in by_window
            for length_s in WINDOWS_S
            for value in powers[length_s][name]
        ]
        least_s = max(WINDOWS_S[0], SPECS[name].minimum_s)
        below = " (withheld below)" if least_s > WINDOWS_S[0] else ""
        what = f"{word}, windows of {least_s:g} to 300 s{below}: furthest from that of 300 s, %"
        yield _within(what, apart, AGREE_PERCENT)
    lowest = [100 * (_lf_of_a_minute(Heart(each)) / TONES["lf_ms2"][1] - 1) for each in starts]
    what = "LF of 60 s, if it were told: error, %, median (its 30 s segments begin at 0.067 Hz)"
    yield Claim(what, "", round(float(np.median(lowest)), 2), len(lowest), None)


def _lf_of_a_minute(heart: Heart) -> float:
    rr = heart.intervals(WINDOWS_S[0])
    return welch(tachogram_4hz(np.cumsum(rr) / 1000, rr)).power_ms2(LF_HZ)


def _by_mean(mean_ms: float, starts: list[Starts]) -> Iterator[Claim]:
    found = [_powers(Heart(each, mean_ms), (LENGTH_S,))[LENGTH_S] for each in starts]
    row = f"{mean_ms:.0f} ms ({60000 / mean_ms:.0f}/min)"
    for name, word in WORDS.items():
        hz, power = TONES[name]
        errors = [100 * (value / power - 1) for powers in found for value in powers[name]]
        furthest = max(errors, key=abs)
        cell = Cell(TABLE, row, f"{word}, {power:g} ms² at {hz:g} Hz")
        yield Claim(f"{word} at mean RR {row}: error, %", "", round(furthest, 2), len(errors), None, cell)


def _within(claim: str, errors: list[float], limit: float) -> Claim:
    furthest = max(errors, key=abs)
    return Claim(claim, f"within {limit:g}", round(furthest, 2), len(errors), abs(furthest) <= limit)
