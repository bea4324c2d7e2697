"""Ways in which a good file goes bad: bits, bytes, cells, lines and numbers that no writer wrote."""

from __future__ import annotations

from random import Random

WILD = (
    *(b"0", b"-1", b"nan", b"inf", b"-inf", b"1e400", b"1E99", b"-1e-400", b"9" * 20, b"0x10", b"1,5", b",,", b";;"),
    *(b"NaN", b"NULL", b"null", b"true", b"{}", b"[]", b'""', b"\xff\xfe", b"\xc3\xa4", b"\xb2", b"+9999"),
    *(b"2026-13-45T99:99:99", b"1970-01-01T00:00:00", b"9999-12-31T23:59:59", b"0001-01-01 00:00:00", b"-00:00:01"),
    *(b"", b" ", b"\0", b"9" * 5000, b"[" * 3000, b'{"a":' * 2000, b"\r", b"\x0b", b"\x1c", b"\xe2\x80\xa8"),
)
"""What a cell may hold that no good file does."""


def _flip(random: Random, data: bytearray) -> None:
    for _ in range(random.choice([1, 1, 1, 2, 8, 40])):
        data[random.randrange(len(data))] ^= 1 << random.randrange(8)


def _cut(random: Random, data: bytearray) -> None:
    del data[random.randrange(len(data)) :]


def _hole(random: Random, data: bytearray) -> None:
    at = random.randrange(len(data))
    del data[at : at + random.choice([1, 4, 30, 300])]


def _insert(random: Random, data: bytearray) -> None:
    at = random.randrange(len(data))
    data[at:at] = random.choice([random.randbytes(random.randint(1, 40)), random.choice(WILD)])


def _repeat(random: Random, data: bytearray) -> None:
    at = random.randrange(len(data))
    data[at:at] = bytes(data[at : at + random.choice([1, 10, 100, 1000])]) * random.choice([1, 2, 50])


def _number(random: Random, data: bytearray) -> None:
    """Bytes that a binary format may take for a length, a count or a time."""
    size = random.choice([1, 2, 4, 8])
    value = random.choice([0, 1, (1 << 8 * size) - 1, 1 << 8 * size - 1, random.getrandbits(8 * size)])
    at = random.randrange(len(data))
    data[at : at + size] = value.to_bytes(size, random.choice(["little", "big"]))


def _cell(random: Random, data: bytearray) -> None:
    """One cell of one line becomes something wild."""
    lines = bytes(data).split(b"\n")
    at = random.randrange(len(lines))
    mark = next((mark for mark in (b";", b",", b"\t", b" ") if mark in lines[at]), b"\n")
    cells = lines[at].split(mark)
    cells[random.randrange(len(cells))] = random.choice(WILD)
    lines[at] = mark.join(cells)
    data[:] = b"\n".join(lines)


def _line(random: Random, data: bytearray) -> None:
    """A line goes, comes twice, or changes its place."""
    lines = bytes(data).split(b"\n")
    line = lines.pop(random.randrange(len(lines)))
    for _ in range(random.choice([0, 1, 2])):
        lines.insert(random.randint(0, len(lines)), line)
    data[:] = b"\n".join(lines)


def _digits(random: Random, data: bytearray) -> None:
    """One number becomes another."""
    places = [i for i, byte in enumerate(data) if 48 <= byte <= 57]
    for _ in range(min(len(places), random.choice([1, 1, 3, 20]))):
        data[random.choice(places)] = random.choice(b"0123456789-.,eE")


MUTATIONS = (_flip, _cut, _hole, _insert, _repeat, _number, _cell, _line, _digits)


def mutated(random: Random, good: bytes, other: bytes) -> bytes:
    """A good file after one to three mutations, now and then with a piece of another format within."""
    data = bytearray(good)
    if random.random() < 0.05:
        at = random.randrange(len(data))
        data[at:at] = other[random.randrange(len(other)) :]
    for _ in range(random.choice([1, 1, 1, 2, 3])):
        if data:
            random.choice(MUTATIONS)(random, data)
    return bytes(data)
