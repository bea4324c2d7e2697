"""One sitting: source, conductor, recorder and page joined; the one mutable object of the project."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from acquisition.beats import BeatSource
from acquisition.clock import Anchor, ReadNs, monotonic_ns
from sessions.exercise import Exercise
from sessions.records import Asker
from sessions.view import SessionView

Publish = Callable[[dict[str, object]], None]
"""Takes one JSON-ready message for the page, on the session's loop."""


@dataclass(frozen=True, slots=True)
class SourceChoice:
    """Which source a sitting wants: the strap with this address, or None for the one the program was started with."""

    address: str | None = None


SourceFactory = Callable[[SourceChoice], BeatSource]


class Strap(Protocol):
    """What a scan finds (``acquisition.sensor.FoundSensor``)."""

    @property
    def address(self) -> str: ...

    @property
    def name(self) -> str | None: ...


Scan = Callable[[float], Awaitable[Sequence[Strap]]]
"""Looks for straps for so many seconds (``acquisition.sensor.scan``)."""


class Session:
    """See ``run``; every other method is called on the same loop."""

    def __init__(
        self,
        session_id: str,
        exercise: Exercise,
        *,
        service: object,
        asker: Asker,
        source_factory: SourceFactory,
        publish: Publish,
        scan: Scan | None = None,
        simulated: bool = False,
        speed: float = 1.0,
        client: str | None = None,
        anchor: Callable[[], Anchor] = Anchor.now,
        clock: ReadNs = monotonic_ns,
    ) -> None:
        raise NotImplementedError

    @property
    def id(self) -> str:
        """The id in ``/session/ID``."""
        raise NotImplementedError

    @property
    def exercise(self) -> Exercise:
        """What is being done."""
        raise NotImplementedError

    @property
    def recording_id(self) -> str | None:
        """The recording's id from Begin on, else None."""
        raise NotImplementedError

    @property
    def ended(self) -> bool:
        """The sitting is over and its recording closed."""
        raise NotImplementedError

    async def run(self) -> None:
        """Conduct the sitting from the first page to the closed recording."""
        raise NotImplementedError

    def act(self, action: str, data: Mapping[str, object], time_s: float | None = None) -> None:
        """Do what the page asks; an action that has no place now does nothing. Raises BadInput for unusable data."""
        raise NotImplementedError

    def view(self) -> SessionView:
        """What the client's page must show now."""
        raise NotImplementedError

    def page_seen(self, page_id: str) -> None:
        """A page is open on this sitting."""
        raise NotImplementedError

    def page_gone(self, page_id: str) -> None:
        """That page has closed or lost touch."""
        raise NotImplementedError

    async def aclose(self) -> None:
        """End whole: the source let go, the recording closed. May be called twice."""
        raise NotImplementedError
