"""Mutation fuzzing of the way from bytes to beats: ``python -m tests.fuzz_heart_rate --frames N --seed S``.

Good frames are mangled (bits, bytes, length, order, repetition) and fed as a sensor would send them, with lost links in
between. What must hold: only MalformedFrame comes out of the decoder, which agrees with the reference; every
interval of an accepted frame becomes a beat or is counted; time rises; gaps lie between beats.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from acquisition.beats import Beat, Gap, Item, LinkChange, LinkState, Notification
from acquisition.errors import MalformedFrame
from acquisition.heart_rate_profile import decode
from acquisition.heart_rate_stream import HeartRateStream
from tests.acquisition.reference_decoder import reference
from tests.bluetooth.frames import heart_rate_frame

LINK_CHANGE_ONE_IN = 200


def good_frame(random: Random) -> bytes:
    """A frame such as straps send."""
    wide = random.random() < 0.2
    return heart_rate_frame(
        random.randrange(0x10000 if wide else 0x100),
        [random.randint(300, 2000) for _ in range(random.randrange(4))] if random.random() < 0.9 else None,
        contact=random.choice([None, True, True, True, False]),
        energy=random.choice([None, None, random.randrange(0x10000)]),
        wide=wide,
    )


def _flip_bit(random: Random, data: bytes) -> bytes:
    at = random.randrange(len(data))
    return data[:at] + bytes([data[at] ^ 1 << random.randrange(8)]) + data[at + 1 :]


MUTATIONS: tuple[Callable[[Random, bytes], bytes], ...] = (
    lambda _, data: data,
    lambda _, data: data,
    _flip_bit,
    lambda random, data: data[: random.randrange(len(data))],
    lambda random, data: data + random.randbytes(random.randint(1, 4)),
    lambda random, data: random.randbytes(random.randrange(24)),
    lambda random, data: bytes([random.randrange(256)]) + data[1:],
    lambda _, data: data[:2] + b"\xff\xff" * 9,
    lambda _, data: data[:2] + b"\x00\x00" * 4,
    lambda _, data: b"",
)


@dataclass
class Fuzzer:
    """Feeds one stream and checks what comes out of it."""

    random: Random
    stream: HeartRateStream = field(default_factory=HeartRateStream)
    now_s: float = 0.0
    last: Beat | Gap | None = None
    beats: int = 0
    data: bytes = heart_rate_frame(60, [1024])

    def step(self) -> None:
        """One frame, and now and then a change of the link."""
        self.now_s += self.random.choice([0.0, 0.001, 0.1, 1.0, 1.0, 1.0, 1.0, 5.0])
        if self.random.randrange(LINK_CHANGE_ONE_IN) == 0:
            self._check(self.stream.feed(LinkChange("heart-1", self.now_s, self.random.choice(list(LinkState)))))
        if self.random.random() > 0.05:  # else the frame before once more
            self.data = self.random.choice(MUTATIONS)(self.random, good_frame(self.random))
        self._check_decoder(self.data)
        self._check(self.stream.feed(Notification("heart-1", self.now_s, round(self.now_s * 1e9), self.data)))

    def finish(self) -> None:
        """A last change of the link sets frames free that are held back; then every interval must be accounted for."""
        self._check(self.stream.feed(LinkChange("heart-1", self.now_s, LinkState.LOST, "end")))
        assert self.stream.counters.beats == self.beats

    @staticmethod
    def _check_decoder(data: bytes) -> None:
        expected = reference(data)
        try:
            read = decode(data)
        except MalformedFrame:
            assert expected is None, f"{data.hex()} was refused"
            return
        got = (read.heart_rate_bpm, read.contact, read.energy_kj, list(read.rr_ticks), read.trailing_bytes)
        assert got == expected, f"{data.hex()} was read as {got}"

    def _check(self, items: list[Item]) -> None:
        for item in items:
            if isinstance(item, Gap):
                assert isinstance(self.last, Beat)
                assert self.last.time_s == item.from_s <= item.to_s
                self.last = item
            elif isinstance(item, Beat):
                assert item.seq == self.beats
                assert self.last is None or item.time_s >= self.last.time_s
                assert item.rr_ticks is not None
                assert item.rr_ms * 1024 == item.rr_ticks * 1000
                self.beats += 1
                self.last = item


def fuzz(frames: int, seed: int) -> Fuzzer:
    """Run so many frames; raises AssertionError with the frame's bytes or its place."""
    fuzzer = Fuzzer(Random(seed))
    for number in range(frames):
        try:
            fuzzer.step()
        except Exception as error:
            raise AssertionError(f"seed {seed}, frame {number}: {fuzzer.data.hex()}: {error!r}") from error
    fuzzer.finish()
    return fuzzer


def main() -> int:
    """Fuzz as told on the command line and print what was seen."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--frames", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    began = time.perf_counter()
    fuzzer = fuzz(arguments.frames, arguments.seed)
    print(f"{arguments.frames} frames in {time.perf_counter() - began:.1f} s: {fuzzer.stream.counters}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
