"""What a replay says to its page: rows in batches, the state of the transport, and how long the stages took."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Mapping

from acquisition.clock import NS_PER_S, ReadNs
from dashboard.replay.latency import BUDGET_MS, STAGES, Stopwatch
from dashboard.replay.run import Row, Run

Publish = Callable[[Mapping[str, object]], None]

FLUSH_S = 0.04
"""Rows wait at most this long for others to travel with them: two frames of a screen."""
BATCH_ROWS = 600
"""Rows of one message at most; of more that come in one moment the newest are sent and the rest counted."""
RECENT_ROWS = 400
"""Rows that a page is given when it comes or comes back."""
LATENCY_EVERY_S = 1.0
"""How often the figures of the stages are told."""


class Teller:
    """Gathers rows and publishes them; knows nothing of transport or files."""

    def __init__(self, publish: Publish, stopwatch: Stopwatch, clock: ReadNs) -> None:
        self._publish, self._watch, self._clock = publish, stopwatch, clock
        self._run: Run | None = None
        self._number = 0
        self._batch: deque[Row] = deque(maxlen=BATCH_ROWS)
        self._recent: deque[Row] = deque(maxlen=RECENT_ROWS)
        self._flushing: asyncio.TimerHandle | None = None
        self._oldest_ns = 0

    def begin(self, run: Run) -> None:
        """A new run: earlier rows are of the past, the page clears its table."""
        self._run = run
        self._number += 1
        self._batch.clear()
        self._recent.clear()
        self._publish({"k": "began", "run": self._number})

    def take(self, rows: Iterable[Row]) -> None:
        """Keep rows for the next batch."""
        for row in rows:
            if not self._batch:
                self._oldest_ns = self._clock()
            self._batch.append(row)
            self._recent.append(row)
        if self._batch and self._flushing is None:
            self._flushing = asyncio.get_running_loop().call_later(FLUSH_S, self.flush)

    def flush(self) -> None:
        """Send what has gathered."""
        self._flushing = None
        if self._batch:
            rows = list(self._batch)
            self._batch.clear()
            with self._watch.timing("publish"):
                self._send(rows, self._oldest_ns)

    def tell_recent(self) -> None:
        """Send the newest rows again, for a page that has just come."""
        if self._recent:
            self._batch.clear()
            self._publish({"k": "began", "run": self._number})
            self._send(list(self._recent), None)

    def explain(self, seq: int) -> None:
        """Send one beat in words, when it is known."""
        told = self._run.explanation(seq) if self._run else None
        if told is not None:
            self._publish({"k": "explain", "run": self._number, **told})

    def view(self, view: Mapping[str, object]) -> None:
        """Send the state of the transport."""
        self._publish({"k": "view", "view": {**view, "run": self._number}})

    async def tell_latency(self) -> None:
        """Once a second, when there is something to tell."""
        while True:
            await asyncio.sleep(LATENCY_EVERY_S)
            figures = self._watch.figures()
            if figures:
                stages = [
                    {
                        "stage": stage,
                        "samples": figures[stage].samples,
                        "median_ms": figures[stage].median_ms,
                        "p95_ms": figures[stage].p95_ms,
                        "budget_ms": BUDGET_MS.get(stage),
                    }
                    for stage in STAGES
                    if stage in figures
                ]
                self._publish({"k": "latency", "stages": stages})

    def close(self) -> None:
        """Send nothing more by timer."""
        if self._flushing is not None:
            self._flushing.cancel()
            self._flushing = None

    def _send(self, rows: list[Row], oldest_ns: int | None) -> None:
        counts = self._run.counts if self._run else None
        self._publish(
            {
                "k": "rows",
                "run": self._number,
                "w": None if oldest_ns is None else oldest_ns / NS_PER_S * 1000.0,
                "head": self._run.head_s if self._run else 0.0,
                "rows": rows,
                "counts": {
                    "frames": counts.frames if counts else 0,
                    "malformed": counts.malformed if counts else 0,
                    "beats": counts.beats if counts else 0,
                    "kept": counts.kept if counts else 0,
                    "refused": counts.refused if counts else 0,
                },
            }
        )
