"""Ultra-short windows against five minutes of the same heart, beside the minimum windows that were chosen.

Every whole five minutes of a recording, one after another, and every whole short window inside it; a window with more
refused intervals than its number bears is left out. Windows shorter than a number's minimum are computed here all the
same, to show what is withheld. The error is the distance from the five minutes' value: of that value in percent, of
pNN50 in points, of lnRMSSD in natural logarithms. It holds what the heart itself changed meanwhile: five minutes of
cycling are not one state.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator

import numpy as np

from acquisition.beats import Gap
from benchmarks.accuracy.claims import Cell, Claim, Setting, not_run
from benchmarks.accuracy.streams import Stream, recorded_streams
from processing.analysis import judge
from processing.indices import TimeDomain, time_domain
from processing.spectrum import HF_HZ, LF_HZ, MIN_POINTS, tachogram_4hz, welch
from processing.thresholds import SPECS
from processing.windows import TOLERANCE_S, Series, Window

LONG_S = 300.0
SHORT_S = (10.0, 30.0, 60.0, 120.0)
LEAST_SAMPLES = 4
"""4 Hz samples that Welch needs."""
LEAST_WINDOWS = 3
"""Errors below which no median is told."""
NAMES = {
    "mean_hr_bpm": ("heart rate", "%"),
    "rmssd_ms": ("RMSSD", "%"),
    "ln_rmssd": ("lnRMSSD", "ln"),
    "sdnn_ms": ("SDNN", "%"),
    "pnn50_percent": ("pNN50", "points"),
    "hf_ms2": ("HF", "%"),
    "lf_ms2": ("LF", "%"),
}
"""Words and unit of the error, by number."""
POWERS = {"hf_ms2": HF_HZ, "lf_ms2": LF_HZ}

Errors = dict[tuple[str, float], list[float]]


def claims(setting: Setting) -> Iterator[Claim]:
    """A table for each real recording."""
    streams = recorded_streams(setting)
    if not streams:
        yield not_run("numbers of 10, 30, 60 and 120 s against those of 5 min", "")
    for stream in streams[:1] if setting.short else streams:
        blocks, errors = measured(stream)
        yield from _table(stream.name, blocks, errors)


def measured(stream: Stream) -> tuple[int, Errors]:
    """How many five minutes there were, and each error by number and window."""
    series = Series.of(judge(stream.items), [item for item in stream.items if isinstance(item, Gap)])
    errors: Errors = defaultdict(list)
    starts = _starts(series.start_s, float(series.time_s[-1]), LONG_S)
    for start_s in starts:
        truth = numbers(series, start_s, start_s + LONG_S)
        for short_s in SHORT_S:
            for begin_s in _starts(start_s, start_s + LONG_S, short_s):
                found = numbers(series, begin_s, begin_s + short_s)
                for name in truth.keys() & found.keys():
                    errors[name, short_s].append(error(name, found[name], truth[name]))
    return len(starts), errors


def numbers(series: Series, start_s: float, end_s: float) -> dict[str, float]:
    """All numbers of a window, however short it is; those without a value are left out."""
    window = series.window(start_s, end_s)
    ours = time_domain(window.rr_ms, window.normal, window.joined)
    found = {name: float(getattr(ours, name)) for name in NAMES if name not in POWERS and _has(ours)}
    found |= {name: _power(series, window, band) for name, band in POWERS.items()}
    return {name: value for name, value in found.items() if math.isfinite(value) and _borne(name, window)}


def _has(numbers_of: TimeDomain) -> bool:
    return numbers_of.beats > 0 and numbers_of.pairs > 0


def _borne(name: str, window: Window) -> bool:
    """Whether the window's holes and refused intervals are within what the number bears."""
    spec, facts = SPECS[name], window.facts
    return facts.hole is None and facts.intervals > 0 and facts.corrected_percent <= spec.rests_above_percent


def _power(series: Series, window: Window, band: tuple[float, float]) -> float:
    time_s, value = series.tachogram(window.facts.start_s, window.facts.end_s)
    if window.facts.hole is not None or time_s.size < MIN_POINTS:
        return math.nan
    samples = tachogram_4hz(time_s, value)
    return welch(samples).power_ms2(band) if samples.size >= LEAST_SAMPLES else math.nan


def _starts(start_s: float, end_s: float, length_s: float) -> list[float]:
    return [start_s + length_s * place for place in range(int((end_s - start_s + TOLERANCE_S) / length_s))]


def error(name: str, short: float, truth: float) -> float:
    """Distance in the unit that the table names."""
    return abs(short - truth) * (100.0 / truth if NAMES[name][1] == "%" else 1.0)


def _table(recording: str, blocks: int, errors: Errors) -> Iterator[Claim]:
    heading = f"{recording}, {blocks} times 5 min: median error (90th percentile); in italics: withheld on our pages"
    for name, (word, unit) in NAMES.items():
        row, minimum_s = f"{word} ({unit})", SPECS[name].minimum_s
        for short_s in SHORT_S:
            found = errors.get((name, short_s), [])
            cell = Cell(heading, row, f"{short_s:g} s")
            what = f"{recording}: {word} of {short_s:g} s against 5 min, median error (p90), {unit}"
            yield Claim(what, "", _told(found, short_s < minimum_s), len(found), None, cell)
        cell = Cell(heading, row, "chosen minimum")
        yield Claim(f"{word}: chosen minimum window", "", f"{minimum_s:g} s", blocks, None, cell)


def _told(errors: list[float], withheld: bool) -> str:
    if len(errors) < LEAST_WINDOWS:
        return "–"
    middle, high = np.quantile(errors, (0.5, 0.9)).tolist()
    words = f"{_digits(middle)} ({_digits(high)})"
    return f"*{words}*" if withheld else words


def _digits(value: float) -> str:
    return f"{value:.2g}" if value < 10 else f"{value:.0f}"
