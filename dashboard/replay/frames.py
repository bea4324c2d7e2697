"""A frame's bytes as a reader sees them: each byte with the field it belongs to. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from acquisition.beats import Notification
from acquisition.errors import MalformedFrame
from acquisition.heart_rate_profile import ENERGY_PRESENT, RR_PRESENT, WIDE_RATE, HeartRateMeasurement, decode


@dataclass(frozen=True, slots=True)
class BytePart:
    """One byte and its field; ``rr`` says which interval of the frame it belongs to, from 0, or None."""

    hex: str
    field: str
    rr: int | None = None


@dataclass(frozen=True, slots=True)
class Frame:
    """One notification, decoded or refused."""

    number: int
    """Counts frames from 1 in the order of arrival."""
    time_s: float
    data: bytes
    measurement: HeartRateMeasurement | None
    fault: str | None
    """Why the bytes were refused, or None."""

    @property
    def intervals(self) -> int:
        """How many RR intervals the frame carries."""
        return len(self.measurement.rr_ticks) if self.measurement else 0

    def parts(self) -> tuple[BytePart, ...]:
        """Every byte with its field, in order; bytes of a refused frame are only what their flags promise."""
        names = list(_fields(self.data, self.measurement))
        return tuple(BytePart(f"{byte:02X}", *names[at]) for at, byte in enumerate(self.data))


def read(number: int, notification: Notification) -> Frame:
    """Decode one notification; a refusal is kept as words."""
    try:
        measurement, fault = decode(notification.data), None
    except MalformedFrame as refused:
        measurement, fault = None, refused.what
    return Frame(number, notification.time_s, notification.data, measurement, fault)


def _fields(data: bytes, measurement: HeartRateMeasurement | None) -> Iterator[tuple[str, int | None]]:
    """Field name and interval number of each byte; what no field explains is named so."""
    named = list(_promised(data))[: len(data)]
    rest = len(data) - len(named)
    if data and data[0] & RR_PRESENT:
        whole = rest if measurement is not None else rest - rest % 2
        for at in range(whole):
            named.append(("RR low" if at % 2 == 0 else "RR high", at // 2))
        rest -= whole
    named.extend(("cut short" if measurement is None else "not explained", None) for _ in range(rest))
    yield from named


def _promised(data: bytes) -> Iterator[tuple[str, int | None]]:
    if not data:
        return
    flags = data[0]
    yield "flags", None
    if flags & WIDE_RATE:
        yield "rate low", None
        yield "rate high", None
    else:
        yield "rate", None
    if flags & ENERGY_PRESENT:
        yield "energy low", None
        yield "energy high", None
