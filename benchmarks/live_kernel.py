"""What one beat costs: our live numbers against calling NeuroKit2's time and frequency, in the same run.

    python -m benchmarks.live_kernel [--beats N] [--json FILE]

Prints a table and, with --json, writes the figures. Every beat of a simulated rest is timed one by one; imports, first
calls and cached tables are warmed up before.
"""

from __future__ import annotations

import argparse
import json
import math
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import neurokit2
import numpy as np

from acquisition.beats import Beat
from processing.arousal import BaselineReference
from processing.live import LiveIndices
from processing.pipeline import LivePipeline
from processing.values import Judgement
from processing.verdicts import VerdictStream

WARM_UP_BEATS = 250
"""Two windows of two minutes: every live number is told and every table is there."""
GOAL_INDICES_MS, GOAL_VERDICT_MS, GOAL_RATIO = 0.2, 1.0, 50.0
NEUROKIT2_CALLS = 60
"""Calls that NeuroKit2's figures are taken from, spread over the run."""


def rest(beats: int) -> list[Beat]:
    """A resting heart: breath, slow waves and jitter; the same in every run."""
    draw, time_s, made = np.random.default_rng(7), 0.0, []
    for seq in range(beats):
        waves = 35 * math.sin(2 * math.pi * 0.25 * time_s) + 25 * math.sin(2 * math.pi * 0.1 * time_s)
        rr_ms = 850 + waves + float(draw.normal(0, 10))
        time_s += rr_ms / 1000
        made.append(Beat("heart-1", seq, time_s, rr_ms))
    return made


def timed(work: Callable[[], object]) -> float:
    """Milliseconds of one call."""
    begun = time.perf_counter_ns()
    work()
    return (time.perf_counter_ns() - begun) / 1e6


def intervals_of(beats: list[Beat], seconds: float) -> dict[str, np.ndarray]:
    """The last so many seconds as NeuroKit2 takes them."""
    inside = [beat for beat in beats if beat.time_s > beats[-1].time_s - seconds]
    return {
        "RRI": np.array([beat.rr_ms for beat in inside]),
        "RRI_Time": np.array([beat.time_s for beat in inside]),
    }


def in_absolute_units(intervals: dict[str, np.ndarray]) -> object:
    """Its frequency domain at 4 Hz and not normalised, the fastest of its settings."""
    return neurokit2.hrv_frequency(intervals, interpolation_rate=4, normalize=False)


def neurokit2_on(beats: list[Beat], seconds: float) -> None:
    """Time and frequency domain of one window."""
    intervals = intervals_of(beats, seconds)
    neurokit2.hrv_time(intervals)
    in_absolute_units(intervals)


def neurokit2_for_the_same(beats: list[Beat]) -> None:
    """What NeuroKit2 must be asked for the numbers that we tell: time on 30 and 60 s, frequency on 60 and 120 s."""
    for seconds, ask in (
        (30.0, neurokit2.hrv_time),
        (60.0, neurokit2.hrv_time),
        (60.0, in_absolute_units),
        (120.0, in_absolute_units),
    ):
        ask(intervals_of(beats, seconds))


def measure(count: int) -> dict[str, list[float]]:
    """Milliseconds by what was done, one figure a beat or call."""
    beats = rest(WARM_UP_BEATS + count)
    verdicts, live, whole = VerdictStream(), LiveIndices(), LivePipeline()
    for reader in (live, whole):
        baseline = BaselineReference(70.0, 2.0, 3.5, 0.2, 120)
        (reader.set_baseline if isinstance(reader, LivePipeline) else lambda b: setattr(live, "baseline", b))(baseline)
    figures: dict[str, list[float]] = {key: [] for key in ("verdict", "indices", "whole", "nk_60", "nk_120", "nk_same")}
    every = max(1, count // NEUROKIT2_CALLS)
    for place, beat in enumerate(beats):
        said: list[Judgement] = []
        verdict = timed(lambda beat=beat, said=said: said.extend(verdicts.push(beat)))

        def told(said: list[Judgement] = said) -> None:
            *settled, fresh = said
            for judgement in settled:
                live.settle(judgement)
            live.add(fresh)
            live.numbers()

        indices = timed(told)
        everything = timed(lambda beat=beat: whole.feed(beat))
        if place < WARM_UP_BEATS:
            continue
        figures["verdict"].append(verdict)
        figures["indices"].append(indices)
        figures["whole"].append(everything)
        if place % every == 0:
            for key, seconds in (("nk_60", 60.0), ("nk_120", 120.0)):
                figures[key].append(
                    timed(lambda seconds=seconds, place=place: neurokit2_on(beats[: place + 1], seconds))
                )
            figures["nk_same"].append(timed(lambda place=place: neurokit2_for_the_same(beats[: place + 1])))
    return figures


def summary(figures: dict[str, list[float]]) -> dict[str, object]:
    """Medians, best and 95th percentiles in ms, ratios of medians, and whether the goals are met."""
    found: dict[str, dict[str, float]] = {}
    for key, values in figures.items():
        ordered = sorted(values)
        found[key] = {
            "median_ms": statistics.median(ordered),
            "best_ms": ordered[0],
            "p95_ms": ordered[int(0.95 * (len(ordered) - 1))],
            "n": len(ordered),
        }
    ratios = {key: found[key]["median_ms"] / found["indices"]["median_ms"] for key in ("nk_60", "nk_120", "nk_same")}
    met = {
        "indices": found["indices"]["median_ms"] <= GOAL_INDICES_MS,
        "verdict": found["verdict"]["median_ms"] <= GOAL_VERDICT_MS,
        "ratio_60": ratios["nk_60"] >= GOAL_RATIO,
        "ratio_120": ratios["nk_120"] >= GOAL_RATIO,
        "ratio_same": ratios["nk_same"] >= GOAL_RATIO,
    }
    return {"figures": found, "ratio": ratios, "met": met, "neurokit2": neurokit2.__version__, "numpy": np.__version__}


ROWS = (
    ("indices", "all live numbers of one beat, each on its own window"),
    ("verdict", "verdict of one beat"),
    ("whole", "pipeline: verdict, numbers, updates"),
    ("nk_60", "NeuroKit2 time + frequency on the last 60 s"),
    ("nk_120", "NeuroKit2 time + frequency on the last 120 s (LF's window)"),
    ("nk_same", "NeuroKit2 time + frequency for the same numbers, each on its own window"),
)


def table(result: dict[str, object]) -> str:
    """The figures for people, in Markdown."""
    figures, ratio = result["figures"], result["ratio"]
    assert isinstance(figures, dict)
    assert isinstance(ratio, dict)
    lines = ["| what | median ms | best ms | p95 ms | n | against the live numbers |", "|---|---|---|---|---|---|"]
    for key, words in ROWS:
        row = figures[key]
        times = f"{ratio[key]:.0f} times" if key in ratio else ""
        cells = f"{row['median_ms']:.3f} | {row['best_ms']:.3f} | {row['p95_ms']:.3f} | {row['n']}"
        lines.append(f"| {words} | {cells} | {times} |")
    return "\n".join(lines)


def main(arguments: list[str]) -> int:
    """Measure, print, and perhaps write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--beats", type=int, default=1200, help="beats that are timed")
    parser.add_argument("--json", type=Path, help="write the figures here")
    chosen = parser.parse_args(arguments)
    result = summary(measure(chosen.beats))
    print(table(result))
    print(json.dumps({"met": result["met"]}))
    if chosen.json:
        chosen.json.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
