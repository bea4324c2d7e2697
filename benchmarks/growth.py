"""How cost grows: with the beats of a recording, for each kind of number, and with the beats before a live one.

    python -m benchmarks.growth [--short] [--out FOLDER]

Writes two pictures into FOLDER. A curve ends where one call takes longer than is worth waiting for.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import neurokit2
import numpy as np

from acquisition.beats import Beat
from benchmarks.chart import COLOURS, Axis, Chart, spanning
from benchmarks.live_kernel import in_absolute_units, rest
from processing import neurokit
from processing.analysis import judge
from processing.entropy import sample_entropy
from processing.fluctuation import dfa_alpha1
from processing.indices import time_domain
from processing.pipeline import LivePipeline
from processing.spectrum import tachogram_4hz, welch

SIZES, SHORT_SIZES = (100, 300, 1000, 3000, 10_000, 30_000), (100, 300)
LONGEST_S = 3.0
"""A call that takes longer is the last of its curve."""
ROUNDS, SPENT_S = 9, 1.0
"""Calls that a point is the best of, or as many as begin within a second: what else the machine does is not asked."""
LIVE_BEATS = 300
"""Beats that a point of the live curve is the median of."""

LAST = 3
"""Points that the power is taken from."""

Points = list[tuple[int, float]]


@dataclass(frozen=True)
class Curve:
    """Cost of one thing: n and ms."""

    name: str
    colour: str
    theirs: bool
    points: Points


def by_length(sizes: tuple[int, ...]) -> list[Curve]:
    """One recording as a whole, ours (solid) and NeuroKit2's (dashed), by its beats."""
    beats = rest(sizes[-1])
    kinds: tuple[tuple[str, Callable[[list[Beat]], object], Callable[[list[Beat]], object] | None], ...] = (
        ("time domain", _time_domain, lambda part: neurokit2.hrv_time(_intervals(part))),
        ("spectrum", _spectrum, lambda part: in_absolute_units(_intervals(part))),
        ("sample entropy", lambda part: sample_entropy(_rr(part)), lambda part: neurokit.sample_entropy(_rr(part))),
        ("DFA α1", lambda part: dfa_alpha1(_rr(part)), lambda part: neurokit.dfa_alpha1(_rr(part))),
        ("verdicts of all beats", judge, None),
    )
    curves = []
    for colour, (name, ours, theirs) in zip(COLOURS, kinds, strict=False):
        curves.append(Curve(f"{name}, ours", colour, False, _curve(ours, beats, sizes)))
        if theirs is not None:
            curves.append(Curve(f"{name}, NeuroKit2", colour, True, _curve(theirs, beats, sizes)))
    return curves


def live(sizes: tuple[int, ...]) -> Curve:
    """One beat through the live pipeline, by the beats before it: verdict, every number, updates."""
    pipeline, points, times = LivePipeline(), Points(), list[float]()
    for place, beat in enumerate(rest(sizes[-1] + LIVE_BEATS)):
        begun = time.perf_counter()
        pipeline.feed(beat)
        times.append(1000 * (time.perf_counter() - begun))
        if place + 1 - LIVE_BEATS in sizes:
            points.append((place + 1 - LIVE_BEATS, statistics.median(times[-LIVE_BEATS:])))
    return Curve("one live beat", COLOURS[0], False, points)


def picture(curves: list[Curve], title: str, across: str) -> str:
    """Cost against n, both by powers of ten."""
    points = [point for curve in curves for point in curve.points]
    low, high = spanning(cost for _, cost in points)
    chart = Chart(
        title,
        Axis(across, *spanning(n for n, _ in points), log=True),
        Axis("ms", low, max(high, 10 * low), log=True),
    )
    for curve in curves:
        words = f"{curve.name} ({growth(curve.points)})"
        chart.line(curve.points, curve.colour, words, dashed=curve.theirs, dots=True)
    return chart.svg()


def growth(points: Points) -> str:
    """Cost as a power of n: the slope through the last three points."""
    if len(points) < 2:
        return "one point"
    n, cost = np.log(np.array(points[-LAST:])).T
    return f"grows as n^{np.polyfit(n, cost, 1)[0]:.1f} at the end"


def _curve(work: Callable[[list[Beat]], object], beats: list[Beat], sizes: tuple[int, ...]) -> Points:
    work(beats[: sizes[0]])  # imports and tables
    points = Points()
    for size in sizes:
        part, times, first = beats[:size], list[float](), time.perf_counter()
        while len(times) < ROUNDS and (not times or time.perf_counter() - first < SPENT_S):
            begun = time.perf_counter()
            work(part)
            times.append(time.perf_counter() - begun)
        points.append((size, 1000 * min(times)))
        if times[-1] > LONGEST_S:
            break
    return points


def _rr(beats: list[Beat]) -> np.ndarray:
    return np.array([beat.rr_ms for beat in beats])


def _intervals(beats: list[Beat]) -> dict[str, np.ndarray]:
    return {"RRI": _rr(beats), "RRI_Time": np.array([beat.time_s for beat in beats])}


def _time_domain(beats: list[Beat]) -> object:
    good = np.ones(len(beats), dtype=bool)
    return time_domain(_rr(beats), good, good)


def _spectrum(beats: list[Beat]) -> object:
    return welch(tachogram_4hz(np.array([beat.time_s for beat in beats]), _rr(beats)))


def pictures(short: bool) -> dict[str, str]:
    """Both, by the end of their file's name."""
    sizes = SHORT_SIZES if short else SIZES
    whole = picture(by_length(sizes), "A whole recording at once: cost by its beats", "beats of the recording")
    each = picture([live(sizes)], "One live beat: cost by the beats before it", "beats before")
    return {"growth": whole, "live": each}


def main(arguments: list[str] | None = None) -> int:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--short", action="store_true", help="few beats, only to show that it runs")
    parser.add_argument("--out", type=Path, default=Path(), help="folder for the pictures")
    chosen = parser.parse_args(arguments)
    for name, drawing in pictures(chosen.short).items():
        (chosen.out / f"performance-{name}.svg").write_text(drawing, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
