"""Whole recordings are read in a process of its own, so that neither NeuroKit2 nor a long review holds up a heartbeat.

One process, begun when it is first needed or warmed up, asked one thing at a time, begun again when it dies, and gone
with the server. What is asked is a function at the top of a module; it gets a service of its own, for reading only.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar, cast

from acquisition.errors import AttunementError, EnvironmentFault

if TYPE_CHECKING:
    from multiprocessing.context import SpawnProcess

    from sessions.service import Service

P = ParamSpec("P")
T = TypeVar("T")

TRIES = 2
"""A process may have died while nobody asked; the second one that dies has died of the question."""
NICENESS = 5
"""Added to the reading process's own, so that a review gives way to the sessions that run (not on Windows)."""
END_S = 2.0
"""How long an ended process is waited for; it is killed, which takes milliseconds."""


class Apart:
    """The reading process of one data folder. All methods may be called from any thread."""

    def __init__(self, data: Path | str) -> None:
        self._data = data
        self._turn = threading.Lock()
        self._state = threading.Lock()
        self._process: SpawnProcess | None = None
        self._link: Connection | None = None
        self._stopped = False

    def ask(self, what: Callable[Concatenate[Service, P], T], *values: P.args, **named: P.kwargs) -> T:
        """``what(service, *values)`` as the other process answers it; blocks, so not on an event loop.

        Raises what it raises: an AttunementError as itself, everything else as RuntimeError with the other process's
        traceback. Raises EnvironmentFault when the process is stopped or dies of it.
        """
        with self._turn:
            for _ in range(TRIES):
                link = self._open()
                try:
                    link.send((what, values, named))
                    answer = link.recv()
                except (EOFError, OSError):  # it died, or was stopped
                    self._drop()
                    continue
                if isinstance(answer, Exception):
                    raise answer
                return cast(T, answer)
        raise EnvironmentFault("reading the recording broke off", remedy="load the page again")

    def warm(self) -> None:
        """Begin the process and let it load what it will need, so that the first review does not wait for it."""
        self.ask(load)

    def stop(self) -> None:
        """End it, whatever it is at; whoever waits for an answer gets EnvironmentFault. May be called twice."""
        with self._state:
            self._stopped = True
            process = self._process
            if process is not None:
                process.kill()
                process.join(END_S)

    @property
    def running(self) -> bool:
        """Whether there is a process now."""
        with self._state:
            return self._process is not None and self._process.is_alive()

    def _open(self) -> Connection:
        with self._state:
            if self._stopped:
                raise EnvironmentFault("the program is stopping", remedy="start it again")
            if self._link is None:
                context = multiprocessing.get_context("spawn")
                self._link, theirs = context.Pipe()
                self._process = context.Process(
                    target=answer_all, args=(self._data, theirs), name="attunement-reading", daemon=True
                )
                self._process.start()
                theirs.close()
            return self._link

    def _drop(self) -> None:
        with self._state:
            if self._link is not None and self._process is not None:
                self._link.close()
                self._process.kill()
                self._process.join(END_S)
            self._link = self._process = None


def answer_all(data: Path | str, link: Connection) -> None:
    """The other process's whole life: it ends when the one that asks closes the link or is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches both; the server ends this one in order
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    try:
        while True:
            what, values, named = link.recv()
            link.send(_answer(data, what, values, named))
    except (EOFError, OSError):
        return


def _answer(
    data: Path | str, what: Callable[..., object], values: tuple[object, ...], named: dict[str, object]
) -> object:
    from sessions.service import Service

    try:
        with Service.open(data, writable=False) as service:
            return what(service, *values, **named)
    except AttunementError as refused:
        return refused
    except Exception:  # noqa: BLE001  # told whole to whoever asked
        return RuntimeError(f"in the reading process:\n{traceback.format_exc()}")


def load(service: Service) -> None:
    """Load NeuroKit2 and the reviews by using them once."""
    import numpy as np

    from dashboard.clinician import reading  # noqa: F401  # what the first page of a recording asks for
    from processing import neurokit

    four_beats_ms = np.array([1000.0, 1010.0, 990.0, 1000.0])
    neurokit.time_domain(four_beats_ms, np.cumsum(four_beats_ms) / 1000.0)
