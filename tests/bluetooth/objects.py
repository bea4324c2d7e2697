"""The objects that a Bluetooth service shows on the bus, and the signals that tell of their changes."""

from __future__ import annotations

from typing import Any

from dbus_fast import Message, MessageType, Variant
from dbus_fast.aio import MessageBus

OBJECTS = "org.freedesktop.DBus.ObjectManager"
PROPERTIES = "org.freedesktop.DBus.Properties"

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
