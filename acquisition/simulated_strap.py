"""A strap around a simulated heart: real 0x2A37 frames about once a second, through the same decoding as a live one.

Pure: it is asked for one second of source time after another and gives what a source yields in it. Frames, radio
delays and faults come from generators of their own, all from one seed.
"""

from __future__ import annotations

import math
import random
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from acquisition.beats import (
    TICKS_PER_S,
    Gap,
    Item,
    LinkChange,
    LinkState,
    Notification,
    SensorFact,
    Stimulus,
    Tick,
)
from acquisition.heart_rate_profile import CONTACT_DETECTED, CONTACT_SUPPORTED, RR_PRESENT
from acquisition.heart_rate_stream import HeartRateStream
from acquisition.simulated_faults import Faults, IntervalKind, SensedInterval, Sensing
from acquisition.simulated_heart import Person, SimulatedHeart

SENSING_S = 0.4
"""From a heart's beat to the frame that may carry it; quick straps take about this, a Polar H10 2.6 s."""
FRAME_PHASE_S = 0.25
"""Frames are made this long after each whole second."""
RADIO_MEAN_S, RADIO_LATE_SHARE, RADIO_LATE_S = 0.02, 0.02, 0.4
"""Frames arrive after an exponential delay of this mean; this share is up to this much later."""
RADIO_MOST_S = 0.7
"""No frame is later, so that frames never overtake each other or the tick."""
STREAMING_FROM_S = 1.0
RECONNECT_S = 1.5
"""The last part of a lost link: connecting."""
MOST_RR = 9
"""Intervals that fit one frame."""
OUT_OF_REACH = "the strap is out of reach: come closer"

FACTS = (("manufacturer", "Attunement"), ("model", "Simulated strap"), ("battery_percent", "90"))


@dataclass(frozen=True, slots=True)
class TimedStimulus:
    """What the person is asked to do from a time on."""

    from_s: float
    stimulus: Stimulus
    depth: float = 1.0


@dataclass(frozen=True, slots=True)
class Moment:
    """The heart's own state at a time."""

    time_s: float
    breaths: float
    """Breaths so far."""
    shift_bpm: float
    """Rise by stress."""
    swing_bpm: float
    """Highest minus lowest rate that breathing gives."""


@dataclass(slots=True)
class Truth:
    """What really happened, kept while simulating; grows by a few numbers a beat."""

    beats_s: list[float] = field(default_factory=list)
    """True beats of the heart."""
    sent: list[tuple[int, float, IntervalKind]] = field(default_factory=list)
    """Of each interval received: seq, the true end, what it truly is."""
    course: list[Moment] = field(default_factory=list)
    """The heart's own state, once a second."""
    unsent: int = 0
    """Intervals that never arrived: outages and frames cut short."""
    malformed_frames: int = 0
    gaps: list[Gap] = field(default_factory=list)
    """As the stream tells them."""


def encode(heart_rate_bpm: int, rr_ticks: Sequence[int], *, contact: bool = True) -> bytes:
    """One 0x2A37 frame with u8 heart rate, contact bits and u16 intervals."""
    flags = CONTACT_SUPPORTED | (CONTACT_DETECTED if contact else 0) | (RR_PRESENT if rr_ticks else 0)
    return bytes((flags, min(heart_rate_bpm, 255))) + b"".join(ticks.to_bytes(2, "little") for ticks in rr_ticks)


class SimulatedStrap:
    """Heart, electrodes and radio of one person."""

    def __init__(
        self,
        seed: int,
        *,
        person: Person | None = None,
        faults: Faults | None = None,
        stream: str = "heart-1",
        timeline: Sequence[TimedStimulus] = (),
        origin_ns: int = 0,
    ) -> None:
        self.heart = SimulatedHeart(seed, person)
        self.truth = Truth()
        self._faults = faults or Faults()
        self._sensing = Sensing(seed, self._faults)
        self._radio = random.Random(f"radio {seed}")  # noqa: S311 - a model's delays, not a secret
        self.stream, self._origin_ns = stream, origin_ns
        self._decoder = HeartRateStream(stream)
        self._todo = deque(sorted(timeline, key=lambda each: each.from_s))
        self._waiting: deque[SensedInterval] = deque()
        self._rate_bpm = round(self.heart.person.rest_bpm)
        self._second = 0

    def respond(self, stimulus: Stimulus, from_s: float) -> None:
        """Answer to this from a source time on that has not been simulated yet (earlier means: as soon as can be)."""
        self._todo.append(TimedStimulus(from_s, stimulus))

    def next_second(self) -> list[Item]:
        """What a source yields in the next second of its time, its tick last."""
        self._second += 1
        raw = sorted([*self._link_items(), *self._frames()], key=lambda item: item.time_s)
        items = [each for item in raw for each in self._decoder.feed(item)]
        state = self.heart.state
        self.truth.course.append(Moment(state.time_s, state.breaths, state.shift_bpm, 2 * abs(state.swing)))
        self.truth.gaps.extend(item for item in items if isinstance(item, Gap))
        return [*items, Tick(self.stream, float(self._second))]

    # ---- link ---------------------------------------------------------------------------

    def _link_items(self) -> list[Item]:
        """Link changes and facts in the second that ends now."""
        name = self.stream
        items: list[Item] = []
        if self._second == 1:
            items = [
                LinkChange(name, 0.0, LinkState.SEARCHING),
                LinkChange(name, 0.3, LinkState.CONNECTING),
                *(SensorFact(name, 0.8, fact, value) for fact, value in FACTS),
                LinkChange(name, STREAMING_FROM_S, LinkState.STREAMING),
            ]
        for outage in self._faults.outages:
            if outage.kind == "link":
                back_s = max(outage.from_s, outage.to_s - RECONNECT_S)
                items += [
                    LinkChange(name, outage.from_s, LinkState.LOST, OUT_OF_REACH),
                    LinkChange(name, back_s, LinkState.CONNECTING),
                    LinkChange(name, outage.to_s, LinkState.STREAMING),
                ]
        from_s = self._second - 1 if self._second > 1 else -math.inf
        return [item for item in items if from_s < item.time_s <= self._second]

    def _outage(self, time_s: float) -> str | None:
        return next((each.kind for each in self._faults.outages if each.from_s <= time_s < each.to_s), None)

    # ---- frames -------------------------------------------------------------------------

    def _frames(self) -> list[Notification]:
        """The frame of the second that ends now, if one comes."""
        made_s = self._second - 1 + FRAME_PHASE_S
        delay_s = self._radio.expovariate(1 / RADIO_MEAN_S)
        late, cut = self._radio.random(), self._radio.random() < self._faults.malformed_share
        if late < RADIO_LATE_SHARE:
            delay_s += RADIO_LATE_S * late / RADIO_LATE_SHARE
        self._sense(made_s - SENSING_S)
        outage = self._outage(made_s)
        if made_s < STREAMING_FROM_S or outage is not None:
            self.truth.unsent += len(self._waiting)
            self._waiting.clear()
            if outage != "contact":
                return []
            return [self._notification(made_s + min(delay_s, RADIO_MOST_S), encode(0, (), contact=False))]
        return [self._notification(made_s + min(delay_s, RADIO_MOST_S), self._data(cut))]

    def _data(self, cut: bool) -> bytes:
        taken = [self._waiting.popleft() for _ in range(min(MOST_RR, len(self._waiting)))]
        if taken:
            self._rate_bpm = round(60 * TICKS_PER_S * len(taken) / sum(each.rr_ticks for each in taken))
        data = encode(self._rate_bpm, [each.rr_ticks for each in taken])
        if cut:
            self.truth.malformed_frames += 1
            self.truth.unsent += len(taken)
            return data[: 1 if not taken else -1]
        seq = len(self.truth.sent)
        self.truth.sent.extend((seq + i, each.end_s, each.kind) for i, each in enumerate(taken))
        return data

    def _sense(self, to_s: float) -> None:
        while self._todo and self._todo[0].from_s <= max(to_s, 0.0):
            ask = self._todo.popleft()
            self._advance(ask.from_s)
            self.heart.respond(ask.stimulus, ask.depth)
        self._advance(to_s)

    def _advance(self, to_s: float) -> None:
        beats = self.heart.advance(to_s)
        self.truth.beats_s.extend(beats)
        for interval in self._sensing.sense(beats):
            if self._is_lost(interval):
                self.truth.unsent += 1
            else:
                self._waiting.append(interval)

    def _is_lost(self, interval: SensedInterval) -> bool:
        """Without skin no part of an interval is measured; without a link the strap still measures, but to no one."""
        for outage in self._faults.outages:
            begins_s = interval.start_s if outage.kind == "contact" else interval.end_s
            if begins_s < outage.to_s and interval.end_s > outage.from_s:
                return True
        return False

    def _notification(self, arrival_s: float, data: bytes) -> Notification:
        micros = round(arrival_s * 1e6)
        return Notification(self.stream, micros / 1e6, self._origin_ns + micros * 1000, data)
