"""How late the sessions' loop runs while the server does its heaviest work: loading, and reading a recording.

``python -m benchmarks.stall``

A server's engine runs; on its loop something wakes every 10 ms and notes how late it was. Meanwhile the reading
process is begun and loads NeuroKit2, then it reads the longest sample. For comparison NeuroKit2 is then loaded in the
server's own process, by a thread, which is what the reading process is there to avoid.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from dashboard.apart import Apart
from dashboard.clinician.readings import Readings
from dashboard.demonstration import seed_folder
from dashboard.engine import Engine
from dashboard.hub import Hub
from dashboard.source_setup import SourceSetup
from sessions.records import Asker
from sessions.service import Service

SYSTEM = Asker("system")
STEP_S = 0.01
SAMPLE = "out-of-reach"


class Watch:
    """Something live that only notes how late it wakes."""

    def __init__(self) -> None:
        self.late_ms = [0.0]
        self._over = False

    def worst_ms(self) -> float:
        """The latest it has been since the last question."""
        noted, self.late_ms = self.late_ms, [0.0]
        return max(noted)

    async def run(self) -> None:
        """Wake, note, sleep."""
        while not self._over:
            due = time.perf_counter() + STEP_S
            await asyncio.sleep(STEP_S)
            self.late_ms.append((time.perf_counter() - due) * 1000)

    def act(self, action: str, data: Mapping[str, object]) -> None:
        """Nothing can be asked of it."""

    def page_seen(self) -> None:
        """No page watches."""

    def page_gone(self) -> None:
        """No page watches."""

    async def aclose(self) -> None:
        """End with the next step."""
        self._over = True


async def watched(data: Path) -> dict[str, float]:
    """Worst lateness in ms of each piece of work."""
    with Service.open(data, writable=True) as service:
        await asyncio.to_thread(seed_folder, service, SAMPLE)
        (kept,) = service.recordings(SYSTEM)
        engine = Engine(Hub(), service, SourceSetup("simulate"), Apart(data))
        engine.start(asyncio.get_running_loop())
        watch, found = Watch(), dict[str, float]()
        await engine.open("session/watch", lambda publish: watch)
        readings = Readings(engine.apart)
        await asyncio.sleep(2)
        found["quiet"] = watch.worst_ms()
        await asyncio.to_thread(engine.warm)
        found["loading"] = watch.worst_ms()
        await asyncio.to_thread(readings.view, service, SYSTEM, kept.id)
        found["reading"] = watch.worst_ms()
        await asyncio.to_thread(importlib.import_module, "neurokit2")
        found["inside"] = watch.worst_ms()
        await asyncio.to_thread(engine.stop)
    return found


def measure() -> dict[str, float]:
    """Worst lateness in ms of the sessions' loop, by what else goes on."""
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(watched(Path(folder) / "data"))


if __name__ == "__main__":
    json.dump(measure(), sys.stdout, indent=2)
