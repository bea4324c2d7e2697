"""What an emulated device offers: services of characteristics, as plain values and callbacks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field


def sig_uuid(number: int) -> str:
    """The full UUID of a number assigned by the Bluetooth SIG."""
    return f"0000{number:04x}-0000-1000-8000-00805f9b34fb"


@dataclass
class Characteristic:
    """One characteristic; ``notifying`` is called with True and False as clients come and go."""

    uuid: str
    flags: tuple[str, ...]
    value: bytes = b""
    notifying: Callable[[bool], None] | None = None
    written: Callable[[bytes], None] | None = None
    """Called with what a client writes."""
    packet_size: int = 247
    """Bytes that the negotiated packets have."""


@dataclass
class Service:
    """One primary service."""

    uuid: str
    characteristics: Sequence[Characteristic]


@dataclass
class Device:
    """One device in reach of the emulated adapter."""

    address: str
    name: str | None
    services: Sequence[Service] = ()
    rssi_dbm: int = -60
    advertised: tuple[str, ...] = ()
    """UUIDs told before a connection."""
    advertising: bool = True
    """False when out of reach, taken off or held by another."""
    connecting_s: float = 0.02
    """How long connecting takes, and service discovery again."""
    notify: Callable[[Characteristic, bytes], bool] = field(default=lambda _c, _d: False, repr=False)
    """Set by the adapter: sends a value to whoever is subscribed; False when nobody is."""
