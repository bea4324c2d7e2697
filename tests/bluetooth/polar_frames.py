"""Builds frames of Polar's measurement service for tests, from its description and apart from our decoder."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from itertools import pairwise

Triple = tuple[int, int, int]


def header(kind: int, stamp_ns: int, form: int) -> bytes:
    """Kind, time of the last sample, frame type."""
    return struct.pack("<BQB", kind, stamp_ns, form)


def ecg_frame(stamp_ns: int, microvolts: Sequence[int]) -> bytes:
    """24 bits a sample."""
    return header(0, stamp_ns, 0) + b"".join(struct.pack("<i", value)[:3] for value in microvolts)


def acc_frame(stamp_ns: int, samples: Sequence[Triple], *, form: int = 1) -> bytes:
    """Raw: 8, 16 or 24 bits a value for frame types 0, 1 and 2."""
    width = form + 1
    return header(2, stamp_ns, form) + b"".join(struct.pack("<i", v)[:width] for each in samples for v in each)


def compressed_acc_frame(stamp_ns: int, samples: Sequence[Triple], *, block: int = 10, spare_bits: int = 0) -> bytes:
    """A reference sample, then blocks of up to ``block`` differences in as few bits as hold them, plus some spare."""
    data = header(2, stamp_ns, 0x81) + struct.pack("<3h", *samples[0])
    differences = [tuple(b - a for a, b in zip(old, new, strict=True)) for old, new in pairwise(samples)]
    for start in range(0, len(differences), block):
        values = [value for each in differences[start : start + block] for value in each]
        bits = max((value if value >= 0 else ~value).bit_length() + 1 for value in values) + spare_bits
        text = "".join(_bits_lowest_first(value, bits) for value in values)
        data += bytes((bits, len(values) // 3)) + bytes(_bytes_of(text))
    return data


def _bits_lowest_first(value: int, bits: int) -> str:
    return format(value % (1 << bits), f"0{bits}b")[::-1]


def _bytes_of(text: str) -> Iterator[int]:
    for at in range(0, len(text), 8):
        yield int(text[at : at + 8].ljust(8, "0")[::-1], 2)


def ppi_frame(stamp_ns: int, pulses: Sequence[tuple[int, int, int, int]]) -> bytes:
    """Each pulse: heart rate, interval in ms, error in ms, flags."""
    return header(3, stamp_ns, 0) + b"".join(struct.pack("<BHHB", *pulse) for pulse in pulses)


def settings_list(*settings: tuple[int, int, Sequence[int]]) -> bytes:
    """Each setting: number, bytes a value, values."""
    return b"".join(
        bytes((number, len(values))) + b"".join(value.to_bytes(width, "little") for value in values)
        for number, width, values in settings
    )


def answer(command: int, kind: int, status: int, parameters: bytes = b"") -> bytes:
    """What the control point indicates."""
    return bytes((0xF0, command, kind, status, 0)) + parameters
