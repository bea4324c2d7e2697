"""A strap that the person's own browser holds: asked for on Connect, and nothing else is taken in its place."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest

from acquisition.beats import BeatSource
from acquisition.silence import SilentSource
from dashboard.sittings import source_of
from dashboard.source_setup import SourceSetup
from sessions.exercise import load
from sessions.remembered_strap import remembered
from sessions.service import Service
from sessions.session import Session, SourceChoice
from tests.sessions.sitting import CLIENT, SCRIPT, anchor

AGREED = {"health": "no", "scopes": ["record"]}


@dataclass(frozen=True)
class Found:
    address: str
    name: str | None


@dataclass
class Way:
    """A session on Connect, whose scan ends when the test says so."""

    session: Session
    choices: list[SourceChoice] = field(default_factory=list)
    found: asyncio.Event = field(default_factory=asyncio.Event)


@asynccontextmanager
async def on_connect(service: Service, *, simulated: bool = False) -> AsyncIterator[Way]:
    way: Way

    def source(choice: SourceChoice) -> BeatSource:
        way.choices.append(choice)
        return source_of(SourceSetup("sensor"), choice) if choice.by_page else SilentSource()

    async def scan(_seconds: float) -> Sequence[Found]:
        await way.found.wait()
        return [Found("A1", "Strap 1")]

    way = Way(
        Session(
            "s1", load(SCRIPT), service=service, asker=CLIENT, source_factory=source, publish=lambda _: None,
            scan=scan, anchor=anchor, clock=lambda: 0, simulated=simulated,
        )
    )  # fmt: skip
    run = asyncio.create_task(way.session.run())
    await asyncio.sleep(0)
    way.session.act("consent", AGREED)
    await asyncio.sleep(0)
    yield way
    await way.session.aclose()
    await run


async def test_the_page_names_its_strap_and_the_search_for_others_ends(service: Service) -> None:
    """A strap that the search would have found meanwhile takes nobody's place, and nothing is remembered."""
    async with on_connect(service) as way:
        way.session.act("use_station", {"name": "Strap 4711"})
        way.found.set()
        for _ in range(5):
            await asyncio.sleep(0)
        assert way.choices == [SourceChoice(name="Strap 4711", by_page=True)]
        assert way.session.view().sensor.name == "Strap 4711"
        assert way.session.view().straps == ()
    assert remembered(service, CLIENT) is None


@pytest.mark.parametrize("name", [7, ["Strap"], "x" * 300])
async def test_a_name_that_is_none_is_refused_and_changes_nothing(service: Service, name: object) -> None:
    """The page is told, and the search goes on."""
    async with on_connect(service) as way:
        with pytest.raises(ValueError, match="name"):
            way.session.act("use_station", {"name": name})
        way.found.set()
        for _ in range(5):
            await asyncio.sleep(0)
        assert way.choices == [SourceChoice("A1", "Strap 1")]


async def test_a_simulated_sitting_has_no_strap_of_its_own(service: Service) -> None:
    """Nobody wears one."""
    async with on_connect(service, simulated=True) as way:
        way.session.act("use_station", {"name": "Strap 4711"})
        assert not any(choice.by_page for choice in way.choices)


def test_each_sitting_has_a_station_of_its_own() -> None:
    """The source of one hears nothing of another's page."""
    setup = SourceSetup("sensor")
    source = source_of(setup, SourceChoice(name="Strap 4711", by_page=True), session_id="a")
    assert (source.info.kind, source.info.name) == ("browser", "Strap 4711")
    assert setup.station_of("a") is not setup.station_of("b")
