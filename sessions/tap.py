"""From a source to a recording: the session's own time from Begin on, and the beats that the raw frames give in it.

What came before Begin was a look at the signal and is not kept. So the beats kept are derived anew from the first
kept frame on, by the same state machine as a replay of the recording will use, and are equal to it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from acquisition.beats import Beat, Gap, Item, LinkChange, LinkState, Notification, SensorFact
from acquisition.heart_rate_stream import HeartRateStream

AWAY = "nobody was there"
"""Reason of the link change and gap while nothing is stored because every page had gone."""


class Tap:
    """Items of a source in, items on the recording's clock out."""

    def __init__(self, streams: tuple[str, ...], zero_s: float) -> None:
        self._zero_s = zero_s
        self._decoders = {stream: HeartRateStream(stream) for stream in streams}
        self._framed: set[str] = set()
        self._first_seq: dict[str, int] = {}
        self._last_beat_s: dict[str, float] = {}

    def shift(self, zero_s: float) -> None:
        """Another source goes on: its time ``zero_s`` is the recording's 0."""
        self._zero_s = zero_s

    def time_of(self, item: Item) -> float:
        """The item's time on the recording's clock."""
        return item.time_s - self._zero_s

    def begin(self, facts: Iterable[SensorFact]) -> list[Item]:
        """What the sensor had told of itself before, as of time 0, with what follows: its frames are read by it."""
        return [item for fact in facts for item in self._derived(replace(fact, time_s=0.0))]

    def link(self, state: LinkState, reason: str | None, time_s: float) -> list[Item]:
        """A link change that the session itself knows of, and what follows from it."""
        out: list[Item] = []
        for stream, decoder in self._decoders.items():
            out += decoder.feed(LinkChange(stream, time_s, state, reason))
        return out

    def feed(self, item: Item) -> list[Item]:
        """The item on the recording's clock, with the beats and gaps that follow from it."""
        moved = shifted(item, -self._zero_s)
        if moved.stream in self._decoders and isinstance(moved, Beat | Gap):
            return self._bare(moved)
        if isinstance(moved, Notification):
            self._framed.add(moved.stream)
        return self._derived(moved)

    def _derived(self, item: Item) -> list[Item]:
        decoder = self._decoders.get(item.stream)
        return [item] if decoder is None else decoder.feed(item)

    def _bare(self, item: Beat | Gap) -> list[Item]:
        """Intervals of a source without frames pass; those that come from frames are derived here instead."""
        stream = item.stream
        if stream in self._framed:
            return []
        if isinstance(item, Gap):
            return [item] if stream in self._last_beat_s else []
        first = self._first_seq.setdefault(stream, item.seq)
        self._last_beat_s[stream] = item.time_s
        return [replace(item, seq=item.seq - first)]


def shifted(item: Item, by_s: float) -> Item:
    """The same item, ``by_s`` later; raw bytes and the monotonic arrival stay as they are."""
    if isinstance(item, Gap):
        return replace(item, from_s=item.from_s + by_s, to_s=item.to_s + by_s)
    if isinstance(item, Beat) and item.arrival_s is not None:
        return replace(item, time_s=item.time_s + by_s, arrival_s=item.arrival_s + by_s)
    return replace(item, time_s=item.time_s + by_s)
