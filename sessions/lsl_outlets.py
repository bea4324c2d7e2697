"""What is being recorded, sent out over Lab Streaming Layer: RR intervals, markers, and the live numbers each second.

A follower of recordings. It puts what it hears into a bounded row and returns; a thread of its own sends, and counts
the numbers once more, so that neither the library nor a slow receiver can hold up a sitting. Nobody's words are sent.
"""

from __future__ import annotations

import logging
import math
import threading
from collections import deque
from typing import Any, TypeAlias

from acquisition.beats import Beat, Gap, Item, LinkChange, Notification, Tick
from acquisition.clock import NS_PER_S
from acquisition.lsl import clock_ahead_s, library, open_here
from processing.pipeline import LivePipeline, SecondUpdate
from processing.thresholds import LIVE_NAMES, SPECS
from processing.values import Judgement
from sessions.records import PhaseSpan, Rating, RecordingMeta, SessionMarker
from sessions.store.batch import Kept

log = logging.getLogger("attunement.lsl")

MOST_WAITING = 4096
"""Items that may wait to be sent, more than an hour of one strap; beyond, the oldest are dropped and counted."""
INSERTED = ("pause", "rating", "grounding", "rest")
"""Spans that a sitting inserts by itself; they lie outside every number."""
LIVE = ("sensor:", "browser:")
"""Sources whose frames are stamped by this machine's clock."""
MAKER = "Attunement"
ENDING_S = 2.0
"""How long closing waits for what is still to be sent."""

_Waiting: TypeAlias = tuple[RecordingMeta, Kept | None]
"""What waits, with the recording that it is of; None is its end."""


class LslOutlets:
    """Three outlets from now until ``close``: ``Attunement RR`` (ms, one for each stream), ``Attunement markers`` and
    ``Attunement numbers``. Follows one recording at a time; others that run beside it are not sent.

    ``network`` opens them to every network of this machine; the library knows no passwords. Raises EnvironmentFault
    when the extra is not installed, or the ports cannot be kept from the network.
    """

    def __init__(self, *, streams: tuple[str, ...] = ("heart-1",), network: bool = False) -> None:
        pylsl = library(network=network)
        self._outlets = _open(pylsl, streams) if network else open_here(lambda: _open(pylsl, streams))
        self._ahead_s = clock_ahead_s(pylsl)
        self._recording: tuple[str, RecordingMeta] | None = None
        self._waiting: deque[_Waiting] = deque(maxlen=MOST_WAITING)
        self._there = threading.Event()
        self._closing = False
        self.dropped = 0
        """Items that were not sent because too many waited."""
        self._thread = threading.Thread(target=self._run, name="lsl", daemon=True)
        self._thread.start()

    @property
    def waiting(self) -> int:
        """Items that wait to be sent."""
        return len(self._waiting)

    def begin(self, recording_id: str, meta: RecordingMeta) -> None:
        """Send this one, unless another is being sent."""
        if self._recording is None:
            self._recording = recording_id, meta

    def hear(self, recording_id: str, item: Kept) -> None:
        """Send it; never waits."""
        if not isinstance(item, Judgement):
            self._put(recording_id, item)

    def end(self, recording_id: str) -> None:
        """The next recording may be sent."""
        if self._put(recording_id, None):
            self._recording = None

    def close(self) -> None:
        """Send what waits and take the outlets away; may be called twice."""
        self._closing = True
        self._there.set()
        self._thread.join(ENDING_S)

    def _put(self, recording_id: str, item: Kept | None) -> bool:
        """Whether this is of the recording that is being sent."""
        if self._recording is None or self._recording[0] != recording_id:
            return False
        self.dropped += len(self._waiting) == self._waiting.maxlen
        self._waiting.append((self._recording[1], item))
        self._there.set()
        return True

    def _run(self) -> None:
        sending: Sending | None = None
        while self._waiting or not self._closing:
            self._there.wait()
            self._there.clear()
            while self._waiting:
                sending = self._send(sending, *self._waiting.popleft())
        self._outlets = {}

    def _send(self, sending: Sending | None, meta: RecordingMeta, item: Kept | None) -> Sending | None:
        """Send one item; what sends the rest of its recording, or None after its end."""
        try:
            if sending is None or sending.meta is not meta:
                sending = Sending(meta, self._outlets, self._ahead_s)
            sending.end() if item is None else sending.send(item)
        except Exception:  # whatever it was, what comes later is tried again
            log.exception("sending over LSL failed")
        return None if item is None else sending


class Sending:
    """One recording on its way out. ``outlets`` have ``push_sample(values, stamp)``, as those of pylsl do."""

    def __init__(self, meta: RecordingMeta, outlets: dict[str, Any], ahead_s: float) -> None:
        self.meta = meta
        """The recording's own."""
        self._outlets, self._ahead_s = outlets, ahead_s
        self._live = meta.source.startswith(LIVE)
        self._speed = 1.0 if self._live else float(meta.details.get("speed", "1"))
        self._zero_s = (meta.origin_ns or 0) / NS_PER_S
        self._last_s = 0.0
        self._pipeline = LivePipeline(meta.streams[0] if meta.streams else None, meta.delay_s)
        self._mark(0.0, "begin")
        self._mark(0.0, f"sensor delay {meta.delay_s:g} s")

    def send(self, item: Kept) -> None:
        """Send what follows from one item."""
        if isinstance(item, Notification) and self._live:
            self._zero_s = item.arrival_ns / NS_PER_S - item.time_s
        if isinstance(item, Beat) and item.stream in self._outlets:
            self._outlets[item.stream].push_sample([item.rr_ms], self._stamp(item.time_s))
        marked = marker_of(item)
        if marked is not None:
            self._mark(*marked)
        if isinstance(item, PhaseSpan):
            self._hold(item)
        elif isinstance(item, Beat | Gap | Tick):
            self._count(item)

    def end(self) -> None:
        """The recording has ended."""
        self._mark(self._last_s, "end")

    def _stamp(self, time_s: float) -> float:
        """A time of the recording on the library's clock."""
        return self._zero_s + self._ahead_s + time_s / self._speed

    def _mark(self, time_s: float, text: str) -> None:
        self._outlets["markers"].push_sample([text], self._stamp(time_s))

    def _hold(self, span: PhaseSpan) -> None:
        """Numbers are of the script's parts alone: not of what lies between them, nor of pauses in them."""
        begins = span.end_s is None
        if (begins and span.kind not in INSERTED) or (not begins and span.kind == "pause"):
            self._pipeline.resume(span.start_s if span.end_s is None else span.end_s)
        else:
            self._pipeline.pause(span.start_s if span.end_s is None else span.end_s)

    def _count(self, item: Item) -> None:
        self._last_s = max(self._last_s, item.time_s)
        for update in self._pipeline.feed(item):
            if isinstance(update, SecondUpdate):
                values = [update.indices[name].value for name in LIVE_NAMES]
                told = [math.nan if value is None else value for value in values]
                self._outlets["numbers"].push_sample(told, self._stamp(update.time_s))


def marker_of(item: Kept) -> tuple[float, str] | None:
    """When and what a receiver is told of an item, or None. Never what a person wrote.

    >>> marker_of(Gap("heart-1", 3.0, 11.5, "link lost"))
    (11.5, 'gap 8.5 s link lost')
    >>> marker_of(Rating(61.0, "settle", "suds", 35, "0-100"))
    (61.0, 'rating suds 35')
    >>> marker_of(Rating(61.0, "reflect", "keep", "I called my sister", "text"))
    (61.0, 'rating keep')
    """
    if isinstance(item, PhaseSpan):
        return (item.start_s, f"phase {item.name}") if item.end_s is None else (item.end_s, f"phase {item.name} over")
    if isinstance(item, Rating):
        number = isinstance(item.value, int | float)
        return item.time_s, f"rating {item.prompt} {item.value}" if number else f"rating {item.prompt}"
    if isinstance(item, SessionMarker):
        return item.time_s, f"marker {item.kind}"
    if isinstance(item, LinkChange):
        return item.time_s, f"link {item.state}"
    if isinstance(item, Gap):
        return item.to_s, f"gap {item.to_s - item.from_s:.1f} s {item.reason}"
    return None


def _open(pylsl: Any, streams: tuple[str, ...]) -> dict[str, Any]:
    """The outlets by stream, and ``markers`` and ``numbers``."""
    outlets = {}
    for stream in streams:
        info = pylsl.StreamInfo(f"{MAKER} RR {stream}", "RR", 1, 0, "double64", f"attunement-rr-{stream}")
        info.set_channel_labels(["RR"])
        info.set_channel_units(["ms"])
        outlets[stream] = pylsl.StreamOutlet(info)
    markers = pylsl.StreamInfo(f"{MAKER} markers", "Markers", 1, 0, "string", "attunement-markers")
    outlets["markers"] = pylsl.StreamOutlet(markers)
    numbers = pylsl.StreamInfo(f"{MAKER} numbers", "HRV", len(LIVE_NAMES), 0, "double64", "attunement-numbers")
    numbers.set_channel_labels(list(LIVE_NAMES))
    numbers.set_channel_units([SPECS[name].unit for name in LIVE_NAMES])
    outlets["numbers"] = pylsl.StreamOutlet(numbers)
    return outlets
