"""A strap and its radio as numbers: true beat times, and frames that come late, in bursts or not at all."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from acquisition.beats import Notification
from tests.bluetooth.frames import heart_rate_frame

DETECTION_S = 0.3
"""From a beat to its being ready to send."""


@dataclass(frozen=True)
class SentFrame:
    """One frame as it arrived."""

    arrival_s: float
    rr_ticks: tuple[int, ...]
    ready_s: tuple[float, ...]
    """True times at which its intervals were ready to send."""

    @property
    def notification(self) -> Notification:
        """As a source would give it."""
        data = heart_rate_frame(70, self.rr_ticks or None, contact=True)
        return Notification("heart-1", self.arrival_s, round(self.arrival_s * 1e9), data)


def frames(
    seed: int,
    *,
    minutes: float = 5.0,
    mean_s: float = 0.85,
    late_share: float = 0.02,
    strap_clock_ppm: float = 0.0,
    lost: tuple[float, float] | None = None,
    stalled: tuple[float, float] | None = None,
) -> Iterator[SentFrame]:
    """One frame a second: 20 ms mean delay, ``late_share`` up to 0.8 s later. In the span ``lost`` (s) frames vanish;
    in the span ``stalled`` they wait and come in a burst at its end."""
    random = Random(seed)
    at_s, second, previous_s = 0.0, 0, 0.0
    waiting: list[tuple[float, int]] = []
    while second < 60 * minutes:
        second += 1
        while at_s + DETECTION_S <= second:
            rr_s = mean_s + 0.06 * math.sin(0.2 * math.pi * at_s) + random.gauss(0, 0.012)
            ticks = round(rr_s * (1 + strap_clock_ppm * 1e-6) * 1024)
            at_s += ticks / 1024 / (1 + strap_clock_ppm * 1e-6)
            waiting.append((at_s + DETECTION_S, ticks))
        ready = [beat for beat in waiting if beat[0] <= second]
        waiting = waiting[len(ready) :]
        delay_s = random.expovariate(50) + (random.uniform(0.1, 0.8) if random.random() < late_share else 0)
        if lost and lost[0] <= second < lost[1]:
            continue
        arrival_s = second + delay_s
        if stalled and stalled[0] <= arrival_s < stalled[1]:
            arrival_s = stalled[1]
        previous_s = max(arrival_s, previous_s + 0.002)
        yield SentFrame(previous_s, tuple(t for _, t in ready), tuple(s for s, _ in ready))
