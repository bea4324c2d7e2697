"""Twenty-four hours by five-minute segments, every number of each with entropy and fluctuation: time and memory.

    python -m benchmarks.long_recording [--hours N] [--json FILE]

Counted in core-seconds from judged beats to the last number, once tables are made; judging the beats is told apart.
Time domain and powers come from the kernels that tests hold equal to NeuroKit2, which is not even loaded.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from pathlib import Path

import numpy as np

from acquisition.beats import Beat
from processing.batch import nonlinear_indices, stretch_indices
from processing.values import Judgement, Verdict
from processing.verdicts import VerdictStream
from processing.windows import Series

SEGMENT_S = 300.0
GOAL_S, GOAL_MB = 3.0, 500.0
WARM_UP_BEATS = 400


def heart(hours: float) -> list[Beat]:
    """A day of beats: breath, slow waves, jitter, and a level that wanders over hours."""
    draw, near_s = np.random.default_rng(24), np.arange(int(hours * 3600 / 0.8)) * 0.85
    rr = 850 + 35 * np.sin(2 * np.pi * 0.25 * near_s) + 25 * np.sin(2 * np.pi * 0.1 * near_s)
    rr += 60 * np.sin(2 * np.pi * near_s / 5400) + draw.normal(0, 10, near_s.size)
    ends = np.cumsum(rr) / 1000
    pairs = zip(ends[ends <= hours * 3600].tolist(), rr.tolist(), strict=False)
    return [Beat("heart-1", seq, end, value) for seq, (end, value) in enumerate(pairs)]


def _warm_up(beats: list[Beat]) -> None:
    """Make the tables that are made once."""
    normal = [Judgement(beat.seq, beat.time_s, beat.rr_ms, Verdict.NORMAL, False) for beat in beats]
    for last in (WARM_UP_BEATS, WARM_UP_BEATS + 1):  # an even and an odd number of samples
        series = Series.of(normal[:last], [])
        for from_s in (0.0, 0.3, 0.6):
            stretch_indices(series, from_s, float(series.time_s[-1]), oracle=False)
            nonlinear_indices(series.window(from_s, float(series.time_s[-1])))


def measure(hours: float) -> dict[str, float | int | bool]:
    """Core-seconds and peak memory."""
    beats, verdicts = heart(hours), VerdictStream()
    _warm_up(beats[: WARM_UP_BEATS + 1])
    begun = time.process_time()
    told: list[Judgement] = [j for beat in beats for j in verdicts.push(beat) if not j.provisional]
    judgements = [*told, *verdicts.finish()]
    judging = time.process_time() - begun
    begun = time.process_time()
    series, numbers = Series.of(judgements, []), 0
    segments = int(hours * 3600 // SEGMENT_S)
    for segment in range(segments):
        from_s, to_s = segment * SEGMENT_S, (segment + 1) * SEGMENT_S
        found = stretch_indices(series, from_s, to_s, oracle=False)
        found |= nonlinear_indices(series.window(from_s, to_s))
        numbers += sum(index.value is not None for index in found.values())
    spent = time.process_time() - begun
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "hours": hours,
        "beats": len(beats),
        "segments": segments,
        "numbers": numbers,
        "core_s": spent,
        "judging_core_s": judging,
        "peak_mb": peak_mb,
        "met": spent <= GOAL_S and peak_mb < GOAL_MB,
    }


def main(arguments: list[str]) -> int:
    """Measure, print, and perhaps write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hours", type=float, default=24.0)
    parser.add_argument("--json", type=Path, help="write the figures here")
    chosen = parser.parse_args(arguments)
    found = measure(chosen.hours)
    print(
        f"{found['hours']:g} h, {found['beats']} beats, {found['segments']} segments: {found['core_s']:.2f} core-s"
        f" for {found['numbers']} numbers, {found['judging_core_s']:.1f} for the verdicts, {found['peak_mb']:.0f} MB"
    )
    print(json.dumps(found))
    if chosen.json:
        chosen.json.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
