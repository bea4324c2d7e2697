"""Notifications and link changes → beats and gaps. Pure and deterministic: no clock, no randomness, no Bluetooth.

A live sensor, a simulation and the replay of an own recording all pass through here, so the same
notifications and link changes give the same beats to the last digit. Ticks pass through and change nothing.
What the frames themselves tell of the link (no contact, no RR, unreadable frames) comes out as a link change;
fed one that only repeats what is known, the stream swallows it, so a recording that holds both frames and
link changes gives each change once.
"""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass
from typing import Literal

from acquisition.beat_clock import BeatClock, PlacedFrame, chained_s
from acquisition.beats import TICKS_PER_S, Beat, Gap, Item, LinkChange, LinkState, Notification, SensorFact
from acquisition.errors import MalformedFrame
from acquisition.heart_rate_profile import HeartRateMeasurement, decode
from acquisition.rr_unit import MS_PER_S, UnitWatch

NO_CONTACT = "the strap feels no skin: moisten the electrodes and sit the strap a little tighter"
NO_RR = "this sensor sends no beat-to-beat intervals: only its heart rate can be shown"
NO_BEATS = "the sensor has sent no beats for a while: check how the strap sits"
WRONG_UNIT = "this sensor seems to count in milliseconds: choose that unit for it, or all its intervals are 2.3 % short"
UNREADABLE = "many frames of this sensor cannot be read: move closer, or take the strap off and on again"

LINK_GAP = "link lost"
CONTACT_GAP = "no contact"
UNREADABLE_GAP = "frame unreadable"

DUPLICATE_WITHIN_S = 0.2
"""The same bytes with intervals in them again within this time are one frame delivered twice."""
STALL_S = 1.5
"""After a silence this long frames come in a burst, where equal ones are not duplicates (sensors send once a
second)."""
PATIENCE_S = 10.0
"""Frames without a single interval for this long, with contact, and the person is told."""
UNREADABLE_WINDOW_S = 60.0
UNREADABLE_SHARE = 0.05
UNREADABLE_LEAST = 3
"""More than this share of the last minute's frames unreadable, and at least so many, is a degraded link."""

RR_UNIT = "rr_unit"
"""Name of the fact that says how a sensor counts when it is not as the standard says; what follows is read so."""
RRUnit = Literal["1/1024 s", "ms"]
_PER_S: dict[str, int] = {"1/1024 s": TICKS_PER_S, "ms": MS_PER_S}
UNIT_GAP = "unit of the intervals changed"

_FROM_FRAMES = (NO_CONTACT, NO_RR, NO_BEATS, UNREADABLE, WRONG_UNIT)
"""Reasons that the frames themselves give."""
_LINKED = (LinkState.STREAMING, LinkState.DEGRADED)


@dataclass(frozen=True, slots=True)
class Counters:
    """What was seen and left out; nothing is dropped silently."""

    frames: int = 0
    beats: int = 0
    malformed: int = 0
    duplicates: int = 0
    trailing_bytes: int = 0
    rr_without_contact: int = 0
    """Intervals in frames whose sensor felt no skin; they are not beats."""


class HeartRateStream:
    """State of one sensor's stream; ``feed`` gives each item back with what follows from it."""

    def __init__(self, stream: str = "heart-1") -> None:
        self._stream = stream
        self._per_s = TICKS_PER_S
        self._clock = BeatClock()
        self._seq = 0
        self._last_beat_s: float | None = None
        self._counts: Counter[str] = Counter()
        self._link: tuple[LinkState, str | None] | None = None
        self._begin_link()

    @property
    def counters(self) -> Counters:
        """Counts since the start."""
        return Counters(**self._counts)

    def feed(self, item: Item) -> list[Item]:
        """The item with the beats, gaps and link changes that follow from it, in order.

        A notification comes first, then a gap, its beats and at last a link change. Frames that a link change
        sets free come before it. Items of other streams and kinds come back alone.
        """
        if item.stream != self._stream:
            return [item]
        if isinstance(item, Notification):
            return [item, *self._on_notification(item)]
        if isinstance(item, LinkChange):
            return self._on_link_change(item)
        if isinstance(item, SensorFact) and item.name == RR_UNIT:
            return [item, *self._on_unit(item.value)]
        return [item]

    def _begin_link(self) -> None:
        self._arrival_s: float | None = None
        self._data = b""
        self._bursting = False
        self._contact_works = False
        self._no_contact = False
        self._sends_rr = False
        self._waiting_since_s: float | None = None
        self._recent: deque[tuple[float, bool]] = deque()
        self._unreadable = 0
        self._unit, self._wrong_unit = UnitWatch(), False

    def _on_unit(self, unit: str) -> list[Item]:
        per_s = _PER_S.get(unit, self._per_s)
        if per_s == self._per_s:
            return []
        released = self._clock.cut(UNIT_GAP)
        items = self._beats(released)
        self._per_s = self._clock.ticks_per_s = per_s
        self._unit, self._wrong_unit = UnitWatch(), False
        return items

    # ---- link changes -------------------------------------------------------------------

    def _on_link_change(self, item: LinkChange) -> list[Item]:
        if (item.state, item.reason) == self._link:
            return []
        self._link = (item.state, item.reason)
        if item.state in _LINKED:
            return [*self._beats(self._clock.settle()), item]
        released = self._clock.cut(LINK_GAP)
        self._begin_link()
        return [*self._beats(released), item]

    def _link_from_frames(self, time_s: float) -> list[Item]:
        """The link change that the frames so far call for, if it is news."""
        trouble = self._trouble(time_s)
        if trouble is not None:
            now: tuple[LinkState, str | None] = (LinkState.DEGRADED, trouble)
        elif self._link is not None and self._link[1] in _FROM_FRAMES:
            now = (LinkState.STREAMING, None)
        else:
            return []
        if now == self._link:
            return []
        self._link = now
        return [LinkChange(self._stream, time_s, *now)]

    def _trouble(self, time_s: float) -> str | None:
        if self._no_contact:
            return NO_CONTACT
        if self._waiting_since_s is not None and time_s - self._waiting_since_s >= PATIENCE_S:
            return NO_BEATS if self._sends_rr else NO_RR
        if self._unreadable >= UNREADABLE_LEAST and self._unreadable > UNREADABLE_SHARE * len(self._recent):
            return UNREADABLE
        return WRONG_UNIT if self._wrong_unit else None

    # ---- notifications ------------------------------------------------------------------

    def _on_notification(self, item: Notification) -> list[Item]:
        self._counts["frames"] += 1
        again = self._came_again(item)
        try:
            measurement: HeartRateMeasurement | None = decode(item.data)
        except MalformedFrame:
            measurement = None
        if again and measurement is not None and measurement.rr_ticks:
            self._counts["duplicates"] += 1
            return []
        self._remember(item.time_s, measurement is not None)
        if measurement is None:
            self._counts["malformed"] += 1
            placed = self._clock.doubt(UNREADABLE_GAP)
        else:
            self._counts["trailing_bytes"] += measurement.trailing_bytes
            placed = self._on_measurement(item.time_s, measurement)
        return [*self._beats(placed), *self._link_from_frames(item.time_s)]

    def _remember(self, time_s: float, readable: bool) -> None:
        """Keep count of the unreadable frames of the last minute."""
        self._recent.append((time_s, readable))
        self._unreadable += not readable
        while self._recent[0][0] < time_s - UNREADABLE_WINDOW_S:
            self._unreadable -= not self._recent.popleft()[1]

    def _came_again(self, item: Notification) -> bool:
        """Whether these are the bytes of the frame before, too soon to be news; remembers the frame."""
        since_s = None if self._arrival_s is None else item.time_s - self._arrival_s
        same = item.data == self._data
        self._arrival_s, self._data = item.time_s, item.data
        if since_s is None:
            return False
        if since_s >= DUPLICATE_WITHIN_S:
            self._bursting = since_s >= STALL_S
            return False
        return same and not self._bursting

    def _on_measurement(self, time_s: float, measurement: HeartRateMeasurement) -> list[PlacedFrame]:
        rr_ticks = measurement.rr_ticks
        self._contact_works = self._contact_works or measurement.contact is True
        silent = not rr_ticks and (measurement.contact is False or measurement.heart_rate_bpm == 0)
        self._no_contact = silent or (measurement.contact is False and self._contact_works)
        if self._no_contact:
            self._waiting_since_s = None
            self._counts["rr_without_contact"] += len(rr_ticks)
            self._unit = UnitWatch()
            return self._clock.cut(CONTACT_GAP)
        if rr_ticks:
            self._sends_rr, self._waiting_since_s = True, None
            if self._per_s == TICKS_PER_S and self._unit.feed(time_s, chained_s(rr_ticks), len(rr_ticks)):
                self._wrong_unit = True
            return self._clock.push(time_s, rr_ticks)
        if self._waiting_since_s is None:
            self._waiting_since_s = time_s
        return []

    def _beats(self, frames: list[PlacedFrame]) -> list[Item]:
        items: list[Item] = []
        for frame in frames:
            if frame.gap is not None and self._last_beat_s is not None:
                items.append(Gap(self._stream, self._last_beat_s, frame.begins_s, frame.gap))
            for ticks, time_s in zip(frame.rr_ticks, frame.times_s, strict=True):
                items.append(
                    Beat(
                        self._stream,
                        self._seq,
                        time_s,
                        ticks * 1000.0 / self._per_s,
                        ticks if self._per_s == TICKS_PER_S else None,
                        frame.arrival_s,
                        frame.uncertainty_ms,
                    )
                )
                self._seq += 1
                self._last_beat_s = time_s
        self._counts["beats"] += sum(len(frame.rr_ticks) for frame in frames)
        return items
