"""The engine: sessions live on a thread of their own, and neither a slow page nor a broken session harms another."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import AsyncIterator, Callable, Mapping
from typing import cast

import pytest

from dashboard.engine import ENDED_KEPT, Engine
from dashboard.hub import Hub
from dashboard.source_setup import SourceSetup
from sessions.service import Service

PATIENCE_S = 10.0
MANY = 5
"""Ticks of 20 ms within a second that even a crowded machine has time for."""


class Guest:
    """Something live that does what it is told and remembers on which thread."""

    def __init__(self, publish: Callable[[Mapping[str, object]], None]) -> None:
        self.publish = publish
        self.threads: set[str] = set()
        self.heard: list[str] = []
        self.closed = 0
        self._over = asyncio.Event()
        publish({"k": "view", "view": {"screen": "plan"}})

    async def run(self) -> None:
        self.threads.add(threading.current_thread().name)
        await self._over.wait()
        if "break" in self.heard:
            raise RuntimeError("a part fell off")

    async def act(self, action: str, data: Mapping[str, object]) -> None:
        self.threads.add(threading.current_thread().name)
        self.heard.append(action)
        if action == "nonsense":
            raise ValueError(action)
        self.publish({"k": "echo", "action": action, **data})
        if action in ("end", "break"):
            self._over.set()

    def page_seen(self) -> None:
        self.heard.append("seen")

    def page_gone(self) -> None:
        self.heard.append("gone")

    async def aclose(self) -> None:
        self.closed += 1
        self._over.set()


@pytest.fixture
async def engine() -> AsyncIterator[Engine]:
    made = Engine(Hub(), cast(Service, None), SourceSetup())
    made.start(asyncio.get_running_loop())
    yield made
    await asyncio.to_thread(made.stop)


async def opened(engine: Engine, topic: str) -> Guest:
    """A guest that lives under ``topic``."""
    made: list[Guest] = []

    def make(publish: Callable[[Mapping[str, object]], None]) -> Guest:
        made.append(Guest(publish))
        return made[0]

    await engine.open(topic, make)
    return made[0]


async def until(reached: Callable[[], bool]) -> None:
    """Wait for something that another thread brings about."""
    async with asyncio.timeout(PATIENCE_S):
        while not reached():
            await asyncio.sleep(0.005)


async def test_a_session_lives_on_the_engines_thread_and_answers_on_the_web_loop(engine: Engine) -> None:
    """What it publishes comes out of the hub in order; nothing of it runs on the web's thread."""
    page = engine.hub.subscribe("session/a")
    guest = await opened(engine, "session/a")
    await engine.act("session/a", "pause", {"x": 1})
    first, second = json.loads(await page.next()), json.loads(await page.next())
    assert (first["k"], second) == ("view", {"k": "echo", "action": "pause", "x": 1, "n": 2})
    assert guest.threads == {"sessions"}
    assert engine.view("a") == {"screen": "plan"}


async def test_sessions_know_nothing_of_each_other(engine: Engine) -> None:
    """Two sessions at once, each under its own id; ending one leaves the other."""
    one, two = await opened(engine, "session/1"), await opened(engine, "session/2")
    await engine.act("session/1", "end", {})
    await until(lambda: not engine.running("session/1"))
    await engine.act("session/2", "pause", {})
    assert (one.heard, two.heard) == (["end"], ["pause"])
    assert engine.topics == ("session/2",)


async def test_a_session_that_breaks_says_so_and_is_closed_whole(engine: Engine) -> None:
    """Its page hears of it, its recording is closed, the engine goes on."""
    page = engine.hub.subscribe("session/a")
    guest = await opened(engine, "session/a")
    await engine.act("session/a", "break", {})
    await until(lambda: not engine.running("session/a"))
    kinds = [json.loads(await page.next())["k"] for _ in range(3)]
    assert kinds == ["view", "echo", "broken"]
    assert guest.closed == 1
    await opened(engine, "session/b")


async def test_what_makes_no_sense_is_told_to_whoever_asked(engine: Engine) -> None:
    """A wish that does not fit raises where it was asked; a session that is not there too."""
    await opened(engine, "session/a")
    with pytest.raises(ValueError, match="nonsense"):
        await engine.act("session/a", "nonsense", {})
    with pytest.raises(KeyError):
        await engine.act("session/z", "pause", {})


async def test_a_page_that_comes_and_goes_is_told_to_its_session(engine: Engine) -> None:
    """Seen and gone arrive in order; for a session that has ended they are nothing."""
    guest = await opened(engine, "session/a")
    engine.page_seen("session/a", "first")
    engine.page_gone("session/a")
    engine.page_seen("session/z", "first")
    await until(lambda: len(guest.heard) == 2)
    assert guest.heard == ["seen", "gone"]


async def test_stopping_closes_every_session_and_may_be_asked_twice() -> None:
    """No session is left running, and none is closed on the web's thread."""
    engine = Engine(Hub(), cast(Service, None), SourceSetup())
    engine.start(asyncio.get_running_loop())
    guests = [await opened(engine, f"session/{i}") for i in range(3)]
    await asyncio.to_thread(engine.stop)
    await asyncio.to_thread(engine.stop)
    assert all(guest.closed >= 1 for guest in guests)
    assert engine.topics == ()


async def test_a_session_that_does_not_return_is_not_waited_for() -> None:
    """It was closed whole; that it goes on nevertheless holds up nobody."""

    class Deaf(Guest):
        async def run(self) -> None:
            await asyncio.Event().wait()

    engine = Engine(Hub(), cast(Service, None), SourceSetup())
    engine.start(asyncio.get_running_loop())
    await engine.open("session/deaf", Deaf)
    began = time.monotonic()
    await asyncio.to_thread(engine.stop)
    assert time.monotonic() - began < PATIENCE_S / 2
    assert engine.topics == ()


async def test_ended_sessions_are_remembered_only_for_a_while(engine: Engine) -> None:
    """The last pages can still be asked for; memory does not grow with every session."""
    for number in range(ENDED_KEPT + 3):
        await opened(engine, f"session/{number}")
        await engine.act(f"session/{number}", "end", {})
        await until(lambda number=number: not engine.running(f"session/{number}"))  # type: ignore[misc]  # a bound value
    await until(lambda: engine.view("2") is None)
    assert engine.view("3") is not None


async def test_a_web_loop_that_stands_still_does_not_delay_a_session(engine: Engine) -> None:
    """While the web's loop is blocked for a while, the session's own clock keeps ticking on time."""
    ticks: list[float] = []

    class Ticking(Guest):
        async def run(self) -> None:
            while not self.closed:
                ticks.append(time.monotonic())
                await asyncio.sleep(0.02)

    await engine.open("session/t", Ticking)
    before = len(ticks)
    time.sleep(1.0)  # the blocked loop is what is tried here
    meanwhile = len(ticks)
    assert meanwhile - before >= MANY
