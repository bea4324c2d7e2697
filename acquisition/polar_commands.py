"""Bytes of the control point of Polar's measurement service (PMD) ↔ what they say. Pure: no clock, no state.

Layout as published in Polar's SDK (polarofficial/polar-ble-sdk): a command is an opcode, a kind and settings, each
setting its number, a count and values; an answer names the command, the kind, a status and then the same settings.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum

from acquisition.polar_measurement import Kind, broken_off

FEATURES = 0x0F
"""First byte of what reading the control point gives; bits of the next two are the kinds."""
RESPONSE = 0xF0
STOPPED = 0x01
"""First byte of what a sensor sends unasked when it has ended a measurement by itself; the kinds follow."""


class Command(IntEnum):
    """What the control point is asked for."""

    SETTINGS = 1
    START = 2
    STOP = 3


class Status(IntEnum):
    """How the control point answers."""

    SUCCESS = 0
    INVALID_OPCODE = 1
    INVALID_KIND = 2
    NOT_SUPPORTED = 3
    INVALID_LENGTH = 4
    INVALID_PARAMETER = 5
    ALREADY_IN_STATE = 6
    INVALID_RESOLUTION = 7
    INVALID_RATE = 8
    INVALID_RANGE = 9
    INVALID_MTU = 10
    INVALID_CHANNELS = 11
    INVALID_STATE = 12
    IN_CHARGER = 13
    DISK_FULL = 14


MEANING = {
    Status.INVALID_OPCODE: "it does not know the command",
    Status.INVALID_KIND: "it does not know this signal",
    Status.NOT_SUPPORTED: "it does not offer this signal",
    Status.INVALID_LENGTH: "the command has a wrong length",
    Status.INVALID_PARAMETER: "it does not accept these settings",
    Status.ALREADY_IN_STATE: "it sends this signal already",
    Status.INVALID_RESOLUTION: "it does not accept this resolution",
    Status.INVALID_RATE: "it does not accept this sampling rate",
    Status.INVALID_RANGE: "it does not accept this range",
    Status.INVALID_MTU: "the packets of this connection are too small",
    Status.INVALID_CHANNELS: "it does not accept this number of channels",
    Status.INVALID_STATE: "it cannot in its present mode",
    Status.IN_CHARGER: "it is in its charger",
    Status.DISK_FULL: "its memory is full",
}


class Setting(IntEnum):
    """What can be chosen for a measurement."""

    RATE = 0
    RESOLUTION = 1
    RANGE = 2
    RANGE_MILLI = 3
    CHANNELS = 4
    FACTOR = 5
    SECURITY = 6


WIDTH = {
    Setting.RATE: 2,
    Setting.RESOLUTION: 2,
    Setting.RANGE: 2,
    Setting.RANGE_MILLI: 4,
    Setting.CHANNELS: 1,
    Setting.FACTOR: 4,
    Setting.SECURITY: 16,
}
"""Bytes of one value. The factor is a 32-bit float; it and the security settings are carried as bare numbers."""

Settings = Mapping[Setting, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Response:
    """What the control point has answered."""

    command: int
    kind: int
    status: int
    parameters: bytes

    @property
    def meaning(self) -> str:
        """Why not, in words; the bare number when the documents do not name it."""
        return MEANING[Status(self.status)] if self.status in MEANING else f"status {self.status}"


def settings_command(kind: Kind) -> bytes:
    """Ask which settings there are."""
    return bytes((Command.SETTINGS, kind))


def stop_command(kind: Kind) -> bytes:
    """End a measurement."""
    return bytes((Command.STOP, kind))


def start_command(kind: Kind, chosen: Mapping[Setting, int]) -> bytes:
    """Begin a measurement with one value of each setting.

    >>> start_command(Kind.ECG, {Setting.RATE: 130, Setting.RESOLUTION: 14}).hex(" ")
    '02 00 00 01 82 00 01 01 0e 00'
    """
    data = bytes((Command.START, kind))
    for setting, value in chosen.items():
        data += bytes((setting, 1)) + value.to_bytes(WIDTH[setting], "little")
    return data


def features(data: bytes) -> frozenset[int]:
    """Kinds that a sensor offers, from what reading its control point gives; raises MalformedFrame.

    >>> sorted(features(bytes([0x0F, 0x05, 0x00])))
    [0, 2]
    """
    if len(data) < 2 or data[0] != FEATURES:
        raise broken_off("the list of what a sensor measures", data)
    bits = int.from_bytes(data[1:3], "little")
    return frozenset(kind for kind in range(16) if bits >> kind & 1)


def response(data: bytes) -> Response:
    """One answer of the control point; raises MalformedFrame. Parameters stand behind a flag byte."""
    if len(data) < 4 or data[0] != RESPONSE:
        raise broken_off("an answer of the control point", data)
    return Response(data[1], data[2], data[3], data[5:])


def stopped_kinds(data: bytes) -> frozenset[int] | None:
    """Kinds that the sensor has ended by itself, or None when ``data`` says something else."""
    return frozenset(data[1:]) if data[:1] == bytes((STOPPED,)) else None


def settings(parameters: bytes) -> Settings:
    """Settings and the values each may take; raises MalformedFrame."""
    found: dict[Setting, tuple[int, ...]] = {}
    at = 0
    while at < len(parameters):
        if len(parameters) < at + 2 or parameters[at] not in WIDTH:
            raise broken_off("a list of settings", parameters)
        setting, count = Setting(parameters[at]), parameters[at + 1]
        width, at = WIDTH[setting], at + 2
        if len(parameters) < at + count * width:
            raise broken_off("a list of settings", parameters)
        values = (parameters[at + k * width : at + (k + 1) * width] for k in range(count))
        found[setting] = tuple(int.from_bytes(value, "little") for value in values)
        at += count * width
    return found
