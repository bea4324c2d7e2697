"""How long each stage took lately: medians and 95th percentiles over the last minute of the run."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from acquisition.clock import NS_PER_S, ReadNs

WINDOW_S = 60.0
"""Seconds of the run's own clock that the figures look back on."""
MOST_KEPT = 5000
"""Samples kept of each stage at most; at full speed a minute would hold too many."""

STAGES = ("parse", "check", "indices", "publish")
"""Bytes to beats; beat to verdict; verdict to numbers; a batch of rows to the page's queue."""

BUDGET_MS: Mapping[str, float] = {"check": 1.0, "indices": 0.2}
"""What a stage may take, ms: a verdict 1 or less, the live indices 0.2 or less. The page adds its own stages."""
PAGE_BUDGET_MS = 100.0
"""From an event in the server to its row on the page, 95th percentile, ms."""


@dataclass(frozen=True, slots=True)
class StageTime:
    """One stage's figures, ms."""

    samples: int
    median_ms: float
    p95_ms: float


class Stopwatch:
    """Collects how long stages take. The clock is given, so that nothing here decides what time it is."""

    def __init__(self, clock: ReadNs) -> None:
        self._clock = clock
        self._kept: dict[str, deque[tuple[int, float]]] = {stage: deque(maxlen=MOST_KEPT) for stage in STAGES}

    @contextmanager
    def timing(self, stage: str) -> Iterator[None]:
        """Measure what runs inside as one sample of ``stage``."""
        began = self._clock()
        yield
        self.add(stage, self._clock() - began)

    def now_ns(self) -> int:
        """A reading of the given clock, for stages that are timed by hand."""
        return self._clock()

    def add(self, stage: str, ns: int) -> None:
        """Keep one sample."""
        self._kept[stage].append((self._clock(), ns * 1000.0 / NS_PER_S))

    def figures(self) -> dict[str, StageTime]:
        """Median and 95th percentile of each stage that has samples in the window."""
        since = self._clock() - int(WINDOW_S * NS_PER_S)
        told: dict[str, StageTime] = {}
        for stage, samples in self._kept.items():
            recent = [ms for at, ms in samples if at >= since]
            if recent:
                import numpy as np  # loaded with the first run, not with the first page

                median, p95 = np.percentile(recent, [50.0, 95.0])
                told[stage] = StageTime(len(recent), float(median), float(p95))
        return told
