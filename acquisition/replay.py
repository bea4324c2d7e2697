"""A recording told again: the same items in the same order at every speed, with the transport of a player."""

from __future__ import annotations

from collections.abc import AsyncIterator

from acquisition.beats import Beat, Item, SourceInfo
from acquisition.clock import ReadNs, monotonic_ns
from acquisition.formats.recording_file import RecordingFile
from acquisition.pacing import Pace


class ReplaySource:
    """A BeatSource over a recording. Speed, pause, step and seek change when items come, never what comes.

    Seeking forward lets everything up to there out at once, so that nothing downstream misses an item. Seeking back
    begins again at the first item and lets everything up to there out at once; ``restarts`` counts up before the
    first item comes again, so that whoever keeps state downstream can begin anew too. Controls may come from any
    thread.
    """

    def __init__(
        self, recording: RecordingFile, speed: float = 1.0, clock: ReadNs = monotonic_ns, name: str | None = None
    ) -> None:
        self._recording = recording
        self._name = name or recording.path.name
        self._pace = Pace(speed, clock)
        self._reached_s = 0.0
        self._back = False
        self._restarts = 0
        self._steps = 0

    @property
    def info(self) -> SourceInfo:
        """What is replayed, and how fast at the moment."""
        recording = self._recording
        delay_s = recording.header.get("delay_s")
        return SourceInfo(
            kind="replay",
            name=self._name,
            streams=recording.streams,
            started_at=recording.started_at,
            delay_s=float(delay_s) if isinstance(delay_s, (int, float)) else 0.0,
            speed=self._pace.speed,
            details={"format": recording.format, "unit": recording.unit_decision, **recording.details},
        )

    @property
    def duration_s(self) -> float:
        """Time of the last item, s."""
        return max((item.time_s for item in self._recording.items), default=0.0)

    @property
    def position_s(self) -> float:
        """Where the transport stands, in source time; at most the duration."""
        return min(self._pace.now_s, self.duration_s)

    @property
    def paused(self) -> bool:
        """True while it stands still."""
        return self._pace.paused

    @property
    def restarts(self) -> int:
        """How often it began again at the first item, after seeking back."""
        return self._restarts

    def set_speed(self, speed: float) -> None:
        """Go on from here at another speed; ``math.inf`` is as fast as can be. Raises ValueError unless above 0."""
        self._pace.set_speed(speed)

    def pause(self) -> None:
        """Stand still."""
        self._pace.pause()

    def resume(self) -> None:
        """Go on from where it stands."""
        self._steps = 0
        self._pace.resume()

    def step(self) -> None:
        """Let the next beat out, with whatever comes before it, and stand still."""
        self._steps += 1
        self._pace.pause()

    def seek(self, time_s: float) -> None:
        """Go to ``time_s`` (held within the recording) and stay paused or running as before."""
        time_s = min(max(time_s, 0.0), self.duration_s)
        self._steps = 0
        self._back = self._back or time_s < self._reached_s
        self._pace.jump(time_s)

    async def _items(self) -> AsyncIterator[Item]:
        items = self._recording.items
        at = 0
        while at < len(items) and not self._pace.closed:
            if self._back:
                self._back, at, self._reached_s = False, 0, 0.0
                self._restarts += 1
            item = items[at]
            if self._steps == 0 and not self._pace.is_due(item.time_s):
                await self._pace.wait(item.time_s)
                continue
            await self._pace.went_out(item.time_s)
            at += 1
            self._reached_s = max(self._reached_s, item.time_s)
            if isinstance(item, Beat) and self._steps:
                self._steps -= 1
            yield item

    def __aiter__(self) -> AsyncIterator[Item]:
        return self._items()

    async def aclose(self) -> None:
        """End the iteration; may be called twice."""
        self._pace.close()
