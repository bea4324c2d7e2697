"""A process that records a simulated heart and tells, after each commit, what it was promised to be kept."""

from __future__ import annotations

import asyncio
import os
import threading
from collections import deque
from datetime import UTC, datetime
from pathlib import Path

from acquisition.beats import Beat, Item, LinkChange, Notification, Tick
from acquisition.simulation import SimulatedSource
from sessions.recorder import Recorder
from sessions.records import Asker, PhaseSpan, Rating, RecordingMeta
from sessions.service import Service
from sessions.store.batch import Kept

SYSTEM = Asker("system")
RATING_EVERY_S = 10
"""Seconds of the simulated heart between two answers."""


def line_of(item: Kept) -> str:
    """What an item is known by when it is looked for later; one line, or empty for what has no row."""
    return "" if isinstance(item, Tick) else repr(item)


class Teller:
    """Writes a line for each item once it is on disk; a line that is out is a promise."""

    def __init__(self, out: int) -> None:
        self._out, self._waiting = out, deque[tuple[int, str]]()
        self._lock = threading.Lock()

    def hold(self, number: int, item: Kept) -> None:
        """Tell of it later."""
        with self._lock:
            self._waiting.append((number, line_of(item)))

    def tell(self, number: int) -> None:
        """Everything up to this number is on disk; called on the writing thread."""
        lines = []
        with self._lock:
            while self._waiting and self._waiting[0][0] <= number:
                lines.append(self._waiting.popleft()[1])
        text = "".join(f"{line}\n" for line in lines if line).encode()
        while text:
            text = text[os.write(self._out, text) :]


def record(folder: Path, out: int, *, seed: int, speed: float, seconds: float) -> None:
    """Record ``seconds`` of simulated time at ``speed``, telling what is kept on the handle ``out``."""
    teller = Teller(out)
    with Service.open(folder, writable=True) as service:
        meta = RecordingMeta(f"simulation: {seed}", datetime.now(UTC), ("heart-1",), simulated=True)
        recorder = service.start_recording(SYSTEM, meta, teller.tell)
        os.write(out, f"recording {recorder.recording_id}\n".encode())
        asyncio.run(_pour(recorder, teller, seed, speed, seconds))
        recorder.close()
    os.write(out, b"whole\n")


async def _pour(recorder: Recorder, teller: Teller, seed: int, speed: float, seconds: float) -> None:
    source = SimulatedSource(None, seed=seed, speed=speed)
    async for item in source:
        for kept in _with_answers(item):
            teller.hold(recorder.put(kept), kept)
        if item.time_s >= seconds:
            break
    await source.aclose()


def _with_answers(item: Item) -> list[Kept]:
    """The item, and on some ticks a phase and an answer: what a sitting adds must be kept too."""
    if not isinstance(item, Tick) or round(item.time_s) % RATING_EVERY_S:
        return [item]
    number = round(item.time_s) // RATING_EVERY_S
    phase = PhaseSpan(number, f"part {number}", "practice", item.time_s - RATING_EVERY_S, item.time_s)
    return [item, phase, Rating(item.time_s, phase.name, "suds", number, "0-100")]


def kept_lines(service: Service, recording_id: str) -> set[str]:
    """The lines of everything that a recording holds."""
    stored = service.recording(SYSTEM, recording_id)
    told = service.recording_file(SYSTEM, recording_id)
    items = [item for item in told.items if isinstance(item, Beat | Notification | LinkChange)]
    return {line_of(kept) for kept in (*items, *stored.gaps, *stored.facts, *stored.phases, *stored.ratings)}
