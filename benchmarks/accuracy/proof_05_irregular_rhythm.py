"""Irregular rhythm: variability refused where beats come without order, and nowhere else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from benchmarks.accuracy import hearts, wfdb
from benchmarks.accuracy.claims import Claim, Setting, not_run
from processing.analysis import analyze, judge
from processing.irregular import IrregularRhythm, marked

SERIES, SHORT_SERIES = 200, 1
REFUSED_PERCENT = 95.0
NAMES = ("rmssd_ms", "ln_rmssd", "sdnn_ms", "pnn50_percent", "hf_ms2")
LATEST_BEATS = 100
WORD = "irregular_rhythm"


def claims(setting: Setting) -> Iterator[Claim]:
    """Series without order; then hearts in order, simulated and real."""
    series = SHORT_SERIES if setting.short else SERIES
    refused = offline = 0
    for number in range(series):
        rr = hearts.fibrillating(np.random.default_rng([setting.seed, 5, number]))
        offline += _refused(rr)
        refused += _refused_live(rr) >= rr.size - LATEST_BEATS
    share = round(100 * offline / series, 1)
    yield Claim(
        "without order: recordings refused, %", f"≥ {REFUSED_PERCENT:g}", share, series, share >= REFUSED_PERCENT
    )
    share = round(100 * refused / series, 1)
    yield Claim(
        f"without order: refused live from the {LATEST_BEATS}th interval or before, to the last, % of series",
        f"≥ {REFUSED_PERCENT:g}",
        share,
        series,
        share >= REFUSED_PERCENT,
    )
    makers: dict[str, Callable[[np.random.Generator], hearts.Floats]] = {
        "simulated rest": hearts.simulated_rest,
        "paced ±150 ms": hearts.paced,
        "respiratory arrhythmia, RMSSD near 100": hearts.respiratory,
        "±150 ms at once after quiet rest": hearts.first_deep_breaths,
    }
    for place, (name, make) in enumerate(makers.items()):
        found = [make(np.random.default_rng([setting.seed, 5, 1000 + place, number])) for number in range(series)]
        yield _none_refused(name, found)
    yield from _real(setting)


def _real(setting: Setting) -> Iterator[Claim]:
    record = wfdb.files("mitdb100")
    makers: tuple[tuple[str, tuple[str, ...], Callable[[Path], hearts.Floats]], ...] = (
        ("real rest", (hearts.REST_FILE,), lambda folder: hearts.recorded(folder, hearts.REST_FILE)),
        ("exercise", (hearts.EXERCISE_FILE,), lambda folder: hearts.recorded(folder, hearts.EXERCISE_FILE)),
        ("labelled ECG record", record, lambda folder: wfdb.load(folder, "mitdb100").rr_ms),
    )
    for name, files, make in makers:
        folder = setting.folder_with(*files)
        if folder is None:
            yield not_run(f"{name}: beats at which numbers are refused", "0")
        else:
            yield _none_refused(name, [make(folder)])


def _none_refused(name: str, series: list[hearts.Floats]) -> Claim:
    count = sum(_refused_live(rr) + _marked(rr) for rr in series)
    beats = sum(rr.size for rr in series)
    return Claim(f"{name}: beats at which numbers are refused", "0", count, beats, count == 0)


def _refused(rr_ms: hearts.Floats) -> bool:
    """Whether every number of variability of the whole recording is refused for its rhythm."""
    indices = analyze(hearts.items(rr_ms)).indices
    return all((indices[name].reason or "").startswith(WORD) for name in NAMES)


def _marked(rr_ms: hearts.Floats) -> int:
    """Intervals that a recording's windows hold to be without order."""
    return int(np.count_nonzero(marked(judge(hearts.items(rr_ms)), np.arange(rr_ms.size) == 0)))


def _refused_live(rr_ms: hearts.Floats) -> int:
    """Beats at which live numbers are refused for the rhythm."""
    rhythm = IrregularRhythm()
    return sum(rhythm.push(judgement) for judgement in judge(hearts.items(rr_ms)))
