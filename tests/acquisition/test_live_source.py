"""A supervised sensor as a source: order in time, ticks, bounded queue, ending; in virtual time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from random import Random
from typing import Any

import pytest

from acquisition.beats import Beat, BeatSource, Gap, Item, LinkChange, LinkState, Notification, Tick
from acquisition.identity import Identity
from acquisition.links import LinkTimings
from acquisition.live_source import OVERRUN, LiveSource
from acquisition.supervision import Supervisor
from tests.acquisition.scripted_sensor import ScriptedSensor
from tests.acquisition.virtual_time import VirtualLoop, run
from tests.bluetooth.frames import heart_rate_frame


def make(
    loop: VirtualLoop, sensor: ScriptedSensor, *, origin_ns: int | None = None, capacity: int = 100, **known: Any
) -> LiveSource:
    return LiveSource(
        lambda sink: Supervisor(
            Identity("A"),
            sensor,
            sink,
            clock=loop.now_ns,
            wall=loop.now_ns,
            timings=LinkTimings(),
            random=Random(1),
        ),
        name="A",
        stream="heart-1",
        origin_ns=origin_ns,
        clock=loop.now_ns,
        capacity=capacity,
        **known,
    )


async def beat(sensor: ScriptedSensor, seconds: int) -> None:
    """Half past each second, one frame with one interval, each a little different."""
    for k in range(seconds):
        await asyncio.sleep(0.5)
        sensor.links[-1].send(heart_rate_frame(60, [1024 + k % 5]))
        await asyncio.sleep(0.5)


def listen(play: Callable[[LiveSource, ScriptedSensor], Awaitable[None]], **settings: int) -> list[Item]:
    """Everything the source gives while ``play`` runs; then it is closed."""

    async def main(loop: VirtualLoop) -> list[Item]:
        sensor, items = ScriptedSensor(), list[Item]()
        source = make(loop, sensor, **settings)

        async def take() -> None:
            async for item in source:
                items.append(item)

        taking = asyncio.create_task(take())
        await asyncio.sleep(0)
        await asyncio.sleep(0.25)
        await play(source, sensor)
        await source.aclose()
        await taking
        return items

    return run(main)


def test_it_is_a_beat_source() -> None:
    """The seam holds."""

    async def main(loop: VirtualLoop) -> None:
        assert isinstance(make(loop, ScriptedSensor()), BeatSource)

    run(main)


def test_ticks_come_at_whole_seconds_among_the_frames_in_the_order_of_time() -> None:
    """No item but a placed beat, or the gap before it, is older than the one before."""
    items = listen(lambda _, sensor: beat(sensor, 10))
    assert [item.time_s for item in items if isinstance(item, Tick)] == [float(s) for s in range(1, 11)]
    times = [item.time_s for item in items if not isinstance(item, (Beat, Gap))]
    assert times == sorted(times)
    assert len([item for item in items if isinstance(item, Beat)]) == 10


def test_a_consumer_that_sleeps_gets_all_with_their_own_times() -> None:
    """A commit that takes 4 s delays no time stamp, and the ticks of those seconds come at their places."""

    async def main(loop: VirtualLoop) -> list[Item]:
        sensor, items = ScriptedSensor(), list[Item]()
        source = make(loop, sensor)
        sending: asyncio.Task[None] | None = None
        async for item in source:
            items.append(item)
            if isinstance(item, LinkChange) and item.state is LinkState.CONNECTING:
                sending = asyncio.create_task(_later(sensor))
                await asyncio.sleep(4.25)
            if isinstance(item, Tick) and item.time_s >= 8:
                break
        assert sending is not None
        await sending
        await source.aclose()
        return items

    async def _later(sensor: ScriptedSensor) -> None:
        await asyncio.sleep(0.25)
        await beat(sensor, 8)

    items = run(main)
    assert [item.time_s for item in items if isinstance(item, Notification)] == [k + 0.75 for k in range(8)]
    times = [item.time_s for item in items if not isinstance(item, (Beat, Gap))]
    assert times == sorted(times)


def test_frames_that_nobody_takes_are_dropped_counted_and_never_bridged() -> None:
    """The queue is bounded; what is lost becomes a gap with a reason."""

    async def main(loop: VirtualLoop) -> None:
        sensor = ScriptedSensor()
        source = make(loop, sensor, capacity=5)
        items: list[Item] = []
        iterator = aiter(source)
        items.append(await anext(iterator))
        await asyncio.sleep(0.25)
        await beat(sensor, 9)
        ahead = asyncio.create_task(beat(sensor, 5))
        while not any(isinstance(item, Gap) for item in items):
            items.append(await anext(iterator))
        await ahead
        await source.aclose()
        assert source.counters.overrun == 4
        assert [item.reason for item in items if isinstance(item, LinkChange) and item.state is LinkState.LOST] == [
            OVERRUN
        ]

    run(main)


def test_an_origin_can_be_shared_by_two_straps() -> None:
    """Times count from the given reading of the clock, and so does the date."""

    async def main(loop: VirtualLoop) -> None:
        await asyncio.sleep(10)
        now, shared = make(loop, ScriptedSensor()), make(loop, ScriptedSensor(), origin_ns=4_000_000_000)
        assert (now.info.origin_ns, shared.info.origin_ns) == (10_000_000_000, 4_000_000_000)
        assert now.info.started_at is not None
        assert shared.info.started_at is not None
        assert (now.info.started_at - shared.info.started_at).total_seconds() == pytest.approx(6, abs=1)
        async for item in shared:
            if isinstance(item, Tick):
                assert item.time_s == 7.0
                break
        await shared.aclose()

    run(main)


def test_name_and_delay_are_those_of_the_connected_sensor() -> None:
    """A Polar H10 tells its intervals about 2.6 s late."""

    async def main(loop: VirtualLoop) -> None:
        sensor = ScriptedSensor(name="Polar H10 12345678")
        source = make(loop, sensor)
        assert (source.info.name, source.info.delay_s) == ("A", 0.0)
        async for item in source:
            if isinstance(item, Tick):
                break
        assert (source.info.name, source.info.delay_s) == ("Polar H10 12345678", 2.6)
        await source.aclose()

    run(main)


def test_ones_own_delay_and_unit_go_before_what_is_known_of_the_model() -> None:
    """Both are told with the source, so that whoever keeps it can say why."""

    async def main(loop: VirtualLoop) -> None:
        source = make(loop, ScriptedSensor(name="Polar H10 12345678"), delay_s=2.2, rr_unit="ms")
        async for item in source:
            if isinstance(item, Tick):
                break
        assert source.info.delay_s == 2.2
        assert source.info.details == {"delay": "given by the user", "rr_unit": "ms"}
        await source.aclose()

    run(main)


def test_closing_twice_or_before_the_start_is_fine() -> None:
    """And an unstarted source gives nothing once closed."""

    async def main(loop: VirtualLoop) -> None:
        source = make(loop, ScriptedSensor())
        await source.aclose()
        await source.aclose()
        assert [item async for item in source if not isinstance(item, LinkChange)] == []

    run(main)


def test_a_source_is_iterated_once() -> None:
    """Two listeners would share the beats between them."""

    async def main(loop: VirtualLoop) -> None:
        source = make(loop, ScriptedSensor())
        iterator = aiter(source)
        await anext(iterator)
        with pytest.raises(RuntimeError, match="iterated once"):
            aiter(source)
        await source.aclose()

    run(main)


def test_a_bug_in_supervision_reaches_the_listener() -> None:
    """It is not a silent end of the beats."""

    async def broken() -> None:
        raise ZeroDivisionError

    async def main(loop: VirtualLoop) -> None:
        source = make(loop, ScriptedSensor(troubles={"find": [broken]}))
        with pytest.raises(ZeroDivisionError):
            async for _ in source:
                pass

    run(main)
