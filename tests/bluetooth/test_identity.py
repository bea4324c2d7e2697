"""Which sensor it is: busy ones, namesakes, new addresses, other people's straps, late words of old links."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest
from bleak import BleakAdapter

from acquisition import Beat, LinkState, Notification, SensorFact
from acquisition.bleak_link import BleakLink
from acquisition.found_sensor import HEART_RATE_SERVICE
from acquisition.identity import STRANGER, Identity
from acquisition.sensor import SensorSource, scan
from tests.bluetooth.bluez import EmulatedBlueZ
from tests.bluetooth.listening import listening
from tests.bluetooth.quick import SHORT, quick_strap, source

pytestmark = pytest.mark.bluetooth

IMPATIENT = replace(SHORT, search_s=0.3)


async def test_a_strap_that_the_system_still_holds_is_taken_without_a_search(bluetooth: EmulatedBlueZ) -> None:
    """Row 6: after a crash the strap is connected and silent on the air; it is found all the same."""
    strap = quick_strap()
    bluetooth.add(strap)
    await scan(0.2)
    await bluetooth.hold(strap)
    strap.advertising = False
    adapter = await BleakAdapter.get()
    while not await adapter.get_connected_devices([HEART_RATE_SERVICE]):
        await asyncio.sleep(0.01)  # the system's word of the link is on its way
    bluetooth.calls.clear()
    async with listening(source(strap)) as heard:
        await heard.until(lambda: "Connect" in bluetooth.calls or heard.of(Beat))
        assert "StartDiscovery" not in bluetooth.calls
        strap.advertising = True
        await heard.beats(3)


async def test_a_strap_that_is_nowhere_is_told_with_three_likely_causes(bluetooth: EmulatedBlueZ) -> None:
    """Row 6: dry or off, held by another app, too far; the search goes on."""
    strap = quick_strap()
    strap.advertising = False
    bluetooth.add(strap)
    async with listening(source(strap, IMPATIENT)) as heard:
        await heard.until(lambda: heard.reason(LinkState.SEARCHING))
        told = heard.reason(LinkState.SEARCHING) or ""
        for cause in ("moist electrodes", "close apps and watches", "come closer"):
            assert cause in told
        await heard.until(lambda: bluetooth.calls.count("StartDiscovery") >= 2)


async def test_two_sensors_of_one_name_are_told_apart(bluetooth: EmulatedBlueZ) -> None:
    """Row 8: listed with address and strength, never picked by name or strength; the weaker one streams if chosen."""
    near, far = quick_strap(1, rssi_dbm=-40), quick_strap(2, rssi_dbm=-80)
    near.name = far.name = "Strap"
    bluetooth.add(near)
    bluetooth.add(far)
    found = await scan(0.3)
    assert [(s.address, s.name, s.rssi_dbm) for s in found] == [
        (near.address, "Strap", -40),
        (far.address, "Strap", -80),
    ]
    async with listening(source(far)) as heard:
        await heard.until(lambda: heard.fact("serial"))
        await heard.beats(3)
    assert heard.fact("serial") == "A00000000002"
    assert near.sent == []


async def test_scans_and_connections_wait_for_each_other(bluetooth: EmulatedBlueZ) -> None:
    """Row 9: two straps and a scan at once; none is told that another operation is in progress."""
    left, right = quick_strap(1), quick_strap(2)
    bluetooth.add(left)
    bluetooth.add(right)
    async with listening(source(left)) as a, listening(source(right, stream="heart-2")) as b:
        found, *_ = await asyncio.gather(scan(0.3), a.beats(3), b.beats(3))
    assert {sensor.address for sensor in found} <= {left.address, right.address}
    assert not [error for _, error in bluetooth.refused if error.endswith("InProgress")]


async def test_words_of_an_old_link_are_not_heard(bluetooth: EmulatedBlueZ, monkeypatch: pytest.MonkeyPatch) -> None:
    """Row 28: a frame or a loss that the client before this one tells late touches nothing."""
    callbacks: list[Callable[[bytes], None]] = []
    subscribe = BleakLink.subscribe

    async def remembering(link: BleakLink, on_frame: Callable[[bytes], None]) -> None:
        callbacks.append(on_frame)
        await subscribe(link, on_frame)

    monkeypatch.setattr(BleakLink, "subscribe", remembering)
    strap = quick_strap()
    bluetooth.add(strap)
    async with listening(source(strap)) as heard:
        await heard.beats(2)
        bluetooth.drop(strap)
        await heard.link(LinkState.STREAMING, times=2)
        callbacks[0](b"late")
        await heard.beats(3)
    assert b"late" not in [frame.data for frame in heard.of(Notification)]
    assert len(callbacks) == 2


async def test_a_sensor_with_a_new_address_is_known_by_its_serial_number(bluetooth: EmulatedBlueZ) -> None:
    """Row 29: of two straps of its name, the one that tells the stored serial number is it; the other stays unheard."""
    moved, other = quick_strap(7, serial="4711"), quick_strap(2)
    moved.name = other.name = "Strap 1"
    bluetooth.add(other)
    bluetooth.add(moved)
    stored = Identity("A0:00:00:00:00:01", serial="4711", name="Strap 1")
    async with listening(SensorSource(stored, timings=IMPATIENT)) as heard:
        await heard.beats(5)
    assert [frame.data for frame in heard.of(Notification)] == [data for _, data, _ in moved.sent][
        : len(heard.of(Notification))
    ]
    assert other.sent == []


async def test_a_sensor_of_the_same_name_is_not_taken_unasked(bluetooth: EmulatedBlueZ) -> None:
    """Row 29: without a serial number to go by, the person is asked to choose."""
    other = quick_strap(2)
    other.name = "Strap 1"
    bluetooth.add(other)
    stored = Identity("A0:00:00:00:00:01", name="Strap 1")
    async with listening(SensorSource(stored, timings=IMPATIENT)) as heard:
        await heard.until(lambda: "choose it anew" in (heard.reason(LinkState.SEARCHING) or ""))
    assert "another one called Strap 1" in (heard.reason(LinkState.SEARCHING) or "")
    assert "Connect" not in bluetooth.calls


async def test_another_persons_strap_never_takes_the_place_of_a_lost_one(bluetooth: EmulatedBlueZ) -> None:
    """Row 30: same name, other serial number; it is asked once, refused, and not one frame of it is heard."""
    mine, theirs = quick_strap(1), quick_strap(2)
    theirs.name = mine.name
    theirs.advertising = False
    bluetooth.add(mine)
    bluetooth.add(theirs)
    async with listening(source(mine, IMPATIENT)) as heard:
        await heard.until(lambda: heard.fact("serial"))
        await heard.beats(2)
        mine.advertising = False
        bluetooth.drop(mine)
        theirs.advertising = True
        await heard.until(lambda: STRANGER in (heard.reason(LinkState.SEARCHING) or ""))
        frames = len(heard.of(Notification))
        assert theirs.sent == []
        mine.advertising = True
        await heard.beats(2)
    assert theirs.sent == []
    assert len(heard.of(Notification)) > frames
    assert [fact.value for fact in heard.of(SensorFact) if fact.name == "serial"] == ["A00000000001"]
