"""Bytes of Polar's measurement service (PMD) ↔ what they say. Pure: no clock, no state, no Bluetooth.

Layout as published in Polar's SDK (polarofficial/polar-ble-sdk): a data frame is its kind, the time of its last sample
in ns since 2000 (u64), a frame type whose highest bit says that the samples are compressed as differences, and the
samples; all little endian. A command is an opcode, a kind and settings, each setting its number, a count and values.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from acquisition.errors import MalformedFrame

HEADER_BYTES = 10
COMPRESSED = 0x80
"""Bit of the frame type."""
ECG_BYTES = 3
PPI_BYTES = 6
AXES = 3
ACC_BITS = {0x00: 8, 0x01: 16, 0x02: 24}
"""Bits a value of raw acceleration by frame type; of the first one, compressed, the reference sample has 16."""
COMPRESSED_REFERENCE_BITS = 16
BLOCKER, CONTACT, CONTACT_SUPPORTED = 0x01, 0x02, 0x04
"""Flags of a pulse interval."""
FEATURES = 0x0F
"""First byte of what reading the control point gives; bits of the next two are the kinds."""
RESPONSE = 0xF0
STOPPED = 0x01
"""First byte of what a sensor sends unasked when it has ended a measurement by itself; the kinds follow."""


class Kind(IntEnum):
    """What is measured."""

    ECG = 0
    PPG = 1
    ACC = 2
    PPI = 3
    GYROSCOPE = 5
    MAGNETOMETER = 6


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


@dataclass(frozen=True, slots=True)
class PulseInterval:
    """One interval of an optical sensor. It is a pulse interval (PPI), not an RR interval."""

    heart_rate_bpm: int
    interval_ms: int
    error_ms: int
    """The sensor's own estimate of how far off the interval may be."""
    blocked: bool
    """True when the sensor moved or was loose: the interval is not to be used."""
    contact: bool | None
    """Whether it feels skin, or None when it cannot tell."""


@dataclass(frozen=True, slots=True)
class SampleBlock:
    """One data frame of evenly spaced samples."""

    kind: Kind
    stamp_ns: int
    """The sensor's own clock at the last sample; only differences mean anything."""
    samples: NDArray[np.int64]
    """Shape (n,) in microvolts for ECG, (n, 3) in thousandths of g for acceleration."""


@dataclass(frozen=True, slots=True)
class PulseBlock:
    """One data frame of pulse intervals, oldest first; ``stamp_ns`` is 0 on many sensors."""

    stamp_ns: int
    intervals: tuple[PulseInterval, ...]


# ---- the control point --------------------------------------------------------------------


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
        raise _broken("the list of what a sensor measures", data)
    bits = int.from_bytes(data[1:3], "little")
    return frozenset(kind for kind in range(16) if bits >> kind & 1)


def response(data: bytes) -> Response:
    """One answer of the control point; raises MalformedFrame. Parameters stand behind a flag byte."""
    if len(data) < 4 or data[0] != RESPONSE:
        raise _broken("an answer of the control point", data)
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
            raise _broken("a list of settings", parameters)
        setting, count = Setting(parameters[at]), parameters[at + 1]
        width, at = WIDTH[setting], at + 2
        if len(parameters) < at + count * width:
            raise _broken("a list of settings", parameters)
        values = (parameters[at + k * width : at + (k + 1) * width] for k in range(count))
        found[setting] = tuple(int.from_bytes(value, "little") for value in values)
        at += count * width
    return found


# ---- data frames --------------------------------------------------------------------------


def decode(data: bytes) -> SampleBlock | PulseBlock:
    """One data frame of ECG, acceleration or pulse intervals; raises MalformedFrame for anything else or cut ones."""
    if len(data) <= HEADER_BYTES:
        raise _broken("a data frame", data)
    kind, stamp_ns, form = data[0], int.from_bytes(data[1:9], "little"), data[9]
    body = data[HEADER_BYTES:]
    if kind == Kind.ECG and form == 0:
        return SampleBlock(Kind.ECG, stamp_ns, _ecg(body))
    if kind == Kind.PPI and form == 0:
        return PulseBlock(stamp_ns, _pulses(body))
    if kind == Kind.ACC and form & ~COMPRESSED in ACC_BITS:
        samples = _unpacked(body, COMPRESSED_REFERENCE_BITS) if form & COMPRESSED else _triples(body, ACC_BITS[form])
        return SampleBlock(Kind.ACC, stamp_ns, samples)
    raise MalformedFrame(f"no known frame: kind {kind}, type {form:#04x}", remedy="it is counted and left out")


def _ecg(body: bytes) -> NDArray[np.int64]:
    if len(body) % ECG_BYTES:
        raise _broken("an ECG frame", body)
    return _whole_bytes(body, ECG_BYTES)


def _triples(body: bytes, bits: int) -> NDArray[np.int64]:
    width = bits // 8
    if len(body) % (AXES * width):
        raise _broken("an acceleration frame", body)
    return _whole_bytes(body, width).reshape(-1, AXES)


def _whole_bytes(body: bytes, width: int) -> NDArray[np.int64]:
    """Signed little-endian numbers of ``width`` bytes."""
    values = [int.from_bytes(body[at : at + width], "little", signed=True) for at in range(0, len(body), width)]
    return np.array(values, dtype=np.int64)


def _unpacked(body: bytes, bits: int) -> NDArray[np.int64]:
    """A reference sample, then blocks: width of a difference in bits, number of samples, the differences packed."""
    at = AXES * bits // 8
    if len(body) < at:
        raise _broken("a compressed frame", body)
    rows = [_whole_bytes(body[:at], bits // 8)[np.newaxis, :]]
    while at < len(body):
        if len(body) < at + 2:
            raise _broken("a compressed frame", body)
        width, count, at = body[at], body[at + 1], at + 2
        size = (width * count * AXES + 7) // 8
        if not 0 < width <= 32 or len(body) < at + size:
            raise _broken("a compressed frame", body)
        rows.append(_packed(body[at : at + size], width, count * AXES).reshape(-1, AXES))
        at += size
    return np.cumsum(np.concatenate(rows), axis=0)


def _packed(data: bytes, width: int, count: int) -> NDArray[np.int64]:
    """``count`` signed numbers of ``width`` bits, the lowest bit first."""
    bits = np.unpackbits(np.frombuffer(data, dtype=np.uint8), bitorder="little")[: count * width].reshape(count, width)
    weights = np.left_shift(np.int64(1), np.arange(width, dtype=np.int64))
    weights[-1] = -weights[-1]
    return np.asarray(bits.astype(np.int64) @ weights, dtype=np.int64)


def _pulses(body: bytes) -> tuple[PulseInterval, ...]:
    if len(body) % PPI_BYTES:
        raise _broken("a frame of pulse intervals", body)
    return tuple(_pulse(body[at : at + PPI_BYTES]) for at in range(0, len(body), PPI_BYTES))


def _pulse(data: bytes) -> PulseInterval:
    flags = data[5]
    return PulseInterval(
        data[0],
        int.from_bytes(data[1:3], "little"),
        int.from_bytes(data[3:5], "little"),
        bool(flags & BLOCKER),
        bool(flags & CONTACT) if flags & CONTACT_SUPPORTED else None,
    )


def _broken(what: str, data: bytes) -> MalformedFrame:
    return MalformedFrame(f"{what} breaks off or is none ({len(data)} bytes)", remedy="it is counted and left out")
