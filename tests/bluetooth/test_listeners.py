"""Who listens harms nobody: slow ones, ones that raise, and a second sensor beside one that fails."""

from __future__ import annotations

import asyncio

import pytest

from acquisition import Gap, Item, LinkChange, LinkState, Notification
from acquisition.live_source import OVERRUN
from tests.bluetooth.bluez import EmulatedBlueZ
from tests.bluetooth.listening import listening
from tests.bluetooth.quick import quick_strap, source
from tests.bluetooth.strap import EmulatedStrap

pytestmark = pytest.mark.bluetooth


async def test_a_slow_listener_gets_all_with_their_own_times(bluetooth: EmulatedBlueZ) -> None:
    """Row 18: what waits is stamped already; a pause of a second moves no arrival."""
    strap = quick_strap()
    bluetooth.add(strap)
    frames: list[Notification] = []
    live = source(strap)
    async for item in live:
        if isinstance(item, Notification):
            frames.append(item)
            if len(frames) == 3:
                await asyncio.sleep(1.0)
            if len(frames) == 15:
                break
    await live.aclose()
    assert [frame.data for frame in frames] == [data for _, data, _ in strap.sent[:15]]
    assert all(0 <= f.arrival_ns - sent[0] < 5e8 for f, sent in zip(frames, strap.sent, strict=False))


async def test_what_nobody_takes_is_dropped_counted_and_becomes_a_gap(bluetooth: EmulatedBlueZ) -> None:
    """Row 18: the queue is bounded; the loss is told, and no interval bridges it."""
    strap = quick_strap()
    bluetooth.add(strap)
    live = source(strap, capacity=3)
    items: list[Item] = []
    async for item in live:
        items.append(item)
        if isinstance(item, Notification) and len([each for each in items if isinstance(each, Notification)]) == 5:
            await asyncio.sleep(1.0)
        if isinstance(item, Gap):
            break
    await live.aclose()
    assert live.counters.overrun >= 3
    assert OVERRUN in [item.reason for item in items if isinstance(item, LinkChange)]


async def test_a_listener_that_raises_frees_its_strap_and_leaves_the_other_alone(bluetooth: EmulatedBlueZ) -> None:
    """Row 19: its own stream ends; the strap is let go; the second strap's stream goes on to the byte."""
    left, right = quick_strap(1), quick_strap(2)
    bluetooth.add(left)
    bluetooth.add(right)

    async def breaks() -> None:
        live = source(left)
        try:
            async for item in live:
                if isinstance(item, Notification):
                    raise ZeroDivisionError
        finally:
            await live.aclose()

    async with listening(source(right, stream="heart-2")) as heard:
        with pytest.raises(ZeroDivisionError):
            await breaks()
        assert not left.subscribed
        assert not bluetooth.connected(left)
        await heard.beats(5)
    _is_whole(right, heard.of(Notification), heard.links())


async def test_one_of_two_sensors_failing_leaves_the_other_untouched_to_the_byte(bluetooth: EmulatedBlueZ) -> None:
    """Row 27: drops, silence and nonsense of one strap; every frame of the other arrives as it was sent, once."""
    left, right = quick_strap(1), quick_strap(2)
    bluetooth.add(left)
    bluetooth.add(right)
    async with listening(source(left)) as a, listening(source(right, stream="heart-2")) as b:
        await a.beats(2)
        await b.beats(2)
        bluetooth.drop(left)
        await a.link(LinkState.STREAMING, times=2)
        left.mangle = lambda _: b""
        await asyncio.sleep(0.5)
        left.mangle, left.mute = None, True
        await a.link(LinkState.LOST, times=2)
        left.mute = False
        await a.link(LinkState.STREAMING, times=3)
        await b.beats(3)
        assert not b.of(Gap)
    _is_whole(right, b.of(Notification), b.links())


def _is_whole(strap: EmulatedStrap, frames: list[Notification], links: list[LinkState]) -> None:
    assert [frame.data for frame in frames] == [data for _, data, _ in strap.sent][: len(frames)]
    assert len(frames) >= len(strap.sent) - 2
    assert links == [LinkState.SEARCHING, LinkState.CONNECTING, LinkState.STREAMING]
