"""The one thread that writes, with the one writing connection: recordings, settings and deletions all pass here.

Whoever records only appends to a queue in memory and never waits. The thread commits as soon as something is there,
at most twice a second; a slow or full disk therefore delays acknowledgements, never a heartbeat's time, which came
with the beat. What could not be committed stays queued and is tried again.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Protocol, TypeVar

from sqlalchemy import Engine
from sqlalchemy.engine import Connection

from acquisition.errors import AttunementError, EnvironmentFault
from sessions.store.engine import checkpoint
from sessions.store.faults import translate
from sessions.store.folder import DataFolder, DiskFull

log = logging.getLogger("attunement.store")

T = TypeVar("T")

GATHER_S = 0.02
"""After the first item the thread waits this long for the rest of its frame (they come within a millisecond)."""
PACE_S = 0.45
"""Rest between two commits: with GATHER_S it leaves half of each second to a slow disk's commit."""
RETRY_S = 1.0
"""Rest after a commit that failed."""


class Sink(Protocol):
    """Something with items waiting to be written."""

    def write(self, connection: Connection) -> bool:
        """Write what is waiting, inside a transaction; False when nothing was."""
        ...

    def committed(self) -> None:
        """What was written is on the disk."""
        ...

    def failed(self, fault: EnvironmentFault) -> None:
        """What was written is not on the disk and must be kept for the next try."""
        ...

    @property
    def done(self) -> bool:
        """True when nothing will come any more."""
        ...


@dataclass(slots=True)
class _Job:
    work: Callable[[Connection], object]
    answer: Future[object]
    erase: bool


class Writer:
    """Starts with its thread running; ``close`` writes what is left and ends it."""

    def __init__(self, engine: Engine, place: str, folder: DataFolder | None = None) -> None:
        self._place, self._folder = place, folder
        self._connection = engine.connect()
        self._sinks: list[Sink] = []
        self._jobs: deque[_Job] = deque()
        self._lock = threading.Lock()
        self._wake, self._urgent = threading.Event(), threading.Event()
        self._closing = False
        self._owes_checkpoint = False
        self._thread = threading.Thread(target=self._run, name="attunement-writer", daemon=True)
        self._thread.start()

    def add(self, sink: Sink) -> None:
        """From now on write this sink's items too."""
        with self._lock:
            self._sinks.append(sink)

    def wake(self, *, urgent: bool = False) -> None:
        """Something waits; ``urgent`` when somebody waits for it."""
        if urgent:
            self._urgent.set()
        self._wake.set()

    def submit(self, work: Callable[[Connection], T], *, erase: bool = False) -> T:
        """Run ``work`` in a transaction of its own on the writing thread and give back what it returns.

        With ``erase`` the log is then moved into the file and cut, so that deleted bytes are gone from both.
        Raises what the work raises, database errors as EnvironmentFault.
        """
        answer: Future[object] = Future()
        with self._lock:
            if self._closing:
                raise EnvironmentFault("the store is closed", place=self._place)
            self._jobs.append(_Job(work, answer, erase))
        self.wake(urgent=True)
        return answer.result()  # type: ignore[return-value]  # the answer of this very job

    def close(self) -> None:
        """Write what is left, end the thread and the connection; may be called twice."""
        with self._lock:
            self._closing = True
        self.wake(urgent=True)
        self._thread.join()

    def _run(self) -> None:
        while True:
            self._wake.wait()
            self._wake.clear()
            self._urgent.wait(GATHER_S)
            self._urgent.clear()
            healthy = self._write_sinks()
            self._run_jobs()
            with self._lock:
                if self._closing and not self._jobs:
                    break
            if not healthy or self._owes_checkpoint:
                self._wake.set()
            self._urgent.wait(PACE_S if healthy else RETRY_S)
        self._connection.close()

    def _write_sinks(self) -> bool:
        with self._lock:
            self._sinks = [sink for sink in self._sinks if not sink.done]
            sinks = tuple(self._sinks)
        unhealthy = [sink for sink in sinks if not self._write_all_of(sink)]
        return not unhealthy

    def _write_all_of(self, sink: Sink) -> bool:
        while True:
            try:
                with self._connection.begin():
                    wrote = sink.write(self._connection)
            except Exception as error:  # noqa: BLE001  # this thread must outlive whatever the disk does
                fault = self._fault(error)
                if self._make_room(fault):
                    continue
                sink.failed(fault)
                return False
            if not wrote:
                return True
            sink.committed()

    def _run_jobs(self) -> None:
        while self._jobs:
            job = self._jobs.popleft()
            try:
                with self._connection.begin():
                    result = job.work(self._connection)
            except Exception as error:  # noqa: BLE001  # handed to whoever asked
                job.answer.set_exception(error if isinstance(error, AttunementError) else self._fault(error))
                continue
            if job.erase:
                self._owes_checkpoint = True
                self._pay_checkpoint()
            job.answer.set_result(result)
        if self._owes_checkpoint:
            self._pay_checkpoint()

    def _pay_checkpoint(self) -> None:
        try:
            self._owes_checkpoint = not checkpoint(self._connection)
        except Exception as error:  # noqa: BLE001  # still owed, tried again in the next round
            log.warning("the log of writes could not be cut yet: %s", self._fault(error).what)

    def _fault(self, error: Exception) -> EnvironmentFault:
        fault = translate(error, self._place)
        log.warning("writing failed: %s", fault.what)
        return fault

    def _make_room(self, fault: EnvironmentFault) -> bool:
        """Give the ballast up for a full disk; True when that is worth another try at once."""
        return self._folder is not None and isinstance(fault, DiskFull) and self._folder.drop_ballast()
