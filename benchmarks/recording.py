"""How long from a frame's arrival until it is recorded, and what recording costs.

``python -m benchmarks.recording``

A simulated strap sends one frame a second in real time (``--seconds``), each put into a recorder with its beats as a
session does; the time runs from the frame's arrival stamp to the acknowledgement after its commit. Then a day of the
same strap is recorded as fast as can be, for bytes and processor time.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import math
import statistics
import sys
import tempfile
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

from acquisition.beats import Beat, Notification
from acquisition.clock import monotonic_ns
from acquisition.simulation import SimulatedSource
from sessions.records import Asker, RecordingMeta
from sessions.service import Service

SYSTEM = Asker("system")


def meta() -> RecordingMeta:
    """How the recording begins."""
    return RecordingMeta("simulation: benchmark", datetime.now(UTC), ("heart-1",), simulated=True)


def latencies_ms(seconds: float) -> list[float]:
    """Milliseconds from each frame's arrival to its acknowledgement, in real time."""
    arrived: dict[int, int] = {}
    found: list[float] = []
    lock = threading.Lock()

    def committed(number: int) -> None:
        now = monotonic_ns()
        with lock:
            for waiting in [n for n in arrived if n <= number]:
                found.append((now - arrived.pop(waiting)) / 1e6)

    async def pour(service: Service) -> None:
        recorder = service.start_recording(SYSTEM, meta(), committed)
        source = SimulatedSource(None, seed=2, speed=1.0)
        async for item in source:
            arrival = monotonic_ns()
            with lock:
                number = recorder.put(item)
                if isinstance(item, Notification):
                    arrived[number] = arrival
            if item.time_s > seconds:
                break
        await source.aclose()
        recorder.close()

    with tempfile.TemporaryDirectory() as folder, Service.open(Path(folder) / "data", writable=True) as service:
        asyncio.run(pour(service))
    return found


def day(hours: float) -> dict[str, float]:
    """Bytes, rows and processor time of so many hours of one strap."""

    async def pour(service: Service) -> int:
        recorder = service.start_recording(SYSTEM, meta())
        source = SimulatedSource(None, seed=2, speed=math.inf)
        beats = 0
        cost = 0
        async for item in source:
            before = time.perf_counter_ns()
            recorder.put(item)
            cost += time.perf_counter_ns() - before
            beats += isinstance(item, Beat)
            if item.time_s > hours * 3600:
                break
        await source.aclose()
        recorder.close(within_s=600)
        put_us.append(cost / 1000 / max(1, recorder.committed))
        return beats

    put_us: list[float] = []
    with tempfile.TemporaryDirectory() as name:
        data = Path(name) / "data"
        with Service.open(data, writable=True) as service:
            beats = asyncio.run(pour(service))
            identity = service.recordings(SYSTEM)[0].id
            before = time.perf_counter()
            service.recording_file(SYSTEM, identity)
            read_s = time.perf_counter() - before
            before = time.perf_counter()
            service.recordings(SYSTEM)
            list_s = time.perf_counter() - before
        size = (data / "attunement.db").stat().st_size
    return {
        "hours": hours,
        "beats": beats,
        "mb_per_hour": size / 1e6 / hours,
        "put_us": put_us[0],
        "read_back_s": read_s,
        "list_ms": list_s * 1000,
    }


def main() -> int:
    """Print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--hours", type=float, default=1.0)
    args = parser.parse_args()
    times = sorted(latencies_ms(args.seconds))
    cuts = statistics.quantiles(times, n=20)
    print(
        json.dumps(
            {
                "frames": len(times),
                "notify_to_recorded_ms": {
                    "p50": round(statistics.median(times), 2),
                    "p95": round(cuts[-1], 2),
                    "max": round(times[-1], 2),
                },
                "storage": {name: round(value, 3) for name, value in day(args.hours).items()},
            },
            indent=2,
        )
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
