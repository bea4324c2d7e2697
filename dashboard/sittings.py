"""How a sitting gets its source: the strap that was chosen, or what the program was started with. Chosen here only."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Literal

from acquisition.beats import BeatSource
from acquisition.errors import BadInput, SensorNotFound
from acquisition.formats import RecordingFile
from acquisition.replay import ReplaySource
from acquisition.sensor import SensorSource, scan
from acquisition.simulation import SimulatedSource
from sessions.exercise import Exercise
from sessions.kept import RecordingSummary
from sessions.records import Asker
from sessions.service import Service
from sessions.session import Session, SourceChoice

Kind = Literal["sensor", "simulate", "file"]
DEFAULT_SEED = 1
SYSTEM = Asker("system")


@dataclass(frozen=True, slots=True)
class SourceSetup:
    """What the program was started with."""

    kind: Kind = "sensor"
    seed: int = DEFAULT_SEED
    speed: float = 1.0
    """Seconds of the sitting per second of the clock; only simulated hearts and recordings can be other than 1."""
    recording: RecordingFile | None = None
    """What is told again when ``kind`` is ``file``."""

    @property
    def simulated(self) -> bool:
        """No person wears a strap: nobody is recorded, so nobody is asked for consent."""
        return self.kind != "sensor"

    def source(self, choice: SourceChoice) -> BeatSource:
        """A new source for a sitting. Raises SensorNotFound when a strap is wanted and none was chosen."""
        if choice.address is not None:
            return SensorSource(choice.address)
        if self.kind == "simulate":
            return SimulatedSource(seed=self.seed, speed=self.speed)
        if self.recording is not None:
            return ReplaySource(self.recording, self.speed)
        raise SensorNotFound("no strap has been chosen", remedy="choose one of those that were found")


def kept_of(service: Service, session_id: str) -> RecordingSummary | None:
    """What is kept of a sitting that an earlier run of the program began and did not end, or None.

    The person's own page asks, and may know of it whatever was shared.
    """
    for recording_id in service.recovered_at_start:
        with suppress(BadInput):  # it may have been deleted since
            stored = service.recording(SYSTEM, recording_id)
            if stored.meta.details.get("session") == session_id:
                return stored.summary
    return None


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
) -> Callable[[Callable[[Mapping[str, object]], None]], Sitting]:
    """What makes the sitting on the engine's loop; it shows its first view at once."""

    def make(publish: Callable[[Mapping[str, object]], None]) -> Sitting:
        session = Session(
            session_id,
            exercise,
            service=service,
            asker=asker,
            source_factory=setup.source,
            publish=publish,
            scan=scan,
            simulated=setup.simulated,
            speed=setup.speed,
            client=client,
        )
        publish({"k": "view", "view": asdict(session.view())})
        return Sitting(session)

    return make
