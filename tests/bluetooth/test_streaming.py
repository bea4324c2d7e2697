"""The real bleak against emulated straps: bytes on the bus to beats out of the source, and letting go."""

from __future__ import annotations

import asyncio

import pytest

from acquisition import Beat, Gap, LinkChange, LinkState, Notification, Tick
from acquisition.clock import NS_PER_S
from acquisition.sensor import LinkTimings, SensorSource
from tests.bluetooth.bluez import HANG, EmulatedBlueZ
from tests.bluetooth.listening import listening
from tests.bluetooth.quick import quick_strap, source
from tests.bluetooth.strap import EmulatedStrap

pytestmark = pytest.mark.bluetooth


async def test_a_strap_streams_each_frame_it_sends(bluetooth: EmulatedBlueZ) -> None:
    """Bytes, order and number of frames arrive as sent, stamped on our clock; each beat's interval is the true one."""
    strap = quick_strap()
    bluetooth.add(strap)
    async with listening(source(strap)) as heard:
        beats = await heard.beats(20)
        assert heard.links()[:3] == [LinkState.SEARCHING, LinkState.CONNECTING, LinkState.STREAMING]
    frames = heard.of(Notification)
    assert [frame.data for frame in frames] == [data for _, data, _ in strap.sent[: len(frames)]]
    assert all(0 <= f.arrival_ns - sent[0] < NS_PER_S for f, sent in zip(frames, strap.sent, strict=False))
    assert [beat.seq for beat in beats] == list(range(len(beats)))
    assert not heard.of(Gap)


async def test_beats_lie_on_our_clock_within_their_uncertainty(bluetooth: EmulatedBlueZ) -> None:
    """Each placed beat is as near to its true time as it says."""
    strap = quick_strap()
    bluetooth.add(strap)
    live = source(strap)
    async with listening(live) as heard:
        beats = await heard.beats(30)
    assert live.info.origin_ns is not None
    truth = [at_s - live.info.origin_ns / NS_PER_S for _, _, times in strap.sent for at_s in times]
    busy_s = 0.3  # an overloaded machine delivers late, and later than any radio
    errors = [abs(b.time_s - t) - (b.uncertainty_ms or 0) / 1000 for b, t in zip(beats, truth, strict=False)]
    assert sum(error <= busy_s for error in errors) >= 0.95 * len(errors)


async def test_ticks_come_each_second_also_without_a_sensor(bluetooth: EmulatedBlueZ) -> None:
    """Silence is data: time passes in the stream while nothing is connected."""
    strap = quick_strap()
    strap.advertising = False
    bluetooth.add(strap)
    async with listening(source(strap)) as heard:
        await heard.until(lambda: len(heard.of(Tick)) >= 2)
    assert [tick.time_s for tick in heard.of(Tick)][:2] == [1.0, 2.0]


async def test_a_strap_tells_of_itself(bluetooth: EmulatedBlueZ) -> None:
    """Battery, model, firmware, serial, manufacturer and place come as facts, the battery again when it changes."""
    strap = quick_strap()
    bluetooth.add(strap)
    async with listening(source(strap)) as heard:
        await heard.until(lambda: heard.fact("location"))
        told = {name: heard.fact(name) for name in ("battery_percent", "model", "serial", "manufacturer", "location")}
        assert told == {
            "battery_percent": "87",
            "model": "E1",
            "serial": "A00000000001",
            "manufacturer": "Nobody",
            "location": "chest",
        }
        strap.services[-1].characteristics[0].value = b"\x13"
        await heard.until(lambda: heard.fact("battery_percent") == "19")


async def test_a_strap_without_battery_streams_all_the_same(bluetooth: EmulatedBlueZ) -> None:
    """Row 21: a missing battery service is no trouble and no fact."""
    strap = quick_strap(battery=False)
    bluetooth.add(strap)
    async with listening(source(strap)) as heard:
        await heard.beats(5)
        await heard.until(lambda: heard.fact("location"))
        assert heard.fact("battery_percent") is None


async def test_the_name_on_the_strap_becomes_the_name_of_the_source(bluetooth: EmulatedBlueZ) -> None:
    """Until it is known the address stands for it."""
    strap = quick_strap()
    bluetooth.add(strap)
    live = source(strap)
    assert live.info.name == strap.address
    async with listening(live) as heard:
        await heard.beats(1)
        assert live.info.name == "Strap 1"


async def test_two_straps_stream_side_by_side_and_fail_apart(bluetooth: EmulatedBlueZ) -> None:
    """Row 27: one lost strap leaves the other untouched."""
    left, right = quick_strap(1), quick_strap(2)
    bluetooth.add(left)
    bluetooth.add(right)
    async with listening(source(left)) as a, listening(source(right, stream="heart-2")) as b:
        await a.beats(3)
        await b.beats(3)
        left.advertising = False
        bluetooth.drop(left)
        await a.link(LinkState.LOST)
        await b.beats(10)
        assert set(b.links()) == {LinkState.SEARCHING, LinkState.CONNECTING, LinkState.STREAMING}
        assert not b.of(Gap)
        assert {beat.stream for beat in b.of(Beat)} == {"heart-2"}


async def test_closing_lets_go_of_the_strap(bluetooth: EmulatedBlueZ) -> None:
    """Row 26: notifications are stopped and the link is ended, so that the next program finds the strap."""
    strap = quick_strap()
    bluetooth.add(strap)
    async with listening(source(strap)) as heard:
        await heard.beats(1)
    assert not strap.subscribed
    assert not bluetooth.connected(strap)
    assert bluetooth.calls[-2:] == ["StopNotify", "Disconnect"]


async def test_closing_takes_a_bounded_time_when_the_strap_does_not_answer(bluetooth: EmulatedBlueZ) -> None:
    """Row 26: a goodbye that hangs is given up."""
    strap = quick_strap()
    bluetooth.add(strap)
    live = source(strap, LinkTimings(goodbye_s=0.2))
    async with listening(live) as heard:
        await heard.beats(1)
        bluetooth.fail("StopNotify", HANG)
        bluetooth.fail("Disconnect", HANG)
        async with asyncio.timeout(10):
            await live.aclose()


async def test_cancelling_the_listener_lets_go_of_the_strap(bluetooth: EmulatedBlueZ) -> None:
    """Row 26: Ctrl-C cancels whoever iterates; the strap is free afterwards."""
    strap = quick_strap()
    bluetooth.add(strap)
    streaming = asyncio.Event()

    async def iterate() -> None:
        async for item in source(strap):
            if isinstance(item, LinkChange) and item.state is LinkState.STREAMING:
                streaming.set()

    task = asyncio.create_task(iterate())
    await streaming.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with asyncio.timeout(10):
        while bluetooth.connected(strap):
            await asyncio.sleep(0.01)


async def test_the_shipped_time_outs_recover_a_mute_strap(bluetooth: EmulatedBlueZ) -> None:
    """Row 2: with no time-out shortened: told after 5 s of silence, connected anew after 10 s."""
    strap = EmulatedStrap()
    bluetooth.add(strap)
    async with listening(SensorSource(strap.address)) as heard:
        await heard.beats(2)
        strap.mute = True
        await heard.link(LinkState.LOST)
        strap.mute = False
        last = heard.of(Notification)[-1].time_s
        told = [link for link in heard.of(LinkChange) if link.state in (LinkState.DEGRADED, LinkState.LOST)]
        assert [link.time_s - last for link in told] == [pytest.approx(5, abs=1), pytest.approx(10, abs=1)]
        await heard.beats(2)
        await heard.gap()
