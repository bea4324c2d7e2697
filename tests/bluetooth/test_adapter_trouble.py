"""The real bleak when Bluetooth itself goes: adapter off, service gone, message bus dead."""

from __future__ import annotations

import pytest

from acquisition import LinkState, Tick
from acquisition.sensor import SensorSource
from tests.bluetooth.bluez import EmulatedBlueZ
from tests.bluetooth.listening import listening
from tests.bluetooth.private_bus import PrivateBus
from tests.bluetooth.quick import SHORT, quick_strap, source

pytestmark = pytest.mark.bluetooth


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
