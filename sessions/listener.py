"""The source that a sitting listens to now; it may be changed for another, and time goes on without a step back."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from acquisition.beats import BeatSource, Item, Responsive, SourceInfo, Stimulus, Tick
from acquisition.errors import AttunementError

log = logging.getLogger("attunement.session")

BROKE_OFF = "the source broke off"


class Listener:
    """Takes items from one source after another. ``on_item`` gets each; ``on_end`` says that a source has ended by
    itself, with the reason or None; ``on_broken`` gets what nobody foresaw. All are called on the running loop."""

    def __init__(
        self,
        on_item: Callable[[Item], None],
        on_end: Callable[[str | None], None],
        on_broken: Callable[[BaseException], None],
    ) -> None:
        self._on_item, self._on_end, self._on_broken = on_item, on_end, on_broken
        self._source: BeatSource | None = None
        self._asked: Stimulus | None = None
        self._task: asyncio.Task[None] | None = None
        self._closing: set[asyncio.Task[None]] = set()
        self.offset_s = 0.0
        """What is added to the source's time so that it goes on from the source before."""
        self.now_s = 0.0
        """Time of the last item, on the clock that goes on."""

    @property
    def source(self) -> BeatSource | None:
        """The source that is open, or None."""
        return self._source

    @property
    def info(self) -> SourceInfo | None:
        """What the open source is, or None."""
        return self._source.info if self._source is not None else None

    def open(self, source: BeatSource) -> None:
        """Listen to this source from now on; the one before is let go."""
        self.let_go()
        self.offset_s = self.now_s
        self._source, self._asked = source, None
        self._task = asyncio.create_task(self._pump(source))
        self._task.add_done_callback(self._look_at)

    def respond(self, stimulus: Stimulus) -> None:
        """What the person is asked to do now: a simulated heart answers to it, a real one does so by itself."""
        source: object = self._source
        if stimulus != self._asked and isinstance(source, Responsive):
            self._asked = stimulus
            source.respond(stimulus)

    def let_go(self) -> None:
        """Close the source; its closing goes on in the background."""
        if self._source is not None:
            closing = asyncio.create_task(_close(self._source, self._task))
            self._closing.add(closing)
            closing.add_done_callback(self._closing.discard)
        self._source = self._task = None

    async def aclose(self) -> None:
        """Close the source and wait until every one is closed."""
        self.let_go()
        await asyncio.gather(*self._closing)

    def _look_at(self, done: asyncio.Task[None]) -> None:
        error = None if done.cancelled() else done.exception()
        if error is not None:
            self._on_broken(error)

    async def _pump(self, source: BeatSource) -> None:
        reason: str | None = None
        try:
            async for item in source:
                if source is not self._source:
                    return
                self.now_s = max(self.now_s, item.time_s + self.offset_s)
                self._on_item(item)
                if isinstance(item, Tick):
                    await asyncio.sleep(0)  # a source that never waits by itself must not starve the page
        except AttunementError as error:
            reason = str(error)
        except OSError as error:
            log.warning("a source broke off: %s", type(error).__name__)
            reason = BROKE_OFF
        if source is self._source:
            self._on_end(reason)


async def _close(source: BeatSource, task: asyncio.Task[None] | None) -> None:
    await source.aclose()
    if task is not None and task is not asyncio.current_task():
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
