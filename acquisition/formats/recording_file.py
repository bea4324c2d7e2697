"""What every reader gives: one recording as a row of items, with a report of how it was read."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from acquisition.beats import Beat, Gap, Item, Marker, Tick

ONE_STREAM = "heart-1"
"""Name of the stream in files that hold one person's beats without naming them."""
MAX_DURATION_S = 3 * 86400.0
"""Times beyond three days are damage, not a recording (Holter recorders run for two)."""


@dataclass(frozen=True, slots=True)
class RecordingFile:
    """One recording, read whole. Times are seconds since its start."""

    path: Path
    format: str
    """Short name of the format, one of those in docs/formats.md (``rr-text``, ``polar-hrm``, ``attune``, ...)."""
    unit_decision: str
    """The unit of the intervals and why it was taken to be that one, in words."""
    started_at: datetime | None
    """Wall clock at time 0, or None when the file does not say; naive when the file names no zone."""
    items: tuple[Item, ...]
    """In order, with a tick of each stream at every whole second."""
    rows_read: int
    """Rows that became items."""
    rows_refused: int
    """Rows that could not be used; ``details`` says which."""
    details: Mapping[str, str] = field(default_factory=dict)
    """What else a reader saw and decided, in words; ``truncated`` when the end is missing."""
    header: Mapping[str, object] = field(default_factory=dict)
    """The header of one of our own files; empty for other programs' files."""
    clock_origin_s: float | None = None
    """The clock of the file's time stamps at time 0, s, where they are of an unnamed clock that two files may share
    (a time column, LSL); None where ``started_at`` says it, or nothing does."""

    @property
    def beats(self) -> tuple[Beat, ...]:
        """All beats, of all streams, in order."""
        return tuple(item for item in self.items if isinstance(item, Beat))

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """All gaps, of all streams, in order."""
        return tuple(item for item in self.items if isinstance(item, Gap))

    @property
    def streams(self) -> tuple[str, ...]:
        """Names of the streams, in order of their first item."""
        return tuple(dict.fromkeys(item.stream for item in self.items)) or (ONE_STREAM,)

    @property
    def duration_s(self) -> float:
        """Sum of RR plus gaps, s; of the longest stream when there are several."""
        return max(self._duration_of(stream) for stream in self.streams)

    def markers(self, kind: str) -> tuple[Marker, ...]:
        """Markers of one kind (``phase``, ``rating``, ``marker``), in order."""
        return tuple(item for item in self.items if isinstance(item, Marker) and item.kind == kind)

    def _duration_of(self, stream: str) -> float:
        rr_s = math.fsum(beat.rr_ms for beat in self.beats if beat.stream == stream) / 1000.0
        return rr_s + math.fsum(gap.to_s - gap.from_s for gap in self.gaps if gap.stream == stream)


def with_ticks(items: Iterable[Item], streams: Sequence[str], end_s: float) -> Iterator[Item]:
    """The items with a tick of each stream at every whole second from 1 to ``end_s``.

    The tick of second k comes after everything that happened up to k and before the first later item. Beats come
    after the frame that carried them and are dated before it, so they never move a tick; a gap is known only with the
    beat after it, so no tick comes between the two.
    """
    second = 1
    waiting: list[Item] = []
    for item in items:
        waiting.append(item)
        if isinstance(item, Gap):
            continue
        while second < item.time_s:
            yield from (Tick(stream, float(second)) for stream in streams)
            second += 1
        yield from waiting
        waiting.clear()
    yield from waiting
    while second <= end_s:
        yield from (Tick(stream, float(second)) for stream in streams)
        second += 1
