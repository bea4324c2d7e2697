"""A simulated strap as a source, equal to a real one: notifications, beats, gaps, link changes and ticks, in real time
or faster. It answers to the session (``respond``), or lives through a scenario."""

from __future__ import annotations

from collections.abc import AsyncIterator

from acquisition.beats import Item, SourceInfo, Stimulus
from acquisition.clock import ReadNs, monotonic_ns
from acquisition.pacing import Pace
from acquisition.simulated_faults import Faults
from acquisition.simulated_heart import Person
from acquisition.simulated_strap import SENSING_S, SimulatedStrap
from acquisition.sitting import Scenario


class SimulatedSource:
    """A BeatSource over a simulated strap; with a scenario it ends with it, without one it goes on until closed.

    The same seed and the same answers at the same source times give the same items at every speed. At full speed
    each second is simulated when it is asked for, so answers take effect from the last item that was taken.
    """

    def __init__(
        self,
        scenario: Scenario | None = None,
        seed: int = 1,
        speed: float = 1.0,
        stream: str = "heart-1",
        clock: ReadNs = monotonic_ns,
        *,
        person: Person | None = None,
        faults: Faults | None = None,
        origin_ns: int = 0,
    ) -> None:
        self._scenario, self._seed, self._stream, self._origin_ns = scenario, seed, stream, origin_ns
        self._pace = Pace(speed, clock)
        self._reached_s = 0.0
        self._strap = SimulatedStrap(
            seed,
            person=person or (scenario.person if scenario else None),
            faults=faults or (scenario.faults if scenario else None),
            stream=stream,
            timeline=scenario.timeline if scenario else (),
            origin_ns=origin_ns,
        )

    @property
    def info(self) -> SourceInfo:
        """Which heart this is."""
        return SourceInfo(
            kind="simulation",
            name=self._scenario.name if self._scenario else "Simulated heart",
            streams=(self._stream,),
            origin_ns=self._origin_ns,
            delay_s=SENSING_S,
            speed=self._pace.speed,
            details={"seed": str(self._seed)},
        )

    def respond(self, stimulus: Stimulus) -> None:
        """From the item that was taken last, answer to this; may be called from any thread."""
        self._strap.respond(stimulus, self._reached_s)

    async def _items(self) -> AsyncIterator[Item]:
        end_s = self._scenario.seconds if self._scenario else float("inf")
        second = 0
        while second < end_s:
            for item in self._strap.next_second():
                if not await self._pace.until(item.time_s):
                    return
                self._reached_s = max(self._reached_s, item.time_s)
                yield item
            second += 1

    def __aiter__(self) -> AsyncIterator[Item]:
        return self._items()

    async def aclose(self) -> None:
        """End the iteration; may be called twice."""
        self._pace.close()
