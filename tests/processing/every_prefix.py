"""The live stream against NeuroKit2 at every prefix of a recording.

    python -m tests.processing.every_prefix FILE...        all prefixes of each file
    python -m tests.processing.every_prefix --sparse FILE...   every one up to 600 beats, then every 20th

RRI is what is kept, RRI_Time the sum of raw intervals with holes where something is refused. The state of a prefix is
put together from the published updates alone, by a few lines that share nothing with the pipeline.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from acquisition.beats import Item
from acquisition.formats import read
from processing.pipeline import BeatUpdate, GapUpdate, LivePipeline, Revision
from processing.values import Indices, Verdict

CLOSE = 1e-9
"""Largest relative difference that is called equal."""
DENSE_BEATS, SPARSE_STEP = 600, 20
COVERED = 0.8
"""Share of a window that must be covered after a gap (processing.thresholds.MIN_COVERAGE)."""


@dataclass
class Line:
    """One beat as published so far."""

    end_s: float
    rr_ms: float
    normal: bool
    joined: bool


class Published:
    """Beats as a reader of the stream's lines would hold them."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self._places: dict[int, int] = {}
        self._joined = False

    def take(self, update: object) -> None:
        if isinstance(update, GapUpdate):
            self._joined = False
        elif isinstance(update, Revision):
            self.lines[self._places[update.seq]].normal = update.verdict is Verdict.NORMAL
        elif isinstance(update, BeatUpdate):
            end_s = self.lines[-1].end_s + update.rr_ms / 1000 if self._joined else update.time_s
            self._places[update.seq] = len(self.lines)
            self.lines.append(Line(end_s, update.rr_ms, update.verdict is Verdict.NORMAL, self._joined))
            self._joined = True

    def last(self, seconds: float) -> list[Line]:
        start_s = self.lines[-1].end_s - seconds + 1e-6
        return [line for line in self.lines if line.end_s >= start_s]


def reference(lines: list[Line]) -> dict[str, float] | None:
    """NeuroKit2's numbers under our names, or None where fewer than two pairs can be compared."""
    import neurokit2  # takes seconds, and most workers never need it

    pairs = sum(two.joined and one.normal and two.normal for one, two in pairwise(lines))
    if pairs < 2:
        return None
    kept = [line for line in lines if line.normal]
    table = neurokit2.hrv_time(
        {"RRI": np.array([line.rr_ms for line in kept]), "RRI_Time": np.array([line.end_s for line in kept])}
    )
    row = {str(name).removeprefix("HRV_"): float(value) for name, value in table.iloc[0].items()}
    return {
        "mean_hr_bpm": 60000 / row["MeanNN"],
        "rmssd_ms": row["RMSSD"],
        "ln_rmssd": math.log(row["RMSSD"]) if row["RMSSD"] > 0 else -math.inf,
        "sdnn_ms": row["SDNN"],
        "pnn50_percent": row["pNN50"] * (pairs + 1) / pairs,
    }


def differences(published: Published, indices: Indices) -> Iterator[str]:
    """What is wrong with the numbers of this prefix."""
    for seconds, names in (
        (10.0, ["mean_hr_bpm"]),
        (30.0, ["rmssd_ms", "ln_rmssd"]),
        (60.0, ["sdnn_ms", "pnn50_percent"]),
    ):
        lines = published.last(seconds)
        told = [name for name in names if indices[name].value is not None]
        begun_s = published.lines[0].end_s - published.lines[0].rr_ms / 1000
        if told and published.lines[-1].end_s - begun_s < seconds - 1e-6:
            yield f"{told} told before the stream lasted {seconds:g} s"
        expected = reference(lines) if told else None
        if told and expected is None:
            yield f"{told} told from fewer than two pairs"
        for name in told if expected else ():
            value = indices[name].value
            if value is None or not math.isclose(value, expected[name], rel_tol=CLOSE, abs_tol=CLOSE):
                yield f"{name} {value} is not {expected[name]}"


def compare(items: Iterable[Item], *, sparse: bool = True) -> tuple[int, list[str]]:
    """How many prefixes were compared, and every difference."""
    pipeline, published = LivePipeline(), Published()
    compared, wrong = 0, list[str]()
    for item in items:
        for update in pipeline.feed(item):
            published.take(update)
            count = len(published.lines)
            if isinstance(update, BeatUpdate) and (not sparse or count <= DENSE_BEATS or count % SPARSE_STEP == 0):
                compared += 1
                wrong += [f"prefix of {count} beats: {what}" for what in differences(published, update.indices)]
    return compared, wrong


def main(arguments: list[str]) -> int:
    """Compare each file named; 1 when anything differs."""
    sparse = "--sparse" in arguments
    failed = False
    for name in (argument for argument in arguments if argument != "--sparse"):
        compared, wrong = compare(read(Path(name)).items, sparse=sparse)
        print(f"{name}: {compared} prefixes, {len(wrong)} differences")
        print(*wrong[:10], sep="\n", end="\n" if wrong else "")
        failed |= bool(wrong) or compared == 0
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
