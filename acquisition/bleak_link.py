"""Bluetooth by bleak: the only file that imports it, and where its errors end (``links.Connector``, ``links.Link``)."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractAsyncContextManager

from bleak import BleakAdapter, BleakClient, BleakScanner
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData
from bleak.exc import (
    BleakBluetoothNotAvailableError,
    BleakBluetoothNotAvailableReason,
    BleakDBusError,
    BleakDeviceNotFoundError,
    BleakError,
    BleakGATTProtocolError,
    BleakGATTProtocolErrorCode,
)

from acquisition import sensor_words as words
from acquisition.errors import BluetoothServiceMissing, BluetoothUnavailable, SensorError, SensorNotFound
from acquisition.found_sensor import HEART_RATE_SERVICE
from acquisition.identity import Identity
from acquisition.links import Link, Signal
from acquisition.one_radio import radio
from acquisition.polar_link import PolarLink
from acquisition.quiet_log import ADDRESS
from acquisition.sensor_facts import CHARACTERISTICS, SIG_UUID, meaning

MEASUREMENT = SIG_UUID.format(0x2A37)
PROTOCOL_BYTES = 3
"""What the attribute protocol itself takes of each packet."""


class BleakConnector:
    """Makes links with bleak; see ``links.Connector``."""

    def __init__(self, control_s: float) -> None:
        self._control_s = control_s
        self._took_held = False

    def exclusive(self) -> AbstractAsyncContextManager[object]:
        """The process-wide right to scan and connect."""
        return radio()

    async def ready(self) -> None:
        """Raises BluetoothUnavailable when the adapter, its power or the system's service is missing."""
        await held()

    async def find(self, wanted: Identity, seconds: float, strangers: Collection[str]) -> BLEDevice:
        """The device, whether advertising or held by this computer already (after a crash, say).

        A held one is taken every second time only: after the system's service has died, bleak goes on believing in
        links that are no more, until the sensor is seen advertising again.
        """
        known = next((device for device in await held() if wanted.has_address(device.address)), None)
        self._took_held = known is not None and not self._took_held
        if known is not None and self._took_held:
            return known
        namesakes: dict[str, BLEDevice] = {}

        def is_wanted(device: BLEDevice, data: AdvertisementData) -> bool:
            if wanted.is_namesake(device.address, data.local_name or device.name) and device.address not in strangers:
                namesakes[device.address] = device
            return wanted.has_address(device.address)

        with _translated():
            found = await BleakScanner.find_device_by_filter(
                is_wanted, timeout=seconds, service_uuids=[HEART_RATE_SERVICE]
            )
        if found is not None:
            return found
        if namesakes and wanted.serial is not None:
            return next(iter(namesakes.values()))
        if namesakes:
            raise SensorNotFound(words.NAMESAKE.format(wanted.name), remedy=words.NAMESAKE_REMEDY)
        raise SensorNotFound(words.NOT_SEEN, remedy=words.NOT_SEEN_REMEDY)

    async def connect(self, found: BLEDevice, seconds: float, on_lost: Callable[[], None]) -> Link:
        """A connected client, new each time."""
        client = BleakClient(found, disconnected_callback=lambda _: on_lost(), timeout=seconds)
        with _translated():
            await client.connect()
        return BleakLink(client, found, self._control_s)


class BleakGatt:
    """Characteristics of one connected client by their UUID; see ``polar_link.Gatt``. Errors are bleak's own."""

    def __init__(self, client: BleakClient) -> None:
        self._client = client

    def packet_size(self, uuid: str) -> int | None:
        """Bytes a packet may have, or None when there is no such characteristic."""
        found = self._client.services.get_characteristic(uuid)
        return None if found is None else found.max_write_without_response_size + PROTOCOL_BYTES

    async def read(self, uuid: str) -> bytes:
        """Its value."""
        return bytes(await self._client.read_gatt_char(uuid))

    async def notify(self, uuid: str, take: Callable[[bytes], None]) -> None:
        """Call ``take`` with each value from now on."""
        await self._client.start_notify(uuid, lambda _, data: take(bytes(data)), bluez={"use_start_notify": True})

    async def write(self, uuid: str, data: bytes) -> None:
        """Write and wait for the acknowledgement; pairs once when the sensor wants to be paired."""
        try:
            await self._client.write_gatt_char(uuid, data, response=True)
        except BleakError as error:
            if not _wants_pairing(error):
                raise
            try:
                await self._client.pair()
                await self._client.write_gatt_char(uuid, data, response=True)
            except (BleakError, NotImplementedError) as still:
                raise SensorError(words.NOT_PAIRED, remedy=words.NOT_PAIRED_REMEDY) from still


class BleakLink:
    """One connected client; see ``links.Link``."""

    def __init__(self, client: BleakClient, device: BLEDevice, control_s: float) -> None:
        self._client = client
        self._gatt = BleakGatt(client)
        self._polar = PolarLink(self._gatt, control_s)
        self.address, self.name = device.address, device.name

    async def subscribe(self, on_frame: Callable[[bytes], None]) -> None:
        """Start notifications of 0x2A37."""
        with _translated():
            if self._gatt.packet_size(MEASUREMENT) is None:
                raise SensorError(words.NO_HEART_RATE, remedy=words.NO_HEART_RATE_REMEDY)
            await self._gatt.notify(MEASUREMENT, on_frame)

    async def fact(self, name: str) -> str | None:
        """One fact, or None when the sensor has no such characteristic or it holds nothing."""
        uuid = CHARACTERISTICS[name]
        if self._gatt.packet_size(uuid) is None:
            return None
        with _translated():
            return meaning(name, await self._gatt.read(uuid))

    async def measure(
        self, signal: Signal, on_samples: Callable[[bytes], None], on_ended: Callable[[Signal], None]
    ) -> None:
        """Start a signal of Polar's measurement service."""
        with _translated():
            await self._polar.measure(signal, on_samples, on_ended)

    async def stop_measuring(self) -> None:
        """Stop what was started, so that the sensor's radio and battery rest."""
        with _translated():
            await self._polar.stop()

    async def unsubscribe(self) -> None:
        """Stop notifications of 0x2A37."""
        with _translated():
            await self._client.stop_notify(MEASUREMENT)

    async def disconnect(self) -> None:
        """Disconnect, or clean up after the other side did."""
        with _translated():
            await self._client.disconnect()


async def discover(seconds: float) -> list[tuple[BLEDevice, AdvertisementData]]:
    """Heart-rate sensors that advertise, with what they tell; raises SensorError."""
    with _translated():
        seen = await BleakScanner.discover(timeout=seconds, return_adv=True, service_uuids=[HEART_RATE_SERVICE])
    return list(seen.values())


async def held() -> list[BLEDevice]:
    """Heart-rate sensors that this computer is connected to; raises BluetoothUnavailable."""
    with _translated(), contextlib.suppress(NotImplementedError):  # bleak has this on some systems only
        adapter = await BleakAdapter.get()
        return await adapter.get_connected_devices([HEART_RATE_SERVICE])
    return []


@contextlib.contextmanager
def _translated() -> Iterator[None]:
    """Errors of bleak and of the system below it, in the project's own tree."""
    try:
        yield
    except SensorError:
        raise
    except Exception as error:  # bleak lets errors of its backends through: OSError, EOFError, KeyError and more
        raise _translate(error) from error


def _translate(error: Exception) -> SensorError:
    unavailable = _unavailable(error)
    if unavailable is not None:
        what, remedy = unavailable
        missing = what in (words.NO_SERVICE, words.DENIED)
        return (BluetoothServiceMissing if missing else BluetoothUnavailable)(what, remedy=remedy)
    if isinstance(error, BleakDeviceNotFoundError):
        return SensorNotFound(words.NOT_SEEN, remedy=words.NOT_SEEN_REMEDY)
    if isinstance(error, TimeoutError):
        return SensorError("the sensor did not answer in time", remedy="it is tried again")
    detail = ADDRESS.sub("the sensor", str(error)) or type(error).__name__
    return SensorError(f"the Bluetooth link failed ({detail})", remedy="it is tried again")


def _wants_pairing(error: BleakError) -> bool:
    if isinstance(error, BleakGATTProtocolError):
        codes = BleakGATTProtocolErrorCode
        return error.code in (codes.INSUFFICIENT_AUTHENTICATION, codes.INSUFFICIENT_ENCRYPTION)
    return isinstance(error, BleakDBusError) and error.dbus_error.endswith((".NotPermitted", ".NotAuthorized"))


def _unavailable(error: Exception) -> tuple[str, str] | None:
    """What is wrong with Bluetooth as a whole and what to do, or None when the trouble is with one sensor."""
    reasons = BleakBluetoothNotAvailableReason
    if isinstance(error, BleakBluetoothNotAvailableError):
        if error.reason is reasons.POWERED_OFF:
            return words.OFF, words.OFF_REMEDY
        if error.reason in (reasons.NO_BLUETOOTH, reasons.NO_BLE_CENTRAL_ROLE):
            return words.ABSENT, words.ABSENT_REMEDY
        return words.DENIED, words.DENIED_REMEDY
    if isinstance(error, BleakDBusError):
        name = error.dbus_error.rpartition(".")[2]
        if name in ("ServiceUnknown", "NameHasNoOwner", "Disconnected", "NoReply"):
            return words.NO_SERVICE, words.NO_SERVICE_REMEDY
        if name == "AccessDenied":
            return words.DENIED, words.DENIED_REMEDY
        return (words.OFF, words.OFF_REMEDY) if name == "NotReady" else None
    if isinstance(error, PermissionError):
        return words.DENIED, words.DENIED_REMEDY
    if isinstance(error, (OSError, EOFError)) and not isinstance(error, TimeoutError):
        return (
            words.NO_SERVICE,
            words.NO_SERVICE_REMEDY,
        )  # the socket of the system's message bus is missing, dead or dying
    return None
