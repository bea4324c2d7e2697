"""A 60 s window sliding by 1 s over many recordings, time domain and spectrum, against NeuroKit2 in the same run.

    python -m benchmarks.sliding [--recordings N] [--json FILE]

Counted in core-seconds (processor time of this process), so that other work on the machine matters less. Imports,
tables and first calls are warmed up before. Each window has a spline of its own beats.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import neurokit2
import numpy as np

from processing.sliding import sliding
from processing.values import Judgement, Verdict
from processing.windows import Series

MINUTES, WINDOW_S = 20.0, 60.0
GOAL_CORE_S, GOAL_RATIO, GOAL_RECORDINGS = 15.0, 500.0, 1000
NEUROKIT2_WINDOWS = 60
"""Windows that NeuroKit2's figure is taken from, spread over the run."""


def recording(seed: int) -> Series:
    """Twenty minutes of a resting heart of its own: breath, slow waves, drift and jitter."""
    draw = np.random.default_rng(seed)
    beats = int(MINUTES * 60 / 0.8)
    near_s = np.cumsum(np.full(beats, 0.85))
    breath, slow = draw.uniform(0, 2 * np.pi, 2)
    waves = 35 * np.sin(2 * np.pi * draw.uniform(0.2, 0.3) * near_s + breath)
    waves += 25 * np.sin(2 * np.pi * 0.1 * near_s + slow) + draw.normal(0, 10, beats)
    rr = draw.uniform(750, 950) + waves
    ends = np.cumsum(rr) / 1000
    kept = ends <= MINUTES * 60
    pairs = zip(ends[kept].tolist(), rr[kept].tolist(), strict=True)
    return Series.of([Judgement(seq, end, value, Verdict.NORMAL, False) for seq, (end, value) in enumerate(pairs)], [])


def core_seconds(work: Callable[[], object]) -> float:
    """Processor time of one call."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


def neurokit2_on(series: Series, end_s: float) -> None:
    """Time and frequency domain of one window, at 4 Hz and in absolute units, the fastest of its settings."""
    window = series.window(end_s - WINDOW_S, end_s)
    intervals = {"RRI": window.rr_ms, "RRI_Time": window.time_s}
    neurokit2.hrv_time(intervals)
    neurokit2.hrv_frequency(intervals, interpolation_rate=4, normalize=False)


def measure(recordings: int) -> dict[str, float | int | bool]:
    """Core-seconds for all windows of all recordings, and NeuroKit2's for as many."""
    warm = recording(10**6)
    sliding(warm, WINDOW_S, withhold=False)
    neurokit2_on(warm, 600.0)
    ours, windows = 0.0, 0
    theirs: list[float] = []
    for seed in range(recordings):
        series = recording(seed)
        ours += core_seconds(partial(sliding, series, WINDOW_S, withhold=False))
        windows += int(series.time_s[-1] - series.start_s - WINDOW_S) + 1
        if seed % max(1, recordings // NEUROKIT2_WINDOWS) == 0:
            theirs.append(core_seconds(partial(neurokit2_on, series, 600.0)))
    each, their_each = ours / windows, statistics.median(theirs)
    scaled = ours * GOAL_RECORDINGS / recordings
    return {
        "recordings": recordings,
        "windows": windows,
        "core_s": ours,
        "core_s_for_1000": scaled,
        "us_a_window": 1e6 * each,
        "neurokit2_us_a_window": 1e6 * their_each,
        "ratio": their_each / each,
        "met": scaled <= GOAL_CORE_S or their_each / each >= GOAL_RATIO,
    }


def table(found: dict[str, float | int | bool]) -> str:
    """The figures for people, in Markdown."""
    return "\n".join(
        (
            "| what | windows | core-seconds | a window | against ours |",
            "|---|---|---|---|---|",
            f"| ours: time domain, LF and HF | {found['windows']} | {found['core_s']:.1f} "
            f"| {found['us_a_window']:.1f} µs |  |",
            f"| NeuroKit2 time + frequency |  |  | {found['neurokit2_us_a_window']:.0f} µs "
            f"| {found['ratio']:.0f} times |",
        )
    )


def main(arguments: list[str]) -> int:
    """Measure, print, and perhaps write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--recordings", type=int, default=GOAL_RECORDINGS, help="recordings of 20 min")
    parser.add_argument("--json", type=Path, help="write the figures here")
    chosen = parser.parse_args(arguments)
    found = measure(chosen.recordings)
    print(table(found))
    print(json.dumps(found))
    if chosen.json:
        chosen.json.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
