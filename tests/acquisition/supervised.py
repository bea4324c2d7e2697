"""A supervisor over a scripted sensor in virtual time, for its tests."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from random import Random
from typing import Any

from acquisition.beats import LinkState
from acquisition.clock import ReadNs
from acquisition.identity import Identity
from acquisition.links import LinkTimings
from acquisition.supervision import Supervisor
from tests.acquisition.scripted_sensor import Heard, ScriptedSensor
from tests.acquisition.virtual_time import VirtualLoop, run

S = LinkState

TIMINGS = LinkTimings(backoff_jitter=0.0)

WANTED = Identity("A")


def supervise(
    sensor: ScriptedSensor,
    play: Callable[[ScriptedSensor], Awaitable[None]],
    timings: LinkTimings = TIMINGS,
    wanted: Identity = WANTED,
    wall: ReadNs | None = None,
    **more: Any,
) -> Heard:
    """Supervise ``sensor`` while ``play`` runs, then cancel."""
    heard = Heard()

    async def main(loop: VirtualLoop) -> None:
        supervisor = Supervisor(
            wanted,
            sensor,
            heard,
            clock=loop.now_ns,
            wall=wall or loop.now_ns,
            timings=timings,
            random=Random(1),
            **more,
        )
        task = asyncio.create_task(supervisor.run())
        await play(sensor)
        task.cancel()
        await asyncio.wait({task}, timeout=60)
        assert task.cancelled()

    run(main)
    return heard


def streams(seconds: float) -> Callable[[ScriptedSensor], Awaitable[None]]:
    """Send a frame each second on the newest link."""

    async def play(sensor: ScriptedSensor) -> None:
        for _ in range(int(seconds)):
            await asyncio.sleep(1)
            if sensor.links:
                sensor.links[-1].send()

    return play
