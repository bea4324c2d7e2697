"""What writes a recording down: items go in from any thread at once, and come out on disk within the second.

Nothing is dropped: the queue has no bound but memory (a day of one strap whose disk does not answer is about half a
million items, some 150 MB), and what the database refuses is kept as text beside the rest. What was acknowledged by
``on_commit`` survives the death of the process.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable
from typing import Literal, TypeAlias

from sqlalchemy import Connection, update

from acquisition.beats import Tick
from acquisition.errors import EnvironmentFault
from sessions.followers import Followers
from sessions.store import schema
from sessions.store.batch import Entry, Kept, Streams, Tally, write_entries
from sessions.store.rows import Values
from sessions.store.writer import Writer

log = logging.getLogger("attunement.recorder")

OnCommit: TypeAlias = Callable[[int], None]
"""Called on the writing thread after each commit with the number of the last item that is now on disk."""

BATCH = 5000
"""Items in one transaction at most, so that a backlog does not become one endless commit."""

CLOSE_WITHIN_S = 10.0
"""How long closing waits for a disk that does not answer before it gives up; the recording is then ``recovered``
at the next start, with everything acknowledged."""


class Recorder:
    """One recording being written. Made by the service; ``put`` from any thread."""

    def __init__(
        self,
        writer: Writer,
        recording_id: str,
        recording_no: int,
        streams: Streams,
        on_commit: OnCommit | None,
        followers: Followers,
    ) -> None:
        self.recording_id = recording_id
        self._followers = followers
        self._queue = _Queue(recording_no, streams, on_commit)
        self._writer = writer
        writer.add(self._queue)

    @property
    def error(self) -> EnvironmentFault | None:
        """Why nothing can be written at the moment, or None. Items wait meanwhile and are tried again."""
        return self._queue.error

    @property
    def committed(self) -> int:
        """Number of the last item that is on disk."""
        return self._queue.on_disk

    @property
    def late(self) -> int:
        """How many items came after ``close``; they are not part of the recording."""
        return self._queue.late

    @property
    def closed(self) -> bool:
        """True once the recording's end is on disk."""
        return self._queue.done

    def put(self, item: Kept, *, stream: str | None = None) -> int:
        """Keep an item; returns its number, which ``on_commit`` names once it is on disk. Never waits.

        ``stream`` says whose beats a Judgement judges (default: the recording's first stream).
        """
        number, waited = self._queue.append(item, stream)
        if waited or not isinstance(item, Tick):  # a lone tick waits for the frame that it must not hold up
            self._writer.wake()
        self._followers.hear(self.recording_id, item)
        return number

    def flush(self, within_s: float = CLOSE_WITHIN_S) -> None:
        """Wait until everything put so far is on disk.

        Raises EnvironmentFault when it is not after ``within_s`` seconds; it goes on being tried.
        """
        target = self._queue.put
        self._await(lambda: self._queue.on_disk >= target, within_s)

    def close(self, state: Literal["closed", "recovered"] = "closed", within_s: float = CLOSE_WITHIN_S) -> None:
        """Write what is left and end the recording; may be called twice.

        Raises EnvironmentFault when the disk does not answer within ``within_s`` seconds.
        """
        if self._queue.end(state):
            self._followers.end(self.recording_id)
        self._await(lambda: self._queue.done, within_s)

    def _await(self, reached: Callable[[], bool], within_s: float) -> None:
        self._writer.wake(urgent=True)
        with self._queue.changed:
            if self._queue.changed.wait_for(reached, within_s):
                return
        raise self._queue.error or EnvironmentFault(
            "the disk has not answered yet; everything acknowledged is kept",
            place=f"recording {self.recording_id}",
            remedy="check the disk; writing goes on by itself",
        )


class _Queue:
    """Between the threads: ``append`` and ``end`` on any of them, the rest on the writing thread."""

    def __init__(self, recording_no: int, streams: Streams, on_commit: OnCommit | None) -> None:
        self._no, self._streams, self._on_commit = recording_no, streams, on_commit
        self._first_stream = next(iter(streams), "heart-1")
        self._waiting: deque[Entry] = deque()
        self._batch: list[Entry] = []
        self._tally = self._next_tally = Tally()
        self._next_streams = streams
        self._ending: str | None = None
        self._ends_now = False
        self._lock = threading.Lock()
        self.changed = threading.Condition()
        self.put, self.on_disk, self.late = 0, 0, 0
        self.error: EnvironmentFault | None = None
        self.done = False

    def append(self, item: Kept, stream: str | None) -> tuple[int, bool]:
        """Number of the item, and whether others had waited already."""
        name = stream or str(getattr(item, "stream", self._first_stream))
        with self._lock:
            if self._ending is not None:
                self.late += 1
                return self.put, False
            waited = bool(self._waiting)
            self.put += 1
            self._waiting.append(Entry(self.put, item, name))
            return self.put, waited

    def end(self, state: str) -> bool:
        """Whether this is the first word of its end."""
        with self._lock:
            first, self._ending = self._ending is None, self._ending or state
        return first

    def write(self, connection: Connection) -> bool:
        if self.done:
            return False
        ending = self._ending  # read before the queue is emptied: nothing is appended after it is set
        while self._waiting and len(self._batch) < BATCH:
            self._batch.append(self._waiting.popleft())
        self._ends_now = ending is not None and not self._waiting
        if not self._batch and not self._ends_now:
            return False
        written = write_entries(connection, self._no, self._batch, self._streams)
        self._next_streams, self._next_tally = written.streams, self._tally
        for entry in self._batch:
            if entry.n not in written.refused:
                self._next_tally = self._next_tally.plus(entry.item)
        row: Values = self._next_tally.columns()
        if self._batch:
            row["puts"] = self._batch[-1].n
        if self._ends_now:
            row["state"] = ending
        connection.execute(update(schema.recording).where(schema.recording.c.no == self._no).values(**row))
        return True

    def committed(self) -> None:
        self._streams, self._tally = self._next_streams, self._next_tally
        with self.changed:
            if self._batch:
                self.on_disk = self._batch[-1].n
            self._batch.clear()
            self.error = None
            self.done = self._ends_now
            self.changed.notify_all()
        self._acknowledge()

    def _acknowledge(self) -> None:
        if self._on_commit is None:
            return
        try:
            self._on_commit(self.on_disk)
        except Exception:  # whoever listens must not stop the recording
            log.exception("the receiver of acknowledgements failed")

    def failed(self, fault: EnvironmentFault) -> None:
        with self.changed:
            self.error = fault
            self.changed.notify_all()
