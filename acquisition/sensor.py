"""Live heart-rate sensors over Bluetooth LE. The only file that imports bleak, and where its errors and logs end.

A sensor is known by the heart-rate service it offers and by its address, never by its name.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import re
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from random import Random
from weakref import WeakKeyDictionary

from bleak import BleakAdapter, BleakClient, BleakScanner
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData
from bleak.exc import (
    BleakBluetoothNotAvailableError,
    BleakBluetoothNotAvailableReason,
    BleakDBusError,
    BleakDeviceNotFoundError,
)

from acquisition.bounded import bounded
from acquisition.clock import ReadNs, monotonic_ns
from acquisition.errors import BluetoothUnavailable, SensorError, SensorNotFound
from acquisition.links import Link, LinkTimings, Sink
from acquisition.live_source import LiveSource
from acquisition.supervision import Supervisor

__all__ = ["RSSI_UNKNOWN_DBM", "FoundSensor", "LinkTimings", "SensorSource", "scan"]

SIG_UUID = "0000{:04x}-0000-1000-8000-00805f9b34fb"
HEART_RATE_SERVICE = SIG_UUID.format(0x180D)
BATTERY_SERVICE = SIG_UUID.format(0x180F)
MEASUREMENT = SIG_UUID.format(0x2A37)
TEXTS = {
    "manufacturer": SIG_UUID.format(0x2A29),
    "model": SIG_UUID.format(0x2A24),
    "serial": SIG_UUID.format(0x2A25),
    "firmware": SIG_UUID.format(0x2A26),
}
NUMBERS = {"battery_percent": SIG_UUID.format(0x2A19)}
LOCATION = SIG_UUID.format(0x2A38)
PLACES = ("other", "chest", "wrist", "finger", "hand", "ear lobe", "foot")
"""Values of Body Sensor Location (0x2A38), from 0."""

RSSI_UNKNOWN_DBM = -127
"""Given for a sensor that this machine is connected to: it does not advertise, so its strength is not known."""

NOT_SEEN = "the sensor was not seen"
NOT_SEEN_REMEDY = (
    "put the strap on with moist electrodes; close apps and watches that may hold it; come closer to this computer"
)
OFF = "Bluetooth is off"
OFF_REMEDY = "turn Bluetooth on; the sensor is looked for again by itself"
ABSENT = "this computer has no Bluetooth LE"
ABSENT_REMEDY = "plug in a Bluetooth adapter, or practise with a simulated heart or a recording"
NO_SERVICE = "the system's Bluetooth service is not running"
NO_SERVICE_REMEDY = (
    "start it (on Linux: sudo systemctl start bluetooth), or practise with a simulated heart or a recording"
)
DENIED = "this program may not use Bluetooth"
DENIED_REMEDY = "allow it in the system's privacy settings (on Linux: join the group bluetooth), then start again"

_LOG = logging.getLogger(__name__)
_ADDRESS = re.compile(r"([0-9A-F]{2}[:_-]){5}[0-9A-F]{2}", re.IGNORECASE)

_radios: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Lock] = WeakKeyDictionary()
"""One right to scan and connect a process (a process has one loop for Bluetooth, tests one after the other): BlueZ
answers InProgress to the second of two. The only module state; it holds nothing of any session."""


@dataclass(frozen=True, slots=True)
class FoundSensor:
    """One heart-rate sensor within reach."""

    address: str
    """What to connect to; on macOS an identifier that only this computer knows."""
    name: str | None
    """What is printed on it, or None when it does not say."""
    rssi_dbm: int
    """Signal strength; RSSI_UNKNOWN_DBM when this computer holds the sensor already."""
    services: tuple[str, ...]
    """UUIDs of the services that it tells of before a connection."""
    offers: tuple[str, ...]
    """"rr?" (heart-rate service; whether it sends intervals shows once connected) and "battery"."""


async def scan(seconds: float = 5.0) -> list[FoundSensor]:
    """Heart-rate sensors seen within ``seconds``, strongest first, and those that this computer holds already.

    Raises BluetoothUnavailable with what to do, or SensorError when the scan itself fails.
    """
    _retell_logs()
    limit_s = LinkTimings().connect_s
    async with _radio():
        held = await bounded(_held(), limit_s, limit_s, "asking for Bluetooth")
        seen = await bounded(_discover(seconds), seconds + limit_s, limit_s, "scanning")
    found = {device.address: _found(device, RSSI_UNKNOWN_DBM, [HEART_RATE_SERVICE]) for device in held}
    found |= {device.address: _found(device, data.rssi, data.service_uuids) for device, data in seen}
    return sorted(found.values(), key=lambda sensor: (-sensor.rssi_dbm, sensor.address))


class SensorSource(LiveSource):
    """A ``BeatSource`` on the sensor at ``address``: connects by itself, and again whenever the link is lost.

    Trouble with the sensor or with Bluetooth never ends it; it comes as link changes with a reason.
    """

    def __init__(
        self,
        address: str,
        *,
        timings: LinkTimings = LinkTimings(),  # noqa: B008 - frozen
        stream: str = "heart-1",
        origin_ns: int | None = None,
        clock: ReadNs = monotonic_ns,
    ) -> None:
        def supervise(sink: Sink) -> Supervisor:
            return Supervisor(address, BleakConnector(), sink, clock=clock, timings=timings, random=Random())  # noqa: S311 - back-off

        super().__init__(supervise, name=address, stream=stream, origin_ns=origin_ns, clock=clock)
        _retell_logs()


class BleakConnector:
    """Makes links with bleak; see ``links.Connector``."""

    def __init__(self) -> None:
        self._took_held = False

    def exclusive(self) -> AbstractAsyncContextManager[object]:
        """The process-wide right to scan and connect."""
        return _radio()

    async def ready(self) -> None:
        """Raises BluetoothUnavailable when the adapter, its power or the system's service is missing."""
        await _held()

    async def find(self, address: str, seconds: float) -> BLEDevice:
        """The device, whether advertising or held by this computer already (after a crash, say).

        A held one is taken every second time only: after the system's service has died, bleak goes on believing in
        links that are no more, until the sensor is seen advertising again.
        """
        wanted = address.upper()
        held = next((device for device in await _held() if device.address.upper() == wanted), None)
        self._took_held = held is not None and not self._took_held
        if held is not None and self._took_held:
            return held

        def is_wanted(device: BLEDevice, _: AdvertisementData) -> bool:
            return device.address.upper() == wanted

        with _translated():
            found = await BleakScanner.find_device_by_filter(
                is_wanted, timeout=seconds, service_uuids=[HEART_RATE_SERVICE]
            )
        if found is None:
            raise SensorNotFound(NOT_SEEN, remedy=NOT_SEEN_REMEDY)
        return found

    async def connect(self, found: BLEDevice, seconds: float, on_lost: Callable[[], None]) -> Link:
        """A connected client, new each time."""
        client = BleakClient(found, disconnected_callback=lambda _: on_lost(), timeout=seconds)
        with _translated():
            await client.connect()
        return BleakLink(client, found.name)


class BleakLink:
    """One connected client; see ``links.Link``."""

    def __init__(self, client: BleakClient, name: str | None) -> None:
        self._client = client
        self.name = name

    async def subscribe(self, on_frame: Callable[[bytes], None]) -> None:
        """Start notifications of 0x2A37."""
        with _translated():
            if self._client.services.get_characteristic(MEASUREMENT) is None:
                raise SensorError("this device sends no heart rate", remedy="choose another one")
            await self._client.start_notify(
                MEASUREMENT, lambda _, data: on_frame(bytes(data)), bluez={"use_start_notify": True}
            )

    async def fact(self, name: str) -> str | None:
        """One fact, or None when the sensor has no such characteristic or it holds nothing."""
        uuid = TEXTS.get(name) or NUMBERS.get(name) or LOCATION
        with _translated():
            characteristic = self._client.services.get_characteristic(uuid)
            data = bytes(await self._client.read_gatt_char(characteristic)) if characteristic else b""
        if name in TEXTS:
            return data.split(b"\0")[0].decode("utf-8", "replace").strip() or None
        if not data:
            return None
        if name in NUMBERS:
            return str(data[0])
        return PLACES[data[0]] if data[0] < len(PLACES) else None

    async def unsubscribe(self) -> None:
        """Stop notifications of 0x2A37."""
        with _translated():
            await self._client.stop_notify(MEASUREMENT)

    async def disconnect(self) -> None:
        """Disconnect, or clean up after the other side did."""
        with _translated():
            await self._client.disconnect()


def _found(device: BLEDevice, rssi_dbm: int, services: list[str]) -> FoundSensor:
    offers = ("rr?", "battery") if BATTERY_SERVICE in services else ("rr?",)
    return FoundSensor(device.address, device.name, rssi_dbm, tuple(services), offers)


async def _discover(seconds: float) -> list[tuple[BLEDevice, AdvertisementData]]:
    with _translated():
        seen = await BleakScanner.discover(timeout=seconds, return_adv=True, service_uuids=[HEART_RATE_SERVICE])
    return list(seen.values())


async def _held() -> list[BLEDevice]:
    """Heart-rate sensors that this computer is connected to; raises BluetoothUnavailable."""
    with _translated(), contextlib.suppress(NotImplementedError):  # bleak has this on some systems only
        adapter = await BleakAdapter.get()
        return await adapter.get_connected_devices([HEART_RATE_SERVICE])
    return []


@contextlib.asynccontextmanager
async def _radio() -> AsyncIterator[None]:
    loop = asyncio.get_running_loop()
    async with _radios.setdefault(loop, asyncio.Lock()):
        yield


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
        return BluetoothUnavailable(unavailable[0], remedy=unavailable[1])
    if isinstance(error, BleakDeviceNotFoundError):
        return SensorNotFound(NOT_SEEN, remedy=NOT_SEEN_REMEDY)
    if isinstance(error, TimeoutError):
        return SensorError("the sensor did not answer in time", remedy="it is tried again")
    detail = _ADDRESS.sub("the sensor", str(error)) or type(error).__name__
    return SensorError(f"the Bluetooth link failed ({detail})", remedy="it is tried again")


def _unavailable(error: Exception) -> tuple[str, str] | None:
    """What is wrong with Bluetooth as a whole and what to do, or None when the trouble is with one sensor."""
    reasons = BleakBluetoothNotAvailableReason
    if isinstance(error, BleakBluetoothNotAvailableError):
        if error.reason is reasons.POWERED_OFF:
            return OFF, OFF_REMEDY
        if error.reason in (reasons.NO_BLUETOOTH, reasons.NO_BLE_CENTRAL_ROLE):
            return ABSENT, ABSENT_REMEDY
        return DENIED, DENIED_REMEDY
    if isinstance(error, BleakDBusError):
        name = error.dbus_error.rpartition(".")[2]
        if name in ("ServiceUnknown", "NameHasNoOwner", "Disconnected", "NoReply"):
            return NO_SERVICE, NO_SERVICE_REMEDY
        if name == "AccessDenied":
            return DENIED, DENIED_REMEDY
        return (OFF, OFF_REMEDY) if name == "NotReady" else None
    if isinstance(error, PermissionError):
        return DENIED, DENIED_REMEDY
    if isinstance(error, (OSError, EOFError)) and not isinstance(error, TimeoutError):
        return NO_SERVICE, NO_SERVICE_REMEDY  # the socket of the system's message bus is missing, dead or dying
    return None


class _Retell(logging.Handler):
    """Takes bleak's warnings into our own log, at a level that is not shown by default and without addresses."""

    def emit(self, record: logging.LogRecord) -> None:
        _LOG.debug("bleak: %s", _ADDRESS.sub("(address)", record.getMessage()))


def _retell_logs() -> None:
    """Keep bleak from writing to the terminal: what a person needs to know comes as a reason."""
    log = logging.getLogger("bleak")
    if not any(isinstance(handler, _Retell) for handler in log.handlers):
        log.addHandler(_Retell(logging.WARNING))
        log.propagate = False
