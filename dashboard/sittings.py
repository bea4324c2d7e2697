"""How a sitting gets its source: the strap that was chosen, or what the program was started with. Chosen here only.

Everything that a sitting needs hangs on this module; the engine loads it with the first one, or a little before.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from functools import partial

from acquisition.beats import BeatSource
from acquisition.errors import SensorNotFound
from acquisition.identity import Identity
from acquisition.replay import ReplaySource
from acquisition.sensor import SensorSource, scan
from acquisition.simulation import SimulatedSource
from acquisition.sources import open_source
from acquisition.station_source import StationSource
from dashboard.apart import Apart
from dashboard.source_setup import SourceSetup
from sessions.exercise import Exercise
from sessions.records import Asker
from sessions.service import Service
from sessions.session import Session, SourceChoice
from sessions.summary import summary_of


def source_of(setup: SourceSetup, choice: SourceChoice, session_id: str = "") -> BeatSource:
    """A new source for a sitting; ``session_id`` is whose, for a strap that its own page holds.

    Raises SensorNotFound when a strap is wanted and none was chosen, and what ``open_source`` raises.
    """
    if choice.by_page:
        return StationSource(setup.station_of(session_id), name=choice.name)
    if choice.address is not None:
        return SensorSource(Identity(choice.address, choice.serial, choice.name))
    if setup.kind == "simulate":
        return SimulatedSource(seed=setup.seed, speed=setup.speed)
    if setup.recording is not None:
        return ReplaySource(setup.recording, setup.speed)
    if setup.elsewhere is not None:
        return open_source(setup.elsewhere)
    raise SensorNotFound("no strap has been chosen", remedy="choose one of those that were found")


class Sitting:
    """A session as the engine runs it."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._coming = ""
        self._here: str | None = None

    async def run(self) -> None:
        """From the first page to the closed recording."""
        await self.session.run()

    def act(self, action: str, data: Mapping[str, object]) -> None:
        """What the page asks for."""
        self.session.act(action, data)

    def page_is(self, page_id: str) -> None:
        """Which page will be seen next."""
        self._coming = page_id

    def page_seen(self) -> None:
        """A page watches; the one before it no longer does."""
        before, self._here = self._here, self._coming
        if before == self._here:
            return
        self.session.page_seen(self._here)
        if before is not None:
            self.session.page_gone(before)

    def page_gone(self) -> None:
        """Nobody watches any more."""
        before, self._here = self._here, None
        if before is not None:
            self.session.page_gone(before)

    async def aclose(self) -> None:
        """End whole."""
        await self.session.aclose()


def sitting_maker(
    session_id: str,
    exercise: Exercise,
    *,
    setup: SourceSetup,
    service: Service,
    asker: Asker,
    client: str | None,
    apart: Apart | None = None,
) -> Callable[[Callable[[Mapping[str, object]], None]], Sitting]:
    """What makes the sitting on the engine's loop; it shows its first view at once."""

    def make(publish: Callable[[Mapping[str, object]], None]) -> Sitting:
        session = Session(
            session_id,
            exercise,
            service=service,
            asker=asker,
            source_factory=partial(source_of, setup, session_id=session_id),
            publish=publish,
            scan=scan if setup.elsewhere is None else None,
            choice=None if setup.elsewhere is None else SourceChoice(),
            simulated=setup.simulated,
            speed=setup.speed,
            client=client,
            summarise=None if apart is None else lambda kept: apart.ask(summary_of, asker, kept),
        )
        publish({"k": "view", "view": asdict(session.view())})
        return Sitting(session)

    return make
