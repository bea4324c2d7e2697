"""The objects that a Bluetooth service shows on the bus, and the signals that tell of their changes."""

from __future__ import annotations

from typing import Any

from dbus_fast import Message, MessageType, Variant
from dbus_fast.aio import MessageBus

from tests.bluetooth.gatt import Characteristic, Device, Service, sig_uuid

OBJECTS = "org.freedesktop.DBus.ObjectManager"
PROPERTIES = "org.freedesktop.DBus.Properties"
ADAPTER = "org.bluez.Adapter1"
DEVICE = "org.bluez.Device1"
SERVICE = "org.bluez.GattService1"
CHARACTERISTIC = "org.bluez.GattCharacteristic1"
DESCRIPTOR = "org.bluez.GattDescriptor1"
ADAPTER_PATH = "/org/bluez/hci0"

Properties = dict[str, Variant]


class ObjectTree(dict[str, dict[str, Properties]]):
    """Path → interface → properties. What is put here through ``publish`` and ``change`` is told on the bus."""

    bus: MessageBus | None = None
    """Where to tell it; None before the service is there."""

    def publish(self, path: str, interface: str, properties: Properties) -> None:
        """Show a new interface; an old one stays as it is."""
        known = self.setdefault(path, {})
        if interface not in known:
            known[interface] = properties
            self._signal("/", OBJECTS, "InterfacesAdded", "oa{sa{sv}}", [path, {interface: properties}])

    def change(self, path: str, interface: str, **changed: Variant) -> None:
        """Give properties new values, where the object exists."""
        if path in self:
            self[path][interface].update(changed)
            self._signal(path, PROPERTIES, "PropertiesChanged", "sa{sv}as", [interface, changed, []])

    def tell_all(self) -> None:
        """Everything there is, as when the service starts."""
        for path, interfaces in self.items():
            self._signal("/", OBJECTS, "InterfacesAdded", "oa{sa{sv}}", [path, interfaces])

    def _signal(self, path: str, interface: str, member: str, signature: str, body: list[Any]) -> None:
        if self.bus is not None and self.bus.connected:
            self.bus.send(
                Message(
                    message_type=MessageType.SIGNAL,
                    path=path,
                    interface=interface,
                    member=member,
                    signature=signature,
                    body=body,
                )
            )


def adapter_properties() -> Properties:
    """Of the one adapter, switched on."""
    return {
        "Address": Variant("s", "02:00:00:00:00:00"),
        "Alias": Variant("s", "emulated"),
        "Powered": Variant("b", True),
        "Discovering": Variant("b", False),
        "Roles": Variant("as", ["central"]),
        "UUIDs": Variant("as", []),
    }


def device_properties(device: Device, adapter_path: str) -> Properties:
    """Of a device just seen."""
    properties = {
        "Address": Variant("s", device.address),
        "AddressType": Variant("s", "random"),
        "Alias": Variant("s", device.name or device.address.replace(":", "-")),
        "Adapter": Variant("o", adapter_path),
        "RSSI": Variant("n", device.rssi_dbm),
        "UUIDs": Variant("as", list(device.advertised)),
    }
    for name in ("Paired", "Bonded", "Trusted", "Blocked", "LegacyPairing", "Connected", "ServicesResolved"):
        properties[name] = Variant("b", False)
    if device.name is not None:
        properties["Name"] = Variant("s", device.name)
    return properties


def service_properties(service: Service, device_path: str) -> Properties:
    """Of a primary service."""
    return {
        "UUID": Variant("s", service.uuid),
        "Device": Variant("o", device_path),
        "Primary": Variant("b", True),
        "Includes": Variant("ao", []),
    }


def characteristic_properties(characteristic: Characteristic, service_path: str) -> Properties:
    """Of a characteristic that nobody has subscribed to."""
    return {
        "UUID": Variant("s", characteristic.uuid),
        "Service": Variant("o", service_path),
        "Flags": Variant("as", list(characteristic.flags)),
        "Value": Variant("ay", b""),
        "Notifying": Variant("b", False),
        "MTU": Variant("q", characteristic.packet_size),
    }


def configuration_properties(characteristic_path: str) -> Properties:
    """Of the descriptor that subscriptions are written to (0x2902)."""
    return {
        "UUID": Variant("s", sig_uuid(0x2902)),
        "Characteristic": Variant("o", characteristic_path),
        "Value": Variant("ay", b""),
        "Flags": Variant("as", ["read", "write"]),
    }
