"""Sessions run here: one thread with a loop of its own, so that no slow page delays a heartbeat's time stamp.

The web side starts, asks and stops by id; what a session has to say goes the other way, one call into the web
loop for each message. There is no other state between the two.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
import threading
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol, TypeVar, runtime_checkable

from acquisition.errors import AttunementError
from dashboard.apart import Apart
from dashboard.hub import Hub
from dashboard.source_setup import SourceSetup
from sessions.records import Asker
from sessions.service import Service

LOADED_LATER = ("dashboard.sittings", "dashboard.replay.replay_session", "dashboard.clinician.recording_page")
"""What the first page does not need, and the pages after it do: the live pipeline, sensors, scripts, charts."""
CLOSE_TIMEOUT_S = 20.0
"""How long a stopping server waits for its sessions to close whole; a full commit takes well under a second."""
RETURN_TIMEOUT_S = 1.0
"""How long something live that has been closed may take to return, before it is cancelled."""
ENDED_KEPT = 16
"""Ended sessions whose last page can still be asked for."""

_log = logging.getLogger(__name__)
T = TypeVar("T")
Publish = Callable[[Mapping[str, object]], None]


class Live(Protocol):
    """Something that runs on the engine's loop and talks to a page: a session, or a replay."""

    async def run(self) -> None:
        """From start to end; returns when it is over."""
        ...

    def act(self, action: str, data: Mapping[str, object]) -> object:
        """What a page asks for; ValueError when it makes no sense now."""
        ...

    def page_seen(self) -> None:
        """A page watches."""
        ...

    def page_gone(self) -> None:
        """The last page has gone."""
        ...

    async def aclose(self) -> None:
        """End it whole, keeping everything; may be called twice."""
        ...


@runtime_checkable
class TellsPagesApart(Protocol):
    """Something live that must know whether a page that comes is the one that went."""

    def page_is(self, page_id: str) -> None:
        """Told before ``page_seen``: the same id as before is the same page, whose socket only was lost for a while."""
        ...


class Engine:
    """Owns the thread, its loop and everything live; every method is called from the web loop.

    Whole recordings are read ``apart``, or in this process without it.
    """

    def __init__(self, hub: Hub, service: Service, setup: SourceSetup, apart: Apart | None = None) -> None:
        self.hub, self.setup, self.apart = hub, setup, apart
        self._service = service
        self._web: asyncio.AbstractEventLoop | None = None
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="sessions", daemon=True)
        self._live: dict[str, Live] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._ended: list[str] = []

    def start(self, web_loop: asyncio.AbstractEventLoop) -> None:
        """Begin; messages go to the hub on ``web_loop`` from now on."""
        self._web = web_loop
        self._thread.start()

    def warm(self) -> None:
        """Load what sittings, replays and reviews need, so that the first of each does not wait. Takes seconds."""
        for name in LOADED_LATER:
            import_module(name)
        if self.apart is not None:
            with contextlib.suppress(AttunementError):  # only the first review is slower; it says itself what it lacks
                self.apart.warm()

    def stop_reading(self) -> None:
        """Read no recording any more: a review that nobody will see must not hold up the end."""
        if self.apart is not None:
            self.apart.stop()

    def stop(self) -> None:
        """Close every session whole, then the loop and the thread. Blocks; may be called twice."""
        self.stop_reading()
        if self._thread.is_alive():
            closing = asyncio.run_coroutine_threadsafe(self._close_all(), self._loop)
            with contextlib.suppress(TimeoutError):
                closing.result(CLOSE_TIMEOUT_S)
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(CLOSE_TIMEOUT_S)
        if not self._loop.is_running() and not self._loop.is_closed():
            self._loop.close()

    async def open(self, topic: str, make: Callable[[Publish], Live | Awaitable[Live]]) -> None:
        """Make something live on the engine's loop and let it run; ``make`` gets its way to publish."""
        await self.call(self._open(topic, make))

    async def start_session(
        self,
        exercise: str,
        *,
        asker: Asker,
        simulate: bool = False,
        client: str | None = None,
        own_scripts: Path | None = None,
    ) -> str:
        """Begin a sitting and return its id, for ``/session/ID``.

        Its source is what the program was started with, or a simulated heart when ``simulate`` is asked for. The
        sitting belongs to the person who does it, whoever pressed the button: only they choose who may see it.
        Raises BadInput for an unknown exercise.
        """
        session_id = secrets.token_hex(8)

        def prepare() -> Callable[[Publish], Live]:
            from dashboard.sittings import sitting_maker  # SciPy, bleak and all of a sitting: not before it is needed
            from sessions.exercise import load

            return sitting_maker(
                session_id,
                load(exercise, own_scripts),
                setup=SourceSetup("simulate") if simulate and not self.setup.simulated else self.setup,
                service=self._service,
                asker=asker if asker.role == "client" else Asker("client", client),
                client=client,
                apart=self.apart,
            )

        make = await asyncio.to_thread(prepare)
        await self.open(f"session/{session_id}", make)
        return session_id

    def view(self, session_id: str) -> Mapping[str, object] | None:
        """The newest view of a session (``SessionView`` as a dict), or None when there is no such session."""
        message = self.hub.latest(f"session/{session_id}", "view")
        view = None if message is None else message["view"]
        return view if isinstance(view, Mapping) else None

    async def call(self, work: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine on the engine's loop and wait for it here."""
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, self._loop))

    def running(self, topic: str) -> bool:
        """Whether something lives under this topic now."""
        return topic in self._live

    @property
    def topics(self) -> tuple[str, ...]:
        """Everything that runs."""
        return tuple(self._live)

    async def act(self, topic: str, action: str, data: Mapping[str, object]) -> None:
        """Hand a page's wish on; KeyError when nothing lives there, ValueError when it makes no sense now."""
        await self.call(self._act(topic, action, data))

    def page_seen(self, topic: str, page_id: str) -> None:
        """Tell a session that a page watches, and which."""
        live = self._live.get(topic)
        telling: object = live
        if isinstance(telling, TellsPagesApart):
            self._soon(telling.page_is, page_id)
        if live is not None:
            self._soon(live.page_seen)

    def page_gone(self, topic: str) -> None:
        """Tell a session that nobody watches any more."""
        live = self._live.get(topic)
        if live is not None:
            self._soon(live.page_gone)

    def _soon(self, what: Callable[..., object], *values: object) -> None:
        if self._loop.is_running():
            self._loop.call_soon_threadsafe(what, *values)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()

    async def _open(self, topic: str, make: Callable[[Publish], Live | Awaitable[Live]]) -> None:
        made = make(lambda message: self._publish(topic, message))
        live = await made if isinstance(made, Awaitable) else made
        self._live[topic] = live
        self._tasks[topic] = asyncio.get_running_loop().create_task(self._live_out(topic, live))

    async def _live_out(self, topic: str, live: Live) -> None:
        try:
            await live.run()
        except Exception:  # noqa: BLE001  # whatever it was, the other sessions and the pages go on
            _log.exception("a session broke off")
            self._publish(topic, {"k": "broken"})
        finally:
            with contextlib.suppress(Exception):
                await live.aclose()
            self._live.pop(topic, None)
            self._tasks.pop(topic, None)
            self._on_web(self._retire, topic)

    async def _act(self, topic: str, action: str, data: Mapping[str, object]) -> None:
        outcome = self._live[topic].act(action, data)
        if isinstance(outcome, Awaitable):
            await outcome

    async def _close_all(self) -> None:
        await asyncio.gather(*(live.aclose() for live in self._live.values()), return_exceptions=True)
        tasks = tuple(self._tasks.values())
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=RETURN_TIMEOUT_S)
            for task in late:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def _publish(self, topic: str, message: Mapping[str, object]) -> None:
        self._on_web(self.hub.publish, topic, message)

    def _on_web(self, what: Callable[..., object], *values: object) -> None:
        if self._web is not None and not self._web.is_closed():
            with contextlib.suppress(RuntimeError):  # the web loop may close between the question and the call
                self._web.call_soon_threadsafe(what, *values)

    def _retire(self, topic: str) -> None:
        self._ended.append(topic)
        while len(self._ended) > ENDED_KEPT:
            self.hub.forget(self._ended.pop(0))
