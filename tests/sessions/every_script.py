"""Every supplied script from its first page to the closed recording, on simulated hearts and as fast as can be.

``python -m tests.sessions.every_script`` runs them at their full lengths and says how long each took; the suite runs
the same with short parts.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

from acquisition.beats import Item, SourceInfo, Tick
from acquisition.simulation import SimulatedSource
from sessions.exercise import Exercise, Phase, every
from sessions.kept import StoredRecording
from sessions.records import Asker
from sessions.review import Review, review
from sessions.service import Service
from tests.sessions.sitting import Act, Heart, Sat, sit, walk

SYSTEM = Asker("system")


class TwoHearts(Heart):
    """Two simulated straps on one clock; the first one's ticks lead."""

    def __init__(self, act: Act, seed: int = 3) -> None:
        super().__init__(act, seed)
        self._other = SimulatedSource(seed=seed + 1, speed=float("inf"), stream="heart-2")

    @property
    def info(self) -> SourceInfo:
        return replace(super().info, streams=("heart-1", "heart-2"))

    async def __aiter__(self) -> AsyncIterator[Item]:
        other = aiter(self._other)
        async for item in super().__aiter__():
            if isinstance(item, Tick):
                async for one in other:
                    yield one
                    if isinstance(one, Tick) and one.time_s >= item.time_s:
                        break
            yield item


def brisk(exercise: Exercise, seconds: float) -> Exercise:
    """The same script with no part longer than this, and replies that come in time."""
    return replace(exercise, phases=tuple(_brisk(part, seconds) for part in exercise.phases))


def _brisk(part: Phase, seconds: float) -> Phase:
    least = min(part.min_seconds, seconds / 2)
    chat = part.chat and replace(part.chat, reply_after_s=min(part.chat.reply_after_s, least))
    return replace(part, seconds=min(part.seconds, seconds), min_seconds=least, chat=chat)


async def sat_through(service: Service, exercise: Exercise) -> Sat:
    """Walk a script to its end on as many hearts as it has people."""
    heart = TwoHearts(walk) if exercise.who == "dyad" else Heart(walk)
    return await sit(service, walk, script=exercise, heart=heart)


def kept_and_reviewed(service: Service, sat: Sat) -> tuple[StoredRecording, Review]:
    """What the recording holds once it is closed, and what is read in it."""
    recording = sat.session.recording_id
    assert recording is not None
    stored = service.recording(SYSTEM, recording)
    return stored, review(stored, service.recording_file(SYSTEM, recording))


def main() -> None:
    """Run every script at its full length."""
    for exercise in every():
        began = time.perf_counter()
        with tempfile.TemporaryDirectory() as folder, Service.open(Path(folder) / "data", writable=True) as service:
            sat = asyncio.run(sat_through(service, exercise))
            stored, read = kept_and_reviewed(service, sat)
        took = time.perf_counter() - began
        minutes = exercise.planned_s / 60
        facts = f"{len(read.phases)} parts, {stored.summary.beats} beats, {stored.summary.state}"
        sys.stdout.write(f"{exercise.id:26} {minutes:5.1f} min in {took:5.1f} s: {facts}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
