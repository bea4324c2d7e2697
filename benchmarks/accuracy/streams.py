"""Recordings to compare on: the project's samples, every readable file of a folder, and copies with holes in them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import numpy as np

from acquisition.beats import Beat, Gap, Item
from acquisition.errors import UnreadableFile
from acquisition.formats import read
from acquisition.samples import sample_names, sample_path
from acquisition.sources import open_source
from benchmarks.accuracy import hearts, wfdb
from benchmarks.accuracy.claims import Setting

HOLES = 3
HOLE_BEATS = (5, 40)
"""So many beats are taken out at each hole: 3 to 40 s of most hearts."""
LEAST_BEATS = 60
"""Of a shorter recording holes would leave nothing."""


@dataclass(frozen=True)
class Stream:
    """One recording as a row of items."""

    name: str
    items: Sequence[Item]
    """As a reader of files has them."""
    path: Path | None = None
    """The file to replay, or None when there is only the row."""

    def replayed(self) -> Sequence[Item]:
        """As a source yields them at full speed, ticks and all; the row itself without a file."""
        return self.items if self.path is None else asyncio.run(_replayed(self.path))


async def _replayed(path: Path) -> list[Item]:
    source = open_source(str(path), speed=float("inf"))
    try:
        return [item async for item in source]
    finally:
        await source.aclose()


def sample_streams() -> list[Stream]:
    """All recordings of sample_data/."""
    return [Stream(name, read(path).items, path) for name in sample_names() for path in [sample_path(name)]]


def recorded_streams(setting: Setting) -> list[Stream]:
    """Every file of the folder that a reader knows, and the labelled beats of WFDB records; none without a folder."""
    found = []
    for path in sorted(setting.recordings.iterdir()) if setting.recordings is not None else ():
        if path.suffix == ".hea" and path.with_suffix(".atr").is_file():
            labelled = wfdb.load(path.parent, path.stem).rr_ms
            found.append(Stream(f"{path.stem} (labelled beats)", hearts.items(labelled)))
        elif path.is_file():
            try:
                found.append(Stream(path.name, read(path).items, path))
            except UnreadableFile:
                continue  # not a recording: a note, or a part of another format
    return found


def with_gaps(stream: Stream, draw: np.random.Generator) -> Stream:
    """A copy in which beats are missing in three places, each a marked gap; a very short one stays whole."""
    beats = [item for item in stream.items if isinstance(item, Beat)]
    if len(beats) < LEAST_BEATS:
        return stream
    kept: list[Item] = []
    edges = [len(beats) * part // HOLES for part in range(HOLES + 1)]
    for first, last in pairwise(edges):
        size = min(int(draw.integers(*HOLE_BEATS)), (last - first) // 2)
        hole = first + int(draw.integers(1, last - first - size))
        after = beats[hole + size]
        kept += beats[first:hole]
        kept.append(Gap(after.stream, beats[hole - 1].time_s, after.time_s - after.rr_ms / 1000, "taken out"))
        kept += beats[hole + size : last]
    return replace(stream, name=f"{stream.name}, three holes", items=kept, path=None)
