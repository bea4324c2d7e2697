"""The real bleak against emulated straps, end to end: bytes on the bus to beats and gaps out of the source."""

from __future__ import annotations

import asyncio
from itertools import pairwise

import pytest

from acquisition import Beat, BluetoothUnavailable, Gap, LinkChange, LinkState, Notification, Tick
from acquisition.clock import NS_PER_S
from acquisition.heart_rate_stream import NO_CONTACT, NO_RR, UNREADABLE_GAP
from acquisition.sensor import LinkTimings, SensorSource, scan
from acquisition.supervision import LINK_LOST, SILENT_TOO_LONG
from tests.bluetooth.bluez import HANG, BlueZError, EmulatedBlueZ
from tests.bluetooth.fixtures import settle
from tests.bluetooth.listening import listening
from tests.bluetooth.private_bus import PrivateBus
from tests.bluetooth.strap import EmulatedStrap

pytestmark = pytest.mark.bluetooth

SHORT = LinkTimings(
    search_s=5.0,
    connect_s=5.0,
    subscribe_s=3.0,
    read_s=2.0,
    degraded_after_s=1.0,
    reconnect_after_s=2.0,
    goodbye_s=1.0,
    backoff_first_s=0.05,
    backoff_most_s=0.2,
    bluetooth_retry_s=0.2,
    battery_every_s=0.3,
)
"""Time-outs of steps stay generous, since they only end what hangs; waits are short."""


def quick_strap(number: int = 1, **knobs: object) -> EmulatedStrap:
    """A strap with a heart of 300/min that sends ten times a second."""
    address = f"A0:00:00:00:00:{number:02X}"
    return EmulatedStrap(address, f"Strap {number}", mean_rr_s=0.2, period_s=0.1, seed=number, **knobs)  # type: ignore[arg-type]  # knobs are its own


def source(strap: EmulatedStrap, timings: LinkTimings = SHORT, stream: str = "heart-1") -> SensorSource:
    return SensorSource(strap.address, timings=timings, stream=stream)


# ---- scanning ---------------------------------------------------------------------------


async def test_a_scan_lists_heart_rate_sensors_strongest_first(bluetooth: EmulatedBlueZ) -> None:
    """Each sensor comes with address, printed name, strength, services and what it offers."""
    far, near = quick_strap(1, rssi_dbm=-80), quick_strap(2, rssi_dbm=-50)
    bluetooth.add(far)
    bluetooth.add(near)
    found = await scan(0.5)
    assert [(s.address, s.name, s.rssi_dbm) for s in found] == [
        (near.address, "Strap 2", -50),
        (far.address, "Strap 1", -80),
    ]
    assert found[0].services == ("0000180d-0000-1000-8000-00805f9b34fb",)
    assert found[0].offers == ("rr?",)


async def test_a_scan_of_empty_air_finds_nothing(bluetooth: EmulatedBlueZ) -> None:
    """No sensor in reach is not an error."""
    assert await scan(0.2) == []


async def test_a_scan_shows_a_sensor_that_is_connected_already(bluetooth: EmulatedBlueZ) -> None:
    """A connected strap does not advertise, yet can be found."""
    strap = quick_strap()
    bluetooth.add(strap)
    async with listening(source(strap)) as heard:
        await heard.beats(1)
        assert [s.address for s in await scan(0.2)] == [strap.address]


async def test_a_scan_with_bluetooth_off_says_what_to_do(bluetooth: EmulatedBlueZ) -> None:
    """The error names the cause and the remedy."""
    bluetooth.power(False)
    with pytest.raises(BluetoothUnavailable, match="Bluetooth is off; turn Bluetooth on"):
        await scan(0.2)


async def test_a_scan_without_an_adapter_says_so(bluetooth_bus: PrivateBus) -> None:
    """A machine without Bluetooth is told apart from Bluetooth switched off."""
    bluez = EmulatedBlueZ(bluetooth_bus.address, adapter=False)
    await bluez.start()
    with pytest.raises(BluetoothUnavailable, match="no Bluetooth LE"):
        await scan(0.2)
    await bluez.stop()
    bluetooth_bus.stop()
    await settle()


async def test_a_scan_without_the_bluetooth_service_says_so(bluetooth_bus: PrivateBus) -> None:
    """A bus without bluetoothd is a service that is not running."""
    with pytest.raises(BluetoothUnavailable, match="service is not running"):
        await scan(0.2)


async def test_a_scan_without_a_message_bus_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """No D-Bus at all ends in the same clear words, not in a FileNotFoundError."""
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent/bus")
    with pytest.raises(BluetoothUnavailable, match="service is not running"):
        await scan(0.2)


async def test_a_scan_that_is_refused_says_why(bluetooth: EmulatedBlueZ) -> None:
    """A system that forbids Bluetooth is told apart from one without it."""
    bluetooth.fail("StartDiscovery", BlueZError("org.freedesktop.DBus.Error.AccessDenied"))
    with pytest.raises(BluetoothUnavailable, match="may not use Bluetooth"):
        await scan(0.2)


# ---- streaming --------------------------------------------------------------------------


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
    """A missing battery service is no trouble and no fact."""
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
    """One lost strap leaves the other untouched."""
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


# ---- trouble with the link --------------------------------------------------------------


async def test_a_dropped_link_recovers_with_a_gap(bluetooth: EmulatedBlueZ) -> None:
    """It reconnects and subscribes by itself; a gap comes right before the first beat after it."""
    strap = quick_strap()
    bluetooth.add(strap)
    async with listening(source(strap)) as heard:
        before = await heard.beats(5)
        strap.advertising = False
        bluetooth.drop(strap)
        await heard.link(LinkState.LOST)
        assert heard.reason(LinkState.LOST) == LINK_LOST
        strap.advertising = True
        await heard.beats(5)
        gap = await heard.gap()
    last = [beat for beat in heard.of(Beat) if beat.time_s <= gap.from_s][-1]
    after = heard.items[heard.items.index(gap) + 1]
    assert isinstance(after, Beat)
    assert (gap.from_s, after.seq) == (last.time_s, last.seq + 1)
    assert last.seq >= before[-1].seq
    assert last.time_s <= gap.to_s < after.time_s
    assert heard.links().count(LinkState.STREAMING) == 2


async def test_it_recovers_again_and_again(bluetooth: EmulatedBlueZ) -> None:
    """Each of three drops gives one gap, and time never runs back."""
    strap = quick_strap()
    bluetooth.add(strap)
    async with listening(source(strap)) as heard:
        for drop in range(1, 4):
            await heard.beats(3)
            bluetooth.drop(strap)
            await heard.gap(drop)
    times = [beat.time_s for beat in heard.of(Beat)]
    assert all(earlier < later for earlier, later in pairwise(times))


async def test_a_mute_strap_is_degraded_then_connected_anew(bluetooth: EmulatedBlueZ) -> None:
    """The link itself says nothing of this, so the watchdog must."""
    strap = quick_strap()
    bluetooth.add(strap)
    async with listening(source(strap)) as heard:
        await heard.beats(5)
        strap.mute = True
        await heard.link(LinkState.LOST)
        assert heard.reason(LinkState.LOST) == SILENT_TOO_LONG
        assert heard.links()[-2] is LinkState.DEGRADED
        await heard.link(LinkState.CONNECTING, times=2)
        assert "Disconnect" in bluetooth.calls
        strap.mute = False
        await heard.beats(3)
        await heard.gap()


async def test_a_short_silence_only_degrades(bluetooth: EmulatedBlueZ) -> None:
    """Data that comes back in time makes the link steady again without a new connection."""
    strap = quick_strap()
    bluetooth.add(strap)
    patient = LinkTimings(degraded_after_s=0.5, reconnect_after_s=60.0)
    async with listening(source(strap, patient)) as heard:
        await heard.beats(3)
        strap.mute = True
        await heard.link(LinkState.DEGRADED)
        strap.mute = False
        await heard.link(LinkState.STREAMING, times=2)
        await heard.beats(5)
        assert heard.links().count(LinkState.CONNECTING) == 1


async def test_lost_contact_is_told_and_leaves_a_gap(bluetooth: EmulatedBlueZ) -> None:
    """Dry electrodes end the segment though the link stands."""
    strap = quick_strap()
    bluetooth.add(strap)
    async with listening(source(strap)) as heard:
        await heard.beats(3)
        strap.contact = False
        await heard.link(LinkState.DEGRADED)
        assert heard.reason(LinkState.DEGRADED) == NO_CONTACT
        strap.contact = True
        await heard.link(LinkState.STREAMING, times=2)
        assert (await heard.gap()).reason == "no contact"


async def test_malformed_frames_are_counted_and_never_stop_the_stream(bluetooth: EmulatedBlueZ) -> None:
    """An unreadable frame is kept as it came, costs its own beats and leaves a gap."""
    strap = quick_strap()
    bluetooth.add(strap)
    live = source(strap)
    async with listening(live) as heard:
        await heard.beats(3)
        strap.mangle = lambda data: data[:-1]
        await heard.until(lambda: live.counters.stream.malformed >= 3)
        strap.mangle = None
        await heard.beats(3)
        assert (await heard.gap()).reason == UNREADABLE_GAP
        assert LinkState.LOST not in heard.links()


async def test_empty_frames_do_not_stop_the_stream(bluetooth: EmulatedBlueZ) -> None:
    """A frame of no bytes is a malformed frame like others."""
    strap = quick_strap()
    strap.mangle = lambda _: b""
    bluetooth.add(strap)
    live = source(strap)
    async with listening(live) as heard:
        await heard.until(lambda: live.counters.stream.malformed >= 2)
        strap.mangle = None
        await heard.beats(3)


async def test_a_frame_delivered_twice_counts_once(bluetooth: EmulatedBlueZ) -> None:
    """Duplicates are dropped and counted; the beats are those of the strap."""
    strap = quick_strap()
    strap.repeat = 2
    bluetooth.add(strap)
    live = source(strap)
    async with listening(live) as heard:
        await heard.beats(10)
    once = [ticks for _, data, _ in strap.sent[::2] for ticks in _rr_ticks(data)]
    got = [beat.rr_ticks for beat in heard.of(Beat)]
    assert live.counters.stream.duplicates >= 5
    assert got == once[: len(got)]


def _rr_ticks(data: bytes) -> list[int]:
    first = 3 if data[0] & 1 else 2
    return [int.from_bytes(data[i : i + 2], "little") for i in range(first, len(data), 2)]


async def test_a_sensor_without_intervals_is_told_after_ten_seconds(bluetooth: EmulatedBlueZ) -> None:
    """Heart rate alone streams, and the person learns that this sensor sends no RR."""
    strap = quick_strap(sends_rr=False)
    bluetooth.add(strap)
    async with listening(source(strap)) as heard:
        await heard.link(LinkState.DEGRADED)
    assert heard.reason(LinkState.DEGRADED) == NO_RR
    assert not heard.of(Beat)


async def test_a_sensor_out_of_reach_is_found_when_it_comes(bluetooth: EmulatedBlueZ) -> None:
    """Meanwhile the link says what to check."""
    strap = quick_strap()
    strap.advertising = False
    bluetooth.add(strap)
    impatient = LinkTimings(search_s=0.2, backoff_first_s=0.05, backoff_most_s=0.1)
    async with listening(source(strap, impatient)) as heard:
        await heard.until(lambda: "moist electrodes" in (heard.reason(LinkState.SEARCHING) or ""))
        strap.advertising = True
        await heard.beats(1)


@pytest.mark.parametrize("member", ["Connect", "StartNotify", "StartDiscovery"])
@pytest.mark.parametrize(
    "fault", [BlueZError("Failed"), BlueZError("InProgress"), HANG], ids=["fails", "busy", "hangs"]
)
async def test_a_step_that_fails_or_hangs_is_tried_again(
    bluetooth: EmulatedBlueZ, member: str, fault: BlueZError | float
) -> None:
    """Whatever step goes wrong once, the strap streams in the end."""
    strap = quick_strap()
    bluetooth.add(strap)
    bluetooth.fail(member, fault)
    brisk = LinkTimings(
        search_s=3.0,
        connect_s=3.0,
        subscribe_s=1.0,
        read_s=0.5,
        goodbye_s=0.5,
        backoff_first_s=0.05,
        backoff_most_s=0.1,
    )
    async with listening(source(strap, brisk)) as heard:
        await heard.beats(2)
        assert bluetooth.calls.count(member) >= 2


# ---- trouble with Bluetooth itself ------------------------------------------------------


async def test_bluetooth_switched_off_and_on_recovers(bluetooth: EmulatedBlueZ) -> None:
    """Off is told with a remedy and does not end the stream."""
    strap = quick_strap()
    bluetooth.add(strap)
    async with listening(source(strap)) as heard:
        await heard.beats(3)
        bluetooth.power(False)
        await heard.link(LinkState.BLUETOOTH_OFF)
        assert "turn Bluetooth on" in (heard.reason(LinkState.BLUETOOTH_OFF) or "")
        bluetooth.power(True)
        await heard.beats(3)
        await heard.gap()


async def test_a_restart_of_the_bluetooth_service_recovers(bluetooth: EmulatedBlueZ, bluetooth_bus: PrivateBus) -> None:
    """bluetoothd dies without a word; the watchdog notices, and the stream comes back with the service."""
    strap = quick_strap()
    bluetooth.add(strap)
    async with listening(source(strap)) as heard:
        await heard.beats(3)
        await bluetooth.stop()
        await heard.link(LinkState.BLUETOOTH_OFF)
        assert "service is not running" in (heard.reason(LinkState.BLUETOOTH_OFF) or "")
        again = EmulatedBlueZ(bluetooth_bus.address)
        again.add(strap)
        await again.start()
        await heard.beats(3)
        await heard.gap()
    await again.stop()


async def test_a_dead_message_bus_is_told(bluetooth: EmulatedBlueZ, bluetooth_bus: PrivateBus) -> None:
    """The bus going away ends the link at once and then counts as Bluetooth off."""
    strap = quick_strap()
    bluetooth.add(strap)
    async with listening(source(strap)) as heard:
        await heard.beats(3)
        bluetooth_bus.stop()
        await heard.link(LinkState.BLUETOOTH_OFF)
        assert heard.links()[-2] is LinkState.LOST


async def test_a_stream_without_a_message_bus_ticks_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """A session can run without any Bluetooth and say so."""
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent/bus")
    async with listening(SensorSource("A0:00:00:00:00:01", timings=SHORT)) as heard:
        await heard.link(LinkState.BLUETOOTH_OFF)
        await heard.until(lambda: heard.of(Tick))
    assert heard.links() == [LinkState.BLUETOOTH_OFF]


# ---- ending -----------------------------------------------------------------------------


async def test_closing_lets_go_of_the_strap(bluetooth: EmulatedBlueZ) -> None:
    """Notifications are stopped and the link is ended, so that the next program finds the strap."""
    strap = quick_strap()
    bluetooth.add(strap)
    async with listening(source(strap)) as heard:
        await heard.beats(1)
    assert not strap.subscribed
    assert not bluetooth.connected(strap)
    assert bluetooth.calls[-2:] == ["StopNotify", "Disconnect"]


async def test_closing_takes_a_bounded_time_when_the_strap_does_not_answer(bluetooth: EmulatedBlueZ) -> None:
    """A goodbye that hangs is given up."""
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
    """Ctrl-C cancels whoever iterates; the strap is free afterwards."""
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
    """With no time-out shortened: told after 5 s of silence, connected anew after 10 s."""
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
