"""What a scan tells of one heart-rate sensor before anybody has connected to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from acquisition.sensor_facts import SIG_UUID

HEART_RATE_SERVICE = SIG_UUID.format(0x180D)
BATTERY_SERVICE = SIG_UUID.format(0x180F)
RSSI_UNKNOWN_DBM = -127
"""Given for a sensor that this machine is connected to: it does not advertise, so its strength is not known."""


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


def found(address: str, name: str | None, rssi_dbm: int, services: Sequence[str]) -> FoundSensor:
    """A sensor with what its services offer."""
    offers = ("rr?", "battery") if BATTERY_SERVICE in services else ("rr?",)
    return FoundSensor(address, name, rssi_dbm, tuple(services), offers)
