"""The real bleak when Bluetooth itself goes: adapter off, service gone, message bus dead."""

from __future__ import annotations

import asyncio

import pytest

from acquisition import LinkState, Tick
from acquisition.sensor import SensorSource
from tests.bluetooth.bluez import BlueZError, EmulatedBlueZ
from tests.bluetooth.fixtures import settle
from tests.bluetooth.listening import listening
from tests.bluetooth.private_bus import PrivateBus
from tests.bluetooth.quick import SHORT, quick_strap, source

pytestmark = pytest.mark.bluetooth


async def test_bluetooth_switched_off_and_on_recovers(bluetooth: EmulatedBlueZ) -> None:
    """Row 5: off is told with a remedy, asked for without a search, and does not end the stream."""
    strap = quick_strap()
    bluetooth.add(strap)
    async with listening(source(strap)) as heard:
        await heard.beats(3)
        bluetooth.power(False)
        await heard.link(LinkState.BLUETOOTH_OFF)
        assert "turn Bluetooth on" in (heard.reason(LinkState.BLUETOOTH_OFF) or "")
        bluetooth.calls.clear()
        await asyncio.sleep(0.5)
        assert "StartDiscovery" not in bluetooth.calls
        bluetooth.power(True)
        await heard.beats(3)
        await heard.gap()


async def test_a_restart_of_the_bluetooth_service_recovers(bluetooth: EmulatedBlueZ, bluetooth_bus: PrivateBus) -> None:
    """Row 3: bluetoothd dies without a word; the watchdog notices, and the stream comes back with the service."""
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
    """Row 4: the bus going away ends the link at once and then counts as Bluetooth off."""
    strap = quick_strap()
    bluetooth.add(strap)
    async with listening(source(strap)) as heard:
        await heard.beats(3)
        bluetooth_bus.stop()
        await heard.link(LinkState.BLUETOOTH_OFF)
        assert heard.links()[-2] is LinkState.LOST


async def test_a_stream_without_a_message_bus_ticks_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """Row 4: a session can run without any Bluetooth and say so."""
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent/bus")
    async with listening(SensorSource("A0:00:00:00:00:01", timings=SHORT)) as heard:
        await heard.link(LinkState.BLUETOOTH_OFF)
        await heard.until(lambda: heard.of(Tick))
    assert heard.links() == [LinkState.BLUETOOTH_OFF]


async def test_a_computer_without_an_adapter_is_told_what_to_do(bluetooth_bus: PrivateBus) -> None:
    """Row 5: absent is another cause than switched off, and it is looked for again when one is plugged in."""
    bluez = EmulatedBlueZ(bluetooth_bus.address, adapter=False)
    await bluez.start()
    strap = quick_strap()
    async with listening(source(strap)) as heard:
        await heard.link(LinkState.BLUETOOTH_OFF)
        assert "plug in a Bluetooth adapter" in (heard.reason(LinkState.BLUETOOTH_OFF) or "")
        await bluez.stop()
        plugged = EmulatedBlueZ(bluetooth_bus.address)
        plugged.add(strap)
        await plugged.start()
        await heard.beats(2)
    await plugged.stop()
    bluetooth_bus.stop()
    await settle()


async def test_a_system_that_forbids_bluetooth_is_told_apart(bluetooth: EmulatedBlueZ) -> None:
    """Row 4: no permission has a remedy of its own, and comes right by itself once it is given."""
    strap = quick_strap()
    bluetooth.add(strap)
    bluetooth.fail("StartDiscovery", BlueZError("org.freedesktop.DBus.Error.AccessDenied"))
    async with listening(source(strap)) as heard:
        await heard.link(LinkState.BLUETOOTH_OFF)
        assert "privacy settings" in (heard.reason(LinkState.BLUETOOTH_OFF) or "")
        await heard.beats(2)
