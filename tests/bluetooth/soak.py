"""Two sensors with ECG for a long time, with drops, silences and losses at random: ``python -m tests.bluetooth.soak``.

Time runs faster for sensors and listeners alike (``--speed``), so that an hour takes minutes. Afterwards every frame
that a sensor sent must have arrived once and in order, or its beats lie within a marked gap. Prints one JSON object:
what was sent, received and lost, the longest queue, and the memory that acquisition holds after each quarter, with its
slope.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import os
import sys
import tracemalloc
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from itertools import pairwise
from random import Random
from statistics import linear_regression

from acquisition import Beat, Gap, Notification, SampleChunk
from acquisition.clock import NS_PER_S
from acquisition.heart_rate_profile import RR_PRESENT
from acquisition.sensor import LinkTimings, SensorSource
from tests.bluetooth.bluez import EmulatedBlueZ
from tests.bluetooth.fixtures import BUS, settle
from tests.bluetooth.polar import EmulatedPolar
from tests.bluetooth.private_bus import PrivateBus
from tests.bluetooth.quick import FastClock

FAULT_EVERY_S = (20.0, 90.0)
"""Of the sensors' time, between one fault and the next."""
FAULT_LASTS_S = (1.0, 25.0)
SLACK_S = 2.0
"""Around a gap: a beat at its edge is placed with some uncertainty."""

OURS = (tracemalloc.Filter(True, "*/acquisition/*"), tracemalloc.Filter(False, "*/acquisition/clock.py"))
"""Whose memory counts. The emulated sensors keep a reading of the clock for each frame that they sent."""


@dataclass
class Outcome:
    """Of one sensor."""

    frames_sent: int
    frames_received: int
    beats_lost: int
    beats_lost_unmarked: int
    gaps: int
    samples: int
    samples_doubled_or_disordered: int
    longest_queue: int


class Soaked:
    """One sensor and what was heard of it; keeps numbers, not items, so that memory tells of the product alone."""

    def __init__(self, number: int, speed: float, clock: FastClock) -> None:
        self.sensor = EmulatedPolar(
            f"A0:00:00:00:00:{number:02X}",
            f"Polar {number}",
            mean_rr_s=0.75 + 0.1 * number,
            period_s=1 / speed,
            seed=number,
            speed=speed,
        )
        shipped = LinkTimings()
        quick = {name: getattr(shipped, name) / speed for name in ("backoff_first_s", "backoff_most_s")}
        self.source = SensorSource(
            self.sensor.address,
            timings=replace(shipped, **quick),
            stream=f"heart-{number}",
            clock=clock,
            wall=clock,
            signals=("ecg",),
        )
        self.frames: list[tuple[int, int]] = []
        """Arrival and hash of each frame that carries beats."""
        self.gaps: list[tuple[float, float]] = []
        self.last_beat_s = 0.0
        self.received = self.samples = self.disorder = self.longest_queue = 0
        self._next_sample = 0.0

    async def listen(self) -> None:
        """Take everything."""
        async for item in self.source:
            self.longest_queue = max(self.longest_queue, self.source.waiting)
            if isinstance(item, Notification):
                self.received += 1
                if item.data[0] & RR_PRESENT:
                    self.frames.append((item.arrival_ns + 0, hash(item.data)))
            elif isinstance(item, Gap) and item.stream.startswith("heart"):
                self.gaps.append((item.from_s, item.to_s))
            elif isinstance(item, Beat):
                self.last_beat_s = item.time_s
            elif isinstance(item, SampleChunk):
                self.samples += len(item.samples)
                numbers = item.samples.tolist()
                self.disorder += (numbers[0] < self._next_sample) + sum(b <= a for a, b in pairwise(numbers))
                self._next_sample = numbers[-1] + 1

    def outcome(self, seconds_of: FastClock) -> Outcome:
        """Sent against received."""
        lost = unmarked = 0
        origin_ns = self.source.info.origin_ns or 0
        for times in _missing(self.sensor.sent, self.frames, seconds_of):
            for real_s in times:
                at_s = (seconds_of.at(round(real_s * NS_PER_S)) - origin_ns) / NS_PER_S
                lost += 1
                inside = any(begin - SLACK_S <= at_s <= end + SLACK_S for begin, end in self.gaps)
                unmarked += not inside and at_s <= self.last_beat_s
        return Outcome(
            len(self.sensor.sent),
            self.received,
            lost,
            unmarked,
            len(self.gaps),
            self.samples,
            self.disorder,
            self.longest_queue,
        )


def _missing(
    sent: Sequence[tuple[int, bytes, tuple[float, ...]]], got: Sequence[tuple[int, int]], clock: FastClock
) -> list[tuple[float, ...]]:
    """True times of the beats of frames that never arrived; frames arrive in the order they were sent. Those without a
    beat are all alike and left out; of equal ones the newest before the arrival is meant."""
    carrying = [(clock.at(sent_ns), hash(data), times) for sent_ns, data, times in sent if times]
    missing, at = [], 0
    for arrival_ns, content in got:
        alike = [k for k in range(at, len(carrying)) if carrying[k][1] == content and carrying[k][0] <= arrival_ns]
        if not alike:
            raise AssertionError("a frame arrived that was never sent, or twice")
        missing += [times for _, _, times in carrying[at : alike[-1]]]
        at = alike[-1] + 1
    return missing + [times for _, _, times in carrying[at:]]


async def _trouble(bluez: EmulatedBlueZ, soaked: Soaked, speed: float, random: Random) -> None:
    """Faults at random, for ever."""
    sensor = soaked.sensor
    while True:
        await asyncio.sleep(random.uniform(*FAULT_EVERY_S) / speed)
        knob = random.choice(("drop", "mute", "losing", "away"))
        lasts_s = random.uniform(*FAULT_LASTS_S) / speed
        if knob in ("drop", "away"):
            sensor.advertising = knob == "drop"
            bluez.drop(sensor)
            await asyncio.sleep(lasts_s)
            sensor.advertising = True
        else:
            setattr(sensor, knob, True)
            await asyncio.sleep(lasts_s)
            setattr(sensor, knob, False)


async def soak(minutes: float, speed: float, seed: int) -> dict[str, object]:
    """Both sensors for so many minutes of their own time."""
    clock = FastClock(speed)
    with PrivateBus() as bus:
        os.environ[BUS] = bus.address
        bluez = EmulatedBlueZ(bus.address)
        await bluez.start()
        pair = [Soaked(number, speed, clock) for number in (1, 2)]
        for each in pair:
            bluez.add(each.sensor)
        tasks = [asyncio.create_task(each.listen()) for each in pair]
        troubles = [
            asyncio.create_task(_trouble(bluez, each, speed, Random(f"{seed} {k}"))) for k, each in enumerate(pair)
        ]
        memory_kb = []
        tracemalloc.start()
        for _ in range(4):
            await asyncio.sleep(15 * minutes / speed)
            gc.collect()
            ours = tracemalloc.take_snapshot().filter_traces(OURS)
            memory_kb.append(sum(trace.size for trace in ours.traces) // 1024)
        tracemalloc.stop()
        for trouble in troubles:
            trouble.cancel()
        for each in pair:
            await each.source.aclose()
        await asyncio.gather(*tasks, *troubles, return_exceptions=True)
        await bluez.stop()
        bus.stop()
        await settle()
    outcomes = [each.outcome(clock) for each in pair]
    hours = [quarter * minutes / 240 for quarter in range(1, 5)]
    return {
        "minutes": minutes,
        "sensors": [asdict(each) for each in outcomes],
        "memory_kb": memory_kb,
        "memory_kb_per_hour": round(linear_regression(hours, memory_kb).slope, 1),
    }


def main() -> int:
    """Exit 1 when a beat was lost without a mark or a sample came twice."""
    parser = argparse.ArgumentParser(prog="python -m tests.bluetooth.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--speed", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    found = asyncio.run(soak(args.minutes, args.speed, args.seed))
    print(json.dumps(found, indent=1))
    return int(any(each["beats_lost_unmarked"] or each["samples_doubled_or_disordered"] for each in found["sensors"]))  # type: ignore[attr-defined]  # a list of what asdict gives


if __name__ == "__main__":
    sys.exit(main())
