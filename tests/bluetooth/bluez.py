"""The part of ``org.bluez`` that clients of heart-rate sensors use, on a message bus and without a radio.

Raw messages, not exported interfaces, so that a test can fail, delay or leave unanswered any call by its name.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from dbus_fast import BusType, Message, MessageType, Variant
from dbus_fast.aio import MessageBus

from tests.bluetooth.faults import HANG, BlueZError, Faults
from tests.bluetooth.gatt import Characteristic, Device
from tests.bluetooth.objects import (
    ADAPTER,
    ADAPTER_PATH,
    CHARACTERISTIC,
    DESCRIPTOR,
    DEVICE,
    OBJECTS,
    PROPERTIES,
    SERVICE,
    ObjectTree,
    adapter_properties,
    characteristic_properties,
    configuration_properties,
    device_properties,
    service_properties,
)
from tests.bluetooth.subscriptions import Subscriptions, who_leaves

__all__ = ["HANG", "BlueZError", "EmulatedBlueZ"]

ADVERTISE_EVERY_S = 0.05

Reply = tuple[str, list[Any]]
NOTHING: Reply = ("", [])


class EmulatedBlueZ:
    """An adapter with devices in reach. ``start`` takes the name on the bus, ``stop`` is the death of bluetoothd."""

    def __init__(self, bus_address: str, *, adapter: bool = True) -> None:
        self._bus_address = bus_address
        self._bus: MessageBus
        self._tree = ObjectTree()
        self._devices: dict[str, Device] = {}
        self._characteristics: dict[str, tuple[Device, Characteristic]] = {}
        self._subscriptions = Subscriptions(self._tell_notifying)
        self._discoverers: set[str] = set()
        self._faults = Faults()
        self._tasks: set[asyncio.Task[None]] = set()
        self._has_adapter = adapter
        self.calls: list[str] = []
        """Names of the calls that were seen."""
        self.refused: list[tuple[str, str]] = []
        """Call and error of each that was answered with one."""

    # ---- what a test does ---------------------------------------------------------------

    async def start(self) -> None:
        """Appear on the bus."""
        self._bus = MessageBus(bus_address=self._bus_address, bus_type=BusType.SYSTEM)
        await self._bus.connect()
        self._bus.add_message_handler(self._on_message)
        await self._bus.call(who_leaves())
        if self._has_adapter:
            self._tree[ADAPTER_PATH] = {ADAPTER: adapter_properties()}
        await self._bus.request_name("org.bluez")
        self._tree.bus = self._bus
        self._tree.tell_all()
        self._spawn(self._advertise())

    async def stop(self) -> None:
        """Vanish without a word, as bluetoothd does when it is killed."""
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._subscriptions.end_below("")
        self._bus.disconnect()
        with contextlib.suppress(Exception):  # the bus may have died before
            await self._bus.wait_for_disconnect()

    def add(self, device: Device) -> None:
        """Bring a device into reach."""
        self._devices[self._path(device)] = device
        device.notify = self._notify

    def connected(self, device: Device) -> bool:
        """Whether a client is connected to it."""
        known = self._tree.get(self._path(device))
        return known is not None and bool(known[DEVICE]["Connected"].value)

    async def hold(self, device: Device) -> None:
        """Connect to it as some program did that has died since: it no longer advertises."""
        self._seen(self._path(device), device)
        await self._connect(self._path(device), device)

    def drop(self, device: Device) -> None:
        """End the link from the device's side."""
        path = self._path(device)
        self._subscriptions.end_below(f"{path}/")
        self._tree.change(path, DEVICE, ServicesResolved=Variant("b", False), Connected=Variant("b", False))

    def power(self, on: bool) -> None:
        """Switch the adapter on or off."""
        if not on:
            for device in self._devices.values():
                if self.connected(device):
                    self.drop(device)
            self._discoverers.clear()
        self._tree.change(ADAPTER_PATH, ADAPTER, Powered=Variant("b", on), Discovering=Variant("b", False))

    def fail(self, member: str, *faults: BlueZError | float) -> None:
        """Answer the next calls of this name with errors, after seconds, or never (HANG), one each."""
        self._faults.expect(member, faults)

    # ---- the devices --------------------------------------------------------------------

    async def _advertise(self) -> None:
        while True:
            await asyncio.sleep(ADVERTISE_EVERY_S)
            for path, device in self._devices.items():
                if self._discoverers and device.advertising and not self.connected(device):
                    self._seen(path, device)

    def _seen(self, path: str, device: Device) -> None:
        if path in self._tree:
            self._tree.change(path, DEVICE, RSSI=Variant("n", device.rssi_dbm))
            return
        self._tree.publish(path, DEVICE, device_properties(device, ADAPTER_PATH))

    async def _connect(self, path: str, device: Device) -> Reply:
        await asyncio.sleep(device.connecting_s)
        if not device.advertising:
            raise BlueZError("Failed", "le-connection-abort-by-remote")
        self._tree.change(path, DEVICE, Connected=Variant("b", True))
        await asyncio.sleep(device.connecting_s)
        for s, service in enumerate(device.services):
            service_path = f"{path}/service{s * 0x20 + 1:04x}"
            self._tree.publish(service_path, SERVICE, service_properties(service, path))
            for c, characteristic in enumerate(service.characteristics):
                self._publish_characteristic(device, service_path, s * 0x20 + 2 + c * 3, characteristic)
        uuids = Variant("as", [service.uuid for service in device.services])
        self._tree.change(path, DEVICE, UUIDs=uuids, ServicesResolved=Variant("b", True))
        return NOTHING

    def _publish_characteristic(self, device: Device, service_path: str, handle: int, what: Characteristic) -> None:
        path = f"{service_path}/char{handle:04x}"
        self._characteristics[path] = (device, what)
        self._tree.publish(path, CHARACTERISTIC, characteristic_properties(what, service_path))
        if {"notify", "indicate"} & set(what.flags):  # Chromium refuses notifications without this descriptor
            self._tree.publish(f"{path}/desc{handle + 1:04x}", DESCRIPTOR, configuration_properties(path))

    def _notify(self, characteristic: Characteristic, data: bytes) -> bool:
        for path, (_, each) in self._characteristics.items():
            if each is characteristic and self._subscriptions.wanted(path):
                self._tree.change(path, CHARACTERISTIC, Value=Variant("ay", data))
                return True
        return False

    def _tell_notifying(self, path: str, on: bool) -> None:
        self._tree.change(path, CHARACTERISTIC, Notifying=Variant("b", on))
        tell = self._characteristics[path][1].notifying
        if tell is not None:
            tell(on)

    # ---- calls --------------------------------------------------------------------------

    def _on_message(self, message: Message) -> bool | None:
        if message.message_type is MessageType.SIGNAL and message.member == "NameOwnerChanged":
            name, _, owner = message.body
            if not owner:
                self._discoverers.discard(name)
                self._subscriptions.leave(name)
            return None
        if message.message_type is not MessageType.METHOD_CALL or message.path is None:
            return None
        self._spawn(self._answer(message))
        return True

    async def _answer(self, message: Message) -> None:
        member = message.member or ""
        self.calls.append(member)
        try:
            await self._faults.meet(member)
            handler = self._handlers().get((message.interface or "", member))
            if handler is None:
                raise BlueZError("org.freedesktop.DBus.Error.UnknownMethod", member)
            if message.path not in self._tree and member != "GetManagedObjects":
                raise BlueZError("org.freedesktop.DBus.Error.UnknownObject", str(message.path))
            signature, body = await handler(message)
            reply = Message.new_method_return(message, signature, body)
        except BlueZError as error:
            self.refused.append((member, error.name))
            reply = Message.new_error(message, error.name, error.text)
        await self._bus.send(reply)

    def _handlers(self) -> Mapping[tuple[str, str], Callable[[Message], Awaitable[Reply]]]:
        return {
            (OBJECTS, "GetManagedObjects"): self._managed_objects,
            (PROPERTIES, "Get"): self._get,
            (PROPERTIES, "GetAll"): self._get_all,
            (PROPERTIES, "Set"): self._set,
            (ADAPTER, "SetDiscoveryFilter"): self._set_discovery_filter,
            (ADAPTER, "StartDiscovery"): self._start_discovery,
            (ADAPTER, "StopDiscovery"): self._stop_discovery,
            (DEVICE, "Connect"): lambda m: self._connect(str(m.path), self._devices[str(m.path)]),
            (DEVICE, "Disconnect"): self._disconnect,
            (DEVICE, "Pair"): self._pair,
            (CHARACTERISTIC, "ReadValue"): self._read,
            (CHARACTERISTIC, "WriteValue"): self._write,
            (CHARACTERISTIC, "StartNotify"): self._start_notify,
            (CHARACTERISTIC, "StopNotify"): self._stop_notify,
        }

    async def _managed_objects(self, _: Message) -> Reply:
        return "a{oa{sa{sv}}}", [self._tree]

    async def _get(self, message: Message) -> Reply:
        interface, name = message.body
        try:
            return "v", [self._tree[str(message.path)][interface][name]]
        except KeyError:
            raise BlueZError("org.freedesktop.DBus.Error.InvalidArgs", name) from None

    async def _get_all(self, message: Message) -> Reply:
        return "a{sv}", [self._tree[str(message.path)].get(message.body[0], {})]

    async def _set(self, message: Message) -> Reply:
        interface, name, value = message.body
        self._tree.change(str(message.path), interface, **{name: value})
        return NOTHING

    async def _set_discovery_filter(self, _: Message) -> Reply:
        return NOTHING

    async def _start_discovery(self, message: Message) -> Reply:
        if not self._tree[ADAPTER_PATH][ADAPTER]["Powered"].value:
            raise BlueZError("NotReady", "Resource Not Ready")
        if message.sender in self._discoverers:
            raise BlueZError("InProgress", "Operation already in progress")
        self._discoverers.add(str(message.sender))
        return NOTHING

    async def _stop_discovery(self, message: Message) -> Reply:
        if message.sender not in self._discoverers:
            raise BlueZError("Failed", "No discovery started")
        self._discoverers.discard(message.sender)
        return NOTHING

    async def _disconnect(self, message: Message) -> Reply:
        self.drop(self._devices[str(message.path)])
        return NOTHING

    async def _read(self, message: Message) -> Reply:
        return "ay", [self._reachable(message)[1].value]

    async def _write(self, message: Message) -> Reply:
        characteristic = self._reachable(message)[1]
        if "write" not in characteristic.flags or characteristic.written is None:
            raise BlueZError("NotPermitted", "Write not permitted")
        characteristic.written(bytes(message.body[0]))
        return NOTHING

    async def _pair(self, message: Message) -> Reply:
        self._tree.change(str(message.path), DEVICE, Paired=Variant("b", True))
        return NOTHING

    async def _start_notify(self, message: Message) -> Reply:
        self._reachable(message)
        self._subscriptions.join(str(message.path), str(message.sender))
        return NOTHING

    async def _stop_notify(self, message: Message) -> Reply:
        self._subscriptions.leave(str(message.sender), str(message.path))
        return NOTHING

    def _reachable(self, message: Message) -> tuple[Device, Characteristic]:
        device, characteristic = self._characteristics[str(message.path)]
        if not self.connected(device):
            raise BlueZError("NotConnected", "Not Connected")
        return device, characteristic

    # ---- the rest -------------------------------------------------------------------------

    def _path(self, device: Device) -> str:
        return f"{ADAPTER_PATH}/dev_{device.address.replace(':', '_')}"

    def _spawn(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
