"""Scanning with the real bleak: what is in reach, and clear words when Bluetooth itself is not."""

from __future__ import annotations

import pytest

from acquisition import BluetoothUnavailable
from acquisition.sensor import scan
from tests.bluetooth.bluez import BlueZError, EmulatedBlueZ
from tests.bluetooth.fixtures import settle
from tests.bluetooth.listening import listening
from tests.bluetooth.private_bus import PrivateBus
from tests.bluetooth.quick import quick_strap, source

pytestmark = pytest.mark.bluetooth


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
    """Row 6: a connected strap does not advertise, yet can be found."""
    strap = quick_strap()
    bluetooth.add(strap)
    async with listening(source(strap)) as heard:
        await heard.beats(1)
        assert [s.address for s in await scan(0.2)] == [strap.address]


async def test_a_scan_with_bluetooth_off_says_what_to_do(bluetooth: EmulatedBlueZ) -> None:
    """Row 5: the error names the cause and the remedy."""
    bluetooth.power(False)
    with pytest.raises(BluetoothUnavailable, match="Bluetooth is off; turn Bluetooth on"):
        await scan(0.2)


async def test_a_scan_without_an_adapter_says_so(bluetooth_bus: PrivateBus) -> None:
    """Row 5: a machine without Bluetooth is told apart from Bluetooth switched off."""
    bluez = EmulatedBlueZ(bluetooth_bus.address, adapter=False)
    await bluez.start()
    with pytest.raises(BluetoothUnavailable, match="no Bluetooth LE"):
        await scan(0.2)
    await bluez.stop()
    bluetooth_bus.stop()
    await settle()


async def test_a_scan_without_the_bluetooth_service_says_so(bluetooth_bus: PrivateBus) -> None:
    """Row 4: a bus without bluetoothd is a service that is not running."""
    with pytest.raises(BluetoothUnavailable, match="service is not running"):
        await scan(0.2)


async def test_a_scan_without_a_message_bus_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """Row 4: No D-Bus at all ends in the same clear words, not in a FileNotFoundError."""
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent/bus")
    with pytest.raises(BluetoothUnavailable, match="service is not running"):
        await scan(0.2)


async def test_a_scan_that_is_refused_says_why(bluetooth: EmulatedBlueZ) -> None:
    """Row 4: a system that forbids Bluetooth is told apart from one without it."""
    bluetooth.fail("StartDiscovery", BlueZError("org.freedesktop.DBus.Error.AccessDenied"))
    with pytest.raises(BluetoothUnavailable, match="may not use Bluetooth"):
        await scan(0.2)
