"""A replay as something live: the transport answers to the page, the run's rows go out in small batches."""

from __future__ import annotations

import asyncio
import contextlib
import math
from bisect import bisect_left
from collections.abc import Awaitable, Callable, Mapping
from typing import Literal

from acquisition.beats import Beat
from acquisition.clock import ReadNs, monotonic_ns
from acquisition.errors import AttunementError
from acquisition.formats.recording_file import RecordingFile
from acquisition.replay import ReplaySource
from dashboard.replay.latency import Stopwatch
from dashboard.replay.overview import Overview, overview
from dashboard.replay.run import Run
from dashboard.replay.sitting import sitting_of
from dashboard.replay.teller import Publish, Teller

SPEEDS: Mapping[str, float] = {"0.5": 0.5, "1": 1.0, "4": 4.0, "16": 16.0, "max": math.inf}
"""What the transport offers, by the name that the page sends."""
UNWATCHED_S = 60.0
"""A replay that nobody watches for this long ends."""

OpenFile = Callable[[str], Awaitable[tuple[str, RecordingFile]]]
"""Takes the name that the page chose; gives a title and the recording. Raises AttunementError."""
State = Literal["loading", "paused", "playing", "ended", "failed"]


class ReplaySession:
    """One replay page's own transport and run; lives on the engine's loop."""

    def __init__(self, name: str, *, open_file: OpenFile, publish: Publish, clock: ReadNs = monotonic_ns) -> None:
        self._open_file, self._clock = open_file, clock
        self._watch = Stopwatch(clock)
        self._teller = Teller(publish, self._watch, clock)
        self._name = self._title = name
        self._wanted: str | None = name
        self._state: State = "loading"
        self._message: str | None = None
        self._speed = "1"
        self._recording: RecordingFile | None = None
        self._overview: Overview | None = None
        self._beat_times: tuple[float, ...] = ()
        self._source: ReplaySource | None = None
        self._run: Run | None = None
        self._leaving: asyncio.TimerHandle | None = None
        self._ending: asyncio.Future[None] | None = None
        self._news = asyncio.Event()
        self._closed = False

    # ---- life ---------------------------------------------------------------------------

    async def run(self) -> None:
        """Open what is wanted, play it, and wait for the next wish, until nobody watches any more."""
        self.page_gone()
        telling = asyncio.ensure_future(self._teller.tell_latency())
        try:
            while not self._closed:
                if self._wanted is not None:
                    name, self._wanted = self._wanted, None
                    await self._open(name)
                elif self._source is not None:
                    await self._play(self._source)
                else:
                    self._news.clear()
                    await self._news.wait()
        finally:
            telling.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await telling

    async def aclose(self) -> None:
        """End it; may be called twice."""
        self._closed = True
        if self._leaving is not None:
            self._leaving.cancel()
        self._teller.close()
        await self._let_go()
        self._news.set()

    def page_seen(self) -> None:
        """A page watches: show it where things stand."""
        if self._leaving is not None:
            self._leaving.cancel()
            self._leaving = None
        self._tell_view()
        self._teller.tell_recent()

    def page_gone(self) -> None:
        """Nobody watches: the replay stands still, and ends unless somebody comes back."""
        self._pause()
        if self._leaving is None and not self._closed:
            loop = asyncio.get_running_loop()
            self._leaving = loop.call_later(UNWATCHED_S, self._nobody_came)

    def _nobody_came(self) -> None:
        self._ending = asyncio.ensure_future(self.aclose())

    async def _open(self, name: str) -> None:
        self._name, self._recording, self._overview = name, None, None
        self._become("loading")
        try:
            self._title, recording = await self._open_file(name)
        except AttunementError as refused:
            self._message = str(refused)
            self._become("failed")
            return
        self._recording = recording
        await self._show(recording, None)

    async def _show(self, recording: RecordingFile, stream: str | None) -> None:
        """Stand at the start of one stream."""
        told = self._overview = await asyncio.to_thread(overview, recording, stream)
        self._beat_times = tuple(
            item.time_s for item in recording.items if isinstance(item, Beat) and item.stream == told.stream
        )
        self._run = None
        self._begin(0.0, playing=False)

    def _begin(self, time_s: float, *, playing: bool) -> None:
        """Stand at ``time_s`` of the open recording, with everything up to there already played."""
        if self._recording is None:
            return
        source = ReplaySource(self._recording, SPEEDS[self._speed], self._clock)
        if not playing:
            source.pause()
        if time_s > 0:
            source.seek(time_s)
        self._source = source
        self._become("playing" if playing else "paused")
        self._news.set()

    async def _play(self, source: ReplaySource) -> None:
        """One way through the recording; a way back begins a new run."""
        told, recording = self._overview, self._recording
        if told is None or recording is None:
            return
        restarts = -1
        async for item in source:
            if source.restarts != restarts or self._run is None:
                restarts = source.restarts
                sitting = sitting_of(recording, told.duration_s)
                self._run = Run(told.stream, self._watch, source.info.delay_s, sitting)
                self._teller.begin(self._run)
            self._teller.take(self._run.feed(item))
        if self._source is source:
            self._source = None
            if self._run is not None and not self._closed and self._wanted is None:
                self._teller.take(self._run.finish())
                self._become("ended")

    async def _let_go(self) -> None:
        source, self._source = self._source, None
        if source is not None:
            await source.aclose()

    # ---- wishes -------------------------------------------------------------------------

    async def act(self, action: str, data: Mapping[str, object]) -> None:
        """Do what the page asks; ValueError when it makes no sense."""
        match action:
            case "open":
                self._wanted = _text(data, "name")
                await self._let_go()
                self._news.set()
            case "stream":
                await self._choose(_text(data, "name"))
            case "play":
                self._play_on()
            case "pause":
                self._pause()
            case "step":
                self._step()
            case "back":
                self._seek(self._before_last_beat())
            case "start":
                self._seek(0.0)
            case "seek":
                self._seek(_number(data, "time_s"))
            case "speed":
                self._set_speed(_text(data, "speed"))
            case "explain":
                self._teller.explain(int(_number(data, "seq")))
            case _:
                raise ValueError(f"no such action: {action}")

    async def _choose(self, stream: str) -> None:
        """Another stream of the same recording, from its start."""
        recording, told = self._recording, self._overview
        if recording is None or told is None or stream == told.stream:
            return
        if stream not in told.streams:
            raise ValueError(f"no such stream: {stream}")
        await self._let_go()
        await self._show(recording, stream)

    def _play_on(self) -> None:
        if self._source is None:
            self._begin(0.0, playing=True)
            return
        self._source.resume()
        self._become("playing")

    def _pause(self) -> None:
        if self._source is not None:
            self._source.pause()
            self._become("paused")

    def _step(self) -> None:
        if self._source is not None:
            self._source.step()
            self._become("paused")

    def _seek(self, time_s: float) -> None:
        if self._source is None:
            self._begin(time_s, playing=False)
        else:
            self._source.seek(time_s)
        self._tell_view()

    def _set_speed(self, speed: str) -> None:
        if speed not in SPEEDS:
            raise ValueError(f"no such speed: {speed}")
        self._speed = speed
        if self._source is not None:
            self._source.set_speed(SPEEDS[speed])
        self._tell_view()

    def _before_last_beat(self) -> float:
        """The end of the beat before the one played last; 0 when there is none."""
        played = self._run.counts.beats if self._run else 0
        if played < 2 or played > len(self._beat_times):
            return 0.0
        last = self._beat_times[played - 1]
        at = bisect_left(self._beat_times, last)
        return self._beat_times[at - 1] if at else 0.0

    # ---- telling ------------------------------------------------------------------------

    def _become(self, state: State) -> None:
        self._state = state
        if state != "failed":
            self._message = None
        self._tell_view()

    def _tell_view(self) -> None:
        told = self._overview
        self._teller.view(
            {
                "name": self._name,
                "title": self._title,
                "state": self._state,
                "speed": self._speed,
                "message": self._message,
                "head": self._run.head_s if self._run else 0.0,
                "stream": told.stream if told else "",
                "streams": list(told.streams) if told else [],
                "duration_s": told.duration_s if told else 0.0,
                "beats": told.beats if told else 0,
                "frames": told.frames if told else 0,
                "phases": list(told.phases) if told else [],
                "gaps": list(told.gaps) if told else [],
                "trace": list(told.trace) if told else [],
            }
        )


def _text(data: Mapping[str, object], name: str) -> str:
    value = data.get(name)
    if not isinstance(value, str):
        raise ValueError(f"{name} must be text")
    return value


def _number(data: Mapping[str, object], name: str) -> float:
    value = data.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(f"{name} must be a number")
    return float(value)
