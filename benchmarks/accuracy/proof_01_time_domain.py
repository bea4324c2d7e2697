"""Time domain equals NeuroKit2 at every prefix, and the rule over a file is the rule of the live stream.

Prefixes are every one up to 600 beats and every 20th after. Two numbers of each are held against ``hrv_time``: what the
live stream tells at that beat, each number on its own window, its state put together from the published updates
alone; and the whole prefix by the kernel that recordings use. RRI is what is kept, RRI_Time the sum of raw intervals
with holes where something is refused or missing. NeuroKit2's pNN divide by pairs + 1, ours by pairs.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from benchmarks.accuracy.claims import Cell, Claim, Setting, not_run
from benchmarks.accuracy.streams import Stream, recorded_streams, sample_streams, with_gaps
from processing import neurokit
from processing.analysis import analyze
from processing.indices import time_domain
from processing.pipeline import BeatUpdate, LivePipeline, Revision
from processing.values import Indices, Verdict
from processing.windows import Series
from tests.processing.every_prefix import DENSE_BEATS, SPARSE_STEP, Published, reference

CLOSE = 1e-9
SHORT_STEP, SHORT_SAMPLES = 45, ("clean-rest", "restless-strap")
LIVE_WINDOWS = {10.0: ("mean_hr_bpm",), 30.0: ("rmssd_ms", "ln_rmssd"), 60.0: ("sdnn_ms", "pnn50_percent")}
LEAST_PAIRS = 2
"""NeuroKit2 has no spread of fewer differences."""
TABLE = "Each recording by itself"
_SCHEME = f"each up to {DENSE_BEATS} beats, every {SPARSE_STEP}th after"


@dataclass
class Tally:
    """What was compared in one recording, and the largest relative difference (absolute below 1)."""

    beats: int = 0
    gaps: int = 0
    prefixes: int = 0
    live: list[float] = field(default_factory=list)
    whole: list[float] = field(default_factory=list)
    early: int = 0
    """Numbers that the live stream told although NeuroKit2 has none of that window."""
    other_verdicts: int = 0


def claims(setting: Setting) -> Iterator[Claim]:
    """Simulated samples, real recordings, and those with holes cut into them."""
    samples = [each for each in sample_streams() if not setting.short or each.name in SHORT_SAMPLES]
    real = recorded_streams(setting)
    draw = np.random.default_rng([setting.seed, 1])
    cut = [with_gaps(each, draw) for each in real]
    for group, streams in (("sample data", samples), ("real recordings", real), ("the same with holes cut in", cut)):
        if not streams:
            yield not_run(f"{group}: equal to NeuroKit2, file equal to live stream", f"≤ {CLOSE:g}, 0")
            continue
        tallies = {each.name: compare(each, SHORT_STEP if setting.short else 1) for each in streams}
        yield from _of_group(group, list(tallies.values()))
        for name, tally in tallies.items():
            yield from _row(name, tally)


def compare(stream: Stream, dense_step: int = 1) -> Tally:
    """All that is compared in one recording; ``dense_step`` thins out its prefixes."""
    items = list(stream.items)
    analysis = analyze(items)
    tally = Tally(beats=analysis.beats, gaps=len(analysis.gaps))
    told = _live(stream, dense_step, tally)
    for judgement in analysis.judgements:
        tally.other_verdicts += told.pop(judgement.seq, None) != (judgement.verdict, judgement.nn_ms)
    tally.other_verdicts += len(told)
    _whole(Series.of(analysis.judgements, analysis.gaps), dense_step, tally)
    return tally


def _live(stream: Stream, dense_step: int, tally: Tally) -> dict[int, tuple[Verdict, float | None]]:
    """Compare the stream's numbers beat by beat; gives the last word on each beat, as published."""
    pipeline, published = LivePipeline(), Published()
    told: dict[int, tuple[Verdict, float | None]] = {}

    def take(updates: Iterable[object]) -> None:
        for update in updates:
            published.take(update)
            if isinstance(update, BeatUpdate | Revision):
                told[update.seq] = (update.verdict, update.nn_ms)
            if isinstance(update, BeatUpdate) and _chosen(len(published.lines), dense_step):
                tally.prefixes += 1
                _compare_live(published, update.indices, tally)

    for item in stream.replayed():
        take(pipeline.feed(item))
    take(pipeline.finish())
    return told


def _chosen(beats: int, dense_step: int) -> bool:
    return beats % dense_step == 0 if beats <= DENSE_BEATS else beats % max(SPARSE_STEP, dense_step) == 0


def _compare_live(published: Published, indices: Indices, tally: Tally) -> None:
    for seconds, names in LIVE_WINDOWS.items():
        told = {name: value for name in names if (value := indices[name].value) is not None}
        theirs = reference(published.last(seconds)) if told else None
        if theirs is None:
            tally.early += len(told)
        else:
            tally.live += [difference(value, theirs[name]) for name, value in told.items()]


def _whole(series: Series, dense_step: int, tally: Tally) -> None:
    for beats in (count for count in range(1, series.rr_ms.size + 1) if _chosen(count, dense_step)):
        window = series.window(series.start_s, float(series.time_s[beats - 1]))
        ours = time_domain(window.rr_ms, window.normal, window.joined)
        if ours.pairs < LEAST_PAIRS or ours.rmssd_ms == 0:
            continue
        theirs = neurokit.time_domain(window.rr_ms[window.normal], window.time_s[window.normal])
        tally.whole += [
            difference(getattr(ours, name), value) for name, value in _converted(theirs, ours.pairs).items()
        ]


def _converted(theirs: Mapping[str, float], pairs: int) -> dict[str, float]:
    """NeuroKit2's numbers under our names and divisors."""
    per_pair = (pairs + 1) / pairs
    return {
        "mean_nn_ms": theirs["MeanNN"],
        "sdnn_ms": theirs["SDNN"],
        "rmssd_ms": theirs["RMSSD"],
        "sdsd_ms": theirs["SDSD"],
        "pnn50_percent": theirs["pNN50"] * per_pair,
        "pnn20_percent": theirs["pNN20"] * per_pair,
    }


def difference(ours: float, theirs: float) -> float:
    """Relative difference, absolute below 1; infinite when only one of the two is a number.

    >>> difference(2.0, 1.0), difference(0.5, 0.25), difference(float("nan"), 1.0)
    (1.0, 0.25, inf)
    """
    if math.isfinite(ours) and math.isfinite(theirs):
        return abs(ours - theirs) / max(1.0, abs(theirs))
    return math.inf


def _of_group(group: str, tallies: list[Tally]) -> Iterator[Claim]:
    prefixes, gaps = sum(each.prefixes for each in tallies), sum(each.gaps for each in tallies)
    where = f"{group}, {prefixes} prefixes ({_SCHEME}), {gaps} gaps"
    live, whole = ([value for each in tallies for value in getattr(each, name)] for name in ("live", "whole"))
    yield _close(f"{where}: live numbers, largest relative difference from NeuroKit2", live)
    yield _close(f"{where}: whole prefix, largest relative difference from NeuroKit2", whole)
    early, beats = sum(each.early for each in tallies), sum(each.beats for each in tallies)
    yield Claim(f"{group}: live numbers told where NeuroKit2 has none", "0", early, len(live) + early, early == 0)
    other = sum(each.other_verdicts for each in tallies)
    what = f"{group}: beats whose verdict or interval differs between file and replayed stream"
    yield Claim(what, "0", other, beats, other == 0)


def _close(claim: str, differences: list[float]) -> Claim:
    largest = max(differences, default=math.inf)
    return Claim(claim, f"≤ {CLOSE:g}", _rounded(largest), len(differences), largest <= CLOSE)


def _row(name: str, tally: Tally) -> Iterator[Claim]:
    for column, value in (
        ("beats", tally.beats),
        ("gaps", tally.gaps),
        ("prefixes", tally.prefixes),
        ("live, largest difference", _rounded(max(tally.live, default=math.inf))),
        ("numbers compared", len(tally.live)),
        ("whole prefix, largest difference", _rounded(max(tally.whole, default=math.inf))),
        ("numbers compared there", len(tally.whole)),
        ("verdicts that differ", tally.other_verdicts),
    ):
        yield Claim(f"{name}: {column}", "", value, tally.beats, None, Cell(TABLE, name, column))


def _rounded(value: float) -> float:
    return float(f"{value:.1e}")
